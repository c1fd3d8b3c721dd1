"""A table as a spreadsheet file: text stays text, numbers are numbers, and nothing that somebody wrote is a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Final

from xlsxwriter import Workbook

MEDIA: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_WIDE: Final = 48  # characters of a column
MOST_CELL: Final = 32_767  # characters that the format allows in a cell

Cell = str | int | float | None


def write_sheets(sheets: Iterable[tuple[str, Sequence[str], Sequence[Sequence[Cell]]]]) -> bytes:
    """The file with a sheet for each (name, heads, rows); names are cut to the 31 characters that the format allows."""
    file = io.BytesIO()
    # In memory, since a table with what students wrote has no business in a folder for temporary files.
    book = Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1})
    for name, heads, rows in sheets:
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        for column, word in enumerate(heads):
            sheet.write_string(0, column, word, head)
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, column, _writable(cell))
                elif cell is not None:
                    sheet.write_number(line, column, cell)
        for column, word in enumerate(heads):
            longest = max((_width(str(row[column] or "")) for row in rows[:200]), default=0)
            sheet.set_column(column, column, min(MOST_WIDE, max(_width(word), longest) + 2))
    book.close()
    return file.getvalue()


def _writable(words: str) -> str:
    """Words without what the format's XML cannot hold, cut to what a cell can."""
    kept = "".join(mark for mark in words if mark in "\t\n\r" or mark >= " ")
    return kept.encode("utf-8", "replace").decode()[:MOST_CELL]


def _width(words: str) -> int:
    """How wide words are in a spreadsheet, a Chinese character counting for two."""
    return sum(2 if ord(mark) > 0x2E7F else 1 for mark in words)
