"""Every mistake in the guides of a school: in each file, of an item or of none, and between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from bot.settings import Mistake, Settings
from bot.settings.mistakes import Notes
from bot.settings.reading import read
from handlers import catalogue, guides
from handlers.item_names import fold
from models.guide import Answer, Guide, GuideFile
from models.item import Shape, Words

_TABLES: Final[dict[str, type[Shape]]] = {
    "title": Words, "guides": Guide, "guides.answer": Answer, "guides.source": Words,
}  # fmt: skip


def known() -> dict[str, tuple[str, ...]]:
    """Every table of a file of guides with its keys, to suggest from."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(GuideFile.model_fields, ())
    return found | {table: tuple(shape.model_fields) for table, shape in _TABLES.items()}


def mistakes(settings: Settings, lang: str, today: date) -> Iterator[Mistake]:
    """What is wrong with the guides of a school's folders, and what is odd about those and about its items': without
    English, over for good, or a question that two of them answer (warnings).

    Mistakes of an item's own file are told with the item (bot/items.py).
    """
    asked: dict[str, str] = {}
    seen: dict[str, Path] = {}
    for path in guides.files(settings.services.guides):
        notes = Notes(lang)
        data = read(path, notes) or {}
        found = _made(data, notes, path) if data else None
        if found is not None and path.stem in seen:
            notes.add_at(None, path.name, "item_guide_file", fatal=False, name=path.stem, other=seen[path.stem])
        seen[path.stem] = path
        for row, guide in enumerate(found.guides if found is not None else ()):
            _look(notes, row, guide, today, asked, f"{path.stem}/{guide.key}")
        yield from (replace(mistake, file=path) for mistake in notes.mistakes)
    for path in catalogue.files(settings.services.folders):
        item = catalogue.read(path)
        if item is None or not item.guides:
            continue
        notes = Notes(lang)
        read(path, notes)
        for row, guide in enumerate(item.guides):
            _look(notes, row, guide, today, asked, f"{item.slug}/{guide.key}")
        yield from (replace(mistake, file=path) for mistake in notes.mistakes)


def _made(data: dict[str, Any], notes: Notes, path: Path) -> GuideFile | None:
    try:
        found = GuideFile.model_validate(data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            notes.add_error("", detail, known(), path.name)
        return None
    if not found.title.en:
        notes.add(("title",), "item_english", fatal=False)
    return found


def _look(notes: Notes, row: int, guide: Guide, today: date, asked: dict[str, str], name: str) -> None:
    """Note what is odd about one guide."""
    for where in guides.untranslated(guide):
        key = "item_guide_asked" if where == "questions" else "item_english"
        notes.add(("guides", row, where), key, fatal=False)
    if guide.until is not None and guide.until < today:
        notes.add(("guides", row, "until"), "item_guide_over", fatal=False, until=guide.until)
    for question in guide.questions:
        other = asked.setdefault(fold(question), name)
        if other != name:
            notes.add(("guides", row, "questions"), "item_guide_same", fatal=False, question=question, other=other)
