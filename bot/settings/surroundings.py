"""Looks at the machine that the settings are for: folders, the database's disk, and who may read the files."""

from __future__ import annotations

import stat
import tempfile
from collections.abc import Collection
from pathlib import Path

from bot.settings.environment import SECRETS
from bot.settings.lines import Place
from bot.settings.mistakes import Notes, nearest
from bot.settings.shape import Settings
from handlers import catalogue

MOUNTS = Path("/proc/self/mountinfo")
# SQLite's write-ahead log needs shared memory, and its locks are not to be trusted, across a network (sqlite.org/wal).
NETWORK = frozenset(
    # Kernel file systems first, then those in user space.
    ["nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "lustre", "davfs", "vboxsf"]
    + [f"fuse.{name}" for name in ("glusterfs", "sshfs", "davfs2", "s3fs", "rclone", "juicefs")]
)


def look_around(settings: Settings, path: Path, notes: Notes, sections: Collection[str]) -> None:
    """Note what would stop the bot on this machine, or endanger what it keeps. Changes nothing on the disk.

    sections: those that the file says well enough to be looked at; of the others mistakes were told already.
    """
    _look_at_config(path, notes)
    file = settings.database.sqlite_file if "database" in sections else None
    if file is not None:
        _look_at_database(file, notes)
    for place, folder in ((("store", "folder"), settings.store.folder), (("backup", "folder"), settings.backup.folder)):
        if place[0] in sections:
            _look_at_folder(place, folder, notes)
    for key, folders in (("folders", settings.services.folders), ("guides", settings.services.guides)):
        for number, folder in enumerate(folders):
            if not folder.is_dir():
                notes.add(("services", key, number), "folder_missing", folder=folder)
    _look_at_off(settings, notes)


def _look_at_off(settings: Settings, notes: Notes) -> None:
    """A service that is switched off and is nowhere is most likely a misspelt one, which stays on."""
    slugs = {file.stem for file in catalogue.files(settings.services.folders)}
    for number, slug in enumerate(settings.services.off):
        if slug not in slugs:
            near = nearest(slug, slugs)
            remedy = "unknown_near_remedy" if near else "item_off_remedy"
            notes.add(("services", "off", number), "item_off", remedy=remedy, slug=slug, near=near or "")


def _look_at_config(path: Path, notes: Notes) -> None:
    """A file with keys that everybody on the machine may read is a warning."""
    in_file = [place for place in sorted(SECRETS) if place in notes.outline.lines and place not in notes.variables]
    if in_file and path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
        notes.add_at(None, path.name, "config_open", fatal=False, file=path)


def _look_at_database(file: Path, notes: Notes) -> None:
    place: Place = ("database", "url")
    folder = file.parent
    if not folder.is_dir():
        notes.add(place, "database_folder_missing", folder=folder)
        return
    kind = filesystem(folder.resolve(), MOUNTS.read_text("utf-8") if MOUNTS.exists() else "")
    if kind in NETWORK:
        notes.add(place, "database_on_network", kind=kind)
    elif not is_writable(folder):
        notes.add(place, "database_folder_unwritable", folder=folder)
    if not file.exists():
        return
    if not file.is_file():
        notes.add(place, "database_not_a_file", file=file)
        return
    mode = file.stat().st_mode
    if mode & stat.S_IWOTH:
        notes.add(place, "database_open", mode=f"{mode & 0o777:04o}", file=file)
    elif mode & stat.S_IROTH:
        notes.add(place, "database_readable", fatal=False, mode=f"{mode & 0o777:04o}", file=file)


def _look_at_folder(place: Place, folder: Path, notes: Notes) -> None:
    """A folder that the bot makes itself: what exists of it must be a folder that can be written."""
    nearest = next((above for above in (folder, *folder.parents) if above.exists()), folder)
    if not nearest.is_dir() or not is_writable(nearest):
        notes.add(place, "folder_unwritable", folder=folder)


def is_writable(folder: Path) -> bool:
    """Whether a file can be made in a folder, found out by making a nameless one.

    Asking for permissions is not enough: root passes every such question, on a read-only disk too.
    """
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def filesystem(folder: Path, mountinfo: str) -> str:
    """The kind of file system that holds a resolved folder, from the text of /proc/self/mountinfo; "" if unknown."""
    best, kind = -1, ""
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        point = Path(fields[4].replace("\\040", " "))
        # Later lines cover earlier ones on the same mount point.
        if (folder == point or point in folder.parents) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split(" ")[0]
    return kind
