"""What staff say in chat of being away and of their shifts: that they are away, who stands in, and that they are back."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import or_, select

from handlers import absences, directory, owned, shift_talk, swaps
from handlers.turn import Turn
from handlers.understand import absences as understood
from handlers.understand.orders import read_order
from handlers.understand.slots import span_value
from handlers.understand.times import read_time, rest
from handlers.understand.times.values import Span
from models.absence import Absence
from models.grid import Duty
from models.message import Choice, Refused, Reply
from models.person import Person

Replies = tuple[Reply, ...]
Stretch = tuple[datetime, datetime]
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_MOST: Final = 6
_TITLED: Final = 2  # a surname and a title at the least: 王老师


def hear(turn: Turn, words: str) -> Replies | None:
    """Words about being away, being back, or one's shifts; None when they are about none of these."""
    if turn.person is None:
        return None
    if (said := shift_talk.answered(turn, words)) is not None:
        return said
    wish = understood.read(words)
    if wish is None and turn.person.kind == "staff":
        wish = understood.read_bare(words, rest(words, read_time(words, turn.said_at.astimezone(turn.school.zone))))
    if wish is None:
        return None
    if wish.kind == "swap":
        if turn.person.kind != "staff" and not swaps.mine(turn, 1):
            return None
        return shift_talk.mine(turn, wish.stand_in, colleagues(turn, wish.stand_in) if wish.stand_in else [])
    if turn.person.kind != "staff":
        return None
    if wish.kind == "list":
        return _listed(turn, turn.person)
    if wish.kind == "back":
        return _back(turn, turn.person, words)
    return _away(turn, wish)


def _listed(turn: Turn, person: Person) -> Replies:
    """The absences that are entered, each with the button that calls it off."""
    found = absences.to_come(turn, person.id)[:_MOST]
    return (Reply(text=turn.say("away.entered_list" if found else "away.not_away"), choices=offs(turn, found)),)


def offs(turn: Turn, found: list[Absence]) -> tuple[Choice, ...]:
    return tuple(
        Choice(label=turn.say("away.call_off", span=absences.span(turn, each)), send=f"w:shift:off:{each.id}")
        for each in found
    )


def _back(turn: Turn, person: Person, words: str) -> Replies | None:
    """End the absence that the speaker is in, and offer to call off those to come; None where a leave of one's own or a
    student's return is meant."""
    ended = absences.come_back(turn, person)
    found = absences.to_come(turn, person.id)[:_MOST]
    choices = offs(turn, found)
    if ended is not None:
        said = _welcome(turn, ended.stand_in_id)
        return (Reply(text=f"{said}\n{turn.say('away.still_to_come')}" if found else said, choices=choices),)
    if found:
        return (Reply(text=turn.say("away.not_begun"), choices=choices),)
    if read_order(words) is not None or any(each.back_at is not None for each in owned.open_of(turn)):
        return None
    return (Reply(text=turn.say("away.not_away")),)


def _welcome(turn: Turn, stand_in_id: str | None) -> str:
    other = turn.session.get(Person, stand_in_id) if stand_in_id else None
    if other is None:
        return turn.say("away.back")
    return turn.say("away.back_from", name=directory.name_of(other, turn.lang))


# -- away


def _away(turn: Turn, wish: understood.Wish) -> Replies:
    """Ask for what is missing, else show what would be entered, with a button that enters it."""
    stretches = when(turn, wish.when)
    found = colleagues(turn, wish.stand_in) if wish.stand_in else []
    if not stretches:
        return (Reply(text=turn.say("away.ask_when")),)
    if len(stretches) > 1:
        return (which_days(turn, stretches, found[0] if len(found) == 1 else None),)
    ((from_at, until_at),) = stretches
    if turn.person is not None:  # Days that are over are refused before anything is asked about them.
        absences.check(turn, turn.person, from_at, until_at, None)
    if wish.stand_in and not found:
        return (Reply(text=turn.say("away.who_is", name=wish.stand_in), choices=offer(turn, from_at, until_at)),)
    if len(found) > 1:
        said = turn.say("away.which_one", name=wish.stand_in)
        return (Reply(text=said, choices=people(turn, found, from_at, until_at)),)
    return (confirm(turn, from_at, until_at, found[0]) if found else _ask_who(turn, from_at, until_at),)


