"""What check says of rules, and the command that tells which of them would act on a ticket."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import items
from handlers.texts import text
from models.rules import Rule
from tests.bot.operating import bot
from tests.bot.test_items import GOOD, school
from tests.bot.test_main import school as running

RULE = """
[[when]]
name = "看看"
on = "{on}"
{more}
[when.then]
{then}
"""
WRONG = [
    ("opened", 'after = "2h"', 'tag = ["急"]', "after"),
    ("overdue", "", 'tag = ["急"]', "after"),
    ("opened", "stars = 2", 'tag = ["急"]', "stars"),
    ("rated", 'target = "next"', 'tag = ["急"]', "target"),
    ("overdue", 'after = "1h"\ntarget = "resolve"', 'tag = ["急"]', "resolve"),
    ("overdue", 'after = "soon"', 'tag = ["急"]', "soon"),
    ("opened", "", 'words = "好"', "tag、untag"),
    ("opened", "", 'tag = ["急"]\nuntag = ["急"]', "标签"),
    ("opened", "", 'end = "close"', "补充"),
    ("waiting", 'after = "7d"', 'end = "close"', "补充"),
    ("resolved", "", 'give = { who = "lead" }', "办结"),
    ("opened", "", 'give = { who = "lead", role = "head" }', "office"),
    ("opened", 'if = { answers = { field = "colour", one_of = ["red"] } }', 'tag = ["急"]', "colour"),
    ("opened", "", 'give = { who = "assignee" }', "tell"),
    ("opened", 'items = ["leave"]', 'tag = ["急"]', "services.when"),
    ("sometimes", "", 'tag = ["急"]', "opened"),
    ("opened", 'whenever = "x"', 'tag = ["急"]', "whenever"),
]


@pytest.mark.parametrize(("on", "more", "then", "named"), WRONG)
def test_it_names_every_mistake_of_a_rule(tmp_path: Path, on: str, more: str, then: str, named: str) -> None:
    words = GOOD + RULE.format(on=on, more=more, then=then)
    found = [each for each in items.mistakes(school(tmp_path, "hall.toml", words), "zh", rostered=False) if each.fatal]
    assert len(found) == 1, found
    assert found[0].where.startswith("when")
    assert named in found[0].where + found[0].what + found[0].remedy
    assert found[0].line is not None
    assert not re.search("[a-z]+_[a-z]+ ", found[0].what)


def test_it_names_a_role_that_nobody_has_and_a_second_rule_of_one_name(tmp_path: Path) -> None:
    words = GOOD + 2 * RULE.format(on="opened", more="", then='tell = [{ role = "counsellor" }]')
    found = list(items.mistakes(school(tmp_path, "hall.toml", words), "zh", rostered=False))
    assert {("叫「看看」" in each.what, "counselor" in each.remedy) for each in found} == {(True, False), (False, True)}


def test_it_reads_rules_of_the_whole_school_and_says_which_hold_nowhere(tmp_path: Path) -> None:
    settings = school(tmp_path, "hall.toml", GOOD)
    rows = [
        {"name": "低分", "on": "rated", "stars": 2, "then": {"tag": ["低分"]}},
        {"name": "空", "on": "opened", "items": ["no-such"], "then": {"tag": ["急"]}},
        {"name": "低分", "on": "opened", "then": {"tag": ["急"]}},
    ]
    services = settings.services.model_copy(update={"when": tuple(Rule.model_validate(row) for row in rows)})
    found = list(items.school_rules(settings.model_copy(update={"services": services}), "zh"))
    assert [(each.where, each.fatal) for each in found] == [
        ("services.when#2.items", True), ("services.when#2", False), ("services.when#3.name", True),
    ]  # fmt: skip


def test_it_is_a_command(tmp_path: Path) -> None:
    config = running(tmp_path)
    done = bot("rules", "BX-0000-0001", "--config", config, cwd=tmp_path)
    assert done.returncode != 0
    assert text("zh", "rules.unknown", number="BX-0000-0001") in done.stdout + done.stderr
