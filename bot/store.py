"""Keeps students' files: known kinds only, by their content; images drawn anew without what a camera wrote in."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import re
import secrets
import unicodedata
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from handlers.files import record_file
from models.base import new_id
from models.db import Database
from models.message import Refused, Upload
from models.tidying import known_files

# The guards of the picture library (a 109 KB file may unfold to 30,000 × 30,000 pixels).
Image.MAX_IMAGE_PIXELS = 50_000_000
MOST_NAME: Final = 80
MOST_PACKED: Final = 2_000  # entries of an office document
MOST_UNPACKED: Final = 200_000_000  # bytes that it may unfold to
AT_ONCE: Final = 2  # pictures in work; one takes about 0.2 s and 60 MB
KINDS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
_FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "PNG"}
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])")
FRESH: Final = 86_400.0  # seconds in which a file may lie without a row
MARKED: Final = 7 * 86_400.0  # seconds that a file without a row is kept out of the way before it is removed
_MARK: Final = ".gone-"  # begins the name of such a file; the backup passes it over
_ID: Final = re.compile(r"[0-9a-z]{22}")


@dataclass
class Swept:
    """What a sweep of the store did: files put out of the way, removed, and brought back."""

    marked: int = 0
    removed: int = 0
    back: int = 0


class Store:
    """A folder of files under random names; the rows that say whose they are stand in the database."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        most_bytes: int = 10_485_760,
        per_hour: int = 30,
    ) -> None:
        self._folder = folder
        self._database = database
        self._most_bytes = most_bytes
        self._per_hour = per_hour
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def keep(self, data: bytes, name: str, account_id: str, now: datetime) -> Upload:
        """Keep one file of an account; raises Refused when it is too large, of another kind, broken, or one of too
        many in this hour, and Away when the database is away. Nothing is kept then."""
        if not data:
            raise Refused("file.empty")
        if len(data) > self._most_bytes:
            raise Refused("file.too_large", most=self._most_bytes // 1_048_576)
        async with self._turn:
            kind, clean = await asyncio.to_thread(make_safe, data)
        upload = Upload(id=new_id(now), name=safe_name(name, kind), kind=kind, size=len(clean))
        digest = hashlib.sha256(data).hexdigest()
        await asyncio.to_thread(self._write, upload.id, clean)
        try:
            return await asyncio.wrap_future(
                self._database.submit(
                    lambda session: record_file(session, upload, digest, account_id, self._per_hour, now)
                )
            )
        except BaseException:
            self._path(upload.id).unlink(missing_ok=True)
            raise

    async def read(self, file_id: str) -> bytes | None:
        """A file's bytes; None when the store does not have it (any more)."""
        if not _ID.fullmatch(file_id):
            return None
        try:
            return await asyncio.to_thread(self._path(file_id).read_bytes)
        except FileNotFoundError:
            return None

    def remove(self, file_id: str) -> None:
        """Take a file away; one that is not there is no error."""
        if _ID.fullmatch(file_id):
            self._path(file_id).unlink(missing_ok=True)

    def sweep(self, now: datetime) -> Swept:
        """Put files that no row names out of the way, and remove those that have lain there for a week.

        A row goes first (`models.tidying.drop_loose`, or a restore), its file is found here: so neither a crash between
        the two nor a wrong database loses bytes at once. What is marked comes back by itself when a row names it
        again. Half-written files that a crash left are removed after a day. Raises Away; meant for a worker thread.
        """
        swept = Swept()
        for folder in sorted(path for path in self._folder.glob("??") if path.is_dir()):
            paths = {path.name: path for path in folder.iterdir() if path.is_file() and not path.is_symlink()}
            ids = {name.removeprefix(_MARK) for name in paths if _ID.fullmatch(name.removeprefix(_MARK))}
            known = self._known(ids)
            for name, path in paths.items():
                self._settle(path, name, known, now.timestamp(), swept)
        return swept

    def _known(self, ids: set[str]) -> set[str]:
        some, known = sorted(ids), set[str]()
        for begin in range(0, len(some), 500):
            part = some[begin : begin + 500]
            known |= self._database.submit_read(lambda session, part=part: known_files(session, part)).result()  # type: ignore[misc]
        return known

    def _settle(self, path: Path, name: str, known: set[str], now: float, swept: Swept) -> None:
        """What `sweep` does to one file."""
        file_id, marked = name.removeprefix(_MARK), name.startswith(_MARK)
        try:
            age = now - path.stat().st_mtime
            if not _ID.fullmatch(file_id):
                if name.startswith(".") and age > FRESH:
                    path.unlink()
            elif file_id in known:
                if marked:
                    path.rename(path.with_name(file_id))
                    swept.back += 1
            elif marked and age > MARKED:
                path.unlink()
                swept.removed += 1
            elif not marked and age > FRESH:  # A younger one may be about to get its row.
                os.utime(path, (now, now))  # Its week begins now.
                path.rename(path.with_name(_MARK + file_id))
                swept.marked += 1
        except FileNotFoundError:
            return  # Another process sweeps the same folder.

    def _path(self, file_id: str) -> Path:
        # The last letters are random, so that no folder grows beyond its share.
        return self._folder / file_id[-2:] / file_id

    def _write(self, file_id: str, data: bytes) -> None:
        """Write a file whole or not at all, readable to this user alone."""
        path = self._path(file_id)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = path.with_name(f".{secrets.token_hex(8)}")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)


