"""What staff may say in chat to each other about a ticket: hand it on, give it out, note something; and who is offered."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from handlers import (
    access,
    cards,
    correcting,
    directory,
    merging_many_talk,
    merging_talk,
    receivers,
    recusing_talk,
    sorting,
    splitting,
    taking_back,
    tickets,
    undelivered,
)
from handlers.talks import Order, Talk
from handlers.turn import Turn
from handlers.understand.titled import read_addressed, read_titled
from models.grid import Grid
from models.message import Choice, Refused, Reply
from models.person import Person
from models.ticket import Ticket

Replies = tuple[Reply, ...]
GIVES: Final = frozenset({"transfer", "assign"})  # verbs that name somebody
ALONE: Final[dict[str, Callable[[Turn, Ticket, str], Person | None]]] = {
    "escalate": tickets.call_up,
    "close": tickets.close,
}  # verbs with words and nobody named
VERBS: Final = frozenset({
    *GIVES, *ALONE, "note", "merge", "more", "bare", correcting.VERB, splitting.VERB, *sorting.VERBS, *recusing_talk.VERBS,
})  # fmt: skip
WAITS: Final = frozenset(
    {*GIVES, *ALONE, "note", "merge", correcting.VERB, splitting.VERB, *sorting.VERBS, *recusing_talk.WAITS}
)  # for a name, a number or words
_DO: Final = {"transfer": tickets.transfer, "assign": tickets.assign}
_ELSEWHERE: Final[dict[str, Callable[[Turn, Talk, Ticket, str, str], Replies]]] = {
    **dict.fromkeys(sorting.VERBS, sorting.act), **dict.fromkeys(recusing_talk.VERBS, recusing_talk.act),
}  # fmt: skip
# What stands between a name and the reason: 「王书记老师，学生住校外」.
_AFTER: Final = re.compile(r"^\W+")


def act(turn: Turn, talk: Talk, ticket: Ticket, verb: str, words: str = "") -> Replies:
    """One of these verbs on a ticket within the speaker's reach; asks for what it needs and was not said."""
    if verb == "more":
        return _more(turn, ticket)
    if verb == "note":
        return _note(turn, talk, ticket, words)
    if verb == "merge":
        return merging_talk.act(turn, talk, ticket, words)
    if verb == splitting.VERB:
        return splitting.act(turn, talk, ticket, words)
    if verb in _ELSEWHERE:
        return _ELSEWHERE[verb](turn, talk, ticket, verb, words)
    if verb == correcting.VERB:
        return correcting.act(turn, talk, ticket, words)
    if verb == "bare" or verb in ALONE:
        return _alone(turn, talk, ticket, verb, words)
    if not words:
        tickets.before(turn, ticket, verb)
        return _offer(turn, talk, ticket, verb)
    return _named(turn, talk, ticket, verb, words)


def _named(turn: Turn, talk: Talk, ticket: Ticket, verb: str, words: str) -> Replies:
    """Give it to whom the words name, a person or an office; where that may be several, one is chosen first."""
    people, office, rest = receivers.read_receiver(turn, words)
    reason = _AFTER.sub("", rest)
    if len(people) > 1:
        named = words.strip()[: len(words.strip()) - len(rest)]
        found = [each for each in receivers.may_receive(turn, ticket, named) if each.person in people]
        head = turn.say("colleagues.several", words=named, count=len(found), names=cards.names(turn, ticket))
        return _choose(turn, talk, ticket, verb, head, found, reason)
    if people or office is not None:
        return give(turn, talk, ticket, verb, people[0] if people else office, reason)
    offices, rest = receivers.read_short(turn, words)
    if len(offices) == 1:
        return give(turn, talk, ticket, verb, offices[0], _AFTER.sub("", rest))
    if offices:
        return _which_office(turn, talk, ticket, verb, offices, _AFTER.sub("", rest))
    named, reason = read_addressed(words)
    found = receivers.may_receive(turn, ticket, read_titled(named)[0] or named)
    if not found:
        raise Refused("transfer.unknown", words=named[:40])
    key = "colleagues.several" if len(found) > 1 else "colleagues.one"
    head = turn.say(key, words=named[:40], count=len(found), names=cards.names(turn, ticket))
    return _choose(turn, talk, ticket, verb, head, found, reason)


