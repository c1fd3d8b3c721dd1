"""Every conversation of tests/talks, on buttons and on plain words, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import talk_files
from tests.talking import Wrong

TALKS = sorted(path for path in talk_files.FOLDER.glob("*.txt") if path.stem != "README")


@pytest.mark.parametrize("renderer", ["rich", "poor"])
@pytest.mark.parametrize("path", TALKS, ids=lambda path: path.stem)
def test_it_goes_as_the_file_says(path: Path, renderer: str, database_url: str) -> None:
    assert talk_files.play(path, database_url, poor=renderer == "poor") > 3


def test_it_reads_at_least_twenty_conversations() -> None:
    assert len(TALKS) >= 20


def test_it_says_which_line_went_another_way(tmp_path: Path, sqlite_url: str) -> None:
    path = tmp_path / "wrong.txt"
    path.write_text("李雷: 菜单\n→ 请假\n→ 没有这一句\n", encoding="utf-8")
    with pytest.raises(Wrong, match=r"wrong\.txt:3"):
        talk_files.play(path, sqlite_url, poor=False)


def test_it_refuses_a_line_of_no_known_form(tmp_path: Path, sqlite_url: str) -> None:
    path = tmp_path / "strange.txt"
    path.write_text("no colon here\n", encoding="utf-8")
    with pytest.raises(Wrong, match="README"):
        talk_files.play(path, sqlite_url, poor=False)
