"""Why a member of staff cannot do a verb to a ticket now, and what is possible instead, in a sentence."""

from __future__ import annotations

from typing import Final

from handlers import cards, marks, signing
from handlers.turn import Turn
from models.ticket import Status, Ticket

_SIGNING: Final = ("sign", "refuse", "send_back", "delegate")
_MOST: Final = 4  # ways that one sentence names; the page has the others as buttons
_NO_WAYS: Final = ("show", "more")  # looking is what the reader does already


def said(turn: Turn, ticket: Ticket, verb: str) -> str:
    """The whole sentence; "" for a verb that fits, or that is no verb of a ticket."""
    if verb not in cards.VERBS or verb in _offered(turn, ticket) or verb in _NO_WAYS:
        return ""
    return turn.say("ticket_page.not_now", **values(turn, ticket, verb))


def values(turn: Turn, ticket: Ticket, verb: str) -> dict[str, str]:
    """What the sentence (ticket_page.not_now) names: the verb, why it does not fit, and what does."""
    named = [turn.say(f"verb.{each}") for each in _offered(turn, ticket) if each not in _NO_WAYS]
    ways = turn.say("form.or").join(dict.fromkeys(named[:_MOST]))
    return {"verb": turn.say(f"verb.{verb}"), "why": _why(turn, ticket, verb), "ways": ways}


def _offered(turn: Turn, ticket: Ticket) -> list[str]:
    return [*cards.staff_verbs(turn, ticket, turn.person), *cards.more_verbs(turn, ticket, turn.person)]


def _why(turn: Turn, ticket: Ticket, verb: str) -> str:
    state = cards.state(turn, ticket, staff=True)
    approval = signing.owed(turn, ticket, turn.person)
    if not ticket.is_open:
        return turn.say("why_not.ended", state=state)
    if approval is None and verb in _SIGNING:
        return turn.say("why_not.no_signature")
    mine = approval is not None and turn.person is not None and signing.may_sign(turn, ticket, approval, turn.person)
    if approval is not None and not mine:
        return turn.say("why_not.theirs", name=marks.owing(turn, ticket))
    if approval is not None and verb in ("resolve", "take"):
        return turn.say("why_not.sign_first")
    if ticket.status == Status.waiting and ticket.back_at is not None:
        return turn.say("why_not.on_leave")
    if ticket.status == Status.waiting:
        return turn.say("why_not.waits")
    if verb == "take":
        return turn.say("why_not.taken", name=cards.who(turn, ticket.assignee_id))
    return turn.say("why_not.state", state=state)
