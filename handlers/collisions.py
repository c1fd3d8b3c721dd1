"""Whether a matter went on since somebody looked at it, so that what was decided by that look must be decided anew."""

from __future__ import annotations

from typing import Final

from handlers import limits
from handlers.turn import Turn
from models.ticket import Ticket

# What staff do among themselves: only they read it, and nothing that anybody decides by is different after it.
BY_RULE: Final = "rule::"  # begins the key of what a rule of the item changed by the way, as its priority
ASIDE: Final = frozenset({
    "tagged", "untagged", "retagged", "related", "unrelated", "snoozed", "unsnoozed", "noted", "automated", "rule_told", "rule_warned", "checklist_added", "ticked",
    "unticked", "line_added", "line_dropped",
})  # fmt: skip


def went_on(turn: Turn, ticket: Ticket, rev: int | str) -> bool:
    """Whether anything happened to a ticket after a revision but what staff put in order among themselves (ASIDE).

    rev: as a card, a page or a caller says it; one that the ticket never had counts as old. For a verb that is itself an
    aside and must not be done twice the revision itself is to be compared.
    """
    if isinstance(rev, str):
        if not (rev.isascii() and rev.isdigit() and len(rev) <= 9):
            return True
        rev = int(rev)
    if rev == ticket.rev:
        return False
    if not 0 < rev < ticket.rev:
        return True
    since = limits.marks(turn, ticket)[rev:]
    return any(mark.kind not in ASIDE and not mark.key.startswith(BY_RULE) for mark in since)
