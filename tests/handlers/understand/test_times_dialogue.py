"""Times in whole messages, as students write them to the bot: what is told beside a leave is no part of it."""

from __future__ import annotations

import pytest

from tests.handlers.understand.times_notation import misread, read_table


@pytest.mark.parametrize("table", ["dialogue", "dialogue_more", "dialogue_last", "dialogue_late"])
def test_it_reads_times_of_messages(table: str) -> None:
    assert misread(read_table(f"times_{table}.toml")) == []
