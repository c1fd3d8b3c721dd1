"""Takes in the lists of people that a posted form brings as files: their rows, never the files themselves."""

from __future__ import annotations

import asyncio

from bot import lists
from bot.access import Call
from bot.lists import Rows
from handlers import list_files, sheet
from handlers.sheet import Wrong
from handlers.texts import text
from models.item import Item
from models.message import Refused


async def read_posted(call: Call, item: Item) -> tuple[dict[str, Rows], list[Wrong]]:
    """The rows of the lists in a posted form, by the keys of their questions; a refusal is said beside its question."""
    found: dict[str, Rows] = {}
    wrong: list[Wrong] = []
    for name in list_files.names(item) & call.form.files.keys():
        key = name.removeprefix(sheet.PREFIX).removesuffix(list_files.ENDING)
        for file in call.form.files[name]:
            try:
                found[key] = (*found.get(key, ()), *await asyncio.to_thread(lists.read_list, file.data))
            except Refused as refused:
                reason = text(call.lang, refused.key, **refused.values)
                wrong.append(Wrong(key, text(call.lang, "sheet.bad_file", name=file.name[:80], reason=reason)))
    return found, wrong
