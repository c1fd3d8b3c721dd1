"""How the commands speak to the operator: the language, plain sentences instead of traces, and whose settings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from bot import demo as invented
from bot.check import tell
from bot.settings import Mistakes, Settings, demo_settings, load
from handlers.texts import LANGUAGES, text
from models.db import Away
from models.message import Refused

VAR: Final = Path("var")
_chosen = {"lang": ""}  # what --lang said; the same for every thread


def choose(value: str) -> str:
    """Take a --lang; one that is none ends the program."""
    if value and value not in LANGUAGES:
        fail(text(language(), "keys.lang_unknown"))
    _chosen["lang"] = value
    return value


Config = Annotated[Path | None, typer.Option("--config", help="The school's settings; without it, the demo in var/.")]
Lang = Annotated[
    str, typer.Option("--lang", callback=choose, is_eager=True, help="zh or en; without it, as the locale says.")
]


def language() -> str:
    """The operator's language: --lang, else English where the locale (LC_ALL, LC_MESSAGES, LANG) is, else Chinese."""
    if _chosen["lang"]:
        return _chosen["lang"]
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "en" if locale.startswith("en") else "zh"


def say(key: str, **values: object) -> None:
    """A line for the operator."""
    typer.echo(text(language(), key, **values))


def fail(words: str) -> NoReturn:
    """One plain line on standard error, and exit 1."""
    typer.echo(words, err=True)
    raise typer.Exit(1)


@contextmanager
def plainly() -> Iterator[None]:
    """What an operator can cause ends in a plain sentence, not in a traceback."""
    try:
        yield
    except Refused as refused:
        fail(text(language(), refused.key, **refused.values))
    except Away:
        fail(text(language(), "schema.away"))


def settings_of(config: Path | None) -> Settings:
    """The settings of a file, or of the demo; every mistake is printed, and any ends the program."""
    try:
        return _demo_settings() if config is None else load(config, os.environ, language())
    except Mistakes as mistakes:
        path = config or VAR
        fail("\n".join(tell(mistake, path, language()) for mistake in mistakes.mistakes))


def _demo_settings() -> Settings:
    """The demo's settings, under the invented school's own name."""
    settings = demo_settings(VAR, language())
    school = settings.school.model_copy(update={"name": invented.name("zh"), "name_en": invented.name("en")})
    return settings.model_copy(update={"school": school})
