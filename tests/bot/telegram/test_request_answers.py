"""What the transport to the Bot API makes of an answer that came whole: refusals, files, the library's own methods, and the log."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
import telegram
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, TelegramError

from bot.channels.telegram.request import AiohttpRequest, OutcomeUnknown, Throttled, TooLarge
from tests.bot.telegram.misbehaving import Answer, Server, ok, raw, refusal, reply
from tests.bot.telegram.requesting import TOKEN, check_silent, play

# --- refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refusal(400, "Bad Request: chat not found"), BadRequest),
        (refusal(401, "Unauthorized"), InvalidToken),
        (refusal(403, "Forbidden: bot was blocked by the user"), Forbidden),
        (refusal(404, "Not Found"), InvalidToken),
        (refusal(409, "Conflict: terminated by other getUpdates request"), Conflict),
        (refusal(413, "Request Entity Too Large"), BadRequest),
        (refusal(429, "Too Many Requests: retry after 7", retry_after=7), Throttled),
    ],
)
def test_it_raises_what_the_platform_answered(answer: Answer, kind: type[TelegramError]) -> None:
    _, error = play(answer)
    assert type(error) is kind
    check_silent(error)


def test_it_reads_an_answer_with_bytes_that_are_no_letters() -> None:
    _, result = play(reply(200, b'{"ok": true, "result": ["\xff", "\xed\xa0\x80"]}'))
    assert [set(words) for words in result] == [{"\ufffd"}, {"\ufffd"}]


def test_it_does_not_choke_on_an_answer_without_end() -> None:
    _, error = play(reply(200, b"[" * 200_000))
    assert isinstance(error, OutcomeUnknown)


def test_it_hands_on_the_wait_in_the_librarys_own_methods_too() -> None:
    async def do(request: AiohttpRequest, server: Server) -> Any:
        return await telegram.Bot(TOKEN, server.url, request=request, get_updates_request=request).get_me()

    _, error = play(refusal(429, "Too Many Requests: retry after 7", retry_after=7), do=do)
    assert type(error) is Throttled
    assert error.wait == 7


def test_it_hands_on_what_the_platform_says_beside_a_refusal() -> None:
    _, throttled = play(refusal(429, "Too Many Requests: retry after 7", retry_after=7))
    _, moved = play(refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1009))
    assert throttled.wait == 7
    assert isinstance(moved, ChatMigrated)
    assert moved.new_chat_id == -1009


# --- files and the library --------------------------------------------------------------------------------------------


def test_it_serves_the_librarys_own_methods() -> None:
    async def do(request: AiohttpRequest, server: Server) -> Any:
        bot = telegram.Bot(TOKEN, server.url, request=request, get_updates_request=request)
        await bot.set_my_commands([("menu", "菜单")], scope=telegram.BotCommandScopeAllPrivateChats())
        await bot.send_document(7, b"%PDF-1.7 x", filename="slip.pdf")

    message = {"message_id": 1, "date": 0, "chat": {"id": 7, "type": "private"}}
    server, _ = play(ok(), ok(message), do=do)
    assert json.loads(server.read[0]) == {
        "commands": [{"command": "menu", "description": "菜单"}], "scope": {"type": "all_private_chats"},
    }  # fmt: skip
    assert b'name="chat_id"\r\n\r\n7' in server.read[1]
    assert b'filename="slip.pdf"' in server.read[1]
    assert b"%PDF-1.7 x" in server.read[1]


@pytest.mark.parametrize(
    "answer", [reply(200, b"x" * 101), raw(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 101)], ids=["said before", "found out"]
)
def test_it_fetches_no_more_bytes_than_it_may(answer: Answer) -> None:
    async def fetch(most: int, request: AiohttpRequest, server: Server) -> Any:
        return await request.fetch(f"{server.url}{TOKEN}/photos/1.jpg", most)

    _, error = play(answer, do=lambda request, server: fetch(100, request, server))
    _, whole = play(answer, do=lambda request, server: fetch(101, request, server))
    assert type(error) is TooLarge
    assert whole == b"x" * 101
    check_silent(error)


def test_it_writes_no_token_and_no_words_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def do(request: AiohttpRequest, server: Server) -> Any:
        bot = telegram.Bot(TOKEN, server.url, request=request, get_updates_request=request)
        with pytest.raises(OutcomeUnknown):
            await bot.send_message(1, "my mother is ill")
        await request.call(f"{server.url}{TOKEN}/sendMessage", {"text": "my mother is ill"})

    caplog.set_level(logging.DEBUG)
    play(reply(200, b"<html>my mother is ill"), ok(), do=do)
    assert TOKEN not in caplog.text
    assert "mother" not in caplog.text


def test_it_shows_no_token_and_no_password_of_its_own() -> None:
    assert "hunter2" not in repr(AiohttpRequest(proxy="http://me:hunter2@127.0.0.1:1"))
