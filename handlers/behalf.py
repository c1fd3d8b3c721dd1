"""What staff did for a student who called or came by: by whom, from where, and what the student says of it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select

from handlers.turn import Turn
from models.db import plain
from models.item import Item
from models.rounds import KEPT_OPEN, PROGRESS
from models.ticket import Event, Ticket

SOURCES: Final = ("phone", "desk")  # 电话、当面
PORTAL: Final = "portal"  # 学校系统: what another system hands in (handlers/portal.py); nobody chooses it
VERBS: Final = frozenset({"acknowledge", "object"})
_TOLD: Final = frozenset({"opened", "answered"})
# The key of a first event is the form's own, "page:…" (handlers/handing_in.py); an answer's is ours.
_KEY: Final = re.compile(r"(?:page|for):(phone|desk|portal)-", re.ASCII)
_SAID = (
    select(Event.kind, Event.by_id, Event.key)
    .where(Event.ticket_id == bindparam("ticket"), Event.kind.in_(("opened", "acknowledged", "objected")))
    .order_by(Event.rev)
)


class Behalf(NamedTuple):
    """A matter that staff opened for its requester: by whom, from which of SOURCES or PORTAL, and what the student said of it:
    "", "acknowledged" or "objected"."""

    by_id: str
    source: str
    said: str


def key_of(source: str, rest: str) -> str:
    """The key by which a form of staff is handed in once, and which says where the student was: 8 to 40 characters."""
    return f"{source}-{rest}"


def answer_key(source: str) -> str:
    """The key of the event of an answer that staff wrote down for a student."""
    return f"for:{source}-"


def source_of(ticket: Ticket, event: Event) -> str:
    """From where a student had an event done by staff, one of SOURCES or PORTAL; "" for everything else."""
    if event.kind not in _TOLD or event.by_id in (None, ticket.requester_id):
        return ""
    found = _KEY.match(event.key)
    return found[1] if found else ""


def told_as(ticket: Ticket, event: Event) -> str:
    """The kind by which an event is told: one that staff did for a student says so, and from where."""
    source = source_of(ticket, event)
    if source:
        return f"{event.kind}_{source}"
    if event.kind == "replied" and event.key in (PROGRESS, KEPT_OPEN):
        return "progressed" if event.key == PROGRESS else "kept_open"
    if event.kind == "closed" and event.by_id is None:
        return "lapsed"  # By a rule of the item, since the student never answered.
    if event.kind == "withdrawn" and event.by_id != ticket.requester_id:
        return "withdrawn_staff"
    if event.kind == "rated" and event.key:
        return f"rated_{event.key[-1]}"
    if event.kind == "escalated" and event.by_id is not None:
        return "supervised"
    if event.kind == "escalated" and event.key.startswith("escalate:resolve:"):
        return "escalated_end"  # The end is late, which says nothing of the first answer.
    if event.kind == "reopened" and event.to_id is not None:
        return "reopened_up"
    if event.kind == "reminded_back" and (event.key.startswith("back:") or _is_over(ticket, event)):
        return "overdue_back"  # The end has come: that it nears was said before, or nobody could say it in time.
    return "resolved_bare" if event.kind == "resolved" and not (event.words or event.sealed) else event.kind


def _is_over(ticket: Ticket, event: Event) -> bool:
    """Whether the return was due when this happened, as after a time in which nothing ran."""
    return ticket.back_at is not None and event.at >= ticket.back_at


def of(turn: Turn, ticket: Ticket) -> Behalf | None:
    """Who opened a ticket for its requester, None for one that was handed in by the student."""
    if ticket.requester_id is None or ticket.account_id is not None:
        return None  # What the student handed in came from an account of the student's.
    rows = plain(turn.session).execute(_SAID, {"ticket": ticket.id}).all()
    first = rows[0] if rows and rows[0].kind == "opened" else None
    found = _KEY.match(first.key) if first is not None else None
    if first is None or found is None or first.by_id in (None, ticket.requester_id):
        return None
    return Behalf(first.by_id, found[1], rows[-1].kind if len(rows) > 1 else "")


def may_open(item: Item) -> bool:
    """Whether staff may open a matter of an item for somebody: nothing that is its author's own, which is every letter
    whose words are sealed whole, and no cry for help, whose way is another."""
    return not (item.hidden or item.urgent or item.sensitive)
