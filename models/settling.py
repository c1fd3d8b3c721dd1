"""How what became of a sending is written down: sent, failed for good, tried again later, or held for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, literal_column, or_, select, update
from sqlalchemy.orm import Session

from models import pacing
from models.db import plain
from models.outbox import Delivery, Lane, Outbox, Sender
from models.pacing import LONGEST_WAIT
from models.person import Account

BACK_OFF: Final = (2, 5, 15, 60, 300, 900, 3600)  # seconds before another try, by the number of tries so far
SOON: Final = 60  # the longest of them for whom somebody waits: crisis and interactive
# What surely did not arrive may be tried as often as one likes; it is given up by its age alone, so that a night or a
# weekend without a network loses nothing. A row that first became due later than that gets at least so many tries.
LASTS: Final = timedelta(days=3)
LEAST_TRIES: Final = 12
ASKED: Final = timedelta(days=1)  # the longest wait that a platform is believed; 10072 s was seen
ASKED_FOR: Final = ("429", "token", "conflict")  # reasons of those that wait since the platform says so
MOST_HASTENED: Final = 100
PERHAPS: Final = "perhaps sent"  # begins the reason of a row whose fate nobody knows
NOT_SENT: Final = "not sent"  # stands in the reason of a row whose last try surely did not arrive
_READY: Final[Any] = literal_column("'ready'")  # as it stands, since only then does SQLite see which index serves
_ROW: Final = Outbox.__table__.c
_IDS: Final[Any] = bindparam("ids", expanding=True)
_CLAIMED: Final = (
    select(*(_ROW[name] for name in (
        "id", "account_id", "lane", "reason", "settled_at", "due_at", "attempts", "refs", "ref", "created_at",
    )))
    .where(_ROW.id.in_(_IDS), _ROW.status == Delivery.sending, _ROW.fence == bindparam("under"))
    .order_by(_ROW.id).with_for_update()
)  # fmt: skip
_CHANGED: Final = ("status", "settled_at", "due_at", "attempts", "reason", "refs", "ref")
_SETTLE: Final = (
    update(Outbox.__table__).where(_ROW.id == bindparam("row"))  # type: ignore[arg-type]
    .values({name: bindparam(f"new_{name}") for name in _CHANGED})
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a sending.

    kind: sent; failed (final, by the platform's own word); not_sent (it surely did not arrive); unknown (it may have);
    throttled (the platform asks to wait so many seconds, which is no attempt); put_back (it was never begun); partly (the
    parts in refs arrived, the rest follows after so many seconds, which is no attempt either).
    refs: what the platform calls the parts that arrived, also of a message that did not arrive whole. closed: why
    nothing can be sent to this account any more; moved: the key that the account has from now on.
    """

    id: str
    kind: str
    reason: str = ""
    wait: float = 0.0
    refs: tuple[str, ...] = ()
    closed: str = ""
    moved: str = ""


def settle(
    session: Session, bot: str, fence: int, outcomes: list[Outcome], now: datetime, per_second: float = 1.0
) -> list[str]:  # fmt: skip
    """Write down what became of claimed messages; a word under an older fence changes nothing.

    Returns the ids of those that failed for good, or are held though somebody waits for them. A message that the platform
    wants later takes its lane with it, and a second such request within a minute halves the bot's pace. Of a message in
    parts each part counts in the pace.
    """
    session.flush()
    failed = []
    told: list[tuple[str, Outcome]] = []
    written = []
    parts = 0
    found = {
        row.id: row for row in plain(session).execute(_CLAIMED, {"ids": [each.id for each in outcomes], "under": fence})
    }
    for outcome in outcomes:
        row = found.pop(outcome.id, None)
        if row is None:
            continue
        values = _settled(row, outcome, now)
        written.append(values)
        if outcome.closed or outcome.moved:
            told.append((row.account_id, outcome))
        if outcome.kind == "throttled" and outcome.reason != "token":
            holder = session.get(Sender, bot, with_for_update=True)
            if holder is not None and holder.fence == fence:
                until = min(values["new_due_at"], now + LONGEST_WAIT)
                pacing.slow_down(holder, Lane(row.lane), until, per_second, now)
        if values["new_status"] == Delivery.failed or (
            values["new_status"] == Delivery.held and row.lane < Lane.broadcast
        ):
            failed.append(row.id)
        parts += max(len(outcome.refs) - len(row.refs.split()) - 1, 0)  # The claim counted one.
    if written:
        plain(session).execute(_SETTLE, written)
    if parts:
        pacing.count_parts(session, bot, fence, parts, per_second, now)
    # Accounts come last and by their ids, as everywhere (models/numbering.py).
    for account_id, outcome in sorted(told, key=lambda each: each[0]):
        _note_account(session, account_id, bot, outcome)
    return failed


