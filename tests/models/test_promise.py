"""Limits as they are written: which stand instead for a priority or an area, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from models.item import Item
from models.limits import Limit, parse_limit
from models.promise import Promise

SPAN = {"key": "span", "type": "span", "ask": "什么时候？"}


def item(limits: dict[str, Any], **more: Any) -> Item:
    return Item.model_validate({"title": "礼堂", "prefix": "LT", "fields": [SPAN], "limits": limits, **more})


@pytest.mark.parametrize(
    ("priority", "path", "respond", "resolve"),
    [
        ("normal", "", "4h", "2d"),
        ("normal", "/sl/wl/", "4h", "2d"),
        ("normal", "/sl/cs/cs2301/", "3h", "2d"),
        ("high", "/sl/wl/", "2h", "2d"),
        ("high", "/sl/cs/", "2h", "2d"),  # Of several rows that fit the later one wins.
        ("urgent", "/sl/cs/", "30m", "4h"),
        ("low", "/sl/css/", "4h", "2d"),  # A code is a whole one.
    ],
)
def test_it_finds_what_stands_instead(priority: str, path: str, respond: str, resolve: str) -> None:
    promise = Promise.model_validate({
        "respond": "4h", "resolve": "2d",
        "instead": [
            {"area": "cs", "respond": "3h"},
            {"priority": "high", "respond": "2h"},
            {"priority": "urgent", "respond": "30m", "resolve": "4h", "remind": ["-10m"]},
        ],
    })  # fmt: skip
    found = promise.limits(priority, path)
    assert (found.respond, found.resolve) == (parse_limit(respond), parse_limit(resolve))
    assert found.extend == parse_limit(resolve)  # as long again, unless it says otherwise


def test_it_reads_extensions_and_beginnings() -> None:
    assert Promise(resolve="2d", extend="1d").limits().extend == parse_limit("1d")
    assert Promise(resolve="2d", extend="no").limits().extend is None
    assert Promise().limits().extend is None
    assert Promise().limits().before is None
    assert Promise(before="span", before_by="2h").limits().before == Limit(7200, "wall")


@pytest.mark.parametrize(
    ("limits", "more", "kind"),
    [
        ({"instead": [{"respond": "1h"}]}, {}, "item_instead"),
        ({"instead": [{"area": "cs", "respond": "soon"}]}, {}, "item_limit"),
        ({"instead": [{"area": "cs", "resolve": "9999d"}]}, {}, "item_limit"),
        ({"rush": "soon"}, {}, "item_limit"),
        ({"extend": "maybe", "resolve": "1d"}, {}, "item_limit"),
        ({"next": "0h"}, {}, "item_limit"),
        ({"before": "when"}, {}, "item_before"),
        ({"before": "span"}, {"fields": [SPAN | {"sensitive": True}]}, "item_before"),
        ({}, {"priority": [{"to": "high", "when": {"field": "what", "one_of": ["x"]}}]}, "item_when_field"),
        ({}, {"priority": [{"to": "top", "when": {"field": "span", "one_of": ["x"]}}]}, "literal_error"),
        ({"instead": [{"priority": "top", "respond": "1h"}]}, {}, "literal_error"),
    ],
)
def test_it_refuses_limits_that_make_no_sense(limits: dict[str, Any], more: dict[str, Any], kind: str) -> None:
    with pytest.raises(ValidationError) as refused:
        item(limits, **more)
    assert [error["type"] for error in refused.value.errors()] == [kind]
