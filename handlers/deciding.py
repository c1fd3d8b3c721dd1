"""Decides on a ticket where its page is open: the verbs of the chat, and only as long as the page still shows what is so."""

from __future__ import annotations

from typing import Final

from handlers import (
    access,
    cards,
    colleagues,
    collisions,
    handing_on,
    meanwhile,
    merging_talk,
    other_number,
    receivers,
    repeating,
    sorting,
    splitting,
    staff,
    stepping,
    taking_back,
    tickets,
    unopened,
    why_not,
)
from handlers.meanwhile import NOTHING, Meanwhile
from handlers.turn import Turn
from models.grid import Grid
from models.message import Refused
from models.person import Person
from models.ticket import Ticket

VERBS: Final = frozenset(
    {
        *staff.DO,
        *colleagues.GIVES,
        *colleagues.ALONE,
        "merge",
        "note",
        "undo",
        "correct",
        "split",
        "recuse",
        "readmit",
        "nudge",
        *sorting.VERBS,
    }
)
BY_ID: Final = "p."  # begins what names a person by id


class Stale(Exception):
    """The ticket went on after the page was made, so nothing was done. rev: the revision that the page showed. since: what
    happened to it after that."""

    def __init__(self, rev: int, since: Meanwhile = NOTHING) -> None:
        super().__init__(rev)
        self.rev, self.since = rev, since


class Repeated(Exception):
    """The same person sent the same deed twice (a double click): it was done to the ticket the first time, and not now."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(ticket.number)
        self.ticket = ticket


class Apart(Refused):
    """Two matters are about different houses: one is asked before they become one. Its value "other" is the number that
    `decide` wants to hear as `sure`."""


class Unlisted(Apart):
    """Parents were called at another number than the roster's: asked before it is written down. Its value "other" is the number
    that was called, which `decide` wants to hear as `sure`."""


class Unopened(Refused):
    """Whoever signs first has not opened the proof: one is asked before that. Its value "other" is the number that `decide`
    wants to hear as `sure`."""


class Ahead(Unopened):
    """It is somebody else's turn, and whoever leads above would sign or refuse in their place: asked before that, as
    `Unopened`, while `look` opens to them what is decided."""


def decide(
    turn: Turn, number: str, verb: str, rev: int, words: str = "", to: str = "", sure: str = ""
) -> Ticket:  # fmt: skip
    """Do one verb to a ticket, which is locked, with the revision that the speaker saw.

    to: of a verb that gives it to somebody to whom: "p." and a person's id, or a name or an office as people write it; of a
    merge the other matter's number; of a correction what it becomes (tickets.correct). sure: the number of the other
    matter, once it was said that the two are the same; of a signature or a refusal its own, once it was said that the proof
    need not be opened, or that it is decided in somebody's place.
    Raises Refused ("ticket.not_found" too for one that is out of reach), Stale when it went on meanwhile, and Repeated.
    """
    ticket = _found(turn, number, verb, rev, words, to)
    if collisions.went_on(turn, ticket, rev) and verb not in (
        "note",
        *sorting.VERBS,
    ):  # These decide nothing, so it is never too late for one.
        raise Stale(rev, meanwhile.since(turn, ticket, rev))
    if verb == "undo":
        taking_back.undo(turn, ticket)
        return ticket
    if len(words) > staff.MOST_WORDS:
        raise Refused("form.too_long", most=staff.MOST_WORDS, count=len(words))
    if needs_words(turn, ticket, verb) and not words:
        raise Refused("ticket_page.needs_words", verb=turn.say(f"verb.{verb}"))
    if verb == "merge":
        _merge(turn, ticket, words, to, sure)
        return ticket
    if _among_staff(turn, ticket, verb, words, to):
        return ticket
    if verb not in staff.SELF_CHECKED and verb not in cards.staff_verbs(turn, ticket, turn.person):
        tickets.before(turn, ticket, verb)  # Says why, where there is more to say.
        raise Refused("ticket_page.not_now", **why_not.values(turn, ticket, verb))
    _look_first(turn, ticket, verb, words, sure)
    staff.DO[verb](turn, ticket, words)
    return ticket


def _look_first(turn: Turn, ticket: Ticket, verb: str, words: str, sure: str) -> None:
    called = other_number.values(turn, ticket, words) if verb == other_number.VERB else None
    if called is not None and sure != called["other"]:
        raise Unlisted("guardian.other", **called)
    owed = stepping.before(turn, ticket) if verb in stepping.ASKED and sure != ticket.number else None
    if owed is not None:
        raise Ahead(stepping.ASKED[verb], **stepping.values(turn, ticket, owed), other=ticket.number)
    if verb == "sign" and sure != ticket.number and unopened.is_unopened(turn, ticket):
        raise Unopened("proof.unopened", names=cards.names(turn, ticket), other=ticket.number)


def look(turn: Turn, number: str) -> None:
    """Open a ticket for whoever was asked whether they sign in somebody's place (`Ahead`); nothing for anybody else."""
    ticket = tickets.by_number(turn, number)
    if ticket is not None:
        stepping.look(turn, ticket)


