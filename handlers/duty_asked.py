"""Who is on duty on another day, in certain hours or at one place, as it is asked in chat."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from sqlalchemy import BindParameter, bindparam, func, or_, select

from handlers import access, alarms, directory, duties, duty_talk, on_call, wording
from handlers.roster_holes import holes
from handlers.turn import Turn
from handlers.understand.absences import names_another_day
from handlers.understand.duty import Place, asks_duty, asks_gaps, asks_roster, is_short, named_place, place_of
from handlers.understand.times import read_time
from models.base import Instant
from models.grid import Grid, Shift
from models.message import Link
from models.person import Person

MOST: Final = 12  # shifts that one answer lists: two days of three, of a pair each
MOST_OF_TABLE: Final = 24  # … that a table has: a week of three a day, and some more
MOST_AREAS: Final = 8  # of a leader's answer; the console's week view has all
_PATHS: BindParameter[list[str]] = bindparam("paths", expanding=True)
_SHIFTS = (
    select(Person, Shift)
    .join(Shift, Shift.person_id == Person.id)
    .where(Shift.path.in_(_PATHS), Person.active)
    .where(Shift.starts_at < bindparam("end", type_=Instant()), Shift.ends_at > bindparam("start", type_=Instant()))
    .order_by(func.length(Shift.path).desc(), Shift.starts_at, Shift.ends_at, Person.number)
)
_NAMED = (
    select(Grid.path)
    .where(Grid.name != "", func.length(Grid.name) > 1)
    .where(bindparam("words").contains(Grid.name))
    .order_by(func.length(Grid.name).desc())
    .limit(1)
)
# A short name begins as the name does (学工处: 学生工作处), or stands in it whole.
_LIKE = (
    select(Grid.path)
    .where(or_(Grid.name.like(bindparam("parts"), escape="/"), Grid.name.contains(bindparam("whole"))))
    .order_by(func.length(Grid.path), Grid.path)
    .limit(50)
)
Stretch = tuple[datetime, datetime]
_DAY: Final = timedelta(days=1)


def said(turn: Turn, words: str) -> str:
    """Who is on duty when and where the words ask; for now also who answers for the speaker."""
    if turn.person is not None and turn.person.kind == "staff" and asks_gaps(words):
        return _gaps(turn)
    found = asked(turn, words)
    if found is not None:
        return found
    now = duty_talk.duty(turn)
    if asks_roster(words) and not names_another_day(words):
        return f"{now}\n{turn.say('duty.whole_week')}"
    return f"{turn.say('duty.only_now')}\n{now}" if names_another_day(words) else now


def week_page(turn: Turn, words: str) -> Link | None:
    """For staff who ask for the table: the console's page of that week."""
    if turn.person is None or turn.person.kind != "staff" or not asks_roster(words):
        return None
    stretch = _stretch(turn, words)
    first = (stretch[0] if stretch is not None else turn.now).astimezone(turn.school.zone).date()
    monday = first - timedelta(days=first.weekday())
    url = f"{turn.school.base_url.rstrip('/')}/console/duty?week={monday}"
    return Link(label=turn.say("duty.week_page"), url=url)


def _gaps(turn: Turn) -> str:
    """For staff: the hours of the coming week in which nobody is on duty, in the areas within their reach."""
    reached = access.paths_of(turn.session, turn.person, turn.now) if turn.person is not None else ()
    found = [
        hole for hole in holes(turn.session, turn.now)
        if any(hole.path.startswith(path) or path.startswith(hole.path) for path in reached)
    ]  # fmt: skip
    if not found:
        return turn.say("duty.no_gaps")
    more = [turn.say("duty.gaps_more", count=len(found) - MOST)] if len(found) > MOST else []
    lines = [alarms.say_hole(turn, hole) for hole in found[:MOST]]
    return "\n".join([turn.say("alarm.holes", count=len(found)), *lines, *more, turn.say("alarm.holes_how")])


def asked(turn: Turn, words: str) -> str | None:
    """The answer to words about another day, certain hours or one place; None where they ask for now and no place."""
    if not asks_duty(words):
        return None
    stretch, (path, unknown) = _stretch(turn, words), _place(turn, words)
    if unknown:
        return turn.say("duty.no_place", name=unknown)
    if stretch is None:
        return None if path is None else _now(turn, path)
    most = MOST_OF_TABLE if asks_roster(words) else MOST
    said = [_then(turn, each, stretch, most) for each in ([path] if path else _places(turn))]
    found = list(dict.fromkeys(line for line in said if line))
    if found and not asks_roster(words) and stretch[0] == turn.now and stretch[1] - stretch[0] > _DAY:
        found.append(turn.say("duty.rest"))
    if not found and path is None:
        found = [_then(turn, each, stretch) for each in _below(turn, stretch)]
    # A class has no roster of its own, so only a place that was asked for is named.
    area = turn.say("duty.there", area=directory.grid_name(turn.session, path, turn.lang)) if path else ""
    if not found and path is not None:
        # Somebody who asks wants a person: whoever is there elsewhere is named as well.
        others = [line for each in _places(turn) if (line := _then(turn, each, stretch))]
        if others:
            nobody = turn.say("duty.nobody_then", when=_when(turn, stretch), area=area)
            return "\n".join([nobody, *dict.fromkeys(others)])
    return "\n".join(found) or turn.say("duty.none_then", when=_when(turn, stretch), area=area)


