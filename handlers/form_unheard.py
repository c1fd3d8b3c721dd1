"""What is not understood twice in a form: it is asked whether a teacher shall see it, and the third time one does."""

from __future__ import annotations

from typing import Final

from handlers import student, tickets
from handlers.form_ask import Replies, again, item_of, prefixed, send, top
from handlers.talks import Talk
from handlers.turn import Turn
from handlers.understand.asides import read_aside, says_nothing
from handlers.understand.intents_commands import command
from models.message import Choice, Reply

ASK: Final = 2  # times in a row that nothing was understood, from which on the student is asked
KEPT: Final = 3  # wordings that go along
BRIEF: Final = 60  # characters of a wording that are shown again


def count(turn: Turn, talk: Talk, words: str) -> Replies | None:
    """Note words that were not understood: None the first time, then the question, then the ticket. None for staff, who
    are asked again and never sent to a colleague."""
    draft = top(talk)
    if turn.person is not None and turn.person.kind == "staff":
        return None
    draft.misses += 1
    if not (says_nothing(words) or read_aside(words) or command(words)):  # 「提交」 and 「1」 tell a teacher nothing.
        draft.unheard = [*draft.unheard, words.strip()][-KEPT:]
    elif not draft.unheard:
        draft.misses = min(draft.misses, ASK - 1)
    if draft.misses < ASK:
        return None
    if draft.misses > ASK:
        return tell(turn, talk, "form.told_unheard")
    silent = turn.abroad and item_of(turn, draft).stays_home
    said = "" if silent else "".join(turn.say("form.quoted", words=each[:BRIEF]) for each in draft.unheard)
    (asked, *more) = prefixed(turn.say("form.unheard", words=said), again(turn, talk))
    choices = (
        Choice(label=turn.say("way.tell"), send=send(talk, "tell"), style="main"),
        Choice(label=turn.say("way.say_again"), send=send(talk, "go_on")),
    )
    return (asked.model_copy(update={"choices": (*choices, *asked.choices)}), *more)


def tell(turn: Turn, talk: Talk, because: str = "form.told") -> Replies:
    """Open a 咨询 with what was not understood and where in the form it was said; the form is kept."""
    draft = top(talk)
    item = item_of(turn, draft)
    field = item.field(draft.asking)
    title = item.title.to(turn.lang)
    asked = field.ask.to(turn.lang) if field is not None else turn.say("form.at_check")
    said_words = "\n".join(draft.unheard)
    words = turn.say("form.context", title=title, question=asked, words=said_words)
    draft.misses, draft.unheard, draft.shelved = 0, [], True
    go_on = Choice(
        label=turn.say("way.go_on", title=title), send=send(talk, "go_on"), words=turn.say("way.go_on_words")
    )
    ticket = tickets.by_number(turn, draft.told) if draft.told else None
    if ticket is not None and ticket.is_open:  # What one form gives rise to is one matter for a teacher.
        tickets.add(turn, ticket, words)
        return (
            Reply(text=turn.say("form.told_more", number=ticket.number)),
            Reply(text=turn.say("form.kept"), choices=(go_on,)),
        )
    said = student.consult(turn, words, because=turn.say(because), own=said_words)
    draft.told = said[0].card.ticket if said[0].card is not None else ""
    return (*said, Reply(text=turn.say("form.kept"), choices=(go_on,)))
