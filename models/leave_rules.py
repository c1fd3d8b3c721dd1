"""The rules of leave as data: the `[leave]` table of an item; what a kind leaves out, the general rules say."""

from __future__ import annotations

from datetime import time
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from models.chain import When
from models.limits import Limit, parse_limit
from models.shape import Said, Shape

Count = Literal["half-days", "days", "nights", "school-half-days", "school-days"]
UNITS: Final = {
    "over": "days",
    "times": "times",
    "hours": "hours",
    "lessons": "lessons",
}  # keys of a total → what is added up


def limit(words: str) -> Limit:
    """ "3d", "4h", "1d12h" by the wall clock; "3d work" in working time, a day being 8 hours of it."""
    return parse_limit(words, "wall")


def _readable(value: object) -> object:
    if isinstance(value, str):
        try:
            found = limit(value)
        except ValueError as error:
            raise PydanticCustomError("item_stretch", "{detail}", {"words": value, "detail": str(error)}) from None
        if found.seconds < 0:
            raise PydanticCustomError("item_stretch", "a stretch is no time before", {"words": value})
    return value


Stretch = Annotated[str, BeforeValidator(_readable)]
CLOCK: Final = r"^([01]\d|2[0-3]):[0-5]\d$"
RoleName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]


def _one(value: object) -> object:
    """A single table or word where a list may stand."""
    return (value,) if isinstance(value, dict | str | Shape) else value


class Lead(Shape):
    """How long before its beginning a leave is asked for, of all or of those that meet a condition."""

    before: Stretch
    when: When | None = None


def _lead(value: object) -> object:
    return {"before": value} if isinstance(value, str) else value


class Total(Shape):
    """What a student's leaves of a kind may add up to with this one, and what happens above.

    over: days; times: how many leaves; hours: of the clock; lessons: of the school's timetable; one of them. per: in the term of its beginning, or in that calendar month. do: refuse it, tell
    student and signer, or raise the tier (the answer `raised` counts why). kinds: counted together with this kind.
    """

    over: float | None = Field(default=None, ge=0, strict=True)
    times: int | None = Field(default=None, ge=0, strict=True)
    hours: float | None = Field(default=None, ge=0, strict=True)
    lessons: int | None = Field(default=None, ge=0, strict=True)
    per: Literal["term", "month"] = "term"
    do: Literal["refuse", "warn", "raise"] = "refuse"
    kinds: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_one(self) -> Total:
        if sum(getattr(self, key) is not None for key in UNITS) != 1:
            raise PydanticCustomError("item_leave_total", "a total says one of over (days), times, hours, lessons")
        return self

    @property
    def unit(self) -> str:
        """What is added up: days, times, hours or lessons."""
        return next(unit for key, unit in UNITS.items() if getattr(self, key) is not None)

    @property
    def limit(self) -> float:
        """How much of it is not too much."""
        return next(float(getattr(self, key)) for key in UNITS if getattr(self, key) is not None)


class Evidence(Shape):
    """What has to be shown for a leave. due: with the request, or later (先请后补), `within` so long after its end; after
    "begin" says so long after it begins, for what lasts for months and is known before (实习)."""

    words: Said
    when: When | None = None
    due: Literal["now", "later"] = "now"
    within: Stretch = "3d"
    after: Literal["begin", "end"] = "end"


class Guardian(Shape):
    """Whose parents have to confirm before the first signature (or the counselor books a telephone call): all, or some."""

    when: When | None = None


class Raise(Shape):
    """What asks for one tier more: the condition, and the sentence that tells why."""

    when: When
    why: Said


class Short(Shape):
    """Which leaves are so short that a missing return climbs nowhere, and what is done instead of `back_remind` and
    `back_watch`: reminders around the return, beside the one at it, and whom one line is told how long after it.

    Only a leave that begins and ends on one day is short, whatever the condition says (handlers/short_returns.py).
    """

    when: When
    remind: tuple[str, ...] = ()
    watch: tuple[tuple[str, str], ...] = ()

    @model_validator(mode="after")
    def _reads(self) -> Short:
        for words in (*self.remind, *(each for each, _ in self.watch)):
            try:
                found = limit(words)
            except ValueError as error:
                raise PydanticCustomError("item_stretch", "{detail}", {"words": words, "detail": str(error)}) from None
            if found.seconds < 0 and words not in self.remind:
                raise PydanticCustomError("item_stretch", "a stretch is no time before", {"words": words})
        if any(not role for _, role in self.watch):
            raise PydanticCustomError("item_watch_role", 'watch names a time and a role: [["+2h", "counselor"]]')
        return self

    @cached_property
    def reminders(self) -> tuple[Limit, ...]:
        """When the student is reminded beside the return itself."""
        return tuple(limit(words) for words in self.remind)

    @cached_property
    def offsets(self) -> tuple[Limit, ...]:
        """How long after the return each of `watch` is told."""
        return tuple(limit(words) for words, _ in self.watch)


