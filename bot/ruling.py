"""The command rules: which rules of its item would act on a ticket, beside a running service and changing nothing."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from bot import app
from bot.commands import cli
from bot.door import now
from bot.telling import Config, Lang, language, plainly, settings_of
from handlers import rule_trials
from handlers.turn import Turn


@cli.command()
def rules(
    number: Annotated[str, typer.Argument(help="The ticket's number, such as BX-2606-0001.")],
    config: Config = None,
    lang: Lang = "",
) -> None:
    """Say which rules ([[when]]) would act on a ticket, when, and what they would do; nothing is changed."""
    settings = settings_of(config)
    with plainly():
        parts = app.put_together(settings)
        with closing(parts.database):
            at, said = now(), language()
            for line in parts.database.read(
                lambda session: rule_trials.trial(Turn(session, parts.school, at, at, lang=said), number)
            ):
                typer.echo(line)
