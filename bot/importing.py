"""Reads a school's roster from a folder of CSV files or one TOML file, and names every mistake by file and row."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot import importing_cells as cells
from bot.importing_cells import Fault, Row, Wrong
from handlers import roster
from handlers.roster import Area, Counts, Known, Member, School, Task, Watch
from handlers.texts import LANGUAGES, text
from models.db import Database
from models.message import Refused

__all__ = ["Fault", "bring", "explain", "read", "summary"]

Entry = Area | Member | Task | Watch
MOST_TOLD: Final = 10  # entries of a kind that are told by name

# The columns of each table, and whether they must be there.
TABLES: Final[Mapping[str, Mapping[str, bool]]] = {
    "areas": {"code": True, "tree": True, "level": True, "name": True, "name_en": False, "parent": True, "phone": False},
    "people": {
        "number": True, "name": True, "name_en": False, "kind": True,
        "academic": False, "residential": False, "phone": False, "active": False, "guardian_phone": False,
    },
    "duties": {"number": True, "area": True, "role": True, "leads": False, "from_on": False, "until_on": False},
    "shifts": {"number": True, "area": True, "role": True, "starts_at": True, "ends_at": True},
}  # fmt: skip


KEYS: Final = {"areas": "code", "people": "number"}  # the column that names a row
REFERS: Final = {"roster.unknown_area": "areas", "roster.unknown_person": "people"}  # where what is missing should be


class _Reading:
    """One import while it is read: the language of its mistakes, the mistakes, and each entry's file and row."""

    def __init__(self, lang: str, zone: ZoneInfo) -> None:
        self.lang, self.zone = lang, zone
        self.faults: list[Fault] = []
        self.places: dict[str, list[tuple[str, int]]] = {part: [] for part in TABLES}
        # What rows that could not be read are about, by table: their codes or numbers; None where nobody knows.
        self.lost: dict[str, set[str] | None] = {part: set() for part in TABLES}

    def lose(self, part: str, row: Mapping[str, str] | None) -> None:
        """Remember what a row was about that could not be read (None: not even that)."""
        key = (row or {}).get(KEYS.get(part, ""), "")
        lost = self.lost[part]
        if lost is not None and key:
            lost.add(cells.plain(key))
        else:
            self.lost[part] = None

    def may_hold(self, part: str, value: object) -> bool:
        """Whether a row that could not be read may be the one that another refers to."""
        lost = self.lost[part]
        return lost is None or value in lost

    def fault(self, file: str, row: int, key: str, values: Mapping[str, object]) -> None:
        self.faults.append(Fault(file, row, text(self.lang, key, **values)))


def read(folder: Path, lang: str = "zh", zone: ZoneInfo = roster.ZONE) -> tuple[School | None, list[Fault]]:
    """The roster in a folder (areas.csv, people.csv, duties.csv, shifts.csv, whichever are there) or in one TOML file.

    CSV is UTF-8 with or without a mark, or GB18030, with a header row; a TOML file holds the same tables as lists
    ([[people]] …), and its rows are counted from 1. The mistakes are all there are, in the order of files and rows;
    with any, there is no school. What only the database knows, such as an area of an earlier import, `load` checks.
    """
    reading = _Reading(lang, zone)
    parts: dict[str, list[Any]] = {part: [] for part in TABLES}
    for part, file, rows in _tables(folder, reading):
        try:
            for row in rows:
                if isinstance(row, Wrong):
                    reading.lose(part, None)
                    reading.fault(file, row.row, row.key, row.values)
                    continue
                found, entry = _read_row(part, row.cells, zone)
                for wrong in found:
                    reading.fault(file, row.number, wrong.key, wrong.values)
                if found:
                    reading.lose(part, row.cells)
                if entry is not None:
                    parts[part].append(entry)
                    reading.places[part].append((file, row.number))
        except Wrong as wrong:
            reading.lose(part, None)
            reading.fault(file, wrong.row, wrong.key, wrong.values)
    school = School(*(tuple(parts[part]) for part in TABLES))
    if not any(parts.values()) and not reading.faults:
        reading.fault(folder.name, 0, "roster.nothing", {"files": ", ".join(f"{part}.csv" for part in TABLES)})
    _check(school, reading)
    order = {f"{part}.csv": place for place, part in enumerate(TABLES)}
    reading.faults.sort(key=lambda fault: (order.get(fault.file, 0), fault.row))
    return (None if reading.faults else school), reading.faults


