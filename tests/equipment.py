"""What the tests use beyond Python (PostgreSQL, Chromium): where it is, and what to say when it is missing."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Collection
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOAK = os.environ.get("YIZHAN_SOAK") == "1"
WATCH_FEW = os.environ.get("YIZHAN_COVERAGE") == "few"  # As `make test` does; else coverage has every case.
COVERAGE_GATE = 90  # Percent of lines and branches; the same figure stands in pyproject.toml.

HOW_TO_GET = {
    "PostgreSQL": "PostgreSQL is missing: on Debian, apt-get install postgresql (the tests start a cluster of their own)",
    "Chromium": "Chromium is missing: on Debian, apt-get install chromium fonts-noto-cjk",
}

CHROMIUM_ARGS = (
    "--no-sandbox",  # It runs as root in CI, and it opens only our own pages.
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",  # Containers give shared memory 64 MB, which one page can use up.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
)


def find_postgresql() -> Path | None:
    """The folder with initdb and postgres: the newest of Debian's, else the one on the PATH; None when there is none.

    Debian keeps one folder per major version off the PATH, /usr/lib/postgresql/15/bin and the like.
    """
    installed = [
        path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb") if path.parent.parent.name.isdigit()
    ]
    if installed:
        return max(installed, key=lambda folder: int(folder.parent.name))
    found = shutil.which("initdb")
    folder = Path(found).resolve().parent if found else None
    return folder if folder and (folder / "postgres").exists() and hasattr(os, "geteuid") else None


def find_chromium() -> Path | None:
    """The browser's program, or None when there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return Path(found)
    return None


def missing() -> list[str]:
    """Names of what is missing, as in HOW_TO_GET."""
    found = {"PostgreSQL": find_postgresql(), "Chromium": find_chromium()}
    return [name for name, place in found.items() if place is None]


# The numbers of the migration's steps, as their files are called.
STEPS = sorted(path.name[:4] for path in (ROOT / "models/migrations/versions").glob("[0-9]*.py"))

# What `make soak` alone runs, so that `make test` stays under ten minutes on two cores: the second database where pages and
# borders are tried whose data have tests of their own on both; of the looks at a page those beside light at a phone and dark
# at a desk; of two races alike the second. (a part of the file's path, a part of the case's name)
LONG = (
    ("test_console_ticket.py", "[postgresql"),
    ("test_console_ticket_guard.py", "[postgresql"),
    ("test_console_sign_in.py", "[postgresql"),
    ("bot/test_webchat.py", "[postgresql"),
    ("test_telegram_webhook.py", "[postgresql"),
    ("test_telegram_odd_values.py", "[postgresql"),
    ("test_telegram_updates.py", "[postgresql"),
    ("test_telegram_buttons.py", "[postgresql"),
    ("tests/test_kills.py", "[sqlite"),  # The same kills, with Telegram before it, are tried on SQLite.
    ("test_telegram_kills.py", "[sqlite-polling]"),
    ("test_telegram_kills.py", "[postgresql-webhook]"),
    ("test_telegram_outbox.py", "[postgresql]"),
    *(("test_backup.py", case) for case in ("writes[postgresql]", "sent[postgresql]", "[postgresql-postgresql]")),
    ("test_matrix.py", "[postgresql"),
    ("test_sweep_kills.py", "[sqlite"),
    ("_browser.py", "[light-1280]"),
    ("_browser.py", "[dark-360]"),
    ("_browser.py", "[360-dark]"),
    ("_browser.py", "[1280-light]"),
    *(("test_browser.py", f"[/{page}-dark]") for page in ("help", "deploy", "nope")),
    ("test_side_by_side.py", "[360-dark]"),
    ("test_side_by_side.py", "[1280-light]"),
    ("test_matrix_deciders.py", "[sqlite-pair1]"),
    ("test_matrix_deciders.py", "[postgresql-pair2]"),
    # Every third is tried there; each goes the same way on both.
    *(("test_migrate.py", f"[postgresql-{step}]") for step in STEPS if int(step) % 3),
)

# Where two write at once, or where the two databases are asked in different words, the short form tries both.
ON_BOTH = ("racing", "races", "trouble", "test_inbox.py", "test_inbox_found.py", "test_figures.py", "test_tries.py")

