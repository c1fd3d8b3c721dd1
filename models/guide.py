"""Guides (办事指南) as they are read from TOML: questions as people ask them, and the answer; of an item, or of none."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from models.shape import Said, Shape, Words

LONGEST: Final = 600  # characters of an answer in Chinese: what a phone shows without scrolling
MOST_QUESTIONS: Final = 30


class Answer(Words):
    """The answer of a guide, which may be longer than a sentence of a form."""

    zh: str = Field(min_length=1, max_length=LONGEST)
    en: str = Field(default="", max_length=2 * LONGEST)


def _answer(value: object) -> object:
    if not isinstance(value, str | dict | Words):
        raise PydanticCustomError("string_type", "a sentence, or one for each language")
    return {"zh": value} if isinstance(value, str) else value


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class Guide(Shape):
    """One answer and the questions that it answers.

    key: its name within its file. questions: as people put them, in Chinese and in English, of which each counts.
    source: the regulation or the page that says so; link: where to read on. since, until: the first and the last day on
    which it is true, both included, None where it always is. on_form: whether it may be shown before a form is filled in.
    """

    key: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")
    questions: Annotated[tuple[Annotated[str, Field(min_length=2, max_length=80)], ...], BeforeValidator(_listed)]
    answer: Annotated[Answer, BeforeValidator(_answer)]
    source: Said | None = None
    link: str = Field(default="", max_length=300)
    since: date | None = None
    until: date | None = None
    on_form: bool = True

    @field_validator("questions")
    @classmethod
    def _few(cls, questions: tuple[str, ...]) -> tuple[str, ...]:
        if not 1 <= len(questions) <= MOST_QUESTIONS:
            raise PydanticCustomError(
                "item_guide_questions", "a guide has 1 to {most} questions", {"most": MOST_QUESTIONS}
            )
        return questions

    @field_validator("link")
    @classmethod
    def _leads_somewhere(cls, link: str) -> str:
        if link and not link.startswith(("https://", "http://")):
            raise PydanticCustomError("item_guide_link", "a link begins with https://")
        return link

    @model_validator(mode="after")
    def _in_order(self) -> Guide:
        if self.since is not None and self.until is not None and self.until < self.since:
            raise PydanticCustomError("item_guide_days", "until lies before since")
        return self

    def holds(self, on: date) -> bool:
        """Whether it is true on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


class GuideFile(Shape):
    """A file of guides that belong to no item: what they are about, and the office that answers for them, "" for none."""

    title: Said
    office: str = Field(default="", max_length=64)
    guides: tuple[Guide, ...]

    @field_validator("guides")
    @classmethod
    def _distinct(cls, guides: tuple[Guide, ...]) -> tuple[Guide, ...]:
        return distinct(guides)


def distinct(guides: tuple[Guide, ...]) -> tuple[Guide, ...]:
    """The same guides; PydanticCustomError where two of one file have the same key."""
    if len({guide.key for guide in guides}) != len(guides):
        raise PydanticCustomError("item_guide_twice", "two guides have the same key")
    return guides
