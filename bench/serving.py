"""A bench school behind the real HTTP server, in a process of its own: `python -m bench.serving FOLDER`."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from pathlib import Path

from sqlalchemy import func, select

from bench.school import settings_for
from bench.web import sign_in
from bot import app
from bot.door import now
from bot.settings import Settings
from models.person import Person

_STAFF = select(func.count()).where(Person.kind == "staff")


def main(folder: Path) -> None:
    """Serve; the first line on standard output is JSON: the port, cookie and token of everybody, staff first, and how many staff."""
    settings = settings_for(folder)
    settings = settings.model_copy(update={"log": settings.log.model_copy(update={"level": "error"})})
    app.set_up_log(settings)
    listener = app.listen(settings)
    parts = app.put_together(settings)
    gc.freeze()
    listener.listen(512)
    bench = _Signing(parts, settings)
    people = sign_in(bench, bench)  # type: ignore[arg-type]
    staff = parts.database.read(lambda session: session.execute(_STAFF).scalar_one())
    sys.stdout.write(json.dumps({"port": listener.getsockname()[1], "people": people, "staff": staff}) + "\n")
    sys.stdout.flush()
    asyncio.run(app.serve(parts, listener, "bench"))


class _Signing:
    """What signing in needs to know of a school that is not a bench of its own."""

    def __init__(self, parts: app.Parts, settings: Settings) -> None:
        self.parts = parts
        self.settings = settings

    now = staticmethod(now)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
