"""Reads the rows of a list that somebody uploads, a spreadsheet or plain text, without trusting anything in the file."""

from __future__ import annotations

import asyncio
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from bot.importing_cells import SEPARATORS, Wrong, clean, decode
from models.message import Refused

Rows = tuple[tuple[str, ...], ...]

ENDINGS: Final = (".xlsx", ".csv", ".txt", ".tsv")
MOST_ROWS: Final = 2_000  # a list of leave holds at most 500 people; more is another table
MOST_COLUMNS: Final = 60
MOST_CELL: Final = 200  # characters; a name or a number is shorter
MOST_BYTES: Final = 10_485_760  # of the file, where nobody asked before
MOST_UNPACKED: Final = 10_000_000  # bytes of one part of a spreadsheet
_ZIP: Final = b"PK\x03\x04"
_OLD: Final = b"\xd0\xcf\x11\xe0"  # what .xls begins with, and an .xlsx that is locked with a password
_COLUMN: Final = re.compile(r"([A-Z]{1,3})\d+")
_SHEETS: Final = "xl/workbook.xml"
# What a damaged, half or wrong file brings about: `ZipFile` and `read` raise BadZipFile, zlib.error, EOFError and OSError,
# NotImplementedError for a way of packing that Python does not know, and RuntimeError for a part that is locked with a
# password; `getinfo` raises KeyError for a part that is not there, `fromstring` ParseError; and ValueError, KeyError and
# IndexError come of numbers that are none, and of parts, sheets and words that are referred to and are not there.
_BAD: Final = (
    zipfile.BadZipFile, zlib.error, ET.ParseError, KeyError, IndexError, ValueError, NotImplementedError,
    RuntimeError, EOFError, OSError,
)  # fmt: skip


def is_list(name: str) -> bool:
    """Whether a file calls itself a table that may be a list."""
    return name.lower().endswith(ENDINGS)


def is_text(name: str) -> bool:
    """Whether a file calls itself plain text, which nothing but a question for people takes."""
    return name.lower().endswith(ENDINGS[1:])


