"""What every part of a service item's file is made of: a frozen shape, and a sentence in the product's languages."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError


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
