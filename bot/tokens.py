"""The command for tokens of other systems: make one, list them, revoke one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot import app
from bot.commands import cli
from bot.settings import Settings
from bot.telling import Config, Lang, language, plainly, say, settings_of
from handlers import directory, tokens
from handlers.texts import text
from models.message import Refused


@cli.command()
def token(
    name: Annotated[str, typer.Argument(help="The token's name; without one, all are listed.")] = "",
    number: Annotated[str, typer.Option("--for", help="The staff number of whom it speaks for.")] = "",
    scope: Annotated[str, typer.Option("--scope", help="read, or write to act as well.")] = "read",
    until: Annotated[str, typer.Option("--until", help="Its last day, such as 2027-06-30.")] = "",
    sensitive: Annotated[bool, typer.Option("--sensitive", help="Private matters are there for it, too.")] = False,
    revoke: Annotated[bool, typer.Option("--revoke", help="End it at once.")] = False,
    config: Config = None,
    lang: Lang = "",
) -> None:
    """Tokens by which other systems use the API: make one (shown once), list them, revoke one."""
    settings = settings_of(config)
    with plainly():
        if not name:
            _list(settings)
        elif revoke:
            ended = _run(settings, lambda session: tokens.revoke(session, name, datetime.now(UTC)))
            say("api.token_revoked" if ended else "api.token_again", name=name)
        elif not number or not until:
            raise Refused("api.token_for")
        else:
            _make(settings, name, number, scope, until, sensitive=sensitive)


def _make(settings: Settings, name: str, number: str, scope: str, until: str, *, sensitive: bool) -> None:
    zone, now = ZoneInfo(settings.school.zone), datetime.now(UTC)
    try:
        last = date.fromisoformat(until)
    except ValueError:
        raise Refused("api.token_until", days=tokens.LONGEST.days) from None
    until_at = datetime.combine(last + timedelta(days=1), time(), zone)

    def unit(session: Any) -> tuple[str, str]:
        secret = tokens.issue(session, name, number, scope, until_at, now, sensitive=sensitive)
        return secret, directory.name_of(directory.by_number(session, number), language())

    secret, whose = _run(settings, unit)
    may = text(language(), f"api.scope_{scope}")
    say("api.token_made", name=name, whose=whose, scope=may, until=last, secret=secret)


def _list(settings: Settings) -> None:
    zone, lang = ZoneInfo(settings.school.zone), language()
    rows = _run(settings, lambda session: tokens.listed(session, datetime.now(UTC)))
    for row in rows:
        used = text(lang, "api.token_unused")
        if row.used_at is not None:
            used = text(lang, "api.token_used", at=row.used_at.astimezone(zone))
        scope = text(lang, f"api.scope_{row.scope}")
        if row.sensitive:
            scope += f" · {text(lang, 'api.token_sensitive')}"
        say(
            "api.token_line", name=row.name, whose=row.whose, number=row.number, scope=scope, used=used,
            until=(row.until_at - timedelta(seconds=1)).astimezone(zone), status=text(lang, f"api.status_{row.status}"),
        )  # fmt: skip
    if not rows:
        say("api.token_none")


def _run(settings: Settings, unit: Callable[[Any], Any]) -> Any:
    parts = app.put_together(settings)
    try:
        return parts.database.run(unit)
    finally:
        parts.database.close()
