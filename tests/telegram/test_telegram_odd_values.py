"""Strange words, and every place of every kind of update left out or holding an odd value: kept, and answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from models.dialogue import Received
from models.inbox import Inbox
from tests.killing import ticket_words
from tests.telegram.acting import play, rows
from tests.telegram.playing import LILEI, Bot, message, pressed, said, until

STRANGE = {
    "tg_11 half a surrogate": b'"\\ud800"',
    "tg_11 two halves in the wrong order": b'"\\udc00\\ud83d \xe8\xaf\xb7\xe5\x81\x87"',
    "a null": b'"\\u0000"',
    "nulls within": b'"\\u0000\xe8\xaf\xb7\\u0000\xe5\x81\x87\\u0000"',
    "controls": b'"\\u0001\\u0007\\u001b[2J\\u007f"',
    "the other direction": b'"\\u202egnp.exe"',
    "only space": b'" \\u3000\\u00a0 \\n"',
    "markup": b'"<b>x</b><script>alert(1)</script> *_[](x)"',
    "4096 emoji": json.dumps("😀" * 4096).encode(),
    "too long": json.dumps("请" * 20_000).encode(),
}


@pytest.mark.parametrize("name", STRANGE)
def test_it_answers_strange_words(name: str, database_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        raw = json.dumps(said("WORDS")).encode().replace(b'"WORDS"', STRANGE[name])
        assert await bot.post(raw) == 200
        await bot.settle()
        assert bot.kept("quarantined") == 0
        assert len(bot.fake.sent) == 1
        assert rows(bot, Received.status) in ([], ["done"])

    play(database_url, tmp_path, act)


def test_it_keeps_a_half_character_as_a_sign_of_its_own_tg_11(database_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        await bot.hear(said("找老师", 1))
        assert (
            await bot.post(json.dumps(said("WORDS", 2)).encode().replace(b"WORDS", b"\\ud800" + "想问奖学金".encode()))
            == 200
        )
        await bot.settle()
        assert bot.database.read(ticket_words) == ["\ufffd想问奖学金"]

    play(database_url, tmp_path, act)


ODD = ["\ud800", "\x00", "\x00" * 300, "x" * 10_000, "", " ", 0, -1, True, False, None, 1e400, float("nan"), 10**30, [], {},
       [[]], {"id": 1}, [None], "2026-01-01", -(2**40), 2**40, 1.5, "<b>", "\u202e"]  # fmt: skip


def places_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place within a value, the outermost left out."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, each in inner for found in ((*path, key), *places_in(each, (*path, key)))]


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy with one place changed; new is `...` to leave the place out."""
    copy = json.loads(json.dumps(value))
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    if new is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = new
    return copy


FILE = {"file_id": "F", "file_unique_id": "U", "file_size": 3}
SAMPLES = {
    "words": said("你好"),
    "press": pressed("m:help"),
    "photo": said(None, photo=[{"file_id": "A", "width": 1, "height": 1}, FILE | {"width": 2, "height": 2}], media_group_id="7"),
    "document": said(None, document=FILE | {"file_name": "a.pdf", "mime_type": "application/pdf"}, caption="证明"),
    "place": said(None, location={"latitude": 30.5, "longitude": 114.3}),
    "venue": said(None, venue={"location": {"latitude": 30.5, "longitude": 114.3}, "title": "图书馆", "address": ""}),
    "reply": said("好", reply_to_message=message("前一条")),
    "edited": {"update_id": 1, "edited_message": message("改了", edit_date=1_780_000_000)},
    "member": {"update_id": 1, "my_chat_member": {
        "chat": {"id": LILEI, "type": "private"}, "from": {"id": LILEI}, "date": 1,
        "old_chat_member": {"status": "member"}, "new_chat_member": {"status": "kicked"}}},
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_it_keeps_every_update_whatever_stands_in_it(name: str, database_url: str, tmp_path: Path) -> None:
    """Each place of each kind of update left out, and holding each odd value: kept, never an error, since whatever is
    answered with an error comes again for a day."""

    async def act(bot: Bot) -> None:
        sample, number = SAMPLES[name], 1000
        for path in places_in(sample):
            if path == ("update_id",):
                continue
            batch = [
                changed(sample, path, new) | {"update_id": number + place} for place, new in enumerate([..., *ODD])
            ]
            number += len(batch)
            # As they come: through JSON, which knows Infinity and halves of surrogates.
            await bot.bot.reception.take(json.loads(json.dumps(batch)))
            assert bot.kept() + bot.kept("quarantined") == len(batch), path
            bot.database.run(lambda session: session.execute(delete(Inbox)))

    play(database_url, tmp_path, act, work=False)


def test_it_answers_every_update_that_it_can_read(sqlite_url: str, tmp_path: Path) -> None:
    """The same, worked on: nothing trips over it, and every person who can be answered is answered."""

    async def act(bot: Bot) -> None:
        number, people = 0, iter(range(1004, 100_000))
        for name in ("words", "press", "place", "venue", "reply"):
            sample = SAMPLES[name]
            kind = "callback_query" if "callback_query" in sample else "message"
            for path in places_in(sample):
                if (
                    path[-1] in ("update_id", "id", "type", "is_bot", "date")
                    or path == (kind,)
                    or path[-1] in ("chat", "from")
                ):
                    continue
                batch = []
                for new in [..., *ODD]:
                    number, person = number + 1, next(people)
                    raw = json.dumps(changed(sample, path, new) | {"update_id": number}).replace(
                        str(LILEI), str(person)
                    )
                    batch.append(json.loads(raw))
                await bot.bot.reception.take(batch)
        await until(lambda: bot.kept() == 0)
        assert set(rows(bot, Received.status)) == {"done"}
        assert bot.received() > 100

    play(sqlite_url, tmp_path, act)


def test_it_keeps_what_is_nested_as_deep_as_can_be_read(sqlite_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        answers = set()
        for place, depth in enumerate((10, 100, 300, *range(800, 1000, 4), 2000, 10_000)):
            deep = b"[" * depth + b"]" * depth
            answers.add(await bot.post(b'{"update_id":%d,"message":{"entities":%s}}' % (place, deep)))
        assert answers == {200, 400}

    play(sqlite_url, tmp_path, act, work=False)
