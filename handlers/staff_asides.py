"""What staff say in chat of no ticket: binding codes, the way into the console, being away or back, their shifts."""

from __future__ import annotations

from typing import Final

from handlers import (
    access,
    away_talk,
    back_talk,
    binding,
    directory,
    keeping_talk,
    merging_many_talk,
    named_decision,
    page_links,
    receivers,
    reports,
    serving_talk,
    stand_in_talk,
    tag_talk,
    tickets,
    unbooking,
    vouching,
)
from handlers.taking_back import SENT
from handlers.talks import Order, Talk
from handlers.turn import Turn
from handlers.understand import absences as understood
from handlers.understand import stand_ins
from handlers.understand.intents import command
from handlers.understand.orders import NUMBER, read_code, read_code_wish, read_order
from handlers.understand.questions import is_question
from handlers.understand.titled import after_to, read_titled
from models.message import Incoming, Link, Refused, Reply

Replies = tuple[Reply, ...]
_NAMED: Final = 100.0  # the catalogue's score from which a service's name stands in the words
_NAMING: Final = frozenset({"delegate", "transfer", "assign"})  # orders whose words begin with a name
_BRIEF: Final = 20  # characters; what is longer says something else besides


def hear(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """The answer to words about no ticket; None for all else."""
    about_codes = _codes(turn, incoming.text)
    if about_codes is not None:
        return about_codes
    if command(incoming.text) in ("console", "web"):
        return page_links.hear(turn, incoming)
    words = incoming.text
    if (several := merging_many_talk.hear(turn, talk, words)) is not None:
        return several
    if talk.draft is not None or incoming.quote:
        return None
    if talk.order is not None:
        return _away_instead(turn, talk, talk.order, words)
    said = (
        tag_talk.hear(turn, words)
        or keeping_talk.hear(turn, words)
        or unbooking.hear(turn, words)
        or back_talk.hear(turn, words)
        or vouching.hear(turn, words)
        or serving_talk.hear(turn, words)
        or named_decision.hear(turn, words)
    )
    if said is None and not _orders(words):
        said = stand_in_talk.hear(turn, words) or away_talk.hear(turn, words)
    return said or reports.hear(turn, words) or _for_a_list(turn, words)


def _orders(words: str) -> bool:
    """Whether words are an order about a ticket, whatever else they say: 「转签 QJ-… 王书记，我出差，请代签」."""
    order = read_order(words)
    return order is not None and bool(order.number or order.tail or order.verb == "delegate")


def _names(turn: Turn, order: Order, words: str) -> bool:
    """Whether words begin with the name that an order waits for: 「王书记，我明天不在，请代签」."""
    if order.verb not in _NAMING or stand_ins.read(words) is not None:
        return False
    people, office, _ = receivers.read_receiver(turn, words)
    return bool(people) or office is not None or bool(read_titled(after_to(words.strip()))[0])


def _for_a_list(turn: Turn, words: str) -> Replies | None:
    """「集体公假」 from staff: who hands a list in, and where staff do it for whoever leads the group; None for all else."""
    plain = words.strip()
    if len(plain) > _BRIEF or NUMBER.search(plain) is not None or is_question(plain):
        return None
    found = turn.school.catalogue.find(plain, 1)
    item = found[0][0] if found and found[0][1] >= _NAMED else None
    if item is None or not any(field.kind == "people" and field.required for field in item.fields):
        return None
    link = Link(label=turn.say("console.students"), url=f"{turn.school.base_url.rstrip('/')}/console/students")
    return (Reply(text=turn.say("list.for_staff", title=item.title.to(turn.lang)), link=link),)


def _away_instead(turn: Turn, talk: Talk, order: Order, words: str) -> Replies | None:
    """Being away or back, or a swap, said while an order waits for words: that order is over. None for all else.

    「我明天不在」 may be meant for the student all the same, so it is said that it did not go out, and how it would.
    「我明天不在，你后天来」 speaks to the student, and is what the order waits for.
    """
    wish, ticket = understood.read(words), tickets.get(turn, order.ticket)
    asks = stand_ins.read(words)
    wish = asks if asks is not None and asks.kind == stand_ins.ASKS else wish
    bare = wish is not None and wish.kind == "away" and not wish.stand_in
    if wish is None or (bare and understood.addresses(words)) or _orders(words) or _names(turn, order, words):
        return None
    try:
        said = stand_in_talk.hear(turn, words) if wish is asks else away_talk.hear(turn, words)
    except Refused as refused:
        said = (Reply(text=turn.say(refused.key, **refused.values)),)
    if said is None:
        return None
    talk.order = None
    if ticket is None or not bare:
        return said
    left = turn.say("staff.left_for_absence" if order.verb in SENT else "staff.left_undone", number=ticket.number)
    return (said[0].model_copy(update={"text": f"{left}\n{said[0].text}"}), *said[1:])


def _codes(turn: Turn, words: str) -> Replies | None:
    """A wish for somebody's binding code, or a code given by somebody who needs none; None when it is neither."""
    number, given = read_code_wish(words), read_code(words)
    if number:
        return (code(turn, number),)
    return binding.bind(turn, given) if given else None


def code(turn: Turn, number: str) -> Reply:
    """A one-time binding code for a student below an area that the speaker has a duty for."""
    person = directory.by_number(turn.session, number)
    if person is None or turn.person is None or not access.reaches(turn.session, turn.person, person, turn.now):
        raise Refused("staff.no_such_student", number=number)
    made = binding.issue(turn.session, person, turn.now, turn.person.id)
    return Reply(text=binding.hand_out(turn.school, turn.lang, directory.name_of(person, turn.lang), made))
