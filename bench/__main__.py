"""`python -m bench`: measure, print one table, and exit 1 where a gate does not hold."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import structlog

from bench import child, core, inbound, inbox, loopback, sends, sweeping, web
from bench.table import Row, draw, machine

Part = Callable[[Path], list[Row]]
WHOLE: dict[str, Part] = {
    "core": core.measure, "door": web.measure, "start": child.start_rows, "served": loopback.measure,
    "sweep": sweeping.measure, "sends": sends.measure,
    "inbound": inbound.measure, "inbox": inbox.measure,
}  # fmt: skip
# Too long for every run: only when asked for by name.
LONG: dict[str, Part] = {"inbox-million": lambda folder: inbox.measure(folder, 1_000_000, 12, peer=False)}
QUICK: dict[str, Part] = {
    "core": lambda folder: core.measure(folder, 4, 1),
    "door": lambda folder: web.measure(folder, 2, 1),
    "start": lambda folder: child.start_rows(folder, 1),
    "served": lambda folder: loopback.measure(folder, 40, 4, 4),
    "sweep": lambda folder: sweeping.measure_on(folder / "sweep", "", "SQLite", 300, 20),
    "sends": lambda folder: sends.measure(folder, 40, 1, peers=False),
    "inbound": lambda folder: inbound.measure(folder, 20, 1),
    "inbox": lambda folder: inbox.measure(folder, 300, 1, peer=False),
}


def main(arguments: list[str]) -> int:
    """Run the parts that are asked for, all by default; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"what to measure: {', '.join(WHOLE | LONG)}")
    parser.add_argument("--quick", action="store_true", help="tiny sizes; the figures mean nothing, and nothing gates")
    asked = parser.parse_args(arguments)
    parts = QUICK if asked.quick else WHOLE
    known = parts if asked.quick else WHOLE | LONG
    unknown = set(asked.parts) - set(known)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="yizhan-bench-") as folder:
        for name in asked.parts or parts:
            rows += known[name](Path(folder) / name)
    print(machine())
    print(draw(rows))
    return 0 if asked.quick or all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
