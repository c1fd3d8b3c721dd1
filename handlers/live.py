"""Where a service item is live: everywhere, or in chosen colleges only; elsewhere, how it is done there today."""

from __future__ import annotations

from handlers import directory
from handlers.turn import Turn
from models.item import Item
from models.message import Refused
from models.person import Person


def is_live(item: Item, person: Person | None) -> bool:
    """Whether somebody may use an item: it is live for an area that the person stands in, in either tree.

    Whoever is not known to stand anywhere may not use one that is live in chosen places only; staff may look at all.
    """
    if not item.live_for or (person is not None and person.kind == "staff"):
        return True
    paths = (person.academic_path, person.residential_path) if person is not None else ()
    codes = {code for path in paths if path for code in path.strip("/").split("/")}
    return bool(codes & set(item.live_for))


def check(turn: Turn, item: Item, person: Person | None) -> None:
    """Refuse to open a matter where its item is not live, with how it is done there today and whom to ask.

    person: for whom it would be opened. Asked before the first question of a form, and once more on opening.
    """
    if is_live(item, person):
        return
    title = item.title.to(turn.lang)
    if person is None:
        raise Refused("colleges.unknown", title=title)
    how = item.elsewhere.to(turn.lang) if item.elsewhere is not None else turn.say("colleges.as_before")
    raise Refused("colleges.elsewhere", title=title, how=how, name=ask_whom(turn, person))


def elsewhere(turn: Turn, item: Item, person: Person | None) -> str:
    """How it is done today where a person stands and an item is not live, in a sentence; "" where it is, and of nobody."""
    if person is None:
        return ""
    try:
        check(turn, item, person)
    except Refused as refused:
        return turn.say(refused.key, **refused.values)
    return ""


def ask_whom(turn: Turn, person: Person) -> str:
    """The name of whom to ask in the place of somebody: the counselor, or whoever answers there."""
    path = person.academic_path or directory.root_path(turn.session)
    found = directory.responsible_for(turn.session, path, "counselor", turn.now, person.id)
    return directory.name_of(found, turn.lang) or turn.say("card.nobody")


def label(turn: Turn, item: Item, person: Person | None) -> str:
    """An item's title in a list, with a mark where it is not live for somebody; to a stranger nothing is said of it yet."""
    title = item.title.to(turn.lang)
    return title if person is None or is_live(item, person) else turn.say("colleges.marked", title=title)
