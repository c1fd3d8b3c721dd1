"""A chain of signatures as data: who signs or is informed, in which order, under which conditions; and the plan of one.

Steps run in the order of their numbers; what has the same number stands side by side, and its mode says whether all of
them have to agree or any one does. "inform" (备案) is a copy without a decision, sent when the chain has come so far.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from models.seasons import Seasons, span_days, yearly
from models.shape import Said, Shape

NOWHEN: Final = Seasons()  # of a school that told nothing of its seasons
_YEARLY: Final = re.compile(r"(?:\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_BOUNDS: Final = ("over", "at_least", "under", "at_most")


class When(Shape):
    """A condition on one answer, or on several conditions at once (all, any, not); no expression language.

    over, at_least, under, at_most compare a number; one_of and none_of a choice; season names seasons that a span or day
    touches (models.seasons.NAMES, or the school's own); since and until a stretch of days, every year ("12-20") or once
    ("2026-12-20"). Several of these must all hold. A missing answer meets no condition.
    """

    field: str = ""
    over: float | None = None
    at_least: float | None = None
    under: float | None = None
    at_most: float | None = None
    one_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    season: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    every: tuple[When, ...] = Field(default=(), alias="all")
    some: tuple[When, ...] = Field(default=(), alias="any")
    negated: When | None = Field(default=None, alias="not")

    @field_validator("season", mode="before")
    @classmethod
    def _one_or_more(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _decides(self) -> When:
        if bool(self.since) != bool(self.until) or len(self.since) != len(self.until):
            raise PydanticCustomError("item_when_days", "since and until stand together, both with a year or without")
        if any(each and not _YEARLY.fullmatch(each) for each in (self.since, self.until)):
            raise PydanticCustomError("item_when_days", "a day is written 12-20, or 2026-12-20 with its year")
        own = self._asks_of_a_field
        parts = bool(self.every) + bool(self.some) + (self.negated is not None)
        if own and parts:
            raise PydanticCustomError("item_when_mixed", "a condition is about one field, or joins others; not both")
        if not parts and not (own and self.field):
            raise PydanticCustomError(
                "item_when", "a condition says over, at_least or one_of, or another comparison, and of which field"
            )
        return self

    @cached_property
    def _is_bounded(self) -> bool:
        return any(getattr(self, name) is not None for name in _BOUNDS)

    @cached_property
    def _asks_of_a_field(self) -> bool:
        return self._is_bounded or bool(self.one_of or self.none_of or self.season or self.since)

    def holds(self, answers: Mapping[str, Any], seasons: Seasons = NOWHEN) -> bool:
        """Whether the answers meet the condition; a missing answer does not."""
        if self.every and not all(each.holds(answers, seasons) for each in self.every):
            return False
        if self.some and not any(each.holds(answers, seasons) for each in self.some):
            return False
        if self.negated is not None and self.negated.holds(answers, seasons):
            return False
        return not self._asks_of_a_field or self._meets(answers.get(self.field), seasons)

    def _meets(self, value: Any, seasons: Seasons) -> bool:
        if value is None:
            return False
        if self.one_of and value not in self.one_of:
            return False
        if self.none_of and value in self.none_of:
            return False
        return self._in_bounds(value) and self._in_days(value, seasons)

    def _in_bounds(self, value: Any) -> bool:
        if not self._is_bounded:
            return True
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return (
            (self.over is None or value > self.over)
            and (self.at_least is None or value >= self.at_least)
            and (self.under is None or value < self.under)
            and (self.at_most is None or value <= self.at_most)
        )

    def _in_days(self, value: Any, seasons: Seasons) -> bool:
        if not self.season and not self.since:
            return True
        days = span_days(value, seasons.zone)
        if days is None:
            return False
        if self.season and not seasons.names_of(*days) & set(self.season):
            return False
        return not self.since or yearly(*days, self.since, self.until)

    def fields(self) -> Iterator[str]:
        """Every answer that the condition looks at."""
        if self.field:
            yield self.field
        for each in (*self.every, *self.some, *((self.negated,) if self.negated else ())):
            yield from each.fields()

    def seasons(self) -> Iterator[str]:
        """Every season that the condition names."""
        yield from self.season
        for each in (*self.every, *self.some, *((self.negated,) if self.negated else ())):
            yield from each.seasons()


class Signature(Shape):
    """A signature that the item asks for, or a copy that it sends.

    order: its step; what has the same stands side by side; left out, it follows the one before. mode: of a step, whether
    all of it agree (会签) or any one. kind: "sign", or "inform" for a copy without a decision (备案). title: what the
    step is called, where the name of whoever signs does not say enough.
    """

    role: str = Field(min_length=1, max_length=32)
    when: When | None = None
    order: int | None = Field(default=None, ge=1, le=50)
    mode: Literal["all", "any"] = "all"
    kind: Literal["sign", "inform"] = "sign"
    tree: Literal["", "academic", "residential"] = ""
    title: Said | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of a plan: its step from 0 on, its place among the item's signatures, and what it asks for."""

    step: int
    place: int
    role: str
    kind: str = "sign"
    mode: str = "all"


def orders(signatures: Sequence[Signature]) -> tuple[int, ...]:
    """The number of each one's step, as written or following the one before."""
    found: list[int] = []
    for signature in signatures:
        found.append(signature.order if signature.order is not None else (found[-1] + 1 if found else 1))
    return tuple(found)


def mixed(signatures: Sequence[Signature]) -> int | None:
    """The place of a signature whose step says "all" here and "any" there; None where every step is of one mode."""
    modes: dict[int, str] = {}
    for place, (order, signature) in enumerate(zip(orders(signatures), signatures, strict=True)):
        if signature.kind == "sign" and modes.setdefault(order, signature.mode) != signature.mode:
            return place
    return None


def plan(signatures: Sequence[Signature], answers: Mapping[str, Any], seasons: Seasons = NOWHEN) -> tuple[Planned, ...]:
    """Who has to sign and who is informed for these answers, in order; steps are numbered from 0 without gaps."""
    rows = zip(orders(signatures), range(len(signatures)), signatures, strict=True)
    asked = sorted(
        (order, place) for order, place, each in rows if each.when is None or each.when.holds(answers, seasons)
    )
    steps = {order: step for step, order in enumerate(sorted({order for order, _ in asked}))}
    return tuple(
        Planned(steps[order], place, each.role, each.kind, each.mode)
        for order, place in asked
        for each in (signatures[place],)
    )


def conditioned(signatures: Iterable[Signature]) -> frozenset[str]:
    """Every answer on which the chain depends: when one of these changes, the chain is planned anew."""
    return frozenset(field for each in signatures if each.when is not None for field in each.when.fields())
