"""What staff order in words that name a matter but no verb of theirs: urging, filing away, opening anew, a number alone."""

from __future__ import annotations

from handlers import access, cards, correcting, feedback, lists, student
from handlers.talks import Talk
from handlers.turn import Turn
from handlers.understand.orders import NUMBER, Order
from handlers.understand.questions import is_question
from models.message import Choice, Refused, Reply
from models.ticket import Status, Ticket

Replies = tuple[Reply, ...]
VERBS = frozenset({"urge", "archive", "reopen"})
SHOWN = 60  # characters of words that the answer repeats


def hear(turn: Turn, talk: Talk, order: Order, named: Ticket | None) -> Replies | None:
    """The answer to one of these verbs; None where it is none of them. Refused for a number out of reach."""
    in_form = talk.draft is not None and not talk.draft.shelved
    if order.verb not in VERBS or (named is None and order.words and (talk.order is not None or in_form)):
        return None  # Words that are waited for may begin so.
    if named is None and (order.number or order.tail):
        raise Refused("ticket.not_found")
    talk.order = None
    if named is None:
        return _unnamed(turn, order)
    ticket = _reached(turn, named)
    if order.verb == "urge":
        return _urged(turn, ticket)
    if order.verb == "reopen":
        return _opened_anew(turn, talk, ticket, order.words)
    return _filed(turn, ticket)


def _reached(turn: Turn, ticket: Ticket) -> Ticket:
    if turn.person is None or not access.may_act(turn.session, turn.person, ticket, turn.now):
        raise Refused("ticket.not_found")
    return ticket


def _unnamed(turn: Turn, order: Order) -> Replies:
    """One's own matters are urged as anybody's; for the rest it is said how the verb is meant, with what it fits."""
    if order.verb == "urge" and (theirs := lists.of_student(turn, order.words)) is not None:
        return (theirs,)
    if order.verb == "urge":
        return feedback.urge_unnamed(turn) if student.open_ones(turn) else (lists.fitting(turn, "escalate"),)
    if order.verb == "reopen":
        return (Reply(text=turn.say("loose.reopen_how")),)
    listed = lists.fitting(turn, "resolve")
    days = turn.school.reopen_days
    return (listed.model_copy(update={"text": f"{turn.say('loose.archive_how', days=days)}\n{listed.text}"}),)


def _card(turn: Turn, ticket: Ticket, said: str, *more: Choice) -> Replies:
    choices = (*more, *cards.choices(turn, ticket, staff=True))
    return (Reply(text=said, card=cards.card(turn, ticket, staff=True), choices=choices),)


def _urged(turn: Turn, ticket: Ticket) -> Replies:
    """Staff do not urge: what is one's own is done, and of what a colleague has whoever leads calls up."""
    if not ticket.is_open:
        raise Refused("ticket.already", state=cards.state(turn, ticket, staff=True))
    if turn.person is not None and ticket.assignee_id == turn.person.id and ticket.status != Status.waiting:
        return _card(turn, ticket, turn.say("loose.urge_yours", number=ticket.number))
    if ticket.status == Status.waiting:
        state = cards.state(turn, ticket, staff=True)
        return _card(turn, ticket, turn.say("loose.urge_waits", number=ticket.number, state=state))
    name = cards.who(turn, ticket.assignee_id) or turn.say("card.nobody")
    ups = "escalate" in cards.more_verbs(turn, ticket, turn.person)
    up = Choice(label=turn.say("verb.escalate"), send=f"t:{ticket.id}:escalate:{ticket.rev}", style="main")
    said = turn.say("loose.urge_lead" if ups else "loose.urge_theirs", number=ticket.number, name=name)
    return _card(turn, ticket, said, *((up,) if ups else ()))


def _opened_anew(turn: Turn, talk: Talk, ticket: Ticket, words: str) -> Replies:
    """A decision is taken up again by correcting it, where that may be; else it is said how the matter stands."""
    if ticket.is_open:
        return _card(turn, ticket, turn.say("loose.reopen_open", number=ticket.number))
    if any(to == "take" for to, _ in correcting.offered(turn, ticket)[0]):
        return correcting.press(turn, talk, ticket, "take") if not words else correcting.act(
            turn, talk, ticket, f"{turn.say('correct.to_take')} {words}"
        )  # fmt: skip
    return _card(turn, ticket, turn.say("loose.reopen_not", number=ticket.number, days=turn.school.reopen_days))


def _filed(turn: Turn, ticket: Ticket) -> Replies:
    """Nobody files by hand: what is answered is filed by itself once the student may not open it anew any more."""
    key = "open" if ticket.is_open else "waits" if ticket.status == Status.resolved else "done"
    return _card(turn, ticket, turn.say(f"loose.archive_{key}", number=ticket.number, days=turn.school.reopen_days))


def numbered(turn: Turn, words: str, named: Ticket | None) -> Replies:
    """A matter's number with words that are no order: its card, and that the words went to nobody."""
    if named is None:
        raise Refused("ticket.not_found")
    ticket = _reached(turn, named)
    rest = NUMBER.sub(" ", words, count=1).strip(" ,，.。:：;；")
    if is_question(rest):
        return student.show(turn, ticket, staff=True)
    shown = rest if len(rest) <= SHOWN else f"{rest[: SHOWN - 1]}…"
    key = "loose.number_silent" if cards.withheld(turn, ticket) else "loose.number"
    return _card(turn, ticket, turn.say(key, number=ticket.number, words=shown))
