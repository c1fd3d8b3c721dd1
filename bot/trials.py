"""Commands by which an office tries out what the bot makes of it: its hours (limits), its sentences (understand)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from bot.commands import cli
from bot.telling import Lang, fail, language
from handlers.texts import text
from handlers.understand.intents import read_intent
from handlers.understand.sentence import understood
from models.vectors import run_vectors

MOST_LINE = 65_536  # characters of one line that is read


@cli.command()
def limits(
    file: Annotated[Path, typer.Argument(help="JSON with a list of vectors: calendar, start, target_seconds …")],
    lang: Lang = "",
) -> None:
    """Compute due instants and working time of vectors; prints `id expected got ok` a line, exits 1 if one is wrong."""
    try:
        data = json.loads(file.read_text("utf-8-sig"))
        rows = list(_checked(data))
    except OSError as error:
        fail(text(language(), "trials.unreadable", file=file, reason=error.strerror or type(error).__name__))
    except (ValueError, RecursionError):
        fail(text(language(), "trials.no_vectors", file=file))
    for name, expected, got, ok in rows:
        sys.stdout.write(f"{name} {_shown(expected)} {_shown(got)} {'ok' if ok else 'WRONG'}\n")
    raise typer.Exit(0 if all(ok for *_, ok in rows) else 1)


def _checked(data: Any) -> Iterator[tuple[str, object, object, bool]]:
    """Every vector's row; one that lacks a part is told in its own line, and the others are still tried."""
    if isinstance(data, list):
        data = {"vectors": data}
    if not isinstance(data, dict) or not isinstance(data.get("vectors"), list):
        raise ValueError  # noqa: TRY004 (of a file, not of a call)
    for number, vector in enumerate(data["vectors"], start=1):
        name = str(vector.get("id") or number) if isinstance(vector, dict) else str(number)
        try:
            ((_, expected, got, ok),) = run_vectors({"vectors": [vector]})
        except KeyError as error:
            expected, got, ok = None, f"lacks:{error.args[0]}", False
        except (AttributeError, TypeError, ValueError):
            expected, got, ok = None, "unreadable", False
        has_none = isinstance(vector, dict) and not {"expected_due", "expected_seconds"} & set(vector)
        # Without an expected value there is nothing to be wrong about, unless it could not be computed at all.
        yield (
            name,
            expected,
            got,
            ok or (has_none and not str(got).startswith(("lacks", "unreadable", "refused", "unknown"))),
        )


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "".join(str(value).split())


@cli.command()
def understand(
    now: Annotated[str, typer.Option("--now", help="The instant that counts as now, ISO with offset.")] = "",
    lang: Lang = "",
) -> None:
    """Read JSON lines {"id","text","context"} and print what the bot makes of each sentence, a JSON line each."""
    at = datetime.now(UTC).astimezone()
    if now:
        try:
            at = datetime.fromisoformat(now)
        except ValueError:
            fail(text(language(), "run.bad_instant", value=now))
        at = at if at.tzinfo else at.astimezone()
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