def read_list(data: bytes) -> Rows:
    """The rows of a list with their cells, cleaned; of a spreadsheet those of the first sheet that is shown, formulas as
    the values that were saved. Empty rows are left out.

    Raises Refused: nothing in it, another kind of file, locked or of an old kind, damaged, or too long.
    """
    if not data.strip():
        raise Refused("file.empty")
    if len(data) > MOST_BYTES:
        raise Refused("file.too_large", most=MOST_BYTES // 1_048_576)
    if data.startswith(_OLD):
        raise Refused("list_file.old")
    found = _sheet(data) if data.startswith(_ZIP) else _text(data)
    rows: list[tuple[str, ...]] = []
    for cells in found:
        row = tuple(clean(cell[:MOST_CELL]) for cell in cells[:MOST_COLUMNS])
        if any(row):
            rows.append(row)
        if len(rows) > MOST_ROWS:
            raise Refused("list_file.long", most=MOST_ROWS)
    if not rows:
        raise Refused("list_file.no_rows")
    return tuple(rows)


async def read_sent(name: str, data: bytes) -> Rows:
    """The rows of a file that was sent in chat: () for what cannot be a list, one empty row for a spreadsheet that is none.

    Raises Refused for plain text that cannot be read, since no other question takes it.
    """
    if not is_list(name):
        return ()
    try:
        return await asyncio.to_thread(read_list, data)
    except Refused:
        if is_text(name):
            raise
        return (("",),)


def _text(data: bytes) -> Iterator[list[str]]:
    """Rows of plain text, with commas, tabs or semicolons between the cells."""
    try:
        # A spreadsheet's "Unicode text" is UTF-16 with a mark.
        words = data.decode("utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else decode(data)
    except (Wrong, UnicodeDecodeError):
        raise Refused("list_file.kind") from None
    if any(mark < " " and mark not in "\t\r\n\v\f" for mark in words):
        raise Refused("list_file.kind")  # A picture or a program; text holds no such characters.
    words = words.replace("\r\n", "\n").replace("\r", "\n").replace("，", ",")
    head = words[:4_000]
    try:
        yield from csv.reader(io.StringIO(words, newline=""), delimiter=max(SEPARATORS, key=head.count))
    except csv.Error:
        raise Refused("file.broken") from None


def _sheet(data: bytes) -> Iterator[list[str]]:
    """Rows of the first sheet of an .xlsx that is not hidden."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.lower() for name in archive.namelist()}
            if _SHEETS not in names or any(name.endswith("vbaproject.bin") for name in names):
                raise Refused("list_file.kind")
            shared = _shared(archive)
            rows = [_cells(row, shared) for row in _limited(_part(archive, _first(archive)))]
    except _BAD:
        raise Refused("file.broken") from None
    yield from rows


def _limited(sheet: ET.Element) -> list[ET.Element]:
    rows = sheet.findall("{*}sheetData/{*}row")
    if len(rows) > 20 * MOST_ROWS:  # Many are empty where somebody drew lines around a whole column.
        raise Refused("list_file.long", most=MOST_ROWS)
    return rows


def _part(archive: zipfile.ZipFile, name: str) -> ET.Element:
    """One part of the file as XML; no part may name entities, which could unfold without end or read other files."""
    if archive.getinfo(name).file_size > MOST_UNPACKED:
        raise Refused("file.bomb")
    words = archive.read(name).decode("utf-8-sig")
    if "<!DOCTYPE" in words or "<!ENTITY" in words or "\0" in words:
        raise Refused("file.broken")
    # As text, so that no other encoding that the part declares can hide a declaration from the line above.
    return ET.fromstring(words)  # noqa: S314  # nosec B314


def _shared(archive: zipfile.ZipFile) -> list[str]:
    """The words that cells refer to by number; how they are to be pronounced is left out."""
    name = "xl/sharedStrings.xml"
    if name not in archive.namelist():
        return []
    return [_words(each) for each in _part(archive, name).findall("{*}si")]


def _words(entry: ET.Element) -> str:
    runs = [*entry.findall("{*}t"), *entry.findall("{*}r/{*}t")]
    return "".join(run.text or "" for run in runs)


def _first(archive: zipfile.ZipFile) -> str:
    """The name of the part that holds the first sheet that is shown."""
    sheets = _part(archive, _SHEETS).findall("{*}sheets/{*}sheet")
    shown = next((each for each in sheets if each.get("state", "visible") == "visible"), None)
    if shown is None:
        raise Refused("list_file.no_rows")
    wanted = [value for key, value in shown.attrib.items() if key.endswith("}id")][0]  # noqa: RUF015 (no StopIteration)
    links = _part(archive, "xl/_rels/workbook.xml.rels").findall("{*}Relationship")
    target = {each.get("Id"): each.get("Target", "") for each in links}[wanted]
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _cells(row: ET.Element, shared: list[str]) -> list[str]:
    cells: list[str] = []
    for cell in row.findall("{*}c"):
        found = _COLUMN.fullmatch(cell.get("r", ""))
        place = _place(found[1]) if found else len(cells)
        if place < MOST_COLUMNS:
            cells += [""] * (place - len(cells) + 1)
            cells[place] = _value(cell, shared)
    return cells


def _place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = 26 * place + ord(letter) - 64
    return place - 1


def _value(cell: ET.Element, shared: list[str]) -> str:
    kind = cell.get("t", "n")
    inline = cell.find("{*}is")
    if inline is not None:
        return _words(inline)
    value = cell.findtext("{*}v", "")
    if kind == "s":
        return shared[int(value)] if value else ""
    if kind == "n" and re.fullmatch(r"\d+\.0+|\d(?:\.\d+)?[eE]\+?\d{1,2}", value):
        number = float(value)  # A student number that the program keeps as a quantity.
        return str(int(number)) if number < 1e15 and number == int(number) else value
    return value
