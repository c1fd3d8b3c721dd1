"""The lessons that a leave takes by the weekly plan, and the copy for the record that their teachers get (备案)."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from sqlalchemy import select

from handlers import directory, informing, wording
from handlers.services.leave.spans import span_of
from handlers.turn import Turn
from models.base import new_id
from models.courses import Missed, touched, unplanned
from models.message import Link, Reply
from models.person import Person
from models.ticket import Ticket

SHOWN: Final = 6  # lessons in one message or line
PAGE: Final = "/console/on-leave"


def missed(turn: Turn, ticket: Ticket) -> list[Missed]:
    """What a leave takes of its student's courses; [] where the settings name none."""
    student = turn.session.get(Person, ticket.requester_id) if turn.school.courses and ticket.requester_id else None
    if student is None or not student.academic_path:
        return []
    codes = student.academic_path.strip("/").split("/")
    span = span_of(turn, ticket.answers)
    return list(touched(turn.school.courses, codes, span, turn.lessons, turn.school.seasons))


def line(turn: Turn, ticket: Ticket) -> tuple[str, ...]:
    """What whoever decides reads of it: 「要缺的课：…」; () for nothing."""
    found = missed(turn, ticket)
    said = (turn.say("course.missed", lessons=turn.say("form.or").join(_shown(turn, found))),) if found else ()
    odd = unplanned(span_of(turn, ticket.answers), turn.school.seasons) if turn.school.courses else []
    days = turn.say("form.or").join(wording.day(day, turn.lang, turn.today) for day in odd)
    return (*said, turn.say("course.unplanned", days=days)) if odd else said


def tell(turn: Turn, ticket: Ticket, *, given: bool) -> None:
    """Tell each teacher whose lessons are missed that the leave was agreed to, or that it is none after all: whose and
    which lessons, neither kind nor reason, and nothing to answer."""
    found = sorted(missed(turn, ticket), key=lambda each: each.course.teacher)
    for number, rows in groupby(found, key=lambda each: each.course.teacher):
        teacher = turn.session.execute(select(Person).where(Person.number == number, Person.kind == "staff")).scalar()
        theirs = sorted(rows, key=lambda each: each.on)

        def compose(there: Turn, theirs: list[Missed] = theirs) -> Reply:
            return _copy(there, ticket, theirs, given=given)

        informing.inform(turn, teacher, compose, f"course:{new_id(turn.now)}")


def _copy(turn: Turn, ticket: Ticket, rows: list[Missed], *, given: bool) -> Reply:
    link = Link(label=turn.say("console.on_leave"), url=f"{turn.school.base_url}{PAGE}?on={rows[0].on:%Y-%m-%d}")
    if turn.abroad:  # No name of a student leaves the country.
        return Reply(text=turn.say("course.told_abroad" if given else "course.taken_abroad"), link=link)
    student = turn.session.get(Person, ticket.requester_id)
    place = directory.grid_name(turn.session, student.academic_path if student else None, turn.lang)
    values = {"name": directory.name_of(student, turn.lang), "place": place, "lessons": "\n".join(_shown(turn, rows))}
    return Reply(text=turn.say("course.told" if given else "course.taken", **values))


def _shown(turn: Turn, rows: list[Missed]) -> list[str]:
    said = [
        turn.say(
            "course.one" if each.course.first == each.course.last else "course.lessons",
            day=wording.day(each.on, turn.lang, turn.today), first=each.course.first, last=each.course.last,
            course=each.course.name,
        ).strip()
        for each in rows[:SHOWN]
    ]  # fmt: skip
    return said if len(rows) <= SHOWN else [*said, turn.say("course.more", count=len(rows))]
