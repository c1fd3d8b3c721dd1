"""A service item: its form, its limits, its chain of signatures, and who answers; read from TOML."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from models.deadline import Limit, Limits, parse_limit

SLUG: Final = re.compile(r"^[a-z][a-z0-9-]{1,47}$")
KEY: Final = re.compile(r"^[a-z][a-z0-9_]{0,30}$")
LONGEST_LIMIT: Final = 366 * 86400


class Shape(BaseModel):
    """A frozen part of an item; unknown keys are mistakes, and each mistake's kind is a key of the texts ([check])."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Words(Shape):
    """A sentence in the product's languages; a plain string in a file means Chinese, and English is still owed."""

    zh: str = Field(min_length=1, max_length=200)
    en: str = Field(default="", max_length=300)

    def to(self, lang: str) -> str:
        """The sentence in a language, in Chinese where that is missing."""
        return (self.en if lang == "en" else self.zh) or self.zh


def _words(value: object) -> object:
    if not isinstance(value, str | dict | Words):
        raise PydanticCustomError("string_type", "a sentence, or one for each language")
    return {"zh": value} if isinstance(value, str) else value


Said = Annotated[Words, BeforeValidator(_words)]


class Option(Shape):
    """One answer to choose: its stored key, its label, and words in a sentence that mean it."""

    key: str
    label: Said
    words: tuple[str, ...] = ()


def _option(value: object) -> object:
    return {"key": value, "label": value} if isinstance(value, str) else value


class FormField(Shape):
    """One question of the form.

    kind (written `type` in the files): text, long, choice, span (from–to), date, phone, number, file.
    fill = "rest" takes what is left of the first sentence; sensitive answers are sealed in a table of their own.
    """

    key: str = Field(pattern=KEY.pattern)
    title: Said | None = None
    ask: Said
    hint: Said | None = None
    kind: Literal["text", "long", "choice", "span", "date", "phone", "number", "file"] = Field(alias="type")
    options: tuple[Annotated[Option, BeforeValidator(_option)], ...] = ()
    required: bool = True
    sensitive: bool = False
    fill: Literal["", "rest"] = ""
    least: int = Field(default=1, ge=0)
    most: int = Field(default=500, ge=1, le=3000)

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

    def label(self, lang: str) -> str:
        """The short name of the field on a summary."""
        return (self.title or self.ask).to(lang).rstrip("？?：:")

    def option(self, key: object) -> Option | None:
        """The option of a key."""
        return next((option for option in self.options if option.key == key), None)


class When(Shape):
    """A condition on one answer: over, at least, or one of; no expression language."""

    field: str
    over: float | None = None
    at_least: float | None = None
    one_of: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _decides(self) -> When:
        if self.over is None and self.at_least is None and not self.one_of:
            raise PydanticCustomError("item_when", "a condition says over, at_least or one_of")
        return self

    def holds(self, answers: dict[str, Any]) -> bool:
        """Whether the answers meet the condition; a missing answer does not."""
        value = answers.get(self.field)
        if self.one_of and value not in self.one_of:
            return False
        if self.over is not None and not (isinstance(value, int | float) and value > self.over):
            return False
        return self.at_least is None or (isinstance(value, int | float) and value >= self.at_least)


class Signature(Shape):
    """A signature that the item asks for."""

    role: str = Field(min_length=1, max_length=32)
    when: When | None = None


class Promise(Shape):
    """The `[limits]` table as written: "4h", "1d", "-1h"; working time unless it says calendar or wall."""

    respond: str = "1d"
    resolve: str | None = None
    remind: tuple[str, ...] = ("-1h",)
    escalate: tuple[str, ...] = ("+0h",)
    follow_up: str | None = None
    clock: Literal["work", "calendar", "wall"] = "work"
    back: str | None = None
    back_remind: tuple[str, ...] = ()
    back_escalate: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _reads(self) -> Promise:
        try:
            limits = self.limits()
        except ValueError as error:
            raise PydanticCustomError("item_limit", "{detail}", {"detail": str(error)}) from None
        for limit in (limits.respond, limits.resolve, limits.follow_up):
            if limit is not None and not 0 < limit.seconds <= LONGEST_LIMIT:
                raise PydanticCustomError("item_limit", "a limit lies between a moment and a year")
        return self

    def limits(self) -> Limits:
        """The limits as values, read once; ValueError names the part that cannot be read."""
        return _read(self)


@cache
def _read(promise: Promise) -> Limits:
    """A promise as values; the same wording is read once."""

    def read(words: str | None) -> Limit | None:
        return None if words is None else parse_limit(words, default_clock=promise.clock)

    def each(words: tuple[str, ...]) -> tuple[Limit, ...]:
        return tuple(parse_limit(word, default_clock=promise.clock) for word in words)

    def wall(words: tuple[str, ...]) -> tuple[Limit, ...]:
        return tuple(parse_limit(word, default_clock="wall") for word in words)

    return Limits(
        respond=read(promise.respond), resolve=read(promise.resolve), remind=each(promise.remind),
        escalate=each(promise.escalate), follow_up=read(promise.follow_up),
        back=None if promise.back is None else parse_limit(promise.back, default_clock="wall"),
        back_remind=wall(promise.back_remind), back_escalate=wall(promise.back_escalate),
    )  # fmt: skip


class Item(Shape):
    """A service item, whole.

    answers_by: the role that answers for the student's place in `tree`, or for the office when tree is "office".
    Lower ranks are offered first. A hidden item is opened by the bot itself, never offered. A sensitive one keeps every word sealed
    and is seen by nobody but its own role; an urgent one goes by the crisis lane, at its true limits even in the demo.
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
    abroad: Literal["", "send", "link"] = ""
    limits: Promise = Promise()
    fields: tuple[FormField, ...] = ()
    approval: tuple[Signature, ...] = ()

    @field_validator("fields")
    @classmethod
    def _distinct(cls, fields: tuple[FormField, ...]) -> tuple[FormField, ...]:
        if len({field.key for field in fields}) != len(fields):
            raise PydanticCustomError("item_field_twice", "two fields have the same key")
        return fields

    @model_validator(mode="after")
    def _has_office(self) -> Item:
        if self.tree == "office" and not self.office:
            raise PydanticCustomError("item_office", "an item answered by an office names it: office = …")
        if self.approval and self.limits.resolve is None:
            raise PydanticCustomError(
                "item_resolve", "an item that asks for signatures promises by when it is decided: limits.resolve"
            )
        if self.sensitive and self.abroad == "send":
            raise PydanticCustomError(
                "item_abroad", "an item whose every word is sealed is not sent abroad: leave abroad out, or sensitive"
            )
        asked = {field.key for field in self.fields}
        for signature in self.approval:
            # Code may derive answers that no field asks for, such as the days of a leave.
            if signature.when is not None and self.code is None and signature.when.field not in asked:
                raise PydanticCustomError(
                    "item_when_field", "a condition names a field of the form: there is no '{field}'",
                    {"field": signature.when.field},
                )  # fmt: skip
        return self

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
        """The item as JSON, for the table of versions."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    def version(self) -> str:
        """A name of this very wording: twelve hex digits of its hash."""
        return hashlib.sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()[:12]