def _which_office(
    turn: Turn, talk: Talk, ticket: Ticket, verb: str, offices: list[Grid], reason: str
) -> Replies:  # fmt: skip
    """Offices as buttons, where a short name may mean several."""
    talk.order = Order(verb=verb, ticket=ticket.id, words=reason)
    offered = tuple(
        Choice(label=directory.grid_name(turn.session, each.path, turn.lang), send=f"h:{ticket.id}:{verb[0]}:{each.id}")
        for each in offices[: receivers.MOST]
    )
    cancel = Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))
    head = turn.say("colleagues.which_office", names=cards.names(turn, ticket))
    return (Reply(text=head, choices=(*offered, cancel)),)


def _offer(turn: Turn, talk: Talk, ticket: Ticket, verb: str) -> Replies:
    found = receivers.may_receive(turn, ticket)
    key = f"colleagues.{verb}_whom" if found else "transfer.nobody"
    return _choose(turn, talk, ticket, verb, turn.say(key, names=cards.names(turn, ticket)), found, "")


def _choose(
    turn: Turn, talk: Talk, ticket: Ticket, verb: str, head: str, found: list[receivers.Receiver], reason: str
) -> Replies:
    """People as buttons; a name in words does the same."""
    talk.order = Order(verb=verb, ticket=ticket.id, words=reason)
    offered = tuple(
        Choice(label=describe(turn, each), send=f"h:{ticket.id}:{verb[0]}:{each.person.id}") for each in found
    )
    cancel = Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))
    return (Reply(text=head, choices=(*offered, cancel)),)


def describe(turn: Turn, receiver: receivers.Receiver) -> str:
    """Somebody as they are offered: the name, the area, how much they have, and whether they are on duty."""
    return turn.say(
        "colleagues.person_on_duty" if receiver.on_duty else "colleagues.person",
        name=directory.name_of(receiver.person, turn.lang), load=receiver.load,
        area=directory.grid_name(turn.session, receiver.path, turn.lang),
    )  # fmt: skip


def press(turn: Turn, talk: Talk, ticket: Ticket, letter: str, person_id: str) -> Replies:
    """A button with somebody's name, or with another ticket's number; the ticket is locked and within the speaker's reach.
    What was said with the verb before is the reason."""
    if (said := recusing_talk.press(turn, talk, ticket, letter, person_id)) is not None:
        return said
    if (said := merging_many_talk.press(turn, talk, ticket, letter)) is not None:
        return said
    if letter in ("m", "s"):
        return merging_talk.press(turn, talk, ticket, letter, tickets.get(turn, person_id))
    if letter == "z":
        return sorting.press(turn, talk, ticket, person_id)
    if letter == "k":
        return sorting.press_line(turn, talk, ticket, person_id)
    if letter == "x":
        return splitting.press(turn, talk, ticket, person_id)
    if letter == "c":
        return correcting.press(turn, talk, ticket, person_id)
    verb = next((verb for verb in GIVES if verb[0] == letter), "")
    to = turn.session.get(Person, person_id) or turn.session.get(Grid, person_id)
    if not verb or to is None:
        raise Refused("form.stale")
    waits = talk.order is not None and talk.order.ticket == ticket.id and talk.order.verb == verb
    return give(turn, talk, ticket, verb, to, talk.order.words if talk.order is not None and waits else "")


def give(turn: Turn, talk: Talk, ticket: Ticket, verb: str, to: Person | Grid | None, reason: str) -> Replies:
    """Hand a ticket on, or give it out, and say so."""
    if to is None:
        raise Refused("form.stale")
    signature = cards.pending(turn, ticket) is not None
    _DO[verb](turn, ticket, to, reason)
    talk.order = None
    shown = turn.say("abroad.words") if reason and cards.withheld(turn, ticket) else reason
    key = "colleagues.delegate_done" if signature and verb == "transfer" else f"colleagues.{verb}_done"
    got = directory.name_of(to, turn.lang) if isinstance(to, Person) else cards.who(turn, ticket.assignee_id)
    said = turn.say(key, names=cards.names(turn, ticket), to=got)
    said += "\n" + turn.say("colleagues.reason", words=shown) if shown else ""
    return _done(turn, ticket, said, verb)


