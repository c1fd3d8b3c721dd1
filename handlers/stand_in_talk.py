"""Who stands in for the speaker, in chat: asked (「谁代我」) and named (「我的代办人是王书记」); a stand-in belongs to days away."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from handlers import absences, away_talk, directory
from handlers.turn import Turn
from handlers.understand import stand_ins
from models.absence import Absence
from models.message import Choice, Reply
from models.person import Person

Replies = tuple[Reply, ...]
_MOST: Final = 4
_FRIDAY: Final = 4


def hear(turn: Turn, words: str) -> Replies | None:
    """The answer to words of staff about who stands in for them; None for other words."""
    person = turn.person
    wish = stand_ins.read(words) if person is not None and person.kind == "staff" else None
    if wish is None or person is None:
        return None
    entered = absences.to_come(turn, person.id)
    if wish.kind == stand_ins.ASKS:
        return _who(turn, entered)
    stretches = away_talk.when(turn, wish.when) if wish.when else []
    found = away_talk.colleagues(turn, wish.stand_in)
    if not found and not stretches and wish.when:
        return None  # 「这件事请学工处代我看看」 names nobody and no time: it is about something else.
    if len(stretches) > 1:
        return (away_talk.which_days(turn, stretches, found[0] if len(found) == 1 else None),)
    if not stretches:
        stretches = [(max(each.from_at, turn.now), each.until_at) for each in entered[:_MOST]]
        stretches = [each for each in stretches if each[0] < each[1]]
    if not stretches:
        return (_ask_when(turn, found, wish.stand_in),)
    if not found:
        said = turn.say("away.who_is", name=wish.stand_in)
        return (Reply(text=said, choices=away_talk.offer(turn, *stretches[0])),)
    if len(found) > 1:
        said = turn.say("away.which_one", name=wish.stand_in)
        return (Reply(text=said, choices=away_talk.people(turn, found, *stretches[0])),)
    if len(stretches) > 1:
        return (away_talk.which_days(turn, stretches, found[0]),)
    return (away_talk.confirm(turn, *stretches[0], found[0]),)


def _who(turn: Turn, entered: list[Absence]) -> Replies:
    """Who stands in now, and in the days to come; the way to name somebody where nobody does."""
    lines = []
    if not entered or entered[0].from_at > turn.now:
        lines.append(turn.say("stand_in.nobody_now"))
    for each in entered[:_MOST]:
        when = "now" if each.from_at <= turn.now else "then"
        other = turn.session.get(Person, each.stand_in_id) if each.stand_in_id else None
        key = f"stand_in.{when}" if other is not None else f"stand_in.{when}_nobody"
        name = directory.name_of(other, turn.lang)
        lines.append(turn.say(key, span=absences.span(turn, each), name=name))
    lines.append(turn.say("stand_in.how_to_change" if entered else "stand_in.how_to_name"))
    return (Reply(text="\n".join(lines), choices=away_talk.offs(turn, entered[:_MOST])),)


def _ask_when(turn: Turn, found: list[Person], said: str) -> Reply:
    """Nothing is entered and no days were said: somebody stands in for days that one is away, so these are asked for."""
    if not found:
        return Reply(text=turn.say("stand_in.no_such", name=said))
    if len(found) > 1:
        names = turn.say("form.or").join(
            turn.say("away.by", name=directory.name_of(each, turn.lang), number=each.number) for each in found
        )
        return Reply(text=turn.say("stand_in.several", name=said, names=names))
    choices = tuple(
        Choice(label=absences.said(turn, *each), send=away_talk.send("show", *each, found[0])) for each in _usual(turn)
    )
    name = directory.name_of(found[0], turn.lang)
    return Reply(text=turn.say("stand_in.which_days", name=name), choices=choices)


def _usual(turn: Turn) -> list[tuple[datetime, datetime]]:
    """The stretches that are offered: the rest of today, tomorrow, and from today to the end of this Friday."""
    start = turn.now.replace(second=0, microsecond=0)
    first, day = turn.today, timedelta(days=1)
    ends = [datetime.combine(first + count * day, time(), turn.school.zone) for count in (1, 2)]
    friday = first + (_FRIDAY - first.weekday()) % 7 * day
    week = datetime.combine(friday + day, time(), turn.school.zone)
    return [(start, ends[0]), (ends[0], ends[1]), *([(start, week)] if week > ends[1] else [])]
