"""The transport to the Bot API against a server that breaks off everywhere."""

from __future__ import annotations

import asyncio
import json
import traceback
from typing import Any

import pytest
import telegram
from telegram.error import TelegramError

from bot.channels.telegram.request import AiohttpRequest, NotSent, OutcomeUnknown
from tests.bot.carrying import until
from tests.bot.telegram.misbehaving import Answer, Server, cut, drip, ok, raw, reply, serving, silence
from tests.bot.telegram.requesting import TOKEN, check_silent, play


def test_it_calls_a_method_and_returns_its_result() -> None:
    server, result = play(ok({"message_id": 7}))
    assert result == {"message_id": 7}
    assert json.loads(server.read[0]) == {"text": "张三"}
    assert server.paths == [f"/bot{TOKEN}/sendMessage"]


# --- surely not sent --------------------------------------------------------------------------------------------------


def test_it_knows_that_nothing_was_sent_where_nobody_listens() -> None:
    async def do(request: AiohttpRequest, server: Server) -> Any:
        return await request.call(f"http://127.0.0.1:1/bot{TOKEN}/sendMessage", {})

    _, error = play(ok(), do=do)
    assert isinstance(error, NotSent)
    check_silent(error)


def test_it_knows_that_nothing_was_sent_when_the_handshake_fails() -> None:
    async def do(request: AiohttpRequest, server: Server) -> Any:
        return await request.call(server.url.replace("http:", "https:") + f"{TOKEN}/sendMessage", {})

    _, error = play(raw(b"this is no TLS"), do=do, connect=0.5)
    assert isinstance(error, NotSent)
    check_silent(error)


def test_it_knows_that_nothing_was_sent_when_the_pool_is_full() -> None:
    async def run() -> tuple[Server, BaseException]:
        async with serving(silence) as server, AiohttpRequest(pool=1, connect=0.2, total=5) as request:
            first = asyncio.create_task(request.call(f"{server.url}{TOKEN}/a", {}))
            await until(lambda: server.read)
            with pytest.raises(TelegramError) as caught:
                await request.call(f"{server.url}{TOKEN}/b", {})
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            return server, caught.value

    server, error = asyncio.run(run())
    assert isinstance(error, NotSent)
    assert len(server.read) == 1
    check_silent(error)


@pytest.mark.parametrize(
    "answer",
    [reply(407, b"who are you"), reply(502, b"no way through"), cut, silence],
    ids=["407", "502", "cut", "silent"],
)
def test_it_knows_that_nothing_was_sent_when_the_proxy_does_not_connect(answer: Answer) -> None:
    async def run() -> tuple[Server, BaseException]:
        async with serving(answer) as server:
            proxy = server.url.replace("http://", "http://me:hunter2@").removesuffix("/bot")
            async with AiohttpRequest(proxy=proxy, connect=0.5) as request:
                with pytest.raises(TelegramError) as caught:
                    await request.call(f"https://127.0.0.1:9/bot{TOKEN}/sendMessage", {})
            return server, caught.value

    server, error = asyncio.run(run())
    assert isinstance(error, NotSent)
    assert server.paths == ["127.0.0.1:9"]
    assert "hunter2" not in "".join(traceback.format_exception(error))
    check_silent(error)


def test_it_knows_that_no_file_was_sent_where_nobody_listens() -> None:
    async def do(request: AiohttpRequest, server: Server) -> Any:
        bot = telegram.Bot(TOKEN, "http://127.0.0.1:1/bot", request=request, get_updates_request=request)
        return await bot.send_document(7, b"%PDF-1.7 x")

    async def cut_off(request: AiohttpRequest, server: Server) -> Any:
        bot = telegram.Bot(TOKEN, server.url, request=request, get_updates_request=request)
        return await bot.send_document(7, b"%PDF-1.7 x")

    assert isinstance(play(ok(), do=do)[1], NotSent)
    assert isinstance(play(cut, do=cut_off)[1], OutcomeUnknown)


@pytest.mark.parametrize("code", [407, 413])
def test_it_knows_that_nothing_was_sent_when_a_page_says_that_it_was_not_passed_on(code: int) -> None:
    _, error = play(reply(code, b"<html>no</html>"))
    assert isinstance(error, NotSent)


def test_it_opens_another_connection_when_the_server_closed_an_idle_one() -> None:
    async def do(request: AiohttpRequest, server: Server) -> Any:
        await request.call(f"{server.url}{TOKEN}/a", {})
        await server.closed.wait()
        await asyncio.sleep(0)  # The loop sees the end of the connection.
        return await request.call(f"{server.url}{TOKEN}/b", {"second": True})

    server, result = play(ok(1, keep=False), ok(2), do=do)
    assert result == 2
    assert server.opened == 2
    assert len(server.read) == 2


