"""What the tests use beyond Python (PostgreSQL, Chromium): where it is, and what to say when it is missing."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

SOAK = os.environ.get("YIZHAN_SOAK") == "1"
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


if __name__ == "__main__":
    # `make test` reads the gate from standard output; a person reads the reason from standard error.
    lacking = missing()
    if lacking:
        sys.stderr.write(
            f"Coverage is shown but not enforced, because tests are skipped. {'. '.join(HOW_TO_GET[name] for name in lacking)}.\n"
        )
    sys.stdout.write(f"{0 if lacking else COVERAGE_GATE}\n")
