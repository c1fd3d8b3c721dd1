"""What staff write for a student, without the address before it: 「退回 BX-… 给李雷：缺材料」 tells 「缺材料」."""

from __future__ import annotations

from typing import Final

from handlers import cards
from handlers.turn import Turn
from handlers.understand.addressing import unaddressed
from models.ticket import Ticket

_TO_STUDENT: Final = frozenset({"ask", "reply", "progress", "refuse", "resolve"})  # verbs whose words the student reads


def words_of(turn: Turn, ticket: Ticket, verb: str, words: str) -> str:
    """The words of a verb as the student reads them; by the name of the student only where the speaker may read that."""
    return unaddressed(words, cards.student(turn, ticket)) if words and verb in _TO_STUDENT else words
