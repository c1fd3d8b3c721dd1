"""Tables that are taken out while matters come in: each is of one instant, and says itself how many rows it has."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

from sqlalchemy import select

from models.meta import Audit
from tests.bad_inputs.place import Place
from tests.bot.pages.test_on_leave_views import table

MOST = 4  # leaves that come in meanwhile


def test_it_says_as_many_rows_as_it_has_while_rows_come_in_ex_05(place: Place) -> None:
    place.leave_of("owner")
    numbers = [place.leave_of("owner").number for _ in range(2)]
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for number in numbers:
                place.hear("counselor", f"同意 {number}")
            for _ in range(MOST):
                place.hear("counselor", f"同意 {place.leave_of('owner').number}")
        except BaseException as error:  # noqa: BLE001 (told below, by the test's own thread)
            failed.append(error)

    begun = threading.Thread(target=work)
    begun.start()
    sizes: list[int] = []
    told: list[str] = []
    day = place.now.astimezone(place.school.zone).date() + timedelta(days=3)
    while begun.is_alive() or len(sizes) < 3:
        lines = place.post(
            "/console/bulk", "counselor", do="export", back="/console?view=all", sure="1"
        ).text.splitlines()
        said = re.search(r"共 (\d+) 件", lines[-1])
        assert said
        # The heads before it, an empty line and who took it out after it.
        assert int(said[1]) == len(lines) - 3 == len({line.split(",")[0] for line in lines[1:-2]})
        sizes.append(int(said[1]))
        _, *rows = table(place.call("GET", f"/console/on-leave.xlsx?on={day}", "counselor").body)
        *listed, last = [row for row in rows if any(row)]
        assert f"共 {len(listed)} 人" in last[0]
        told.append(f"on leave {day}: {len(listed)}")
    begun.join()
    assert failed == []
    assert sizes == sorted(sizes), "nothing that was there is left out later"
    assert sizes[0] >= 3
    kept = place.database.read(
        lambda session: (
            session.execute(select(Audit.thing).where(Audit.verb == "exported").order_by(Audit.id)).scalars().all()
        )
    )
    assert kept == [thing for pair in zip((f"{size} tickets" for size in sizes), told, strict=True) for thing in pair]