def make_safe(data: bytes) -> tuple[str, bytes]:
    """The kind of a file by its first bytes, and the bytes to keep; raises Refused."""
    kind = sniff(data)
    if kind in _FORMATS:
        return ("image/png" if kind == "image/gif" else kind), _redraw(data, _FORMATS[kind])
    return kind, data


def sniff(data: bytes) -> str:
    """The media kind that a file's content shows; its name and what the browser says count for nothing."""
    marks: tuple[tuple[Callable[[bytes], bool], str], ...] = (
        (lambda head: head.startswith(b"\xff\xd8\xff"), "image/jpeg"),
        (lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"), "image/png"),
        (lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP", "image/webp"),
        (lambda head: head.startswith((b"GIF87a", b"GIF89a")), "image/gif"),
        (lambda head: head.startswith(b"%PDF-"), "application/pdf"),
    )
    head = data[:16]
    for is_it, kind in marks:
        if is_it(head):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _sniff_office(data)
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"heim", b"hevc"):
        raise Refused("file.heic")
    raise Refused("file.kind")


def _sniff_office(data: bytes) -> str:
    """A document or a sheet without macros; it is never unpacked here, only its table of contents is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Refused("file.broken") from None
    names = {entry.filename for entry in entries}
    if len(entries) > MOST_PACKED or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Refused("file.bomb")
    if "[Content_Types].xml" in names and not any(name.lower().endswith("vbaproject.bin") for name in names):
        for part, ending in (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx")):
            if part in names:
                return next(kind for kind, known in KINDS.items() if known == ending)
    raise Refused("file.kind")


def _redraw(data: bytes, form: str) -> bytes:
    """The first frame of a picture, turned upright and written anew: no place, no time, no second content."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP", "GIF")) as picture:
                picture.draft("RGB", (4096, 4096))
                upright = ImageOps.exif_transpose(picture)
                if form == "JPEG" or upright.mode not in ("RGB", "RGBA", "L", "LA"):
                    upright = upright.convert("RGBA" if upright.mode == "P" and form != "JPEG" else "RGB")
                upright.info = {}
                out = io.BytesIO()
                options = {"quality": 88} if form in ("JPEG", "WEBP") else {}
                upright.save(out, form, **options)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Refused("file.bomb") from None
        except (OSError, ValueError, SyntaxError, EOFError, TypeError, ArithmeticError):
            # The library's own words for a picture that is cut off or damaged.
            raise Refused("file.broken") from None
    return out.getvalue()


def safe_name(name: str, kind: str) -> str:
    """A name to show and to save under: the last part of what was sent, harmless on any system, with its kind's ending.

    At most 80 characters; letters of every script stay. A file that had no usable name is called "file".
    """
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    kept = "".join(letter for letter in name if unicodedata.category(letter)[0] not in "CZ" or letter == " ")
    kept = re.sub(r'[<>:"/\\|?*%;]', "_", kept).strip(" .")
    stem = kept.rpartition(".")[0] or kept
    stem = stem.strip(" .")[:MOST_NAME]
    if not stem or _RESERVED.fullmatch(stem):
        stem = "file"
    return f"{stem}.{KINDS[kind]}"
