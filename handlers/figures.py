"""How well a school answers, in figures: counts, rates and lengths by area and item, each with the tickets behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from handlers import access
from handlers.turn import Turn
from models.db import plain
from models.person import Person
from models.score import Score
from models.sorting import Tag
from models.ticket import OPEN, Resolution, Ticket

LEAST: Final = 5  # under so many no percentage is shown: it would tell of single people, and of chance
MOST_MEASURED: Final = 200_000  # first answers that a median is taken of; the newest, where there are more
SATISFIED: Final = 4  # stars
MOST_TAGS: Final = 30
NOW: Final = frozenset({"open", "late"})  # figures of this moment, whatever days are asked about

_OPEN = Ticket.status.in_(OPEN)
_TAKEN_BACK = and_(Score.answered_at.is_(None), Ticket.resolution == Resolution.withdrawn)
_ON_TIME = or_(Score.answer_by.is_(None), Score.answered_at <= Score.answer_by)
_IN_TIME = or_(Score.decide_by.is_(None), Score.ended_at <= Score.decide_by)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which tickets are counted: opened on these days of the school (both included), below an area, of an item, with a tag, had
    by a member of staff (an id)."""

    since: date
    until: date
    area: str = ""
    item: str = ""
    tag: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share: `part` of `whole`; silent of `asked` did not say. None as percent where the whole is under LEAST."""

    part: int
    whole: int
    silent: int = 0
    asked: int = 0

    @property
    def percent(self) -> float | None:
        """The share in percent."""
        return None if self.whole < LEAST else 100 * self.part / self.whole


@dataclass(frozen=True, slots=True)
class Sums:
    """The counts of one group; each name is that of a figure (CONDITIONS), and its tickets can be listed."""

    counts: Counter[str] = field(default_factory=Counter)

    def __getitem__(self, name: str) -> int:
        return self.counts[name]

    @property
    def answering(self) -> Rate:
        """响应率: first answers in time, of all that were given or are overdue."""
        return Rate(self["answered"], self["answered"] + self["answered_late"] + self["overdue"])

    @property
    def deciding(self) -> Rate:
        """Decided or ended in time, of all that were or are overdue."""
        return Rate(self["decided"], self["decided"] + self["decided_late"] + self["undecided"])

    @property
    def solving(self) -> Rate:
        """解决率: said to have helped, of all who said whether it did; beside it who was asked and did not say."""
        whole = self["helped"] + self["unhelped"]
        return Rate(self["helped"], whole, self["unsaid"], whole + self["unsaid"])

    @property
    def pleasing(self) -> Rate:
        """满意率: four or five stars, of all ratings; beside it who was asked whether it helped and did not rate."""
        return Rate(self["pleased"], self["rated"], self["unrated"], self["rated"] + self["unrated"])


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a question: whole, by area (the level below the area asked about) and by item.

    median, p90: working seconds to the first answer, None under LEAST answers. by_area: path → sums. by_tag: a ticket counts under each of its tags; MOST_TAGS of them.
    """

    total: Sums
    by_area: dict[str, Sums]
    by_item: dict[str, Sums]
    median: int | None
    p90: int | None
    by_tag: dict[str, Sums] = field(default_factory=dict)


def conditions(turn: Turn) -> dict[str, ColumnElement[bool]]:
    """Every figure by name, as the condition of its tickets: what is counted is what is listed."""
    past = Score.answer_by <= turn.now
    asked = Score.asked_help
    return {
        "opened": Score.ticket_id.is_not(None),
        "taken_back": _TAKEN_BACK,
        "answered": and_(Score.answered_at.is_not(None), _ON_TIME),
        "answered_late": Score.answered_at > Score.answer_by,
        "overdue": and_(Score.answered_at.is_(None), _OPEN, past),
        "waiting": and_(Score.answered_at.is_(None), _OPEN, or_(Score.answer_by.is_(None), Score.answer_by > turn.now)),
        "decided": and_(Score.ended_at.is_not(None), _IN_TIME),
        "decided_late": Score.ended_at > Score.decide_by,
        "undecided": and_(Score.ended_at.is_(None), _OPEN, Score.decide_by <= turn.now),
        "reopened": Score.reopened > 0,
        "climbed": Score.climbed > 0,
        "helped": Score.helped.is_(True),
        "unhelped": Score.helped.is_(False),
        "unsaid": and_(asked, Score.helped.is_(None)),
        "rated": Score.stars.is_not(None),
        "pleased": Score.stars >= SATISFIED,
        "unrated": and_(asked, Score.stars.is_(None)),
    }