def _stretch(turn: Turn, words: str) -> Stretch | None:
    """From when to when is asked about; None for now, and for what cannot be told."""
    time = read_time(words, turn.said_at.astimezone(turn.school.zone))
    if time.start is None:
        return None
    if time.kind == "point":
        soon = abs(time.start - turn.now) < timedelta(minutes=1)
        return None if soon else (time.start, time.start + timedelta(minutes=1))
    if time.end is None or time.end <= time.start:
        return None
    # Of a day that has begun the rest is meant, of a table the whole.
    if asks_roster(words):
        return time.start, time.end
    return (max(time.start, turn.now) if time.end > turn.now else time.start), time.end


def _place(turn: Turn, words: str) -> tuple[str | None, str]:
    """The place that is asked about: the speaker's own dormitory or college, the school, or an area by its name or a
    part of it; and the name of one that is not known, or could be several, "" otherwise."""
    place = place_of(words)
    if place is Place.school:
        return directory.root_path(turn.session), ""
    named: str | None = turn.session.execute(_NAMED, {"words": words}).scalar()
    if named is not None:
        return named, ""
    own = _places(turn)
    names, is_sure = named_place(words)
    for name in names:
        found = _called(turn, name)
        mine = [path for path in found if any(each.startswith(path) for each in own)]
        if len(found) == 1 or len(mine) == 1:
            return (mine or found)[0], ""
        if found:
            return None, name
    if is_sure:
        return None, names[0]
    if place is None or turn.person is None:
        return None, ""
    return (turn.person.residential_path if place is Place.residential else turn.person.academic_path), ""


def _called(turn: Turn, name: str) -> list[str]:
    """The areas that a short name may mean; what lies below one of them is left out, since the wider one is meant."""
    plain = name.replace("/", "//").replace("%", "/%").replace("_", "/_") if not name.isalnum() else "%".join(name)
    values = {"parts": f"{plain}%" if is_short(name) else name, "whole": name}
    found: list[str] = []
    for path in turn.session.execute(_LIKE, values).scalars():
        if not any(path.startswith(wider) for wider in found):
            found.append(path)
    return found


def _places(turn: Turn) -> list[str]:
    own = [turn.person.academic_path, turn.person.residential_path] if turn.person is not None else []
    return [place for place in own if place] or [directory.root_path(turn.session)]


def _below(turn: Turn, stretch: Stretch) -> list[str]:
    """For staff above all rosters: the areas in their reach in which somebody is on duty then."""
    reached = access.paths_of(turn.session, turn.person, turn.now) if turn.person is not None else ()
    if not reached:
        return []
    wanted = select(Shift.path).where(Shift.starts_at < stretch[1], Shift.ends_at > stretch[0])
    wanted = wanted.where(or_(*(Shift.path.startswith(path, autoescape=True) for path in reached)))
    return list(turn.session.execute(wanted.distinct().order_by(Shift.path).limit(MOST_AREAS)).scalars())


def _now(turn: Turn, path: str) -> str:
    there = duty_talk.on_duty_at(turn, path)
    if there:
        return "\n".join(there)
    area = directory.grid_name(turn.session, path, turn.lang)
    # Somebody who asks wants a person: whoever is there elsewhere is named as well.
    return f"{turn.say('duty.nobody_at', area=area)}\n{duty_talk.now_on_duty(turn)}"


def _then(turn: Turn, path: str, stretch: Stretch, most: int = MOST) -> str:
    """Who is on duty in a stretch for the nearest area that has shifts in it, a line each; "" where nobody is."""
    values = {"paths": duties.up(path), "start": stretch[0], "end": stretch[1]}
    rows = [(_here(turn, person, max(shift.starts_at, stretch[0])), shift)
            for person, shift in turn.session.execute(_SHIFTS, values)]  # fmt: skip
    there = [(person, shift) for person, shift in rows if person is not None]
    there = [(person, shift) for person, shift in there if shift.path == there[0][1].path]
    if not there:
        return ""
    area = directory.grid_name(turn.session, there[0][1].path, turn.lang)
    lines = [turn.say("duty.then", when=_when(turn, stretch), area=area)]
    for span, found in groupby(there, key=lambda row: (row[1].starts_at, row[1].ends_at)):
        names = turn.say("form.or").join(dict.fromkeys(directory.name_of(person, turn.lang) for person, _ in found))
        lines.append(turn.say("duty.then_line", span=_span(turn, span), names=names))
    more = len(lines) - 1 - most
    if more > 0:
        lines = [*lines[: most + 1], turn.say("duty.then_more", count=more)]
    phone = on_call.duty_line(turn.session, path)
    return "\n".join([*lines, turn.say("duty.line", phone=phone)] if phone else lines)


def _here(turn: Turn, person: Person, at: datetime) -> Person | None:
    """Who will be there: the person, whoever stands in, or nobody."""
    if not duties.is_away(turn.session, person.id, at):
        return person
    return duties.stand_in(turn.session, person.id, at)


def _when(turn: Turn, stretch: Stretch) -> str:
    start, end = (each.astimezone(turn.school.zone) for each in stretch)
    if (end - start) <= timedelta(minutes=1):
        return wording.moment(start, turn.lang, turn.school.zone, turn.today)
    first, last = start.date(), (end - timedelta(seconds=1)).date()
    said = [wording.day(each, turn.lang, turn.today) for each in ([first] if first == last else [first, last])]
    return turn.say("duty.days", first=said[0], last=said[1]) if len(said) > 1 else said[0]


def _span(turn: Turn, span: Stretch) -> str:
    local = [each.astimezone(turn.school.zone) for each in span]
    timed = any(each.hour or each.minute for each in local)
    value = {"start": local[0].isoformat(), "end": local[1].isoformat(), "timed": (timed, timed)}
    return wording.span(value, turn.lang, turn.school.zone, turn.today)
