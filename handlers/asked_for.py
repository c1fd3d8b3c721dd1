"""What is said to whoever asks whether somebody is there or wants to speak to somebody by name: who answers, and how to write."""

from __future__ import annotations

from sqlalchemy import select

from handlers import access, away_talk, consulting, directory, duties, duty_talk, live
from handlers.talks import Talk
from handlers.turn import Turn
from handlers.understand.presence import asks_there, wants
from models.grid import Shift
from models.message import Choice, Reply
from models.person import Person

Replies = tuple[Reply, ...]
LETTER = "long"  # the kind of question by which an item is a letter


def hear(turn: Turn, words: str) -> Replies | None:
    """The answer to 「王书记在吗」 or 「有人吗」; None for other words.

    The bot cannot see who sits where: it says who is entered as away or on duty, and that what is written gets an answer.
    """
    name = asks_there(words)
    if name is None:
        return None
    found = away_talk.colleagues(turn, name) if name else []
    lines = [turn.say("there.no_such", name=name)] if name and not found else []
    lines += [_of(turn, each) for each in found]
    if not name:
        lines.append(turn.say("there.anybody"))
    lines.append(duty_talk.duty(turn))
    return (Reply(text="\n".join(lines), choices=_ways(turn)),)


def wanted(turn: Turn, talk: Talk, words: str) -> Replies | None:
    """「找韩老师」 and nothing else: asks what to say, to that teacher where she answers for the student and is there, else
    to whoever does, which is said. None for other words, and for staff.
    """
    name = None if turn.person is not None and turn.person.kind == "staff" else wants(words)
    if name is None:
        return None
    found = away_talk.colleagues(turn, name)
    theirs = [
        each for each in found if turn.person is not None and access.reaches(turn.session, each, turn.person, turn.now)
    ]
    there = [each for each in theirs if not duties.is_away(turn.session, each.id, turn.now)]
    if len(there) == 1:
        return consulting.ask(turn, talk, to=there[0])
    if there:
        said = "" if consulting.receiver(turn) in there else turn.say("there.several", name=name)
    elif theirs:
        said = _of(turn, theirs[0])
    else:
        bound = turn.person is not None  # Nobody answers yet for whom nobody knows.
        said = (
            turn.say("there.not_yours", name=name)
            if found and bound
            else ""
            if found
            else turn.say("there.no_such", name=name)
        )
    return consulting.ask(turn, talk, head=said)


def _of(turn: Turn, person: Person) -> str:
    """Whether somebody is entered as away or on duty now, and else that nobody here can see it."""
    name = directory.name_of(person, turn.lang)
    if duties.is_away(turn.session, person.id, turn.now):
        other = duties.stand_in(turn.session, person.id, turn.now)
        key = "there.away" if other is not None else "there.away_nobody"
        return turn.say(key, name=name, stand_in=directory.name_of(other, turn.lang))
    watch = select(Shift.id).where(Shift.person_id == person.id, Shift.starts_at <= turn.now, Shift.ends_at > turn.now)
    on_duty = turn.session.execute(watch.limit(1)).first() is not None
    return turn.say("there.on_duty" if on_duty else "there.unseen", name=name)


def _ways(turn: Turn) -> tuple[Choice, ...]:
    """To a teacher, or to write a letter; staff have neither."""
    if turn.person is not None and turn.person.kind == "staff":
        return ()
    label = turn.say("way.human")
    human = Choice(label=label, send="w:human", words=label)
    letters = [item for item in turn.school.catalogue.offered() if any(field.kind == LETTER for field in item.fields)]
    return (human, *(Choice(label=live.label(turn, item, turn.person), send=f"g:{item.slug}") for item in letters[:1]))
