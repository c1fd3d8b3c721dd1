"""Answers whoever asks whether one student is here (「李雷在校吗」), by the leaves that run now, or why (「李雷为什么请假」)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import or_, select

from handlers import access, directory, lists, wording
from handlers.turn import Turn
from handlers.understand.presence import asks_of_student, asks_why_away
from handlers.views import on_leave
from models.message import Choice, Link, Reply
from models.person import Person

OVERDUE: Final = "overdue"  # the state of a row of who is away
PAGE: Final = "/console/on-leave"
MOST: Final = 3  # students of one name that are told of


def hear(turn: Turn, words: str) -> tuple[Reply, ...] | None:
    """Whether the student who is named is on leave now, and until when; None for other words, and for a name of nobody of the
    speaker's areas."""
    if turn.person is None:
        return None
    if (name := asks_why_away(words)) != "":
        return _why(turn, name)
    name = asks_of_student(words) if turn.person.kind == "staff" else ""
    found = _students(turn, name) if name else []
    return _told(turn, found) if found else None


def _why(turn: Turn, name: str) -> tuple[Reply, ...]:
    """Who asks for somebody's reason is told who reads it, and whatever else they may know of that student: never the reason,
    which stands where whoever decides opens it."""
    if turn.person is None or turn.person.kind != "staff":
        return (Reply(text=turn.say("whereabouts.why_not")),)
    found = _students(turn, name)
    if not found:
        return (Reply(text=turn.say("whereabouts.why_elsewhere")),)
    (first, *more) = _told(turn, found)
    sees = lists.of_student(turn, found[0].name) is not None
    said = turn.say("whereabouts.why_there" if sees else "whereabouts.why_not_staff")
    return (first.model_copy(update={"text": f"{said}\n{first.text}"}), *more)


def _told(turn: Turn, found: list[Person]) -> tuple[Reply, ...]:
    """Whether these students are on leave now, and until when."""
    link = Link(label=turn.say("console.on_leave"), url=f"{turn.school.base_url}{PAGE}?on={turn.today:%Y-%m-%d}")
    if turn.abroad:  # Who is away stays on the school's own page.
        return (Reply(text=turn.say("whereabouts.on_page"), link=link),)
    rows = [row for row in on_leave.away(turn, turn.today).rows if row.leave.back is None]
    lines: list[str] = []
    choices: list[Choice] = []
    for student in found:
        theirs = [row for row in rows if row.leave.student == student.number]
        running = next((row for row in theirs if row.leave.start <= turn.now), None)
        row = running or next(iter(theirs), None)
        called = directory.name_of(student, turn.lang)
        called = called if len(found) == 1 else turn.say("whereabouts.one_of", name=called, number=student.number)
        if row is None:
            lines.append(turn.say("whereabouts.here", name=called))
            continue
        key = "later" if running is None else "overdue" if row.status == OVERDUE else "away"
        key = "on_campus" if key == "away" and row.leave.leaves_campus is False else key
        at = wording.until(row.leave.end, turn.lang, turn.school.zone, turn.today)
        lines.append(turn.say(f"whereabouts.{key}", name=called, span=row.span, at=at))
        if running is not None and row.leave.books:
            label = turn.say("keeper.back", name=row.leave.person)
            send = Choice(
                label=label,
                send=f"k:{row.leave.ticket_id}",
                words=turn.say("keeper.back_words", number=row.leave.ticket),
            )
            choices.append(send)
    matters = lists.of_student(turn, found[0].name) if len(found) == 1 else None
    if matters is not None:
        lines += ["", matters.text]
        choices += matters.choices
    return (Reply(text="\n".join(lines), choices=tuple(choices), link=link),)


def _students(turn: Turn, name: str) -> list[Person]:
    """The students of this name in the areas of whose absences the speaker may know."""
    own = access.looks_at(turn.session, turn.person, turn.now) if turn.person is not None else ()
    if not own:
        return []
    columns = (Person.academic_path, Person.residential_path)
    here = or_(*(column.startswith(path, autoescape=True) for path in own for column in columns))
    called = or_(Person.name == name, Person.name_en == name)
    wanted = select(Person).where(Person.kind == "student", Person.active, called, here)
    return list(turn.session.execute(wanted.order_by(Person.number).limit(MOST)).scalars())
