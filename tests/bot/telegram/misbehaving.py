"""A small HTTP server that breaks off wherever it is told to, and remembers each request that it read whole."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Writer = asyncio.StreamWriter
Answer = Callable[[asyncio.StreamReader, Writer, bytes], Awaitable[bool]]


@dataclass
class Server:
    """url: what a bot's methods are added to. read: the bodies of requests that came whole; opened: connections."""

    answers: list[Answer]
    url: str = ""
    read: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    opened: int = 0
    closed: asyncio.Event = field(default_factory=asyncio.Event)


def reply(code: int, body: object, *, headers: str = "", keep: bool = True) -> Answer:
    """A whole answer; body: bytes, or what becomes JSON."""

    async def answer(reader: asyncio.StreamReader, writer: Writer, request: bytes) -> bool:
        words = body if isinstance(body, bytes) else json.dumps(body).encode()
        writer.write(f"HTTP/1.1 {code} X\r\ncontent-length: {len(words)}\r\n{headers}\r\n".encode() + words)
        await writer.drain()
        return keep

    return answer


def ok(result: object = True, *, keep: bool = True) -> Answer:
    """The platform's yes; keep: whether the connection stays open after it."""
    return reply(200, {"ok": True, "result": result}, keep=keep)


def refusal(code: int, words: str, **parameters: object) -> Answer:
    """The platform's no, as it words it."""
    answer: dict[str, object] = {"ok": False, "error_code": code, "description": words}
    return reply(code, answer | ({"parameters": parameters} if parameters else {}))


def raw(words: bytes) -> Answer:
    """These bytes, then the end of the connection."""

    async def answer(reader: asyncio.StreamReader, writer: Writer, request: bytes) -> bool:
        writer.write(words)
        await writer.drain()
        return False

    return answer


async def cut(reader: asyncio.StreamReader, writer: Writer, request: bytes) -> bool:
    """A reset after the request was read."""
    reset(writer)
    return False


async def silence(reader: asyncio.StreamReader, writer: Writer, request: bytes) -> bool:
    """No answer, until the other side gives up."""
    await reader.read()
    return False


def drip(head: bytes, piece: bytes) -> Answer:
    """An answer that begins and then never ends."""

    async def answer(reader: asyncio.StreamReader, writer: Writer, request: bytes) -> bool:
        writer.write(head)
        while not reader.at_eof():
            writer.write(piece)
            await writer.drain()
            try:
                async with asyncio.timeout(0.02):
                    await reader.read(1)
            except TimeoutError:
                continue
        return False

    return answer


def reset(writer: Writer) -> None:
    """End a connection with RST instead of FIN."""
    peer = writer.get_extra_info("socket")
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@asynccontextmanager
async def serving(*answers: Answer, unread: bool = False) -> AsyncIterator[Server]:
    """A server that gives its answers in order, the last one for ever. unread: it resets before it reads anything."""
    server = Server(list(answers))
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: Writer) -> None:
        tasks.add(asyncio.current_task())  # type: ignore[arg-type]
        server.opened += 1
        try:
            if unread:
                reset(writer)
                return
            while await _serve(server, reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            server.closed.set()

    listening = await asyncio.start_server(connected, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/bot"
    try:
        yield server
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _serve(server: Server, reader: asyncio.StreamReader, writer: Writer) -> bool:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    size = next((int(line.split(":")[1]) for line in head.lower().split("\r\n") if line.startswith("content-le")), 0)
    body = await reader.readexactly(size)
    server.paths.append(head.split(" ")[1])
    server.read.append(body)
    answer = server.answers.pop(0) if len(server.answers) > 1 else server.answers[0]
    return await answer(reader, writer, body)
