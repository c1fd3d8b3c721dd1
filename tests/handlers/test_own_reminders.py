"""Reminders of one's own: when words mean, what is told and what no more, and that no limit knows of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import own_reminders, sorting, staff, tickets
from handlers.talks import Talk
from handlers.understand.orders import read_order
from handlers.views import inbox_side
from models.message import Incoming, Refused
from models.sorting import OwnReminder
from models.ticket import Ticket
from tests.builders import RICH, START, at, own_catalogue, person_of, told, turn_of

HOUR = timedelta(hours=1)


def opened(session: Session) -> Ticket:
    return tickets.open_ticket(turn_of(session, "李雷"), own_catalogue().items["consult"], {"words": "宿舍的网坏了"})


@pytest.mark.parametrize(
    ("words", "expected"),
    [("1h", "2026-06-10 10:00"), ("tomorrow", "2026-06-11 09:00"), ("monday", "2026-06-15 09:00"), ("明天", "2026-06-11 09:00"),
     ("明天上午", "2026-06-11 08:00"), ("周五15点", "2026-06-12 15:00"), ("2小时后", "2026-06-10 11:00"), ("今天上午", "2026-06-10 10:00"),
     ("2026-06-12T14:30", "2026-06-12 14:30"), ("tomorrow 9am", "2026-06-11 09:00")],
)  # fmt: skip
def test_it_reads_when(session: Session, words: str, expected: str) -> None:
    assert own_reminders.when(turn_of(session, "韩老师"), words) == at(expected)


@pytest.mark.parametrize(
    ("words", "key"), [("随便", "snooze.when"), ("昨天", "snooze.past"), ("2026-99-99T10:00", "snooze.when")]
)
def test_it_says_what_no_time_is(session: Session, words: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        own_reminders.when(turn_of(session, "韩老师"), words)
    assert refused.value.key == key


def test_it_reminds_once_and_moves_no_limit(session: Session) -> None:
    ticket = opened(session)
    before = (ticket.due_at, ticket.owed_at, ticket.status)
    tickets.snooze(turn_of(session, "韩老师"), ticket, START + 2 * HOUR)
    tickets.snooze(turn_of(session, "韩老师"), ticket, START + HOUR)
    assert (ticket.due_at, ticket.owed_at, ticket.status) == before
    (mine,) = own_reminders.mine(turn_of(session, "韩老师"))
    assert (mine.number, mine.at) == (ticket.number, "今天 10:00")
    assert own_reminders.mine(turn_of(session, "王书记")) == ()
    assert own_reminders.send(turn_of(session, None, START + HOUR - timedelta(seconds=1))) == 0
    assert own_reminders.send(turn_of(session, None, START + HOUR)) == 1
    assert own_reminders.send(turn_of(session, None, START + 3 * HOUR)) == 0
    (said,) = told(session, "韩老师", "own:")
    assert "您要我现在提醒" in said
    assert ticket.number in said


@pytest.mark.parametrize("what", ["ended", "taken back", "out of reach"])
def test_it_looks_again_before_it_reminds(session: Session, what: str) -> None:
    ticket = opened(session)
    by: Any = turn_of(session, "韩老师")
    tickets.snooze(by, ticket, START + HOUR)
    if what == "ended":
        tickets.reply(by, ticket, "修好了")
    elif what == "taken back":
        tickets.unsnooze(by, ticket)
        with pytest.raises(Refused):
            tickets.unsnooze(by, ticket)
    else:
        person_of(session, "韩老师").active = False
    own_reminders.send(turn_of(session, None, START + 2 * HOUR))
    assert told(session, "韩老师", "own:") == []
    assert session.execute(select(OwnReminder)).first() is None


def test_it_lists_none_of_what_one_is_kept_out_of(session: Session) -> None:
    ticket, han = opened(session), turn_of(session, "韩老师")
    tickets.snooze(han, ticket, START + HOUR)
    session.flush()
    assert own_reminders.mine(han) == inbox_side.of(han).reminders != ()
    tickets.recuse(han, ticket, person_of(session, "韩老师"))
    after = turn_of(session, "韩老师")
    assert own_reminders.mine(after) == inbox_side.of(after).reminders == ()


def test_it_refuses_what_is_past_too_far_or_over(session: Session) -> None:
    ticket = opened(session)
    by = turn_of(session, "韩老师")
    for instant, key in ((START, "snooze.past"), (START + timedelta(days=200), "snooze.far")):
        with pytest.raises(Refused) as refused:
            tickets.snooze(by, ticket, instant)
        assert refused.value.key == key
    with pytest.raises(Refused):
        tickets.snooze(turn_of(session, "方老师"), ticket, START + HOUR)
    tickets.reply(by, ticket, "修好了")
    with pytest.raises(Refused):
        tickets.snooze(by, ticket, START + HOUR)


@pytest.mark.parametrize(
    ("said", "verb", "words"),
    [("明天上午提醒我 ZX-2606-0001", "snooze", "明天上午"), ("提醒我 ZX-2606-0001 明天上午", "snooze", "明天上午"), ("ZX-2606-0001 明天9点再提醒我", "snooze", "明天9点"),
     ("取消提醒 ZX-2606-0001", "unsnooze", ""), ("remind me ZX-2606-0001 tomorrow 9am", "snooze", "tomorrow 9am")],
)  # fmt: skip
def test_it_reads_the_orders(said: str, verb: str, words: str) -> None:
    order = read_order(said)
    assert order is not None
    assert (order.verb, order.number, order.words) == (verb, "ZX-2606-0001", words)


@pytest.mark.parametrize(
    "said", ["系统没有提醒我", "今天没人提醒我", "昨天提醒我的那件", "相关规定在哪里看", "有关部门电话"]
)
def test_it_takes_no_sentence_for_an_order(said: str) -> None:
    assert read_order(said) is None


def test_it_is_said_listed_and_cancelled_in_chat(session: Session) -> None:
    ticket, talk = opened(session), Talk()
    turn = turn_of(session, "韩老师")
    (asked,) = sorting.act(turn, talk, ticket, "snooze", "")
    assert [choice.send.rpartition(":")[2] for choice in asked.choices] == ["1h", "tomorrow", "monday", "cancel"]
    (done,) = staff.hear(turn, talk, Incoming(RICH, "T001", "k", START, f"明天上午提醒我 {ticket.number}")) or ()
    assert "明天 08:00" in done.text or "明天 8:00" in done.text
    (listed,) = staff.hear(turn, talk, Incoming(RICH, "T001", "k", START, "我的提醒")) or ()
    assert ticket.number in listed.text
    (gone,) = sorting.press(turn, talk, ticket, "off")
    assert "提醒已取消" in gone.text
    (none,) = staff.hear(turn, talk, Incoming(RICH, "T001", "k", START, "我的提醒")) or ()
    assert "没有设提醒" in none.text
    assert isinstance(own_reminders.when(turn, "tomorrow"), datetime)
