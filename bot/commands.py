"""The operator's commands: check, migrate, import, code, unbind, keys, backup, restore, doctor."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot import app, doctor, hours, importing
from bot import backup as archives
from bot.check import check as check_settings
from bot.settings import Settings, new_key
from bot.telling import VAR, Config, Lang, fail, language, plainly, say, settings_of
from handlers import binding, directory, entrances, roster_gaps, seconds, unbinding
from handlers.texts import text, together
from handlers.turn import Turn
from models import keys as key_checks
from models import migrate as schema
from models.db import Database, reaching
from models.message import Refused

cli = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, pretty_exceptions_show_locals=False,
    help="python -m bot COMMAND: the bot of a student community, and what its operator needs.",
)  # fmt: skip


@cli.command()
def check(
    config: Annotated[Path, typer.Option("--config", help="The settings to look at.")] = Path("config.toml"),
    lang: Lang = "",
) -> None:
    """Name every mistake of a configuration, its service items, texts and roster, with the line and the remedy."""
    looks = (hours.assumed, doctor.items, doctor.texts, doctor.years, doctor.roster)
    checkers = [partial(look, lang=language()) for look in looks]
    raise typer.Exit(check_settings(config, os.environ, language(), sys.stdout, checkers))


@cli.command()
def migrate(config: Config = None, lang: Lang = "") -> None:
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
    lang: Lang = "",
) -> None:
    """Read a school's people, areas, duties and roster; nothing is written unless every row is right."""
    settings = settings_of(config)
    zone = ZoneInfo(settings.school.zone)
    school, faults = importing.read(folder, language(), zone)
    if school is None or faults:
        fail("\n".join([*map(str, faults), text(language(), "roster.nothing_written")]))
    now, found = datetime.now(UTC), list[roster_gaps.Gap]()
    items = app.catalogue_of(settings).items.values()

    def look(session: Any) -> None:
        found[:] = roster_gaps.find_gaps(session, items, now, language(), zone)

    with plainly():
        parts = app.put_together(settings)
        try:
            counts = importing.bring(parts.database, now, school, force=force, dry=dry_run, look=look)
        except Refused as refused:
            fail(importing.explain(refused, language()))
        finally:
            parts.database.close()
        for line in (*importing.summary(counts, language(), dry=dry_run), *_told(found)):
            typer.echo(line)


def _told(gaps: list[roster_gaps.Gap]) -> list[str]:
    warning = text(language(), "check.label_warning")
    return [f"{gap.where}: {warning}{together(gap.what(language()), gap.remedy(language()))}" for gap in gaps]


@cli.command()
def code(
    number: str,
    console: Annotated[
        bool, typer.Option("--console", help="A link with which staff set a password for the console.")
    ] = False,
    without_second: Annotated[
        bool, typer.Option("--forget-second", help="With --console: forget the second factor too.")
    ] = False,
    config: Config = None,
    lang: Lang = "",
) -> None:
    """A one-time code that binds a chat to a person, or a link into the console."""
    if console:
        _console_link(number, settings_of(config), forget_second=without_second)
        return
    settings = settings_of(config)
    with plainly():
        parts = app.put_together(settings)

        def unit(session: Any) -> tuple[str, str]:
            person = directory.by_number(session, number)
            if person is None or not person.active:
                raise Refused("run.no_person", number=number)
            return directory.name_of(person, language()), binding.issue(session, person, datetime.now(UTC))

        try:
            name, made = parts.database.run(unit)
        finally:
            parts.database.close()
        typer.echo(binding.hand_out(parts.school, language(), name, made))


