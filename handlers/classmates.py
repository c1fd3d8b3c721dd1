"""A class officer (班长) fills in leave for a classmate, who looks it over and hands it in, or drops it: nobody asks in
another's name."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sqlalchemy import and_, or_, select

from handlers import access, directory, field_times, fields, informing, talks, wording
from handlers.talks import Draft, Talk
from handlers.turn import Turn
from handlers.understand.for_others import read_for
from handlers.understand.slots import fill
from models.base import new_id
from models.item import Item
from models.message import Choice, Reply
from models.person import Person

Replies = tuple[Reply, ...]
LOOK: Final = "filled"  # 核对: what a class officer filled in comes up
DROP: Final = "unfilled"  # 不用: it is dropped
ANEW: Final = "anew"  # 重新填: the words that would have begun another form begin it
_LABELS: Final = {LOOK: "classmate.look", DROP: "classmate.drop"}


def hear(turn: Turn, words: str) -> Replies | None:
    """What a student asks for a classmate, sent to the classmate as a half-filled form; None for words that name none."""
    if turn.person is None or turn.person.kind != "student":
        return None
    who, wish = read_for(words)
    item = next((each for each in turn.school.catalogue.offered() if "leave.request" in each.intents), None)
    mates = _mates(turn, who) if who else []
    if item is None or item.leave is None or not mates or turn.person.id in {each.id for each in mates}:
        return None
    roles = item.leave.files_for
    able = [each for each in mates if roles and access.is_officer_for(turn.session, turn.person, each, roles, turn.now)]
    if not able:
        return (Reply(text=turn.say("classmate.own", name=who)),)
    if len(able) > 1:
        numbers = turn.say("form.or").join(each.number for each in able)
        return (Reply(text=turn.say("classmate.which", name=who, numbers=numbers)),)
    return (_send(turn, item, able[0], wish),)


def _mates(turn: Turn, who: str) -> list[Person]:
    """Students who are called so, or have this number in the speaker's own class: a number tells nobody whose it is."""
    mine = turn.person.academic_path if turn.person is not None else None
    named = or_(
        Person.name == who, Person.name_en == who, and_(Person.number == who.upper(), Person.academic_path == mine)
    )
    here = select(Person).where(named, Person.kind == "student", Person.active).order_by(Person.number).limit(5)
    return list(turn.session.execute(here).scalars())


def waiting(talk: Talk, slug: str = "") -> Draft | None:
    """What somebody else filled in and the speaker has not looked at yet; of an item, or of any."""
    return next((each for each in talk.drafts if each.by and each.shelved and slug in ("", each.service)), None)


def word(turn: Turn, talk: Talk, words: str) -> str:
    """LOOK or DROP where words are those of a button under what was filled in and still waits; else ""."""
    said = "".join(mark for mark in words[:40] if mark.isalnum() or mark == " ").strip().lower()
    if waiting(talk) is None:
        return ""
    names = {turn.to(lang).say(key).lower(): which for lang in ("zh", "en") for which, key in _LABELS.items()}
    return names.get(said, "")


def ask(turn: Turn, talk: Talk, item: Item, words: str) -> Replies | None:
    """Whether a new form takes the place of the one that was filled in and not looked at; None where none waits."""
    draft = waiting(talk, item.slug)
    if draft is None:
        return None
    draft.held = words
    choices = tuple(Choice(label=turn.say(f"classmate.{way}"), send=f"w:{way_}") for way, way_ in (
        ("look", LOOK), ("anew", ANEW)
    ))  # fmt: skip
    return (Reply(text=turn.say("classmate.which_form", title=item.title.to(turn.lang)), choices=choices),)


def _send(turn: Turn, item: Item, mate: Person, wish: str) -> Reply:
    """Send it; whether the classmate has a form open, and whose number it was, is nothing that the officer is told."""
    there = replace(turn, person=mate, account=None)
    talk = talks.load(there)
    busy = talk.order is not None or talk.consult or (talk.draft is not None and not talk.draft.shelved)
    by = turn.person.id if turn.person is not None else ""
    draft = Draft(service=item.slug, shelved=True, by=by)
    draft.answers = fill(item, wish, turn.said_at, fields.names(item), turn.lessons)
    field_times.note_doubt(there, item, draft, wish)
    talk.drafts = [each for each in talk.drafts if each is not waiting(talk, item.slug)]
    talk.drafts.insert(0, draft)  # What the classmate is filling in stays on top.
    talk.rev -= 1 if talk.stored else 0  # The buttons that the classmate sees stay good.
    talks.save(there, talk)

    def choices(to: Turn) -> tuple[Choice, ...]:
        # A number means what is asked in an open form, so there it is the words alone.
        labels = {which: to.say(key) for which, key in _LABELS.items()}
        return tuple(
            Choice(label=each, send=f"w:{which}", words=each if busy else "") for which, each in labels.items()
        )

    def compose(to: Turn) -> Reply:
        lines = [] if to.abroad else wording.summary(item, draft.answers, to.lang, to.school.zone, to.today)
        name = directory.name_of(turn.person, to.lang)
        said = [
            to.say("classmate.filled", name=name, title=item.title.to(to.lang)),
            *lines,
            to.say("classmate.confirm"),
        ]
        return Reply(text="\n".join(said), choices=choices(to))

    informing.inform(turn, mate, compose, f"classmate:{new_id(turn.now)}")
    if not busy:
        address = directory.address(turn.session, mate, turn.now)
        to = turn.to(address.lang or mate.lang or "zh", address.channel)
        address.offered = [[each.label, each.words, each.send] for each in choices(to)]
    return Reply(text=turn.say("classmate.sent"))
