"""Word of events to other systems: a message in the outbox for each that wants it, in the unit of the event itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from handlers import cards, directory
from handlers.turn import Hook, Turn
from models.base import new_id
from models.db import plain, seal_of, wake
from models.message import Refused, Reply, pack
from models.meta import audit
from models.numbering import post
from models.outbox import UNSETTLED, Delivery, Lane, Outbox
from models.person import Account
from models.ticket import Event, Ticket

# What a system may hear of: what moves a ticket on, and that something was said. Never what was said.
EVENTS: Final = (
    "opened", "taken", "assigned", "transferred", "asked", "answered", "added", "replied", "extended", "signed", "approved",
    "refused", "resolved", "undone", "corrected", "confirmed", "reopened", "returned", "withdrawn", "merged", "escalated",
    "closed",
)  # fmt: skip
BOT: Final = "hook:"  # begins the name of a webhook's courier and of the channel of its accounts
LINES: Final = (
    16  # streams of one webhook: a ticket's events keep their order, and one that is refused stops few others
)
LASTS: Final = timedelta(hours=24)
STATE: Final = ""  # the key of the account that says whether a webhook is in use
REMOVED: Final = "removed"  # of one that the settings name no more
OFF: Final = "disabled"  # the reason of what waits for a webhook that is not in use
_PLACES: Final = select(Account.id, Account.channel, Account.key, Account.closed).where(
    Account.channel.in_(bindparam("channels", expanding=True)), Account.key.in_((STATE, bindparam("line")))
)


@dataclass(frozen=True, slots=True)
class State:
    """How a webhook stands. closed: why it is not in use, "" for in use. waiting, held: deliveries. reason: why one of
    those that wait was not taken, "" where none was tried."""

    name: str
    closed: str
    waiting: int
    held: int
    reason: str = ""


def prepare(session: Session, hooks: Iterable[Hook], now: datetime) -> None:
    """Make the streams of every webhook, before anything happens that it may hear of; of one that the settings name no
    more nothing is sent."""
    bots = [BOT + hook.name for hook in hooks]
    for bot in bots:
        for key in (STATE, *(f"{line:02}" for line in range(LINES))):
            directory.account(session, bot, key, now)
    mine = update(Account).where(Account.key == STATE, Account.channel.startswith(BOT, autoescape=True))
    session.execute(mine.where(Account.channel.in_(bots), Account.closed == REMOVED).values(closed=""))
    there = select(Account.channel).where(
        Account.key == STATE, Account.channel.startswith(BOT, autoescape=True), Account.closed != REMOVED
    )  # fmt: skip
    gone = [bot for bot in session.execute(there).scalars() if bot not in bots]
    if gone:
        session.execute(mine.where(Account.channel.in_(gone)).values(closed=REMOVED))
        waits = update(Outbox).where(Outbox.bot.in_(gone), Outbox.status.in_(UNSETTLED))
        session.execute(waits.values(status=Delivery.failed, reason=REMOVED, settled_at=now))


def tell(turn: Turn, ticket: Ticket, event: Event) -> None:
    """Write one delivery for every webhook that wants an event; nothing of a private matter ever."""
    if not turn.school.hooks or ticket.private or event.kind not in EVENTS:
        return
    office = cards.item_of(turn, ticket).office
    wanted = [hook for hook in turn.school.hooks if hook.wants(event.kind, ticket.service, office)]
    if not wanted:
        return
    line = f"{int(hashlib.sha256(ticket.id.encode()).hexdigest(), 16) % LINES:02}"
    rows = plain(turn.session).execute(_PLACES, {"channels": [BOT + hook.name for hook in wanted], "line": line})
    places = {(row.channel, row.key): row for row in rows}
    body = json.dumps({
        "event": event.kind, "event_id": event.id, "at": event.at.isoformat(), "ticket": ticket.number, "rev": event.rev,
        "status": ticket.status, "resolution": ticket.resolution, "item": ticket.service, "office": office or None,
    }, sort_keys=True)  # fmt: skip
    for hook in wanted:
        bot = BOT + hook.name
        place = places.get((bot, line))
        if place is not None and not places[bot, STATE].closed:
            _post(turn, bot, place.id, event, body)


def _post(turn: Turn, bot: str, account_id: str, event: Event, body: str) -> None:
    """One row. It names no ticket: what became of it is told to no person who reads one."""
    row_id = new_id(turn.now)
    post(turn.session, {
        "id": row_id, "bot": bot, "account_id": account_id, "lane": Lane.reminder, "dedupe_key": f"{bot}:{event.id}",
        "status": "ready", "attempts": 0, "fence": 0, "reason": "", "ticket_id": None, "event_rev": None,
        "due_at": turn.now, "created_at": turn.now, "pressed": "", "refs": "", "ref": "", "card": "",
        "body": seal_of(turn.session).close(f"outbox.body:{row_id}", pack((Reply(text=body),))),
    })  # fmt: skip
    wake(turn.session, account_id)


def judge(session: Session, name: str, outbox_ids: Sequence[str], now: datetime) -> None:
    """Deliveries were given up, in this very unit: is the webhook gone? It is if it said so itself (410), or if nothing
    arrived for as long as one delivery is tried. Then nothing more is written for it, and what waits is held."""
    bot = BOT + name
    reasons = plain(session).execute(select(Outbox.reason).where(Outbox.id.in_(outbox_ids))).scalars().all()
    if any(reason.startswith("410") for reason in reasons):
        disable(session, name, "gone", now)
        return
    arrived = select(Outbox.id).where(
        Outbox.bot == bot, Outbox.status == Delivery.sent, Outbox.settled_at > now - LASTS
    )  # fmt: skip
    if plain(session).execute(arrived.limit(1)).first() is None:
        disable(session, name, "silent", now)


def disable(session: Session, name: str, why: str, now: datetime) -> None:
    """Take a webhook out of use; what waits for it is held until it is enabled."""
    bot = BOT + name
    mine = update(Account).where(Account.channel == bot, Account.key == STATE, Account.closed == "")
    if session.execute(mine.values(closed=why)).rowcount:  # type: ignore[attr-defined]
        audit(session, now, None, "hook_disabled", f"{name} {why}")
    waits = update(Outbox).where(Outbox.bot == bot, Outbox.status == Delivery.ready)
    session.execute(waits.values(status=Delivery.held, reason=OFF))


def enable(session: Session, name: str, now: datetime) -> int:
    """Take a webhook into use again; how many deliveries that were held are sent now. Refused for one that is none."""
    bot = BOT + name
    there = select(Account.closed).where(Account.channel == bot, Account.key == STATE)
    if session.execute(there).scalar() == "":
        raise Refused("api.hook_in_use", name=name)
    mine = update(Account).where(Account.channel == bot, Account.key == STATE)
    if not session.execute(mine.values(closed="")).rowcount:  # type: ignore[attr-defined]
        raise Refused("api.hook_unknown", name=name)
    held = update(Outbox).where(Outbox.bot == bot, Outbox.status == Delivery.held, Outbox.reason == OFF)
    again = session.execute(held.values(status=Delivery.ready, reason="", due_at=now))
    audit(session, now, None, "hook_enabled", name)
    wake(session, bot)
    return int(again.rowcount)  # type: ignore[attr-defined]


def states(session: Session) -> list[State]:
    """Every webhook of the settings, as the last start knew them, by name."""
    rows = session.execute(
        select(Account.channel, Account.closed)
        .where(Account.channel.startswith(BOT, autoescape=True), Account.key == STATE, Account.closed != REMOVED)
        .order_by(Account.channel)
    ).all()
    return [_state(session, row.channel, row.closed) for row in rows]


def _state(session: Session, bot: str, closed: str) -> State:
    def count(*statuses: Delivery) -> int:
        wanted = select(func.count()).select_from(Outbox).where(Outbox.bot == bot, Outbox.status.in_(statuses))
        return session.execute(wanted).scalar_one()

    refused = select(Outbox.reason).where(Outbox.bot == bot, Outbox.status == Delivery.ready, Outbox.reason != "")
    reason = session.execute(refused.order_by(Outbox.due_at.desc()).limit(1)).scalar() or ""
    return State(bot.removeprefix(BOT), closed, count(*UNSETTLED), count(Delivery.held), reason)
