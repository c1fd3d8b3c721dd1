"""What is told beside a leave never changes its time unasked: every reason with every leave, in both orders."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

from handlers.understand import read_time
from tests.handlers.understand.times_notation import SAID_AT, write

with (Path(__file__).parent / "times_beside.toml").open("rb") as _file:
    TABLE: Final[dict[str, Any]] = tomllib.load(_file)
JOINTS: Final = {"zh": ("，", " "), "en": (", ", ". ", " because ")}
BESIDE: Final = [(language, reason) for language, rows in TABLE.items() for reason in rows["reasons"]]


@pytest.mark.parametrize(("language", "reason"), BESIDE, ids=[str(number) for number in range(len(BESIDE))])
def test_it_reads_a_leave_beside_its_reason_or_asks(language: str, reason: str) -> None:
    wrong = []
    for leave, expected in TABLE[language]["leaves"].items():
        for joint in JOINTS[language]:
            for words in (f"{reason}{joint}{leave}", f"{leave}{joint}{reason}"):
                span = read_time(words, SAID_AT)
                if span.ask is None and write(span) != expected:
                    wrong.append(f"{words}: {write(span)}")

    assert not wrong
