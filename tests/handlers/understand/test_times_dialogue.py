"""Times in whole messages, as students write them to the bot: what is told beside a leave is no part of it."""

from __future__ import annotations

from typing import Final

import pytest

from handlers.understand import read_time
from tests.handlers.understand.times_notation import SAID_AT, fits, read_table, write

DIALOGUE: Final = [
    row
    for name in ("dialogue", "dialogue_more", "dialogue_last", "dialogue_late")
    for row in read_table(f"times_{name}.toml")
]


@pytest.mark.parametrize(("words", "expected"), DIALOGUE, ids=[str(number) for number in range(len(DIALOGUE))])
def test_it_reads_times_of_messages(words: str, expected: str) -> None:
    span = read_time(words, SAID_AT)

    assert fits(expected, span), f"{words}: expected {expected}, read {write(span)}"