def personal(turn: Turn) -> dict[str, ColumnElement[bool]]:
    """The figures that are only asked of a member of staff, named and used like those of `conditions`."""
    named = conditions(turn)
    return {
        "responded": Score.answered_at.is_not(None),
        "ended": Score.ended_at.is_not(None),
        "open": _OPEN,
        "late": or_(named["overdue"], named["undecided"]),
    }


def every(turn: Turn) -> dict[str, ColumnElement[bool]]:
    """Every figure that there is a list of."""
    return conditions(turn) | personal(turn)


def figures(turn: Turn, asked: Asked) -> Figures:
    """The figures of what the speaker may answer: what is counted is what the lists behind them show."""
    named = conditions(turn)
    sums = [func.sum(case((condition, 1), else_=0)).label(name) for name, condition in named.items()]
    grouped = scope(turn, asked, Ticket.path, Ticket.service, *sums).group_by(Ticket.path, Ticket.service)
    total, by_area, by_item = Counter[str](), dict[str, Counter[str]](), dict[str, Counter[str]]()
    for row in plain(turn.session).execute(grouped).mappings():
        counts = Counter({name: int(row[name] or 0) for name in named})
        for sum_ in (
            total,
            by_area.setdefault(below(asked.area, row["path"]), Counter()),
            by_item.setdefault(row["service"], Counter()),
        ):
            sum_.update(counts)
    lengths = scope(turn, asked, Score.answered_in).where(Score.answered_in.is_not(None))
    newest = lengths.order_by(Score.opened_at.desc()).limit(MOST_MEASURED)
    measured = sorted(plain(turn.session).execute(newest).scalars())
    return Figures(
        Sums(total), {path: Sums(each) for path, each in by_area.items()},
        {slug: Sums(each) for slug, each in by_item.items()}, share(measured, 0.5), share(measured, 0.9),
        _by_tag(turn, asked, sums),
    )  # fmt: skip


def _by_tag(turn: Turn, asked: Asked, sums: Sequence[Any]) -> dict[str, Sums]:
    """The sums of each tag, those of the most tickets first."""
    found = scope(turn, asked, Tag.name, *sums).join(Tag, Tag.ticket_id == Ticket.id).group_by(Tag.name)
    rows = plain(turn.session).execute(found.order_by(func.count().desc(), Tag.name).limit(MOST_TAGS)).mappings()
    return {row["name"]: Sums(Counter({each.name: int(row[each.name] or 0) for each in sums})) for row in rows}


def behind(turn: Turn, asked: Asked, name: str, after: str = "", size: int = 50) -> tuple[list[str], bool]:
    """The ids of the tickets behind a figure, the newest first, a page after an id; and whether there are more.

    KeyError for a figure that there is not.
    """
    found = scope(turn, asked, Ticket.id, whenever=name in NOW).where(every(turn)[name])
    found = found.where(Ticket.id < after) if after else found
    ids = list(plain(turn.session).execute(found.order_by(Ticket.id.desc()).limit(size + 1)).scalars())
    return ids[:size], len(ids) > size


def counts(turn: Turn, asked: Asked, names: Sequence[str]) -> Counter[str]:
    """A few figures as a whole, in one statement."""
    named = conditions(turn)
    sums = [func.sum(case((named[name], 1), else_=0)).label(name) for name in names]
    row = plain(turn.session).execute(scope(turn, asked, *sums)).mappings().one()
    return Counter({name: int(row[name] or 0) for name in names})


