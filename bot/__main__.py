"""The command line: python -m bot run · demo · talk · check · migrate · import · code · keys · backup · restore · doctor."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

import typer

from bot import app, doctor, importing
from bot import backup as archives
from bot import demo as invented
from bot.channels import terminal
from bot.check import check as check_settings
from bot.check import tell
from bot.settings import Mistakes, Settings, demo_settings, load, new_key
from handlers import binding, directory
from handlers.texts import text
from models import migrate as schema
from models.db import Away, Database, reaching
from models.message import Refused

VAR = Path("var")
cli = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, pretty_exceptions_show_locals=False, help=__doc__
)
Config = Annotated[Path | None, typer.Option("--config", help="The school's settings; without it, the demo in var/.")]


def say(key: str, **values: object) -> None:
    """A line for the operator, in Chinese unless the locale says English."""
    print(text(_lang(), key, **values))


def _lang() -> str:
    return "en" if os.environ.get("LANG", "").startswith("en") else "zh"


def fail(words: str) -> NoReturn:
    """One plain line on standard error, and exit 1."""
    print(words, file=sys.stderr)
    raise typer.Exit(1)


@contextmanager
def plainly() -> Iterator[None]:
    """What an operator can cause ends in a plain sentence, not in a traceback."""
    try:
        yield
    except Refused as refused:
        fail(text(_lang(), refused.key, **refused.values))
    except Away:
        fail(text(_lang(), "schema.away"))


def settings_of(config: Path | None) -> Settings:
    """The settings of a file, or of the demo; every mistake is printed, and any ends the program."""
    try:
        return _demo_settings() if config is None else load(config, os.environ, _lang())
    except Mistakes as mistakes:
        path = config or VAR
        fail("\n".join(tell(mistake, path, _lang()) for mistake in mistakes.mistakes))


def _demo_settings() -> Settings:
    """The demo's settings, under the invented school's own name."""
    settings = demo_settings(VAR, _lang())
    school = settings.school.model_copy(update={"name": invented.name("zh"), "name_en": invented.name("en")})
    return settings.model_copy(update={"school": school})


def version() -> str:
    """The newest number in CHANGELOG.md."""
    for line in (Path(__file__).parent.parent / "CHANGELOG.md").read_text("utf-8").splitlines():
        if line.startswith("## ["):
            return line[4:].partition("]")[0]
    return "0"


def _serve(settings: Settings) -> None:
    app.set_up_log(settings)
    with plainly(), app.alone(settings.database.sqlite_file):
        wrong = [mistake for mistake in doctor.items(settings) if mistake.fatal]
        if wrong:
            fail("\n".join(tell(mistake, mistake.file or VAR, _lang()) for mistake in wrong))
        listener = app.listen(settings)
        host, port = listener.getsockname()[:2]
        url = f"http://{host}:{port}"
        if settings.demo.enabled:
            settings = settings.model_copy(update={"school": settings.school.model_copy(update={"base_url": url})})
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
        try:
            asyncio.run(app.serve(parts, listener, version()))
        except KeyboardInterrupt:
            # uvicorn hands the signal on after its clean stop; the operator asked for just that.
            return


@cli.command()
def run(config: Annotated[Path, typer.Option("--config", help="The school's settings.")]) -> None:
    """Serve a school."""
    _serve(settings_of(config))


@cli.command()
def demo() -> None:
    """Serve the invented school on this machine; everything lies in var/."""
    _serve(settings_of(None))


@cli.command()
def talk(
    number: Annotated[str, typer.Option("--as", help="The number of the person who speaks.")],
    now: Annotated[str, typer.Option("--now", help="The instant that counts as now, in ISO form.")] = "",
    config: Config = None,
) -> None:
    """The same bot in the terminal; works in a pipe: a line in, the answers out, then a blank line."""
    clock = _clock(now)
    settings = settings_of(config)
    app.set_up_log(settings.model_copy(update={"log": settings.log.model_copy(update={"level": "error"})}))
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
        fail(text(_lang(), "run.bad_instant", value=words))
    fixed = fixed if fixed.tzinfo else fixed.astimezone()
    return lambda: fixed


def _bind_terminal(session: Any, number: str, now: datetime) -> None:
    person = directory.by_number(session, number)
    if person is None or not person.active:
        raise Refused("run.no_person", number=number)
    account = directory.account(session, terminal.NAME, number, now)
    account.person_id = person.id


@cli.command()
def check(
    config: Annotated[Path, typer.Option("--config", help="The settings to look at.")] = Path("config.toml"),
) -> None:
    """Name every mistake of a configuration, its service items and its texts, with the line and the remedy."""
    raise typer.Exit(
        check_settings(config, os.environ, _lang(), sys.stdout, (doctor.items, doctor.texts, doctor.years))
    )


@cli.command()
def migrate(config: Config = None) -> None:
    """Bring the database to the newest schema."""
    settings = settings_of(config)
    app.secure_file(settings.database.sqlite_file)
    with plainly(), reaching():
        schema.upgrade(settings.database.url.get_secret_value())
    say("run.migrated", revision=schema.head())


@cli.command(name="import")
def import_(
    folder: Annotated[Path, typer.Argument(help="areas.csv, people.csv, duties.csv, shifts.csv")],
    config: Config = None,
    force: Annotated[bool, typer.Option(help="Go on although many people would become inactive.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
) -> None:
    """Read a school's people, areas, duties and roster; nothing is written unless every row is right."""
    settings = settings_of(config)
    school, faults = importing.read(folder, _lang(), ZoneInfo(settings.school.zone))
    if school is None or faults:
        fail("\n".join(f"{fault.file}:{fault.row}: {fault.what}" for fault in faults))
    with plainly():
        parts = app.put_together(settings)
        try:
            counts = importing.bring(parts.database, datetime.now(UTC), school, force=force, dry=dry_run)
        except Refused as refused:
            fail(importing.explain(refused, _lang()))
        finally:
            parts.database.close()
        print(importing.summary(counts, _lang()))


