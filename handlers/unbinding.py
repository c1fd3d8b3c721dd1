"""Takes accounts away from a person: one's own after a second word, all of them at once, or by the operator."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from handlers import binding, directory, notices
from handlers.turn import Turn
from models.credential import Entrance
from models.dialogue import Dialogue
from models.message import Choice, Refused, Reply
from models.meta import audit
from models.numbering import post, take_turn, try_turn
from models.outbox import Attachment, Delivery, Lane, Outbox
from models.person import Account, Code, Person, SignIn
from models.ticket import Ticket
from models.unit import at_end

_COLUMNS = tuple(column.name for column in Outbox.__table__.columns if column.name not in ("seq", "settled_at"))


def hear(turn: Turn, word: str) -> tuple[Reply, ...]:
    """One of the words unbind, unbind_all (both ask), unbind_now, unbind_all_now (both do it) and keep_bound.

    Raises Refused where nobody is bound, and where one of the other accounts is being spoken from at this moment.
    """
    if turn.person is None or turn.account is None:
        raise Refused("unbind.nobody")
    if word == "keep_bound":
        return (Reply(text=turn.say("unbind.kept")),)
    every = word.startswith("unbind_all")
    if not word.endswith("_now"):
        return (_ask(turn, turn.person, turn.account, every=every),)
    gone = [turn.account]
    if every:
        others = _accounts(turn.session, turn.person, but=turn.account.id)
        if not all(try_turn(turn.session, row.channel, row.key) for row in others):
            raise Refused("unbind.busy")
        gone += _accounts(turn.session, turn.person, but=turn.account.id)
        turn.session.execute(delete(Code).where(Code.person_id == turn.person.id))
    _release(turn, turn.person, gone, turn.person.id)
    return (Reply(text=turn.say("unbind.done_all" if every else "unbind.done", count=len(gone))),)


def _ask(turn: Turn, person: Person, account: Account, *, every: bool) -> Reply:
    channel, name = binding.channel_name(turn, account.channel), directory.name_of(person, turn.lang)
    said = turn.say("unbind.ask_all" if every else "unbind.ask", channel=channel, name=name)
    do, keep = turn.say("unbind.way_all" if every else "unbind.way"), turn.say("unbind.way_kept")
    choices = (
        Choice(label=do, send="w:unbind_all_now" if every else "w:unbind_now", words=do, style="danger"),
        Choice(label=keep, send="w:keep_bound", words=keep),
    )
    return Reply(text=said, choices=choices)


def take_away(turn: Turn, person: Person, channel: str = "") -> int:
    """Take a person's accounts away, of one channel or of all, and void the codes; for an operator. Returns how many."""
    for row in _accounts(turn.session, person, channel):
        take_turn(turn.session, row.channel, row.key)
    gone = _accounts(turn.session, person, channel)
    turn.session.execute(delete(Code).where(Code.person_id == person.id))
    _release(turn, person, gone, None)
    return len(gone)


def _accounts(session: Session, person: Person, channel: str = "", but: str = "") -> list[Account]:
    """A person's accounts, read anew, always in one order."""
    statement = select(Account).where(Account.person_id == person.id, Account.id != but)
    if channel:
        statement = statement.where(Account.channel == channel)
    ordered = statement.order_by(Account.channel, Account.key)
    return list(session.execute(ordered, execution_options={"populate_existing": True}).scalars())


def _release(turn: Turn, person: Person, gone: Sequence[Account], by_id: str | None) -> None:
    """Make accounts nobody's. What is half said stays with the person, what waits to be sent goes to another account.

    The page that everybody has by signing in is no binding: there the browsers are signed out. Whose turn each account
    is must be the caller's, so that no message under way writes the old person back.
    """
    session = turn.session
    left = [row for row in gone if not (row.channel == directory.PULL and row.key == person.id)]
    ids = [row.id for row in left]
    session.execute(delete(SignIn).where(SignIn.account_id.in_([row.id for row in gone])))
    session.execute(delete(Entrance).where(Entrance.person_id == person.id))  # A link in the chat that is let go.
    session.execute(delete(Dialogue).where(Dialogue.holder.in_(["a" + each for each in ids])))
    # By its account alone whoever has it next would be taken for the one who asked.
    session.execute(
        update(Ticket).where(Ticket.account_id.in_(ids), Ticket.requester_id == person.id).values(account_id=None)
    )
    if ids:
        _move(turn, person, ids)
    for account in gone:
        audit(session, turn.now, by_id, "unbound", f"{account.channel} {account.id}")
        binding.tell_others(turn, person, "unbind.elsewhere", account, tuple(ids))
    others = [row for row in left if row is not turn.account]
    for account in others:
        there = turn.to(account.lang)
        said = Reply(text=there.say("unbind.gone"))
        notices.send(there, account, said, Lane.interactive, f"unbound:{account.id}:{account.seq}")
    if others:
        # After the numbers were given, which locks these rows in the one order that all units keep.
        at_end(session, partial(_unbind, ids=[row.id for row in others]))
    if turn.account is not None and turn.account.id in ids:
        turn.account.person_id, turn.account.more = None, None


def _unbind(session: Session, ids: list[str]) -> None:
    session.execute(
        update(Account).where(Account.id.in_(ids)).values(person_id=None, more=None, offered=[]),
        execution_options={"synchronize_session": False},
    )


def _home(turn: Turn, person: Person, gone: list[str]) -> Account:
    """Where the person is told things from now on: the account used last of those that stay, or one's own page."""
    statement = select(Account).where(Account.person_id == person.id, Account.id.notin_(gone), Account.closed == "")
    found = turn.session.execute(statement.order_by(Account.used_at.desc()).limit(1)).scalar()
    return _page(turn, person) if found is None else found


def _page(turn: Turn, person: Person) -> Account:
    """The person's own page, which needs no binding."""
    found = directory.account(turn.session, directory.PULL, person.id, turn.now)
    found.person_id = person.id
    turn.session.flush()
    return found


def _move(turn: Turn, person: Person, gone: list[str]) -> None:
    """Files of a half-filled form, and messages that nobody began to send, go to an account that stays; what was
    written for a channel at home never to one abroad."""
    home = _home(turn, person, gone)
    turn.session.execute(
        update(Attachment)
        .where(Attachment.account_id.in_(gone), Attachment.ticket_id.is_(None))
        .values(account_id=home.id)
    )
    statement = select(Outbox).where(Outbox.account_id.in_(gone), Outbox.status == Delivery.ready)
    rows = list(turn.session.execute(statement.order_by(Outbox.created_at, Outbox.seq).with_for_update()).scalars())
    for row in rows:
        values = {name: getattr(row, name) for name in _COLUMNS}
        turn.session.delete(row)
        leaves = home.channel in turn.school.abroad and row.bot not in turn.school.abroad
        to = _page(turn, person) if leaves else home
        post(turn.session, values | {"account_id": to.id, "bot": to.channel, "pressed": "", "refs": "", "ref": ""})
    turn.session.flush()
