"""python -m bot check: says everything that is wrong with the settings, each with its line and the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from bot.settings import Mistake, Settings, survey
from handlers.texts import text, together

Checker = Callable[[Settings], Iterable[Mistake | str]]


def check(path: Path, environ: Mapping[str, str], lang: str, out: TextIO, checkers: Sequence[Checker] = ()) -> int:
    """Print every mistake as `file:line: where: what remedy`, then how many there are; 1 if one is fatal, else 0.

    `checkers` look at more than the settings (service items, texts), whatever else is wrong with these, so that
    everything is told in one go. Their mistakes name a file of their own; a plain sentence of theirs is printed as it
    is and counts for nothing.
    """
    _, mistakes, seen = survey(path, environ, lang)
    remarks: list[str] = []
    if seen is not None:
        for found in (found for checker in checkers for found in checker(seen)):
            if isinstance(found, Mistake):
                mistakes.append(found)
            else:
                remarks.append(found)
    out.writelines(remark + "\n" for remark in remarks)
    out.writelines(tell(mistake, path, lang) + "\n" for mistake in mistakes)
    fatal = sum(mistake.fatal for mistake in mistakes)
    warnings = len(mistakes) - fatal
    closing = "closing_fatal" if fatal else "closing_warnings" if warnings else "closing_good"
    out.write(text(lang, f"check.{closing}", mistakes=fatal, warnings=warnings) + "\n")
    return 1 if fatal else 0


def tell(mistake: Mistake, path: Path, lang: str) -> str:
    """One mistake as one line; without a line number where no line is to blame."""
    at = f"{mistake.file or path}:{mistake.line}:" if mistake.line else f"{mistake.file or path}:"
    warning = "" if mistake.fatal else text(lang, "check.label_warning")
    where = "" if mistake.where == (mistake.file or path).name else f"{mistake.where}: "
    return f"{at} {where}{warning}{together(mistake.what, mistake.remedy)}"
