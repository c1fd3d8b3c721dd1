"""The house rules: what holds everywhere in the project, each with what to do instead."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

from tests.house import (
    CJK,
    CORE,
    EVERYTHING,
    HAN,
    PRODUCT,
    ROOT,
    Function,
    at,
    called,
    check,
    committed,
    docstrings,
    files,
    length,
    literal,
    names,
    nodes,
    source,
    tree,
    walked,
)

CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "localtime", "gmtime"},
    "func": {"now", "current_timestamp", "current_date", "localtimestamp", "clock_timestamp"},
    "uuid": {"uuid1", "uuid7"},
}
SQL_CLOCKS = re.compile(r"\bCURRENT_(?:TIMESTAMP|DATE|TIME)\b|\bnow\(\)|\bdatetime\('now'", re.IGNORECASE)

# A migration is one list of tables in the order in which they are made; cutting it up would not make it clearer.
LISTS = "models/migrations/versions/"


# --- the three folders ------------------------------------------------------------------------------------------------


def test_it_waits_only_in_bot() -> None:
    waiting = (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await)
    offences = [at(path, node) for path, node in nodes(CORE) if isinstance(node, waiting)]
    check(offences, "Nothing below bot/ is async: write plain functions, and let a door run them in a worker thread.")


def test_it_commits_in_one_file() -> None:
    home = Path("models/db.py")
    offences = [at(path, node) for path, node in nodes(PRODUCT) if path != home and called(node) == "commit"]
    check(offences, "Only models/db.py commits: do the work inside one of its units, and return to end it.")


def test_it_takes_time_as_an_argument() -> None:
    offences = []
    for path in files(CORE):
        module = walked(path)
        modules = {
            alias.asname or alias.name.rpartition(".")[2]: alias.name.rpartition(".")[2]
            for node in module
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        clocks = set().union(*CLOCKS.values())
        about = docstrings(module)
        for node in module:
            if node not in about and SQL_CLOCKS.search(literal(node) or ""):
                offences.append(at(path, node))
            if isinstance(node, ast.ImportFrom) and node.module == "time":
                offences += [at(path, node) for alias in node.names if alias.name in clocks]
            if isinstance(node, ast.Attribute):
                owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
                if node.attr in CLOCKS.get(modules.get(owner, owner), ()):
                    offences.append(f"{at(path, node)} {owner}.{node.attr}")
    check(offences, "The core reads no clock: take `now` (aware, UTC) as an argument; it comes from bot/.")


def test_it_changes_a_tickets_status_in_one_file() -> None:
    offences = []
    for path, node in nodes(PRODUCT):
        if path == Path("models/ticket.py"):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        changed = [target for target in targets if isinstance(target, ast.Attribute) and target.attr == "status"]
        offences += [at(path, node) for target in changed if _is_ticket(target.value)]
        if not isinstance(node, ast.Call):
            continue
        given = {keyword.arg for keyword in node.keywords}
        if (
            called(node) == "values"
            and "status" in given
            and _is_ticket(node.func)
            and "insert" not in names(node.func)
        ):
            offences.append(at(path, node))
        if (
            called(node) == "setattr"
            and len(node.args) > 1
            and literal(node.args[1]) == "status"
            and _is_ticket(node.args[0])
        ):
            offences.append(at(path, node))
    check(offences, "A ticket's status changes through models/ticket.py, which knows the transitions and who may race.")


def _is_ticket(node: ast.AST) -> bool:
    return any(name in {"ticket", "tickets"} or name.endswith("_ticket") for name in names(node))


# --- words for people -------------------------------------------------------------------------------------------------


def test_it_keeps_chinese_out_of_the_code() -> None:
    allowed = ("handlers/understand", "handlers/crisis", "handlers/texts/")
    offences = []
    for path in files(PRODUCT):
        if path.as_posix().startswith(allowed):
            continue
        module = walked(path)
        about = docstrings(module)
        for node in module:
            value = literal(node)
            if value and node not in about and HAN.search(value):
                offences.append(f"{at(path, node)} {value[:30]!r}")
    check(offences, "Sentences live in handlers/texts/zh.toml and en.toml: add a key to both and call text(lang, key).")


TEMPLATE_RULES = {
    "Chinese text": CJK,
    "a script of its own": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "a style of its own": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile("javascript:", re.IGNORECASE),
    "a foreign address": re.compile(r"""(?:src|href)\s*=\s*["'](?:https?:)?//""", re.IGNORECASE),
}


@pytest.mark.parametrize("fault", TEMPLATE_RULES)
def test_it_keeps_templates_plain(fault: str) -> None:
    offences = []
    for path in files(["bot"], "*.html"):
        # Comments are for us; they are blanked out line by line, so that line numbers stay right.
        page = re.sub(r"\{#.*?#\}", lambda found: "\n" * found.group().count("\n"), source(path), flags=re.DOTALL)
        offences += [at(path, page.count("\n", 0, m.start()) + 1) for m in TEMPLATE_RULES[fault].finditer(page)]
    instead = "t('table.key') for words, a class in the stylesheet for looks, a listener in the script for deeds"
    check(offences, f"A template holds {fault}. The page's security policy forbids what is inline; use {instead}.")


