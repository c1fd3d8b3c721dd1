"""In which language somebody is answered: that of the first message, until it is changed."""

from __future__ import annotations

from typing import Final

from handlers.turn import Turn
from handlers.understand.language import has_chinese, language_of
from models.message import Incoming

LITTLE: Final = 24  # letters without a Chinese character that do not yet tell somebody's language


def settle(turn: Turn, incoming: Incoming, *, by_words: bool) -> None:
    """The first message's language counts until it is changed.

    A few letters (「QJ」, "ok") say little: there the language that the platform reports counts, if it reports one.
    by_words: nothing but the words counts.
    """
    if turn.account is None:
        return
    if not turn.account.lang:
        said = language_of(incoming.text) if incoming.text and not incoming.press else ""
        reported = ("en" if incoming.hint == "en" else "zh") if incoming.hint else ""
        little = not by_words and len(incoming.text) <= LITTLE and not has_chinese(incoming.text)
        turn.account.lang = (reported or said) if little or not said else said
    turn.lang = turn.account.lang or (turn.person.lang if turn.person else "") or "zh"
