"""What a reminder says: why somebody is reminded, by when it is due or how late it is, and what to press."""

from __future__ import annotations

from handlers import cards, extending, limits, lists, wording
from handlers.texts import LANGUAGES
from handlers.texts import text as sentence
from handlers.turn import Turn
from models.message import Reply
from models.person import Person
from models.ticket import Event, Status, Ticket


def values(turn: Turn, ticket: Ticket, event: Event, reader: Person | None) -> dict[str, str]:
    """The parts of a reminder's sentence: why, when, press. reader: who is reminded, and may perhaps do more than others."""
    return {"why": why(turn, ticket, event.key), "when": when(turn, ticket), "press": _press(turn, ticket, reader)}


def why(turn: Turn, ticket: Ticket, key: str) -> str:
    """What is still owed by the promise that a step's key is about, as the matter stands."""
    target = key.split(":")[1] if key.count(":") > 1 else "respond"
    if target == "resolve":
        return turn.say(f"reminders.why_{_unended(turn, ticket)}")
    return turn.say("reminders.why_next" if target == "next" else "reminders.why_respond")


def _unended(turn: Turn, ticket: Ticket) -> str:
    """What keeps a matter from its end: nobody has it, it is not decided, not answered, or answered and not ended.

    From the row alone, since a round asks about a thousand of them.
    """
    if ticket.assignee_id is None:
        return "untaken"
    if cards.item_of(turn, ticket).approval:
        return "undecided"
    return "respond" if ticket.status == Status.new else "unended"


def not_back(turn: Turn, ticket: Ticket, event: Event) -> str | None:
    """Of somebody who has not signed back in: since when, and who looks after it; None of a promise to answer."""
    if ticket.back_at is None or ":back:" not in event.key or turn.now < ticket.back_at:
        return None
    name = cards.who(turn, ticket.assignee_id) or turn.say("card.nobody")
    late = lists.lasting(turn, turn.now - ticket.back_at)
    return turn.say("reminders.not_back", late=late, assignee=name)


def when(turn: Turn, ticket: Ticket) -> str:
    """By when a matter is due, or how late it is."""
    at = limits.promised(turn, ticket) or ticket.owed_at
    if at is None:
        return turn.say("reminders.now")
    if at <= turn.now:
        return turn.say("reminders.overdue", late=lists.lasting(turn, turn.now - at))
    return turn.say("reminders.due", at=wording.soon(at, turn.now, turn.lang, turn.school.zone))


def _press(turn: Turn, ticket: Ticket, reader: Person | None) -> str:
    if extending.is_offered(turn, ticket, reader):
        return turn.say("reminders.press_or_extend", number=ticket.number)
    return turn.say("reminders.press")


def without(reply: Reply, ticket: Ticket) -> Reply | None:
    """A message about several matters without this one: the same where it is none of them, None where it was the last."""
    left = tuple(choice for choice in reply.choices if not choice.send.startswith(f"t:{ticket.id}:"))
    if len(left) == len(reply.choices):
        return reply
    if not left:
        return None
    text = "\n".join(line for line in reply.text.split("\n") if ticket.number not in line)
    return reply.model_copy(update={"text": _singular(text) if len(left) == 1 else text, "choices": left})


def _singular(words: str) -> str:
    """The words of a message about several, once one of them is left."""
    head, gap, rest = words.partition("\n")
    for lang in LANGUAGES:
        for kind in ("", "_yours"):
            if head == sentence(lang, f"reminders.many{kind}"):
                return sentence(lang, f"reminders.one{kind}") + gap + rest
    return words
