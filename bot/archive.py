"""The backup's one file: a .tar.gz with tables, files and a manifest that proves each of them; written and verified."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import tarfile
import zlib
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from models.keys import CHECK, INDEX_CHECK
from models.message import Refused

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
MOST_LINE: Final = 64 * 1_048_576  # bytes of one row
MOST_MANIFEST: Final = 256 * 1_048_576  # about 120 bytes a file: two million of them
OFTEN: Final = 100_000  # rows between two lines of progress, about every two seconds
MOST_NAMED: Final = 20  # files that are told by name; the manifest names all that are missing
_PIECE: Final = 65_536
_PART: Final = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}"  # no leading dot, so nothing climbs out of its folder
FILE: Final = re.compile(rf"files(?:/{_PART}){{1,4}}")
_TABLE: Final = re.compile(r"tables/[a-z][a-z0-9_]{0,62}\.jsonl")


class Manifest(BaseModel):
    """What an archive holds; the last member, because only then everything is known.

    counts: rows of each table. digests: SHA-256 of every other member, by name. sealed: how many values each key
    seals, by the key's id in hex. missing: files that rows name and the store did not have.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    format: int
    revision: str
    dialect: str
    created_at: str
    counts: dict[str, int]
    digests: dict[str, str]
    sealed: dict[str, int]
    missing: list[str]


@dataclass(frozen=True)
class Verified:
    """A whole archive's manifest, the check values of the keys that its rows were sealed with, and that of the index
    key; None in an archive from before there was one."""

    manifest: Manifest
    checks: dict[str, bytes]
    index: bytes | None


def table_member(name: str) -> str:
    """The member that holds a table."""
    return f"tables/{name}.jsonl"


# --- writing ----------------------------------------------------------------------------------------------------------


class _Digesting:
    """A file that is read once, and the digest of what was read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self._sum.update(data)
        return data

    def digest(self) -> str:
        return self._sum.hexdigest()


class Writer:
    """Writes members one after the other in bounded memory; only the digests are kept."""

    def __init__(self, file: IO[bytes], at: int) -> None:
        """at: seconds since 1970, shown as the time of every member."""
        self._at = at
        self._packed = gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=6, mtime=at)
        self._tar = tarfile.open(fileobj=self._packed, mode="w")  # noqa: SIM115 (closed by `close`)
        self.digests: dict[str, str] = {}

    def add(self, name: str, source: IO[bytes], size: int) -> None:
        """Add `size` bytes of a source under a name."""
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, self._at
        read = _Digesting(source)
        self._tar.addfile(info, read)
        self._tar.members.clear()  # type: ignore[attr-defined]  # Else every member stays in memory.
        self.digests[name] = read.digest()

    def close(self) -> None:
        """End the archive; the file itself stays open."""
        self._tar.close()
        self._packed.close()


# --- reading ----------------------------------------------------------------------------------------------------------


@contextmanager
def _whole() -> Iterator[None]:
    """Turn every way in which a damaged archive fails to be read into one sentence."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile, tarfile.TarError) as error:
        raise Refused("backup.broken") from error


@dataclass
class Member:
    """One member while it is read; its digest is known when it was drained."""

    name: str
    size: int
    _source: IO[bytes]
    _sum: hashlib._Hash = field(default_factory=hashlib.sha256)

    def read(self, size: int) -> bytes:
        """The next bytes, b"" at the end."""
        with _whole():
            data = self._source.read(size)
        self._sum.update(data)
        return data

    def lines(self) -> Iterator[bytes]:
        """The member's lines; raises Refused at one that is too long."""
        while True:
            with _whole():
                line = self._source.readline(MOST_LINE)
            if not line:
                return
            if len(line) == MOST_LINE:
                raise Refused("backup.broken")
            self._sum.update(line)
            yield line

    def drain(self) -> str:
        """Read what is left; returns the SHA-256 of the whole member in hex."""
        while self.read(_PIECE):
            pass
        return self._sum.hexdigest()


