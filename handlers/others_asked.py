"""Answers who asks about other people while a form is open (「今天谁请假」, 「明天谁带队」): the question fills in nothing."""

from __future__ import annotations

from handlers import whereabouts, who_is_away
from handlers.form_ask import Replies, again, item_of, prefixed, top
from handlers.talks import Talk
from handlers.turn import Turn
from handlers.understand.absences import asks_of_others, asks_students, may_ask
from models.message import Incoming


def hear(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """Who is away, who is back, and whether somebody is, as it is answered without a form, then the form's question once
    more; None for all else, where a letter is written, and for a name where any words may be the answer."""
    words = incoming.text.strip()
    if not words or talk.draft is None or talk.draft.shelved or talk.order is not None or talk.consult:
        return None
    if incoming.quote or incoming.files or incoming.place is not None:
        return None
    asked = item_of(turn, top(talk)).field(top(talk).asking)
    kind = asked.kind if asked is not None else ""
    if kind == "long" or (kind == "text" and not (may_ask(words) and asks_students(words))):
        return None
    said = who_is_away.hear(turn, words) or whereabouts.hear(turn, words)
    return None if said is None else (*said, *again(turn, talk))


def unanswered(turn: Turn, talk: Talk, words: str) -> Replies | None:
    """A question about others that nothing answers, where a time, a choice or people are asked or the whole is shown: the
    time or the name in it is no answer of the form's. None for all else."""
    asked = item_of(turn, top(talk)).field(top(talk).asking)
    if asked is not None and asked.kind not in ("span", "date", "choice", "people"):
        return None
    return prefixed(turn.say("who_is_away.no_answer"), again(turn, talk)) if asks_of_others(words) else None
