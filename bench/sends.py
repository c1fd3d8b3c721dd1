"""Sending to Telegram: our client and courier against python-telegram-bot over HTTPX and aiogram, in one run."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.child import ROOT, running
from bench.table import Row

PEERS = ("python-telegram-bot==22.8", "aiogram")
LEAST = {1: 3.0, 20: 5.0}  # times PTB over HTTPX, by how many requests are under way at once
Figure = list[float]  # sends a second, CPU seconds a send, and of our sides CPU seconds to write a row of the outbox


def environment(folder: Path) -> Path | None:
    """A throw-away environment with the peers: its Python, None where they cannot be fetched."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    made = subprocess.run([python, "-m", "pip", "install", "-q", *PEERS], check=False, capture_output=True, text=True)
    if made.returncode:
        sys.stderr.write(f"skipped: {' and '.join(PEERS)}, which cannot be installed here\n")
        return None
    return python


@contextmanager
def postgresql() -> Iterator[str | None]:
    """The address of a new database in a cluster of our own that waits for its disk, None without PostgreSQL."""
    from tests.equipment import HOW_TO_GET, find_postgresql
    from tests.postgres import Cluster

    if find_postgresql() is None:
        sys.stderr.write(f"skipped: {HOW_TO_GET['PostgreSQL']}\n")
        yield None
        return
    cluster = Cluster(durable=True)
    try:
        yield cluster.url(cluster.create())
    finally:
        cluster.stop()


def _once(python: Path | str, arguments: list[str]) -> Figure:
    """One side measured once in a process of its own."""
    done = subprocess.run([python, *arguments], check=True, capture_output=True, text=True, cwd=ROOT)
    return [float(each) for each in json.loads(done.stdout.splitlines()[-1])]


def measure(folder: Path, sends: int = 2000, rounds: int = 3, *, peers: bool = True) -> list[Row]:
    """The rows of sending; the sides alternate, and the medians of the rounds count."""
    folder.mkdir(parents=True, exist_ok=True)
    python = environment(folder / "peers") if peers else None
    found: dict[tuple[str, int], list[Figure]] = {}
    for number in range(rounds):
        with running(["-m", "bench.answering"], folder, "port") as child:
            port = child.line.split()[1]
            for at_once in LEAST:
                numbers = [port, str(at_once), str(sends)]
                ours = ["-m", "bench.sending"]
                sides: dict[str, tuple[Path | str, list[str]]] = {}
                if python is not None:
                    fewer = [port, str(at_once), str(max(sends // 2, 1))]
                    sides["ptb"] = python, ["bench/peers.py", "ptb", *fewer]
                    sides["aiogram"] = python, ["bench/peers.py", "aiogram", *fewer]
                sides["client"] = sys.executable, [*ours, "client", *numbers]
                place = f"sqlite:///{folder / f'sends-{number}-{at_once}.db'}"
                sides["SQLite"] = sys.executable, [*ours, "recorded", *numbers, place]
                with postgresql() as url:
                    if url is not None:
                        sides["PostgreSQL"] = sys.executable, [*ours, "recorded", *numbers, url]
                    for side, (program, arguments) in sides.items():
                        found.setdefault((side, at_once), []).append(_once(program, arguments))
    return [row for at_once in LEAST for row in _rows(found, at_once)]


def _rows(found: dict[tuple[str, int], list[Figure]], at_once: int) -> Iterator[Row]:
    """Ours against PTB over HTTPX, and aiogram's figures beside them, with so many under way at once."""

    def middle(side: str, part: int) -> float | None:
        figures = found.get((side, at_once))
        return median(figure[part] for figure in figures) if figures else None

    named = {"client": "client alone", "SQLite": "recorded (SQLite)", "PostgreSQL": "recorded (PostgreSQL)"}
    for side, words in named.items():
        speed, cpu = middle(side, 0), middle(side, 1)
        if speed is None or cpu is None:
            continue
        other, ptb = middle("ptb", 0), middle("ptb", 1)
        # PostgreSQL's own processes spend what is not seen here, so its figures are told and gate nothing.
        least = LEAST[at_once] if other and side != "PostgreSQL" else None
        yield Row(f"sends, {at_once} at once, {words}", speed, "a second", other, digits=0)
        most = None if least is None else round(1 / least, 2)
        yield Row("  CPU a send", cpu * 1e6, "µs", ptb and ptb * 1e6, most, 0)
        if writing := middle(side, 2):
            yield Row("  and to write its row, CPU", writing * 1e6, "µs", digits=0)
    speed, cpu = middle("aiogram", 0), middle("aiogram", 1)
    if speed is not None and cpu is not None:
        yield Row(f"  aiogram's sends, {at_once} at once", speed, "a second", middle("ptb", 0), digits=0)
        yield Row("  aiogram's CPU a send", cpu * 1e6, "µs", (middle("ptb", 1) or 0) * 1e6 or None, digits=0)
