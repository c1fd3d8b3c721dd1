"""The console's page of the rules in force: in plain words, all of them for who leads, one's own for others, and none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from handlers.texts import text
from models.rules import Rule
from tests.bad_inputs.place import Place
from tests.browsing import check_page, enter_console

ROWS: list[dict[str, Any]] = [
    {"name": "低分<b>", "on": "rated", "stars": 2, "then": {"tag": ["低分"], "tell": [{"who": "lead"}]}},
    {"name": "长假", "on": "overdue", "target": "resolve", "after": "2h", "items": ["leave"],
     "if": {"answers": {"all": [{"field": "span", "season": ["exam", "before-holiday"]}, {"not": {"field": "kind", "one_of": ["sick"]}}]},
            "priority": ["high"], "tags": ["急"], "without": ["已看"], "area": ["cs"]},
     "then": {"untag": ["急"], "priority": "urgent", "note": "请先看这件"}},
    {"name": "不回音", "on": "waiting", "after": "10d wall", "warn": "2d wall", "items": ["dorm-repair"],
     "then": {"end": "resolve", "words": "没有等到照片，先办结。"}},
    {"name": "没人接", "on": "unowned", "after": "30m wall", "items": ["dorm-repair"],
     "if": {"answers": {"any": [{"field": "what", "one_of": ["water"]}, {"field": "detail", "none_of": ["x"]}]}},
     "then": {"give": {"office": "logistics"}}},
    {"name": "马上", "on": "overdue", "after": "0h", "items": ["dorm-repair"], "then": {"tell": [{"role": "head"}]}},
]  # fmt: skip


def school(url: str, folder: Path, rows: list[dict[str, Any]]) -> Place:
    return Place(url, folder, {"services": {"when": tuple(Rule.model_validate(row) for row in rows)}})


@pytest.fixture
def place(url: str, tmp_path: Path) -> Iterator[Place]:
    """A school with rules of every kind."""
    place = school(url, tmp_path, ROWS)
    yield place
    place.close()


def test_it_says_each_rule_in_plain_words_to_whom_it_concerns(place: Place) -> None:
    page = place.call("GET", "/console/rules", "head").text
    for said in (
        "几个事项共有的", "低分&lt;b&gt;", "学生评价 2 星及以下时", "加标签 #低分；告诉上一级", "办结超期 2 个工作小时后",
        "碰到考试周、节假日前，并且不是这样：「类型」是病假；优先级是高；有标签 #急；没有标签 #已看；在", "去掉标签 #急；优先级改为紧急；写备注：请先看这件",
        "退回补充后 10 天没有回音；提前 2 天告诉学生", "办结，不再等补充；告诉学生：没有等到照片，先办结。", "30 分钟没有人承办",
        "首次答复、再次答复或办结一超期", text("zh", "rules_page.every"),
    ):  # fmt: skip
        assert said in page, said
    assert page.count("从何时起") == 5  # Those that act by time.
    assert "wall" not in page
    officer = place.call("GET", "/console/rules", "officer").text
    assert ("不回音" in officer, "长假" in officer) == (True, False)
    assert text("zh", "rules_page.mine") in officer
    counselor = place.call("GET", "/console/rules", "counselor").text
    assert ("不回音" in counselor, "长假" in counselor) == (False, True)
    assert place.call("GET", "/console/rules", "owner").status in (303, 404)


def test_it_says_that_there_are_none(url: str, tmp_path: Path) -> None:
    place = school(url, tmp_path, [])
    try:
        for item in list(place.school.catalogue.items.values()):
            place.school.catalogue.items[item.slug] = item.model_copy(update={"when": ()})
        assert text("zh", "rules_page.empty") in place.call("GET", "/console/rules", "head").text
        assert text("zh", "rules_page.empty_mine") in place.call("GET", "/console/rules", "officer").text
    finally:
        place.close()


def test_it_reads_well_anywhere(browser: Browser, address: str, place: Place) -> None:
    page = enter_console(browser, address, place, 360, who="head", color_scheme="dark", bypass_csp=True)
    page.goto(f"{address}/console/figures")
    page.get_by_role("link", name="自动规则").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("自动规则")
    check_page(page, 360, "rules")
    page.context.close()
