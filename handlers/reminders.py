"""Reminders of one round in one message a person, and none to somebody who has answered in the meantime."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, update

from handlers import behalf, cards, directory, mates_reminded, notices, reminder_rounds, reminding, rules
from handlers.notices import Gathered
from handlers.turn import Turn
from models.base import first_id
from models.db import plain, seal_of
from models.deadline import Mark
from models.desk import keep_back
from models.message import Choice, Reply, pack, unpack
from models.outbox import Delivery, Lane, Outbox
from models.person import Account
from models.ticket import Event, Ticket

REMINDERS: Final = frozenset({"reminded", "reminded_back", "escalated", "watched", "followed_up"})
# What a person does that settles nothing of what was reminded of.
UNSETTLED_BY: Final = frozenset(
    {"added", "urged", "noted", "prioritised", "rated", "passed_over", "answered", "unreached"}
)
_YOURS: Final = frozenset(
    {"escalated", "reminded_back", "followed_up"}
)  # what a student reads of in words of one's own
PREFIX: Final = reminder_rounds.PREFIX
MOST: Final = reminder_rounds.MOST
KEPT: Final = timedelta(days=1)  # no reminder waits longer: quiet hours are less than a day
MOST_DIGESTS: Final = 500  # that are looked through
_ROW: Final = Outbox.__table__.c
_EVENT: Final = Event.__table__.c
_STRIKE = delete(Outbox.__table__).where(  # type: ignore[arg-type]
    _ROW.ticket_id == bindparam("ticket"), _ROW.status == Delivery.ready, _ROW.lane == Lane.reminder, _ROW.refs == "",
    _ROW.event_rev.in_(
        select(_EVENT.rev).where(_EVENT.ticket_id == bindparam("ticket"), _EVENT.kind.in_(sorted(REMINDERS)))
    ),
)  # fmt: skip
_STRIKE_NEARING = delete(Outbox.__table__).where(  # type: ignore[arg-type]
    _ROW.ticket_id == bindparam("ticket"), _ROW.status == Delivery.ready, _ROW.lane == Lane.reminder, _ROW.refs == "",
    _ROW.event_rev.in_(
        select(_EVENT.rev).where(_EVENT.ticket_id == bindparam("ticket"), _EVENT.kind == "reminded_back")
    ),
)  # fmt: skip
_TOLD = select(_EVENT.to_id).where(
    _EVENT.ticket_id == bindparam("ticket"), _EVENT.kind.in_(("escalated", "watched")), _EVENT.to_id.is_not(None)
)
_DIGESTS = (
    select(Outbox)
    .join(Account, Account.id == Outbox.account_id)
    .where(
        Account.person_id.in_(bindparam("people", expanding=True)), Outbox.status == Delivery.ready,
        Outbox.lane == Lane.reminder, Outbox.dedupe_key.startswith(PREFIX), Outbox.refs == "",
    )
    .with_for_update(of=Outbox)
)  # fmt: skip


def gather(turn: Turn) -> list[Gathered]:
    """From here on reminders of this unit are kept for `flush` instead of being written; the list that they go into."""
    gathered: list[Gathered] = []
    turn.session.info[notices.GATHERED] = gathered
    return gathered


def flush(turn: Turn) -> None:
    """Write what was gathered: one message to each account, that of the ticket's last event where it is about one ticket.

    A reminder of a limit that nears goes out with the round, so that matters which fall due within some minutes of each
    other are one message: what waits for the same round already is taken into it.
    """
    gathered: list[Gathered] = turn.session.info.pop(notices.GATHERED, [])
    by_account: dict[str, dict[str, Gathered]] = {}
    for each in gathered:
        # Of one ticket the last says most: that it was passed up is more than that it was due.
        by_account.setdefault(each.address.id, {})[each.ticket.id] = each
    next_at = reminder_rounds.next_at(turn)
    nearing = {
        key for key, found in by_account.items() if all(reminder_rounds.waits(turn, each) for each in found.values())
    }
    waiting = reminder_rounds.waiting(turn, nearing, next_at) if next_at is not None and nearing else {}
    for account_id, found in by_account.items():
        mates = [each for each in found.values() if mates_reminded.is_one(each)]
        if len(mates) > 1:
            _send(turn, mates, mates_reminded.compose(_there(turn, mates[0]), mates), None)
        several = [each for each in found.values() if len(mates) < 2 or each not in mates]
        if not several:
            continue
        several = reminder_rounds.joined(turn, several, waiting.get(account_id, []))
        round_at = next_at if account_id in nearing else None
        if len(several) == 1:
            notices.write(turn, several[0], round_at)
        else:
            _write(turn, several, round_at)


def _write(turn: Turn, several: list[Gathered], not_before: datetime | None = None) -> None:
    there = _there(turn, several[0])
    own = all(each.person is not None and each.person.id == each.ticket.requester_id for each in several)
    lines, choices = [there.say("reminders.many_yours" if own else "reminders.many")], []
    several.sort(key=lambda each: (each.ticket.owed_at or turn.now, each.ticket.number))
    for each in several[:MOST]:
        ticket = each.ticket
        mine = each.person is not None and each.person.id == ticket.requester_id
        what = _happened(there, each) if mine else _what(there, each)
        title = cards.item_of(turn, ticket).title.to(there.lang)
        names = ticket.number if mine else cards.names(there, ticket)
        lines.append(there.say("reminders.line", names=names, title=title, what=what))
        label = there.say("reminders.pick", number=ticket.number, title=title)
        choices.append(Choice(label=label, send=f"t:{ticket.id}:show:{ticket.rev}",
                              words=f"{there.say('verb.show')} {ticket.number}"))  # fmt: skip
    if len(several) > MOST:
        lines.append(there.say("reminders.more", count=len(several) - MOST))
    _send(turn, several, Reply(text="\n".join(lines), choices=tuple(choices)), not_before)


def _there(turn: Turn, first: Gathered) -> Turn:
    lang = first.address.lang or (first.person.lang if first.person else "")
    return turn.to(lang, first.address.channel)


def _send(turn: Turn, several: list[Gathered], reply: Reply, not_before: datetime | None) -> None:
    first = several[0]
    key = f"{PREFIX}{first.event.id}:{first.address.id}"
    notices.send(turn, first.address, reply, Lane.reminder, key, not_before=not_before)


def _happened(turn: Turn, each: Gathered) -> str:
    bot, to = turn.say("notice.bot"), cards.who(turn, each.event.to_id)
    if each.event.kind in _YOURS:
        back = "_back" if each.event.kind == "escalated" and each.ticket.back_at is not None else ""
        if not back and behalf.told_as(each.ticket, each.event) == "escalated_end":
            back = "_end"
        kind = behalf.told_as(each.ticket, each.event) if each.event.kind == "reminded_back" else each.event.kind
        return turn.say(f"reminders.yours_{kind}{back}", to=to)
    return turn.say(f"event.{each.event.kind}", by=cards.who(turn, each.event.by_id) or bot, to=to)


def _what(turn: Turn, each: Gathered) -> str:
    if (late := reminding.not_back(turn, each.ticket, each.event)) is not None:
        return late
    when = reminding.when(turn, each.ticket)
    if each.event.kind == rules.TOGETHER:
        return turn.say("reminders.by_rule", words=notices.words_of(turn, each.event), when=when)
    if each.event.kind == "escalated" and each.rule.hearer == "to":
        name = cards.who(turn, each.ticket.assignee_id) or turn.say("card.nobody")
        return turn.say("reminders.climbed", when=when, assignee=name)
    return turn.say("reminders.both", why=reminding.why(turn, each.ticket, each.event.key), when=when)


def strike(turn: Turn, ticket: Ticket, event: Event, before: Iterable[Mark]) -> None:
    """Take back reminders that wait to be sent, once a person has done what they are about; in the very same unit, so
    that nobody who has answered a second before is reminded.

    before: what had happened by then. What is on its way already cannot be taken back.
    """
    if event.kind == "reminded_back" and behalf.told_as(ticket, event) != event.kind:
        _strike_nearing(turn, ticket, event, before)
    if event.by_id is None or event.kind in UNSETTLED_BY or not any(mark.kind in REMINDERS for mark in before):
        return
    plain(turn.session).execute(_STRIKE, {"ticket": ticket.id})
    told = set(plain(turn.session).execute(_TOLD, {"ticket": ticket.id}).scalars())
    people = {event.by_id, *told} | {id_ for id_ in (ticket.assignee_id, ticket.owner_id, ticket.requester_id) if id_}
    for id_ in tuple(people):
        other = directory.stand_in(turn.session, id_, turn.now)
        people |= {other.id} if other is not None else set()
    take_out(turn, ticket, people)


def _strike_nearing(turn: Turn, ticket: Ticket, event: Event, before: Iterable[Mark]) -> None:
    """That a leave is about to end must not be sent once it has ended: what could not go out until now goes."""
    waited = any(mark.kind == "reminded_back" and event.at - mark.at < KEPT for mark in before)
    if waited:
        plain(turn.session).execute(_STRIKE_NEARING, {"ticket": ticket.id})


def take_out(turn: Turn, ticket: Ticket, people: Iterable[str]) -> None:
    """Take a matter out of the messages about several that wait to be sent to these people."""
    for row in turn.session.execute(_DIGESTS, {"people": sorted(people)}).scalars():
        _shorten(turn, row, ticket)


def tell_again(turn: Turn, ticket: Ticket, ended_at: datetime) -> None:
    """Put reminders back that had waited to be sent when the matter ended (`strike`), since the end was taken back: whoever
    has not got one gets it, and nobody twice."""
    waited = select(Event).where(
        Event.ticket_id == ticket.id, Event.kind.in_(sorted(REMINDERS)), Event.at <= ended_at,
        Event.at > ended_at - KEPT,
    )  # fmt: skip
    for event in turn.session.execute(waited.order_by(Event.rev)).scalars():
        rows = select(_ROW.account_id).where(_ROW.ticket_id == ticket.id, _ROW.event_rev == event.rev)
        told = set(plain(turn.session).execute(rows).scalars()) | _in_digests(turn, ticket, event)
        notices.tell(turn, ticket, event)
        keep_back(turn.session, ticket.id, event.rev, frozenset(told))


def _in_digests(turn: Turn, ticket: Ticket, event: Event) -> set[str]:
    """The accounts that were reminded by a message about several matters."""
    since = select(Outbox).where(
        Outbox.id >= first_id(event.at), Outbox.lane == Lane.reminder, Outbox.dedupe_key.startswith(PREFIX)
    )
    seal, found = seal_of(turn.session), set[str]()
    for row in turn.session.execute(since.limit(MOST_DIGESTS)).scalars():
        (reply,) = unpack(seal.open(f"outbox.body:{row.id}", row.body))
        if any(choice.send.startswith(f"t:{ticket.id}:") for choice in reply.choices):
            found.add(row.account_id)
    return found


def _shorten(turn: Turn, row: Any, ticket: Ticket) -> None:
    """Take one matter out of a message about several; the message goes when it was the last of them."""
    seal = seal_of(turn.session)
    (reply,) = unpack(seal.open(f"outbox.body:{row.id}", row.body))
    shorter = reminding.without(reply, ticket) if reply.choices else mates_reminded.without(turn, reply, ticket)
    if shorter is reply:
        return
    if shorter is None:
        plain(turn.session).execute(delete(Outbox.__table__).where(_ROW.id == row.id))  # type: ignore[arg-type]
        return
    body = seal.close(f"outbox.body:{row.id}", pack((shorter,)))
    plain(turn.session).execute(update(Outbox.__table__).where(_ROW.id == row.id).values(body=body))  # type: ignore[arg-type]
