"""The command recompute: every open matter anew, as an operator runs it."""

from __future__ import annotations

from pathlib import Path

from handlers.texts import text
from tests.bot.operating import right
from tests.bot.test_main import school


def test_it_reckons_open_matters_anew(tmp_path: Path) -> None:
    config = school(tmp_path)
    said = right("recompute", "--config", config, cwd=tmp_path)
    assert said.strip() == text("zh", "run.recomputed", count=0)
