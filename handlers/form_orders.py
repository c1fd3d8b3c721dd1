"""Hears what is ordered of a matter that is handed in while a form is open: it is done, never taken for the form's answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from handlers import classmates, desk, feedback, form_asides, others_asked, student, unnamed
from handlers.form_ask import Replies, again, item_of, send, top
from handlers.talks import Talk
from handlers.turn import Turn
from handlers.understand.asides import asks_after
from handlers.understand.orders import Order, read_order
from models.message import Choice, Incoming, Reply

_NAMED: Final = student.VERBS | {"resolve", "reopen"}
_WHOLE: Final = 12  # characters: a verb alone or nearly alone


def first(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """Whatever of a message is no answer to an open form's question: an order on a matter, a question about others, leave
    for a classmate, somebody who is asked for, a form that is dropped, and what else is said beside it (handlers/form_asides.py). None for all else."""
    said = hear(turn, talk, incoming) or others_asked.hear(turn, talk, incoming)
    said = said or _for_a_classmate(turn, talk, incoming)
    said = said or form_asides.asked_for_somebody(turn, talk, incoming)
    return said or form_asides.dropped(turn, talk, incoming) or form_asides.hear(turn, talk, incoming)


def hear(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """The answer to a verb said in a form (「催办」, 「评价 5」, 「撤回 QJ-2606-0001」) with the form's question after it, and
    where that takes any words a button that takes these for it all the same. None for all else.
    """
    words = incoming.text.strip()
    if talk.order is not None and talk.order.verb == "added" and (told := read_order(words)) is not None:
        said = None if told.number or told.tail else _bare(turn, talk, told, words)
        talk.order = talk.order if said is None or told.verb != "urge" else None
        return said  # A verb alone tells nothing of what is not solved.
    said = form_asides.rated(turn, talk, incoming)
    if said is not None or talk.draft is None or talk.draft.shelved or talk.order is not None or talk.consult:
        return said
    if not words or incoming.quote or incoming.files or (turn.person is not None and turn.person.kind == "staff"):
        return None
    order = read_order(words)
    if order is None and (order := asks_after(words)) is not None:
        incoming = replace(incoming, text=order.number)
    if order is None:
        return None
    if order.number or order.tail:
        said = student.hear(turn, talk, incoming) if order.verb in _NAMED else None
    else:
        said = _bare(turn, talk, order, words)
    if said is None:
        return None
    if _waits(talk):  # The verb waits for words of its own now.
        return (*said, *desk.reminder(turn, talk))
    (question, *more) = again(turn, talk)
    return (
        *said,
        question.model_copy(update={"choices": (*_keeping(turn, talk, order, words), *question.choices)}),
        *more,
    )


def _for_a_classmate(turn: Turn, talk: Talk, incoming: Incoming) -> Replies | None:
    """「替赵敏请假 6月22日 发烧」: hers, and no answer of the form that is open, which asks its question again; None for all
    else, and where a letter is written, which may say so itself."""
    if talk.draft is None or talk.draft.shelved or talk.order is not None or talk.consult:
        return None
    asked = item_of(turn, top(talk)).field(top(talk).asking)
    if incoming.quote or incoming.files or (asked is not None and asked.kind == "long"):
        return None
    said = classmates.hear(turn, incoming.text.strip())
    return None if said is None else (*said, *again(turn, talk))


def _waits(talk: Talk) -> bool:
    return talk.order is not None


def _bare(turn: Turn, talk: Talk, order: Order, words: str) -> Replies | None:
    """A verb that names no matter, alone or nearly alone; 「撤回」 alone is said of the form (handlers/form_asides.py)."""
    if order.verb == "urge" and len(words) <= _WHOLE and not order.words:
        return feedback.urge_unnamed(turn) if student.open_ones(turn) else (Reply(text=turn.say("urge.nothing_open")),)
    if order.verb == "rate" and len(words) <= _WHOLE:
        return unnamed.hear(turn, talk, words)
    if order.verb in ("unhelped", "reopen") and not order.words:
        return unnamed.hear(turn, talk, words)
    return None


def _keeping(turn: Turn, talk: Talk, order: Order, words: str) -> tuple[Choice, ...]:
    """The button that takes the words for the answer, where any words may be one and they name no matter."""
    draft = top(talk)
    field = item_of(turn, draft).field(draft.asking)
    if order.number or order.tail or field is None or field.kind not in ("text", "long"):
        return ()
    draft.held = words
    label = turn.say("form.write_into", label=field.label(turn.lang))
    return (Choice(label=label, send=send(talk, "keep")),)
