"""Backups that meet trouble: files that are gone, a damaged database, a target that is there already."""

from __future__ import annotations

import io
from pathlib import Path
from typing import IO

import pytest
import sqlalchemy as sa

from bot import archive
from bot.backup import _write_files, backup
from models.db import Away
from models.message import Refused
from tests.bot.backing_up import Pacing, keep, put_back, stored
from tests.models.filling import NOW, fill


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store's folder that is not there yet."""
    return tmp_path / "var" / "files"


def test_it_names_files_that_are_missing(sqlite_url: str, tmp_path: Path, store: Path) -> None:
    fill(sqlite_url)
    files = keep(store, sqlite_url, but=2)
    (store / ".half").write_bytes(b"not whole")
    (store / "link").symlink_to(tmp_path)
    out = io.StringIO()
    archive = backup(sqlite_url, store, tmp_path / "b.tar.gz", NOW, out, lang="en")
    assert out.getvalue().count("does not have it") == 2
    target = tmp_path / "other"
    restored = put_back(archive, f"sqlite:///{target}/yizhan.db", target / "files")
    assert len(restored.missing) == 2
    assert stored(target / "files") == files


def test_it_goes_on_when_a_file_vanishes(tmp_path: Path, store: Path) -> None:
    files = [store / "aa" / f"{letter * 20}aa" for letter in "xyz"]
    files[0].parent.mkdir(parents=True)
    for path in files:
        path.write_bytes(b"x")

    class Taking(archive.Writer):
        """Takes a file away after the folder was listed, while the one before it is written."""

        def add(self, name: str, source: IO[bytes], size: int) -> None:
            super().add(name, source, size)
            files[1].unlink(missing_ok=True)

    with (tmp_path / "b").open("wb") as file:
        writer = Taking(file, 0)
        gone = _write_files(writer, store, io.StringIO(), "en")
        writer.close()
    assert gone == [f"aa/{files[1].name}"]
    assert list(writer.digests) == [f"files/aa/{files[0].name}", f"files/aa/{files[2].name}"]


def test_it_overwrites_nothing(sqlite_url: str, tmp_path: Path, store: Path) -> None:
    target = tmp_path / "b.tar.gz"
    target.write_bytes(b"precious")
    with pytest.raises(Refused) as refused:
        backup(sqlite_url, store, target, NOW, io.StringIO())
    assert refused.value.key == "backup.exists"
    assert target.read_bytes() == b"precious"
    with pytest.raises(Refused) as refused:
        backup(sqlite_url, store, tmp_path / "none" / "b.tar.gz", NOW, io.StringIO())
    assert refused.value.key == "backup.no_folder"


def test_it_says_when_the_database_is_damaged_or_away(tmp_path: Path, store: Path) -> None:
    (tmp_path / "yizhan.db").write_bytes(b"no database " * 1_000)
    with pytest.raises(Refused) as refused:
        backup(f"sqlite:///{tmp_path}/yizhan.db", store, tmp_path / "b.tar.gz", NOW, io.StringIO())
    assert refused.value.key == "backup.damaged"
    with pytest.raises(Away):
        backup("postgresql://127.0.0.1:9/none", store, tmp_path / "b.tar.gz", NOW, io.StringIO())
    assert [path.name for path in tmp_path.iterdir()] == ["yizhan.db"]


def test_it_says_when_a_page_of_the_database_is_damaged(sqlite_url: str, tmp_path: Path, store: Path) -> None:
    fill(sqlite_url, rows=300)
    file = tmp_path / "yizhan.db"
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2] + b"\xff" * (len(data) // 4) + data[len(data) * 3 // 4 :])
    with pytest.raises(Refused) as refused:
        backup(sqlite_url, store, tmp_path / "b.tar.gz", NOW, io.StringIO())
    assert refused.value.key == "backup.damaged"
    assert not (tmp_path / "b.tar.gz").exists()


def test_it_says_that_text_which_is_none_is_damage_and_quotes_none_of_it(
    sqlite_url: str, tmp_path: Path, store: Path
) -> None:
    fill(sqlite_url)
    engine = sa.create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE grid SET name = CAST(x'ff53ff' AS TEXT)"))  # 53 is S.
    engine.dispose()
    with pytest.raises(Refused) as refused:
        backup(sqlite_url, store, tmp_path / "b.tar.gz", NOW, io.StringIO())
    assert refused.value.key == "backup.damaged"
    assert refused.value.values == {"reason": "Could not decode to UTF-8 column 'name'"}


def test_it_leaves_nothing_half_done(sqlite_url: str, tmp_path: Path, store: Path) -> None:
    fill(sqlite_url)
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(KeyboardInterrupt):
        backup(sqlite_url, store, folder, NOW, Pacing(_interrupt))
    assert list(folder.iterdir()) == []
    assert backup(sqlite_url, store, folder, NOW, io.StringIO()).name == "yizhan-20261014T013000Z.tar.gz"


def _interrupt() -> None:
    raise KeyboardInterrupt
