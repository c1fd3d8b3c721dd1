"""Cards, notices and timelines: every sentence that is put together at run time is there, in both languages."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import cards, colleagues, feedback, notices, staff, student, tickets
from handlers.notices import RULES
from handlers.texts import LANGUAGES, sentences
from models.db import seal_of
from models.message import unpack
from models.numbering import give
from models.outbox import Lane, Outbox
from models.ticket import Resolution, Status, Ticket
from tests.builders import at, leave_answers, own_catalogue, turn_of
from tests.house import ROOT, called, literal, nodes


@cache
def kinds() -> set[str]:
    """Every kind of event that code writes: the third argument of record(), and what it is when the kind is passed on."""
    found = {"opened", "paged", "split_off"}  # open_ticket passes its own argument on.
    for path, node in nodes(["handlers"]):
        if called(node) != "record" or not isinstance(node, ast.Call) or len(node.args) < 3:
            continue
        given = node.args[2]
        options = [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]
        found |= {word for option in options if (word := literal(option)) is not None}
        if path == Path("handlers/tickets/requester.py"):
            continue
        assert all(literal(option) is not None for option in options), f"{path}:{node.lineno}"
    return found


def test_it_finds_the_kinds_of_events_in_the_code() -> None:
    assert kinds() >= {
        "opened",
        "paged",
        "approved",
        "reminded",
        "reminded_back",
        "escalated",
        "unheard",
        "passed_over",
    }
    assert (ROOT / "handlers/tickets/record.py").is_file()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_has_a_line_for_every_event_and_words_for_every_notice(lang: str) -> None:
    keys = {f"event.{kind}" for kind in kinds()}
    keys |= {f"notice.{kind}_{rule.hearer}" for kind, rules in RULES.items() for rule in rules}
    keys |= {f"notice.escalated_back_{rule.hearer}" for rule in RULES["escalated"]}
    keys |= {f"notice.approved_back_{rule.hearer}" for rule in RULES["approved"]}
    keys |= {f"state.{resolution}" for resolution in Resolution}
    keys |= {"state.new", "state.in_progress", "state.waiting", "state.waiting_staff", "state.new_staff",
             "state.waiting_return"}  # fmt: skip
    keys |= {f"verb.{verb}" for verb in cards.VERBS | staff.VERBS | student.VERBS}
    keys |= {f"staff.{verb}_done" for verb in staff.VERBS - colleagues.VERBS} | {
        f"staff.{verb}_words" for verb in staff.NEEDS_WORDS
    }
    keys |= {f"student.{verb}_done" for verb in student.VERBS - feedback.VERBS - {"show"}}
    assert keys - set(sentences(lang)) == set()


def test_it_tells_of_no_event_that_nobody_writes() -> None:
    assert set(RULES) <= kinds()


def leave(session: Session, days: float = 1.5) -> Ticket:
    turn = turn_of(session, "李雷")
    return tickets.open_ticket(turn, own_catalogue().items["leave"], leave_answers(days=days))


def buttons(session: Session, ticket: Ticket, name: str, *, staff: bool) -> list[str]:
    return [choice.send.split(":")[2] for choice in cards.choices(turn_of(session, name), ticket, staff=staff)]


def test_it_offers_what_can_be_done_where_the_ticket_stands(session: Session) -> None:
    ticket = leave(session)
    assert buttons(session, ticket, "韩老师", staff=True) == ["sign", "ask", "refuse", "reply", "show", "more"]
    assert buttons(session, ticket, "李雷", staff=False) == ["withdraw", "show"]
    tickets.ask(turn_of(session, "韩老师"), ticket, "补病历")
    assert buttons(session, ticket, "李雷", staff=False) == ["fill", "withdraw", "show"]
    tickets.sign(turn_of(session, "韩老师"), ticket)
    assert buttons(session, ticket, "李雷", staff=False) == ["withdraw", "show"]
    later = turn_of(session, "李雷", at("2026-06-11 15:00"))
    assert [choice.send.split(":")[2] for choice in cards.choices(later, ticket, staff=False)] == [
        "back",
        "prolong",
        "show",
    ]


def test_it_makes_every_button_sayable_and_short(session: Session) -> None:
    for choice in cards.choices(turn_of(session, "韩老师"), leave(session), staff=True):
        assert choice.words == f"{choice.label} QJ-2606-0001"
        assert len(choice.send.encode()) <= 64


def test_it_names_student_number_and_dates(session: Session) -> None:
    ticket = leave(session)
    assert (
        cards.names(turn_of(session, "韩老师"), ticket)
        == "李雷 · QJ-2606-0001 · 6月11日（周四）14:00 → 6月12日（周五）22:00"
    )


def test_it_says_when_a_promise_was_missed(session: Session) -> None:
    ticket = leave(session)
    late = turn_of(session, "韩老师", at("2026-06-10 15:01"))
    assert "韩老师应在今天 15:00 前答复，已超时" in cards.card(late, ticket, staff=True).lines
    assert "由韩老师在今天 15:00 前答复" in cards.card(turn_of(session, "韩老师"), ticket, staff=True).lines


def test_it_hides_from_the_student_what_is_for_staff(session: Session) -> None:
    ticket = leave(session)
    tickets.pass_over(turn_of(session), ticket, "respond:0:0")
    turn, events = turn_of(session, "李雷"), tickets.events_of(turn_of(session), ticket)
    assert len(notices.timeline(turn, ticket, events, staff=False).splitlines()) == 1
    assert len(notices.timeline(turn, ticket, events, staff=True).splitlines()) == 2


def test_it_pages_by_the_crisis_lane_and_seals_the_words(session: Session) -> None:
    turn = turn_of(session, "李雷")
    tickets.open_ticket(turn, own_catalogue().items["crisis"], {"words": "我想死"}, kind="paged", words="我想死")
    give(session)
    (row,) = session.execute(select(Outbox)).scalars()
    assert row.lane == Lane.crisis
    assert "我想死".encode() not in row.body
    (reply,) = unpack(seal_of(session).open(f"outbox.body:{row.id}", row.body))
    assert "我想死" in reply.text


def test_it_says_every_state_in_both_languages(session: Session) -> None:
    ticket = leave(session)
    for lang in LANGUAGES:
        turn = turn_of(session, "李雷", lang=lang)
        for status in Status:
            ticket.status, ticket.resolution = status, None if status not in ("resolved", "closed") else "answered"
            assert cards.state(turn, ticket, staff=True)
            assert cards.state(turn, ticket)
