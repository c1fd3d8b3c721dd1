"""Every verb: what it refuses changes nothing, what it does ends in one event."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers import tickets
from handlers.turn import Turn
from models.message import Refused
from models.outbox import Outbox
from models.ticket import TRANSITIONS, Approval, BadTransition, Event, Resolution, SealedAnswer, Status, Ticket
from tests.builders import START, at, leave_answers, make_school, own_catalogue, turn_of

Verb = Callable[..., Any]
VERBS: dict[str, tuple[Verb, tuple[str, ...]]] = {
    "sign": (tickets.sign, ()), "refuse": (tickets.refuse, ("理由",)), "ask": (tickets.ask, ("补病历",)),
    "reply": (tickets.reply, ("好的",)), "take": (tickets.take, ()), "back": (tickets.sign_in, ()),
    "withdraw": (tickets.withdraw, ()), "answer": (tickets.answer, ("病历",)), "add": (tickets.add, ("还有",)),
    "confirm": (tickets.confirm, ()), "reopen": (tickets.reopen, ("不行",)), "come_back": (tickets.come_back, ()),
}  # fmt: skip
STAFF = frozenset({"sign", "refuse", "ask", "reply", "take", "back"})


def opened(session: Session, slug: str = "leave") -> Ticket:
    answers = {"leave": leave_answers(), "consult": {"words": "问一下"}}[slug]
    return tickets.open_ticket(turn_of(session, "李雷"), own_catalogue().items[slug], answers)


def do(session: Session, ticket: Ticket, verb: str, by: str | None = None, now: Any = START) -> None:
    act, words = VERBS[verb]
    speaker = by or ("韩老师" if verb in STAFF else "李雷")
    act(turn_of(session, speaker, now), ticket, *words)


def rows(session: Session, ticket: Ticket) -> tuple[Any, ...]:
    """Everything that a verb could have changed."""
    session.flush()
    counts = [session.execute(select(func.count()).select_from(table)).scalar_one() for table in (Event, Outbox)]
    decisions = session.execute(select(Approval.decision).order_by(Approval.step)).scalars().all()
    return (
        ticket.status,
        ticket.resolution,
        ticket.rev,
        ticket.due_at,
        ticket.back_at,
        ticket.assignee_id,
        *counts,
        *decisions,
    )


# What each way leads to, and which verbs are refused there. Everything else is allowed.
STATES: dict[str, tuple[str, tuple[str, ...], set[str]]] = {
    "new leave": ("leave", (), {"back", "answer", "confirm", "reopen", "come_back"}),
    "asked leave": ("leave", ("ask",), {"take", "back", "confirm", "reopen", "come_back"}),
    "approved leave": ("leave", ("sign",), {"sign", "refuse", "ask", "take", "back", "answer", "confirm", "reopen",
                                            "come_back"}),
    "refused leave": ("leave", ("refuse",), {"sign", "refuse", "ask", "take", "back", "withdraw", "answer", "add", "reopen",
                                             "come_back"}),
    "withdrawn leave": ("leave", ("withdraw",), set(VERBS) - {"reply"}),
    "new question": ("consult", (), {"sign", "refuse", "back", "answer", "confirm", "reopen", "come_back"}),
    "taken question": ("consult", ("take",), {"sign", "refuse", "take", "back", "answer", "confirm", "reopen", "come_back"}),
    "answered question": ("consult", ("reply",), {"sign", "refuse", "ask", "take", "back", "withdraw", "answer", "add",
                                                  "come_back"}),
    "closed question": ("consult", ("reply", "confirm"), {"sign", "refuse", "ask", "take", "back", "withdraw", "answer",
                                                          "add", "confirm", "come_back"}),
    "reopened question": ("consult", ("reply", "reopen"), {"sign", "refuse", "take", "back", "answer", "confirm", "reopen",
                                                           "come_back"}),
}  # fmt: skip


@pytest.mark.parametrize(("state", "verb"), list(itertools.product(STATES, VERBS)))
def test_it_does_a_verb_whole_or_refuses_without_a_trace(session: Session, state: str, verb: str) -> None:
    slug, way, refused = STATES[state]
    ticket = opened(session, slug)
    for step in way:
        do(session, ticket, step)
    before = rows(session, ticket)
    if verb not in refused:
        do(session, ticket, verb)
        assert rows(session, ticket)[2] == before[2] + 1
        return
    with pytest.raises(Refused) as caught:
        do(session, ticket, verb)
    assert caught.value.key.startswith(("ticket.", "leave."))
    assert rows(session, ticket) == before


@pytest.mark.parametrize("verb", sorted(STAFF))
@pytest.mark.parametrize("by", ["方老师", "后勤老师", "韩梅梅", "李雷", "心理老师"])
def test_it_refuses_a_foreign_hand_as_if_there_were_no_ticket(session: Session, by: str, verb: str) -> None:
    ticket = opened(session)
    before = rows(session, ticket)
    with pytest.raises(Refused) as caught:
        do(session, ticket, verb, by)
    assert caught.value.key == "ticket.not_found"
    assert rows(session, ticket) == before


@pytest.mark.parametrize(("from_", "to"), list(itertools.product(Status, Status)))
def test_it_moves_by_the_table_only(from_: Status, to: Status) -> None:
    ticket = Ticket(status=from_, resolution=None)
    if to == from_ or to in TRANSITIONS[from_]:
        ticket.move(to, Resolution.answered)
        assert (ticket.status, ticket.resolution is not None) == (to, to in (Status.resolved, Status.closed))
    else:
        with pytest.raises(BadTransition):
            ticket.move(to)


def test_it_numbers_by_series_and_month(session: Session) -> None:
    item = own_catalogue().items["consult"]
    july = turn_of(session, "李雷", at("2026-07-01 00:00"))
    numbers = [tickets.open_ticket(turn_of(session, "李雷"), item, {"words": "问"}).number for _ in range(2)]
    assert [*numbers, tickets.open_ticket(july, item, {"words": "问"}).number] == [
        "ZX-2606-0001", "ZX-2606-0002", "ZX-2607-0001"]  # fmt: skip


def test_it_seals_sensitive_answers_apart(session: Session) -> None:
    ticket = opened(session)
    (sealed,) = session.execute(select(SealedAnswer).where(SealedAnswer.ticket_id == ticket.id)).scalars()
    assert sealed.field == "reason"
    assert "reason" not in ticket.answers
    assert "回家看病".encode() not in sealed.value


@pytest.mark.parametrize(("days", "signatures"), [(3, ["counselor"]), (3.5, ["counselor", "deputy-secretary"])])
def test_it_asks_for_the_signatures_of_the_items_rules(session: Session, days: float, signatures: list[str]) -> None:
    turn = turn_of(session, "李雷")
    tickets.open_ticket(turn, own_catalogue().items["leave"], leave_answers(days=days))
    assert list(session.execute(select(Approval.role).order_by(Approval.step)).scalars()) == signatures


def test_it_opens_no_more_than_the_school_allows(session: Session) -> None:
    turn: Turn = turn_of(session, "李雷", school=make_school(most_open=2))
    item, urgent = own_catalogue().items["dorm-repair"], own_catalogue().items["crisis"]
    tickets.open_ticket(turn, item, {"what": "air"})
    ticket = tickets.open_ticket(turn, item, {"what": "air"})
    with pytest.raises(Refused) as caught:
        tickets.open_ticket(turn, item, {"what": "air"})
    assert (caught.value.key, caught.value.values) == ("ticket.too_many_open", {"most": 2})
    assert tickets.open_ticket(turn, urgent, {"words": "我想死"}).number == "JJ-2606-0001"
    tickets.withdraw(turn, ticket)


def test_it_finds_a_ticket_by_its_number_in_any_case(session: Session) -> None:
    ticket = opened(session)
    turn = turn_of(session, "韩老师")
    assert tickets.by_number(turn, ticket.number.lower()) is ticket
    assert tickets.by_number(turn, "QJ-2606-9999") is None
    assert tickets.get(turn, "0" * 26) is None
