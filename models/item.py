"""A service item: its form, its limits, its chain of signatures, and who answers; read from TOML."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from models.automatic import Routed, Tagged
from models.chain import NOWHEN, Signature, When, mixed
from models.checklist import Checklist
from models.guide import Guide, distinct
from models.leave_rules import LeaveRules
from models.promise import LONGEST_LIMIT, Instead, Promise, Raised
from models.rules import Rule
from models.seasons import Seasons
from models.shape import Said, Shape, Words

__all__ = [
    "LONGEST_LIMIT", "FormField", "Instead", "Item", "Option", "Promise", "Raised", "Said", "Shape", "Signature", "When", "Words",
]  # fmt: skip

SLUG: Final = re.compile(r"^[a-z][a-z0-9-]{1,47}$")
KEY: Final = re.compile(r"^[a-z][a-z0-9_]{0,30}$")


class Option(Shape):
    """One answer to choose: its stored key, its label, words in a sentence that mean it, and what the bot says once to
    whoever chooses it (a word of sympathy)."""

    key: str
    label: Said
    words: tuple[str, ...] = ()
    says: Said | None = None

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Its labels of more than one character in small letters, by which it is known in a sentence."""
        return tuple(name.lower() for name in (self.label.zh, self.label.en) if len(name) > 1)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Its labels and its key in small letters, by which it is chosen."""
        return tuple(name.lower() for name in (self.label.zh, self.label.en, self.key) if name)

    @cached_property
    def meant_by(self) -> tuple[str, ...]:
        """The words that mean it, in small letters."""
        return tuple(word.lower() for word in self.words)


def _option(value: object) -> object:
    return {"key": value, "label": value} if isinstance(value, str) else value


class FormField(Shape):
    """One question of the form.

    kind (written `type` in the files): text, long, choice, span (from–to), date, phone, number, file.
    people: students by their numbers. when: the question is asked only where the condition holds.
    fill = "rest" takes what is left of the first sentence; sensitive answers are sealed in a table of their own.
    """

    key: str = Field(pattern=KEY.pattern)
    title: Said | None = None
    ask: Said
    hint: Said | None = None
    kind: Literal["text", "long", "choice", "span", "date", "phone", "number", "file", "people"] = Field(alias="type")
    options: tuple[Annotated[Option, BeforeValidator(_option)], ...] = ()
    required: bool = True
    sensitive: bool = False
    fill: Literal["", "rest"] = ""
    least: int = Field(default=1, ge=0)
    most: int = Field(default=500, ge=1, le=3000)
    when: When | None = None

    @model_validator(mode="after")
    def _has_options(self) -> FormField:
        if (self.kind == "choice") != bool(self.options):
            raise PydanticCustomError("item_options", "a choice has options, and nothing else has")
        if len({option.key for option in self.options}) != len(self.options):
            raise PydanticCustomError("item_option_twice", "two options have the same key")
        if self.least > self.most:
            bounds = {"least": self.least, "most": self.most}
            raise PydanticCustomError("item_least", "least {least} is more than most {most}", bounds)
        return self

    def asked(self, answers: Mapping[str, Any], seasons: Seasons = NOWHEN) -> bool:
        """Whether the question is asked at all, for these answers so far."""
        return self.when is None or self.when.holds(answers, seasons)

    def label(self, lang: str) -> str:
        """The short name of the field on a summary."""
        return (self.title or self.ask).to(lang).rstrip("？?：:")

    @cached_property
    def near_labels(self) -> frozenset[str]:
        """The labels of a choice, and those of its words that are nearly one (a part of it, or more than it)."""
        labels = {label for option in self.options for label in option.labels}
        words = {word for option in self.options for word in option.meant_by if len(word) > 1}
        return frozenset(labels | {word for word in words if any(word in each or each in word for each in labels)})

    def option(self, key: object) -> Option | None:
        """The option of a key."""
        return next((option for option in self.options if option.key == key), None)


class Item(Shape):
    """A service item, whole.

    answers_by: the role that answers for the student's place in `tree`, or for the office when tree is "office".
    Lower ranks are offered first. A hidden item is opened by the bot itself, never offered. A sensitive one keeps every word sealed
    and is seen by nobody but its own role; an urgent one goes by the crisis lane, at its true limits even in the demo.
    live_for: codes of the colleges (or other areas of a student) where it is live, all where there are none;
    elsewhere: how it is done in the others today.
    basis: the regulation that is followed, told with a refusal. guides: answers to questions about it (办事指南), no part of its
    version, since no ticket hangs on them. leave: the rules of leave, of an item with code = "leave".
    conflict: "words" where whoever its free words complain of neither gets nor sees it (回避), "off" where nobody looks for
    that; "" is "off" in versions from when that was left out.
    abroad: whether its words may be sent on channels that leave the country: "send", "link" (a link to the web page
    instead), or "" for what follows from its fields (PIPL, articles 28 and 38 to 40).
    """

    slug: str = Field(default="", pattern=rf"{SLUG.pattern}|^$")
    title: Said
    about: Said | None = None
    aliases: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()  # labels of handlers.understand that mean this item
    prefix: str = Field(pattern=r"^[A-Z]{2}$")
    office: str = ""
    code: str | None = None
    tree: Literal["academic", "residential", "office"] = "academic"
    answers_by: str = Field(default="counselor", max_length=32)
    hidden: bool = False
    rank: int = 100
    sensitive: bool = False
    urgent: bool = False
    conflict: Literal["words", "off", ""] = "words"
    abroad: Literal["", "send", "link"] = ""
    live_for: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")], ...] = ()
    elsewhere: Said | None = None
    limits: Promise = Promise()
    priority: tuple[Raised, ...] = ()
    tag: tuple[Tagged, ...] = ()
    route: tuple[Routed, ...] = ()
    when: tuple[Rule, ...] = ()
    checklist: tuple[Checklist, ...] = ()
    fields: tuple[FormField, ...] = ()
    approval: tuple[Signature, ...] = ()
    leave: LeaveRules | None = None
    basis: Said | None = None
    guides: tuple[Guide, ...] = ()

    @field_validator("fields")
    @classmethod
    def _distinct(cls, fields: tuple[FormField, ...]) -> tuple[FormField, ...]:
        if len({field.key for field in fields}) != len(fields):
            raise PydanticCustomError("item_field_twice", "two fields have the same key")
        return fields

    @field_validator("guides")
    @classmethod
    def _guides(cls, guides: tuple[Guide, ...]) -> tuple[Guide, ...]:
        return distinct(guides)

    @model_validator(mode="after")
    def _has_office(self) -> Item:
        if self.tree == "office" and not self.office:
            raise PydanticCustomError("item_office", "an item answered by an office names it: office = …")
        if self.approval and self.limits.resolve is None:
            raise PydanticCustomError(
                "item_resolve", "an item that asks for signatures promises by when it is decided: limits.resolve"
            )
        if self.elsewhere is not None and not self.live_for:
            raise PydanticCustomError(
                "item_elsewhere", "elsewhere says how it is done outside of live_for: leave it out"
            )
        if self.live_for and self.hidden:
            raise PydanticCustomError("item_live_hidden", "an item that the bot opens by itself is live everywhere")
        if self.sensitive and self.abroad == "send":
            raise PydanticCustomError(
                "item_abroad", "an item whose every word is sealed is not sent abroad: leave abroad out, or sensitive"
            )
        self._check_chain()
        self._check_leave()
        self._check_dates()
        self._check_automatic()
        return self

    def _check_dates(self) -> None:
        """Refuse a beginning or a priority that follows from an answer that nobody gives."""
        begins = self.field(self.limits.before)
        if self.limits.before and (begins is None or begins.kind not in ("span", "date") or begins.sensitive):
            raise PydanticCustomError(
                "item_before", "limits.before names a span or a date of the form that is not sealed: not '{field}'",
                {"field": self.limits.before},
            )  # fmt: skip
        asked = {field.key for field in self.fields}
        for raised in self.priority:
            if self.code is None and (missing := [key for key in raised.when.fields() if key not in asked]):
                raise PydanticCustomError(
                    "item_when_field", "a condition names a field of the form: there is no '{field}'",
                    {"field": missing[0]},
                )  # fmt: skip

    def _check_automatic(self) -> None:
        """Refuse tags and routes that follow from an answer that nobody gives, or that would tell what is sealed; and
        routes past signatures, which are asked for along the item's own tree."""
        if self.route and (self.approval or self.urgent):
            raise PydanticCustomError(
                "item_route_chain", "an item with signatures, or of the crisis lane, is not routed: leave route out"
            )
        rows: tuple[Tagged | Routed, ...] = (*self.tag, *self.route)
        for key in (key for row in rows if row.when is not None for key in row.when.fields()):
            field = self.field(key)
            if field is None and self.code is None:
                raise PydanticCustomError(
                    "item_when_field", "a condition names a field of the form: there is no '{field}'", {"field": key}
                )
            if field is not None and field.sensitive:
                raise PydanticCustomError(
                    "item_tag_sealed",
                    "a tag or a route would tell the sealed answer '{field}': take another field",
                    {"field": key},
                )

    def priority_of(self, answers: dict[str, Any], seasons: Seasons = NOWHEN) -> str:
        """The priority of a ticket with these answers: that of the first row that fits."""
        return next((raised.to for raised in self.priority if raised.when.holds(answers, seasons)), "normal")

    def _check_leave(self) -> None:
        """Refuse rules of leave where there is no code to follow them, and rules of kinds that nobody can choose."""
        if self.leave is None:
            return
        if self.code != "leave":
            raise PydanticCustomError("item_leave_code", "only an item with code = leave has a table [leave]")
        kinds = self.field("kind")
        chosen = {option.key for option in kinds.options} if kinds is not None else set()
        for kind in self.leave.kinds:
            if kind not in chosen:
                raise PydanticCustomError(
                    "item_leave_kind", "there is no kind of leave called {kind} to choose", {"kind": kind}
                )

    def _check_chain(self) -> None:
        """Refuse a chain whose conditions ask for answers that nobody gives, or whose steps contradict themselves."""
        asked = {field.key for field in self.fields}
        for when in (*(each.when for each in self.approval), *(each.when for each in self.fields)):
            # Code may derive answers that no field asks for, such as the days of a leave.
            if when is None or self.code is not None:
                continue
            for field in when.fields():
                if field not in asked:
                    raise PydanticCustomError(
                        "item_when_field", "a condition names a field of the form: there is no '{field}'",
                        {"field": field},
                    )  # fmt: skip
        wrong = mixed(self.approval)
        if wrong is not None:
            raise PydanticCustomError(
                "item_mode", 'signatures of one step are all "all" or all "any": look at {role}',
                {"role": self.approval[wrong].role},
            )  # fmt: skip

    def field(self, key: str) -> FormField | None:
        """The field of a key."""
        return next((field for field in self.fields if field.key == key), None)

    @property
    def stays_home(self) -> bool:
        """Whether its words are not shown on channels whose messages leave the country."""
        if self.abroad:
            return self.abroad == "link"
        return self.sensitive or any(field.sensitive for field in self.fields)

    def keeps_home(self, field: FormField) -> bool:
        """Whether a question of it is not asked on such a channel: a sensitive one, or any of an item that is so whole."""
        return self.stays_home and (field.sensitive or self.sensitive or self.abroad == "link")

    def body(self) -> dict[str, Any]:
        """The item as JSON, for the table of versions: all that its file says, also what is the default elsewhere, since a
        kind of leave may say "3d" where the general rule says something else."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude={"guides"})

    def version(self) -> str:
        """A name of this very wording: twelve hex digits of its hash."""
        return hashlib.sha256(self.model_dump_json(by_alias=True, exclude={"guides"}).encode()).hexdigest()[:12]