@cli.command()
def unbind(
    number: str,
    channel: Annotated[str, typer.Option("--channel", help="Only on this one, such as telegram.")] = "",
    config: Config = None,
    lang: Lang = "",
) -> None:
    """Take a person's accounts away, of one channel or all; codes not used yet become void."""
    settings = settings_of(config)
    with plainly():
        parts = app.put_together(settings)

        def unit(session: Any) -> tuple[str, int]:
            person, now = directory.by_number(session, number), datetime.now(UTC)
            if person is None:
                raise Refused("run.no_person", number=number)
            count = unbinding.take_away(Turn(session, parts.school, now, now), person, channel)
            return directory.name_of(person, language()), count

        try:
            name, count = parts.database.run(unit)
        finally:
            parts.database.close()
        say("run.unbound" if count else "run.unbound_none", name=name, count=count)


def _console_link(number: str, settings: Settings, *, forget_second: bool) -> None:
    """Print a link for a first or forgotten password; the old one and all signed-in browsers are void at once."""
    with plainly():
        parts = app.put_together(settings)
        now = datetime.now(UTC)

        def unit(session: Any) -> tuple[str, str]:
            made = entrances.remove_password(session, number, now)
            person = directory.by_number(session, number)
            if forget_second and person is not None:
                seconds.forget(session, person.id, now, None)
            return directory.name_of(person, language()), made

        try:
            name, made = parts.database.run(unit)
        finally:
            parts.database.close()
        say("console.operator_link", name=name, link=f"{settings.school.base_url}{entrances.PATH}?c={made}")


@cli.command()
def keys(
    renew_index: Annotated[
        bool, typer.Option("--renew-index", help="Take the index key of the settings for the right one from now on.")
    ] = False,
    config: Config = None,
    lang: Lang = "",
) -> None:
    """Make a set of keys for [keys]."""
    if not renew_index:
        for name in ("current", "index", "cookie"):
            typer.echo(f'{name} = "{new_key()}"')
        return
    settings = settings_of(config)
    with plainly(), closing(open_database(settings)) as database:
        say("keys.renewed", count=database.run(key_checks.renew_index))


def open_database(settings: Settings) -> Database:
    """The database as it lies there; Refused where it has another schema, or none."""
    database = Database(settings.database.url.get_secret_value(), app.seal_of(settings))
    try:
        doctor.look_at_schema(database)
    except BaseException:
        database.close()
        raise
    return database


@cli.command()
def backup(
    to: Annotated[Path | None, typer.Option("--to", help="The archive to write.")] = None, config: Config = None,
    lang: Lang = "",
) -> None:  # fmt: skip
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
        archives.backup(url, files, target, now, sys.stdout, language())


@cli.command()
def restore(
    archive: Path, config: Config = None,
    replace: Annotated[bool, typer.Option(help="Put an existing database aside first.")] = False,
    lang: Lang = "",
) -> None:  # fmt: skip
    """Restore a backup; a wrong key is refused before anything is touched."""
    settings = settings_of(config)
    with plainly(), app.alone(settings.database.sqlite_file):
        archives.restore(
            archive, settings.database.url.get_secret_value(), settings.store.folder, app.seal_of(settings),
            datetime.now(UTC), sys.stdout, replace=replace, lang=language(),
        )  # fmt: skip


@cli.command(name="doctor")
def doctor_(config: Config = None, lang: Lang = "") -> None:
    """Try the keys, and say how database, inbox, Telegram, audit log, roster and machine are; 1 if something is wrong."""
    settings = settings_of(config)
    wrong = 0
    with plainly(), closing(open_database(settings)) as database:
        zone, now = ZoneInfo(settings.school.zone), datetime.now(UTC)
        lines = chain(doctor.report(database, language(), zone), doctor.around(settings, language(), now))
        for line in lines:
            wrong += isinstance(line, doctor.Finding)
            typer.echo(text(language(), "doctor.mark", line=line) if isinstance(line, doctor.Finding) else line)
        gaps = doctor.gaps(database, settings, language(), now)
        for line in _told(gaps) or [text(language(), "doctor.roster_whole")]:
            typer.echo(line)
    if wrong:
        say("doctor.not_fine", count=wrong)
        raise typer.Exit(1)
    say("doctor.warned" if gaps else "doctor.fine", count=len(gaps))
