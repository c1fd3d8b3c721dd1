"""A receiver of webhooks that misbehaves as it is told, on a port of loopback."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass
class Receiver:
    """It answers by the next word of the plan: a status, "hang" (no answer), "slow" (200, and a body that never ends),
    "redirect" (to an address of its own), "cut" (the connection is closed without an answer); with 200 where it is empty."""

    plan: deque[Any] = field(default_factory=deque)
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What arrived, as JSON."""
        return [json.loads(body) for _, _, body in self.got]

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (each.partition(":") for each in head[1:] if each)
            }
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.got.append((head[0], headers, body))
            await self._say(writer, self.plan.popleft() if self.plan else 200)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _say(self, writer: asyncio.StreamWriter, word: Any) -> None:
        if word == "hang":
            await asyncio.sleep(60)
        elif word == "slow":
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n")
            for _ in range(600):
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.1)
        elif word == "redirect":
            writer.write(
                f"HTTP/1.1 307 x\r\nlocation: http://127.0.0.1:{self.port}/elsewhere\r\ncontent-length: 0\r\n\r\n".encode()
            )
        elif word != "cut":
            status, _, after = str(word).partition(":")
            more = f"retry-after: {after}\r\n" if after else ""
            writer.write(f"HTTP/1.1 {status} x\r\n{more}content-length: 0\r\nconnection: close\r\n\r\n".encode())
            await writer.drain()
