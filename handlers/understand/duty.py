"""Questions about who is on duty: that they are such, and which place they name."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

_DUTY: Final = re.compile(r"值班|值夜|值守|当班|当值|\bon duty\b|\bduty\b", re.IGNORECASE)


class Place(Enum):
    """Which of the speaker's places is meant: where one lives, where one studies, or the whole school."""

    residential = "residential"
    academic = "academic"
    school = "school"


_PLACES: Final = (
    (Place.school, re.compile(r"全校|校级|学校的?(?:谁|值|总|今|明|现)|(?:值班室|总值班)|\b(?:whole school|university)\b", re.IGNORECASE)),
    (Place.residential, re.compile(r"宿舍|寝室|公寓|社区|楼栋?(?!上|下)|\b(?:dorm\w*|hall|residen\w+|building)\b", re.IGNORECASE)),
    (Place.academic, re.compile(r"学院|院里|系里|我们[院系班]|班里|\b(?:college|faculty|department|class)\b", re.IGNORECASE)),
)  # fmt: skip


def asks_duty(words: str) -> bool:
    """Whether words are about being on duty."""
    return _DUTY.search(words) is not None


def place_of(words: str) -> Place | None:
    """The place that words about the duty name, None where they name none."""
    return next((place for place, pattern in _PLACES if pattern.search(words)), None)
