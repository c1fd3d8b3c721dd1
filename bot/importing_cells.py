"""Turns the bytes of a table into rows of clean cells: encodings, separators, stray characters, Excel's numbers."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from handlers.texts import LANGUAGES, text

MOST_BYTES: Final = 64 * 1024 * 1024  # a school of 67,000 has tables of about 6 MB
SEPARATORS: Final = (",", "\t", ";")

# GB18030-2022 gives these eight characters their own places in Unicode; older tables have them in the private area.
_PRIVATE: Final = str.maketrans(
    dict(zip("\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864", map(chr, range(0x9FB4, 0x9FBC)), strict=True))
)
_EXCEL: Final = re.compile(r"\d+\.\d*[eE]\+?\d+|\d+[eE]\+\d+|\d+\.0*")
_ROUNDED: Final = re.compile(r"\d{13,}000")  # Excel keeps 15 digits and writes zeros for the rest.
_DATE: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_INSTANT: Final = re.compile(r"(\S+)[ T](\d{1,2}):(\d{2})(?::00)?")


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake: the file's name, the line in it (0 for the file as a whole, shown without), and what is wrong, in words."""

    file: str
    row: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.row}: {self.what}" if self.row else f"{self.file}: {self.what}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: the line it begins in, and its cells by column; a column that is not there is no cell."""

    number: int
    cells: Mapping[str, str]


class Wrong(Exception):
    """What is wrong with a row (or the file, row 0): a text key and its values."""

    def __init__(self, key: str, row: int = 0, **values: object) -> None:
        super().__init__(key)
        self.key, self.row, self.values = key, row, values


def decode(data: bytes) -> str:
    """The text of a file in UTF-8, with or without a mark, or GB18030; Wrong with the line that is neither, or mixed."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        broken = data.count(b"\n", 0, error.start) + 1
    # A file that is UTF-8 in one line and not in another is damaged or glued together; read as GB18030 it would come
    # out as wrong characters without any complaint. Three-byte characters are the proof: GBK text hardly ever is one.
    for line in data.splitlines():
        try:
            mixed = any(ord(character) > 0x7FF for character in line.decode("utf-8"))
        except UnicodeDecodeError:
            continue
        if mixed:
            raise Wrong("roster.encoding", broken)
    try:
        words = data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise Wrong("roster.encoding", data.count(b"\n", 0, error.start) + 1) from None
    return words.translate(_PRIVATE)


def clean(cell: str) -> str:
    """A cell without control characters and invisible direction marks, in one spelling, blanks trimmed and single."""
    spaced = "".join(" " if character in "\t\r\n\v\f" else character for character in cell)
    # Private and not yet assigned places stay: a newer Unicode, or a school's own font, may have a name's character there.
    kept = "".join(c for c in spaced if unicodedata.category(c) not in {"Cc", "Cf"})
    return " ".join(unicodedata.normalize("NFC", kept).split())


def plain(cell: str) -> str:
    """A number, code or date in half-width characters; names are not touched by this."""
    return unicodedata.normalize("NFKC", cell).strip()


def table(file: Path, columns: Mapping[str, bool]) -> Iterator[Row | Wrong]:
    """The rows of a CSV file whose columns are given as {name: whether it must be there}.

    Yields a Wrong for each row that cannot be read, and raises one where the file as a whole cannot.
    """
    if file.stat().st_size > MOST_BYTES:
        raise Wrong("roster.too_big", most=MOST_BYTES // 1024 // 1024)
    words = decode(file.read_bytes()).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in words:
        words = words.replace("\0", "")
    first, _, _ = words.partition("\n")
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(words, newline=""), delimiter=separator, strict=True)
    header: list[str] | None = None
    while True:
        number = reader.line_num + 1
        try:
            found = next(reader, None)
        except csv.Error:
            # After a broken quotation mark nothing tells where the next row begins.
            yield Wrong("roster.quotes", number)
            return
        if found is None:
            return
        row = [clean(cell) for cell in found]
        if not any(row):
            continue
        if header is None:
            header = _header(row, columns, number)
        elif len(row) != len(header):
            yield Wrong("roster.cells", number, given=len(row), expected=len(header))
        else:
            yield Row(number, dict(zip(header, row, strict=True)))


def _header(row: list[str], columns: Mapping[str, bool], number: int) -> list[str]:
    labels = {text(lang, f"roster.column_{name}").casefold(): name for lang in LANGUAGES for name in columns}
    names = [plain(cell).casefold() for cell in row]
    names = [name if name in columns else labels.get(name, "") for name in names]
    unknown = [cell for cell, name in zip(row, names, strict=True) if not name]
    if unknown:
        raise Wrong("roster.unknown_columns", number, columns=", ".join(unknown), allowed=", ".join(columns))
    for name in names:
        if names.count(name) > 1:
            raise Wrong("roster.twice_column", number, column=name)
    lacking = [name for name, needed in columns.items() if needed and name not in names]
    if lacking:
        raise Wrong("roster.lacking_columns", number, columns=", ".join(lacking))
    return names


# -- cells


def digits(cell: str, column: str) -> str:
    """A number, code or phone; Wrong where a spreadsheet has made a quantity of it, which nothing can undo for sure."""
    value = plain(cell)
    if _EXCEL.fullmatch(value) or _ROUNDED.fullmatch(value):
        raise Wrong("roster.excel", column=column, value=value)
    return value


def yes(cell: str, column: str) -> bool:
    """A yes or no in digits, English or Chinese; Wrong for anything else."""
    value = plain(cell).casefold()
    for answer, keys in ((True, {"1", "true", "yes", "y"}), (False, {"0", "false", "no", "n"})):
        said = text("zh", "roster.yes" if answer else "roster.no")
        if value in keys or value == said:
            return answer
    raise Wrong("roster.yes_or_no", column=column, value=value)


def day(cell: str, column: str) -> date | None:
    """A day as 2026-09-01 or 2026/9/1, None for an empty cell; Wrong for anything else, Excel's day numbers too."""
    value = plain(cell)
    if not value:
        return None
    found = _DATE.fullmatch(value)
    try:
        if found is not None:
            return date(*map(int, found.groups()))
    except ValueError:
        pass
    raise Wrong("roster.excel" if value.isdigit() else "roster.bad_day", column=column, value=value)


def instant(cell: str, column: str, zone: ZoneInfo) -> datetime:
    """An instant as 2026-09-01 20:00 on the school's clock; Wrong for anything else."""
    value = plain(cell)
    found = _INSTANT.fullmatch(value)
    if found is not None:
        on = day(found[1], column)
        hour, minute = int(found[2]), int(found[3])
        if on is not None and hour < 24 and minute < 60:
            return datetime(on.year, on.month, on.day, hour, minute, tzinfo=zone)
    raise Wrong("roster.bad_instant", column=column, value=value)
