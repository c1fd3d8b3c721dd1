"""The command held: messages that were perhaps sent and updates that nobody could read, to be sent after all or given up."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.commands import cli, open_database
from bot.telling import Config, Lang, fail, language, plainly, say, settings_of
from handlers.texts import text
from models import holding
from models import keys as key_checks
from models.message import Refused

ALL = "all"


@cli.command()
def held(
    release: Annotated[list[str] | None, typer.Option("--release", help="Send this one after all; or: all.")] = None,
    drop: Annotated[list[str] | None, typer.Option("--drop", help="Give this one up; or: all (messages).")] = None,
    config: Config = None,
    lang: Lang = "",
) -> None:
    """List messages perhaps sent and updates nobody could read (never words), send messages after all, give either up."""
    settings = settings_of(config)
    if release and drop:
        fail(text(language(), "held.both"))
    with plainly(), closing(open_database(settings)) as database:
        if not release and not drop:
            zone = ZoneInfo(settings.school.zone)
            _list_held(database.read(holding.list_held), zone)
            _list_quarantined(database.read(holding.list_quarantined), zone)
            return
        if not database.run(key_checks.check_keys):  # The audit log is written under the index key.
            raise Refused("run.wrong_keys")
        decide, ids = (holding.release, release) if release else (holding.drop, drop)
        chosen = None if ids is None or ALL in ids else ids
        count = database.run(lambda session: decide(session, chosen, datetime.now(UTC)))
        say("held.released" if release else "held.dropped", count=count)


def _list_held(rows: list[holding.Held], zone: ZoneInfo) -> None:
    lang = language()
    for row in rows:
        who = text(lang, "held.who", name=row.name, number=row.number) if row.number else text(lang, "held.somebody")
        typer.echo(text(
            lang, "held.line", id=row.id, who=who, channel=row.channel, lane=text(lang, f"held.lane_{row.lane.name}"),
            ticket=text(lang, "held.ticket", number=row.ticket) if row.ticket else "",
            since=row.since.astimezone(zone), why=text(lang, f"held.why_{'restored' if row.why == 'restored' else 'sent'}"),
        ))  # fmt: skip
    typer.echo(text(lang, "held.how", count=len(rows)) if rows else text(lang, "held.none"))


def _list_quarantined(rows: list[holding.Quarantined], zone: ZoneInfo) -> None:
    for row in rows:
        say("held.update", id=row.id, channel=row.channel, since=row.since.astimezone(zone), where=row.where)
    if rows:
        say("held.updates", count=len(rows))
