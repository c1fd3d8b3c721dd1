"""`make pictures`: a walk through the demo in a browser, of which the pictures in docs/pictures/ are taken."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import update

from models import migrate
from models.grid import Grid
from models.person import Person
from tests.bad_inputs.place import Place
from tests.equipment import CHROMIUM_ARGS, HOW_TO_GET, find_chromium

FOLDER: Final = Path(__file__).parent.parent / "docs" / "pictures"
MOST_BYTES: Final = 150_000
PHONE: Final = {"width": 390, "height": 780}
DESK: Final = {"width": 1180, "height": 740}
NAMES: Final = {
    "/S/": "松岚大学", "/S/cs/": "计算机学院", "/S/cs/cs2301/": "计科2301", "/S/civil/": "土木学院", "/S/civil/ce2301/": "土木2301",
    "/S/logistics/": "后勤处", "/S/psych/": "心理中心", "/S/youth-league/": "团委",
}  # fmt: skip
NUMBERS: Final = {"owner": "2023010101", "classmate": "2023010102", "stranger": "2023020101"}


def set_the_scene(place: Place) -> dict[str, str]:
    """A school with names, and matters as they come in in a morning; answers with the numbers of some."""

    def name(session: Any) -> None:
        for path, called in NAMES.items():
            session.execute(update(Grid).where(Grid.path == path).values(name=called))
        for who, number in NUMBERS.items():
            session.execute(update(Person).where(Person.id == who).values(number=number))

    place.database.run(name)
    first = place.leave_of("owner")
    place.post(f"/console/ticket/{first.number}/sign", "counselor", rev=str(first.rev))
    long = place.leave_of("owner", 5)
    place.post(
        f"/console/ticket/{long.number}/reply", "counselor", rev=str(long.rev), words="请补一张家长知情的聊天截图。"
    )
    rev = str(place.ticket(long.number).rev)
    place.post(f"/console/ticket/{long.number}/note", "counselor", rev=rev, words="已电话联系家长，情况属实。")
    for who in ("classmate", "classmate", "owner"):
        place.leave_of(who)
    return {"long": long.number, "first": first.number}


@contextmanager
def _page(browser: Browser, address: str, cookies: dict[str, str], size: dict[str, int]) -> Iterator[Page]:
    context = browser.new_context(locale="zh-CN", viewport={"width": size["width"], "height": size["height"]})
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    yield context.new_page()
    context.close()


def take(folder: Path = FOLDER, only: tuple[str, ...] = ()) -> list[Path]:
    """Walk, and write the pictures (only these, where some are named); answers with their files. AssertionError for one
    that is too large for a README."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as at, sync_playwright() as playwright:
        url = f"sqlite:///{at}/yizhan.db"
        migrate.upgrade(url)
        place = Place(url, Path(at))
        program = find_chromium()
        assert program is not None, HOW_TO_GET["Chromium"]
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_ARGS))
        try:
            numbers = set_the_scene(place)
            with place.served() as port:
                taken = list(_walk(browser, f"http://127.0.0.1:{port}", place, numbers, folder, only))
        finally:
            browser.close()
            place.close()
    for picture in taken:
        assert picture.stat().st_size <= MOST_BYTES, f"{picture.name} is too large"
    return taken


def _walk(
    browser: Browser, address: str, place: Place, numbers: dict[str, str], folder: Path, only: tuple[str, ...]
) -> Iterator[Path]:
    staff, student = {"yizhan-console": place.seats["counselor"]}, {"yizhan": place.cookies["owner"]}
    ticket = f"/console/ticket/{numbers['long']}"
    for name, path, cookies, size in (
        ("inbox", "/console", staff, DESK), ("ticket", ticket, staff, DESK), ("approvals", "/console/approvals", staff, PHONE),
        ("inbox-phone", "/console", staff, PHONE), ("chat", "/chat", student, PHONE), ("me", "/me", student, PHONE),
    ):  # fmt: skip
        if only and name not in only:
            continue
        with _page(browser, address, cookies, size) as page:
            page.goto(address + path)
            page.wait_for_load_state("load")
            picture = folder / f"{name}.png"
            page.screenshot(path=picture)
            yield picture


if __name__ == "__main__":
    sys.stdout.writelines(f"{picture.name} {picture.stat().st_size // 1024} KB\n" for picture in take())
