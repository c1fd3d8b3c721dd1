"""How the commands speak to the operator: the language, plain sentences instead of traces, and whose settings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
ADDRESS: Final = VAR / "demo.address"  # where the demo of this folder serves now
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
    settings = demo_settings(VAR, language(), os.environ)
    named: dict[str, str] = {"name": invented.name("zh"), "name_en": invented.name("en")}
    with suppress(OSError):
        if (address := ADDRESS.read_text("utf-8").strip()).startswith("http://"):
            named["base_url"] = address
    return settings.model_copy(update={"school": settings.school.model_copy(update=named)})


@contextmanager
def known_address(settings: Settings, url: str) -> Iterator[None]:
    """While the demo serves, the other commands in its folder know where: it takes the next free port, and what they
    print (a link into the console) has to lead there."""
    file = settings.database.sqlite_file
    if not settings.demo.enabled or file is None or file.parent != VAR.resolve():
        yield  # A school's address is in its settings.
        return
    ADDRESS.write_text(f"{url}\n", "utf-8")
    try:
        yield
    finally:
        ADDRESS.unlink(missing_ok=True)
