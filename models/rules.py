"""Rules of an item (自动规则) as they are read from TOML: when something happens or time has passed, what is done by itself."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from models.chain import When
from models.limits import Limit, Timed, parse_limit
from models.promise import LONGEST_LIMIT, Priority
from models.shape import Said, Shape
from models.sorting import LONGEST_TAG

LONGEST_NAME: Final = 20  # characters: a key of an event holds it beside what the rule was done for
BY_TIME: Final = frozenset({"overdue", "waiting", "unowned"})
# What happened, and the kinds of events that are this. The opening stands for itself: it is done when all of it is written.
HAPPENS: Final[dict[str, frozenset[str]]] = {
    "opened": frozenset({"opened", "split_off"}),
    "replied": frozenset({"answered", "added"}),
    "reopened": frozenset({"reopened"}),
    "transferred": frozenset({"transferred"}),
    "urged": frozenset({"urged"}),
    "resolved": frozenset({"resolved"}),
    "rated": frozenset({"rated"}),
}
STARTS: Final = frozenset().union(*(kinds for name, kinds in HAPPENS.items() if name != "opened"))
OVER: Final = frozenset({"resolved", "rated"})  # after these there is nobody to give it to
On = Literal[
    "opened", "replied", "reopened", "transferred", "urged", "resolved", "rated", "overdue", "waiting", "unowned"
]
TagName = Annotated[str, Field(min_length=1, max_length=LONGEST_TAG, pattern=r"^[^\s,，、;；#＃]+$")]
AreaCode = Annotated[str, Field(min_length=1, max_length=64)]


class Only(Shape):
    """The table `if` of a rule: all that is said has to hold. Left out: it always does.

    answers: a condition on the form's answers. priority: one of these. tags: it has all of these; without: none of these.
    area: codes of areas: in one of these (or below) it stands, is worked on, or whoever asked for it lives or studies.
    """

    answers: When | None = None
    priority: tuple[Priority, ...] = ()
    tags: tuple[TagName, ...] = ()
    without: tuple[TagName, ...] = ()
    area: tuple[AreaCode, ...] = ()


class To(Shape):
    """Whom a rule means: whoever answers in an office (its code) or in a role for where the ticket is, or by their part in
    it: who has it, who owns it, who leads next above."""

    office: str = Field(default="", max_length=64)
    role: str = Field(default="", max_length=32)
    who: Literal["", "assignee", "owner", "lead"] = ""

    @model_validator(mode="after")
    def _one(self) -> To:
        if (bool(self.office) + bool(self.role) + bool(self.who)) != 1:
            raise PydanticCustomError("item_rule_to", "a rule names whom it means by office, role or who: one of them")
        return self


class Then(Shape):
    """The table `then` of a rule: what it does, in this order.

    checklist: the name of a `[[checklist]]` of the item. end: "close" or "resolve" what waits for the student; words: what
    the student reads with it.
    """

    tag: tuple[TagName, ...] = ()
    untag: tuple[TagName, ...] = ()
    priority: Priority | None = None
    checklist: str = Field(default="", max_length=31)
    note: Said | None = None
    give: To | None = None
    tell: tuple[To, ...] = ()
    end: Literal["", "close", "resolve"] = ""
    words: Said | None = None

    @model_validator(mode="after")
    def _does_something(self) -> Then:
        if not (
            self.tag or self.untag or self.priority or self.checklist or self.note or self.give or self.tell or self.end
        ):
            raise PydanticCustomError("item_rule_nothing", "a rule does nothing: say what in [when.then]")
        if self.give is not None and self.give.who == "assignee":
            raise PydanticCustomError("item_rule_has_it", "a rule gives a ticket to whoever has it already")
        if set(self.tag) & set(self.untag):
            raise PydanticCustomError("item_rule_tags", "a rule gives a tag and takes it away")
        if self.words is not None and not self.end:
            raise PydanticCustomError(
                "item_rule_words", "words go to the student with an end: say end, or write a note"
            )
        return self


class Rule(Shape):
    """A row `[[when]]`: on what, under which conditions, and what is done then.

    on: something that happened (HAPPENS), or one of BY_TIME, `after` so long: a promise is late (target names which, any
    one where it is ""), the student was asked and says nothing, nobody has it. stars: of a rating, up to so many. warn: so
    long before an end the student is told of it. items: of a rule of the whole school, for which items; all where empty.
    """

    name: str = Field(min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\s:：,，]+$")
    on: On
    stars: int | None = Field(default=None, ge=1, le=5)
    target: Literal["", "respond", "next", "resolve"] = ""
    after: str = Field(default="", max_length=32)
    warn: str = Field(default="", max_length=32)
    only: Only = Field(default=Only(), alias="if")
    then: Then
    items: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Rule:
        if bool(self.after) != (self.on in BY_TIME):
            raise PydanticCustomError(
                "item_rule_after", "after says how long, and belongs to overdue, waiting and unowned: not so '{name}'",
                {"name": self.name},
            )  # fmt: skip
        if self.stars is not None and self.on != "rated":
            raise PydanticCustomError("item_rule_stars", "stars belong to on = rated: '{name}'", {"name": self.name})
        if self.target and self.on != "overdue":
            raise PydanticCustomError(
                "item_rule_target", "target belongs to on = overdue: '{name}'", {"name": self.name}
            )
        if self.then.end and (self.on != "waiting" or not self.warn):
            raise PydanticCustomError(
                "item_rule_end", "only what waits for the student is ended, after a warning: on = waiting, and warn",
                {"name": self.name},
            )  # fmt: skip
        if self.warn and not self.then.end:
            raise PydanticCustomError(
                "item_rule_warn", "warn belongs to a rule with an end: '{name}'", {"name": self.name}
            )
        if self.on in OVER and (self.then.give or self.then.priority or self.then.checklist):
            raise PydanticCustomError(
                "item_rule_over", "what has ended is given to nobody: '{name}' may tag, note and tell", {"name": self.name}
            )  # fmt: skip
        self._times()
        return self

    def _times(self) -> None:
        try:
            after, warn = self.limits()
        except ValueError:
            raise self._unread() from None
        least = 0 if self.on == "overdue" else 1
        if after is not None and not least <= after.seconds <= LONGEST_LIMIT:
            raise self._unread()
        if warn is not None and not 0 < warn.seconds <= LONGEST_LIMIT:
            raise self._unread()

    def _unread(self) -> PydanticCustomError:
        return PydanticCustomError(
            "item_rule_time", "the times of '{name}' cannot be used: {after} {warn}",
            {"name": self.name, "after": self.after, "warn": self.warn},
        )  # fmt: skip

    def limits(self) -> tuple[Limit | None, Limit | None]:
        """after and warn as values, working time unless they say otherwise; ValueError where one cannot be read."""
        return _read(self.after), _read(self.warn)

    def timed(self) -> Timed | None:
        """What the deadlines have to know of it; None for one that follows something that happened."""
        after, warn = self.limits()
        if after is None:
            return None
        return Timed(self.name, self.on, after, self.target, warn, tags=bool(self.only.tags or self.only.without))

    def starts_with(self, kind: str, key: str) -> bool:
        """Whether an event is what it waits for; key: the event's."""
        if kind not in HAPPENS.get(self.on, ()):
            return False
        return self.stars is None or (key[-1:].isdigit() and int(key[-1]) <= self.stars)


@lru_cache(maxsize=1024)
def _read(words: str) -> Limit | None:
    return parse_limit(words) if words else None