def which_days(turn: Turn, stretches: list[Stretch], stand_in: Person | None) -> Reply:
    """The words have two readings (「明天到周五」 on a Thursday): each as a button, none is taken unasked."""
    verb = "when" if stand_in is None else "show"
    choices = tuple(
        Choice(label=absences.said(turn, *each), send=send(verb, *each, stand_in)) for each in stretches[:_MOST]
    )
    return Reply(text=turn.say("away.which_days"), choices=choices)


def _ask_who(turn: Turn, from_at: datetime, until_at: datetime) -> Reply:
    said = turn.say("away.ask_who", span=absences.said(turn, from_at, until_at))
    return Reply(text=said, choices=offer(turn, from_at, until_at))


def confirm(turn: Turn, from_at: datetime, until_at: datetime, stand_in: Person | None) -> Reply:
    """What would be entered, and what it means for open tickets and shifts; nothing is entered yet."""
    person = turn.person
    if person is None:
        raise Refused("ticket.not_found")
    absences.check(turn, person, from_at, until_at, stand_in)
    left = absences.weigh(turn, person, from_at, until_at)
    span = absences.said(turn, from_at, until_at)
    values = {"span": span, "tickets": left.tickets, "shifts": left.shifts}
    if stand_in is None:
        said = turn.say("away.confirm_nobody", **values)
    else:
        said = turn.say("away.confirm", **values, name=directory.name_of(stand_in, turn.lang))
    before = absences.overlapping(turn, person, from_at, until_at)
    said = "\n".join([*(_replaced(turn, each) for each in before), said])
    yes = Choice(label=turn.say("away.enter"), send=send("away", from_at, until_at, stand_in), style="main",
                 words=turn.say("away.enter_words"))  # fmt: skip
    no = Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))
    return Reply(text=said, choices=(yes, no))


def _replaced(turn: Turn, absence: Absence) -> str:
    """That an absence is entered for some of these days already, and what becomes of it."""
    other = turn.session.get(Person, absence.stand_in_id) if absence.stand_in_id else None
    name = directory.name_of(other, turn.lang) or turn.say("card.nobody")
    return turn.say("away.entered_before", span=absences.span(turn, absence), name=name)


def when(turn: Turn, words: str) -> list[Stretch]:
    """From when to when, as it was said: several where the words have several readings, none where they tell no time.

    A vague stretch (「下周」) counts, since it is shown and confirmed; one that names only its end begins now.
    """
    time = read_time(words, turn.said_at.astimezone(turn.school.zone))
    readings = time.readings if time.ask == "two_readings" else (time,)
    return [found for found in (_stretch(turn, each) for each in readings) if found is not None]


def _stretch(turn: Turn, time: Span) -> Stretch | None:
    value = span_value(time)
    if value is not None:
        return datetime.fromisoformat(value["start"]), datetime.fromisoformat(value["end"])
    start = turn.said_at.replace(second=0, microsecond=0) if time.ask == "no_start" else time.start
    if time.ask in ("fuzzy", "no_start") and start is not None and time.end is not None and start < time.end:
        return start, time.end
    return None


def colleagues(turn: Turn, said: str) -> list[Person]:
    """Of the staff whoever is called so: by number, by name, or by surname and title (「王老师」)."""
    me = turn.person.id if turn.person else ""
    staff = select(Person).where(Person.kind == "staff", Person.active, Person.id != me).order_by(Person.number)
    exact = or_(Person.number == said.upper(), Person.name == said, Person.name_en == said)
    found = list(turn.session.execute(staff.where(exact).limit(_MOST)).scalars())
    if found or len(said) < _TITLED or not said.endswith(understood.TITLES):
        return found
    return list(turn.session.execute(staff.where(Person.name.startswith(said[0])).limit(_MOST)).scalars())


