"""Duplicates: one goes on for both, never in a circle; whoever asked for the other hears of its answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import marks, merging_talk, tickets
from handlers.talks import Talk
from models.message import Refused
from models.ticket import Event, Resolution, Status, Ticket
from tests.builders import START, leave_answers, own_catalogue, turn_of

REPAIR = {"what": "network", "where": "东园1号楼", "detail": "三楼没有网"}


def opened(session: Session, who: str = "李雷", slug: str = "dorm-repair") -> Ticket:
    answers = {"leave": leave_answers(), "consult": {"words": "在吗"}, "dorm-repair": REPAIR}[slug]
    return tickets.open_ticket(turn_of(session, who), own_catalogue().items[slug], answers)


def merge(session: Session, ticket: Ticket, into: Ticket, by: str = "后勤老师") -> Ticket:
    return tickets.merge(turn_of(session, by), ticket, into, "同一件事")


def kinds(session: Session, ticket: Ticket) -> list[str]:
    session.flush()
    return list(session.execute(select(Event.kind).where(Event.ticket_id == ticket.id).order_by(Event.rev)).scalars())


def test_it_goes_on_for_both_and_both_hear_the_answer(session: Session) -> None:
    kept, other, own = opened(session), opened(session, "韩梅梅"), opened(session)
    for each in (other, own):
        assert merge(session, each, kept).id == kept.id
        assert (each.status, each.resolution, each.kept_id) == (Status.closed, Resolution.duplicate, kept.id)
        assert each.due_at is None
    tickets.resolve(turn_of(session, "后勤老师"), kept, "路由器换好了")
    assert kinds(session, other) == ["opened", "merged", "concluded"]
    assert kinds(session, own) == ["opened", "merged"]  # 李雷 hears of it on the kept one.
    assert kinds(session, kept) == ["opened", "joined", "joined", "resolved"]


def test_it_follows_a_chain_to_its_end_and_closes_no_circle(session: Session) -> None:
    first, second, third = opened(session), opened(session, "韩梅梅"), opened(session)
    merge(session, first, second)
    assert merge(session, third, first).id == second.id
    for ticket, into in ((second, first), (second, second), (second, third)):
        rev = ticket.rev
        with pytest.raises(Refused) as refused:
            merge(session, ticket, into)
        assert refused.value.key == "merge.circle"
        assert ticket.rev == rev
    tickets.reply(turn_of(session, "后勤老师"), second, "换好了")
    assert kinds(session, first)[-1] == kinds(session, third)[-1] == "concluded"


def test_it_tells_everybody_of_a_chain(session: Session) -> None:
    first, second, third = opened(session), opened(session, "韩梅梅"), opened(session)
    merge(session, first, second)
    merge(session, second, third)
    assert tickets.kept_of(turn_of(session, "后勤老师"), first).id == third.id
    tickets.resolve(turn_of(session, "后勤老师"), third, "换好了")
    assert kinds(session, second)[-1] == "concluded"
    assert kinds(session, first)[-1] == "merged"


def test_it_merges_nothing_ended_apart_or_foreign(session: Session) -> None:
    kept, ended = opened(session), opened(session, "韩梅梅")
    tickets.withdraw(turn_of(session, "韩梅梅"), ended)
    foreign, leave = opened(session, "林涛", "leave"), opened(session, "韩梅梅", "leave")
    for ticket, into, by, key in (
        (kept, ended, "后勤老师", "merge.ended"), (ended, kept, "后勤老师", "merge.ended"),
        (leave, kept, "学工部长", "merge.apart"), (kept, foreign, "后勤老师", "ticket.not_found"),
        (foreign, kept, "后勤老师", "ticket.not_found"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            merge(session, ticket, into, by)
        assert refused.value.key == key


def test_it_merges_what_is_sensitive_with_ones_own_only(session: Session) -> None:
    mine, also_mine, hers = (opened(session, who, "consult") for who in ("李雷", "李雷", "韩梅梅"))
    with pytest.raises(Refused) as refused:
        merge(session, hers, mine, "韩老师")
    assert refused.value.key == "merge.private"
    assert merge(session, also_mine, mine, "韩老师").id == mine.id


def test_it_is_taken_back_or_opened_again_as_a_matter_of_its_own(session: Session) -> None:
    kept, other = opened(session), opened(session, "韩梅梅")
    merge(session, other, kept)
    assert tickets.undo(turn_of(session, "后勤老师", START + timedelta(seconds=30)), other) == "merge"
    assert (other.status, other.kept_id, other.resolution) == (Status.new, None, None)
    assert kinds(session, kept)[-1] == "parted"
    merge(session, other, kept)
    tickets.reopen(turn_of(session, "韩梅梅"), other, "不是一件事")
    assert (other.status, other.kept_id) == (Status.in_progress, None)
    tickets.resolve(turn_of(session, "后勤老师"), kept, "换好了")
    assert kinds(session, other)[-1] == "reopened"


def test_it_is_taken_back_over_a_note(session: Session) -> None:
    kept, other = opened(session), opened(session, "韩梅梅")
    merge(session, other, kept)
    staff = turn_of(session, "后勤老师")
    tickets.note(staff, other, "问过财务")
    assert tickets.undo(staff, other) == "merge"
    assert (other.status, other.kept_id) == (Status.new, None)
    merge(session, other, kept)
    later = turn_of(session, "后勤老师", now=START + timedelta(minutes=3))
    with pytest.raises(Refused) as refused:
        tickets.undo(later, other)
    assert refused.value.key == "undo.too_late_merged"  # A merge cannot be corrected, so it says something else.


def test_it_asks_before_two_houses_become_one_matter(session: Session) -> None:
    item, turn, talk = own_catalogue().items["dorm-repair"], turn_of(session, "后勤老师"), Talk()
    kept = opened(session)
    far = tickets.open_ticket(turn_of(session, "韩梅梅"), item, {**REPAIR, "where": "西园3号楼101"})
    near = tickets.open_ticket(turn_of(session, "韩梅梅"), item, {**REPAIR, "where": "东园1号楼 205室"})
    (said,) = merging_talk.act(turn, talk, far, f"到 {kept.number}")
    assert "西园3号楼101" in said.text
    assert "东园1号楼" in said.text
    assert far.is_open
    merging_talk.press(turn, talk, far, "s", kept)
    assert merging_talk.act(turn, talk, near, f"到 {kept.number}")[0].card is not None
    assert (far.resolution, near.resolution) == (Resolution.duplicate, Resolution.duplicate)
    line = marks.of(turn, far, "与另一件重复")
    assert [(mark.label, mark.done) for mark in line[1:]] == [("与另一件重复", True)]  # Nobody answered it.


def test_it_offers_only_what_may_be_merged(session: Session) -> None:
    def offered(ticket: Ticket, by: str) -> set[str]:
        found = merging_talk.candidates(turn_of(session, by), ticket)
        for each in found:  # Nothing is offered that would be refused.
            assert tickets.may_merge(turn_of(session, by), ticket, each)
        return {each.id for each in found}

    leave, other = opened(session, slug="leave"), opened(session, "韩梅梅", "leave")
    assert offered(leave, "韩老师") == offered(other, "韩老师") == set()
    one, two = opened(session), opened(session, "韩梅梅")
    assert (offered(one, "后勤老师"), offered(two, "后勤老师")) == ({two.id}, {one.id})
