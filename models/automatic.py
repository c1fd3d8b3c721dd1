"""What an item does by itself with a new ticket, by its answers: the tags that it gets."""

from __future__ import annotations

from pydantic import Field

from models.chain import When
from models.shape import Shape
from models.sorting import LONGEST_TAG


class Tagged(Shape):
    """A row `[[tag]]`: tickets whose answers meet the condition get this tag; all of the item's, where there is none."""

    name: str = Field(min_length=1, max_length=LONGEST_TAG, pattern=r"^[^\s,，、;；#＃]+$")
    when: When | None = None
