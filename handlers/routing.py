"""Where a matter goes by what was answered: the rows `[[route]]` of its item, put to the roster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import directory
from handlers.turn import Turn
from models.item import Item


def routed(turn: Turn, item: Item, answers: Mapping[str, Any]) -> Item:
    """The item as it is answered for these answers: of another office, by another role; the item itself where no row fits.

    The first row that fits decides. Where its office is not on the roster the matter goes to the item's own place, since
    nothing may be lost by a wrong name; `check` and `doctor` tell of it.
    """
    row = next((each for each in item.route if each.when.holds(answers, turn.school.seasons)), None)
    if row is None or (row.office and directory.office_path(turn.session, row.office) is None):
        return item
    there = {"tree": "office", "office": row.office} if row.office else {}
    return item.model_copy(update={**there, **({"answers_by": row.answers_by} if row.answers_by else {})})
