"""Gives several tickets of the inbox the same tags with one click, or takes them off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from handlers import approvals, tags, tickets
from handlers.approvals import MOST, Pick
from handlers.turn import Turn
from models.message import Refused
from models.numbering import contained

VERBS: Final = ("tag", "untag")


def tag(turn: Turn, picks: Sequence[Pick], verb: str, words: str) -> int:
    """Do one of VERBS to each of these that the speaker may answer; answers with how many were changed.

    Whatever was picked and is out of reach is left out without a word; what has the tags already (or has none of them)
    stays as it is. A tag decides nothing, so what went on meanwhile does not matter. Raises Refused for words that name
    no tag, and when more than MOST are picked.
    """
    if verb not in VERBS:
        raise Refused("ticket.not_found")
    if len(picks) > MOST:
        raise Refused("inbox.too_many", most=MOST)
    if not picks:
        raise Refused("tags.nothing_picked")
    tags.read(words)
    changed = 0
    for _, ticket in approvals.picked(turn, picks, lambda _ticket, _pick: "", lock=True):
        try:
            with contained(turn.session):
                (tickets.tag if verb == "tag" else tickets.untag)(turn, ticket, words)
        except Refused:
            continue
        changed += 1
    if not changed:
        raise Refused("tags.many_none")
    return changed
