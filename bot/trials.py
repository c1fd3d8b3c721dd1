"""Commands by which an office tries out what the bot makes of it: its hours (limits), its sentences (understand)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final, TextIO

import typer

from bot import unfit
from bot.commands import cli
from bot.telling import Lang, fail, language
from handlers.texts import text
from handlers.understand.intents import read_intent
from handlers.understand.sentence import understood
from handlers.understand.times import ZONE
from models.vectors import run_vectors

UNREADABLE: Final = "unreadable"  # in the place of what was got of a vector that cannot be reckoned
MOST_LINE = 65_536  # characters of one line that is read


@cli.command()
def limits(
    file: Annotated[
        Path, typer.Argument(help="JSON with a list of vectors: calendar, start, target_seconds …; - reads it.")
    ],
    lang: Lang = "",
) -> None:
    """Compute due instants and working time of vectors; prints `id expected got ok` a line, exits 1 if one is wrong or
    cannot be read.

    Why a vector cannot be reckoned, and what is odd about the file, is told in a sentence on the standard error.
    """
    vectors = _read(file)
    all_ok = True
    for number, vector in enumerate(vectors, start=1):
        name = unfit.name_of(vector, number)
        expected, got, ok = _tried(vector, name)
        all_ok = all_ok and ok
        # What cannot be read and expects nothing is not wrong, but the run does not end well by it.
        told = "ok" if ok else "-" if expected is None and got == UNREADABLE else "WRONG"
        sys.stdout.write(f"{name} {_shown(expected)} {_shown(got)} {told}\n")
    for key, values in unfit.remarks(vectors):
        _remark(key, **values)
    raise typer.Exit(0 if all_ok else 1)


def _read(file: Path) -> list[Any]:
    """The vectors of a file, or of the standard input for "-"; ends with a sentence where there are none."""
    shown = file if str(file) != "-" else text(language(), "trials.input")
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        words = raw.decode("utf-8-sig")
        data = json.loads(words) if words.strip() else None
    except OSError as error:
        fail(text(language(), "trials.unreadable", file=shown, reason=error.strerror or type(error).__name__))
    except UnicodeDecodeError:
        fail(text(language(), "trials.not_utf8", file=shown))
    except json.JSONDecodeError as error:
        fail(text(language(), "trials.no_json", file=shown, line=error.lineno, column=error.colno))
    except (ValueError, RecursionError):
        fail(text(language(), "trials.no_vectors", file=shown))
    if data is None:
        fail(text(language(), "trials.empty", file=shown))
    vectors = data.get("vectors") if isinstance(data, dict) else data
    if not isinstance(vectors, list):
        fail(text(language(), "trials.no_vectors", file=shown))
    if not vectors:
        fail(text(language(), "trials.none", file=shown))
    return vectors


def _tried(vector: Any, name: str) -> tuple[object, object, bool]:
    """What one vector expects and gets, and whether that is right; why it cannot be reckoned is told, and the others
    are still tried."""
    why = unfit.reason(vector)
    if why is None:
        try:
            ((_, expected, got, ok),) = run_vectors({"vectors": [{**vector, "id": name}]})
        except OverflowError:
            why = "far_day", {}
        except (AttributeError, KeyError, TypeError, ValueError):
            why = "not_reckoned", {}
        else:
            if not str(got).startswith("refused"):
                if got is None and vector.get("target_seconds") and not vector.get("pauses"):
                    _remark("never", name=name, years=unfit.YEARS)
                # Without an expected value there is nothing to be wrong about.
                return expected, got, ok or not {"expected_due", "expected_seconds"} & set(vector)
            why = "not_reckoned", {}
    key, values = why
    _remark("cannot", name=name, why=text(language(), f"trials.{key}", **values))
    wanted = vector if isinstance(vector, Mapping) else {}
    expected = wanted.get("expected_due", wanted.get("expected_seconds"))
    if key == "far_seconds" and wanted["target_seconds"] > 0:
        return expected, None, expected is None  # Beyond any promise: it is never due.
    return expected, UNREADABLE, False


def _remark(key: str, **values: object) -> None:
    sys.stderr.write(text(language(), f"trials.{key}", **values) + "\n")


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "".join(str(value).split())


@cli.command()
def understand(
    now: Annotated[
        str,
        typer.Option("--now", help="The instant that counts as now, ISO; without an offset it is the school's time."),
    ] = "",
    lang: Lang = "",
) -> None:
    """Read JSON lines {"id","text","context"} and print what the bot makes of each sentence, a JSON line each."""
    at = datetime.now(UTC).astimezone()
    if now:
        try:
            at = datetime.fromisoformat(now)
        except ValueError:
            fail(text(language(), "run.bad_instant", value=now))
        at = at if at.tzinfo else at.replace(tzinfo=ZONE)
    wrong = 0
    for number, line in enumerate(_lines(sys.stdin), start=1):
        if not line.strip():
            continue
        found = _understood(line, at)
        if found is None:
            wrong += 1
            sys.stderr.write(text(language(), "trials.bad_line", number=number) + "\n")
            continue
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    raise typer.Exit(1 if wrong else 0)


def _lines(source: TextIO) -> Iterator[str]:
    """Lines of UTF-8, whatever the terminal's own encoding is; a byte order mark is no part of the first."""
    raw = getattr(source, "buffer", None)
    if raw is None:
        yield from source
        return
    for line in raw:
        yield line.decode("utf-8", "replace").lstrip("\ufeff")


def _understood(line: str, now: datetime) -> dict[str, object] | None:
    try:
        row = json.loads(line[:MOST_LINE])
    except (ValueError, RecursionError):
        return None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return None
    words, context = row["text"], row.get("context")
    intent = read_intent(words, context if isinstance(context, str) and context else "none")
    return {"id": row.get("id"), "intent": intent.label, **understood(words, now)}