def offer(turn: Turn, from_at: datetime, until_at: datetime) -> tuple[Choice, ...]:
    """Colleagues beside whom the speaker has a duty or who lead, and nobody, as buttons."""
    person = turn.person
    if person is None:
        return ()
    mine = turn.session.execute(select(Duty.path).where(Duty.person_id == person.id)).scalars().all()
    near = {path.rstrip("/").rpartition("/")[0] + "/" for path in mine} | set(mine)
    beside = or_(*(Duty.path.startswith(path) for path in near if path.count("/") > 2), Duty.path.in_(mine))
    held = select(Duty.person_id).where(
        beside, Duty.from_at <= turn.now, or_(Duty.until_at.is_(None), Duty.until_at > turn.now)
    )
    wanted = select(Person).where(
        Person.id.in_(held), Person.active, Person.kind == "staff", Person.id != person.id
    ).order_by(Person.number).limit(_MOST)  # fmt: skip
    found = [each for each in turn.session.execute(wanted).scalars() if _may(turn, person, from_at, until_at, each)]
    nobody = Choice(label=turn.say("away.nobody"), send=send("show", from_at, until_at, None))
    return (*people(turn, found, from_at, until_at), nobody)


def _may(turn: Turn, person: Person, from_at: datetime, until_at: datetime, other: Person) -> bool:
    try:
        absences.check(turn, person, from_at, until_at, other)
    except Refused:
        return False
    return True


def people(turn: Turn, found: list[Person], from_at: datetime, until_at: datetime) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            label=turn.say("away.by", name=directory.name_of(each, turn.lang), number=each.number),
            send=send("show", from_at, until_at, each),
        )
        for each in found
    )


def send(verb: str, from_at: datetime, until_at: datetime, stand_in: Person | None) -> str:
    """The press that carries an absence: minutes since 1970 in letters, and the stand-in; it is checked again on arrival."""
    first, last = (_letters(int(each.timestamp()) // 60) for each in (from_at, until_at))
    return f"w:shift:{verb}:{first}:{last}:{stand_in.id if stand_in else ''}"


def _letters(number: int) -> str:
    found = ""
    while number:
        number, digit = divmod(number, 36)
        found = _DIGITS[digit] + found
    return found


def _instant(turn: Turn, letters: str) -> datetime:
    if not letters or len(letters) > 7 or any(mark not in _DIGITS for mark in letters):
        raise Refused("form.stale")
    try:
        return datetime.fromtimestamp(int(letters, 36) * 60, turn.school.zone)
    except (OverflowError, ValueError, OSError):
        raise Refused("form.stale") from None


# -- presses


def press(turn: Turn, send: str) -> Replies:
    """A button of this page of the talk: "w:shift:VERB:…". Refused for what nobody could have been shown."""
    _, _, verb, *rest = [*send.split(":"), "", "", ""]
    if turn.person is None:
        raise Refused("form.stale")
    if verb in ("away", "show", "when"):
        return (_press_away(turn, verb, rest),)
    if verb == "off":
        said = absences.span(turn, absences.cancel(turn, rest[0]))
        return (Reply(text=turn.say("away.called_off", span=said)),)
    return (shift_talk.press(turn, verb, rest[0], rest[1]),)


def _press_away(turn: Turn, verb: str, rest: list[str]) -> Reply:
    person = turn.person
    from_at, until_at = _instant(turn, rest[0]), _instant(turn, rest[1])
    stand_in = turn.session.get(Person, rest[2]) if rest[2] else None
    if person is None or person.kind != "staff" or (rest[2] and stand_in is None):
        raise Refused("form.stale")
    if verb == "when":
        return _ask_who(turn, from_at, until_at)
    if verb == "show":
        return confirm(turn, from_at, until_at, stand_in)
    absence = absences.declare(turn, person, from_at, until_at, stand_in)
    name = directory.name_of(stand_in, turn.lang)
    key = "away.entered" if stand_in is not None else "away.entered_nobody"
    return Reply(text=turn.say(key, span=absences.span(turn, absence), name=name))
