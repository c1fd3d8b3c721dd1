"""What a student may say about tickets: see them, take one back, add what was asked for, return, say if it helped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import select

from handlers import (
    access,
    behalf,
    binding,
    calling_off,
    cards,
    consulting,
    corrections,
    enclosures,
    feedback,
    lists,
    live,
    owing,
    owned,
    pages,
    proofs,
    refusals,
    telling,
    tickets,
    told_course,
    unending,
)
from handlers.talks import Kept, Order, Talk
from handlers.turn import Turn
from handlers.understand.asides import is_thanks, is_wish
from handlers.understand.orders import read_order
from models.message import Choice, Incoming, Refused, Reply
from models.ticket import Resolution, Status, Ticket

Replies = tuple[Reply, ...]
CONSULT: Final = consulting.CONSULT
consult: Final = consulting.consult
_OWN: Final = frozenset({"show", "withdraw", "call_off", "fill", "back", "prolong", "helped", "unhelped"})
VERBS: Final = _OWN | unending.VERBS | feedback.VERBS | behalf.VERBS
VOID: Final = ("ticket.", "urge.")  # refusals that no other words would change
_WORDED: Final = {"fill": tickets.answer, "unhelped": tickets.reopen}
_AT_ONCE: Final[dict[str, Callable[[Turn, Ticket], None]]] = {
    "withdraw": tickets.withdraw, "back": tickets.come_back, "helped": tickets.confirm,
    "acknowledge": tickets.acknowledge, "call_off": tickets.call_off,
}  # fmt: skip


def mine(turn: Turn, start: int | None = None) -> Replies:
    """The speaker's matters: open ones first, the newest on top; a single open one is shown whole, with a way to all.

    start: where a page begins, None when the list itself was not asked for.
    """
    if turn.person is None:
        raise binding.first_in_demo(turn) if turn.school.demo else Refused("mine.bind_first")
    count = lists.count_mine(turn)
    mine_ = [ticket for ticket in owned.open_of(turn) if not ticket.private] if start is None else []
    if len(mine_) == 1:
        *files, shown = show(turn, mine_[0], staff=False)
        word = turn.say("mine.all", count=count)
        every = (Choice(label=word, send="w:mine:0", words=turn.say("mine.all_words")),) if count > 1 else ()
        return (*files, shown.model_copy(update={"choices": (*shown.choices, *every)}))
    listed = lists.mine(turn, start or 0, count)
    if listed is None:
        return (Reply(text=turn.say("mine.none"), choices=services(turn, 3)),)
    return pages.leading(turn, (listed,), "me.page", "/me")


def open_ones(turn: Turn) -> int:
    """How many matters of the speaker's own are open."""
    return len([ticket for ticket in owned.open_of(turn) if not ticket.private])


def services(turn: Turn, most: int = 5) -> tuple[Choice, ...]:
    """The first services as buttons."""
    offered = turn.school.catalogue.offered()[:most]
    return tuple(Choice(label=live.label(turn, item, turn.person), send=f"g:{item.slug}") for item in offered)


def show(turn: Turn, ticket: Ticket, *, staff: bool) -> Replies:
    """One ticket: its card, and every event on its timeline."""
    whole = cards.entitled(turn, ticket)
    files = enclosures.listed(turn, ticket)
    further = (*refusals.ways(turn, ticket), *enclosures.ways(turn, ticket, files))
    shown = Reply(
        text=told_course.told(turn, ticket, staff=staff, whole=whole),
        card=cards.card(turn, ticket, staff=staff, whole=whole),
        choices=(*cards.choices(turn, ticket, staff=staff), *further),
    )
    return (*files, shown)


