"""Backups of a filled database and its store, made and put back quietly."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.backup import backup
from bot.restore import Restored, restore
from models.seal import Seal
from tests.models.filling import INDEX, KEY, NOW, everything

SEAL = Seal(KEY, index=INDEX)
EMPTIED = {"signin", "code", "seat", "entrance", "token"}  # tables of which nothing is left after a restore
CHANGED = {"outbox", "sender", "meta", *EMPTIED}  # tables in which a restore writes on purpose


def keep(store: Path, url: str, *, but: int = 0) -> dict[str, bytes]:
    """Put a file into the store for each attachment row, but for the first few."""
    found = {}
    for row in everything(url)["attachment"][but:]:
        path = store / row[0][-2:] / row[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"bytes of " + row[0].encode() * 9)
        found[path.relative_to(store).as_posix()] = path.read_bytes()
    return found


def stored(store: Path) -> dict[str, bytes]:
    """Everything in the store, hidden files too."""
    return {path.relative_to(store).as_posix(): path.read_bytes() for path in store.rglob("*") if path.is_file()}


def put_back(archive: Path, url: str, store: Path, **more: Any) -> Restored:
    """Restore quietly with the right keys."""
    return restore(archive, url, store, more.pop("seal", SEAL), NOW, more.pop("out", io.StringIO()), **more)


def save(url: str, store: Path, folder: Path) -> Path:
    """Back up quietly into a folder."""
    return backup(url, store, folder / "b.tar.gz", NOW, io.StringIO())


def same(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> bool:
    """Whether two databases hold the same rows, but for what a restore writes."""
    counts = {name: len(rows) for name, rows in before.items()}
    counts["meta"] += 1
    counts |= dict.fromkeys(EMPTIED, 0)
    untouched = before.keys() - CHANGED
    return counts == {n: len(rows) for n, rows in after.items()} and all(before[n] == after[n] for n in untouched)


class Pacing(io.StringIO):
    """Output that lets a writer commit more after each line, so that the backup really runs beside it."""

    def __init__(self, more: Callable[[], None]) -> None:
        super().__init__()
        self._more = more

    def write(self, words: str) -> int:
        self._more()
        return super().write(words)
