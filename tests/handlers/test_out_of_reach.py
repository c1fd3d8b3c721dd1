"""Whoever is kept out of a matter finds it by no reading of the product, and everybody else who may goes on finding it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy.orm import Session

from handlers import answering_many, figures, lists, own_reminders, serving, tally, tickets
from handlers.approvals import Pick
from handlers.figures import Asked
from handlers.turn import Turn
from handlers.views import approvals, inbox, inbox_side, records, students, ticket_others
from handlers.views import tags as views_tags
from handlers.views import ticket as views_ticket
from handlers.views.inbox_filter import read
from models.ticket import Ticket
from tests.builders import START, leave_answers, own_catalogue, person_of, turn_of

TAG: Final = "亲属"
DAYS: Final = Asked(START.date(), START.date())
# Every way in which staff find a matter, by what it is found with; each answers with something that tells of it.
READINGS: Final[dict[str, Callable[[Turn, Ticket], Any]]] = {
    "inbox": lambda turn, _: inbox.inbox(turn, read({"view": "all"})).rows,
    "counts": lambda turn, _: [key for key, count in inbox.inbox(turn, read({})).counts.items() if count],
    "search by number": lambda turn, ticket: inbox.all_ids(turn, read({"view": "all", "q": ticket.number}), 9)[0],
    "search by name": lambda turn, _: inbox.all_ids(turn, read({"view": "all", "q": "李雷"}), 9)[0],
    "filter by tag": lambda turn, _: inbox.all_ids(turn, read({"view": "all", "tag": TAG}), 9)[0],
    "picked rows": lambda turn, ticket: inbox.rows_of(turn, [ticket.id]),
    "picked to be answered": lambda turn, ticket: answering_many.look(turn, [Pick(ticket.id, ticket.rev)], "note").judged,
    "page": lambda turn, ticket: views_ticket.show(turn, ticket.number),
    "stream of the page": lambda turn, ticket: ticket_others.standing(turn, ticket.number),
    "approvals": lambda turn, _: approvals.queue(turn).cards,
    "whose approval": lambda turn, ticket: approvals.name_of(turn, ticket.number),
    "student": lambda turn, _: [each.row.number for each in _of_student(turn)],
    "tags": lambda turn, _: views_tags.page(turn).lines,
    "figures": lambda turn, _: figures.count(turn, DAYS, "opened"),
    "figures by tag": lambda turn, _: figures.figures(turn, DAYS).by_tag,
    "behind a figure": lambda turn, _: figures.behind(turn, DAYS, "opened")[0],
    "reminders": lambda turn, _: own_reminders.mine(turn),
    "beside the inbox": lambda turn, _: inbox_side.of(turn).reminders,
    "chat": lambda turn, ticket: lists.by_tail(turn, ticket.number[-4:]),
    "chat by name": lambda turn, _: lists.of_student(turn, "李雷"),
    "API, one": lambda turn, ticket: records.whole(turn, ticket.number, sensitive=True, acts=True),
    "API, all": lambda turn, _: records.page(turn, records.Wanted(), "", 9, sensitive=True)[0],
}  # fmt: skip


def _of_student(turn: Turn) -> Any:
    shown = students.show(turn, "2023001")
    return shown.open if shown is not None else ()


def finds(session: Session, who: str, ticket: Ticket) -> set[str]:
    return {name for name, look in READINGS.items() if look(turn_of(session, who), ticket)}


def test_it_is_found_by_nobody_who_is_kept_out(session: Session) -> None:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), own_catalogue().items["leave"], leave_answers())
    for who in ("韩老师", "王书记"):
        tickets.snooze(turn_of(session, who), ticket, START.replace(hour=23))
    tickets.tag(turn_of(session, "韩老师"), ticket, TAG)
    session.flush()
    tally.score(turn_of(session), [ticket.id])
    assert finds(session, "韩老师", ticket) == READINGS.keys()
    before = finds(session, "王书记", ticket)
    tickets.recuse(turn_of(session, "韩老师"), ticket, person_of(session, "韩老师"))
    session.flush()
    tally.score(turn_of(session), [ticket.id])
    assert finds(session, "韩老师", ticket) == set()
    assert finds(session, "王书记", ticket) >= before


def test_it_is_not_listed_with_the_student_either_where_staff_wrote_it_down(session: Session) -> None:
    """What is written down at the desk is listed with its student whoever answers for it, without what was answered."""
    answers = {"topic": "other", "letter": "韩老师当着全班骂我，我要投诉"}
    ticket = serving.open_for(turn_of(session, "王书记"), "2023001", "youth-mailbox", answers, "desk", "abcdefgh")
    tickets.tag(turn_of(session, "学工部长"), ticket, TAG)
    (listed,) = _of_student(turn_of(session, "王书记"))
    assert (listed.row.number, listed.row.about, listed.row.tags) == (ticket.number, "", ())
    tickets.recuse(turn_of(session, "学工部长"), ticket, person_of(session, "王书记"))
    assert _of_student(turn_of(session, "王书记")) == ()
    assert _of_student(turn_of(session, "韩老师")) == ()