def hear(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """An order in words that names one's own ticket, or words on the quoted one; None when it is neither."""
    if incoming.files and not incoming.quote and (given := _given(turn, talk, incoming)) is not None:
        return given
    order = read_order(incoming.text)
    verb = "" if order is None else {"resolve": "helped", "reopen": "unhelped"}.get(order.verb, order.verb)
    if order is None or verb not in VERBS:
        said = on_quoted(turn, talk, incoming)
        quoted = tickets.by_number(turn, incoming.quote) if order is not None and incoming.quote else None
        if said is None and order is not None and incoming.quote and (quoted is None or not _is_mine(turn, quoted)):
            raise Refused("ticket.not_found")  # A verb on a quotation that nobody gave is no new wish.
        return said
    if order.number or incoming.quote:
        named = own(turn, tickets.by_number(turn, order.number or incoming.quote))
        return asking(turn, named, verb) or act(turn, talk, named, verb, order.words)
    tail = owned.by_tail(turn, order.tail)
    ticket = tickets.by_number(turn, tail) if tail else None
    return None if ticket is None else asking(turn, ticket, verb) or act(turn, talk, ticket, verb, order.rest)


def on_quoted(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """Words or files on a quoted matter of one's own, without a verb: what was asked for, or one thing more about it.

    None when nothing of one's own is quoted, or when just these words were waited for.
    """
    words = incoming.text.strip()
    ticket = tickets.by_number(turn, incoming.quote) if incoming.quote and (words or incoming.files) else None
    if ticket is None or not _is_mine(turn, ticket) or (talk.order is not None and talk.order.ticket == ticket.id):
        return None
    if incoming.files and proofs.is_owed(turn, ticket):
        return _shown(turn, ticket, incoming)
    if ticket.is_open:
        return supply(turn, talk, ticket, "fill" if is_asked(ticket) else "added", incoming)
    again = Choice(label=turn.say("quoted.again"), send=f"t:{ticket.id}:unhelped:{ticket.rev}")
    anew = Choice(label=turn.say("quoted.anew"), send=f"r:{ticket.id}:anew:{ticket.rev}" if words else "w:human")
    told = (*(telling.offered(turn, ticket) if words else ()), *refusals.ways(turn, ticket))
    choices = ((again,) if ticket.resolution == Resolution.answered else ()) + (*told, anew)
    if words:
        talk.kept.append(Kept(ask="closed", ticket=ticket.id, words=words, at=talk.rev))
    said = turn.say("quoted.closed", number=ticket.number, state=cards.state(turn, ticket))
    return (Reply(text=said, choices=choices),)


def _given(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """A file on its own while just one matter of one's own waits for something: it is that; None where it may be else."""
    words = incoming.text.strip()
    busy = talk.order is not None or talk.consult or (talk.draft is not None and not talk.draft.shelved)
    if busy or (words and (is_wish(words) or read_order(words) is not None)):
        return None
    found = [each for each in owned.open_of(turn) if not each.private and is_asked(each)]
    found += [each for each in owing.mine(turn) if each not in found]  # Of what has ended too.
    if len(found) != 1 or (ticket := tickets.get(turn, found[0].id)) is None:
        return None
    if is_asked(ticket):
        return supply(turn, talk, ticket, "fill", incoming)
    return _shown(turn, ticket, incoming)


def _shown(turn: Turn, ticket: Ticket, incoming: Incoming) -> Replies:
    proofs.give(turn, ticket, incoming.files, incoming.text.strip())
    return _done(turn, ticket, turn.say("proof.thanks", number=ticket.number))


def supplied(turn: Turn, talk: Talk, order: Order, incoming: Incoming) -> Replies:
    """What a verb waited for; one that can be carried out no more is dropped, and never stands in the way again."""
    try:
        return supply(turn, talk, own(turn, tickets.get(turn, order.ticket)), order.verb, incoming)
    except Refused as refused:
        if not refused.key.startswith(VOID):
            raise
        talk.order = None
        return (Reply(text=turn.say(refused.key, **refused.values)),)


def supply(turn: Turn, talk: Talk, ticket: Ticket, verb: str, incoming: Incoming) -> Replies:
    """A verb with the words and the files of a message; the files are joined once the verb was not refused."""
    words = incoming.text.strip()
    if verb == "fill" and not incoming.files and is_thanks(words):
        return _done(turn, ticket, turn.say("student.still_asked", number=ticket.number))
    if verb == "added" and incoming.files and proofs.is_owed(turn, ticket):
        return _shown(turn, ticket, incoming)  # As on its quotation, where it is added on its page.
    words = enclosures.named(turn, words, incoming.files)
    said = add(turn, talk, ticket, words) if verb == "added" else act(turn, talk, ticket, verb, words)
    is_proof = enclosures.answer(turn, ticket, verb, incoming.files)
    return _done(turn, ticket, said[0].text) if is_proof else said


def add(turn: Turn, talk: Talk, ticket: Ticket, words: str) -> Replies:
    """One thing more about a matter of one's own, which whoever has it reads."""
    tickets.add(turn, ticket, words)
    talk.order = None if talk.order is not None and talk.order.ticket == ticket.id else talk.order
    name = cards.who(turn, ticket.assignee_id) or turn.say("card.nobody")
    return _done(turn, ticket, turn.say("quoted.added", number=ticket.number, name=name))


def _done(turn: Turn, ticket: Ticket, said: str) -> Replies:
    """A sentence with the card as it stands now."""
    return (
        Reply(text=said, card=cards.card(turn, ticket, staff=False), choices=cards.choices(turn, ticket, staff=False)),
    )


def is_asked(ticket: Ticket) -> bool:
    """Whether something was asked of the student that has not come yet."""
    return ticket.is_open and ticket.status == Status.waiting and ticket.back_at is None


def _is_mine(turn: Turn, ticket: Ticket) -> bool:
    if turn.person is not None:
        return ticket.requester_id == turn.person.id
    return turn.account is not None and turn.account.person_id is None and ticket.account_id == turn.account.id


def own(turn: Turn, ticket: Ticket | None) -> Ticket:
    """The ticket if the speaker may see it; otherwise the same refusal as for one that does not exist."""
    if ticket is not None and turn.person is not None and ticket.requester_id == turn.person.id:
        return ticket
    allowed = ticket is not None and (
        ticket.account_id is not None and turn.account is not None and ticket.account_id == turn.account.id
        if turn.person is None
        else turn.session.execute(
            select(Ticket.id).where(Ticket.id == ticket.id, access.visible(turn.session, turn.person, turn.now))
        ).first() is not None
    )  # fmt: skip
    left = turn.person is None and turn.account is not None and turn.account.person_id is not None
    if ticket is None or not allowed or left:  # Somebody who left the school keeps an account, and sees nothing by it.
        raise Refused("ticket.not_found")
    return ticket


def asking(turn: Turn, ticket: Ticket, verb: str) -> Replies:
    """What is asked before a verb that may be a slip, in chat; () where it is carried out at once."""
    service = turn.school.catalogue.service(ticket.service)
    asked = service.slipping(turn, ticket) if verb == "back" else calling_off.ask(turn, ticket, verb)
    return () if asked is None or not _is_mine(turn, ticket) else (asked,)


def act(turn: Turn, talk: Talk, ticket: Ticket, verb: str, words: str = "") -> Replies:
    """One verb of a student on one of his tickets; a verb that only staff have is no button of a student's."""
    if verb not in VERBS:
        raise Refused("form.stale")
    mine_ = turn.person is not None and ticket.requester_id == turn.person.id
    if verb == "show":
        return show(turn, ticket, staff=not mine_ and turn.person is not None and turn.person.kind == "staff")
    if not mine_ and not (turn.person is None and turn.account is not None and ticket.account_id == turn.account.id):
        raise Refused("ticket.not_found")
    if verb == "unhelped" and not words:
        words = talk.take(ticket.id)  # They were said on its quotation, and are not asked for once more.
    if (done := unending.act(turn, ticket, verb)) is not None:
        return done
    if verb in feedback.VERBS:
        return feedback.act(turn, ticket, verb, words)
    if verb in ("fill", "unhelped") and not words:
        _before_words(turn, ticket, verb)
        if cards.withheld(turn, ticket) and not cards.item_of(turn, ticket).urgent:
            said = turn.say("abroad.write_there", number=ticket.number, verb=turn.say(f"verb.{verb}"))
            return (Reply(text=said, card=cards.card(turn, ticket, staff=False)),)
        talk.order = Order(verb=verb, ticket=ticket.id)
        return (Reply(text=turn.say(f"student.{verb}_words", number=ticket.number), choices=(_cancel(turn),)),)
    if verb == "object":
        return _object(turn, talk, ticket)
    if verb == "fill" and ticket.is_open and not is_asked(ticket):
        return add(turn, talk, ticket, words)  # 「补充 QJ-… 我坐高铁回去」 where nothing was asked for.
    _WORDED[verb](turn, ticket, words) if verb in _WORDED else _AT_ONCE[verb](turn, ticket)
    talk.order = None
    name = cards.who(turn, ticket.assignee_id) or turn.say("card.nobody")
    said = turn.say(f"student.{verb}_done", number=ticket.number, name=name)
    said += f"\n{owed}" if verb == "back" and (owed := owing.line(turn, ticket)) else ""
    if verb == "helped" and tickets.stars_of(turn, ticket) is None:
        stars = feedback.ask(turn, ticket, said)
        return (stars.model_copy(update={"card": cards.card(turn, ticket, staff=False)}),)
    return _done(turn, ticket, said)


def _object(turn: Turn, talk: Talk, ticket: Ticket) -> Replies:
    """The student never asked for it: who was told of that, and how the matter stands now."""
    to = tickets.object_to(turn, ticket)
    talk.order = None
    name = cards.who(turn, to.id) if to is not None else turn.say("card.nobody")
    said = "student.object_ended" if ticket.resolution == Resolution.withdrawn else "student.object_done"
    return _done(turn, ticket, turn.say(said, number=ticket.number, name=name))


def _before_words(turn: Turn, ticket: Ticket, verb: str) -> None:
    """Refuse before asking for words that would be of no use."""
    if verb == "fill" and not is_asked(ticket):
        raise Refused("ticket.nothing_asked", state=cards.state(turn, ticket))
    if verb == "unhelped" and (ticket.is_open or ticket.resolution not in (Resolution.answered, Resolution.duplicate)):
        raise Refused("ticket.already", state=cards.state(turn, ticket))


def _cancel(turn: Turn) -> Choice:
    return Choice(label=turn.say("way.cancel"), send="w:cancel", words=turn.say("way.cancel"))


def still_offered(turn: Turn, ticket: Ticket, verb: str, rev: str, *, staff: bool) -> bool:
    """Whether a button of an older card still means the same: its verb is on today's card too, and it asks about no answer
    that was corrected since."""
    if verb == "undo":
        return staff and tickets.is_split(turn, ticket, rev)
    if verb in ("helped", "unhelped") and corrections.since(turn, ticket, rev):
        return False
    return any(choice.send.split(":")[2] == verb for choice in cards.choices(turn, ticket, staff=staff))
