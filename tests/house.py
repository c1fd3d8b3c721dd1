"""How the house rules read the project: its files, their syntax trees, and what stands in them."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CORE = ("handlers", "models")
PRODUCT = ("bot", *CORE)
EVERYTHING = (*PRODUCT, "bench", "tests")

CJK = re.compile("[\u2e80-\u2fdf\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")  # Characters of words; a set of punctuation marks has none.
Function = ast.FunctionDef | ast.AsyncFunctionDef


def check(offences: list[str], instead: str) -> None:
    """Fail with every place at once, and with what to do there."""
    if offences:
        pytest.fail("\n".join([instead, *(f"  {offence}" for offence in offences)]), pytrace=False)


def files(folders: Iterable[str], pattern: str = "*.py") -> list[Path]:
    """Files of these top-level folders, by pattern, as paths relative to the project."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob(pattern)))
    return [path.relative_to(ROOT) for path in found if path.is_file() and "__pycache__" not in path.parts]


@cache
def source(path: Path) -> str:
    """A file's text."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(source(path), filename=str(path))


@cache
def walked(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a module; to find them takes longer than to parse it, and a dozen rules look at each."""
    return tuple(ast.walk(tree(path)))


def nodes(folders: Iterable[str]) -> Iterator[tuple[Path, ast.AST]]:
    """Every node of every module in these folders, with its file."""
    for path in files(folders):
        for node in walked(path):
            yield path, node


def at(path: Path, node: ast.AST | int) -> str:
    """Where something stands, as file:line."""
    line = node if isinstance(node, int) else getattr(node, "lineno", 1)
    return f"{path}:{line}"


def called(node: ast.AST) -> str:
    """The last name of what a call calls: `commit` for `session.commit()`, "" for what is no call."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def names(node: ast.AST) -> set[str]:
    """Every name and attribute in an expression, in small letters."""
    found = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return {name.lower() for name in found | {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}}


def literal(node: ast.AST | None) -> str | None:
    """A string constant's value, else None."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def docstrings(module: Iterable[ast.AST]) -> set[ast.AST]:
    """Of the nodes of a module those of all its docstrings; a bare string after a field describes it and counts as one."""
    return {node.value for node in module if isinstance(node, ast.Expr) and literal(node.value) is not None}


def length(function: Function) -> int:
    """Lines of a function without its decorators and its docstring."""
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and literal(first.value) is not None
    about = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - about


@cache
def committed() -> list[Path]:
    """Text files that git holds; without git, all files of the folders that it would hold."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        paths = [Path(name) for name in listed.stdout.split("\0") if name]
    else:
        paths = [
            *files((*EVERYTHING, "docs"), "*"),
            *(path.relative_to(ROOT) for path in ROOT.glob("*.*") if path.is_file()),
        ]
    binary = {".png", ".jpg", ".webp", ".ico", ".woff2", ".pdf", ".xlsx", ".db"}
    return [path for path in paths if path.suffix not in binary and (ROOT / path).is_file()]
