"""What became of the messages that told a requester of an event, in words for whoever wrote it."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, or_, select

from handlers import abroad, directory
from handlers.turn import Turn
from models.db import plain
from models.outbox import Delivery, Outbox
from models.person import Account
from models.ticket import Ticket

CHANNELS: Final = frozenset({"telegram", "wechat", "wecom", "webchat", "terminal"})
PERHAPS: Final = ("perhaps sent", "recovered")  # begin the reason of a row that was perhaps sent before
# What a platform's refusal means to people; accounts carry the same words in `closed`.
BECAUSE: Final = {
    "blocked": "blocked", "deactivated": "deactivated", "not_found": "not_found", "not_started": "not_found",
    "kicked": "not_found", "too_long": "too_long",
}  # fmt: skip
_FATES = (
    select(Outbox.event_rev, Outbox.account_id, Outbox.bot, Outbox.status, Outbox.reason)
    .join(Account, Account.id == Outbox.account_id)
    .where(
        Outbox.ticket_id == bindparam("ticket"),
        Outbox.event_rev >= bindparam("first"),
        or_(Account.person_id == bindparam("requester"), Account.id == bindparam("account")),
    )
    # Each way's key begins with the key of the way before it, so of one moment the longer came later.
    .order_by(Outbox.created_at, func.length(Outbox.dedupe_key), Outbox.id)
)


# The channels that a requester's notices passed over; the newest first.
_CLOSED = (
    select(Account.channel, Account.closed)
    .where(Account.closed != "", Account.person_id == bindparam("requester"), Account.channel != directory.PULL)
    .order_by(Account.used_at.desc())
    .limit(1)
)


class Fate(NamedTuple):
    """One message's fate: on which channel, how it stands, and why.

    pointed: it said only that there is something to read on the page, since its words do not leave the country.
    """

    channel: str
    status: str
    reason: str
    pointed: bool = False


def channel_name(turn: Turn, channel: str) -> str:
    """What a channel is called."""
    return turn.say(f"delivery.{channel}") if channel in CHANNELS else channel


def because(turn: Turn, reason: str) -> str:
    """Why a message could not be delivered, from the reason of its row or of the account."""
    return turn.say(f"delivery.because_{BECAUSE.get(reason, 'other')}")


def of(turn: Turn, ticket: Ticket, first: int = 0) -> dict[int, str]:
    """{revision of an event: what became of telling the requester}, from a revision on; of each account its newest
    message counts."""
    values = {"first": first, "ticket": ticket.id, "requester": ticket.requester_id, "account": ticket.account_id}
    found: dict[int, dict[str, Fate]] = {}
    pointing: dict[str, bool] = {}
    for row in plain(turn.session).execute(_FATES, values):
        of_event = found.setdefault(row.event_rev, {})
        of_event.pop(row.account_id, None)  # The newest stands last.
        if row.bot not in pointing:
            pointing[row.bot] = _points(turn, ticket, row.bot)
        of_event[row.account_id] = Fate(row.bot, row.status, row.reason, pointing[row.bot])
    chains = {rev: list(fates.values()) for rev, fates in found.items()}
    over = passed_over(turn, ticket) if any(_only_waits(fates) for fates in chains.values()) else None
    return {
        rev: _chain(turn, [over, *fates] if over is not None and _only_waits(fates) else fates)
        for rev, fates in chains.items()
    }


def passed_over(turn: Turn, ticket: Ticket) -> Fate | None:
    """The requester's account that is known to take nothing, as the fate of a message that was not even tried there."""
    if ticket.requester_id is None:
        return None
    row = plain(turn.session).execute(_CLOSED, {"requester": ticket.requester_id}).first()
    return Fate(row.channel, Delivery.failed, row.closed) if row is not None else None


def _points(turn: Turn, ticket: Ticket, channel: str) -> bool:
    """Whether what a requester gets on a channel names the page instead of the words (as notices.compose does it)."""
    urgent = turn.school.catalogue.item(turn.session, ticket.service, ticket.version).urgent
    return channel in turn.school.abroad and not urgent and abroad.stays_home(turn, ticket)


def _only_waits(fates: list[Fate]) -> bool:
    """Whether a message went straight to the page and nobody opened it yet."""
    return [(each.channel, each.status) for each in fates] == [(directory.PULL, Delivery.ready)]


def _chain(turn: Turn, fates: list[Fate]) -> str:
    """One message by one way after another: 没有送到：对方停用了机器人，已转网页，等他打开网页."""
    said = ""
    for fate in fates:
        moved = turn.say("delivery.moved", channel=channel_name(turn, fate.channel)) if said else ""
        joined = turn.say("delivery.joined", first=f"{said}{moved}", then=_word(turn, fate)) if said else ""
        said = joined or _word(turn, fate)
    return said


def _word(turn: Turn, fate: Fate) -> str:
    if fate.channel == directory.PULL and fate.status in (Delivery.ready, Delivery.sent):
        return turn.say("delivery.to_open" if fate.status == Delivery.ready else "delivery.shown")
    if fate.status == Delivery.failed:
        return turn.say("delivery.failed", because=because(turn, fate.reason))
    if fate.status == Delivery.held:
        return turn.say("delivery.held")
    if fate.status == Delivery.seen:
        return turn.say("delivery.seen")
    if fate.reason.startswith(PERHAPS):
        return turn.say("delivery.perhaps_twice")
    if fate.status == Delivery.sent and fate.pointed:
        return turn.say("delivery.pointed")
    if fate.status == Delivery.sent:
        return turn.say("delivery.sent", channel=channel_name(turn, fate.channel))
    return turn.say("delivery.sending")
