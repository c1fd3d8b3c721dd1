"""Settings for the demo mode: everything in one folder, with keys that are made once and kept there."""

from __future__ import annotations

import contextlib
import os
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import SecretStr, ValidationError

from bot.settings.mistakes import Mistake, Mistakes
from bot.settings.shape import Backup, Database, Demo, Keys, Log, Server, Settings, Store
from bot.settings.values import new_key
from handlers.texts import text

PORT: Final = "YIZHAN_SERVER__PORT"
KEY_NAMES = ("current", "index", "cookie")


def demo_settings(folder: Path, lang: str = "zh", environ: Mapping[str, str] | None = None) -> Settings:
    """Settings of a demo that lives in `folder`, which is made if need be: SQLite, own keys, http on this machine.

    environ: of the environment only YIZHAN_SERVER__PORT counts, the port that is tried first.
    Raises Mistakes where folder/demo.keys is damaged or that is no port, OSError where the folder cannot be written.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return Settings(
        database=Database(url=SecretStr(f"sqlite:///{folder / 'yizhan.db'}")),
        keys=demo_keys(folder, lang),
        server=_server(environ or {}, lang),
        store=Store(folder=folder / "files"),
        log=Log(form="console", level="warning"),  # What goes as it should does not scroll under a newcomer's text.
        backup=Backup(folder=folder / "backup"),
        demo=Demo(enabled=True),
    )


def _server(environ: Mapping[str, str], lang: str) -> Server:
    """Where the demo serves: its own port, or the one that the environment names."""
    said = environ.get(PORT, "").strip()
    if not said:
        return Server(secure_cookies=False)
    if said.isascii() and said.isdigit() and 0 < int(said[:6]) < 65_536:
        return Server(secure_cookies=False, port=int(said))
    raise Mistakes([Mistake(None, PORT, text(lang, "check.demo_port"), text(lang, "check.demo_port_remedy"))])


def demo_keys(folder: Path, lang: str = "zh") -> Keys:
    """The keys in folder/demo.keys, made at the first call; only the owner may read the file (mode 0600).

    Two demos that start at once get the same keys: the file appears whole or not at all, and the first one stays.
    """
    file = folder / "demo.keys"
    if not file.exists():
        _make(file)
    file.chmod(0o600)
    try:
        return Keys.model_validate(tomllib.loads(file.read_text("utf-8")))
    except (ValueError, ValidationError):
        damaged = Mistake(None, "keys", text(lang, "check.demo_keys"), text(lang, "check.demo_keys_remedy"), file=file)
    # Raised outside the handler, so that no trace carries what was in the file.
    raise Mistakes([damaged])


def _make(file: Path) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".demo-keys-")  # Made with mode 0600.
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as new:
            new.writelines(f'{key} = "{new_key()}"\n' for key in KEY_NAMES)
            new.flush()
            os.fsync(new.fileno())
        with contextlib.suppress(FileExistsError):  # Another demo was first; its keys are taken.
            os.link(name, file)
    finally:
        Path(name).unlink()
