"""What staff say in chat of a matter that is about one of them (回避, 取消回避), and of one that waits for its student."""

from __future__ import annotations

import re
from typing import Final

from handlers import access, cards, directory, limits, receivers, recusals, tickets, wording
from handlers.talks import Order, Talk
from handlers.turn import Turn
from models.message import Choice, Refused, Reply
from models.person import Person
from models.ticket import Status, Ticket

Replies = tuple[Reply, ...]
OUT: Final = "recuse"
IN: Final = "readmit"
NUDGE: Final = "nudge"
VERBS: Final = frozenset({OUT, IN, NUDGE})
WAITS: Final = frozenset({OUT, IN})  # for a name
_LETTERS: Final = {OUT: "r", IN: "i"}
_AFTER: Final = re.compile(r"^\W+")


def candidates(turn: Turn, ticket: Ticket, verb: str = OUT) -> list[Person]:
    """Who may be named: the speaker and whoever has or owns it; of those who are kept out, who may be let in again."""
    me = turn.person.id if turn.person else None
    ids = [me, ticket.assignee_id, ticket.owner_id] if verb == OUT else sorted(recusals.of(turn, ticket))
    found = (turn.session.get(Person, each) for each in dict.fromkeys(ids) if each is not None)
    return [person for person in found if person is not None and person.kind == "staff"]


def offered(turn: Turn, ticket: Ticket) -> tuple[tuple[tuple[str, str], ...], str]:
    """Whom a page lets one choose: (how a form names them, how people read it)."""
    return tuple((f"p.{each.id}", _label(turn, each)) for each in candidates(turn, ticket)), ""


def kept_out(turn: Turn, ticket: Ticket) -> tuple[tuple[tuple[str, str], ...], str]:
    """The same of those who may be let in again."""
    return tuple((f"p.{each.id}", _label(turn, each)) for each in candidates(turn, ticket, IN)), ""


def act(turn: Turn, talk: Talk, ticket: Ticket, verb: str, words: str = "") -> Replies:
    """One of these verbs on a ticket within the speaker's reach; nobody is kept out unnamed."""
    if verb == NUDGE:
        tickets.nudge(turn, ticket)
        return _done(turn, ticket, turn.say("recusal.nudge_done", names=cards.names(turn, ticket)))
    people, _, rest = receivers.read_receiver(turn, words) if words else ([], None, "")
    if len(people) == 1:
        return give(turn, talk, ticket, verb, people[0], _AFTER.sub("", rest))
    found = people or candidates(turn, ticket, verb)
    if not found:
        raise Refused("recusal.nobody", number=ticket.number)
    talk.order = Order(verb=verb, ticket=ticket.id, words=_AFTER.sub("", rest) if people else words.strip())
    offered = tuple(
        Choice(label=_label(turn, each), send=f"h:{ticket.id}:{_LETTERS[verb]}:{each.id}", words=each.number)
        for each in found[: receivers.MOST]
    )
    cancel = Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))
    said = turn.say(f"recusal.{verb}_whom", names=cards.names(turn, ticket))
    return (Reply(text=said, choices=(*offered, cancel)),)


def _label(turn: Turn, person: Person) -> str:
    name = directory.name_of(person, turn.lang)
    return turn.say("recusal.myself", name=name) if turn.person is not None and person.id == turn.person.id else name


def press(turn: Turn, talk: Talk, ticket: Ticket, letter: str, person_id: str) -> Replies | None:
    """A button with a name; None for a letter that is none of these verbs."""
    verb = next((verb for verb, known in _LETTERS.items() if known == letter), "")
    person = turn.session.get(Person, person_id)
    if not verb or person is None:
        return None
    waits = talk.order is not None and talk.order.ticket == ticket.id and talk.order.verb == verb
    return give(turn, talk, ticket, verb, person, talk.order.words if talk.order is not None and waits else "")


def give(turn: Turn, talk: Talk, ticket: Ticket, verb: str, person: Person, reason: str) -> Replies:
    """Keep somebody out, or let in again, and say who has the matter now."""
    values = {"names": cards.names(turn, ticket), "who": directory.name_of(person, turn.lang)}
    if verb == OUT:
        to = tickets.recuse(turn, ticket, person, reason)
        values["to"] = directory.name_of(to, turn.lang) or turn.say("card.nobody")
    else:
        tickets.readmit(turn, ticket, person, reason)
    talk.order = None
    return _done(turn, ticket, turn.say(f"recusal.{verb}_done", **values))


def awaited(turn: Turn, ticket: Ticket) -> Reply | None:
    """What calling up (督办) comes to while the student is asked for more, with the way to remind them; None where staff
    owe something."""
    if ticket.status != Status.waiting or ticket.back_at is not None:
        return None
    said = turn.say("urge.awaits_student", **waited(turn, ticket))
    return Reply(text=said, choices=cards.buttons(turn, ticket, [NUDGE, "show"]))


def waited(turn: Turn, ticket: Ticket) -> dict[str, str]:
    """Of a ticket that waits for its student: its number, whom it waits for, and since when."""
    asked = next((mark.at for mark in reversed(limits.marks(turn, ticket)) if mark.kind == "asked"), ticket.opened_at)
    at = wording.moment(asked, turn.lang, turn.school.zone, turn.today)
    return {"number": ticket.number, "student": cards.student(turn, ticket), "at": at}


def _done(turn: Turn, ticket: Ticket, said: str) -> Replies:
    turn.session.flush()
    if turn.person is None or not access.may_act(turn.session, turn.person, ticket, turn.now):
        return (Reply(text=said),)  # It is about the speaker, who sees it no more.
    return (
        Reply(text=said, card=cards.card(turn, ticket, staff=True), choices=cards.choices(turn, ticket, staff=True)),
    )
