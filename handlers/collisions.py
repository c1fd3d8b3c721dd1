"""Whether a matter went on since somebody looked at it, so that what was decided by that look must be decided anew."""

from __future__ import annotations

from typing import Final

from handlers import limits
from handlers.turn import Turn
from models.ticket import Ticket

# What staff do among themselves: only they read it, and nothing that anybody decides by is different after it.
HAND: Final = "hand"  # the key of an escalation that somebody pressed (督办), and no limit
BY_RULE: Final = "rule::"  # begins the key of what a rule of the item changed by the way, as its priority
ASIDE: Final = frozenset({
    "tagged", "untagged", "retagged", "related", "unrelated", "snoozed", "unsnoozed", "noted", "automated", "rule_told", "rule_warned", "checklist_added", "ticked",
    "unticked", "line_added", "line_dropped",
})  # fmt: skip
# What time alone does to a matter: somebody is reminded, or told that it is late. Nothing that is decided on is different
# after it, and nobody's signature is another's.
PASSING: Final = frozenset({
    "reminded", "reminded_back", "followed_up", "passed_over", "escalated", "unled", "unheard", "unowned", "watched",
    "proof_due", "proof_late",
})  # fmt: skip


def weighs(kind: str, key: str) -> bool:
    """Whether an event, by its kind and key, may make somebody decide otherwise who saw the matter before it."""
    if kind == "escalated" and key == HAND:
        return True  # A person handed it up, mostly with words of their own.
    return kind not in ASIDE and kind not in PASSING and not key.startswith(BY_RULE)


def read_rev(rev: int | str) -> int | None:
    """A revision as a card, a page or a caller says it; None for what can be none."""
    if isinstance(rev, str):
        if not (rev.isascii() and rev.isdigit() and len(rev) <= 9):
            return None
        rev = int(rev)
    return rev if 0 < rev < 10**9 else None


def went_on(turn: Turn, ticket: Ticket, rev: int | str) -> bool:
    """Whether anything happened to a ticket after a revision but what staff put in order among themselves (ASIDE) and what
    time alone did (PASSING).

    rev: as a card, a page or a caller says it; one that the ticket never had counts as old. For a verb that is itself an
    aside and must not be done twice the revision itself is to be compared.
    """
    seen = read_rev(rev)
    if seen == ticket.rev:
        return False
    if seen is None or seen > ticket.rev:
        return True
    since = limits.marks(turn, ticket)[seen:]
    return any(weighs(mark.kind, mark.key) for mark in since)
