"""Reads a settings file: its bytes, its TOML, and everything that can be wrong before a single key is looked at."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from bot.settings.lines import Duplicate, scan
from bot.settings.mistakes import Notes, spell

MOST_BYTES = 1_048_576
AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
DAY = re.compile(r"(?<![\w\"'-])\d{4}-\d{2}-\d{2}(?![\w\"'-])")
# What YAML files begin with and no statement of TOML can.
YAML = re.compile(r"(?:---|%YAML|- |[\w\"'-]+:(?:\s|$))")
# What tomllib says where a key or table comes twice; the scan has told it better by then.
TWICE = ("Cannot overwrite", "Cannot declare", "Cannot mutate", "Duplicate inline table key")
# The full-width equals sign, comma, colon, brackets and curly quotes of a Chinese input method.
FULL_WIDTH = re.compile("[\uff1d\uff0c\uff1a\u3010\u3011\uff3b\uff3d\u201c\u201d\u2018\u2019]")


def read(path: Path, notes: Notes) -> dict[str, Any] | None:
    """The tables of a settings file; None where there is nothing to go on with. Mistakes go to the notes.

    Only TOML is ever parsed, so a YAML tag or alias bomb is plain text here.
    """
    content = _content(path, notes)
    if content is None:
        return None
    try:
        source = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        notes.add_at(content[: error.start].count(b"\n") + 1, path.name, "not_utf8")
        return None
    return _parse(source, path, notes)


def _content(path: Path, notes: Notes) -> bytes | None:
    """The bytes of the file, at most MOST_BYTES."""
    if not path.exists():
        notes.add_at(None, path.name, "no_file")
        return None
    if not path.is_file():  # A pipe or device could keep the reader waiting for ever.
        notes.add_at(None, path.name, "not_a_file")
        return None
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        notes.add_at(None, path.name, "unreadable", reason=error.strerror or "")
        return None
    if len(content) > MOST_BYTES:
        notes.add_at(None, path.name, "too_large", most=MOST_BYTES)
        return None
    return content


def _parse(source: str, path: Path, notes: Notes) -> dict[str, Any] | None:
    """The tables in a text, read on without the second of two equal keys so that the rest is checked too."""
    notes.outline = scan(source)
    if notes.outline.too_deep:
        notes.add_at(notes.outline.too_deep, path.name, "too_deep")
        return None
    duplicates = notes.outline.duplicates
    for double in duplicates:
        notes.add_at(double.line, spell(double.place), "duplicate", first=double.first)
    try:
        return tomllib.loads(_without(source, duplicates))
    except ValueError as error:  # TOMLDecodeError, or a number with too many digits.
        _note_syntax(source, path, error, notes)
        return None


def _without(source: str, duplicates: list[Duplicate]) -> str:
    """The text with second statements blanked out, every line where it was."""
    pieces, at = [], 0
    for start, end in sorted(double.span for double in duplicates if double.span):
        pieces += [source[at:start], re.sub(r"[^\n]", " ", source[start:end])]
        at = end
    return "".join([*pieces, source[at:]])


def _impossible_day(lines: list[str]) -> tuple[int, str] | None:
    """The last day in some lines that no calendar has, and its line (from 1): tomllib only says that a list is not closed."""
    for number in range(len(lines), 0, -1):
        for found in DAY.finditer(lines[number - 1].partition("#")[0]):
            try:
                date.fromisoformat(found[0])
            except ValueError:
                return number, found[0]
    return None


def _note_syntax(source: str, path: Path, error: ValueError, notes: Notes) -> None:
    detail = str(error)
    if notes.outline.duplicates and detail.startswith(TWICE):
        return
    lines = source.split("\n")
    first = next((n for n, line in enumerate(lines, 1) if line.strip() and not line.lstrip().startswith("#")), 1)
    if path.suffix in (".yaml", ".yml") or YAML.match(lines[first - 1].lstrip()):
        notes.add_at(first, path.name, "yaml")
        return
    found = AT_LINE.search(detail)
    number = int(found[1]) if found and found[1] else len(lines) if found else None
    key = "syntax"
    day = _impossible_day(lines[: number or len(lines)])
    if day is not None:
        notes.add_at(day[0], path.name, "date_wrong", day=day[1])
        return
    if number and FULL_WIDTH.search(lines[number - 1]):
        key = "syntax_full_width"
    elif not isinstance(error, tomllib.TOMLDecodeError):
        key = "number_too_long"
    notes.add_at(number, path.name, key, detail=AT_LINE.sub("", detail))
