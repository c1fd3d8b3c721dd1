"""Files at Telegram: what people and the bot upload, their ids, and links that live for an hour."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from tests.fakes.telegram.world import Clock, Json, Refusal, bad

LARGEST_DOWNLOAD = 20 << 20  # facts §1.4; [srv MAX_DOWNLOAD_FILE_SIZE]
LARGEST_UPLOAD = 50 << 20
LARGEST_PHOTO = 10 << 20
LINK_SECONDS = 3600  # "It is guaranteed that the link will be valid for at least 1 hour" [doc]; here no second longer
SMALLER = "-s"  # ends the ids of a photo's smaller sizes, before one digit
FOLDERS = {"photo": "photos", "document": "documents", "voice": "voice", "sticker": "stickers", "video": "videos"}


@dataclass
class Stored:
    """One file."""

    file_id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    content: bytes
    path: str
    size: int  # May be said to be more than `content` holds: nobody wants 21 MB in a test.

    def json(self) -> Json:
        """What every object of a file has."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.size}


@dataclass
class Upload:
    """A part of a multipart request."""

    name: str
    mime: str
    content: bytes


class Files:
    """All files of this bot; ids of another bot are unknown here, as there."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.stored: dict[str, Stored] = {}
        self._links: dict[str, tuple[Stored, float]] = {}

    def store(self, kind: str, content: bytes, name: str, mime: str, size: int | None = None) -> Stored:
        """Take a file in."""
        file_id = f"{kind[:2].upper()}AC{secrets.token_urlsafe(36)}"
        unique = hashlib.blake2b(content, digest_size=9).hexdigest()
        ending = "jpg" if kind == "photo" else name.rpartition(".")[2] or "bin"
        path = f"{FOLDERS.get(kind, 'documents')}/file_{len(self.stored)}.{ending}"
        stored = Stored(file_id, unique, kind, name, mime, content, path, len(content) if size is None else size)
        self.stored[file_id] = stored
        return stored

    def take(self, kind: str, upload: Upload) -> Stored:
        """Take in what the bot uploads, within the limits of facts §1.4."""
        size = len(upload.content)
        if not size:
            raise bad("file must be non-empty")
        if size > LARGEST_UPLOAD:
            raise Refusal(413, "Request Entity Too Large")
        if kind == "photo":
            if size > LARGEST_PHOTO:
                raise bad(
                    f"file of size {size} bytes is too big for a photo; the maximum size is {LARGEST_PHOTO} bytes"
                )
            if not upload.content.startswith((b"\xff\xd8", b"\x89PNG", b"GIF8", b"RIFF")):
                raise bad("IMAGE_PROCESS_FAILED")
        return self.store(kind, upload.content, upload.name, upload.mime)

    def find(self, file_id: str) -> Stored | None:
        """A file by its id, or by that of one of a photo's smaller sizes."""
        return self.stored.get(file_id) or self.stored.get(file_id[:-3] if file_id[-3:-1] == SMALLER else "")

    def known(self, file_id: str) -> Stored:
        """A file by its id, which must be right."""
        found = self.find(file_id)
        if found is None:
            raise bad("wrong file identifier/HTTP URL specified")
        return found

    def link(self, file_id: str) -> Json:
        """getFile: a path that may be fetched for an hour."""
        found = self.find(file_id)
        if found is None:
            raise bad("invalid file_id")
        if found.size > LARGEST_DOWNLOAD:
            raise bad("file is too big")
        self._links[found.path] = (found, self._clock.now() + LINK_SECONDS)
        return found.json() | {"file_path": found.path}

    def fetch(self, path: str) -> Stored:
        """What stands behind a path that getFile gave out."""
        found, until = self._links.get(path, (None, 0.0))
        if found is None or self._clock.now() > until:
            raise Refusal(404, "Not Found")
        return found
