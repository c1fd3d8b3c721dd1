"""The inbox as tests read it: the page, the numbers on it, and what can be picked."""

from __future__ import annotations

import re

from bot.console.inbox import TICKET
from tests.bad_inputs.place import Place, Said

ROW = re.compile(rf'href="{TICKET}([A-Z]{{2}}-\d{{4}}-\d{{4}})" data-open')
PICK = re.compile(r'value="([0-9a-z]{22}\.\d+)" data-pick')


def look(place: Place, who: str = "counselor", query: str = "") -> Said:
    answer = place.call("GET", f"/console{query}", who)
    assert answer.status == 200
    return answer


def numbers(answer: Said) -> list[str]:
    return ROW.findall(answer.text)


def picks(answer: Said) -> str:
    return " ".join(PICK.findall(answer.text))
