"""Receiving from Telegram: updates a second through the webhook and through polling, each answered by a real turn."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
from pathlib import Path
from statistics import median
from typing import Any

from bench.child import running
from bench.receiving import SECRET
from bench.school import MENU
from bench.table import Row

AT_ONCE = 8  # deliveries of the webhook under way; the platform makes up to 40
PATIENCE = 120.0


def update(number: int) -> dict[str, Any]:
    """A message of a student of its own, as the platform sends it."""
    who = {"id": 1_000_000 + number, "is_bot": False, "first_name": "李雷", "language_code": "zh-hans"}
    chat = {"id": who["id"], "type": "private", "first_name": "李雷"}
    message = {"message_id": number, "from": who, "chat": chat, "date": int(time.time()), "text": MENU}
    return {"update_id": number, "message": message}


async def _deliver(port: int, count: int) -> None:
    """Hand over so many updates, over connections that are kept."""
    left = iter(range(1, count + 1))

    async def work() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in left:
            body = json.dumps(update(number)).encode()
            head = (
                f"POST /telegram HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
                f"x-telegram-bot-api-secret-token: {SECRET}\r\ncontent-length: {len(body)}\r\n\r\n"
            )
            writer.write(head.encode() + body)
            answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            await reader.readexactly(int(answer.partition("content-length:")[2].partition("\r\n")[0]))
            if " 200 " not in answer.partition("\r\n")[0]:
                raise AssertionError(answer.partition("\r\n")[0])
        writer.close()

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))


def _ask(port: int, path: str, body: bytes | None = None) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", body, 10) as answer:
        return int(json.loads(answer.read())["result"])


def _once(folder: Path, mode: str, count: int) -> tuple[float, float]:
    """Updates answered a second, and CPU seconds an update, in fresh processes."""
    with running(["-m", "bench.answering"], folder, "port") as platform:
        api = int(platform.line.split()[1])
        with running(["-m", "bench.receiving", str(folder / "school"), str(api), mode], folder, "port") as child:
            time.sleep(1.5)  # It sets itself up and takes its leases; nothing of that is measured.
            began, spent = time.perf_counter(), child.cpu()
            if mode == "webhook":
                asyncio.run(_deliver(int(child.line.split()[1]), count))
            else:
                _ask(api, "put", json.dumps([update(number) for number in range(1, count + 1)]).encode())
            while _ask(api, "sent") < count:
                if time.perf_counter() - began > PATIENCE:
                    message = f"{_ask(api, 'sent')} of {count} updates were answered"
                    raise AssertionError(message)
                time.sleep(0.02)
            return count / (time.perf_counter() - began), (child.cpu() - spent) / count


def measure(folder: Path, updates: int = 600, rounds: int = 3) -> list[Row]:
    """The rows of receiving, on SQLite: from the platform's request until the platform has the answer."""
    rows = []
    for mode in ("webhook", "polling"):
        found = [_once(folder / f"{mode}{number}", mode, updates) for number in range(rounds)]
        rows.append(
            Row(f"updates through {mode}, answered (SQLite)", median(each[0] for each in found), "a second", digits=0)
        )
        rows.append(Row("  CPU an update", median(each[1] for each in found) * 1e3, "ms"))
    return rows
