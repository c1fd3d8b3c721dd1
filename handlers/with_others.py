"""Leave that somebody asks for with others (「我和韩梅梅一起请假」): one form is one person's, so it is asked which is meant."""

from __future__ import annotations

from handlers.talks import Talk
from handlers.turn import Turn
from handlers.understand.people import named_beside
from models.item import Item
from models.message import Choice, Reply


def ask(turn: Turn, talk: Talk, item: Item, words: str) -> tuple[Reply, ...] | None:
    """Whether the item for a whole list is meant or the speaker's own; None where the words name nobody beside the speaker,
    or no item of the same code asks for a list."""
    if item.code is None or _is_list(item) or not named_beside(words, "")[0]:
        return None
    lists = [each for each in turn.school.catalogue.offered() if each.code == item.code and _is_list(each)]
    if len(lists) != 1:
        return None
    talk.unheard = [words]  # The form that is chosen begins with them.
    own, group = item.title.to(turn.lang), lists[0].title.to(turn.lang)
    choices = (
        Choice(label=turn.say("with_others.group", title=group), send=f"g:{lists[0].slug}"),
        Choice(label=turn.say("with_others.own", title=own), send=f"g:{item.slug}"),
    )
    return (Reply(text=turn.say("with_others.which", own=own, group=group), choices=choices),)


def _is_list(item: Item) -> bool:
    return any(field.kind == "people" and field.required for field in item.fields)
