"""Merging several on the console: what becomes of each is shown first, and one click takes all back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.bad_inputs.place import Place, Said
from tests.browsing import check_page, enter_console


def test_it_merges_several_and_takes_them_back(place: Place) -> None:
    kept, far = place.repair_of("owner", "梅园3栋402"), place.repair_of("classmate", "兰园1栋101")
    near, leave = place.repair_of("classmate", "梅园3栋403"), place.leave_of("owner")
    picked = " ".join(f"{each.id}.{each.rev}" for each in (kept, far, near, leave))
    fields: dict[str, Any] = {"picks": picked, "back": "/console?view=all"}

    def press(who: str = "officer", **more: str) -> Said:
        return place.post("/console/bulk/merge", who, None, **(fields | more))

    asked = press(do="which")
    assert asked.status == 200
    assert "把这 2 件并成一件？" in asked.text  # The one at another place is asked about.
    for part in ("兰园1栋101", "地点和接着办的那一件不一样", "有 1 件现在不由您办", f'value="{kept.number}" checked'):
        assert part in asked.text
    assert leave.number not in asked.text
    assert "把这 3 件并成一件？" in press(do="which", places="1").text
    sure = {"do": "merge", "sure": "1", "into": kept.number, "seen": kept.number, "words": "同一个水管"}
    # Another one to go on is looked at first, and one that is not there is said.
    assert "哪一件接着办" in press(**sure | {"into": far.number}).text
    assert press(**sure | {"other": leave.number}).status == 422
    assert place.ticket(near.number).is_open
    for who in ("counselor", "psych"):
        assert press(who, **sure).status == 422
    before = place.written(near)[1]
    done = press(**sure, places="1")
    assert done.status == 303
    shown = place.call("GET", done.headers["location"], "officer").text
    assert "已合并 2 件" in shown
    assert [place.ticket(each.number).kept_id for each in (near, far)] == [kept.id, kept.id]
    assert place.written(near)[1] == before  # Nobody was told yet.
    assert press(**sure, places="1").headers["location"].endswith("&left=2")  # The click came twice.
    bulk = re.search(r"bulk=([0-9a-z]{22})&merged=1$", done.headers["location"])
    assert bulk is not None
    back = place.post("/console/bulk/undo", "officer", bulk=bulk[1], back="/console")
    assert back.headers["location"] == "/console?undone=2"
    assert [place.ticket(each.number).kept_id for each in (near, far)] == [None, None]
    assert place.written(near)[1] == before


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_it_reads_well_and_is_done_by_boxes(
    browser: Browser, address: str, place: Place, width: int, scheme: Any
) -> None:
    kept = place.repair_of("owner", "梅园3栋402")
    place.repair_of("classmate", "梅园3栋403")
    place.repair_of("classmate", "兰园1栋101")
    page = enter_console(browser, address, place, width, who="officer", color_scheme=scheme, bypass_csp=True)
    for box in page.locator("[data-pick]").all():
        box.check()
    page.get_by_role("button", name="合并", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("把这 2 件并成一件？")
    check_page(page, width, "merging")
    page.get_by_label("地点不同的也是同一件事").check()
    page.get_by_role("button", name="按这一件再看一遍").click()
    page.get_by_role("button", name="合并 2 件").click()
    expect(page.get_by_text("已合并 2 件")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.locator("tr[data-row]")).to_have_count(3)
    assert place.ticket(kept.number).is_open
    page.context.close()
