"""The real HTTP server on loopback: messages a second, how soon a stream hears, and the memory after all that."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from urllib.parse import urlencode

from bench.child import imports_only, page_row, running
from bench.school import MENU, MINE, WISH
from bench.table import Row

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Client:
    """One browser on one kept connection."""

    def __init__(self, port: int, cookie: str, token: str) -> None:
        self._port, self._cookie, self._token = port, cookie, token
        self._connection: Connection | None = None
        self._count = 0

    async def say(self, words: str, press: str = "") -> str:
        """One message; the answer's body. Raises when it is not answered with 200."""
        self._count += 1
        key = f"loop-{self._count:06d}"
        body = urlencode({"text": words, "press": press, "key": key, "token": self._token}).encode()
        if self._connection is None:
            self._connection = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._connection
        writer.write(self._head("POST /chat/say", len(body)) + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length:")[2].partition("\r\n")[0])
        answer = (await reader.readexactly(length)).decode()
        if " 200 " not in head.partition("\r\n")[0]:
            raise AssertionError(head.partition("\r\n")[0])
        return answer

    def _head(self, line: str, length: int = 0) -> bytes:
        lines = [f"{line} HTTP/1.1", "host: 127.0.0.1", f"cookie: yizhan={self._cookie}", "sec-fetch-site: same-origin"]
        if length:
            lines += ["accept: application/json", "content-type: application/x-www-form-urlencoded"]
        return (
            "\r\n".join([*lines, f"content-length: {length}" if length else "accept: text/event-stream"]) + "\r\n\r\n"
        ).encode()

    async def listen(self, heard: asyncio.Queue[float]) -> None:
        """Hear the stream, and put the instant of every entry into a queue."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(self._head("GET /chat/stream?after=0"))
        while line := await reader.readline():
            if line.startswith(b"data:"):
                heard.put_nowait(time.perf_counter())


async def _throughput(port: int, people: list[list[str]], count: int, at_once: int) -> float:
    """Messages a second of so many clients at once."""
    clients = [Client(port, *person) for person in people[:at_once]]

    async def talk(client: Client) -> None:
        for number in range(count // at_once):
            await client.say((MENU, MINE)[number % 2])

    began = time.perf_counter()
    await asyncio.gather(*map(talk, clients))
    return count // at_once * at_once / (time.perf_counter() - began)


async def _latency(port: int, students: list[list[str]], staff: list[list[str]]) -> list[float]:
    """Seconds from a student's handing in to the counselor's open stream showing it, sorted."""
    heard: asyncio.Queue[float] = asyncio.Queue()
    streams = [asyncio.create_task(Client(port, *person).listen(heard)) for person in staff]
    await asyncio.sleep(1.0)
    while not heard.empty():
        heard.get_nowait()
    found = []
    for person in students:
        client = Client(port, *person)
        await client.say(WISH)
        began = time.perf_counter()
        await client.say("提交")
        found.append(await asyncio.wait_for(heard.get(), 10) - began)
    for stream in streams:
        stream.cancel()
    return sorted(found)


def measure(folder: Path, messages: int = 1000, notices: int = 100, at_once: int = 8) -> list[Row]:
    """The rows of the served school: throughput, latency, memory, and the weight of the page."""
    bare = imports_only(folder / "imports")
    with running(["-m", "bench.serving", str(folder / "school")], folder / "served", '"port"') as child:
        told = json.loads(child.line)
        port, everybody = told["port"], [list(pair) for pair in told["people"].values()]
        staff, students = everybody[: told["staff"]], everybody[told["staff"] :]
        weight = page_row(port, f"yizhan={students[0][0]}")
        began, spent = time.perf_counter(), child.cpu()
        speed = asyncio.run(_throughput(port, students, messages, at_once))
        share = (child.cpu() - spent) / (time.perf_counter() - began)
        late = asyncio.run(_latency(port, students[:notices], staff))
        resident = child.resident()
    return [
        Row(f"loopback, {at_once} clients", speed, "messages/s", digits=0),
        Row("  the server's CPU then", share * 100, "%", digits=0),
        Row("notice on an open stream, p50", late[len(late) // 2] * 1e3, "ms", digits=1),
        Row("notice on an open stream, p99", late[min(len(late) - 1, len(late) * 99 // 100)] * 1e3, "ms", digits=1),
        Row(f"memory over imports ({bare:.0f} MB), {messages} messages", resident - bare, "MB", None, 60, 0),
        weight,
    ]
