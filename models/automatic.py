"""What an item does by itself with a new ticket, by its answers: the tags that it gets, and to whom it goes."""

from __future__ import annotations

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from models.chain import When
from models.shape import Shape
from models.sorting import LONGEST_TAG


class Tagged(Shape):
    """A row `[[tag]]`: tickets whose answers meet the condition get this tag; all of the item's, where there is none."""

    name: str = Field(min_length=1, max_length=LONGEST_TAG, pattern=r"^[^\s,，、;；#＃]+$")
    when: When | None = None


class Routed(Shape):
    """A row `[[route]]`: tickets whose answers meet the condition go to another office, to another role, or to both.

    office: its code; the ticket stands there then. answers_by: the role that answers there, the item's own where it is "".
    optional: a school without that office is not told that it lacks it; the ticket goes to the item's own place.
    """

    when: When
    office: str = Field(default="", max_length=64)
    answers_by: str = Field(default="", max_length=32)
    optional: bool = False

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Routed:
        if not (self.office or self.answers_by):
            raise PydanticCustomError("item_route", "a row of route names an office, a role (answers_by), or both")
        return self
