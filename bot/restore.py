"""python -m bot restore: puts an archive back, whole or not at all, and holds what was perhaps sent since."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final, TextIO

from bot.archive import MOST_NAMED, OFTEN, Manifest, Member, Verified, members, verify
from handlers.directory import PULL
from handlers.texts import text
from models.fresh import knows, replacing
from models.keys import index_fits, opened_by
from models.message import Refused
from models.meta import HeadFault, head_fault
from models.seal import Seal
from models.snapshot import Load, settle
from models.tidying import forget_entrances

_PIECE: Final = 1_048_576


@dataclass(frozen=True)
class Restored:
    """What came back: rows by table; messages that are held; where the former SQLite file went; files that were
    missing when the backup was made; the first broken link of the audit log, None when its chain holds; what is wrong
    with its end; sign-ins and one-time codes that were left out."""

    counts: dict[str, int]
    held: int
    aside: Path | None
    missing: tuple[str, ...]
    broken_link: int | None
    head: HeadFault | None
    entrances: int


def restore(
    archive: Path,
    url: str,
    store_folder: Path,
    seal: Seal,
    now: datetime,
    out: TextIO,
    replace: bool = False,
    lang: str = "zh",
) -> Restored:
    """Put an archive into an empty database, or (SQLite, with replace) into the place of the present one.

    The server must not run. The whole archive and the keys are proved before anything is touched; any failure leaves
    the former state. Files that are there already and alike are kept. Raises Refused with the reason, and Away.
    """
    try:
        file = archive.open("rb")
    except OSError as error:
        raise Refused("backup.unreadable", file=archive, reason=error.strerror or "") from error
    with file:
        try:
            restored = _restore(file, url, store_folder, seal, now, out, replace=replace, lang=lang)
        except OSError as error:
            place = error.filename or store_folder
            raise Refused("backup.unwritable", file=place, reason=error.strerror or type(error).__name__) from error
    _tell(restored, out, lang)
    return restored


def _restore(
    file: IO[bytes],
    url: str,
    store_folder: Path,
    seal: Seal,
    now: datetime,
    out: TextIO,
    *,
    replace: bool,
    lang: str,
) -> Restored:
    out.write(text(lang, "backup.verifying", file=file.name) + "\n")
    verified = _proved(file, seal)
    manifest = verified.manifest
    out.write(text(lang, "backup.verified", at=manifest.created_at, rows=sum(manifest.counts.values())) + "\n")
    with _staged(store_folder) as stage, replacing(url, manifest.revision, now, replace=replace) as fresh:
        load = Load(fresh.connection, manifest.counts)
        _unpack(file, manifest, load, stage, out, lang)
        counts = load.counts()
        for table, rows in manifest.counts.items():
            if counts[table] != rows:
                raise Refused("backup.count", table=table, wanted=rows, found=counts[table])
        fresh.climb()
        settled = settle(fresh.connection, frozenset({PULL}), now)
        entrances = forget_entrances(fresh.connection)
        # An archive from before there was a check of the index key has no head either.
        fault = head_fault(fresh.connection, seal) if verified.index is not None else None
        stage.move(replace=replace)
    return Restored(counts, settled.held, fresh.aside, tuple(manifest.missing), settled.broken, fault, entrances)


def _proved(file: IO[bytes], seal: Seal) -> Verified:
    """An archive that is whole, that this program understands and that these keys open."""
    verified = verify(file)
    if not knows(verified.manifest.revision):
        raise Refused("backup.unknown_revision", revision=verified.manifest.revision)
    opened = opened_by(seal, verified.checks)
    # A key that sealed nothing any more may be gone; the checks must still show that one of ours is right.
    if not set(verified.manifest.sealed) <= opened or (verified.checks and not opened):
        raise Refused("backup.wrong_key")
    if not index_fits(seal, verified.index):
        raise Refused("backup.wrong_index")
    return verified


def _unpack(file: IO[bytes], manifest: Manifest, load: Load, stage: _Stage, out: TextIO, lang: str) -> None:
    """Fill the tables and the stage; the members come in the order in which the tables refer to each other."""
    for member in members(file):
        kind, _, name = member.name.partition("/")
        if kind == "tables":
            table = name.removesuffix(".jsonl")
            told = 0
            for rows in load.fill(table, member.lines()):
                if rows - told >= OFTEN:
                    told = rows
                    out.write(text(lang, "backup.rows_so_far", table=table, rows=rows) + "\n")
            if manifest.counts[table]:
                out.write(text(lang, "backup.table_done", table=table, rows=manifest.counts[table]) + "\n")
        elif kind == "files":
            stage.keep(name, member)
        # The archive was proved before; it could have changed under us since.
        if member.drain() != manifest.digests.get(member.name) and kind in {"tables", "files"}:
            raise Refused("backup.changed", member=member.name)


class _Stage:
    """Files on their way into the store: first beside it, then moved, and taken back when the rest fails."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._folder = store / f".restoring-{secrets.token_hex(4)}"
        self._moved: list[tuple[Path, Path | None]] = []

    def keep(self, name: str, member: Member) -> None:
        """Write one file beside the store."""
        path = self._folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            while data := member.read(_PIECE):
                file.write(data)
            file.flush()
            os.fsync(descriptor)

    def move(self, *, replace: bool) -> None:
        """Move every file to its place; one that is there and differs gives way only with replace."""
        for path in sorted(path for path in self._folder.rglob("*") if path.is_file()):
            place = self._store / path.relative_to(self._folder)
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            former = None
            if place.exists():
                if _digest(place) == _digest(path):
                    continue
                if not replace:
                    raise Refused("backup.file_differs", file=place)
                former = self._folder / f"former-{len(self._moved)}"
                place.rename(former)
            self._moved.append((place, former))
            path.rename(place)

    def undo(self) -> None:
        """Bring the store back to what it was."""
        for place, former in reversed(self._moved):
            place.unlink(missing_ok=True)
            if former is not None:
                former.rename(place)

    def clear(self) -> None:
        """Take the folder beside the store away."""
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def _staged(store: Path) -> Iterator[_Stage]:
    stage = _Stage(store)
    try:
        yield stage
    except BaseException:
        stage.undo()
        raise
    finally:
        stage.clear()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tell(restored: Restored, out: TextIO, lang: str) -> None:
    out.write(text(lang, "backup.restored", rows=sum(restored.counts.values())) + "\n")
    out.writelines(text(lang, "backup.file_missing", file=name) + "\n" for name in restored.missing[:MOST_NAMED])
    if len(restored.missing) > MOST_NAMED:
        out.write(text(lang, "backup.more_files", files=len(restored.missing) - MOST_NAMED) + "\n")
    if restored.broken_link is not None:
        out.write(text(lang, "backup.audit_broken", row=restored.broken_link) + "\n")
    elif restored.head is not None:
        head = restored.head
        out.write(text(lang, f"doctor.audit_{head.kind}", found=head.found, wanted=head.wanted) + "\n")
    else:
        out.write(text(lang, "backup.audit_whole") + "\n")
    out.write(text(lang, "backup.entrances", count=restored.entrances) + "\n")
    out.write(text(lang, "backup.held", messages=restored.held) + "\n")
    if restored.aside is not None:
        out.write(text(lang, "backup.aside", file=restored.aside) + "\n")
