"""The sentences: the same keys and placeholders in every language, none missing, none idle."""

from __future__ import annotations

import ast
import re
import string

from handlers.texts import HAN, LANGUAGES, sentences, text
from tests.house import CJK, PRODUCT, at, called, check, files, literal, nodes, source

SPEAKERS = {"text": 1, "t": 0, "say": 0, "Refused": 0}  # What takes a key, and at which place among its arguments.
IN_TEMPLATE = re.compile(r"""\bt\(\s*(["'])([a-z0-9_]+\.[a-z0-9_]+)\1\s*[,)]""")
BEGUN_IN_TEMPLATE = re.compile(r"""["']([a-z0-9_]+\.[a-z0-9_]*)["']\s*[~+]""")

# Keys that code puts together in a way that _made() does not see, as regular expressions, each with where that happens.
MADE_ELSEWHERE: tuple[str, ...] = (r"error\.(bug|closing|away)_what",)
OWN_NAMES = frozenset({"home.other_language"})  # A language is offered under its own name.
PARTED = re.compile(f"(?<=[{HAN}]) (?=[{HAN}])")  # a space that Chinese has none of
# Lists of words apart by spaces, and the form of a line of a file or an address.
LISTS = re.compile(r".*\.weekdays|priority\.words_.*|check\.(kind_table|yaml|address_form)_remedy")


def test_it_has_the_same_keys_in_every_language() -> None:
    keys = {lang: set(sentences(lang)) for lang in LANGUAGES}
    everywhere = set().union(*keys.values())
    offences = [f"{lang}.toml lacks {key}" for lang in LANGUAGES for key in sorted(everywhere - keys[lang])]
    check(offences, "Write every sentence in every language.")


def test_it_has_the_same_placeholders_in_every_language() -> None:
    offences = []
    for key in sorted(set.intersection(*(set(sentences(lang)) for lang in LANGUAGES))):
        used = {lang: _placeholders(sentences(lang)[key]) for lang in LANGUAGES}
        if len(set(used.values())) > 1:
            offences.append(f"{key}: { ({lang: sorted(found) for lang, found in used.items()}) }")
    check(offences, "The languages of a sentence are given the same values: use the same {placeholders} in each.")


def test_it_says_nothing_empty_and_nothing_chinese_in_english() -> None:
    offences = [f"{lang}: {key}" for lang in LANGUAGES for key, said in sentences(lang).items() if not said.strip()]
    offences += [
        f"en: {key}"
        for key, said in sentences("en").items()
        if key not in OWN_NAMES and CJK.search(re.sub("「[^」]*」|驿站", "", said))
    ]
    check(offences, "Translate it; what the student must type in Chinese stands in 「」.")


class _Said(str):
    """A value that is an instant where a sentence asks for the form of one."""

    __slots__ = ()

    def __format__(self, form: str) -> str:
        return "2026-09-01 08:00" if form else str(self)


def test_it_writes_no_space_between_two_chinese_characters() -> None:
    offences = []
    for key, said in sentences("zh").items():
        # What is to be typed stands in 「」 with its spaces, and two values may stand apart by one.
        bare = re.sub("「[^」]*」", "「」", said) if not LISTS.fullmatch(key) else ""
        offences += [f"{key}: {said}" for _ in PARTED.finditer(re.sub(r"\{\w+[^}]*\}", "1", bare))]
        for value in ("今天", "9月1日（周二）", "14:00", "李雷"):
            shown = text("zh", key, **dict.fromkeys(_placeholders(said), _Said(value))) if "{" in said else ""
            lone = re.sub(r"\{\w+[^}]*\}", "1", re.sub(r"\} (?=\{)", "}1", said))
            apart = len(re.findall(r"\} (?=\{)", said))
            if len(PARTED.findall(shown)) - apart > len(PARTED.findall(lone)):
                offences.append(f"{key} with {value}: {shown}")
    check(offences, "A space parts Chinese from digits and letters, never from Chinese.")


def test_it_knows_every_key_that_code_asks_for() -> None:
    asked = [(at(path, node), key) for path, node in nodes(PRODUCT) if (key := _asked(node)) is not None]
    for path in files(["bot"], "*.html"):
        page = source(path)
        asked += [(at(path, page.count("\n", 0, m.start()) + 1), m[2]) for m in IN_TEMPLATE.finditer(page)]
    offences = [f"{place} {key}" for place, key in asked if key not in sentences("zh")]
    offences += [
        f"{place} {made}" for place, made in _made() if not any(map(re.compile(made).fullmatch, sentences("zh")))
    ]
    check(offences, "Add the key to handlers/texts/zh.toml and en.toml, or mend its spelling.")


def test_it_keeps_no_sentence_that_nobody_says() -> None:
    said = {value for _, node in nodes(PRODUCT) if (value := literal(node)) is not None}
    for path in files(["bot"], "*.html"):
        said |= set(re.findall(r"""["']([a-z0-9_]+\.[a-z0-9_]+)["']""", source(path)))
    made = re.compile("|".join([*MADE_ELSEWHERE, *(pattern for _, pattern in _made())]) or "(?!)")
    idle = [key for key in sentences("zh") if key not in said and not made.fullmatch(key)]
    check(
        idle,
        "Nobody says these: remove them from both files, or, if code puts such a key together, say so in MADE_ELSEWHERE.",
    )


def _made() -> list[tuple[str, str]]:
    """Where code puts keys together, f"status.{ticket.status}" or 'status.' ~ status, and the pattern of those keys."""
    tables = {key.partition(".")[0] for key in sentences("zh")}
    found = []
    for path, node in nodes(PRODUCT):
        if isinstance(node, ast.JoinedStr):
            parts = [re.escape(literal(part) or "") or "[a-z0-9_]+" for part in node.values]
            begun = literal(node.values[0]) or ""
            # "event.sealed:…" is a place of the seal, table.column:row, and no key.
            if begun.partition(".")[0] in tables and "." in begun and ":" not in begun:
                found.append((at(path, node), "".join(parts)))
    for path in files(["bot"], "*.html"):
        page = source(path)
        marks = BEGUN_IN_TEMPLATE.finditer(page)
        found += [(at(path, page.count("\n", 0, m.start()) + 1), re.escape(m[1]) + "[a-z0-9_]+") for m in marks]
    return found


def _placeholders(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None)


def _asked(node: ast.AST) -> str | None:
    """The key that a call asks for, when it is written out."""
    place = SPEAKERS.get(called(node))
    if place is None or not isinstance(node, ast.Call) or len(node.args) <= place:
        return None
    key = literal(node.args[place])
    return key if key is not None and re.fullmatch(r"[a-z0-9_]+\.[a-z0-9_.]+", key) else None
