"""Ready sentences for answering (常用语): ours, a school's and one's own; where they are offered, and what is put in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, delete, func, select

from handlers import cards, directory
from handlers.turn import Turn
from models.base import new_id
from models.db import plain
from models.desk import Phrase
from models.message import Refused
from models.ticket import Ticket

MOST: Final = 60
MOST_NAME: Final = 40
MOST_WORDS: Final = 1_000
BOXES: Final = ("reply", "progress", "note", "ask", "refuse", "resolve")  # the boxes of words in which they are offered
PLACES: Final = ("name", "number", "title", "dates", "me")  # what may stand in braces
# Ours, in the words of texts: the end of the keys "phrases.name_…" and "phrases.words_…", the box, and the item.
OURS: Final = (
    ("proof", "ask", ""), ("family", "ask", "leave"), ("times", "ask", "leave"), ("course", "ask", "leave"),
    ("exam", "refuse", "leave"), ("thin", "refuse", ""), ("working", "progress", ""), ("come", "reply", ""),
    ("done", "resolve", ""), ("called", "note", ""),
)  # fmt: skip
_HOLE: Final = re.compile(r"\{([^{}]*)\}")
_KEPT: Final = (
    select(Phrase.id, Phrase.name, Phrase.words, Phrase.service, Phrase.verb)
    .where(Phrase.person_id == bindparam("person"))
    .order_by(Phrase.name)
)


@dataclass(frozen=True, slots=True)
class Ready:
    """One ready sentence. id: of one's own the row's, of others "school1", "ours1" and so on; only one's own may change.

    service, verb: where it is offered, "" everywhere.
    """

    id: str
    name: str
    words: str
    service: str = ""
    verb: str = ""


def own(turn: Turn) -> tuple[Ready, ...]:
    """The speaker's own, by name."""
    if turn.person is None:
        return ()
    return tuple(Ready(*row) for row in plain(turn.session).execute(_KEPT, {"person": turn.person.id}))


def common(turn: Turn, schools: Sequence[Ready] = ()) -> tuple[Ready, ...]:
    """What everybody is offered: the school's, or ours where the school has none."""
    if schools:
        return tuple(schools)
    return tuple(
        Ready(f"ours{place}", turn.say(f"phrases.name_{key}"), turn.say(f"phrases.words_{key}"), service, verb)
        for place, (key, verb, service) in enumerate(OURS)
        if not service or service in turn.school.catalogue.items
    )


def offered(turn: Turn, ticket: Ticket, verb: str, schools: Sequence[Ready] = ()) -> tuple[Ready, ...]:
    """What fits a ticket and the box of words, one's own first, with everything put in."""
    values = values_of(turn, ticket)
    return tuple(
        Ready(each.id, each.name, fill(each.words, values), each.service, each.verb)
        for each in (*own(turn), *common(turn, schools))
        if each.verb in ("", verb) and each.service in ("", ticket.service)
    )


def values_of(turn: Turn, ticket: Ticket) -> dict[str, str]:
    """What is put into the places of a sentence about a ticket."""
    return {
        "name": cards.student(turn, ticket) or turn.say("phrases.somebody"),
        "number": ticket.number,
        "title": cards.item_of(turn, ticket).title.to(turn.lang),
        "dates": cards.dates(turn, ticket),
        "me": directory.name_of(turn.person, turn.lang),
    }


def example(turn: Turn) -> dict[str, str]:
    """What a preview without a ticket puts in."""
    me = directory.name_of(turn.person, turn.lang)
    return {place: turn.say(f"phrases.example_{place}") for place in PLACES} | ({"me": me} if me else {})


def fill(words: str, values: dict[str, str]) -> str:
    """A sentence with its places filled. What is put in is never read as a place again."""
    return _HOLE.sub(lambda found: values.get(found[1], found[0]), words)


def holes(words: str) -> list[str]:
    """What stands in braces in a sentence, in order."""
    return _HOLE.findall(words)


def unknown(words: str) -> str:
    """The first thing in braces that nothing can be put in for, "" where all can."""
    return next((found[0] for found in _HOLE.finditer(words) if found[1] not in PLACES), "")


def places(names: Iterable[str] = PLACES) -> str:
    """The places as they are written, for a sentence about them."""
    return " ".join(f"{{{name}}}" for name in names)


def keep(turn: Turn, name: str, words: str, service: str = "", verb: str = "", phrase_id: str = "") -> None:
    """Keep a sentence under a name; phrase_id: the one of the speaker's that it takes the place of, "" a new one.

    Raises Refused without a name or words, for a place that nothing can be put in for, and beyond MOST.
    """
    name = " ".join(word for word in name.split() if word.isprintable())[:MOST_NAME]
    words = words.strip()
    if turn.person is None or not name:
        raise Refused("phrases.no_name", most=MOST_NAME)
    if not words or len(words) > MOST_WORDS:
        raise Refused("phrases.no_words", most=MOST_WORDS)
    if unknown(words):
        raise Refused("phrases.unknown", place=unknown(words), places=places())
    if (verb and verb not in BOXES) or (service and service not in turn.school.catalogue.items):
        raise Refused("ticket.not_found")
    mine = Phrase.person_id == turn.person.id
    if phrase_id:
        drop(turn, phrase_id)
    turn.session.execute(delete(Phrase).where(mine, Phrase.name == name))
    if turn.session.execute(select(func.count()).where(mine)).scalar_one() >= MOST:
        raise Refused("phrases.too_many", most=MOST)
    turn.session.add(
        Phrase(
            id=new_id(turn.now), person_id=turn.person.id, name=name, words=words, service=service, verb=verb,
            at=turn.now,
        )
    )  # fmt: skip
    turn.session.flush()


def drop(turn: Turn, phrase_id: str) -> None:
    """Let one of the speaker's sentences go; Refused for what is none of his."""
    person_id = turn.person.id if turn.person else ""
    mine = delete(Phrase).where(Phrase.id == phrase_id, Phrase.person_id == person_id)
    if turn.session.execute(mine.returning(Phrase.id)).first() is None:
        raise Refused("phrases.gone")
