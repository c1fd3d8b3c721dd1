"""Bytes that are no HTTP, or hardly: an answer in plain words and a closed connection, and the server goes on."""

from __future__ import annotations

import re
import socket
import time
from typing import Final
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bad_inputs.place import Place


def raw(port: int, *pieces: bytes, ends: bool = False) -> bytes:
    """Bytes sent as they are; answers with all bytes that come back until the server closes. ends: no more will come."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        try:
            for piece in pieces:
                client.sendall(piece)
            if ends:
                client.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # The server had enough; what it said is read below.
        found = b""
        try:
            while True:
                more = client.recv(65_536)
                if not more:
                    return found
                found += more
        except ConnectionResetError:
            return found


def status(answer: bytes) -> int:
    found = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
    return int(found[1]) if found else 0


HEAD: Final = b"Host: 127.0.0.1:8000\r\nConnection: close\r\n"
POST: Final = b"POST /chat/say HTTP/1.1\r\n" + HEAD + b"Content-Type: application/x-www-form-urlencoded\r\n"
MALFORMED: Final[dict[str, bytes]] = {
    "WB-03-absolute-form": b"GET http://evil.com/ HTTP/1.1\r\n" + HEAD + b"\r\n",
    "WB-03-absolute-own": b"GET http://127.0.0.1:8000/chat HTTP/1.1\r\n" + HEAD + b"\r\n",
    "WB-03-no-host": b"GET / HTTP/1.1\r\n\r\n",
    "WB-03-http-1.0-no-host": b"GET / HTTP/1.0\r\n\r\n",
    "WB-03-two-hosts": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.com\r\nConnection: close\r\n\r\n",
    "WB-03-evil-host": b"GET / HTTP/1.1\r\nHost: evil.com\r\nConnection: close\r\n\r\n",
    "WB-03-odd-host": b"GET / HTTP/1.1\r\nHost: [::1\r\nConnection: close\r\n\r\n",
    "WB-03-host-credentials": b"GET / HTTP/1.1\r\nHost: 127.0.0.1@evil.com\r\nConnection: close\r\n\r\n",
    "WB-03-authority-form": b"CONNECT evil.com:443 HTTP/1.1\r\nHost: evil.com\r\nConnection: close\r\n\r\n",
    "WB-03-asterisk": b"OPTIONS * HTTP/1.1\r\n" + HEAD + b"\r\n",
    "huge-header": b"GET / HTTP/1.1\r\n" + HEAD + b"X: " + b"a" * 200_000 + b"\r\n\r\n",
    "many-headers": b"GET / HTTP/1.1\r\n" + HEAD + b"X: a\r\n" * 20_000 + b"\r\n",
    "huge-target": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n",
    "no-version": b"GET /\r\n\r\n",
    "garbage": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20 + b"\r\n\r\n",
    "nul-in-target": b"GET /\x00 HTTP/1.1\r\n" + HEAD + b"\r\n",
    "nul-in-header": b"GET / HTTP/1.1\r\n" + HEAD + b"X: a\x00b\r\n\r\n",
    "bad-chunk-size": POST + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n0\r\n\r\n",
    "negative-chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
    "huge-chunk-size": POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"F" * 40 + b"\r\nx",
    "cut-chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhe",
    "length-and-chunked": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two-lengths": POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "negative-length": POST + b"Content-Length: -1\r\n\r\nhello",
    "odd-length": POST + b"Content-Length: 1e3\r\n\r\nhello",
    "huge-length": POST + b"Content-Length: 99999999999999999999\r\n\r\nhello",
    "odd-coding": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "cut-body": POST + b"Content-Length: 500\r\n\r\nhello",
    "continued-header": b"GET / HTTP/1.1\r\n" + HEAD + b"X: a\r\n b\r\n\r\n",
    "space-before-colon": b"GET / HTTP/1.1\r\n" + HEAD + b"X : a\r\n\r\n",
    "bare-lf": b"GET / HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n",
    "upgrade": b"GET /chat/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\nOrigin: https://evil.com\r\n\r\n",
    "h2-preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("case", MALFORMED)
def test_it_answers_malformed_http_and_closes(place: Place, port: int, case: str) -> None:
    answer = raw(port, MALFORMED[case], ends=case.startswith("cut-"))
    if case in ("cut-body", "cut-chunk"):
        assert status(answer) in (0, 400)  # Nobody is there any more to be answered.
    elif case == "many-headers":
        assert status(answer) in (0, 200, 400, 431)  # It hangs up in the middle, and the answer may be lost on the way.
    elif case in ("bare-lf", "continued-header", "WB-03-absolute-own"):
        assert status(answer) in (200, 303, 400)
    else:
        assert 400 <= status(answer) < 500, answer[:200]
        assert len(answer.partition(b"\r\n\r\n")[2]) > 5
    assert place.ask(port, "GET", "/healthz").status == 200


def test_it_refuses_ten_megabytes_and_goes_on_tx_01(place: Place, port: int) -> None:
    body = ("text=" + quote("请") * 1_200_000 + "&key=kkkkkkkkkkkk").encode()
    head = POST + f"Content-Length: {len(body)}\r\n\r\n".encode()
    assert status(raw(port, head + body[:1000])) in (400, 413)
    chunk = b"%x\r\n" % 60_000 + b"a" * 60_000 + b"\r\n"
    said = raw(port, POST + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 200)
    assert status(said) in (0, 400, 413)  # 0: it hung up on somebody who would not stop.
    assert place.ask(port, "GET", "/healthz").status == 200


@given(
    noise=st.binary(max_size=400),
    start=st.sampled_from(
        [b"", b"GET / HTTP/1.1\r\n", b"POST /chat/say HTTP/1.1\r\n" + HEAD, POST + b"Content-Length: 9\r\n\r\n"]
    ),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_answers_any_noise_without_a_5xx(port: int, noise: bytes, start: bytes) -> None:
    assert status(raw(port, start + noise, ends=True)) < 500


def test_it_keeps_answering_while_many_hang_wb_05(place: Place, port: int) -> None:
    idle = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(100)]
    try:
        for client in idle[:50]:
            client.sendall(b"GET / HTTP/1.1\r\nHost: 127")
        before = time.monotonic()
        assert place.ask(port, "GET", "/healthz").status == 200
        assert time.monotonic() - before < 3
    finally:
        for client in idle:
            client.close()
