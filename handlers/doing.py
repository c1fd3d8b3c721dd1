"""Does one verb of a student's to a matter of the student's own, where its page is open: the verbs of the chat and nothing else."""

from __future__ import annotations

from typing import Final

from handlers import cards, collisions, corrections, disputing, notices, prolonging, proofs, student, tickets, unending
from handlers.talks import Talk
from handlers.texts import sentences
from handlers.turn import Turn
from models.message import Incoming, Refused
from models.ticket import Ticket

ADD: Final = "add"  # one thing more about an open matter; in chat it is said on a quotation, so it has no button there
ELSEWHERE: Final = disputing.VERBS  # these end on the page of another matter, or of a form
AGAIN: Final = "refile"  # the form of what was refused once more, on its own page
RATE: Final = "rate"  # one to five stars, with a word or none
STARS: Final = ("5", "4", "3", "2", "1")
MOST_WORDS: Final = 2000


class Stale(Exception):
    """The matter went on after the page was made, so nothing was done."""


class Asked(Exception):
    """The verb may be a slip, so that it is asked about first, as in chat; nothing was done. question: its sentence; ways:
    the labels of its yes and its no."""

    def __init__(self, question: str, ways: tuple[str, str]) -> None:
        super().__init__(question)
        self.question, self.ways = question, ways


def verbs(turn: Turn, ticket: Ticket) -> list[tuple[str, str]]:
    """What may be done now: (verb, style), as the chat's card offers it."""
    offered = cards.choices(turn, ticket, staff=False)
    found = [(choice.send.split(":")[2], choice.style) for choice in offered]
    plain = [(verb, style) for verb, style in found if verb not in ("show", *disputing.VERBS)]
    return [*((verb, "") for verb in disputing.offered(turn, ticket)), *plain]


def label(turn: Turn, ticket: Ticket, verb: str) -> str:
    """What the button of a verb says."""
    return disputing.label(turn, ticket, verb) if verb in disputing.VERBS else turn.say(f"verb.{verb}")


def needs_words(verb: str) -> bool:
    """Whether a verb waits for words or stars in chat, and so has a box for them on a page."""
    return verb in (ADD, RATE) or f"student.{verb}_words" in sentences("zh")


def do(
    turn: Turn, number: str, verb: str, rev: int, incoming: Incoming, stars: str = "", *, sure: bool = False
) -> Ticket:
    """Do one verb with the words and files of a message, or with one to five stars. Raises Refused ("ticket.not_found" too for another's),
    Stale when the matter went on after the page was made and the verb no longer fits or has words that may no longer, and
    Asked where it may be a slip (早归), unless the answer was yes: sure. Answers with the matter to look at next: the one that
    words about a refusal opened, or this one."""
    ticket = tickets.by_number(turn, number)
    if ticket is None or not _is_own(turn, ticket):
        raise Refused("ticket.not_found")
    if needs_words(verb) and ticket.rev != rev and _said_before(turn, ticket, incoming.text):
        return ticket
    allowed = {each for each, _ in verbs(turn, ticket)} | (
        {ADD} if ticket.is_open or proofs.is_owed(turn, ticket) else set()
    )
    late = verb in unending.VERBS and not ticket.is_open  # Then it is said what to do instead.
    if verb not in allowed and not late:
        if verb in cards.VERBS or verb == ADD:
            raise Stale
        raise Refused("ticket.not_found")
    asked = verb == "helped" and corrections.since(turn, ticket, str(rev))  # of an answer that was corrected meanwhile
    if (needs_words(verb) or asked) and collisions.went_on(turn, ticket, rev):
        raise Stale
    if len(incoming.text) > MOST_WORDS:
        raise Refused("form.too_long", most=MOST_WORDS, count=len(incoming.text))
    if verb == RATE and stars not in STARS:
        raise Refused("me.which_stars")
    if needs_words(verb) and verb != RATE and not (incoming.text or incoming.files):
        raise Refused("me.needs_words")
    if not sure:
        _ask(turn, ticket, verb)
    return _act(turn, ticket, verb, incoming, stars)


def _ask(turn: Turn, ticket: Ticket, verb: str) -> None:
    if verb == "withdraw":
        return  # Of a list the page has a button for each of the two.
    for reply in student.asking(turn, ticket, verb)[:1]:
        yes, no = (choice.label for choice in reply.choices[:2])
        raise Asked(reply.text, (yes, no))


def _act(turn: Turn, ticket: Ticket, verb: str, incoming: Incoming, stars: str) -> Ticket:
    if verb == AGAIN:
        disputing.begin_again(turn, ticket)
        return ticket
    if verb in disputing.VERBS:
        return disputing.write(turn, ticket, verb, incoming.text, incoming.files)
    if verb == "prolong":
        return prolonging.at_once(turn, ticket, incoming.text)
    before = ticket.rev
    if verb == RATE:
        student.act(turn, Talk(), ticket, verb, f"{stars} {incoming.text}".strip())
    elif needs_words(verb):
        student.supply(turn, Talk(), ticket, "added" if verb == ADD else verb, incoming)
    else:
        student.act(turn, Talk(), ticket, verb)
    if ticket.rev == before:  # It asked back, which a page cannot answer.
        raise Refused("me.only_in_chat")
    return ticket


def _is_own(turn: Turn, ticket: Ticket) -> bool:
    """As `Turn.own`, of a ticket at hand."""
    if turn.person is not None:
        return ticket.requester_id == turn.person.id
    return turn.account is not None and turn.account.person_id is None and ticket.account_id == turn.account.id


def _said_before(turn: Turn, ticket: Ticket, words: str) -> bool:
    """Whether these very words, or stars, were the last that happened: a button that was pressed twice."""
    (last,) = tickets.last_of(turn, ticket)
    who = turn.person.id if turn.person is not None else None
    same = last.kind == "rated" or (bool(words) and notices.words_of(turn, last) == words)
    return last.by_id == who and same
