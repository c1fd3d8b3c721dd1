"""Progress ends nothing: the time to the end runs on, the figures have no end of it, and a press makes it the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import answering_many, cards, limits, progressing, tally, tickets
from handlers.approvals import Pick
from handlers.turn import Turn
from models.correction import WITHIN
from models.message import Refused
from models.score import Score
from models.ticket import Event, Status, Ticket
from tests.builders import START, leave_answers, make_school, told, turn_of

SCHOOL = make_school()
REPAIR = {"what": "water", "where": "东园1号楼203", "detail": "水管爆了"}
MINUTE = timedelta(minutes=1)
ON_THE_WAY, DONE = "已联系师傅，明天上门", "已修好，请试一下"


def by(session: Session, name: str = "后勤老师", now: datetime = START) -> Turn:
    return turn_of(session, name, now, school=SCHOOL)


def repair(session: Session) -> Ticket:
    return tickets.open_ticket(by(session, "李雷"), SCHOOL.catalogue.items["dorm-repair"], dict(REPAIR))


def promised(session: Session, ticket: Ticket, now: datetime = START) -> set[str]:
    turn = by(session, now=now)
    return set(limits.targets_at(turn, ticket, limits.marks(turn, ticket)))


def course(session: Session, ticket: Ticket) -> list[tuple[str, str]]:
    return [(each.kind, each.key) for each in tickets.events_of(by(session), ticket)]


def refusal(act: Callable[[Turn, Ticket, str], None], turn: Turn, ticket: Ticket, words: str = "") -> str:
    with pytest.raises(Refused) as refused:
        act(turn, ticket, words)
    assert turn.say(refused.value.key, **refused.value.values)
    return refused.value.key


def test_it_answers_by_progress_and_ends_nothing(session: Session) -> None:
    ticket = repair(session)
    assert promised(session, ticket) == {"respond", "resolve"}
    tickets.reply(by(session, now=START + MINUTE), ticket, ON_THE_WAY)
    assert (ticket.status, ticket.is_open, promised(session, ticket)) == (Status.in_progress, True, {"resolve"})
    assert ticket.due_at is not None
    assert "进展" in told(session, "李雷")[-1]
    tickets.add(by(session, "李雷", START + 2 * MINUTE), ticket, "那什么时候来？")
    assert promised(session, ticket) == {"next", "resolve"}, "What is asked after it wants an answer of its own."
    tickets.progress(by(session, now=START + 3 * MINUTE), ticket, "配件到了")
    assert promised(session, ticket) == {"resolve"}
    assert course(session, ticket)[-1] == ("replied", "progress")
    tally.score(by(session), [ticket.id])
    row = session.execute(select(Score).where(Score.ticket_id == ticket.id)).scalar_one()
    assert (row.answered_at, row.ended_at, row.asked_help) == (START + MINUTE, None, False)


def test_it_makes_progress_the_answer_and_takes_that_back(session: Session) -> None:
    ticket = repair(session)
    tickets.reply(by(session), ticket, ON_THE_WAY)
    assert progressing.verbs(by(session), ticket) == ["progress", "conclude"]
    tickets.conclude(by(session, now=START + MINUTE), ticket)
    last = session.execute(select(Event).where(Event.ticket_id == ticket.id, Event.rev == ticket.rev)).scalar_one()
    assert (last.kind, last.words, ticket.status) == ("resolved", ON_THE_WAY, Status.resolved)
    assert refusal(tickets.resolve, by(session), ticket) == "progress.done_already"
    tickets.undo(by(session, now=START + 2 * MINUTE), ticket)
    assert (ticket.status, promised(session, ticket)) == (Status.in_progress, {"resolve"})


def test_it_goes_on_where_a_reply_was_no_end(session: Session) -> None:
    ticket = repair(session)
    tickets.reply(by(session), ticket, DONE)
    assert ticket.status == Status.resolved
    assert progressing.verbs(by(session), ticket) == ["unfinished"]
    assert "unfinished" in cards.more_verbs(by(session), ticket, by(session).person)
    before = len(told(session, "李雷"))
    tickets.keep_open(by(session, now=START + WITHIN), ticket)
    assert [kind for kind, _ in course(session, ticket)][-3:] == ["resolved", "undone", "replied"]
    assert (ticket.status, ticket.resolution, promised(session, ticket)) == (Status.in_progress, None, {"resolve"})
    assert refusal(tickets.keep_open, by(session), ticket) == "progress.open_already"
    session.flush()
    assert len(told(session, "李雷")) <= before + 1, "One message says it: the taking back is not told beside it."


@pytest.mark.parametrize("way", ["late", "judged", "by hand"])
def test_it_does_not_go_on_where_the_answer_stands(session: Session, way: str) -> None:
    ticket = repair(session)
    (tickets.resolve if way == "by hand" else tickets.reply)(by(session), ticket, DONE)
    if way == "judged":
        tickets.confirm(by(session, "李雷"), ticket)
    now = START + WITHIN + timedelta(seconds=1) if way == "late" else START
    assert progressing.verbs(by(session, now=now), ticket) == []
    assert refusal(tickets.keep_open, by(session, now=now), ticket) == "progress.too_late"
    assert refusal(tickets.progress, by(session), ticket, ON_THE_WAY) == "progress.ended"


def test_it_is_the_answer_of_a_chain_that_progress_is_none_of(session: Session) -> None:
    leave = tickets.open_ticket(by(session, "李雷"), SCHOOL.catalogue.items["leave"], leave_answers())
    turn = by(session, "韩老师")
    tickets.reply(turn, leave, ON_THE_WAY)
    assert course(session, leave)[-1] == ("replied", ""), "A reply ends nothing where a signature is owed."
    assert progressing.verbs(turn, leave) == []
    assert refusal(tickets.conclude, turn, leave) == "progress.none"


def test_it_tells_progress_to_several_at_once(session: Session) -> None:
    first, second = repair(session), repair(session)
    session.flush()
    picks = [Pick(each.id, each.rev) for each in (first, second)]
    done, at_once = answering_many.answer(by(session), picks, "reply", "正在处理，有进展告诉你")
    assert (len(done.approved), at_once, first.is_open, second.is_open) == (2, 2, True, True)
    picks = [Pick(each.id, each.rev) for each in (first, second)]
    answering_many.answer(by(session), picks, "progress", "换好了一半")
    assert [each.status for each in (first, second)] == [Status.in_progress] * 2
    done, at_once = answering_many.answer(by(session), [Pick(first.id, first.rev)], "reply", "换好了")
    assert (len(done.approved), at_once, first.status) == (1, 0, Status.resolved)


def test_it_passes_words_on_to_whoever_answered(session: Session) -> None:
    ticket = repair(session)
    assert refusal(tickets.tell, by(session, "李雷"), ticket, "水还在滴") == "ticket.already"
    tickets.reply(by(session), ticket, DONE)
    tickets.tell(by(session, "李雷"), ticket, "水还在滴")
    assert "水还在滴" in told(session, "后勤老师")[-1]
    assert (ticket.status, course(session, ticket)[-1]) == (Status.resolved, ("added", ""))
