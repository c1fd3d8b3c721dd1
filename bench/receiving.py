"""A bench school with a bot of Telegram, in a process of its own: `python -m bench.receiving FOLDER PORT MODE`."""

from __future__ import annotations

import asyncio
import gc
import sys
from pathlib import Path

from pydantic import SecretStr

from bench.peers import TOKEN
from bench.school import settings_for
from bot import app

SECRET = "bench-secret"


def main(folder: Path, port: int, mode: str) -> None:
    """Serve; the first line on standard output is the port. The platform is a server on `port` of this machine."""
    settings = settings_for(folder)
    telegram = settings.channels.telegram.model_copy(
        update={
            "enabled": True, "token": SecretStr(TOKEN), "name": "bench_bot", "mode": mode, "per_second": 10_000.0,
            "webhook_secret": SecretStr(SECRET), "api_base": f"http://127.0.0.1:{port}",
        }
    )  # fmt: skip
    channels = settings.channels.model_copy(update={"telegram": telegram})
    log = settings.log.model_copy(update={"level": "error"})
    settings = settings.model_copy(update={"channels": channels, "log": log})
    app.set_up_log(settings)
    listener = app.listen(settings)
    parts = app.put_together(settings)
    gc.freeze()
    listener.listen(512)
    sys.stdout.write(f"port {listener.getsockname()[1]}\n")
    sys.stdout.flush()
    asyncio.run(app.serve(parts, listener, "bench"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