def _tables(folder: Path, reading: _Reading) -> Iterator[tuple[str, str, Iterator[Row | Wrong]]]:
    """Each table that is there: its part, the file's name, and its rows."""
    if folder.is_dir():
        for part, columns in TABLES.items():
            file = folder / f"{part}.csv"
            if file.is_file():
                yield part, file.name, cells.table(file, columns)
        return
    try:
        tables = tomllib.loads(cells.decode(folder.read_bytes()))
    except OSError:
        reading.fault(folder.name, 0, "roster.unreadable", {})
        return
    except Wrong as wrong:
        reading.fault(folder.name, wrong.row, wrong.key, wrong.values)
        return
    except tomllib.TOMLDecodeError as error:
        reading.fault(folder.name, 0, "roster.toml", {"error": str(error)})
        return
    for part in tables:
        if part not in TABLES:
            reading.fault(folder.name, 0, "roster.unknown_columns", {"columns": part, "allowed": ", ".join(TABLES)})
    for part in TABLES:
        yield part, folder.name, _toml_rows(tables.get(part, []), TABLES[part])


def _toml_rows(entries: Any, columns: Mapping[str, bool]) -> Iterator[Row | Wrong]:
    if not isinstance(entries, list):
        raise Wrong("roster.not_a_list")
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            yield Wrong("roster.not_a_list", number)
            continue
        unknown = [key for key in entry if key not in columns]
        lacking = [key for key, needed in columns.items() if needed and key not in entry]
        if unknown:
            yield Wrong("roster.unknown_columns", number, columns=", ".join(unknown), allowed=", ".join(columns))
        elif lacking:
            yield Wrong("roster.lacking_columns", number, columns=", ".join(lacking))
        else:
            yield Row(number, {key: cells.clean(_cell(value)) for key, value in entry.items()})


def _cell(value: object) -> str:
    """A TOML value as the words that a CSV cell would hold."""
    return value.isoformat(" ", "minutes") if isinstance(value, datetime) else str(value)


def _entry(part: str, row: Mapping[str, str], zone: ZoneInfo) -> Entry:
    """One row as a value; Wrong says which cell cannot be one."""
    if part == "areas":
        return Area(
            cells.digits(row["code"], "code"), _word(row["tree"], "tree", "academic", "residential", "office"),
            cells.plain(row["level"]).lower(), row["name"], row.get("name_en", ""), cells.digits(row["parent"], "parent"),
            cells.digits(row["phone"], "phone") if "phone" in row else None,
        )  # fmt: skip
    number = cells.digits(row["number"], "number")
    if part == "people":
        academic, residential, phone, parents = (
            cells.digits(row[column], column) if column in row else None
            for column in ("academic", "residential", "phone", "guardian_phone")
        )
        active = cells.yes(row["active"], "active") if row.get("active") else True
        kind = _word(row["kind"], "kind", "student", "staff")
        return Member(number, row["name"], row.get("name_en"), kind, academic, residential, phone, active, parents)
    area, role = cells.digits(row["area"], "area"), cells.plain(row["role"]).lower()
    if part == "duties":
        leads = cells.yes(row["leads"], "leads") if row.get("leads") else False
        days = (cells.day(row.get(column, ""), column) for column in ("from_on", "until_on"))
        return Task(number, area, role, leads, *days)
    starts_at, ends_at = (cells.instant(row[column], column, zone) for column in ("starts_at", "ends_at"))
    return Watch(number, area, role, starts_at, ends_at)


_HARMLESS: Final = {"starts_at": "2026-01-01 00:00", "ends_at": "2026-01-01 01:00"}
# Without these a row can still be held against the others; what it is about, and when, cannot be made up.
_SPARE: Final = frozenset({"phone", "guardian_phone", "active", "leads"})


