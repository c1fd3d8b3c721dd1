"""python -m bot backup: saves the database and the students' files into one archive while the server runs."""

from __future__ import annotations

import io
import os
import secrets
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TextIO

from bot.archive import FILE, FORMAT, MANIFEST, MOST_NAMED, OFTEN, Manifest, Writer, table_member
from bot.restore import restore
from handlers.texts import text
from models.message import Refused
from models.snapshot import Snapshot, take

__all__ = ["backup", "restore"]
OFTEN_FILES: Final = 5_000
_IN_MEMORY: Final = 4 * 1_048_576  # bytes of a table that need no file on the way


def backup(url: str, store_folder: Path, target: Path, now: datetime, out: TextIO, lang: str = "zh") -> Path:
    """Save everything into a new archive and return its path; sealed values are copied as they are, without keys.

    target: the archive, or a folder that gets one named by the instant. It appears under its name when it is whole
    and on the disk, readable to this user alone; a failing backup leaves nothing. Raises Refused (the target exists,
    cannot be written; no database) and Away.
    """
    if target.is_dir():
        target /= f"yizhan-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.tar.gz"
    # The link at the end is what really keeps a file from being overwritten; this saves the work before.
    if target.exists():
        raise Refused("backup.exists", file=target)
    if not target.parent.is_dir():
        raise Refused("backup.no_folder", folder=target.parent)
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with take(url) as snapshot:
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                _write(Writer(file, int(now.timestamp())), snapshot, store_folder, target.parent, now, out, lang)
                file.flush()
                os.fsync(file.fileno())
        _publish(partial, target)
    except OSError as error:
        raise Refused("backup.unwritable", file=target, reason=error.strerror or type(error).__name__) from error
    finally:
        partial.unlink(missing_ok=True)
    size = target.stat().st_size
    out.write(text(lang, "backup.done", file=target, kilobytes=-(-size // 1_000)) + "\n")
    return target


def _write(
    writer: Writer, snapshot: Snapshot, store: Path, folder: Path, now: datetime, out: TextIO, lang: str
) -> None:  # fmt: skip
    counts = {}
    for name in snapshot.names:
        counts[name] = _write_table(writer, snapshot, name, folder, out, lang)
        if counts[name]:
            out.write(text(lang, "backup.table_done", table=name, rows=counts[name]) + "\n")
    gone = _write_files(writer, store, out, lang)
    missing = [f"{i[-2:]}/{i}" for i in snapshot.ids("attachment") if f"files/{i[-2:]}/{i}" not in writer.digests]
    _name(gone, "backup.file_gone", out, lang)
    _name(missing, "backup.file_missing", out, lang)
    manifest = Manifest(
        format=FORMAT,
        revision=snapshot.revision,
        dialect=snapshot.dialect,
        created_at=now.astimezone(UTC).isoformat(),
        counts=counts,
        digests=writer.digests,
        sealed=snapshot.count_sealed(),
        missing=missing,
    )
    body = manifest.model_dump_json(indent=1).encode()
    writer.add(MANIFEST, io.BytesIO(body), len(body))
    writer.close()


def _write_table(
    writer: Writer, snapshot: Snapshot, name: str, folder: Path, out: TextIO, lang: str
) -> int:  # fmt: skip
    """Write one table by way of a nameless file, because a member's size stands before it; returns its rows."""
    rows = 0
    with tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=str(folder)) as spool:
        for line in snapshot.lines(name):
            spool.write(line)
            rows += 1
            if rows % OFTEN == 0:
                out.write(text(lang, "backup.rows_so_far", table=name, rows=rows) + "\n")
        size = spool.tell()
        spool.seek(0)
        writer.add(table_member(name), spool, size)
    return rows


def _write_files(writer: Writer, store: Path, out: TextIO, lang: str) -> list[str]:
    """Write the store's files; returns those that vanished between being listed and being read."""
    gone = []
    done = 0
    for path in _files(store):
        name = path.relative_to(store).as_posix()
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            gone.append(name)
            continue
        # Files of the store are written whole and never changed, so the size holds.
        with os.fdopen(descriptor, "rb") as file:
            writer.add(f"files/{name}", file, os.fstat(descriptor).st_size)
        done += 1
        if done % OFTEN_FILES == 0:
            out.write(text(lang, "backup.files_so_far", files=done) + "\n")
    out.write(text(lang, "backup.files_done", files=done) + "\n")
    return gone


def _files(store: Path) -> Iterator[Path]:
    """The files of a store in a fixed order; half-written ones begin with a dot and are passed over, as links are."""
    for folder, folders, names in os.walk(store):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if FILE.fullmatch(f"files/{path.relative_to(store).as_posix()}") and not path.is_symlink():
                yield path


def _name(files: list[str], key: str, out: TextIO, lang: str) -> None:
    out.writelines(text(lang, key, file=name) + "\n" for name in files[:MOST_NAMED])
    if len(files) > MOST_NAMED:
        out.write(text(lang, "backup.more_files", files=len(files) - MOST_NAMED) + "\n")


def _publish(partial: Path, target: Path) -> None:
    """Give the whole archive its name, never another file's."""
    try:
        target.hardlink_to(partial)
    except FileExistsError:
        raise Refused("backup.exists", file=target) from None
    except OSError:  # Some disks, such as USB sticks, know no second names.
        if target.exists():
            raise Refused("backup.exists", file=target) from None
        partial.rename(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