def count(turn: Turn, asked: Asked, name: str) -> int:
    """How many tickets are behind a figure."""
    found = scope(turn, asked, func.count(), whenever=name in NOW).where(every(turn)[name])
    return int(plain(turn.session).execute(found).scalar_one())


def elsewhere(turn: Turn, asked: Asked) -> int:
    """How many matters of an area's students went to other offices (a repair, a proof of study) and are in none of its
    figures; a number and nothing else, since these are not the area's to look at. Private matters are not counted."""
    zone = turn.school.zone
    first, last = (datetime.combine(day, time(), zone) for day in (asked.since, asked.until + timedelta(days=1)))
    found = (
        select(func.count())
        .select_from(Score)
        .join(Ticket, Ticket.id == Score.ticket_id)
        .join(Person, Person.id == Ticket.requester_id)
        .where(Score.opened_at >= first, Score.opened_at < last, Ticket.private.is_(False))
        .where(Person.academic_path.startswith(asked.area, autoescape=True))
        .where(~Ticket.path.startswith(asked.area, autoescape=True))
    )
    return int(plain(turn.session).execute(found).scalar_one())


def below(area: str, path: str) -> str:
    """The group of a path: its area on the level right below the one asked about, or that one itself.

    ("/sl/", "/sl/cs/cs2301/") → "/sl/cs/"; ("", "/sl/cs/") → "/sl/".
    """
    depth = len(area.strip("/").split("/")) if area.strip("/") else 0
    parts = path.strip("/").split("/")
    return "/" + "/".join(parts[: depth + 1]) + "/"


def share(measured: Sequence[int], part: float) -> int | None:
    """The value below which a share of sorted values lies (nearest rank), None under LEAST of them."""
    if len(measured) < LEAST:
        return None
    return measured[min(len(measured) - 1, max(0, -int(-part * len(measured) // 1) - 1))]


def length(turn: Turn, seconds: int | None) -> str:
    """A stretch of working time in words, "" for none."""
    if seconds is None:
        return ""
    if seconds < 3600:
        return turn.say("figures.minutes", count=max(1, round(seconds / 60)))
    return turn.say("figures.hours", count=f"{seconds / 3600:.1f}")


def percent(rate: Rate) -> str:
    """A share as people read it: 93.5 %; "—" where there are too few to say."""
    return "—" if rate.percent is None else f"{rate.percent:.1f}%"


def last_week(today: date) -> tuple[date, date]:
    """Monday to Sunday of the week before a day."""
    monday = today - timedelta(days=today.weekday() + 7)
    return monday, monday + timedelta(days=6)


def home(paths: Iterable[str]) -> str:
    """The area that somebody's figures begin at: what all of his duties lie below."""
    each = [path.strip("/").split("/") for path in paths]
    common: list[str] = []
    for parts in zip(*each, strict=False):
        if len(set(parts)) > 1:
            break
        common.append(parts[0])
    return "/" + "/".join(common) + "/" if common else ""


def scope(turn: Turn, asked: Asked, *columns: Any, whenever: bool = False) -> Select[Any]:
    """What a question counts, as a statement of these columns, by what the speaker may answer. whenever: what is open now
    (NOW), whatever day it was opened on."""
    zone = turn.school.zone

    def midnight(day: date) -> datetime:
        return datetime.combine(day, time(), zone)

    found = select(*columns).select_from(Score).join(Ticket, Ticket.id == Score.ticket_id).where(
        access.answerable(turn.session, turn.person, turn.now)
    )  # fmt: skip
    if whenever:
        found = found.where(_OPEN)
    else:
        last = midnight(asked.until + timedelta(days=1))
        found = found.where(Score.opened_at >= midnight(asked.since), Score.opened_at < last)
    if asked.person:
        found = found.where(Ticket.assignee_id == asked.person)
    if asked.area:
        found = found.where(Ticket.path.startswith(asked.area, autoescape=True))
    if asked.tag:
        found = found.where(exists().where(Tag.ticket_id == Ticket.id, Tag.name == asked.tag).correlate(Ticket))
    return found.where(Ticket.service == asked.item) if asked.item else found
