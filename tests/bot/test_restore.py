"""What a restore refuses, and that a refusal or a death on the way leaves everything as it was."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.restore import restore
from handlers.texts import text
from models.db import Database
from models.message import Refused
from models.meta import HeadFault
from models.seal import Seal
from tests.bot.archives import SEAL, forge, make, pack, parts, say, seen
from tests.house import ROOT
from tests.models.filling import INDEX, KEY, NOW, everything, fill


@pytest.fixture(scope="module")
def archive(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good archive with one file in it."""
    return make(tmp_path_factory.mktemp("archive"), sqlite_template)


# --- targets that are left alone --------------------------------------------------------------------------------------


def test_it_refuses_a_wrong_key_before_it_touches_anything(
    archive: Path, sqlite_url: str, empty_postgresql_url: str, tmp_path: Path
) -> None:
    fill(sqlite_url)
    before = seen(tmp_path)
    wrong = Seal(b"w" * 32, index=INDEX)
    assert say(archive, sqlite_url, tmp_path / "files", wrong, replace=True) == "backup.wrong_key"
    assert seen(tmp_path) == before
    assert say(archive, empty_postgresql_url, tmp_path / "files", wrong) == "backup.wrong_key"
    assert everything(empty_postgresql_url) == {}
    assert seen(tmp_path) == before


def test_it_refuses_a_wrong_index_key_before_it_touches_anything(
    archive: Path, sqlite_url: str, tmp_path: Path
) -> None:
    fill(sqlite_url)
    before = seen(tmp_path)
    wrong = Seal(KEY, index=b"j" * 32)
    assert say(archive, sqlite_url, tmp_path / "files", wrong, replace=True) == "backup.wrong_index"
    assert seen(tmp_path) == before


def test_it_lets_nobody_in_who_was_in_before(archive: Path, database_url: str, tmp_path: Path) -> None:
    out = io.StringIO()
    restored = restore(archive, database_url, tmp_path / "files", SEAL, NOW, out)
    after = everything(database_url)
    ways_in = ("signin", "code", "seat", "entrance", "token")
    assert [after[name] for name in ways_in] == [[], [], [], [], []]
    assert restored.entrances == sum(restored.counts[name] for name in ways_in) == 35
    assert text("zh", "backup.entrances", count=35) in out.getvalue()


def test_it_tells_of_audit_rows_that_are_gone(archive: Path, tmp_path: Path) -> None:
    found = parts(archive)
    rows = found["tables/audit.jsonl"].splitlines(keepends=True)
    found["tables/audit.jsonl"] = b"".join(rows[:-2])
    cut, out = pack(tmp_path / "cut.tar.gz", forge(found)), io.StringIO()
    restored = restore(cut, f"sqlite:///{tmp_path}/yizhan.db", tmp_path / "files", SEAL, NOW, out)
    assert restored.broken_link is None
    assert restored.head == HeadFault("cut", 5, 7)
    assert text("zh", "doctor.audit_cut", wanted=7, found=5) in out.getvalue()


def test_it_takes_an_archive_from_before_there_were_these_checks(archive: Path, tmp_path: Path) -> None:
    found = parts(archive)
    rows = found["tables/meta.jsonl"].splitlines(keepends=True)
    found["tables/meta.jsonl"] = b"".join(row for row in rows if b"key-check:" in row)
    old = pack(tmp_path / "old.tar.gz", forge(found))
    restored = restore(old, f"sqlite:///{tmp_path}/yizhan.db", tmp_path / "files", SEAL, NOW, io.StringIO())
    assert restored.head is None
    assert restored.counts["meta"] == 1


def test_it_accepts_an_old_key_as_a_previous_one(archive: Path, tmp_path: Path) -> None:
    seal = Seal(b"w" * 32, [KEY], index=INDEX)
    restored = restore(archive, f"sqlite:///{tmp_path}/yizhan.db", tmp_path / "files", seal, NOW, io.StringIO())
    assert restored.counts["ticket"] > 0
    assert [path.read_bytes() for path in (tmp_path / "files").rglob("*") if path.is_file()] == [b"a photo"]


def test_it_refuses_a_database_with_rows(archive: Path, sqlite_url: str, postgresql_url: str, tmp_path: Path) -> None:
    fill(sqlite_url, rows=3)
    fill(postgresql_url, rows=3)
    before = everything(sqlite_url), everything(postgresql_url)
    assert say(archive, sqlite_url, tmp_path / "files") == "backup.not_empty"
    assert say(archive, postgresql_url, tmp_path / "files", replace=True) == "backup.not_empty_postgresql"
    assert (everything(sqlite_url), everything(postgresql_url)) == before


def test_it_fills_a_database_that_was_only_migrated(archive: Path, database_url: str, tmp_path: Path) -> None:
    restored = restore(archive, database_url, tmp_path / "files", SEAL, NOW, io.StringIO())
    assert {name: len(rows) for name, rows in everything(database_url).items()} == restored.counts | {
        "meta": restored.counts["meta"] + 1, "signin": 0, "code": 0, "seat": 0, "entrance": 0, "token": 0,
    }  # fmt: skip


