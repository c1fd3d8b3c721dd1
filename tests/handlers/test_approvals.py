"""Approving with one click: only what is ordinary, nobody told for ten seconds, and back again without a word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from handlers import approvals, tickets
from handlers.approvals import Pick
from handlers.tickets.record import record
from handlers.turn import Turn
from handlers.views import approvals as views
from models.base import new_id
from models.desk import Postponed
from models.message import Refused
from models.outbox import Attachment, Outbox
from models.ticket import Event, Ticket
from tests.builders import START, own_catalogue
from tests.handlers.inbox_desk import Desk, reading

SECOND = timedelta(seconds=1)
HAN = "韩老师"


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    desk = Desk(database_url)
    yield desk
    desk.database.close()


def picks_of(desk: Desk, *numbers: str) -> list[Pick]:
    def query(session: Any) -> list[Pick]:
        found = session.execute(select(Ticket).where(Ticket.number.in_(numbers)).order_by(Ticket.number)).scalars()
        return [Pick(ticket.id, ticket.rev) for ticket in found]

    picks: list[Pick] = desk.database.read(query)
    return picks


def statuses(desk: Desk, *numbers: str) -> list[str]:
    def query(session: Any) -> list[str]:
        statement = select(Ticket.status).where(Ticket.number.in_(numbers)).order_by(Ticket.number)
        return list(session.execute(statement).scalars())

    found: list[str] = desk.database.read(query)
    return found


def told(desk: Desk, kind: str = "approved") -> int:
    """How many notices of a kind of event were written."""

    def query(session: Any) -> int:
        same = (Event.ticket_id == Outbox.ticket_id) & (Event.rev == Outbox.event_rev)
        return int(
            session.execute(
                select(func.count()).select_from(Outbox).join(Event, same).where(Event.kind == kind)
            ).scalar_one()
        )

    count: int = desk.database.read(query)
    return count


def tick(desk: Desk, now: datetime) -> int:
    from tests.builders import turn_of

    count: int = desk.database.run(lambda session: approvals.tell_postponed(turn_of(session, None, now)))
    return count


def test_it_approves_the_ordinary_and_tells_after_ten_seconds(desk: Desk) -> None:
    numbers = [desk.leave(), desk.leave("韩梅梅")]
    picks = picks_of(desk, *numbers)
    done = desk.do(HAN, lambda turn: approvals.approve(turn, picks))
    assert [each.number for each in done.approved] == numbers
    assert done.left_out == ()
    assert statuses(desk, *numbers) == ["waiting", "waiting"]
    assert tick(desk, START + 9 * SECOND) == 0
    assert told(desk) == 0
    assert tick(desk, START + 10 * SECOND) == 2
    assert told(desk) == 2
    assert tick(desk, START + 11 * SECOND) == 0


def test_it_takes_a_click_back_without_a_word(desk: Desk) -> None:
    numbers = [desk.leave(), desk.leave("韩梅梅")]
    done = desk.do(HAN, lambda turn: approvals.approve(turn, picks_of_turn(turn, numbers)))
    waiting = desk.do(HAN, lambda turn: approvals.waiting(turn, done.bulk), START + 5 * SECOND)
    assert waiting == (2, START + 10 * SECOND)
    assert desk.do(HAN, lambda turn: approvals.take_back(turn, done.bulk), START + 9 * SECOND) == 2
    assert statuses(desk, *numbers) == ["new", "new"]
    assert tick(desk, START + 60 * SECOND) == 0
    assert (told(desk), told(desk, "undone")) == (0, 0)
    with pytest.raises(Refused, match="told_already"):
        desk.do(HAN, lambda turn: approvals.take_back(turn, done.bulk), START + 9 * SECOND)


def picks_of_turn(turn: Turn, numbers: list[str]) -> list[Pick]:
    found = turn.session.execute(select(Ticket).where(Ticket.number.in_(numbers))).scalars()
    return [Pick(ticket.id, ticket.rev) for ticket in found]


def test_it_is_too_late_once_the_moment_has_passed_and_for_others_always(desk: Desk) -> None:
    number = desk.leave()
    done = desk.do(HAN, lambda turn: approvals.approve(turn, picks_of_turn(turn, [number])))
    for name, now in ((HAN, START + 10 * SECOND), ("王书记", START + SECOND)):
        with pytest.raises(Refused, match="told_already"):
            desk.do(name, lambda turn: approvals.take_back(turn, done.bulk), now)
    assert desk.do("王书记", lambda turn: approvals.waiting(turn, done.bulk)) == (0, None)
    assert statuses(desk, number) == ["waiting"]


def test_it_leaves_out_what_needs_a_look_and_says_why(desk: Desk) -> None:
    flags: dict[str, str] = {}
    flags[desk.leave()] = ""
    flags[desk.leave("韩梅梅", days=5)] = "long"
    seen = desk.leave()
    flags[seen] = "talked"
    desk.verb("李雷", seen, tickets.add, "还有一句")
    asked = desk.leave()
    flags[asked] = "talked"
    desk.verb(HAN, asked, tickets.ask, "？")
    refused = desk.leave()
    flags[refused] = "nothing"
    desk.verb(HAN, refused, tickets.refuse, "不行")
    filed = desk.leave()
    flags[filed] = "files"
    others = desk.leave()
    flags[others] = "others"

    def change(turn: Turn) -> None:
        ids = dict(turn.session.execute(select(Ticket.number, Ticket.id)).all())
        account = turn.session.execute(select(Ticket.account_id).where(Ticket.number == filed)).scalar_one()
        turn.session.add(Attachment(id=new_id(turn.now), account_id=account, ticket_id=ids[filed], name="a.png",
                                    kind="image/png", size=1, digest="d", at=turn.now))  # fmt: skip
        turn.session.execute(update(Ticket).where(Ticket.number == others).values(assignee_id=None))

    desk.do(HAN, change)
    judged = desk.do(HAN, lambda turn: approvals.judge(turn, picks_of_turn(turn, list(flags))))
    assert {each.number: each.flag for each in judged} == flags
    # Beside each stands what weighs on it: whoever approves many at once decides on more than names and dates.
    assert all(any("本学期" in line for line in each.about) for each in judged)
    done = desk.do(HAN, lambda turn: approvals.approve(turn, picks_of_turn(turn, list(flags))))
    assert [each.number for each in done.approved] == [number for number, flag in flags.items() if not flag]
    assert len(done.left_out) == 6


def test_it_counts_each_of_several_as_if_those_before_it_were_given(desk: Desk) -> None:
    numbers = [desk.leave(now=START + count * SECOND) for count in range(3)]

    def sums(turn: Turn) -> list[str]:
        judged = approvals.judge(turn, sorted(picks_of_turn(turn, numbers), key=lambda pick: pick.id, reverse=True))
        return [each.about[1].partition("。")[0] for each in sorted(judged, key=lambda each: each.number)]

    assert desk.do(HAN, sums) == [
        "本学期第一次请假，共 1.5 天", "本学期第 2 次请假，连这次共 3 天", "本学期第 3 次请假，连这次共 4.5 天"
    ]  # fmt: skip
    # What is given counts, though it was asked for last.
    desk.verb(HAN, numbers[2], tickets.sign)
    assert desk.do(HAN, sums)[:2] == ["本学期第 2 次请假，连这次共 3 天", "本学期第 3 次请假，连这次共 4.5 天"]


def test_it_leaves_out_what_has_changed_begun_or_is_not_ones_own(desk: Desk) -> None:
    number, other = desk.leave(), desk.leave("林涛")
    (pick,) = picks_of(desk, number)
    stale = desk.do(HAN, lambda turn: approvals.approve(turn, [Pick(pick.id, pick.rev - 1)]))
    assert [each.flag for each in stale.left_out] == ["changed"]
    late = desk.do(HAN, lambda turn: approvals.judge(turn, [pick]), START + timedelta(days=30))
    assert [each.flag for each in late] == ["begun"]
    foreign = desk.do(HAN, lambda turn: approvals.approve(turn, picks_of_turn(turn, [other])))
    assert (foreign.approved, foreign.left_out) == ((), ())
    assert statuses(desk, other) == ["new"]
    unknown = desk.do(HAN, lambda turn: approvals.approve(turn, [Pick("0" * 22, 1), pick, pick]))
    assert [each.number for each in unknown.approved] == [number]
    repair = desk.repair()
    judged = desk.do("后勤老师", lambda turn: approvals.judge(turn, picks_of_turn(turn, [repair])))
    assert [each.flag for each in judged] == ["nothing"]
    with pytest.raises(Refused):
        desk.do(HAN, lambda turn: approvals.approve(turn, [pick] * 201))
    assert own_catalogue().items["leave"].approval


def test_it_says_nothing_of_what_was_undone_in_another_way(desk: Desk) -> None:
    number = desk.leave()
    desk.do(HAN, lambda turn: approvals.approve(turn, picks_of_turn(turn, [number])))
    desk.verb(HAN, number, tickets.undo, now=START + 5 * SECOND)
    assert tick(desk, START + 10 * SECOND) == 1
    assert told(desk) == 0
    left = desk.database.read(lambda session: session.execute(select(func.count(Postponed.event_id))).scalar_one())
    assert left == 0


def judged(desk: Desk, name: str, number: str) -> list[str]:
    return [each.flag for each in desk.do(name, lambda turn: approvals.judge(turn, picks_of_turn(turn, [number])))]


def test_it_flags_a_long_chain_only_while_others_still_sign(desk: Desk) -> None:
    number = desk.leave(days=5)
    assert judged(desk, HAN, number) == ["long"]
    desk.verb(HAN, number, tickets.sign)
    assert judged(desk, "王书记", number) == [""]
    done = desk.do("王书记", lambda turn: approvals.approve(turn, picks_of_turn(turn, [number])))
    assert [each.number for each in done.approved] == [number]


def test_it_takes_a_step_that_was_undone_for_no_talk(desk: Desk) -> None:
    number = desk.leave()
    desk.verb(HAN, number, tickets.sign)
    desk.verb(HAN, number, tickets.undo, now=START + 5 * SECOND)
    assert judged(desk, HAN, number) == [""]


def test_it_queues_what_climbed_to_the_reader(desk: Desk) -> None:
    number = desk.leave()

    def queued(name: str) -> list[str]:
        def query(session: Any) -> list[str]:
            return [card.number for card in views.queue(reading(session, name)).cards]

        found: list[str] = desk.database.read(query)
        return found

    assert (queued(HAN), queued("王书记")) == ([number], [])
    desk.verb("王书记", number, lambda turn, ticket: record(turn, ticket, "escalated", to=turn.person))
    assert (queued(HAN), queued("王书记")) == ([number], [number])
