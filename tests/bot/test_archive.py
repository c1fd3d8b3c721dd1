"""Archives that are refused: cut, flipped, altered, forged, of a newer format, or with what does not belong there."""

from __future__ import annotations

import gzip
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bot.archives import Parts, forge, make, pack, parts, say, seen


@pytest.fixture(scope="module")
def archive(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good archive with one file in it."""
    return make(tmp_path_factory.mktemp("archive"), sqlite_template)


def _special(name: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname = kind, 1 if kind == tarfile.REGTYPE else 0, "/etc/passwd"
    return info


STRANGE = [
    _special("../evil"),
    _special("/evil"),
    _special("files/../../evil"),
    _special("files/aa/.hidden"),
    _special("tables/../x.jsonl"),
    _special("tables/meta.jsonl", tarfile.SYMTYPE),
    _special("files/aa/hard", tarfile.LNKTYPE),
    _special("files/aa", tarfile.DIRTYPE),
    _special("files/aa/pipe", tarfile.FIFOTYPE),
    _special("tables/meta.jsonl"),  # a second one
    _special("readme.txt"),
]


@pytest.mark.parametrize("info", STRANGE, ids=lambda info: f"{info.name}-{info.type.decode()}")
def test_it_refuses_members_that_do_not_belong(archive: Path, tmp_path: Path, info: tarfile.TarInfo) -> None:
    bad = pack(tmp_path / "bad.tar.gz", parts(archive), info)
    target = tmp_path / "target"
    assert say(bad, f"sqlite:///{target}/yizhan.db", target / "files") == "backup.strange_member"
    assert not target.exists()


def _without(name: str) -> Callable[[Parts], Parts]:
    return lambda found: {n: data for n, data in found.items() if n != name}


def _manifest(**changes: object) -> Callable[[Parts], Parts]:
    return lambda found: found | {"manifest.json": json.dumps(json.loads(found["manifest.json"]) | changes).encode()}


ALTERED: list[tuple[str, Callable[[Parts], Parts]]] = [
    ("backup.member_missing", _without("tables/person.jsonl")),
    ("backup.member_missing", _without("manifest.json")),
    (
        "backup.changed",
        lambda found: found | {"tables/person.jsonl": found["tables/person.jsonl"].replace(b"staff", b"STAFF")},
    ),
    ("backup.strange_member", lambda found: {"files/aa/more": b"x"} | found),
    ("backup.newer", _manifest(format=2, more=1)),
    ("backup.broken", _manifest(format="1")),
    ("backup.broken", lambda found: found | {"manifest.json": b"[" * 100_000}),
    ("backup.unknown_revision", _manifest(revision="ffff")),
    ("backup.count", _manifest(counts={})),
    ("backup.wrong_key", lambda found: forge(found | {"tables/meta.jsonl": b""})),
    ("backup.tables_differ", lambda found: forge(_without("tables/fired.jsonl")(found))),
    ("backup.strange_row", lambda found: forge(found | {"tables/fired.jsonl": b"{}\n"})),
    ("backup.dangling", lambda found: forge(found | {"tables/grid.jsonl": b""})),
    ("backup.rejected", lambda found: forge(found | {"tables/fired.jsonl": found["tables/fired.jsonl"] * 2})),
]


@pytest.mark.parametrize(("key", "alter"), ALTERED)
def test_it_refuses_altered_archives(archive: Path, tmp_path: Path, key: str, alter: Callable[[Parts], Parts]) -> None:
    bad = pack(tmp_path / "bad.tar.gz", alter(parts(archive)))
    target = tmp_path / "target"
    assert say(bad, f"sqlite:///{target}/yizhan.db", target / "files") == key
    assert seen(tmp_path).keys() == {"bad.tar.gz"}


def test_it_refuses_archives_cut_anywhere(archive: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    bad = tmp_path / "bad.tar.gz"
    for length in [*range(0, len(whole), len(whole) // 40), len(whole) - 1, len(whole) - 8]:
        bad.write_bytes(whole[:length])
        assert say(bad, f"sqlite:///{tmp_path}/yizhan.db", tmp_path / "files") in {
            "backup.broken",
            "backup.member_missing",
        }
    assert seen(tmp_path).keys() == {"bad.tar.gz"}


def test_it_refuses_archives_with_a_flipped_byte(archive: Path, tmp_path: Path) -> None:
    whole = bytearray(archive.read_bytes())
    bad = tmp_path / "bad.tar.gz"
    # The first ten bytes are the packer's head: its time and system say nothing about what is inside.
    for place in [*range(10, len(whole), len(whole) // 60), len(whole) - 6, len(whole) - 1]:
        bad.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        assert say(bad, f"sqlite:///{tmp_path}/yizhan.db", tmp_path / "files").startswith("backup.")
    assert seen(tmp_path).keys() == {"bad.tar.gz"}


# Named, since packed bytes hold the second in which they were packed, and every worker must know a case by the same name.
@pytest.mark.parametrize(
    "data",
    [b"", b"hello", gzip.compress(b"hello"), gzip.compress(b"\0" * 10_240)],
    ids=["nothing", "words", "packed words", "an empty tar"],
)
def test_it_refuses_what_is_no_archive(tmp_path: Path, data: bytes) -> None:
    bad = tmp_path / "bad.tar.gz"
    bad.write_bytes(data)
    assert say(bad, f"sqlite:///{tmp_path}/yizhan.db", tmp_path / "files") in {"backup.broken", "backup.member_missing"}
    assert say(tmp_path / "none", f"sqlite:///{tmp_path}/yizhan.db", tmp_path / "files") == "backup.unreadable"
