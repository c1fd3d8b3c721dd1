"""The pictures of the README are of the program as it is: the walk that takes them goes through."""

from __future__ import annotations

from pathlib import Path

from tests import pictures
from tests.conftest import Chromium
from tests.equipment import SOAK

NAMES = ("inbox", "ticket", "approvals", "inbox-phone", "chat", "me")


def test_it_takes_the_pictures_of_the_readme(chromium: Chromium, tmp_path: Path) -> None:
    only = NAMES if SOAK else NAMES[:2]
    taken = pictures.take(tmp_path, only)
    assert [picture.stem for picture in taken] == list(only)
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in taken)


def test_it_shows_pictures_that_are_there_and_small() -> None:
    readmes = [Path("README.md").read_text("utf-8"), Path("docs/README.zh.md").read_text("utf-8")]
    for name in NAMES:
        assert (pictures.FOLDER / f"{name}.png").stat().st_size <= pictures.MOST_BYTES
    assert all(f"pictures/{name}.png" in readme for readme in readmes for name in NAMES[:3])
