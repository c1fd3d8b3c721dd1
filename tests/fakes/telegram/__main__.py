"""The fake as a process of its own: python -m tests.fakes.telegram --port N --token T [--fault '{…}']; JSON on line one."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys

from tests.fakes.telegram import TOKEN, Fault, Pace, TelegramFake


async def serve(options: argparse.Namespace) -> None:
    """Serve until SIGTERM, SIGINT, or, with --with-parent, the end of standard input."""
    closing = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, closing.set)
    pace = Pace(**json.loads(options.pace)) if options.pace else None
    fake = TelegramFake(
        token=options.token, port=options.port, pace=pace, limited=not options.unlimited, seed=options.seed,
        webhook_scale=options.webhook_scale, webhook_gap=options.webhook_gap, first_update=options.first_update,
    )  # fmt: skip
    for raw in options.fault:
        fake.faults.add(Fault(**json.loads(raw)))
    async with fake:
        told = {
            "port": fake.port,
            "root_url": fake.root_url,
            "base_url": fake.base_url,
            "file_url": fake.file_url,
            "control_url": fake.control_url,
        }
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        if options.with_parent:
            loop.add_reader(sys.stdin, lambda: closing.set() if not os.read(sys.stdin.fileno(), 1) else None)
        await closing.wait()


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unlimited", action="store_true", help="no 429s of its own")
    parser.add_argument("--pace", default="", help='JSON, as {"group_window": 6}')
    parser.add_argument("--fault", action="append", default=[], help='JSON, as {"kind": "reset_after", "times": null}')
    parser.add_argument("--webhook-scale", type=float, default=1.0)
    parser.add_argument("--webhook-gap", type=float, default=1.0)
    parser.add_argument("--first-update", type=int, default=0)
    parser.add_argument("--with-parent", action="store_true", help="stop when standard input ends")
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(serve(read_options()))
