"""How guides and answers from the rules fared: how often each was given and what came of it; questions that found none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select

from handlers import powers, wording
from handlers.texts import sentences
from handlers.turn import Turn
from models.asked import GuideCount, Unanswered
from models.db import plain, seal_of

USUAL: Final = timedelta(days=29)  # before today, where no day is named
LONGEST: Final = timedelta(days=366 * 3)
MOST: Final = 200  # answers, those asked for most
MOST_MISSING: Final = 100  # questions without an answer, those asked most


@dataclass(slots=True)
class Line:
    """One answer: what it is called, and how often it was told, settled it, led to the form or a person, stood before a form."""

    name: str
    counts: dict[str, int] = field(default_factory=dict)

    def of(self, kind: str) -> int:
        """A number by its kind (models.asked.KINDS); "silent": told, and nothing was said of it."""
        if kind == "silent":
            after = sum(self.counts.get(each, 0) for each in ("helped", "form", "person"))
            return max(0, self.of("told") - after)
        return self.counts.get(kind, 0)


@dataclass(frozen=True, slots=True)
class Missing:
    """A question that found no answer: its masked words, how often, and the day on which it was last asked."""

    words: str
    count: int
    last: str


@dataclass(frozen=True, slots=True)
class Page:
    """The page. since: from which day on is counted; leads: whether the reader leads an area, and may read the questions."""

    since: date
    lines: tuple[Line, ...]
    missing: tuple[Missing, ...]
    leads: bool


def page(turn: Turn, since: str = "") -> Page:
    """What was asked since a day ("2026-06-01"); the last thirty days where none can be read."""
    first = _day(since) or turn.today - USUAL
    first = max(min(first, turn.today), turn.today - LONGEST)
    counted = (
        select(GuideCount.guide, GuideCount.kind, func.sum(GuideCount.count))
        .where(GuideCount.on >= first.isoformat())
        .group_by(GuideCount.guide, GuideCount.kind)
    )
    lines: dict[str, Line] = {}
    for guide, kind, count in plain(turn.session).execute(counted).all():
        lines.setdefault(guide, Line(_name(turn, guide))).counts[kind] = int(count)
    ordered = sorted(lines.values(), key=lambda line: (-line.of("told"), -line.of("first"), line.name))
    leads = bool(powers.led(turn))
    return Page(first, tuple(ordered[:MOST]), _missing(turn, first) if leads else (), leads)


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def _name(turn: Turn, guide: str) -> str:
    """What an answer is called: the first question of a guide in the reader's language, or the rule it follows from."""
    if guide.startswith("rule:"):
        slug, _, aspect = guide.removeprefix("rule:").partition("/")
        item, key = turn.school.catalogue.items.get(slug), f"guide.aspect_{aspect}"
        if item is None or key not in sentences(turn.lang):
            return guide
        return turn.say("guide.rule_answer", title=item.title.to(turn.lang), aspect=turn.say(key))
    entry = turn.school.catalogue.guides.by_id.get(guide)
    if entry is None:
        return guide  # It was taken out since.
    asked = entry.guide.questions
    return next((each for each in asked if each.isascii() == (turn.lang == "en")), asked[0])


def _missing(turn: Turn, first: date) -> tuple[Missing, ...]:
    seal = seal_of(turn.session)
    wanted = (
        select(Unanswered.id, Unanswered.words, Unanswered.count, Unanswered.last_on)
        .where(Unanswered.last_on >= first.isoformat())
        .order_by(Unanswered.count.desc(), Unanswered.last_on.desc(), Unanswered.id)
        .limit(MOST_MISSING)
    )
    return tuple(
        Missing(seal.open(f"unanswered.words:{row_id}", words), times, wording.day(date.fromisoformat(last), turn.lang, turn.today))
        for row_id, words, times, last in plain(turn.session).execute(wanted).all()
    )  # fmt: skip
