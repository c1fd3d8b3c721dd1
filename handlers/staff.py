"""What counselors may say in chat: take, sign, send back, refuse, reply, sign back in, list; by button or by words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import bindparam, exists, or_, select

from handlers import access, binding, cards, directory, student, tickets
from handlers.talks import Order, Talk
from handlers.turn import Turn
from handlers.understand.intents import command
from handlers.understand.orders import read_code_wish, read_order
from models.message import Choice, Incoming, Refused, Reply
from models.meta import audit
from models.ticket import OPEN, Event, Status, Ticket

Replies = tuple[Reply, ...]
VERBS: Final = frozenset({"sign", "refuse", "ask", "reply", "take", "back", "show"})
NEEDS_WORDS: Final = frozenset({"refuse", "ask", "reply"})
LEAVES: Final = frozenset(
    {"cancel", "menu", "help", "mine", "human", "duty", "restart", "back", "language_zh", "language_en"}
)
SHOWN: Final = 8
MOST_WORDS: Final = 2000
DO: Final[dict[str, Callable[[Turn, Ticket, str], None]]] = {
    "sign": tickets.sign, "refuse": tickets.refuse, "ask": tickets.ask, "reply": tickets.reply,
    "take": tickets.take, "back": tickets.sign_in,
}  # fmt: skip


def hear(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """An order in words, or the words that an order waits for; None when it is neither.

    A verb acts on the ticket whose card is quoted or whose number is named, never on "the latest": with none named
    the open matters are listed. A quotation without a verb is a reply to that ticket.
    """
    number = read_code_wish(incoming.text)
    if number:
        return (code(turn, number),)
    order = read_order(incoming.text)
    number = (order.number if order else "") or incoming.quote
    named = tickets.by_number(turn, number) if number else None
    if named is not None and turn.person is not None and named.requester_id == turn.person.id:
        return None  # One's own matter is heard as anybody's is.
    if order is None and incoming.quote and incoming.text.strip():
        return act(turn, talk, reach(turn, named), "reply", incoming.text.strip())
    if order is not None and order.verb == "mine":
        return waiting(turn)
    if order is not None and order.verb in VERBS and (order.number or incoming.quote):
        return act(turn, talk, reach(turn, named), order.verb, order.words)
    waits = talk.order if talk.order is not None and talk.order.verb in NEEDS_WORDS else None
    if waits is not None and incoming.text.strip() and (order is None or order.verb not in VERBS or order.words):
        if command(incoming.text) in LEAVES:
            # Not the reason of a refusal: something else is wanted, and cancelling says so itself.
            talk.order = talk.order if command(incoming.text) == "cancel" else None
            return None
        return _finish(turn, talk, waits, incoming.text.strip())
    if order is not None and order.verb in VERBS:
        return waiting(turn, verb=order.verb)
    return None


def _finish(turn: Turn, talk: Talk, order: Order, words: str) -> Replies:
    """The words that an order waited for. One that can be carried out no more is dropped, so that it never stands
    in the way of what is said next: the ticket was decided by somebody else, or is out of the speaker's reach."""
    try:
        return act(turn, talk, reach(turn, tickets.get(turn, order.ticket)), order.verb, words)
    except Refused as refused:
        if not refused.key.startswith("ticket."):
            raise
        talk.order = None
        return (Reply(text=turn.say(refused.key, **refused.values)),)


def code(turn: Turn, number: str) -> Reply:
    """A one-time binding code for a student below an area that the speaker has a duty for."""
    person = directory.by_number(turn.session, number)
    if person is None or turn.person is None or not access.reaches(turn.session, turn.person, person, turn.now):
        raise Refused("staff.no_such_student", number=number)
    made = binding.issue(turn.session, person, turn.now, turn.person.id)
    return Reply(text=turn.say("run.code", name=directory.name_of(person, turn.lang), code=made))


def reach(turn: Turn, ticket: Ticket | None) -> Ticket:
    """The ticket if the speaker's duties reach it now; otherwise the same refusal as for one that does not exist."""
    if ticket is None or turn.person is None or not access.may_act(turn.session, turn.person, ticket, turn.now):
        raise Refused("ticket.not_found")
    return ticket


