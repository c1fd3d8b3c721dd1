"""What nobody should send to the webhook: the cases TG-… of the list of bad inputs and their kin, a test each."""

from __future__ import annotations

import asyncio
import gzip
import json
from pathlib import Path

import pytest

from models.inbox import MOST_WAITING, Inbox
from models.outbox import Outbox
from models.ticket import Event
from tests.killing import ticket_words
from tests.telegram.acting import play, rows
from tests.telegram.playing import HANMEIMEI, HEADER, LILEI, PATH, SECRET, Bot, knock, said, until

KNOWN = [(HEADER, SECRET)]


async def open_ticket(bot: Bot, first: int = 1, person: int = LILEI) -> tuple[str, str]:
    """Somebody asks a teacher; the ticket's id, and the press that takes it back."""
    await bot.hear(said("找老师", first, person))
    await bot.hear(said("想问问奖学金", first + 1, person))
    data = [one["callback_data"] for sent in bot.fake.sent for one in sent.buttons if "callback_data" in one]
    mine = [each for each in data if each.startswith("t:") and ":withdraw:" in each]
    ticket = rows(bot, Event.ticket_id, Event.kind == "opened")[-1]
    return str(ticket), next((each for each in mine if ticket in each), "")


# --- the door ---------------------------------------------------------------------------------------------------------