def _settled(row: Any, outcome: Outcome, now: datetime) -> dict[str, Any]:
    """What is written of a row: its new columns, as `_SETTLE` takes them."""
    # Once perhaps sent, always perhaps sent, until the platform's own word that it cannot be; once sent, perhaps twice.
    before = row.reason.startswith(PERHAPS)
    unsure = outcome.kind == "unknown" or (before and outcome.kind != "failed")
    missed = NOT_SENT if outcome.kind == "not_sent" and not outcome.moved else ""
    reason = ": ".join(filter(None, (PERHAPS if unsure else "", missed, outcome.reason)))[:64]
    status, settled_at, due_at, attempts = Delivery.ready, row.settled_at, row.due_at, row.attempts
    if outcome.kind == "sent":
        status, settled_at = Delivery.sent, now
    elif outcome.kind in ("throttled", "partly"):
        due_at = now + min(timedelta(seconds=max(outcome.wait, 0)), ASKED)
    elif outcome.kind == "unknown" and row.lane == Lane.broadcast:
        status, reason = Delivery.held, PERHAPS
    elif outcome.kind == "unknown" and before:
        # It was sent again once, with a mark; a third copy helps nobody, and a person has to look.
        status = Delivery.held
    elif outcome.kind == "failed":
        status, settled_at = Delivery.failed, now
    elif outcome.kind != "put_back" and attempts + 1 >= LEAST_TRIES and now - row.created_at >= LASTS:
        status, settled_at = (Delivery.held, row.settled_at) if unsure else (Delivery.failed, now)
    elif outcome.kind != "put_back":
        attempts += 1
        due_at = now + timedelta(seconds=0 if outcome.moved else back_off(row.lane, attempts))
    return {
        "row": row.id, "new_status": status, "new_settled_at": settled_at, "new_due_at": due_at, "new_attempts": attempts,
        "new_reason": reason,
        "new_refs": " ".join(outcome.refs)[:200] if outcome.refs else row.refs,
        "new_ref": outcome.refs[-1][:32] if outcome.refs else row.ref,
    }  # fmt: skip


def back_off(lane: int, attempts: int) -> int:
    """Seconds before another try after so many."""
    wait = BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]
    return min(wait, SOON) if lane <= Lane.interactive else wait


def revive(session: Session, bot: str, now: datetime) -> int:
    """The platform answers again: what surely did not arrive and waits out its back-off is due at once; how many.

    Each chat keeps its order, since what is behind waits for it all the same.
    """
    missed = or_(Outbox.reason.startswith(NOT_SENT), Outbox.reason.startswith(f"{PERHAPS}: {NOT_SENT}"))
    again = update(Outbox).where(
        Outbox.bot == bot, Outbox.status == _READY, Outbox.lane.in_(list(Lane)), Outbox.due_at > now, Outbox.attempts > 0,
        missed,
    ).values(due_at=now).execution_options(synchronize_session=False)  # fmt: skip
    return int(session.execute(again).rowcount)  # type: ignore[attr-defined]


def hasten(session: Session, bot: str, now: datetime) -> int:
    """What backs off while something newer became due behind it in the same chat is tried at once; how many.

    Somebody has written since the last try, so the platform was there: nobody waits for the end of a long back-off. What
    the platform itself asked to wait keeps waiting, and a new message hastens the one before it only once.
    """
    waits = select(Outbox.id, Outbox.account_id, Outbox.lane, Outbox.attempts, Outbox.due_at, Outbox.reason).where(
        Outbox.bot == bot, Outbox.status == _READY, Outbox.lane.in_(list(Lane)), Outbox.due_at > now,
        Outbox.due_at <= now + LONGEST_WAIT * 2, Outbox.attempts > 0,
    ).limit(MOST_HASTENED)  # fmt: skip
    found = session.execute(waits).all()
    if not found:
        return 0
    behind = select(Outbox.account_id, Outbox.lane, Outbox.created_at).where(
        Outbox.bot == bot, Outbox.status == _READY, Outbox.due_at <= now,
        Outbox.account_id.in_({row.account_id for row in found}),
    )  # fmt: skip
    behinds: dict[str, list[Any]] = {}
    for each in session.execute(behind):
        behinds.setdefault(each.account_id, []).append(each)
    ids = set()
    for row in found:
        written = [other.created_at for other in behinds.get(row.account_id, ()) if other.lane >= row.lane]
        tried_at = row.due_at - timedelta(seconds=back_off(row.lane, row.attempts))
        # One that is due later than its own back-off tells was written under another rule or clock.
        stale = written and (tried_at < max(written) or tried_at > now)
        if stale and row.reason.removeprefix(f"{PERHAPS}: ") not in ASKED_FOR:
            ids.add(row.id)
    if ids:
        session.execute(update(Outbox).where(Outbox.id.in_(ids)).values(due_at=now))
    return len(ids)


def _note_account(session: Session, account_id: str, bot: str, outcome: Outcome) -> None:
    """Remember that an account takes nothing any more, or that the platform gave it another key."""
    if outcome.moved:
        taken = select(Account.id).where(Account.channel == bot, Account.key == outcome.moved)
        if session.execute(taken).scalar() is None:
            session.execute(update(Account).where(Account.id == account_id).values(key=outcome.moved))
        return
    session.execute(update(Account).where(Account.id == account_id).values(closed=outcome.closed[:16]))