@cli.command()
def code(number: str, config: Config = None) -> None:
    """A one-time code that binds a chat to a person."""
    settings = settings_of(config)
    with plainly():
        parts = app.put_together(settings)

        def unit(session: Any) -> tuple[str, str]:
            person = directory.by_number(session, number)
            if person is None or not person.active:
                raise Refused("run.no_person", number=number)
            return person.name, binding.issue(session, person, datetime.now(UTC))

        try:
            name, made = parts.database.run(unit)
        finally:
            parts.database.close()
        say("run.code", name=name, code=made)


@cli.command()
def keys() -> None:
    """Make a set of keys for [keys]."""
    for name in ("current", "index", "cookie"):
        print(f'{name} = "{new_key()}"')


@cli.command()
def backup(
    to: Annotated[Path | None, typer.Option("--to", help="The archive to write.")] = None, config: Config = None
) -> None:
    """Write a backup while the server runs; needs no keys."""
    try:
        url, files, folder = doctor.places(config, VAR)
    except (OSError, ValueError):
        # Says what is wrong with the file, as `check` would, and ends.
        settings = settings_of(config)
        url, files, folder = settings.database.url.get_secret_value(), settings.store.folder, settings.backup.folder
    now = datetime.now(UTC)
    target = to or folder / f"yizhan-{now:%Y%m%d-%H%M%S}.tar.gz"
    target.parent.mkdir(parents=True, exist_ok=True)
    with plainly():
        archives.backup(url, files, target, now, sys.stdout)


@cli.command()
def restore(
    archive: Path, config: Config = None,
    replace: Annotated[bool, typer.Option(help="Put an existing database aside first.")] = False,
) -> None:  # fmt: skip
    """Restore a backup; a wrong key is refused before anything is touched."""
    settings = settings_of(config)
    with plainly(), app.alone(settings.database.sqlite_file):
        archives.restore(
            archive, settings.database.url.get_secret_value(), settings.store.folder, app.seal_of(settings),
            datetime.now(UTC), sys.stdout, replace=replace,
        )  # fmt: skip


@cli.command(name="doctor")
def doctor_(config: Config = None) -> None:
    """Say how the database and the machine are."""
    settings = settings_of(config)
    database = Database(settings.database.url.get_secret_value(), app.seal_of(settings))
    with plainly(), closing(database):
        for line in doctor.report(database, _lang()):
            print(line)


if __name__ == "__main__":
    cli()
