"""What may be asked for: services by who answers them, the ones asked for most first, and those that words may mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from handlers import live
from handlers.turn import Turn
from models.grid import Grid
from models.item import Item

PAGE: Final = 30  # services of a page; more make it heavy for a phone
FIRST: Final = 8  # of all, shown first where there are more than one page
MOST_WORDS: Final = 200
LATIN: Final = 2.5  # the least score of words in Latin letters, of which pairs are common in any two words


@dataclass(frozen=True, slots=True)
class Row:
    """One service: its address, name, and what it is for."""

    slug: str
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class Group:
    """Services of one office; code "" for those that one's own counselor answers."""

    code: str
    name: str
    count: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """What a page lists. first: the services asked for most, or what was found; groups: every office, with its services
    where few or where it was chosen; page and pages: from 1, of the chosen office."""

    first: tuple[Row, ...]
    groups: tuple[Group, ...]
    count: int
    chosen: str
    page: int
    pages: int


def services(turn: Turn, words: str = "", office: str | None = None, page: int = 1) -> Listed:
    """All services; what the words may mean, best first; or those of one office, a page at a time."""
    catalogue = turn.school.catalogue
    offered = catalogue.offered()
    if words.strip():
        found = _fitting(catalogue.find(words[:MOST_WORDS], PAGE), words)
        return Listed(_rows(turn, found), (), len(found), "", 1, 1)
    by_office: dict[str, list[Item]] = {}
    for item in offered:
        by_office.setdefault(item.office if item.tree == "office" else "", []).append(item)
    names = _names(turn)
    few = len(offered) <= PAGE
    chosen = by_office.get(office or "", []) if office is not None else []
    pages = max(1, -(-len(chosen) // PAGE))
    page = min(max(page, 1), pages)
    groups = tuple(
        Group(code, names.get(code, code) if code else turn.say("services.counselor"), len(items),
              _rows(turn, items) if few else ())
        for code, items in by_office.items()
    )  # fmt: skip
    if office is not None:
        only = tuple(group for group in groups if group.code == office)
        return Listed(_rows(turn, chosen[(page - 1) * PAGE : page * PAGE]), only, len(chosen), office, page, pages)
    return Listed(() if few else _rows(turn, offered[:FIRST]), groups, len(offered), "", 1, 1)


def _fitting(found: list[tuple[Item, float]], words: str) -> list[Item]:
    """What is near enough: a single Latin letter in common says nothing, and beside a good match a weak one does not help."""
    least = LATIN if words.isascii() else 0.0
    best = max((score for _, score in found), default=0.0)
    return [item for item, score in found if score >= max(least, best / 4)]


def _rows(turn: Turn, items: list[Item]) -> tuple[Row, ...]:
    lang = turn.lang
    return tuple(
        Row(item.slug, live.label(turn, item, turn.person), item.about.to(lang) if item.about else "") for item in items
    )


def _names(turn: Turn) -> dict[str, str]:
    """The names of all offices by their codes."""
    rows = turn.session.execute(select(Grid.code, Grid.name, Grid.name_en).where(Grid.tree == "office"))
    return {row.code: (row.name_en or row.name) if turn.lang == "en" else row.name for row in rows}