_WAITING = (
    select(Ticket)
    .where(
        Ticket.status.in_(OPEN),
        # One's own, what nobody has, and what climbed to the reader because nobody answered.
        or_(
            Ticket.assignee_id == bindparam("person"),
            Ticket.assignee_id.is_(None),
            exists().where(Event.ticket_id == Ticket.id, Event.to_id == bindparam("person"), Event.kind == "escalated"),
        ),
        access.REACHED,
        or_(Ticket.status != Status.waiting, Ticket.back_at.is_not(None)),
        or_(Ticket.requester_id.is_(None), Ticket.requester_id != bindparam("person")),
    )
    .order_by(
        Ticket.private.desc(), Ticket.back_at.is_not(None), Ticket.due_at.is_(None), Ticket.due_at, Ticket.opened_at
    )
    .limit(SHOWN + 1)
)


def waiting(turn: Turn, verb: str = "") -> Replies:
    """The open matters that wait for the speaker, the most pressing first; with the verb that was said, as buttons."""
    if turn.person is None:
        raise Refused("ticket.not_found")
    found = list(turn.session.execute(_WAITING, {"person": turn.person.id, "now": turn.now}).scalars())
    if not found:
        return (Reply(text=turn.say("staff.nothing_waits")),)
    directory.meet(turn.session, [ticket.requester_id for ticket in found])
    said = turn.say(f"verb.{verb}") if verb else ""
    lines = [turn.say("staff.which" if verb else "staff.waiting", count=min(len(found), SHOWN), verb=said)]
    choices = []
    for ticket in found[:SHOWN]:
        title = cards.item_of(turn, ticket).title.to(turn.lang)
        lines.append(
            turn.say(
                "staff.line", names=cards.names(turn, ticket), title=title, state=cards.state(turn, ticket, staff=True)
            )
        )
        label = turn.say("staff.pick", verb=said or turn.say("verb.show"), number=ticket.number,
                         name=cards.who(turn, ticket.requester_id))  # fmt: skip
        choices.append(Choice(label=label, send=f"t:{ticket.id}:{verb or 'show'}:{ticket.rev}"))
    if len(found) > SHOWN:
        lines.append(turn.say("staff.more"))
    return (Reply(text="\n".join(lines), choices=tuple(choices)),)


def act(turn: Turn, talk: Talk, ticket: Ticket, verb: str, words: str = "") -> Replies:
    """One verb on one ticket; asks for the words where the verb needs them, and echoes student, number and dates."""
    if verb == "show":
        if ticket.private:
            audit(turn.session, turn.now, turn.person.id if turn.person else None, "opened", ticket.number)
        return student.show(turn, ticket, staff=True)
    if verb not in VERBS:
        raise Refused("form.stale")
    if len(words) > MOST_WORDS:
        raise Refused("form.too_long", most=MOST_WORDS, count=len(words))
    if verb in NEEDS_WORDS and not words:
        tickets.before(turn, ticket, verb)
        talk.order = Order(verb=verb, ticket=ticket.id)
        cancel = Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))
        return (Reply(text=turn.say(f"staff.{verb}_words", names=cards.names(turn, ticket)), choices=(cancel,)),)
    DO[verb](turn, ticket, words)
    talk.order = None
    said = turn.say(f"staff.{verb}_done", names=cards.names(turn, ticket), name=cards.who(turn, ticket.requester_id),
                    words=words)  # fmt: skip
    if verb == "sign" and ticket.is_open and ticket.back_at is None:
        said += "\n" + turn.say("staff.next_signature", name=cards.who(turn, ticket.assignee_id))
    return (
        Reply(text=said, card=cards.card(turn, ticket, staff=True), choices=cards.choices(turn, ticket, staff=True)),
    )


def greet(turn: Turn, key: str = "") -> Reply:
    """What a member of staff can do here, and how much waits."""
    if turn.person is None:
        raise Refused("ticket.not_found")
    mine = waiting(turn)[0]
    duty = directory.on_duty(turn.session, turn.person.academic_path or directory.root_path(turn.session), turn.now)
    names = turn.say("form.or").join(directory.name_of(person, turn.lang) for person in duty)
    head = turn.say(
        "staff.hello", name=directory.name_of(turn.person, turn.lang), duty=names or turn.say("card.nobody")
    )
    head = turn.say(key) if key else head
    return mine.model_copy(update={"text": f"{head}\n{mine.text}"})
