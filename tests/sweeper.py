"""A sweeper as a process of its own, for tests that kill it: `python -m tests.sweeper URL INSTANT BATCH`."""

from __future__ import annotations

import sys
from datetime import datetime

from handlers.deadlines import sweep
from models.db import Away, Database
from models.failpoint import at
from models.seal import Seal
from tests import builders
from tests.handlers.sweeping import SCHOOL

KEYS = bytes(range(1, 33)), bytes(range(33, 65))


def seal() -> Seal:
    """The seal that the test and its sweepers share."""
    return Seal(KEYS[0], (), KEYS[1])


def main(url: str, instant: str, batch: int) -> None:
    """Sweep as the clock does until nothing is due; a database that is busy with the other one is asked again."""
    database = Database(url, seal())
    now = datetime.fromisoformat(instant)
    while True:
        try:
            swept = database.run(lambda session: sweep(builders.turn_of(session, None, now, school=SCHOOL), batch))
        except Away:
            continue
        at("ticked")
        if not swept.more:
            break
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
