"""The figures of each member of staff, for whoever leads them: the same definitions, counted by who has or had a matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from sqlalchemy import Row, bindparam, case, func, or_, select

from handlers import figures, powers
from handlers.figures import Asked, Rate, Sums
from handlers.turn import Turn
from models.base import Instant
from models.db import plain
from models.grid import Duty
from models.score import Score
from models.ticket import Ticket

COUNTS: Final = ("opened", "responded", "ended", "reopened", "open", "late")
_NOW: Final = bindparam("now", type_=Instant())
_HELD: Final = select(Duty.person_id, Duty.path, Duty.leads).where(
    Duty.person_id.in_(bindparam("ids", expanding=True)), Duty.from_at <= _NOW,
    or_(Duty.until_at.is_(None), Duty.until_at > bindparam("since", type_=Instant())),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Share:
    """What one member of staff has or had of it. median, p90: working seconds to the first answer, None under
    figures.LEAST answers; how many were measured is sums["responded"]."""

    person_id: str
    sums: Sums
    median: int | None
    p90: int | None

    @property
    def answering(self) -> Rate:
        """First answers in time, of all that were given or are overdue."""
        return self.sums.answering


def may_see(turn: Turn, person_id: str) -> bool:
    """Whether the speaker may see somebody's figures: the own, and those of whom the speaker leads."""
    me = turn.person.id if turn.person is not None and turn.person.kind == "staff" else ""
    return bool(person_id) and (person_id == me or person_id in led_among(turn, [person_id]))


def led_among(turn: Turn, ids: Iterable[str]) -> frozenset[str]:
    """Those of these people who work under the speaker: by a duty, or one that ended a few days ago, in an area that the
    speaker leads, and without leading that area or one above it themselves. Who works beside the speaker is none of them.
    """
    wanted, mine = sorted(set(ids)), powers.led(turn)
    if not mine or not wanted:
        return frozenset()
    values = {"ids": wanted, "now": turn.now, "since": turn.now - powers.AFTERWARDS}
    held: dict[str, list[tuple[str, bool]]] = {each: [] for each in wanted}
    for person_id, path, leads in turn.session.execute(_HELD, values):
        held[person_id].append((path, bool(leads)))
    me = turn.person.id if turn.person is not None else ""
    everybody = powers.is_administrator(turn)
    return frozenset(
        each for each, duties in held.items()
        if each != me and any(_is_under(duties, area, everybody=everybody) for area in mine)
    )  # fmt: skip


def _is_under(held: list[tuple[str, bool]], area: str, *, everybody: bool) -> bool:
    beside = any(leads and area.startswith(path) for path, leads in held)
    return any(path.startswith(area) for path, _ in held) and (everybody or not beside)


def by_person(turn: Turn, asked: Asked) -> list[Share]:
    """The figures of the speaker and of everybody led, in no order of theirs: who draws them puts them by name.

    A matter counts for whoever has it now, or had it when it ended. Those of others are neither counted nor named.
    """
    asked = replace(asked, person="")
    named = figures.every(turn)
    sums = {name: func.sum(case((condition, 1), else_=0)).label(name) for name, condition in named.items()}
    spans = [name for name in named if name not in figures.NOW]
    counts: dict[str, Counter[str]] = {}
    for whenever, names in ((False, spans), (True, sorted(figures.NOW))):
        found = figures.scope(
            turn, asked, Ticket.assignee_id, *(sums[name] for name in names), whenever=whenever
        ).where(Ticket.assignee_id.is_not(None)).group_by(Ticket.assignee_id)  # fmt: skip
        for row in plain(turn.session).execute(found).mappings():
            counts.setdefault(row["assignee_id"], Counter()).update({name: int(row[name] or 0) for name in names})
    me = turn.person.id if turn.person is not None else ""
    shown = {me} | led_among(turn, counts)
    counts = {each: counted for each, counted in counts.items() if each in shown and any(counted.values())}
    lengths = _lengths(turn, asked, counts)
    return [
        Share(
            each, Sums(counted), figures.share(lengths.get(each, []), 0.5), figures.share(lengths.get(each, []), 0.9)
        )
        for each, counted in counts.items()
    ]  # fmt: skip


def _lengths(turn: Turn, asked: Asked, ids: Iterable[str]) -> dict[str, list[int]]:
    """The working seconds to the first answer of each, in order; of the newest, where there are very many."""
    statement = figures.scope(turn, asked, Ticket.assignee_id, Score.answered_in).where(
        Ticket.assignee_id.in_(sorted(ids)), Score.answered_in.is_not(None)
    )  # fmt: skip
    newest = statement.order_by(Score.opened_at.desc()).limit(figures.MOST_MEASURED)

    def whose(row: Row[tuple[str, int]]) -> str:
        return str(row[0])

    rows = sorted(plain(turn.session).execute(newest).all(), key=lambda row: (str(row[0]), int(row[1])))
    return {who: [int(row[1]) for row in each] for who, each in groupby(rows, key=whose)}
