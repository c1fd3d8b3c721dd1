"""What else is wrong in an item's file of which some values cannot be read: these are left out, and the rest is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from handlers import catalogue

Place = tuple[str | int, ...]
ROUNDS: Final = 24  # each leaves at least one more value out; a file with more mistakes is mended step by step
# What of the whole item has to give way, so that what comes after it is looked at.
_GIVES_WAY: Final[dict[str, Place]] = {
    "item_elsewhere": ("elsewhere",), "item_live_hidden": ("live_for",), "item_abroad": ("abroad",),
    "item_route_chain": ("route",), "item_before": ("limits", "before"), "item_mode": ("approval",),
    "item_leave_code": ("leave",),
}  # fmt: skip
_FILLED: Final[dict[str, tuple[Place, object]]] = {
    "item_office": (("office",), "office"), "item_resolve": (("limits", "resolve"), "1d"),
}  # fmt: skip
_NEEDED: Final[dict[Place, object]] = {("title",): "-", ("prefix",): "ZZ"}  # without these there is no item to look at
_LEFT_OUT: Final = object()


class _Rest:
    """The tables of a file without the places that cannot be read, and where each row stood."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.dropped: set[Place] = set()
        self.filled: dict[Place, object] = {}

    def made(self) -> dict[str, Any]:
        """What is left, with what stands in for what an item must have."""
        left: dict[str, Any] = self._without(self.data, ())
        for (*above, last), value in self.filled.items():
            table: Any = left
            for part in above:
                table = table.setdefault(part, {})
            table[last] = value
        return left

    def _without(self, value: Any, place: Place) -> Any:
        if place in self.dropped:
            return _LEFT_OUT
        if isinstance(value, dict):
            parts = {key: self._without(each, (*place, key)) for key, each in value.items()}
            return {key: each for key, each in parts.items() if each is not _LEFT_OUT}
        if isinstance(value, list):
            rows = [self._without(each, (*place, row)) for row, each in enumerate(value)]
            return [each for each in rows if each is not _LEFT_OUT]
        return value

    def origin(self, loc: Place) -> Place:
        """The place in the file of a place in what is left, as deep as the file goes."""
        found: Place = ()
        value: Any = self.data
        for part in loc:
            if isinstance(value, list) and isinstance(part, int):
                rows = [row for row in range(len(value)) if (*found, row) not in self.dropped]
                if part >= len(rows):
                    return found
                found, value = (*found, rows[part]), value[rows[part]]
            elif isinstance(value, dict):
                found, value = (*found, part), value.get(part)
            else:
                return (*found, part)
        return found

    def leave_out(self, place: Place) -> bool:
        """Leave a value out, or what holds it where it is out already; False where nothing is left to leave out."""
        while place and (place in self.dropped or not self._is_there(place)):
            place = place[:-1]
        if place:
            self.dropped.add(place)
        return bool(place)

    def _is_there(self, place: Place) -> bool:
        value: Any = self.data
        for part in place:
            inside = isinstance(value, dict) and part in value
            inside = inside or (isinstance(value, list) and isinstance(part, int) and part < len(value))
            if not inside:
                return False
            value = value[part]
        return True

    def touches(self, *places: Place) -> bool:
        """Whether anything at, above or below one of these places is left out."""
        return any(out[: len(place)] == place or place[: len(out)] == out for out in self.dropped for place in places)

    def words(self) -> set[str]:
        """Every word that stands in what is left out: what is told of one of these is told because it is out."""
        found: set[str] = set()
        for place in self.dropped:
            value: Any = self.data
            for part in place:
                value = value[part]
            found |= {str(part) for part in place} | set(_words(value))
        return found


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from _words(each)
    elif isinstance(value, list):
        for each in value:
            yield from _words(each)
    else:
        yield str(value)


def further(slug: str, data: dict[str, Any], first: Iterable[ErrorDetails]) -> Iterator[ErrorDetails]:
    """What is wrong besides `first`, which an item's file was refused for: each at its place in the file.

    A value that cannot be read hides contradictions, since an item is looked at as a whole only once it is one. What would
    be told only because something is left out is not told.
    """
    rest, errors = _Rest(data), list(first)
    told = {(each["type"], each["loc"]) for each in errors}
    for _ in range(ROUNDS):
        mended = [_mend(rest, each) for each in errors]
        if not all(mended):
            return
        try:
            catalogue.made(slug, rest.made())
        except ValidationError as error:
            errors = [{**each, "loc": rest.origin(each["loc"])} for each in error.errors(include_url=False)]
        except (ImportError, AttributeError):
            errors = [{"type": "item_code", "loc": ("code",), "msg": "", "input": data.get("code")}]
            told.add(("item_code", ("code",)))
        else:
            return
        for each in errors:
            key = (each["type"], each["loc"])
            if key not in told and not _follows(rest, each):
                yield each
            told.add(key)


def _mend(rest: _Rest, error: ErrorDetails) -> bool:
    """Let what an error is about be no error of the next round; whether it can be."""
    kind, place = error["type"], error["loc"]
    if kind == "missing" and place in _NEEDED:
        rest.filled[place] = _NEEDED[place]
        return True
    if place in _NEEDED:
        rest.filled[place] = _NEEDED[place]
    if not place and kind in _FILLED:
        where, value = _FILLED[kind]
        rest.filled[where] = value
        return True
    if not place and kind in ("item_leave_kind", "item_when_field", "item_tag_sealed"):
        about = next((str(value) for value in (error.get("ctx") or {}).values()), "")
        found = [where for where in _about(rest.data, kind, about) if rest.leave_out(where)]
        return bool(found)
    return rest.leave_out(place or _GIVES_WAY.get(kind, ()))


def _about(data: dict[str, Any], kind: str, word: str) -> Iterator[Place]:
    """The places that a mistake of the whole item may mean, which names a kind of leave or a field only."""
    if kind == "item_leave_kind":
        yield "leave", "kinds", word
        return
    for table in ("approval", "priority", "tag", "route"):
        rows = data.get(table)
        for row, each in enumerate(rows if isinstance(rows, list) else []):
            if isinstance(each, dict) and word in _words(each.get("when")):
                yield table, row


def _follows(rest: _Rest, error: ErrorDetails) -> bool:
    """Whether an error may only be there because something is left out."""
    kind, place = error["type"], error["loc"]
    if rest.touches(place) and place:
        return True
    out = rest.words()
    if any(isinstance(value, str) and value in out for value in (error.get("ctx") or {}).values()):
        return True
    if kind == "item_least" and place[:1] == ("leave",):
        return any(out[-1] in ("least", "most") for out in rest.dropped)
    rows = [("fields", row) for row, each in enumerate(_rows(rest.data)) if isinstance(each, dict)]
    if kind == "item_when_field" and any((*row, "key") in rest.dropped for row in rows):
        return True
    hangs_on: dict[str, tuple[Place, ...]] = {
        "item_leave_evidence": tuple((*row, key) for row in rows for key in ("kind", "type")),
        "item_leave_kind": tuple(row for row in rows if rest.data["fields"][row[1]].get("key") in ("kind", None)),
        "item_when_field": (("code",),), "item_resolve": (("limits",),), "item_rule_promise": (("limits",),),
        "item_office": (("tree",), ("office",)), "item_elsewhere": (("live_for",),),
    }  # fmt: skip
    return rest.touches(*hangs_on.get(kind, ()))


def _rows(data: dict[str, Any]) -> list[Any]:
    rows = data.get("fields")
    return rows if isinstance(rows, list) else []
