"""The command for webhooks: how each stands, and one that was taken out of use back into it."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.commands import cli, open_database
from bot.doctor import hook_words
from bot.telling import Config, Lang, fail, language, plainly, say, settings_of
from handlers import hooks
from handlers.texts import text
from models import keys
from models.message import Refused


@cli.command()
def webhooks(
    enable: Annotated[str, typer.Option("--enable", help="Take this one into use again, and send what was held.")] = "",
    config: Config = None,
    lang: Lang = "",
) -> None:
    """Say how each webhook stands, or take one into use again."""
    settings = settings_of(config)
    with plainly(), closing(open_database(settings)) as database:
        if enable:
            if not database.run(keys.check_keys):  # The audit log is written under the index key.
                raise Refused("run.wrong_keys")
            count = database.run(lambda session: hooks.enable(session, enable, datetime.now(UTC)))
            say("api.hook_enabled", name=enable, count=count)
            return
        states = database.read(hooks.states)
        for each in states:
            typer.echo(hook_words(each, language()))
        if not states:
            fail(text(language(), "api.hook_none"))
