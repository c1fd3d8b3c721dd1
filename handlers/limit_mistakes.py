"""What an item's limits cannot mean, and what they hardly mean: contradictions for the loader, oddities for `check`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from models.item import Item
from models.limits import Limit, Limits
from models.promise import PRIORITIES, Instead, Promise

Place = tuple[str | int, ...]
_TARGETS: Final = ("respond", "next", "resolve")


class Found(NamedTuple):
    """A text key of the table [check], the place in the item's file, and what the sentence says."""

    key: str
    place: Place
    values: dict[str, str]


def contradictions(item: Item) -> Iterator[Found]:
    """What can never be kept: an answer that is due after the end, a reminder from before any beginning, steps up that
    fall together or run backwards, and two rows for the same."""
    limits = item.limits
    for place, row, found in _rows(limits):
        words = row.model_fields_set
        both = found.respond is not None and found.resolve is not None and {"respond", "resolve"} & words
        if both and (row is not limits or "respond" in words) and _longer(found.respond, found.resolve):
            yield Found("item_limit_order", (*place, "respond" if "respond" in words else "resolve"), {})
        if "remind" in words:
            for said, offset in zip(row.remind or (), found.remind, strict=True):
                if not any(not _beyond(offset, target) for target in _targets(found)):
                    yield Found("item_limit_remind", (*place, "remind"), {"said": said})
        if "escalate" in words and _backwards(found.escalate):
            yield Found("item_limit_escalate", (*place, "escalate"), {"said": ", ".join(row.escalate or ())})
    seen: list[tuple[str | None, str]] = []
    for number, each in enumerate(limits.instead):
        if (each.priority, each.area) in seen:
            names = " · ".join(filter(None, (each.priority, each.area)))
            yield Found("item_limit_twice", ("limits", "instead", number), {"name": names})
        seen.append((each.priority, each.area))


def oddities(item: Item) -> Iterator[Found]:
    """What can be kept but is hardly meant: no limits at all, a reminder that comes before one of the targets has begun,
    the same reminder twice, and a higher priority that is slower than a lower one."""
    if "limits" not in item.model_fields_set:
        yield Found("item_limit_none", (), {})
        return
    for place, row, found in _rows(item.limits):
        if "remind" not in row.model_fields_set:
            continue
        if len(set(found.remind)) != len(found.remind):
            yield Found("item_limit_remind_twice", (*place, "remind"), {})
        targets = _targets(found)
        for offset in found.remind:
            late = [target for target in targets if _beyond(offset, target)]
            if late and len(late) < len(targets):
                yield Found("item_limit_remind_early", (*place, "remind"), {})
                break
    yield from _slower(item.limits)


def _slower(limits: Promise) -> Iterator[Found]:
    """Rows of a higher priority, whole areas aside, that promise later what a lower one promises."""
    usual = limits.limits()
    by_priority: dict[str, Limits] = {"normal": usual}
    rows: dict[str, int] = {}
    for number, row in enumerate(limits.instead):
        if row.priority is not None and not row.area:
            by_priority[row.priority], rows[row.priority] = limits.with_row(row), number
    for number, low in enumerate(PRIORITIES):
        for high in PRIORITIES[number + 1 :]:
            if low not in by_priority or high not in by_priority:
                continue
            slow = [
                name for name in _TARGETS if _longer(getattr(by_priority[high], name), getattr(by_priority[low], name))
            ]
            if slow:
                place = ("limits", "instead", rows[high if high in rows else low], slow[0])
                yield Found("item_limit_slower", place, {"high": high, "low": low, "target": slow[0]})
                return


def _rows(limits: Promise) -> Iterator[tuple[Place, Promise | Instead, Limits]]:
    """The usual limits and every row that stands instead: its place, as it is written, and what holds then."""
    yield ("limits",), limits, limits.limits()
    for number, row in enumerate(limits.instead):
        yield ("limits", "instead", number), row, limits.with_row(row)


def _targets(found: Limits) -> list[Limit]:
    return [target for target in (found.respond, found.next, found.resolve) if target is not None]


def _longer(one: Limit | None, other: Limit | None) -> bool:
    """Whether one limit is longer than another. Different clocks are not compared: it hangs on the day."""
    return one is not None and other is not None and one.clock == other.clock and one.seconds > other.seconds


def _beyond(offset: Limit, target: Limit) -> bool:
    """Whether an offset lies before the very beginning of what it reminds of."""
    return offset.seconds < 0 and offset.clock == target.clock and -offset.seconds >= target.seconds


def _backwards(steps: tuple[Limit, ...]) -> bool:
    """Whether a step up does not come after the one before it."""
    return any(one.clock == other.clock and one.seconds >= other.seconds for one, other in pairwise(steps))