def _read_row(part: str, row: Mapping[str, str], zone: ZoneInfo) -> tuple[list[Wrong], Entry | None]:
    """A row as a value, and every cell that cannot be one: it is read again without those that were found, so that none
    hides another. None for the value where what it is about, or when, is not known.
    """
    left, found, columns = dict(row), list[Wrong](), set[str]()
    while True:
        try:
            entry = _entry(part, left, zone)
        except Wrong as wrong:
            found.append(wrong)
            column = str(wrong.values.get("column", ""))
            if column not in left or column in columns:
                return found, None
            columns.add(column)
            left[column] = "" if column in _SPARE or column.endswith("_on") else _HARMLESS.get(column, "0")
        else:
            return found, entry if columns <= _SPARE else None


def _word(cell: str, column: str, *allowed: str) -> str:
    """One of some words, or its label in any language; what is neither is left for the check to name."""
    value = cells.plain(cell).lower()
    labels = {text(lang, f"roster.{column}_{word}").lower(): word for lang in LANGUAGES for word in allowed}
    return labels.get(value, value)


def _check(school: School, reading: _Reading) -> None:
    """Add what the rows say wrong about each other; what a table that is not there may hold is left unchecked."""
    for mistake in roster.check(school, Known(None, None)):
        # A row that could not be read may be the very one that another row refers to: then only what is sure is said.
        table = REFERS.get(mistake.key)
        if table and reading.may_hold(table, mistake.values.get("value")):
            continue
        file, row = reading.places[mistake.part][mistake.index]
        values = dict(mistake.values)
        if "earlier" in values:
            values["earlier"] = reading.places[mistake.part][int(str(values["earlier"])) - 1][1]
        reading.fault(file, row, mistake.key, values)


# -- writing what was read


class _Rehearsed(Exception):
    """Carries the counts of a rehearsal out of its unit, which is thereby rolled back."""

    def __init__(self, counts: Counts) -> None:
        super().__init__()
        self.counts = counts


def bring(
    database: Database, now: datetime, school: School, *, force: bool = False, dry: bool = False,
    look: Callable[[roster.Session], object] | None = None,
) -> Counts:  # fmt: skip
    """Write a roster in one unit, all or nothing; dry runs everything and keeps nothing. Raises Refused as load does.

    look: is given the session at the end of the unit, to see the roster as it is (or, dry, would be) afterwards.
    """

    def unit(session: roster.Session) -> Counts:
        counts = roster.load(session, now, school, force=force)
        if look is not None:
            look(session)
        if dry:
            raise _Rehearsed(counts)
        return counts

    try:
        return database.run(unit)
    except _Rehearsed as rehearsed:
        return rehearsed.counts


def summary(counts: Counts, lang: str, *, dry: bool = False) -> Iterator[str]:
    """What an import wrote, or (dry) would write: a sentence, then a line for each table and kind of change."""
    numbers = {"added": counts.added, "changed": counts.changed, "unchanged": counts.unchanged, "left": counts.left}
    yield text(lang, "roster.rehearsed" if dry else "roster.written")
    yield text(lang, "roster.summary", **numbers)
    for part in TABLES:
        for what in ("added", "changed", "ended", "left"):
            keys = [key for told_part, told, key in counts.told if (told_part, told) == (part, what)]
            if keys:
                more = text(lang, "roster.told_more", count=len(keys) - MOST_TOLD) if len(keys) > MOST_TOLD else ""
                some = text(lang, "roster.told_between").join(keys[:MOST_TOLD]) + more
                yield text(lang, f"roster.told_{what}", part=part, count=len(keys), some=some)
    if dry:
        yield text(lang, "roster.rehearsed_end")


def explain(refused: Refused, lang: str) -> str:
    """Why a roster was not written, and for which entry; that nothing was written is said too."""
    what = text(lang, refused.key, **refused.values)
    if "row" in refused.values:
        what = text(lang, "roster.entry", part=refused.values["part"], row=refused.values["row"], what=what)
    return f"{what}\n{text(lang, 'roster.nothing_written')}"
