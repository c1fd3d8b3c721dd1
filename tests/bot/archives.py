"""Archives to restore: a good one, its parts, and others put together from them."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest

from bot.archive import members
from bot.backup import backup
from bot.restore import restore
from handlers.texts import text
from models.base import new_id
from models.message import Refused
from models.seal import Seal
from tests.models.filling import INDEX, KEY, NOW, fill

SEAL = Seal(KEY, index=INDEX)
Parts = dict[str, bytes]


def make(folder: Path, template: Path) -> Path:
    """A good archive, of a filled database and one file, in this folder."""
    source = folder / "source.db"
    for path in template.parent.glob(template.name + "*"):
        source.with_name(path.name.replace(template.name, source.name)).write_bytes(path.read_bytes())
    fill(f"sqlite:///{source}")
    name = new_id(NOW)
    kept = folder / "files" / name[-2:] / name
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"a photo")
    return backup(f"sqlite:///{source}", folder / "files", folder / "b.tar.gz", NOW, io.StringIO())


def parts(archive: Path) -> Parts:
    """All members of an archive, in their order."""
    with archive.open("rb") as file:
        return {member.name: member.read(member.size) for member in members(file)}


def pack(path: Path, found: Parts, *more: tarfile.TarInfo) -> Path:
    """An archive of these members, with whatever else is asked for in front."""
    with tarfile.open(path, "w:gz") as tar:
        for info in more:
            tar.addfile(info, io.BytesIO(b"x" * info.size))
        for name, data in found.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def forge(found: Parts) -> Parts:
    """The same members with a manifest that fits them, as somebody would make who means harm."""
    manifest = json.loads(found["manifest.json"])
    others = {name: data for name, data in found.items() if name != "manifest.json"}
    manifest["digests"] = {name: hashlib.sha256(data).hexdigest() for name, data in others.items()}
    manifest["counts"] = {n[7:-6]: data.count(b"\n") for n, data in others.items() if n.startswith("tables/")}
    return others | {"manifest.json": json.dumps(manifest).encode()}


def say(archive: Path, url: str, store: Path, seal: Seal = SEAL, *, replace: bool = False) -> str:
    """The key of the refusal; it has a sentence in both languages."""
    with pytest.raises(Refused) as refused:
        restore(archive, url, store, seal, NOW, io.StringIO(), replace)
    assert all(text(lang, refused.value.key, **refused.value.values) for lang in ("zh", "en"))
    return refused.value.key


def seen(folder: Path) -> Parts:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
