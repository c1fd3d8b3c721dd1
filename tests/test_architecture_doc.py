"""docs/architecture.md is true: every module of the three folders has its line there, and every line its module."""

from __future__ import annotations

import re
from fnmatch import fnmatch

import pytest

from tests.house import ROOT

DOC = "docs/architecture.md"
NAMED = re.compile(r"`([a-z_*]+\.py)`")


@pytest.mark.parametrize("folder", ["models", "handlers", "bot"])
def test_it_has_a_line_for_each_module(folder: str) -> None:
    named = set(NAMED.findall((ROOT / DOC).read_text("utf-8")))
    modules = sorted(path.name for path in (ROOT / folder).glob("*.py") if path.name != "__init__.py")
    lacking = [name for name in modules if not any(fnmatch(name, each) for each in named)]
    assert lacking == [], f"Give each a line in {DOC} that says what it is."


def test_it_names_no_module_that_is_gone() -> None:
    there = {path.name for folder in ("models", "handlers", "bot") for path in (ROOT / folder).rglob("*.py")}
    gone = [each for each in NAMED.findall((ROOT / DOC).read_text("utf-8")) if "*" not in each and each not in there]
    assert gone == [], f"Take these out of {DOC}."
