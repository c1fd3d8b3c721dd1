"""Hears that a student's 销假 or 撤回 was a slip, by a button or in words, and says what to do where it is too late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from handlers import cards, not_back, owned, tickets, unended
from handlers.talks import Talk
from handlers.turn import Turn
from handlers.understand.mistaken import names_end, names_restore, says_restore, says_slip, says_withdraw
from handlers.understand.orders import NUMBER, read_number
from models.base import first_id
from models.message import Choice, Incoming, Reply
from models.ticket import Event, Ticket

Replies = tuple[Reply, ...]
LOOK_BACK: Final = timedelta(days=1)  # so long it is said why an end is taken back no more; after that nobody means it
VERBS: Final = frozenset(unended.VERBS.values())
_KIND: Final = {"back": "returned", "withdraw": "withdrawn"}


def hear(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """「我按错了」, 「我还没回来」, 「恢复申请 编号」; None for all other words, and where they may mean something else."""
    number = read_number(incoming.text) or incoming.quote
    rest = NUMBER.sub(" ", incoming.text, count=1)
    slip = says_slip(rest) or ("any" if number and says_restore(rest) else "") if not incoming.files else ""
    if not slip or (turn.person is not None and turn.person.kind == "staff"):
        return None
    busy = talk.order is not None or talk.consult or (talk.draft is not None and not talk.draft.shelved)
    if busy and not number and not _just_offered(turn):
        return None
    found = _newest(turn, number)
    end = unended.end_of(turn, found) if found is not None else None
    if found is None or end is None or _KIND.get(slip, end.mark.kind) != end.mark.kind:
        # 「我还没回来」 may be said of anything; what only a slip is called is answered.
        if slip == "back" and not number and (told := not_back.hear(turn)) is not None:
            return told
        if number and names_restore(rest) and (open_ := _still_open(turn, number)) is not None:
            return (open_,)
        plain = slip == "any" or names_end(incoming.text)
        return (_nothing(turn),) if plain and not number and _none_open(turn, slip) else None
    return do(turn, found, end.verb)


def _still_open(turn: Turn, number: str) -> Reply | None:
    """「恢复申请 编号」 of what is open: nothing of it was ended, and the words go to nobody."""
    ticket = next((each for each in owned.open_of(turn) if each.number == number and not each.private), None)
    if ticket is None:
        return None
    said = turn.say("unend.not_ended", number=number, state=cards.state(turn, ticket))
    return Reply(text=said, choices=cards.choices(turn, ticket, staff=False))


def bare(turn: Turn, words: str) -> Replies | None:
    """A bare 「撤销」 or 「撤回」: of an end of a moment ago, unless another open matter may be meant, which is asked."""
    found = _newest(turn)
    end = unended.end_of(turn, found) if found is not None else None
    if found is None or end is None or not unended.is_fresh(turn, end):
        return None
    again = says_withdraw(words) and end.mark.kind == "withdrawn"
    if again:  # The same word once more is rather said twice than meant the other way.
        return (_known(turn, found, end.verb),)
    others = [
        way
        for each in owned.open_of(turn)
        if not each.private
        for way in cards.choices(turn, each, staff=False)
        if ":withdraw:" in way.send
    ]
    if others and not _just_offered(turn):
        mine = [_button(turn, found, end.verb), *(_named(way) for way in others)]
        return (Reply(text=turn.say("unend.which"), choices=tuple(mine)),)
    return do(turn, found, end.verb)


def act(turn: Turn, ticket: Ticket, verb: str) -> Replies | None:
    """The verbs of this module on one's own ticket; of 「撤回 编号」 said of a matter that was ended a moment ago how it
    stands, and the way back; None for all other verbs."""
    if verb in VERBS:
        return do(turn, ticket, verb)
    offered = unended.offered(turn, ticket) if verb == "withdraw" else []
    return (_known(turn, ticket, offered[0]),) if offered else None


def do(turn: Turn, ticket: Ticket, verb: str) -> Replies:
    """Take the end of one's own matter back and show how it stands. Raises Refused, with what to do instead."""
    locked = tickets.get(turn, ticket.id)
    if locked is None:
        raise AssertionError(ticket.id)
    (tickets.unreturn if verb == "unreturn" else tickets.unwithdraw)(turn, locked)
    name = cards.who(turn, locked.assignee_id) or turn.say("card.nobody")
    said = turn.say(f"student.{verb}_done", number=locked.number, name=name, state=cards.state(turn, locked))
    card = cards.card(turn, locked, staff=False)
    return (Reply(text=said, card=card, choices=cards.choices(turn, locked, staff=False)),)


def _newest(turn: Turn, number: str = "") -> Ticket | None:
    """The speaker's own matter that was ended last, or the one of a number; None where none was within LOOK_BACK."""
    ended = (
        select(Ticket)
        .join(Event, Event.ticket_id == Ticket.id)
        .where(
            turn.own(), Event.id >= first_id(turn.now - LOOK_BACK), Event.kind.in_(tuple(unended.VERBS)),
            Event.key.startswith("was:"), Ticket.private.is_(False),
        )
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(1)
    )  # fmt: skip
    found: Ticket | None = turn.session.execute(ended.where(Ticket.number == number) if number else ended).scalar()
    return found


def _just_offered(turn: Turn) -> bool:
    """Whether the last answer showed the button that takes an end back."""
    offered: Sequence[Sequence[str]] = turn.account.offered if turn.account is not None else []
    return any(send.startswith("t:") and send.split(":")[2] in VERBS for _, _, send in offered)


def _none_open(turn: Turn, slip: str) -> bool:
    """Whether nothing that is open can be meant: 「别撤回」 of an open matter wants nothing done."""
    return slip != "withdraw" or not owned.open_of(turn)


def _nothing(turn: Turn) -> Reply:
    see = Choice(label=turn.say("way.mine"), send="w:mine", words=turn.say("way.mine"))
    return Reply(text=turn.say("unend.none", minutes=turn.school.undo_minutes), choices=(see,))


def _known(turn: Turn, ticket: Ticket, verb: str) -> Reply:
    said = turn.say(
        "unend.already", number=ticket.number, state=cards.state(turn, ticket), verb=turn.say(f"verb.{verb}")
    )
    return Reply(text=said, choices=(_button(turn, ticket, verb),))


def _button(turn: Turn, ticket: Ticket, verb: str) -> Choice:
    label = f"{turn.say(f'verb.{verb}')} {ticket.number}"
    return Choice(label=label, send=f"t:{ticket.id}:{verb}:{ticket.rev}", words=label)


def _named(way: Choice) -> Choice:
    return way.model_copy(update={"label": way.words or way.label})