class KindRules(Shape):
    """The rules of one kind of leave.

    count: how its length counts. least, most: days each time. lead: how long before it begins it is asked for. late: how
    long after its beginning it still may be; made_up: how long after its end (补假), "0h" never. total: what leaves may
    add up to. extend_before: how long before its end it may last be prolonged (续假); extend_late: how long after its end
    it still may, by default not at all. back_evidence: what is shown on return. often: from which leave of a calendar
    month on none is approved among many others at once. evidence: what has to be shown. guardian: whose parents confirm.
    back_by: whether the student ends it by a word (销假), or only staff do, to whom the student goes (本人当面销假).
    off_campus: a gate reads that whoever has this leave may go out, without being asked for it. afterwards: the kind is for
    what has begun or is over only (补假), and nothing to come is asked for by it. ask_early: with so much of it left the word
    销假 is asked about before it ends the leave; "0h" never. books_return: the roles that may book the return of a student of
    their areas, beside whoever answers for the student. checks_proof: the roles (校医院) that check what is shown, beside whoever
    signs first. teachers: those whose lessons are missed get a copy for the record.
    """

    count: Count = "half-days"
    least: float = Field(default=0, ge=0, le=366, strict=True)
    most: float = Field(default=366, gt=0, le=366, strict=True)
    lead: Annotated[tuple[Annotated[Lead, BeforeValidator(_lead)], ...], BeforeValidator(_one)] = ()
    late: Stretch = "3d"
    made_up: Stretch = "0h"
    afterwards: StrictBool = False
    ask_early: Stretch = "3d"
    books_return: Annotated[tuple[RoleName, ...], BeforeValidator(_one)] = ("keeper",)
    checks_proof: Annotated[tuple[RoleName, ...], BeforeValidator(_one)] = ()
    teachers: StrictBool = True
    total: Annotated[tuple[Total, ...], BeforeValidator(_one)] = ()
    extend_before: Stretch = "0h"
    extend_late: Stretch = "0h"
    back_evidence: Annotated[tuple[Evidence, ...], BeforeValidator(_one)] = ()
    often: int = Field(default=3, ge=1, le=100, strict=True)
    evidence: Annotated[tuple[Evidence, ...], BeforeValidator(_one)] = ()
    guardian: Guardian | None = None
    off_campus: StrictBool = False
    back_by: Literal["student", "staff"] = "student"


class LeaveRules(KindRules):
    """The `[leave]` table: general rules, those of each kind, what raises the tier, where a day is halved, whether a new
    leave waits until the last one was signed back in from, which leaves are too short to climb when nobody signs back in,
    and which officers fill one in for a classmate (files_for), who
    hands it in."""

    noon: Annotated[str, Field(pattern=CLOCK)] = "13:00"
    ahead: Stretch = "365d"
    return_first: StrictBool = False
    short: Short | None = None
    files_for: Annotated[tuple[RoleName, ...], BeforeValidator(_one)] = ()
    raises: Annotated[tuple[Raise, ...], BeforeValidator(_one)] = Field(default=(), alias="raise")
    kinds: dict[str, KindRules] = Field(default_factory=dict)

    def of(self, kind: str | None) -> KindRules:
        """The rules of a kind: its own, and the general ones for what it leaves out."""
        return self._whole[kind if kind in self.kinds else ""]

    @cached_property
    def _whole(self) -> dict[str | None, KindRules]:
        """The rules of each kind, filled up with the general ones, which alone stand under ""."""
        general = {name: getattr(self, name) for name in KindRules.model_fields}
        found: dict[str | None, KindRules] = {"": KindRules.model_construct(**general)}
        for kind, own in self.kinds.items():
            said = {name: getattr(own, name) for name in own.model_fields_set}
            found[kind] = KindRules.model_construct(**{**general, **said})
        return found

    def conditions(self) -> list[When]:
        """Every condition of these rules."""
        rules: list[KindRules] = [self, *self.kinds.values()]
        found = [each.when for each in self.raises] + ([self.short.when] if self.short is not None else [])
        for rule in rules:
            asked = [*(each.when for each in rule.lead), *(each.when for each in rule.evidence)]
            asked += [rule.guardian.when] if rule.guardian is not None else []
            found += [when for when in asked if when is not None]
        return found

    @property
    def half(self) -> time:
        """The time that parts the two halves of a day."""
        return time.fromisoformat(self.noon)
