"""The command recompute: reckons the limits of every open matter anew, beside a running service or without one."""

from __future__ import annotations

from contextlib import closing

from bot import app
from bot.commands import cli
from bot.door import now
from bot.telling import Config, Lang, plainly, say, settings_of
from handlers import reckoning
from handlers.turn import Turn


@cli.command()
def recompute(config: Config = None, lang: Lang = "") -> None:
    """Reckon the time limits of all open matters by the hours of this configuration; what was done stays done."""
    settings = settings_of(config)
    with plainly():
        parts = app.put_together(settings)
    with closing(parts.database):
        at = now()
        parts.database.run(lambda session: reckoning.start_anew(Turn(session, parts.school, at, at)))
        count = 0
        while more := parts.database.run(lambda session: reckoning.recompute(Turn(session, parts.school, at, at))):
            count += more
    say("run.recomputed", count=count)