def test_it_reads_nothing_without_the_secret_tg_01(database_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        body = json.dumps(said("你好")).encode()
        wrong: list[list[tuple[str, str]]] = [
            [], [(HEADER, "")], [(HEADER, SECRET[:-1])], [(HEADER, SECRET + "x")], [(HEADER, "密".encode().decode("latin-1"))],
            [(HEADER, SECRET), (HEADER, SECRET)], [(HEADER, "wrong"), (HEADER, SECRET)], [("authorization", SECRET)],
        ]  # fmt: skip
        for headers in wrong:
            for what in (body, b"{", [b"x" * 65536] * 200):
                status, said_, _, read = await knock(bot.app, what, headers)
                assert (status, read) == (404, 0)
                assert SECRET.encode() not in said_
        assert bot.kept() == bot.kept("quarantined") == 0
        assert await bot.post(body) == 200
        assert bot.kept() == 1

    play(database_url, tmp_path, act, work=False)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"])
def test_it_takes_posts_only(method: str, sqlite_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        status, _, _, _ = await knock(bot.app, json.dumps(said("你好")).encode(), KNOWN, method)
        assert status == 405
        assert bot.kept() == 0

    play(sqlite_url, tmp_path, act, work=False)


def test_it_answers_elsewhere_that_nothing_is_there(sqlite_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        for path in (PATH + "/", PATH + "/x", "/Telegram", "//telegram", PATH + "/../telegram", "/telegram%00"):
            status, _, _, _ = await knock(bot.app, json.dumps(said("你好")).encode(), KNOWN, path=path)
            assert status in (403, 404), path
        assert bot.kept() == 0

    play(sqlite_url, tmp_path, act, work=False)


NINES = "9" * 5000
REFUSED = {
    "tg_07 digits": '{"update_id":' + NINES + "}",
    "tg_07 digits within": '{"update_id":1,"message":{"date":' + NINES + "}}",
    "tg_08 the same key twice": '{"update_id":1,"message":{"text":"A"},"message":{"text":"B"}}',
    "tg_08 two numbers": '{"update_id":1,"update_id":2,"message":{"text":"A"}}',
    "tg_08 deep within": '{"update_id":1,"message":{"from":{"id":1,"id":2}}}',
    "empty": "",
    "no object": "[]",
    "a list of one": '[{"update_id":1}]',
    "a word": '"update_id"',
    "null": "null",
    "no number": "{}",
    "words for a number": '{"update_id":"1"}',
    "a fraction": '{"update_id":1.0}',
    "a truth": '{"update_id":true}',
    "below nothing": '{"update_id":-1}',
    "beyond 62 bits": '{"update_id":4611686018427387904}',
    "cut": '{"update_id":1,"message":{"te',
    "two of them": '{"update_id":1}{"update_id":2}',
    "a form": "update_id=1&message=x",
    "XML": "<xml><update_id>1</update_id></xml>",
    "deep": '{"update_id":1,"message":' + "[" * 200_000 + "]" * 200_000 + "}",
    "deep objects": '{"update_id":1,"message":' + '{"a":' * 100_000 + "1" + "}" * 100_001,
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_refuses_what_no_update_can_be(name: str, sqlite_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        assert await bot.post(REFUSED[name].encode()) == 400
        assert bot.kept() == bot.kept("quarantined") == 0

    play(sqlite_url, tmp_path, act, work=False)


def test_it_keeps_what_holds_a_byte_that_is_no_utf_8(sqlite_url: str, tmp_path: Path) -> None:
    """As a poll does: a refusal would bring it again for a day, and hold up what comes behind it."""

    async def act(bot: Bot) -> None:
        whole = json.dumps(said("请假"), ensure_ascii=False)
        for body in (whole.encode("utf-16"), b"\xff" + whole.encode(), whole.encode()[:-20] + b"\xe8"):
            assert await bot.post(body) == 400, "no JSON at all"
        assert await bot.post(b"\xef\xbb\xbf" + whole.encode()) == 400
        assert bot.kept() == 0
        assert await bot.post(whole.encode().replace("假".encode(), b"\xe5\x81")) == 200
        assert await bot.post(json.dumps(said("请假", 2), ensure_ascii=False).encode("gbk")) == 200
        assert bot.kept() == 2

    play(sqlite_url, tmp_path, act, work=False)


def test_it_ends_a_huge_body_early_and_keeps_its_beginning(sqlite_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        for more in ([], [("content-length", "5242880")]):
            status, _, _, read = await knock(bot.app, [b" " * 65_536] * 80, [*KNOWN, *more])
            assert (status, read <= 17) == (400, True)
            huge = [b'{"update_id":7,"message":{"text":"', *([b"x" * 65_536] * 79)]
            status, _, _, read = await knock(bot.app, huge, [*KNOWN, *more])
            assert (status, read <= 18) == (200, True)
        assert (bot.kept(), bot.kept("quarantined")) == (0, 1)

    play(sqlite_url, tmp_path, act, work=False)


def test_it_unpacks_no_bomb(sqlite_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        bomb = gzip.compress(b" " * 50_000_000 + json.dumps(said("你好")).encode())
        status, _, _, _ = await knock(bot.app, bomb, [*KNOWN, ("content-encoding", "gzip")])
        assert status in (400, 415)
        assert bot.kept() == 0

    play(sqlite_url, tmp_path, act, work=False)


def test_it_takes_an_update_in_any_pieces_and_under_any_name(sqlite_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        for number, kind in enumerate(
            ("application/json", "text/plain", "application/x-www-form-urlencoded", "x", ""), 1
        ):
            body = json.dumps(said("请假", number), ensure_ascii=False).encode()
            pieces = [body[place : place + 1] for place in range(len(body))]
            status, _, _, _ = await knock(bot.app, pieces, [*KNOWN, ("content-type", kind)])
            assert status == 200
        assert bot.kept() == 5

    play(sqlite_url, tmp_path, act, work=False)


# --- the same again, and in another order -----------------------------------------------------------------------------


def test_it_handles_fifty_copies_once_tg_03(database_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        await bot.hear(said("找老师", 1))
        before = len(bot.fake.sent)
        body = json.dumps(said("想问问奖学金", 2)).encode()
        assert set(await asyncio.gather(*(bot.post(body) for _ in range(50)))) == {200}
        await bot.settle()
        assert (bot.tickets(), bot.received()) == (1, 2)
        assert len([each for each in bot.fake.sent[before:] if each.chat_id == LILEI]) == 1

    play(database_url, tmp_path, act)


def test_it_gives_no_second_answer_to_an_update_that_comes_again(database_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        await open_ticket(bot)
        before = len(bot.fake.sent)
        for number, words in ((1, "找老师"), (2, "想问问奖学金"), (2, "想问问奖学金")):
            assert await bot.hear(said(words, number)) == []
        assert await bot.hear(said("另外的话", 2)) == []  # The number is what counts.
        assert (bot.tickets(), bot.received(), len(bot.fake.sent)) == (1, 2, before)

    play(database_url, tmp_path, act)


def test_it_keeps_the_order_of_numbers_tg_04(database_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        await bot.bot.reception.take([said("想问问奖学金", 105), said("菜单", 103), said("找老师", 104)])
        await bot.settle()
        assert bot.received() == 3
        assert bot.database.read(ticket_words) == ["想问问奖学金"]
        # One that comes late is heard late, once, and changes nothing that was done.
        await bot.hear(said("帮助", 102))
        assert (bot.received(), bot.tickets()) == (4, 1)

    play(database_url, tmp_path, act)


def test_it_slows_one_who_writes_two_hundred_tg_25(sqlite_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        bot.parts.door._per_minute = 30
        burst = [bot.post(said(f"话{number}", number)) for number in range(1, 201)]
        others = [bot.post(said("菜单", 1000 + place, 1004 + place)) for place in range(10)]
        assert set(await asyncio.gather(*burst, *others)) == {200}
        await until(lambda: bot.kept() == 0)
        await until(lambda: all(bot.fake.person("", 1004 + place).sees() for place in range(10)))
        mine = [key for key in rows(bot, Outbox.dedupe_key) if key.startswith("slow:")]
        assert 1 <= len(mine) <= 2  # once a minute, and the minute may have turned
        assert bot.received() - 10 in range(30, 34)  # some of the minute passes meanwhile
        for place in range(10):
            assert "慢" not in bot.fake.person("", 1004 + place).sees()[0].text

    play(sqlite_url, tmp_path, act, students=10)


def test_it_keeps_no_more_of_one_than_anybody_says_in_earnest(sqlite_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        for number in range(0, 400, 50):
            await bot.bot.reception.take([said("话", each) for each in range(number, number + 50)])
        assert bot.kept() <= MOST_WAITING + 50
        told = [key for key in rows(bot, Outbox.dedupe_key) if key.startswith("full:")]
        assert 1 <= len(told) <= 2, "told once an hour, and the hour may have turned"
        await bot.bot.reception.take([said("话", 1000, HANMEIMEI)])
        assert len(rows(bot, Inbox.id, Inbox.account == str(HANMEIMEI))) == 1

    play(sqlite_url, tmp_path, act, work=False)
