"""A matter about which ten thousand things were said: its pages stay as long as any other's, and everything is reached."""

from __future__ import annotations

import re
import time

import pytest
from sqlalchemy import func, insert, select, update

from handlers.views import stretch
from models.base import new_id
from models.ticket import Event, Ticket
from tests.bad_inputs.place import Place

COUNT = 10_000
MOST_BYTES = 120_000  # of a page as it is; a hundred events of a line each are 40,000


@pytest.fixture(scope="module")
def place(shared_place: Place) -> Place:
    return shared_place


@pytest.fixture(scope="module")
def ticket(place: Place) -> Ticket:
    """A repair to which its student adds something ten thousand times, with answers between."""
    made = place.repair_of("owner")

    def unit(session: object) -> None:
        first = session.execute(select(func.max(Event.rev)).where(Event.ticket_id == made.id)).scalar_one()  # type: ignore[attr-defined]
        rows = [
            {"id": new_id(place.now), "ticket_id": made.id, "rev": first + number, "at": place.now, "audience": "all", "key": "",
             "kind": "replied" if number % 5 == 0 else "added", "by_id": "officer" if number % 5 == 0 else "owner",
             "words": f"第{number}句，还没有修好"}
            for number in range(1, COUNT + 1)
        ]  # fmt: skip
        session.execute(insert(Event), rows)  # type: ignore[attr-defined]
        session.execute(update(Ticket).where(Ticket.id == made.id).values(rev=first + COUNT))  # type: ignore[attr-defined]

    place.database.run(unit)
    return place.ticket(made.number)


@pytest.mark.parametrize(("who", "path"), [("officer", "/console/ticket/"), ("owner", "/me/")])
def test_it_shows_the_newest_and_leads_to_all_others_wf_11(place: Place, ticket: Ticket, who: str, path: str) -> None:
    base = f"{path}{ticket.number}"
    seen: set[int] = set()
    pages, more = 0, ""
    while pages == 0 or more:
        page = place.call("GET", f"{base}{more}", who)
        said = {int(number) for number in re.findall(r"第(\d+)句", page.text)}
        assert page.status == 200
        assert len(page.body) < MOST_BYTES
        assert 0 < len(said) <= stretch.MOST
        assert not said & seen
        if pages == 0:
            assert max(said) == COUNT
        seen |= said
        pages += 1
        found = re.search(rf'href="{base}(\?before=\d+)"', page.text)
        more = found[1] if found and pages < 3 else ""
    assert len(seen) == 3 * stretch.MOST
    first = place.call("GET", f"{base}?before=60", who)
    assert "第1句" in first.text
    assert f'href="{base}"' in first.text  # back to the newest


@pytest.mark.parametrize("before", ["0", "1", "-1", "x", "99999999999", "2147483647", "1 or 1", "１２"])
def test_it_takes_any_place_to_begin_wf_11(place: Place, ticket: Ticket, before: str) -> None:
    page = place.call(
        "GET",
        f"/console/ticket/{ticket.number}?before={before.replace(' ', '%20')}".encode().decode("latin-1"),
        "officer",
    )
    assert page.status in (200, 400)


def test_it_goes_on_being_worked_on_wf_11(place: Place, ticket: Ticket) -> None:
    began = time.process_time()
    place.hear("officer", f"回复 {ticket.number} 明天上午来修")
    shown = place.hear("owner", f"查看 {ticket.number}")
    spent = time.process_time() - began
    said = "\n".join(reply.text for reply in shown.replies)
    assert "明天上午来修" in said
    assert "更早的" in said
    assert said.count("还没有修好") <= 40
    assert spent < 5  # A hundred times what it takes; what grew with the square of the events would take minutes.