def test_it_keeps_the_former_file_aside(archive: Path, sqlite_url: str, tmp_path: Path) -> None:
    fill(sqlite_url, rows=3)
    before = everything(sqlite_url)
    for _ in range(2):
        restored = restore(archive, sqlite_url, tmp_path / "files", SEAL, NOW, io.StringIO(), replace=True)
        assert len(everything(sqlite_url)["ticket"]) == 7
        assert restored.aside is not None
        assert restored.aside.name.startswith("yizhan.db.before-20261014T013000Z")
    assert everything(f"sqlite:///{tmp_path}/yizhan.db.before-20261014T013000Z") == before
    assert (tmp_path / "yizhan.db").stat().st_mode & 0o777 == 0o600


def test_it_refuses_while_the_server_runs(archive: Path, sqlite_url: str, tmp_path: Path) -> None:
    fill(sqlite_url, rows=3)
    before = everything(sqlite_url)
    server = Database(sqlite_url, SEAL)
    server.read(lambda session: session.connection().exec_driver_sql("select count(*) from meta").scalar())
    assert say(archive, sqlite_url, tmp_path / "files", replace=True) == "backup.in_use"
    server.close()
    assert everything(sqlite_url) == before


def test_it_replaces_a_damaged_file_without_its_log(archive: Path, tmp_path: Path) -> None:
    broken = tmp_path / "yizhan.db"
    broken.write_bytes(b"no database " * 1_000)
    (tmp_path / "yizhan.db-wal").write_bytes(b"a log of the former file")
    url = f"sqlite:///{broken}"
    assert say(archive, url, tmp_path / "files") == "backup.not_empty"
    restored = restore(archive, url, tmp_path / "files", SEAL, NOW, io.StringIO(), replace=True)
    assert restored.aside is not None
    assert restored.aside.read_bytes().startswith(b"no database")
    assert len(everything(url)["ticket"]) == 7


# --- deaths on the way ------------------------------------------------------------------------------------------------


class Dying(io.StringIO):
    """Output that raises when a word passes through it."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self._word = word

    def write(self, words: str) -> int:
        if self._word in words:
            raise KeyboardInterrupt
        return super().write(words)


@pytest.mark.parametrize("word", ["person", "sealed_answer"])
def test_it_leaves_the_former_state_when_it_is_interrupted(
    archive: Path, sqlite_url: str, empty_postgresql_url: str, tmp_path: Path, word: str
) -> None:
    fill(sqlite_url, rows=3)
    before = everything(sqlite_url)
    for url in (sqlite_url, empty_postgresql_url):
        with pytest.raises(KeyboardInterrupt):
            restore(archive, url, tmp_path / "files", SEAL, NOW, Dying(word), replace=True)
    assert everything(sqlite_url) == before
    assert everything(empty_postgresql_url) == {}
    assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


def test_it_takes_files_back_when_the_end_fails(archive: Path, sqlite_url: str, tmp_path: Path) -> None:
    fill(sqlite_url, rows=3)
    name = next(name for name in parts(archive) if name.startswith("files/"))
    there = tmp_path / name
    there.parent.mkdir(parents=True)
    there.write_bytes(b"another photo")
    assert say(archive, f"sqlite:///{tmp_path}/new.db", tmp_path / "files") == "backup.file_differs"
    assert there.read_bytes() == b"another photo"
    assert not (tmp_path / "new.db").exists()
    before = everything(sqlite_url)
    # Somebody starts the bot in the middle: the new file may not take its place any more.
    servers: list[Database] = []

    class Starting(io.StringIO):
        def write(self, words: str) -> int:
            if "sealed_answer" in words:
                servers.append(Database(sqlite_url, SEAL))
                servers[0].read(
                    lambda session: session.connection().exec_driver_sql("select count(*) from meta").scalar()
                )
            return super().write(words)

    with pytest.raises(Refused, match="in_use"):
        restore(archive, sqlite_url, tmp_path / "files", SEAL, NOW, Starting(), replace=True)
    servers[0].close()
    assert there.read_bytes() == b"another photo"
    assert everything(sqlite_url) == before
    restore(archive, sqlite_url, tmp_path / "files", SEAL, NOW, io.StringIO(), replace=True)
    assert there.read_bytes() == b"a photo"


SCRIPT = """
import os, signal, sys
from pathlib import Path
from bot.restore import restore
from models.seal import Seal
from tests.models.filling import INDEX, KEY, NOW

class Killed:
    def write(self, words):
        if "sealed_answer" in words:
            os.kill(os.getpid(), signal.SIGKILL)

restore(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), Seal(KEY, index=INDEX), NOW, Killed(), replace=True)
"""


def test_it_survives_a_kill(archive: Path, sqlite_url: str, tmp_path: Path) -> None:
    fill(sqlite_url, rows=3)
    before = everything(sqlite_url)
    arguments = [sys.executable, "-c", SCRIPT, str(archive), sqlite_url, str(tmp_path / "files")]
    done = subprocess.run(arguments, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert everything(sqlite_url) == before
    restored = restore(archive, sqlite_url, tmp_path / "files", SEAL, NOW, io.StringIO(), replace=True)
    assert len(everything(sqlite_url)["ticket"]) == restored.counts["ticket"] == 7
    assert not list(tmp_path.glob(".*"))
