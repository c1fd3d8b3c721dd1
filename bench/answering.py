"""A server that answers every sendMessage of the Bot API at once: `python -m bench.answering`, for measuring clients.

It checks nothing; what it costs is small and the same for every client.
"""

from __future__ import annotations

import asyncio
import sys
from itertools import count

_LENGTH = b"content-length:"
_ME = b'{"id":123456,"is_bot":true,"first_name":"bench","username":"bench_bot"}'
_ANSWER = (
    b'{"ok":true,"result":{"message_id":%d,"from":' + _ME + b',"chat":{"id":%d,"first_name":"\\u674e\\u96f7",'
    b'"type":"private"},"date":1780880400,"text":"' + b"\\u5df2\\u6536\\u5230" * 12 + b'"}}'
)
_HEAD = b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_numbers = count(1)


class Answering(asyncio.Protocol):
    """One kept connection: reads whole requests, answers each."""

    def __init__(self) -> None:
        self._kept = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember whom to answer."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole by now."""
        data = self._kept + data
        while (end := data.find(b"\r\n\r\n")) >= 0:
            head = data[:end].lower()
            begin = head.find(_LENGTH)
            length = int(head[begin + len(_LENGTH) :].split(b"\r\n", 1)[0]) if begin >= 0 else 0
            whole = end + 4 + length
            if begin < 0 and b"transfer-encoding: chunked" in head:
                last = data.find(b"\r\n0\r\n\r\n", end)
                whole = last + 7 if last >= 0 else len(data) + 1
            if len(data) < whole:
                break
            data = data[whole:]
            path = head.split(b" ", 2)[1]
            body = b'{"ok":true,"result":%b}' % _ME if path.endswith(b"getme") else _ANSWER % (next(_numbers), 42)
            self._transport.write(_HEAD % len(body) + body)
        self._kept = data


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0, backlog=512)
    sys.stdout.write(f"port {server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve())
