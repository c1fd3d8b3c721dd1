"""A class officer (班长) fills in leave for a classmate, who looks it over and hands it in, or drops it: nobody asks in
another's name."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import and_, or_, select

from handlers import access, directory, field_times, fields, informing, talks, wording
from handlers.talks import Draft
from handlers.turn import Turn
from handlers.understand.for_others import read_for
from handlers.understand.slots import fill
from models.base import new_id
from models.item import Item
from models.message import Choice, Reply
from models.person import Person

Replies = tuple[Reply, ...]


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


def _send(turn: Turn, item: Item, mate: Person, wish: str) -> Reply:
    there = replace(turn, person=mate, account=None)
    talk = talks.load(there)
    name = directory.name_of(mate, turn.lang)
    if any(draft.service == item.slug for draft in talk.drafts):
        return Reply(text=turn.say("classmate.busy", name=name))
    draft = Draft(service=item.slug, shelved=True)
    draft.answers = fill(item, wish, turn.said_at, fields.names(item), turn.lessons)
    field_times.note_doubt(there, item, draft, wish)
    talk.drafts.insert(0, draft)  # What the classmate is filling in stays on top.
    talks.save(there, talk)

    def compose(to: Turn) -> Reply:
        lines = [] if to.abroad else wording.summary(item, draft.answers, to.lang, to.school.zone, to.today)
        by = directory.name_of(turn.person, to.lang)
        said = [to.say("classmate.filled", name=by, title=item.title.to(to.lang)), *lines, to.say("classmate.confirm")]
        choices = (
            Choice(label=to.say("classmate.look"), send="w:go_on", words=to.say("way.go_on_words")),
            Choice(label=to.say("classmate.drop"), send="w:cancel", words=to.say("way.cancel")),
        )
        return Reply(text="\n".join(said), choices=choices)

    informing.inform(turn, mate, compose, f"classmate:{new_id(turn.now)}")
    return Reply(text=turn.say("classmate.sent", name=name))