# --- size and shape ---------------------------------------------------------------------------------------------------


def test_it_says_what_every_module_is() -> None:
    offences = [str(path) for path in files(EVERYTHING) if not ast.get_docstring(tree(path))]
    check(offences, "Begin the module with a docstring: one plain sentence that says what it is.")


def test_it_keeps_files_short() -> None:
    sizes = {path: source(path).count("\n") for path in files(EVERYTHING) if LISTS not in path.as_posix()}
    offences = [
        f"{path} has {size} lines"
        for path, size in sizes.items()
        if size > (450 if str(path).startswith("tests") else 300)
    ]
    check(
        offences,
        "A file has at most 300 lines (a table of cases under tests/ may have 450): split it by subject (who acts, what about), never by layer.",
    )


def test_it_keeps_functions_short() -> None:
    long = [(p, n, length(n)) for p, n in nodes(EVERYTHING) if isinstance(n, Function) and length(n) > 50]
    offences = [f"{at(p, node)} {node.name} has {size} lines" for p, node, size in long if LISTS not in p.as_posix()]
    check(offences, "A function has at most 50 lines: give the step that has a name of its own a function of its own.")


@pytest.mark.parametrize(("pattern", "limit"), [("*.js", 12_288), ("*.css", 12_288)])
def test_it_keeps_pages_light(pattern: str, limit: int) -> None:
    sizes = {path: (ROOT / path).stat().st_size for path in files(["bot"], pattern)}
    offences = [f"{path} has {size} bytes" for path, size in sizes.items() if size > limit]
    check(
        offences, f"At most {limit} bytes: a page must open in about a second on a weak network; do it on the server."
    )


def test_it_says_which_type_error_it_ignores() -> None:
    unnamed = re.compile(r"type:\s*ignore(?!\[)")
    offences = []
    for path in files(EVERYTHING):
        if not unnamed.search(source(path)):
            continue  # What no line says, no comment does; taking a file apart takes a hundred times as long.
        tokens = tokenize.generate_tokens(io.StringIO(source(path)).readline)
        comments = [token for token in tokens if token.type == tokenize.COMMENT]
        offences += [at(path, token.start[0]) for token in comments if unnamed.search(token.string)]
    check(offences, "Name the error, as mypy prints it in brackets, and say why; better: mend the types.")


def test_it_prints_only_where_a_person_reads() -> None:
    def may(path: Path) -> bool:
        return path == Path("bot/__main__.py") or path.parts[0] == "bench"

    offences = [at(path, node) for path, node in nodes(EVERYTHING) if called(node) == "print" and not may(path)]
    check(offences, "Log a constant event name with structlog, ids as fields; only bot/__main__.py and bench/ print.")


# --- the repository ---------------------------------------------------------------------------------------------------

# Written in pieces, because this file is looked through as well.
ELSEWHERE = {
    "a package registry's host": re.compile(
        r"\b(?:" + "|".join(["pypi", "python" + "hosted", "npm" + "js", "debian", "ubuntu"]) + r")\.(?:org|com|net)\b",
    ),
    "an index address": re.compile("--(?:extra-)?index" + "-url|--find" + "-links|--trusted" + "-host"),
    "a path of one machine": re.compile(r"(?<![\w.])/(?:work|root|tmp|home|opt)/(?=\w)"),
}


@pytest.mark.parametrize("what", ELSEWHERE)
def test_it_names_no_machine_and_no_registry(what: str) -> None:
    offences = []
    for path in committed():
        for number, line in enumerate(source(path).splitlines(), start=1):
            if ELSEWHERE[what].search(line):
                offences.append(at(path, number))
    check(offences, f"A committed file names {what}: the project must work the same on any machine; leave it out.")


def test_it_pins_every_requirement() -> None:
    offences = []
    for path in (Path("requirements.txt"), Path("requirements-dev.txt")):
        for number, line in enumerate(source(path).splitlines(), start=1):
            wanted = line.partition(";")[0].strip()
            if (
                wanted
                and not wanted.startswith("#")
                and not re.fullmatch(r"-r requirements\.txt|[\w.\[\]-]+==[\w.]+", wanted)
            ):
                offences.append(f"{at(path, number)} {wanted}")
    check(offences, "Pin each package to one version with ==, so that two installations are the same.")


def test_it_asserts_in_every_test() -> None:
    offences = []
    for path, node in nodes(["tests"]):
        if isinstance(node, Function) and node.name.startswith("test_"):
            inside = list(ast.walk(node))
            proofs = {called(inner) for inner in inside}
            spoken = any(re.match(r"assert|check|expect|raises|prove|verify", name) for name in proofs)
            if not spoken and not any(isinstance(inner, ast.Assert) for inner in inside):
                offences.append(f"{at(path, node)} {node.name}")
            if not node.name.startswith("test_it_"):
                offences.append(f"{at(path, node)} {node.name} is not named test_it_…")
    check(offences, "A test is named test_it_<does something> and asserts it; one that only runs code proves nothing.")
