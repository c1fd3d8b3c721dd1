"""How the chat page arranges its log: cards once, buttons where they count, days and times for people."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.pages.chat import _draw, arrange, day_name, drawer, quotation, quoted
from handlers.views.chat import Entry, Said
from models.message import Card, Choice, File, Link, Mark, Reply

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 6, 10, 1, 0, tzinfo=UTC)
TAKE = (Choice(label="撤回", send="w:1"),)


def answer(seq: int, *replies: Reply) -> Entry:
    return Entry(seq, AT, Said(text="说"), replies)


def notice(seq: int, *replies: Reply) -> Entry:
    return Entry(seq, AT, None, replies, is_notice=True)


def card(title: str) -> Reply:
    return Reply(card=Card(key="QJ1", title=title), choices=TAKE)


@pytest.mark.parametrize("newest", [notice, answer])
def test_it_brings_a_card_down_to_the_newest_words_about_it(newest: Callable[..., Entry]) -> None:
    items = arrange([answer(1, card("旧")), notice(2, card("后来")), newest(3, card("新"))], ZONE)
    *old, new = [item.parts[0] for item in items]
    assert [(part.card, part.jump and part.jump.key, part.choices) for part in old] == [(None, "QJ1", ())] * 2
    assert (new.card and new.card.title, new.card_seq, new.choices) == ("新", 3, TAKE)


def test_it_leads_from_every_older_place_to_the_card() -> None:
    site = arrange([answer(1, card("旧")), notice(2, card("请假 1"))], ZONE)
    old, new = (_draw(item, "zh", ZONE) for item in site)
    assert '<a class="jump" href="#card-QJ1">请假 1 已移到下面 ↓</a>' in old
    assert 'id="card-QJ1"' in new
    assert 'id="card-QJ1"' not in old


def test_it_quotes_the_newest_card_with_a_number_and_nothing_else() -> None:
    def ticket(title: str, *lines: str) -> Reply:
        return Reply(card=Card(key="tQJ-2606-0001", title=title, lines=lines, ticket="QJ-2606-0001"))

    log = [
        answer(1, ticket("旧")),
        notice(2, ticket("请假 QJ-2606-0001", "李雷 · 计科2302", "病假")),
        answer(3, card("表")),
    ]
    found = quoted(log, "QJ-2606-0001")
    assert found is not None
    assert quotation(found) == "请假 QJ-2606-0001 · 李雷 · 计科2302"
    assert [quoted(log, number) for number in ("", "QJ-2606-0002", "<b>")] == [None, None, None]


@pytest.mark.parametrize(("file", "text"), [("", "材料明天交"), ("a.png, b.png", ""), ("a.png", "在这里")])
def test_it_shows_once_what_ones_own_words_quoted(file: str, text: str) -> None:
    def draw(quote: str) -> str:
        said = Said(text=text, file=file, quote=quote)
        return _draw(arrange([Entry(1, AT, said)], ZONE)[0], "zh", ZONE)

    (shown,) = re.findall(r'<div class="me"><small>引用 (.*?)</small><p>', draw("QJ-2606-0001"))
    assert "QJ-2606-0001" in shown
    assert "引用" not in draw("")
    assert "&lt;b&gt;" in draw("<b>")


def test_it_keeps_buttons_under_the_last_answer_and_below_it() -> None:
    ask = Reply(text="什么假？", choices=(Choice(label="病假", send="f:1"),))
    items = arrange([answer(1, ask), answer(2, ask), notice(3, Reply(text="明天停水"))], ZONE)
    assert [bool(item.parts[0].choices) for item in items] == [False, True, False]


def test_it_marks_where_a_day_begins_in_the_schools_zone() -> None:
    late = Entry(2, datetime(2026, 6, 10, 16, 30, tzinfo=UTC), None, (), is_notice=True)
    assert [item.starts_day for item in arrange([answer(1), late, answer(3)], ZONE)] == [True, True, True]
    assert [item.starts_day for item in arrange([answer(1), answer(2)], ZONE)] == [True, False]


def test_it_names_days_for_people() -> None:
    local = AT.astimezone(ZONE)
    assert day_name(local, "zh") == "6月10日（周三）"
    assert day_name(local + timedelta(days=1), "en") == "Thu 11 Jun"


def test_it_draws_everything_a_reply_may_hold() -> None:
    reply = Reply(
        text="第一行\n第二行 https://example.edu.cn/a。",
        card=Card(
            key="QJ1", title="请假", lines=("6月11日",), marks=(Mark(label="已提交", done=True), Mark(label="审批"))
        ),
        choices=(Choice(label="撤回", send="w:1", style="danger"),),
        file=File(id="f1", name="假条.pdf", kind="application/pdf", size=2048),
        link=Link(label="打开", url="/slip/1"),
    )
    html = drawer(ZONE)(answer(7, reply), "zh")
    for part in (
        'id="e7"', "第一行\n第二行", 'href="https://example.edu.cn/a" rel="noopener noreferrer"', 'data-card="QJ1"', "已完成",
        'class="danger"', 'value="w:1"', 'href="/files/f1"', "2 KB", 'href="/slip/1"', ">09:00</time>", "<p>说</p>",
    ):  # fmt: skip
        assert part in html
