"""Updates that are well formed and mean no good, or nothing: groups, payloads, files, edits; a test each."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import binding
from handlers.texts import text
from models.dialogue import Received
from models.inbox import Inbox
from models.outbox import Attachment
from models.person import Account, Person
from tests.fakes.telegram import Fault
from tests.telegram.acting import GROUP, ask, by, in_group, play, rows
from tests.telegram.playing import LILEI, Bot, message, said, until

# --- kinds that mean nothing, and groups ------------------------------------------------------------------------------


def test_it_lets_unknown_kinds_go_tg_17(database_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        kinds = ("poll", "inline_query", "chat_join_request", "business_message", "channel_post", "message_reaction", "telepathy",
                 "edited_channel_post", "shipping_query", "chat_member", "purchased_paid_media")  # fmt: skip
        for number, kind in enumerate(kinds, 1):
            bodies: list[Any] = [{"id": "1", "from": {"id": LILEI}}, None, 7, []]
            for body in bodies:
                assert await bot.hear({"update_id": number, kind: body}) == []
        for number, kind in enumerate(
            ("new_chat_members", "pinned_message", "group_chat_created", "future_thing"), 100
        ):
            assert await bot.hear(said(None, number, **by({}, kind))) == []
        assert (bot.received(), bot.kept(), bot.kept("quarantined")) == (0, 0, 0)

    play(database_url, tmp_path, act)


@pytest.mark.parametrize("kind", ["voice", "video_note", "sticker", "dice", "contact", "poll", "story"])
def test_it_says_what_it_cannot_read(kind: str, sqlite_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        assert len(await bot.hear(said(None, 1, **by({"file_id": "F", "phone_number": "13800000000"}, kind)))) == 1
        assert "13800000000" not in bot.fake.sent[0].text

    play(sqlite_url, tmp_path, act)


def test_it_says_nothing_of_anybody_in_a_group_tg_18(database_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        bot.fake.world.open_group("计科2301")
        heard = []
        for number, words in enumerate(
            ("/bind 20260001 13800000000", "/mine", "/start ABC", "李雷 请假", "2023001", "/help@yizhan_test_bot")
        ):
            heard += await bot.hear(in_group(words, 10 + number))
        account = rows(bot, Account.key)
        asked = bot.database.read(lambda session: list(session.execute(select_outbox()).all()))
        assert len(asked) == 1, "asked once a day, and not for every word"
        assert (bot.received(), bot.kept()) == (0, 0)
        assert account.count(str(GROUP)) == 1
        for words in heard:
            assert not re.search(r"2023|20260001|138|李雷|奖学金", words)
        assert [each for each in bot.fake.sent if each.chat_id == LILEI] == []

    play(database_url, tmp_path, act)


def test_it_takes_away_what_was_told_in_a_group_where_it_may_tg_18(sqlite_url: str, tmp_path: Path) -> None:
    numbers = count(900)

    async def act(bot: Bot) -> None:
        for status, is_deleted in (("administrator", True), ("member", False)):
            group = bot.fake.group("计科2301", bot.person(), bot_status=status)
            chat, user = bot.fake.world.chats[group.id], bot.person().user
            written, bare = (
                bot.fake.world.keep(chat, user, {"text": words}).data
                for words in ("/bind 20260001 13800000000", "/help")
            )
            for each in (written, bare):
                await bot.hear({"update_id": next(numbers), "message": each})
            kept = chat.messages
            await until(lambda kept=kept, number=written["message_id"], gone=is_deleted: kept[number].deleted == gone)  # type: ignore[misc]
            assert (kept[written["message_id"]].deleted, kept[bare["message_id"]].deleted) == (is_deleted, False)

    play(sqlite_url, tmp_path, act)


def select_outbox() -> Any:
    from sqlalchemy import select

    from models.outbox import Outbox

    return select(Outbox.id).where(Outbox.dedupe_key.startswith("group:"))


def test_it_hears_no_bot_and_no_channel_tg_20(database_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        robot = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
        channel = {"id": -1001, "type": "channel", "title": "某频道"}
        assert await bot.hear(said("请假", 1, **by(robot))) == []
        assert await bot.hear(said("请假", 2, sender_chat=channel)) == []
        assert await bot.hear(in_group("/menu", 3, **by(robot), sender_chat=channel)) == []
        assert await bot.hear(in_group("/menu", 4, sender_chat=channel)) == []
        post_ = {"update_id": 5, "channel_post": message("/menu", chat=channel)}
        assert await bot.hear(post_) == []
        assert (bot.received(), bot.kept("quarantined")) == (0, 0)

    play(database_url, tmp_path, act)


@pytest.mark.parametrize("name", ["<b>管理员</b>", "\u202egnp.exe", "😀" * 64, "", "\x00", "\ud800", "韩老师", None])
def test_it_takes_no_name_for_anybody_tg_21(name: str | None, sqlite_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        who = {"id": 1010, "is_bot": False, "first_name": name, "last_name": name, "username": name}
        bot.fake.person("x", 1010, started=True)
        before = len(bot.fake.sent)
        await bot.hear(said("找老师", 1, 1010, **by(who)))
        await bot.hear(said("/queue", 2, 1010, **by(who)))
        said_ = "".join(each.text for each in bot.fake.sent[before:])
        assert said_
        assert not name or name not in said_
        assert bot.tickets() == 0
        assert rows(bot, Account.person_id, Account.key == "1010") == [None]

    play(sqlite_url, tmp_path, act)


PAYLOADS = [
    "../../admin",
    "x" * 65,
    "x" * 4000,
    "20230001",
    "' or 1=1 --",
    "\ud800",
    "\x00",
    "😀",
    "a b c",
    "bind bind",
]


def test_it_refuses_every_wrong_payload_alike_tg_23(database_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        heard = set()
        for place, payload in enumerate(PAYLOADS):
            stranger = 2000 + place
            bot.fake.person(f"x{place}", stranger, started=True)
            said_ = await bot.hear(said(f"/start {payload}", 1 + place, stranger))
            assert len(said_) == 1
            heard.add(said_[0])
            assert rows(bot, Account.person_id, Account.key == str(stranger)) == [None]
        assert heard == {text("zh", "bind.failed")}
        assert set(rows(bot, Received.status)) == {"done"}

    play(database_url, tmp_path, act)


def test_it_binds_once_and_says_the_same_of_a_used_and_of_an_old_code_tg_23(sqlite_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        def issue(now: datetime) -> str:
            def unit(session: Session) -> str:
                return binding.issue(session, session.execute(select(Person).limit(1)).scalar_one(), now)

            return bot.database.run(unit)

        now = datetime.now(UTC)
        old, used = issue(now - binding.VALID), ""
        for number in (2001, 2002, 2003, 2004):
            bot.fake.person(f"x{number}", number, started=True)
        refused = [await bot.hear(said(f"/start {old}", 1, 2001))]
        used = issue(now)
        await bot.hear(said(f"/start {used}", 2, 2002))
        refused.append(await bot.hear(said(f"/start {used}", 3, 2003)))
        refused.append(await bot.hear(said("/start ABCD2345", 4, 2004)))
        bound = {key: rows(bot, Account.person_id, Account.key == key)[0] for key in ("2001", "2002", "2003", "2004")}
        assert [key for key, person in bound.items() if person] == ["2002"]
        assert refused[0] == refused[1] == refused[2] == [text("zh", "bind.failed")]

    play(sqlite_url, tmp_path, act)


@pytest.mark.parametrize("code", ["xx", "", "zh-hans-x-very-long", 7, None, "\x00", "EN", "tlh"])
def test_it_answers_whoever_has_an_unknown_language(code: Any, sqlite_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        who = {"id": LILEI, "is_bot": False, "first_name": "李雷", "language_code": code}
        assert len(await bot.hear(said("/help", 1, **by(who)))) == 1

    play(sqlite_url, tmp_path, act)


@pytest.mark.parametrize("date", [0, 1, -1, -62_135_596_800, 4_102_444_800, 253_402_300_799])
def test_it_answers_whatever_the_date_says(date: int, sqlite_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        for number, words in enumerate(("找老师", "明天下午请假到后天"), 1):
            assert len(await bot.hear(said(words, number, date=date))) >= 1
        assert set(rows(bot, Received.status)) == {"done"}

    play(sqlite_url, tmp_path, act)


# --- files, edits, blocks ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["too large", "said to be small", "of a wrong kind", "gone", "always failing"])
def test_it_says_why_a_file_was_not_kept(name: str, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    async def act(bot: Bot) -> None:
        monkeypatch.setattr("bot.channels.telegram.files.RETRY", (0.0, 0.0, 0.0))
        content, size = {
            "too large": (b"%PDF-1.7", 21 << 20),
            "said to be small": (b"%PDF-1.7" + bytes(11 << 20), 10),
        }.get(name, (b"MZ\x90\x00" if name == "of a wrong kind" else b"%PDF-1.7 x", None))
        stored = bot.fake.files.store("document", content, "证明.pdf", "application/pdf", size)
        shown = stored.json() | {"file_name": "证明\x00\ud800<b>.pdf"}
        if name == "gone":
            shown["file_id"] = "vanished"
        if name == "always failing":
            bot.fake.faults.add(Fault("error_before", "getFile", times=None))
        said_ = await bot.hear(said(None, 1, document=shown))
        assert len(said_) == 1
        assert said_[0] != ""
        assert (bot.kept(), bot.kept("quarantined"), rows(bot, Attachment.id)) == (0, 0, [])
        # The chat goes on.
        assert len(await bot.hear(said("菜单", 2))) == 1

    play(sqlite_url, tmp_path, act)


def test_it_does_nothing_twice_for_an_edit(database_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        await ask(bot)
        edit = {"update_id": 10, "edited_message": message("想问问学费", number=2, edit_date=1_780_000_000)}
        said_ = await bot.hear(edit)
        assert len(said_) == 1
        assert await bot.hear(edit) == []
        assert bot.tickets() == 1
        edit = {"update_id": 11, "edited_message": message("我不想活了", number=2, edit_date=1_780_000_001)}
        assert "12356" in "".join(await bot.hear(edit)), "a cry for help counts whenever it is heard"

    play(database_url, tmp_path, act)


def test_it_notes_who_blocked_it_and_who_came_back(database_url: str, tmp_path: Path) -> None:
    async def act(bot: Bot) -> None:
        def turn(number: int, status: str, chat: dict[str, Any] | None = None) -> dict[str, Any]:
            return {"update_id": number, "my_chat_member": {
                "chat": chat or {"id": LILEI, "type": "private"}, "from": {"id": LILEI}, "date": 1,
                "old_chat_member": {"status": "member"}, "new_chat_member": {"status": status}}}  # fmt: skip

        for number, (status, closed) in enumerate((("kicked", "blocked"), ("member", ""), ("kicked", "blocked")), 1):
            assert await bot.hear(turn(number, status)) == []
            assert rows(bot, Account.closed, Account.key == str(LILEI)) == [closed]
        await bot.hear(said("菜单", 10))
        assert rows(bot, Account.closed, Account.key == str(LILEI)) == [""], "who writes can be written to"
        assert await bot.hear(turn(11, "left", {"id": GROUP, "type": "supergroup"})) == []
        assert rows(bot, Account.id, Account.key == str(GROUP)) == []

    play(database_url, tmp_path, act)


def test_it_keeps_its_head_when_all_is_wrong_at_once(sqlite_url: str, tmp_path: Path) -> None:
    """Poison between good updates: the good ones of the same chat are answered, in order."""

    async def act(bot: Bot) -> None:
        good = [said("菜单", 2), said("帮助", 4)]
        bad = [
            said("x", 1, date="soon"),
            {"update_id": 3, "message": {"chat": {"id": LILEI}}},
            {"update_id": 5, "message": []},
        ]
        await bot.bot.reception.take(json.loads(json.dumps([*bad, *good])))
        await until(lambda: bot.received() == 2)
        await bot.settle()
        assert bot.kept("quarantined") == 3
        traces = rows(bot, Inbox.trace)
        assert all(trace.startswith("unreadable: ") for trace in traces)
        assert "soon" not in "".join(traces)
        assert text("zh", "telegram.choose")

    play(sqlite_url, tmp_path, act)
