"""Where each key of a TOML file stands: its line, and which keys come twice. The values are tomllib's work."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass, field

Place = tuple[str | int, ...]

# Settings nest three deep. The limit keeps tomllib, which recurses, from being driven into the ground.
DEEPEST = 32

BARE = re.compile(r"[A-Za-z0-9_-]+")
SPACE = re.compile(r"[ \t]*")
BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
REST_OF_LINE = re.compile(r"[^\n]*")
SCALAR = re.compile(r"[^,\]}\n#]+")
STRINGS = (
    re.compile(r'"""(?:\\.|[^\\])*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:\\.|[^"\\\n])*"'),
    re.compile(r"'[^'\n]*'"),
)


@dataclass(frozen=True)
class Duplicate:
    """A key written a second time; start and end are offsets of the statement, None where it cannot be cut out."""

    place: Place
    line: int
    first: int
    span: tuple[int, int] | None


@dataclass
class Outline:
    """What a scan found: lines (counted from 1) by place, duplicates, and the line where nesting went too deep."""

    lines: dict[Place, int] = field(default_factory=dict)
    duplicates: list[Duplicate] = field(default_factory=list)
    too_deep: int | None = None

    def line_of(self, place: Place) -> int | None:
        """The line of a place, or of the nearest table around it; None if even its section is not in the file."""
        while place:
            if place in self.lines:
                return self.lines[place]
            place = place[:-1]
        return None


class _Lost(Exception):
    """The scan no longer understands the file; tomllib will say what is wrong with it."""


class _TooDeep(Exception):
    """Something nests deeper than DEEPEST."""


class _Scan:
    """One pass over a file. It is lenient: it only has to be right about files that tomllib accepts."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.breaks = [match.start() for match in re.finditer("\n", source)]
        self.outline = Outline()
        self.prefix: Place = ()
        self.rows: dict[Place, int] = {}
        self.written: set[Place] = set()
        self.headers: set[Place] = set()

    def run(self) -> Outline:
        try:
            while self._skip(BLANK) < len(self.source):
                self._statement()
                self._skip(REST_OF_LINE)
        except _TooDeep:
            self.outline.too_deep = self._line()
        except _Lost:
            pass
        return self.outline

    def _line(self) -> int:
        return bisect_right(self.breaks, self.at - 1) + 1

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.source, self.at)
        if match is None:
            raise _Lost
        self.at = match.end()
        return self.at

    def _take(self, mark: str) -> bool:
        """Step over a mark if it stands here."""
        if self.source.startswith(mark, self.at):
            self.at += len(mark)
            return True
        return False

    def _statement(self) -> None:
        """One header or one key = value, the rest of whose line is then skipped."""
        line = self._line()
        if self._take("[["):
            place = self._absolute(self._key())
            row = self.rows[place] = self.rows.get(place, -1) + 1
            self.prefix = (*place, row)
            self.outline.lines.setdefault(place, line)
            self.outline.lines[self.prefix] = line
        elif self._take("["):
            self.prefix = self._absolute(self._key())
            if self.prefix in self.headers:
                self._twice(self.prefix, line, None)
            self.headers.add(self.prefix)
            self.outline.lines.setdefault(self.prefix, line)
        else:
            self._pair(self.prefix, 0, cut=True)

    def _absolute(self, key: Place) -> Place:
        """A header's key with the number of the current row after each array of tables on its way."""
        place: Place = ()
        for number, part in enumerate(key, 1):
            place = (*place, part)
            if number < len(key) and place in self.rows:
                place = (*place, self.rows[place])
        return place

    def _key(self) -> Place:
        parts: list[str] = []
        while True:
            self._skip(SPACE)
            start = self.at
            if self.source[start : start + 1] in ('"', "'"):
                self._skip(STRINGS[2] if self.source[start] == '"' else STRINGS[3])
                parts.append(_unquote(self.source[start : self.at]))
            else:
                self._skip(BARE)
                parts.append(self.source[start : self.at])
            if len(parts) > DEEPEST:
                raise _TooDeep
            self._skip(SPACE)
            if not self._take("."):
                return tuple(parts)

    def _pair(self, prefix: Place, depth: int, cut: bool) -> None:
        start, line = self.at, self._line()
        key = self._key()
        place = (*prefix, *key)
        for length in range(len(prefix) + 1, len(place)):
            self.outline.lines.setdefault(place[:length], line)
        if not self._take("="):
            raise _Lost
        double = place in self.written
        self.written.add(place)
        self.outline.lines.setdefault(place, line)
        self._value(place, depth)
        if double:
            self._twice(place, line, (start, self.at) if cut else None)

    def _twice(self, place: Place, line: int, span: tuple[int, int] | None) -> None:
        self.outline.duplicates.append(Duplicate(place, line, self.outline.lines[place], span))

    def _value(self, place: Place, depth: int) -> None:
        if depth > DEEPEST:
            raise _TooDeep
        self._skip(SPACE)
        if self._take("["):
            self._array(place, depth)
        elif self._take("{"):
            while not self._close("}"):
                self._pair(place, depth + 1, cut=False)
        elif self.source[self.at : self.at + 1] in ('"', "'"):
            for string in STRINGS:
                match = string.match(self.source, self.at)
                if match:
                    self.at = match.end()
                    return
            raise _Lost
        else:
            self._skip(SCALAR)

    def _array(self, place: Place, depth: int) -> None:
        number = 0
        while not self._close("]"):
            self.outline.lines.setdefault((*place, number), self._line())
            self._value((*place, number), depth + 1)
            number += 1

    def _close(self, mark: str) -> bool:
        """Step over blanks and one comma; whether the closing mark came."""
        self._skip(BLANK)
        if self._take(","):
            self._skip(BLANK)
        if self.at >= len(self.source):
            raise _Lost
        return self._take(mark)


def _unquote(quoted: str) -> str:
    try:
        return str(tomllib.loads(f"key = {quoted}")["key"])
    except ValueError:
        raise _Lost from None


def scan(source: str) -> Outline:
    """The outline of a TOML file's text (line ends \\n or \\r\\n). A broken file gives what came before."""
    return _Scan(source).run()