def _found(turn: Turn, number: str, verb: str, rev: int, words: str, to: str) -> Ticket:
    """The ticket within the speaker's reach. Repeated before that of whoever has just kept themselves out."""
    ticket = tickets.by_number(turn, number)
    if verb == "recuse" and ticket is not None and repeating.done_already(turn, ticket, verb, rev, words, to):
        raise Repeated(ticket)
    if verb != "undo" or ticket is None or not tickets.may_undo(turn, ticket):
        ticket = staff.reach(turn, ticket)
    if verb not in VERBS:
        raise Refused("ticket.not_found")
    if repeating.done_already(turn, ticket, verb, rev, words, to):
        raise Repeated(ticket)
    return ticket


def _among_staff(turn: Turn, ticket: Ticket, verb: str, words: str, to: str) -> bool:
    """What staff do among themselves (handlers/colleagues.py); whether the verb was one of these."""
    if verb == "note":
        tickets.note(turn, ticket, words)
    elif verb == splitting.VERB:
        splitting.split(turn, ticket, to.strip(), words)
    elif verb in sorting.VERBS:
        sorting.DO[verb](turn, ticket, words)
    elif verb == "nudge":
        tickets.nudge(turn, ticket)
    elif verb in ("recuse", "readmit"):
        who = receiver(turn, to)
        if not isinstance(who, Person):
            raise Refused("ticket_page.whom")
        (tickets.recuse if verb == "recuse" else tickets.readmit)(turn, ticket, who, words)
    elif verb == "correct":
        if not to.strip():
            raise Refused("correct.what")
        tickets.correct(turn, ticket, to.strip(), words)
    elif verb == "send_back" and to.startswith("step "):
        handing_on.send_back(turn, ticket, f"{to[:8]} {words}")
    elif verb in colleagues.ALONE:
        colleagues.ALONE[verb](turn, ticket, words)
    elif verb in colleagues.GIVES:
        give = tickets.transfer if verb == "transfer" else tickets.assign
        give(turn, ticket, receiver(turn, to), words)
    else:
        return False
    return True


def _merge(turn: Turn, ticket: Ticket, words: str, to: str, sure: str) -> None:
    if not to.strip():
        raise Refused("colleagues.merge_number")
    other = tickets.by_number(turn, to.strip())
    if other is None or turn.person is None or not access.may_act(turn.session, turn.person, other, turn.now):
        raise Refused(sorting.ELSEWHERE, number=to.strip()[:40])
    apart = merging_talk.places_apart(turn, ticket, other)
    if apart is not None and sure != other.number:
        raise Apart("merge_doubt.places", **apart)
    tickets.merge(turn, ticket, other, words)


def needs_words(turn: Turn, ticket: Ticket, verb: str) -> bool:
    """Whether a verb needs words for the student: somebody in distress never reads the bare end of a matter."""
    return (
        verb in staff.NEEDS_WORDS
        or verb in ("note", "close", "correct", "split", *(sorting.VERBS - sorting.BARE))
        or (verb == "resolve" and cards.item_of(turn, ticket).urgent)
    )


def receiver(turn: Turn, to: str) -> Person | Grid:
    """Whom a form names: see `decide`. Raises Refused where it names nobody, or more than one."""
    if not to.strip():
        raise Refused("ticket_page.whom")
    if to.startswith(BY_ID):
        found = turn.session.get(Person, to.removeprefix(BY_ID))
        if found is None:
            raise Refused("form.stale")
        return found
    people, office, rest = receivers.read_receiver(turn, to)
    if not people and office is None:
        offices, rest = receivers.read_short(turn, to)
        office = offices[0] if len(offices) == 1 else None
    if rest.strip() or (not people and office is None):
        raise Refused("transfer.unknown", words=to.strip()[:40])
    if len(people) > 1:
        raise Refused("ticket_page.several", words=to.strip()[:40], count=len(people))
    return people[0] if people else office  # type: ignore[return-value]
