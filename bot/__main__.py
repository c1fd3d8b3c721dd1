"""The command line: python -m bot run · demo · talk, beside the operator's commands of bot/commands.py."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, Final

import typer

from bot import app, doctor, handover, held, leave, recomputing, ruling, tokens, trials, webhooks  # noqa: F401 (some register themselves as commands)
from bot.channels import terminal
from bot.check import tell
from bot.commands import cli
from bot.settings import Settings
from bot.telling import VAR, Config, Lang, fail, known_address, language, plainly, say, settings_of
from handlers import directory
from handlers.texts import text
from models.message import Refused

UNLIMITED: Final = 1_000_000_000


def version() -> str:
    """The newest number in CHANGELOG.md."""
    for line in (Path(__file__).parent.parent / "CHANGELOG.md").read_text("utf-8").splitlines():
        if line.startswith("## ["):
            return line[4:].partition("]")[0]
    return "0"


@contextmanager
def _whole() -> Iterator[None]:
    """Let a step end before Ctrl-C does its work: in the middle of a library it leaves traces and half-closed files.

    Raises KeyboardInterrupt after the step; a second Ctrl-C does not wait for its end.
    """
    came = False

    def hold(_signal: int, _frame: FrameType | None) -> None:
        nonlocal came
        if came:
            raise KeyboardInterrupt
        came = True

    before = signal.signal(signal.SIGINT, hold)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


def _serve(config: Path | None) -> None:
    """Serve until somebody stops it; a Ctrl-C while it still starts ends it as quietly as one later."""
    try:
        _start(settings_of(config))
    except KeyboardInterrupt:
        return


def _start(settings: Settings) -> None:
    app.set_up_log(settings)
    with plainly(), app.alone(settings.database.sqlite_file):
        with _whole():
            wrong = [mistake for mistake in doctor.items(settings, language()) if mistake.fatal]
        if wrong:
            fail("\n".join(tell(mistake, mistake.file or VAR, language()) for mistake in wrong))
        with app.listen(settings) as listener:
            _serve_on(listener, settings)


def _serve_on(listener: socket.socket, settings: Settings) -> None:
    host, port = listener.getsockname()[:2]
    url = f"http://{host}:{port}"
    if settings.demo.enabled:
        settings = settings.model_copy(update={"school": settings.school.model_copy(update={"base_url": url})})
    with _whole():
        parts = app.put_together(settings)
        if not parts.database.read(directory.has_people):
            say("run.no_school")
    # What was loaded stays for good; the collector need not look at it with every young object.
    gc.freeze()
    say("run.serving", url=url)
    say("run.doors", url=url)
    if settings.demo.enabled:
        say("run.try")
    say("run.stop")
    sys.stdout.flush()
    with known_address(settings, url):
        # uvicorn hands the signal on after its clean stop; the operator asked for just that, and _serve ends.
        asyncio.run(app.serve(parts, listener, version()))


@cli.command()
def run(config: Annotated[Path, typer.Option("--config", help="The school's settings.")], lang: Lang = "") -> None:
    """Serve a school."""
    _serve(config)


@cli.command()
def demo(lang: Lang = "") -> None:
    """Serve the invented school on this machine; everything lies in var/."""
    _serve(None)


@cli.command()
def talk(
    number: Annotated[str, typer.Option("--as", help="The number of the person who speaks.")],
    now: Annotated[str, typer.Option("--now", help="The instant that counts as now, in ISO form.")] = "",
    config: Config = None, lang: Lang = "",
) -> None:  # fmt: skip
    """The same bot in the terminal; works in a pipe: a line in, the answers out, then a blank line."""
    clock = _clock(now)
    settings = settings_of(config)
    # Whoever may start this may do more than write much; and under a clock that stands, no minute would ever pass.
    rate = settings.rate.model_copy(update={"messages_per_minute": UNLIMITED})
    settings = settings.model_copy(
        update={"rate": rate, "log": settings.log.model_copy(update={"level": "error"})}
    )  # fmt: skip
    app.set_up_log(settings)
    with plainly():
        parts = app.put_together(settings, clock)
        try:
            parts.database.run(lambda session: _bind_terminal(session, number, clock()))
            asyncio.run(terminal.talk(
                parts.door, parts.database.run, number, sys.stdin, sys.stdout, clock, prompt=sys.stdin.isatty()
            ))  # fmt: skip
        except KeyboardInterrupt:
            return
        finally:
            parts.database.close()


def _clock(words: str) -> Callable[[], datetime]:
    """The clock of a talk: the real one, or one that stands at an instant."""
    if not words:
        return lambda: datetime.now(UTC)
    try:
        fixed = datetime.fromisoformat(words)
    except ValueError:
        fail(text(language(), "run.bad_instant", value=words))
    fixed = fixed if fixed.tzinfo else fixed.astimezone()
    return lambda: fixed


def _bind_terminal(session: Any, number: str, now: datetime) -> None:
    person = directory.by_number(session, number)
    if person is None or not person.active:
        raise Refused("run.no_person", number=number)
    account = directory.account(session, terminal.NAME, number, now)
    account.person_id = person.id


if __name__ == "__main__":
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # bot/__init__.py had its own while this was imported.
        gc.freeze()  # Likewise bot/__init__.py stopped the collector, which need not look at what was imported.
        gc.enable()
        cli()
    except KeyboardInterrupt:
        leave()
