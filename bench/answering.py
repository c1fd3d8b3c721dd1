"""A server that answers every sendMessage of the Bot API at once: `python -m bench.answering`, for measuring clients.

It checks nothing; what it costs is small and the same for every client.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

_LENGTH = b"content-length:"
_ME = b'{"id":123456,"is_bot":true,"first_name":"bench","username":"bench_bot"}'
_ANSWER = (
    b'{"ok":true,"result":{"message_id":%d,"from":' + _ME + b',"chat":{"id":%d,"first_name":"\\u674e\\u96f7",'
    b'"type":"private"},"date":1780880400,"text":"' + b"\\u5df2\\u6536\\u5230" * 12 + b'"}}'
)
_HEAD = b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_sent = 0
_waiting: list[dict[str, Any]] = []


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
            asked, data = data[end + 4 : whole], data[whole:]
            self._answer(head.split(b" ", 2)[1].rpartition(b"/")[2], asked)
        self._kept = data

    def _answer(self, method: bytes, asked: bytes) -> None:
        """sendMessage first: it is what is measured. put: updates that wait from now on; sent: how many messages came."""
        global _sent  # noqa: PLW0603 (one process, one platform)
        if method == b"sendmessage":
            _sent += 1
            return self._say(_ANSWER % (_sent, 42))
        if method == b"getupdates":
            found = [each for each in _waiting if each["update_id"] >= json.loads(asked).get("offset", 0)][:100]
            answer = json.dumps({"ok": True, "result": found}).encode()
            pause = 0.0 if found else 0.05
            asyncio.get_running_loop().call_later(pause, self._say, answer)
            return None
        if method == b"put":
            _waiting.extend(json.loads(asked))
        plain = {b"getme": _ME, b"put": b"0", b"sent": b"%d" % _sent}
        return self._say(b'{"ok":true,"result":%b}' % plain.get(method, b"true"))

    def _say(self, body: bytes) -> None:
        self._transport.write(_HEAD % len(body) + body)


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0, backlog=512)
    sys.stdout.write(f"port {server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve())