def _note(turn: Turn, talk: Talk, ticket: Ticket, words: str) -> Replies:
    if not words:
        talk.order = Order(verb="note", ticket=ticket.id)
        cancel = Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))
        return (Reply(text=turn.say("colleagues.note_words", names=cards.names(turn, ticket)), choices=(cancel,)),)
    tickets.note(turn, ticket, words)
    talk.order = None
    shown = turn.say("abroad.words") if cards.withheld(turn, ticket) else words
    return _done(turn, ticket, turn.say("colleagues.note_done", names=cards.names(turn, ticket), words=shown), "note")


def _alone(turn: Turn, talk: Talk, ticket: Ticket, verb: str, words: str) -> Replies:
    """Escalating, closing, and the bare end of a matter."""
    if verb == "bare":
        tickets.resolve(turn, ticket)
        talk.order = None
        name = cards.student(turn, ticket)
        told = undelivered.foretell(turn, ticket) or turn.say("staff.told", name=name)
        values = {"names": cards.names(turn, ticket), "name": name, "words": "", "told": told}
        return _done(turn, ticket, turn.say("staff.resolve_done_bare", **values), "resolve")
    if verb == "escalate" and (awaited := recusing_talk.awaited(turn, ticket)) is not None:
        return (awaited,)
    bare = Choice(label=turn.say("verb.escalate"), send=f"t:{ticket.id}:escalate:{ticket.rev}")
    if not words and (verb == "close" or talk.order is None or talk.order.verb != verb):
        (tickets.before_call_up if verb == "escalate" else tickets.before_close)(turn, ticket)
        talk.order = Order(verb=verb, ticket=ticket.id)
        cancel = Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))
        said = turn.say(f"colleagues.{verb}_words", names=cards.names(turn, ticket))
        return (Reply(text=said, choices=(bare, cancel) if verb == "escalate" else (cancel,)),)
    to = ALONE[verb](turn, ticket, words)
    talk.order = None
    shown = turn.say("abroad.words") if words and cards.withheld(turn, ticket) else words
    name = cards.who(turn, to.id) if isinstance(to, Person) else ""
    own = verb == "escalate" and isinstance(to, Person) and turn.person is not None and to.id == turn.person.id
    said = turn.say(f"colleagues.{verb}_done{'_own' if own else ''}", names=cards.names(turn, ticket), words=shown, to=name,
                    assignee=cards.who(turn, ticket.assignee_id) or turn.say("card.nobody"))  # fmt: skip
    return _done(turn, ticket, said, verb)


def ask_result(turn: Turn, talk: Talk, ticket: Ticket) -> Replies:
    """办结 without a word: a sentence is asked for, and the bare end is one press away."""
    tickets.before(turn, ticket, "resolve")
    talk.order = Order(verb="resolve", ticket=ticket.id)
    bare = Choice(label=turn.say("verb.bare"), send=f"t:{ticket.id}:bare:{ticket.rev}", style="main",
                  words=turn.say("verb.bare"))  # fmt: skip
    cancel = Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))
    said = turn.say("colleagues.resolve_words", names=cards.names(turn, ticket))
    return (Reply(text=said, choices=(bare, cancel)),)


def _more(turn: Turn, ticket: Ticket) -> Replies:
    """What may be done beyond the buttons of the card."""
    verbs = cards.more_verbs(turn, ticket, turn.person)
    said = turn.say("colleagues.more", names=cards.names(turn, ticket))
    return (Reply(text=said, choices=cards.buttons(turn, ticket, [*verbs, "show"])),)


def _done(turn: Turn, ticket: Ticket, said: str, verb: str) -> Replies:
    back = taking_back.offer(turn, ticket, verb)
    turn.session.flush()
    if turn.person is None or not access.may_act(turn.session, turn.person, ticket, turn.now):
        return (Reply(text=said, choices=back),)  # It was handed to where the speaker's duties do not reach.
    choices = (*cards.choices(turn, ticket, staff=True), *back)
    return (Reply(text=said, card=cards.card(turn, ticket, staff=True), choices=choices),)
