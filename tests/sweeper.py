"""A sweeper as a process of its own, for tests that kill it: `python -m tests.sweeper URL INSTANT BATCH`."""

from __future__ import annotations

import sys
from datetime import datetime

from handlers import rules
from handlers.catalogue import Catalogue
from handlers.deadlines import sweep
from models.db import Away, Database
from models.failpoint import at
from models.rules import Rule
from models.seal import Seal
from tests import builders
from tests.handlers.sweeping import SCHOOL

KEYS = bytes(range(1, 33)), bytes(range(33, 65))
# A rule that comes while all of them are open: of what was due before, it does nothing.
CAME = builders.at("2026-06-10 10:00")
LATE = Rule.model_validate(
    {"name": "晚了", "on": "overdue", "target": "respond", "after": "30m", "then": {"tag": ["晚了"], "note": "请看"}}
)
RULED = builders.make_school(
    Catalogue(rules.spread(item, [LATE]) for item in SCHOOL.catalogue.items.values()), most_open=1000
)


def seal() -> Seal:
    """The seal that the test and its sweepers share."""
    return Seal(KEYS[0], (), KEYS[1])


def main(url: str, instant: str, batch: int) -> None:
    """Sweep as the clock does until nothing is due; a database that is busy with the other one is asked again."""
    database = Database(url, seal())
    now = datetime.fromisoformat(instant)
    while True:
        try:
            database.run(lambda session: RULED.catalogue.record(session, CAME))
            swept = database.run(lambda session: sweep(builders.turn_of(session, None, now, school=RULED), batch))
        except Away:
            continue
        at("ticked")
        if not swept.more:
            break
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
