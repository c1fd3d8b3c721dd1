"""Places in words, and what is broken in them."""

from __future__ import annotations

import pytest

from handlers.understand.places import is_place, place_in
from handlers.understand.slots import fill, pick
from tests.builders import START, own_catalogue


@pytest.mark.parametrize(
    ("words", "place", "only"),
    [
        ("东园1号楼205", "东园1号楼205", True),
        ("住在东园1号楼205室", "东园1号楼205室", True),
        ("我在梅园3栋412，纱窗破了", "梅园3栋412", False),
        ("西区12栋B301", "西区12栋B301", True),
        ("10栋2单元301", "10栋2单元301", True),
        ("请帮我修一下北苑2号楼101的灯", "北苑2号楼101", False),
        ("宿舍的灯坏了", "", False),
        ("我请3天假", "", False),
        ("学号2023001", "", False),
    ],
)
def test_it_finds_the_place(words: str, place: str, only: bool) -> None:
    assert (place_in(words), is_place(words)) == (place, only)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("校园网连不上", "network"), ("宿舍没网", "network"), ("宿舍的网断了", "network"), ("寝室校园网连不上", "network"),
        ("没有网", "network"), ("wifi 连不上", "network"), ("宿舍没热水", "water"), ("水龙头不出水", "water"),
        ("厕所堵了", "water"), ("灯不亮", "power"), ("插座坏了", "power"), ("宿舍断电了", "power"), ("不制冷", "air"),
        ("空调不制冷", "air"), ("没有空调", "air"), ("纱窗破了", "furniture"), ("门锁不上", "furniture"),
        ("东园1号楼205", None), ("没网也没电", None),
    ],
)  # fmt: skip
def test_it_knows_what_is_broken_by_what_is_not_there(words: str, key: str | None) -> None:
    item = own_catalogue().items["dorm-repair"]
    found = pick(item.fields[0], words, loosely=False)
    assert (found.key if found else None) == key


def test_it_fills_the_place_from_the_first_sentence() -> None:
    item = own_catalogue().items["dorm-repair"]
    told = fill(item, "东园1号楼205的网断了", START, ("报修",))
    assert (told["what"], told["where"], told["detail"]) == ("network", "东园1号楼205", "东园1号楼205的网断了")
    assert fill(item, "东园1号楼205", START, ("报修",)) == {"where": "东园1号楼205"}


def test_it_takes_a_no_for_a_no_where_nothing_is_broken() -> None:
    campus = next(field for field in own_catalogue().items["leave"].fields if field.key == "off_campus")
    found = pick(campus, "不会离校", loosely=False)
    assert found is not None
    assert found.key == "no"