# What coverage watches in `make test`, since a watched case computes half as much again: the tests that mirror the code and the
# talks by button, on SQLite and without a browser; of a table its first case, and nothing of the files that run again what others
# run or must not be slowed. So its figure is at most the one of `make coverage CASES=all`.
WATCHED = ("tests/handlers/", "tests/models/", "tests/bot/", "tests/test_talks.py")
FIRST_CASES = 1
REPEATING = (
    *("test_backup.py", "test_backup_trouble.py", "test_restore.py", "test_migrate.py", "test_snapshot.py"),
    *("test_console_ticket.py", "test_console_ticket_guard.py", "pages/test_inbox.py", "test_inbox_several.py"),
    *("test_inbox_export.py", "test_long_matter.py", "test_server_access.py", "test_server_forms.py", "test_door.py"),
    *("test_door_crosswise.py", "test_figures_apart.py", "test_deadlines_trouble.py", "test_ticking.py"),
)

# The files whose cases take long each (child processes, kills, browsers, whole archives), longest first. They begin first,
# so that no worker is left alone with one of them at the end; xdist's own order goes by the number of cases.
FIRST = (
    *("test_talks.py", "test_kills.py", "test_main.py", "test_commands.py", "test_backup.py", "test_matrix_verbs.py"),
    *("test_inbox_browser.py", "test_side_by_side.py", "test_browser.py", "test_telegram_kills.py", "test_door.py"),
    *("test_telegram_outbox.py", "test_telegram_couriers.py", "test_telegram_slow.py", "test_courier_trouble.py"),
    "test_matrix_deciders.py",
)


def turn_of(case: str) -> int:
    """When the file of a case begins: its place in FIRST, after all of them for another file."""
    name = case.partition("::")[0].rpartition("/")[2]
    return FIRST.index(name) if name in FIRST else len(FIRST)


def is_long(case: str) -> bool:
    """Whether a case, by its pytest node id, waits for the long form.

    Of the talks every sixth is held on PostgreSQL, and on buttons only, and every second in plain words; of the handlers
    those stay on PostgreSQL for which it matters (ON_BOTH).
    """
    path, _, name = case.partition("::")
    if path.endswith("test_talks.py"):
        poor, number = "-poor]" in name, sum(name.encode())
        return number % 2 > 0 and poor if "postgresql" not in name else poor or number % 6 > 0
    if _is_on_postgresql(case) and not any(part in path for part in ON_BOTH):
        return True
    return any(_names(entry, case) for entry in LONG)


def is_watched(case: str, number: int, fixtures: Collection[str] = ()) -> bool:
    """Whether coverage watches a case: its pytest node id, its number, from 0, among those of its function, and its fixtures."""
    path, _, name = case.partition("::")
    if not WATCH_FEW:
        return True
    if not path.startswith(WATCHED) or path.endswith(REPEATING) or "[postgresql" in name or "-poor]" in name:
        return False
    if "chromium" in fixtures or any(part in path for part in ("races", "racing")):
        return False  # Two threads that begin at once may not both install a trace function.
    return number < FIRST_CASES or path.endswith("test_talks.py")


def idle(cases: Collection[str]) -> list[str]:
    """What stands in LONG, ON_BOTH, FIRST or REPEATING and names none of all cases of the project, by their node ids."""
    ours = [case for case in cases if _is_on_postgresql(case)]
    others = [case for case in cases if not _is_on_postgresql(case)]
    files = {case.partition("::")[0] for case in cases}
    return [
        *(" ".join(entry) for entry in LONG if not any(_names(entry, case) for case in others)),
        *(part for part in ON_BOTH if not any(part in case.partition("::")[0] for case in ours)),
        *(name for name in (*FIRST, *REPEATING) if not any(file.endswith(f"/{name}") for file in files)),
    ]


def _is_on_postgresql(case: str) -> bool:
    """Whether a case is one of the handlers' on PostgreSQL, about which ON_BOTH decides."""
    return case.startswith("tests/handlers/") and "[postgresql" in case


def _names(entry: tuple[str, str], case: str) -> bool:
    path, _, name = case.partition("::")
    return entry[0] in path and entry[1] in name


if __name__ == "__main__":
    # make reads what to ask of coverage from standard output; a person reads the reason from standard error.
    lacking = missing()
    if lacking:
        sys.stderr.write(
            f"Coverage is shown but not enforced, because tests are skipped. {'. '.join(HOW_TO_GET[name] for name in lacking)}.\n"
        )
    sys.stdout.write(
        "--cov-fail-under=0 --cov-report=term:skip-covered\n" if lacking else f"--cov-fail-under={COVERAGE_GATE}\n"
    )