def test_it_knows_that_nothing_was_sent_on_a_connection_that_was_closing_already() -> None:
    async def do(request: AiohttpRequest, server: Server) -> Any:
        await request.call(f"{server.url}{TOKEN}/a", {})
        session = request._session
        assert session is not None
        connector: Any = session.connector
        connect = connector.connect

        async def closing(*values: Any, **named: Any) -> Any:
            connection = await connect(*values, **named)
            connection.transport.close()  # What a FIN does that is seen between the choice and the first write.
            return connection

        connector.connect = closing
        return await request.call(f"{server.url}{TOKEN}/b", {})

    server, error = play(ok(), do=do)
    assert isinstance(error, NotSent)
    assert len(server.read) == 1
    check_silent(error)


def test_it_knows_that_nothing_was_sent_after_the_end() -> None:
    request = AiohttpRequest()
    with pytest.raises(NotSent):
        asyncio.run(request.call(f"http://127.0.0.1:1/{TOKEN}", {}))


# --- perhaps sent -----------------------------------------------------------------------------------------------------

HALF = b'HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n{"ok": true, "result": {"mess'


@pytest.mark.parametrize(
    "answer",
    [
        cut,
        raw(b""),
        raw(b"HTTP/1.1 200 OK\r\ncontent-le"),
        raw(HALF),
        raw(b'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"ok'),
        raw(b"SSH-2.0-OpenSSH_9.2p1\r\n"),
        reply(200, b'{"ok": true, "resu'),
        reply(200, b'{"ok": true}'),
        reply(200, b"[]"),
        reply(200, b"<html>Welcome to the campus network</html>"),
        reply(302, b"", headers="location: http://127.0.0.1:1/login\r\n"),
        reply(500, {"ok": False, "error_code": 500, "description": "Internal Server Error: restart"}),
        reply(502, b"<html>Bad Gateway for /bot" + TOKEN.encode() + b"</html>"),
        reply(403, b"<html>The campus firewall says no to /bot" + TOKEN.encode() + b"</html>"),
    ],
    ids=["reset", "closed", "half a head", "half a body", "half a chunk", "no http", "half of json", "no result", "a list",
         "a portal", "a redirect", "500", "502", "a firewall"],
)  # fmt: skip
@pytest.mark.parametrize("way", ["call", "library"])
def test_it_does_not_know_what_became_of_a_request_that_was_read(answer: Answer, way: str) -> None:
    async def do(request: AiohttpRequest, server: Server) -> Any:
        if way == "call":
            return await request.call(f"{server.url}{TOKEN}/sendMessage", {"text": "hi"})
        return await telegram.Bot(TOKEN, server.url, request=request, get_updates_request=request).send_message(1, "hi")

    server, error = play(answer, do=do)
    assert isinstance(error, OutcomeUnknown)
    assert len(server.read) == 1
    assert TOKEN not in "".join(traceback.format_exception(error))
    if way == "call":
        check_silent(error)


@pytest.mark.parametrize(
    "answer", [silence, drip(HALF, b""), drip(HALF[:40], b" ")], ids=["silent", "stuck", "dripping"]
)
def test_it_does_not_know_what_became_of_a_request_that_takes_too_long(answer: Answer) -> None:
    server, error = play(answer, connect=0.2, total=0.3)
    assert isinstance(error, OutcomeUnknown)
    assert len(server.read) == 1
    check_silent(error)


def test_it_does_not_claim_to_know_when_a_reset_comes_before_an_answer() -> None:
    server, error = play(ok(), unread=True)
    assert isinstance(error, OutcomeUnknown | NotSent)
    assert not server.read
    check_silent(error)


@pytest.mark.parametrize("answer", [cut, raw(b"")], ids=["reset", "closed"])
def test_it_never_sends_twice_by_itself_on_a_connection_that_breaks(answer: Answer) -> None:
    """aiohttp does, for methods that it holds to be idempotent, on a connection that was used before."""

    async def do(request: AiohttpRequest, server: Server) -> Any:
        await request.call(f"{server.url}{TOKEN}/a", {})
        return await request.call(f"{server.url}{TOKEN}/b", {"second": True})

    server, error = play(ok(), answer, ok(), do=do)
    assert isinstance(error, OutcomeUnknown)
    assert [json.loads(body) for body in server.read] == [{}, {"second": True}]
