"""Keeps those of a list of people who are sure while one number is asked for once more, so that only that one is written anew."""

from __future__ import annotations

from handlers import abroad, field_people, fields, wording
from handlers.form_ask import Replies, accept, item_of, prefixed, question, send, top
from handlers.talks import Draft, Talk
from handlers.turn import Turn
from handlers.understand.asides import nod
from handlers.understand.intents_commands import command
from handlers.understand.people import are_all, may_be_list
from handlers.understand.times import read_time
from models.item import FormField
from models.message import Choice, Refused, Reply


def hear(turn: Turn, talk: Talk, asked: FormField, words: str) -> Replies | None:
    """Words where people are asked for: numbers of which some are wrong, those that mend a list, 「就这些」, and what is no
    list at all and is kept for the question it answers. None for a list that is right at once, and for all else."""
    if asked.kind != "people" or not words:
        return None
    draft = top(talk)
    if abroad.kept(turn, item_of(turn, draft), asked) or command(words) is not None or nod(words):
        return None
    if draft.people and are_all(words):
        return these(turn, talk)
    good, bad = field_people.sorted_out(turn, words)
    if bad:
        kept = _joined(draft, good)
        if not kept or len(kept) > min(asked.most, field_people.MOST):
            return None
        draft.people = kept
        return prefixed(field_people.some(turn, kept, bad), (_question(turn, talk, asked),))
    if not draft.people:
        return None
    if not good and not may_be_list(words) and (noted := _for_the_rest(turn, draft, words)):
        return prefixed(noted, (_question(turn, talk, asked),))
    try:
        found = field_people.read(turn, asked, words)
    except Refused as refused:  # The draft with those who are sure outlives it.
        return prefixed(turn.say(refused.key, **refused.values), (_question(turn, talk, asked),))
    return _take(turn, talk, asked, _joined(draft, found))


def these(turn: Turn, talk: Talk) -> Replies:
    """Go on with those who are sure, without the one that nobody has."""
    draft = top(talk)
    asked = item_of(turn, draft).field(draft.asking)
    if asked is None or asked.kind != "people" or not draft.people:
        raise Refused("form.stale")
    return _take(turn, talk, asked, draft.people)


def _take(turn: Turn, talk: Talk, asked: FormField, people: list[str]) -> Replies:
    top(talk).people = []
    return accept(turn, talk, asked, people)


def _joined(draft: Draft, found: list[str]) -> list[str]:
    """The list that was begun with those of now; one that names somebody of it again is the whole list, written anew."""
    if set(found) & set(draft.people) and len(found) >= len(draft.people):
        return found
    return list(dict.fromkeys([*draft.people, *found]))


def _question(turn: Turn, talk: Talk, asked: FormField) -> Reply:
    """The question once more, with the button that goes on without the wrong ones."""
    draft = top(talk)
    draft.misses, draft.unheard = 0, []
    asks = question(turn, talk, asked)
    enough = Choice(label=turn.say("form.these_people", count=len(draft.people)), send=send(talk, "these"))
    return asks.model_copy(update={"choices": (enough, *asks.choices)})


def _for_the_rest(turn: Turn, draft: Draft, words: str) -> str:
    """Words that name nobody, kept for the question they answer: what that says, "" where they are not kept."""
    item = item_of(turn, draft)
    field = next((each for each in item.fields if each.fill == "rest" and each.key not in draft.answers), None)
    if field is None or abroad.kept(turn, item, field) or read_time(words, turn.said_at).kind != "none":
        return ""
    try:
        draft.answers[field.key] = fields.check_text(turn, field, words)
    except Refused:
        return ""
    return turn.say("form.noted", labels=wording.line(field, words, turn.lang))
