"""The code on a slip leads to its own check, on the page and in the file; the check says each state in its word."""

from __future__ import annotations

import re
from typing import Any

import pytest
import segno

from handlers import tickets
from tests.bad_inputs.place import Place
from tests.bot.pages.test_slip import begin, code_address, do

PATH = re.compile(r'<path[^>]* class="qrline"[^>]* d="([^"]+)"|<path[^>]* d="([^"]+)"[^>]* class="qrline"')
QUIET = 4  # modules left white around a code


@pytest.fixture(scope="module")
def place(shared_place: Place) -> Place:
    return shared_place


def modules_of(address: str) -> list[list[int]]:
    """The code of an address as it is to be: rows of 0 and 1."""
    return [[int(each) for each in row] for row in segno.make(address, error="m").matrix]


def drawn_on_page(html: str, size: int) -> list[list[int]]:
    """The modules of the picture on a page: the lines of its path, each "M x y" or "m dx dy" and "h length"."""
    found = PATH.search(html)
    assert found, "no code on the page"
    grid = [[0] * size for _ in range(size)]
    x = y = 0.0
    for mark, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", found[1] or found[2]):
        if mark == "h":
            for each in range(int(float(first))):
                grid[int(y) - QUIET][int(x) - QUIET + each] = 1
            x += float(first)
        elif mark == "M":
            x, y = float(first), float(second)
        else:
            x, y = x + float(first), y + float(second)
    return grid


def drawn_in_file(body: bytes, size: int) -> list[list[int]]:
    """The modules of the picture in the file: its filled squares, counted from the upper left one."""
    squares = [tuple(map(float, each)) for each in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) [\d.]+ re", body)]
    left, top, unit = min(each[0] for each in squares), max(each[1] for each in squares), squares[0][2]
    grid = [[0] * size for _ in range(size)]
    for x, y, _ in squares:
        grid[round((top - y) / unit)][round((x - left) / unit)] = 1
    return grid


def test_it_draws_the_address_of_its_own_check_on_the_page_and_in_the_file(place: Place) -> None:
    ticket, other = place.leave_of("owner", 2), place.leave_of("classmate", 1)
    for each in (ticket, other):
        do(place, "韩老师", each, tickets.sign)
    address = place.school.base_url.rstrip("/") + code_address(place, ticket.number)
    wanted = modules_of(address)
    assert drawn_on_page(place.call("GET", f"/slip/{ticket.number}", "owner").text, len(wanted)) == wanted
    assert drawn_in_file(place.call("GET", f"/slip/{ticket.number}/pdf", "owner").body, len(wanted)) == wanted
    foreign = modules_of(place.school.base_url.rstrip("/") + code_address(place, other.number))
    assert foreign != wanted, "another leave has another code"
    # What the code says opens the check, without anybody being signed in.
    assert "假条查验" in place.call("GET", address.removeprefix(place.school.base_url.rstrip("/"))).text


def withdrawn(place: Place) -> Any:
    ticket = place.leave_of("owner", 2)
    do(place, "李雷", ticket, tickets.withdraw)
    return ticket


def refused(place: Place) -> Any:
    ticket = place.leave_of("owner", 2)
    do(place, "韩老师", ticket, tickets.refuse, "有课")
    return ticket


def signed(place: Place) -> Any:
    ticket = place.leave_of("owner", 2)
    do(place, "韩老师", ticket, tickets.sign)
    return ticket


def past(place: Place) -> Any:
    ticket = signed(place)
    begin(place, ticket, over=True)
    return ticket


def running(place: Place) -> Any:
    ticket = signed(place)
    begin(place, ticket)
    return ticket


def returned(place: Place) -> Any:
    ticket = running(place)
    do(place, "李雷", ticket, tickets.come_back)
    return ticket


@pytest.mark.parametrize(
    ("how", "word", "says"),
    [
        (withdrawn, "已撤销", "已经撤回、取消，或没有获得批准"), (refused, "已撤销", "已经撤回、取消，或没有获得批准"),
        (past, "已过期", "请假时间已经结束，学生还没有销假"), (running, "有效", "在请假时间内，尚未销假"),
        (signed, "未生效", "已批准，但请假时间还没有开始"), (returned, "已销假", "学生已经回来，并销了假"),
    ],
    ids=["withdrawn", "refused", "past", "running", "signed", "returned"],
)  # fmt: skip
def test_it_says_at_the_gate_in_one_word_how_the_slip_stands(place: Place, how: Any, word: str, says: str) -> None:
    page = place.call("GET", code_address(place, how(place).number)).text
    found = re.search(r'<p class="state \w+"><b>([^<]+)</b> <span>(.+?)</span></p>', page)
    assert found
    assert found[1] == word
    assert says in re.sub(r"<[^>]+>", "", found[2])
    others = {"有效", "未生效", "已销假", "已撤销", "已过期"} - {word}
    assert not any(f"<b>{each}</b>" in page for each in others)