def members(file: IO[bytes]) -> Iterator[Member]:
    """Every member of an archive, from the beginning to the checksum at its end; raises Refused at a strange one."""
    file.seek(0)
    seen: set[str] = set()
    with _whole(), gzip.GzipFile(fileobj=file, mode="rb") as unpacked, tarfile.open(fileobj=unpacked, mode="r|") as tar:
        while (info := _next(tar)) is not None:
            tar.members.clear()  # type: ignore[attr-defined]
            known = info.name == MANIFEST or FILE.fullmatch(info.name) or _TABLE.fullmatch(info.name)
            source = tar.extractfile(info) if known and info.isreg() and info.name not in seen else None
            if source is None:
                raise Refused("backup.strange_member", member=ascii(info.name[:200]))
            seen.add(info.name)
            member = Member(info.name, info.size, source)
            yield member
            member.drain()
        while unpacked.read(_PIECE):  # The checksum stands behind the last member.
            pass


def _next(tar: tarfile.TarFile) -> tarfile.TarInfo | None:
    try:
        return tar.next()
    except ValueError as error:
        raise Refused("backup.broken") from error


def verify(file: IO[bytes]) -> Verified:
    """Read a whole archive and prove that it is what was written: every digest, every count, nothing more or less.

    Raises Refused with the reason; nothing is unpacked anywhere.
    """
    digests: dict[str, str] = {}
    counts: dict[str, int] = {}
    checks: list[bytes] = []
    body = b""
    for member in members(file):
        if member.name == MANIFEST:
            if member.size > MOST_MANIFEST:
                raise Refused("backup.broken")
            body = member.read(member.size)
            continue
        if member.name.startswith("tables/"):
            table = member.name.removeprefix("tables/").removesuffix(".jsonl")
            counts[table] = 0
            for line in member.lines():
                counts[table] += 1
                if (
                    table == "meta"
                    and len(checks) < 1_000
                    and any(name.encode() in line for name in (CHECK, INDEX_CHECK))
                ):
                    checks.append(line)
        digests[member.name] = member.drain()
    manifest = _manifest(body)
    _compare(manifest, digests, counts)
    found = _checks(checks)
    return Verified(
        manifest, {n.removeprefix(CHECK): v for n, v in found.items() if n.startswith(CHECK)}, found.get(INDEX_CHECK)
    )


def _compare(manifest: Manifest, digests: dict[str, str], counts: dict[str, int]) -> None:
    """Raise Refused at the first difference between what the manifest says and what was found."""
    for name in sorted(manifest.digests.keys() - digests.keys()):
        raise Refused("backup.member_missing", member=name)
    for name, digest in digests.items():
        if name not in manifest.digests:
            raise Refused("backup.strange_member", member=ascii(name))
        if manifest.digests[name] != digest:
            raise Refused("backup.changed", member=name)
    for table in sorted(manifest.counts.keys() | counts.keys()):
        wanted, found = manifest.counts.get(table, 0), counts.get(table, 0)
        if wanted != found or table not in manifest.counts:
            raise Refused("backup.count", table=table, wanted=wanted, found=found)


def _manifest(body: bytes) -> Manifest:
    if not body:
        raise Refused("backup.member_missing", member=MANIFEST)
    try:
        found = json.loads(body)
        number = found.get("format") if isinstance(found, dict) else None
        if isinstance(number, int) and number > FORMAT:
            raise Refused("backup.newer", found=number, known=FORMAT)
        return Manifest.model_validate_json(body)
    except (ValidationError, ValueError, RecursionError):
        raise Refused("backup.broken") from None


def _checks(lines: list[bytes]) -> dict[str, bytes]:
    """The check values among rows of meta, by the rows' names."""
    try:
        rows = [json.loads(line) for line in lines]
        return {row["name"]: b64decode(row["value"], validate=True) for row in rows}
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Refused("backup.broken") from None
