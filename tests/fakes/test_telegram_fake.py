"""The fake of the Bot API: what the bot may send and change, and the words in which it is refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import telegram
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto

from tests.fakes.telegram import JPEG, TelegramFake
from tests.fakes.telegram.client import Client, connect

MENU = {"inline_keyboard": [[{"text": "同意", "callback_data": "y"}, {"text": "退回补充", "callback_data": "n"}]]}
Scene = Callable[[TelegramFake, Client], Awaitable[None]]


def play(scene: Scene, **options: Any) -> None:
    """Run a scene with a fake and a bare client; 李雷 (1001) has started the bot."""

    async def run() -> None:
        async with TelegramFake(limited=False, **options) as fake, connect(fake) as client:
            fake.person("李雷", 1001, started=True)
            await scene(fake, client)

    asyncio.run(run())


@asynccontextmanager
async def library(fake: TelegramFake) -> AsyncIterator[Bot]:
    """python-telegram-bot's client of this fake."""
    async with Bot(fake.token, base_url=fake.base_url, base_file_url=fake.file_url) as bot:
        yield bot


def test_it_serves_the_library() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        lei = fake.person("李雷")
        async with library(fake) as bot:
            lei.start("abc-_1")
            update = (await bot.get_updates())[0]
            assert update.message is not None
            assert update.message.text == "/start abc-_1"
            assert update.message.entities[0].type == "bot_command"
            keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("同意", callback_data="y")]])
            sent = await bot.send_message(lei.id, "<b>请假</b> 3 天", parse_mode="HTML", reply_markup=keyboard)
            assert sent.text == "请假 3 天"
            assert sent.entities[0].length == 2
            lei.press(fake.sent[0], "同意")
            pressed = (await bot.get_updates(offset=update.update_id + 1))[0].callback_query
            assert pressed is not None
            assert (pressed.data, pressed.from_user.id) == ("y", lei.id)
            assert await pressed.answer("好的")
            await bot.edit_message_text("已同意", lei.id, sent.message_id)
            assert fake.sent[0].now == "已同意"
            assert fake.sent[0].buttons == []
            assert fake.methods.answered[pressed.id]["text"] == "好的"

    play(scene)


def test_it_carries_files_both_ways_through_the_library() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        lei = fake.person("李雷")
        lei.send_document(b"%PDF-1.7", "证明.pdf", caption="病假条")
        lei.send_photo()
        async with library(fake) as bot:
            paper, photo = [update.message for update in await bot.get_updates()]
            assert paper is not None
            assert paper.document is not None
            fetched = await (await paper.document.get_file()).download_as_bytearray()
            assert (bytes(fetched), paper.caption) == (b"%PDF-1.7", "病假条")
            assert photo is not None
            assert (await photo.photo[0].get_file()).file_path
            await bot.send_document(lei.id, b"%PDF-1.7 slip", filename="假条.pdf", caption="两行\n\n假条\r\n")
            picture = await bot.send_photo(lei.id, JPEG)
            album = await bot.send_media_group(
                lei.id, [InputMediaPhoto(JPEG), InputMediaPhoto(picture.photo[-1].file_id)]
            )
            assert len({message.media_group_id for message in album}) == 1
            assert [(one.method, one.text) for one in fake.sent[:2]] == [
                ("sendDocument", "两行\n\n假条"),
                ("sendPhoto", ""),
            ]
            assert fake.sent[0].media is not None
            assert fake.sent[0].media["file_name"] == "假条.pdf"

    play(scene)


def test_it_makes_updates_that_the_library_reads() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        lei, han = fake.person("李雷"), fake.person("韩老师", 2001, last_name="韩", username="han")
        forum, small = fake.group("学院", han, forum=True), fake.group("一班", han, "group")
        first = lei.write("第一")["message_id"]
        lei.edit(first, "改了")
        lei.send_album([JPEG, JPEG], "病历")
        lei.send_voice()
        lei.send_sticker()
        lei.send_location(30.5, 114.3)
        lei.send_contact("13800000000")
        thread = forum.open_topic("请假 #1")
        han.write("/queue@yizhan_test_bot", forum.id, thread)
        han.reply(fake.world.chats[forum.id].last_id, "好", forum.id)
        forum.turn_bot("member")
        han.write("闲话", forum.id)  # Privacy mode: a plain member does not hear it.
        small.migrate()
        lei.block()
        async with library(fake) as bot:
            updates = await bot.get_updates()
        assert len(updates) == 15
        messages = [update.message for update in updates if update.message is not None]
        assert [one.migrate_to_chat_id for one in messages][-2] == small.id
        assert [one.message_thread_id for one in messages if one.is_topic_message] == [thread] * 3
        assert updates[-1].my_chat_member is not None
        assert updates[-1].my_chat_member.new_chat_member.status == "kicked"

    play(scene)


def test_it_raises_the_librarys_errors() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        lei, group = fake.person("李雷"), fake.group("一班", fake.person("韩梅梅"), "group")
        old = group.id
        async with library(fake) as bot:
            lei.block()
            with pytest.raises(telegram.error.Forbidden, match="bot was blocked by the user"):
                await bot.send_message(lei.id, "在吗")
            group.migrate()
            with pytest.raises(telegram.error.ChatMigrated) as moved:
                await bot.send_message(old, "在吗")
            assert moved.value.new_chat_id == group.id
            with pytest.raises(telegram.error.BadRequest, match="Chat not found"):
                await bot.send_message(4711, "在吗")
        with pytest.raises(telegram.error.InvalidToken):
            async with Bot("1:wrongwrongwrong", base_url=fake.base_url):
                pass

    play(scene)


BAD_TEXTS: dict[str, tuple[dict[str, Any], str]] = {
    "none": ({"text": ""}, "message text is empty"),
    "blank": ({"text": " \n"}, "text must be non-empty"),
    "long": ({"text": "请" * 4097}, "message is too long"),
    "long in UTF-16": ({"text": "😀" * 2049}, "message is too long"),
    "raw too long": ({"text": "<b>" + "请" * 11000 + "</b>", "parse_mode": "HTML"}, "text is too long"),
    "tag": ({"text": "<x>", "parse_mode": "HTML"}, 'can\'t parse entities: Unsupported start tag "x" at byte offset 0'),
    "open tag": ({"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
    "reserved": ({"text": "1.", "parse_mode": "MarkdownV2"}, "can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'"),
    "open star": ({"text": "请 *x", "parse_mode": "MarkdownV2"}, "can't parse entities: Can't find end of Bold entity at byte offset 4"),
    "mode": ({"text": "x", "parse_mode": "rst"}, "unsupported parse_mode"),
    "past the end": ({"text": "hi", "entities": [{"type": "bold", "offset": 0, "length": 3}]}, "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 3"),
    "behind the end": ({"text": "hi", "entities": [{"type": "bold", "offset": 9, "length": 3}]}, "entity begins after the end of the text at UTF-16 offset 9"),
    "kind": ({"text": "hi", "entities": [{"type": "loud", "offset": 0, "length": 1}]}, "can't parse MessageEntity: Unsupported type specified"),
    "half a symbol": ({"text": "😀", "entities": [{"type": "bold", "offset": 1, "length": 1}]}, "entity beginning at UTF-16 offset 1 begins in a middle of a UTF-16 symbol"),
    "101 entities": ({"text": "x" * 200, "entities": [{"type": "bold", "offset": n, "length": 1} for n in range(101)]}, "ENTITIES_TOO_LONG"),
    "surrogate": ({"text": "\ud800"}, "text must be encoded in UTF-8"),
    "reply": ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    "thread": ({"text": "x", "message_thread_id": 5}, "message thread not found"),
    "markup": ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    "no target": ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
    "65 bytes": ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "请" * 21 + "ab"}]]}}, "BUTTON_DATA_INVALID"),
    "nine in a row": ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "a"}] * 9]}}, "reply markup is too long"),
    "101 buttons": ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]] * 101}}, "reply markup is too long"),
    "no chat": ({"text": "x", "chat_id": ""}, "chat_id is empty"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_TEXTS)
def test_it_refuses_a_bad_text(case: str) -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        args, words = BAD_TEXTS[case]
        assert await client.refusal("sendMessage", **({"chat_id": 1001} | args)) == f"Bad Request: {words}"
        assert fake.sent == []

    play(scene)


def test_it_takes_what_is_just_within_the_limits() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        rows = [[{"text": "a", "callback_data": "请" * 21 + "a"}] * 8] * 12
        for args in (
            {"text": "请" * 4096},
            {"text": "<b>" + "请" * 4096 + "</b>", "parse_mode": "HTML"},
            {"text": "x", "reply_markup": json.dumps({"inline_keyboard": rows})},
            {"text": r"*a* _b_ `c.` \. [网](https://a.cn)", "parse_mode": "MarkdownV2"},
            {"text": "x", "reply_parameters": {"message_id": 99, "allow_sending_without_reply": True}},
        ):
            assert (await client.sendMessage(chat_id=1001, **args))["ok"]
        assert len(fake.sent[2].buttons) == 96
        assert [entity["type"] for entity in fake.sent[3].entities] == ["bold", "italic", "code", "text_link"]

    play(scene)


def test_it_refuses_edits_as_the_server_does() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        lei = fake.person("李雷")
        own = lei.write("你好")["message_id"]
        sent = (await client.sendMessage(chat_id=1001, text="卡片", reply_markup=MENU))["result"]["message_id"]
        same = await client.refusal("editMessageText", chat_id=1001, message_id=sent, text="卡片", reply_markup=MENU)
        assert same.startswith("Bad Request: message is not modified: specified new message content")
        for message, words in ((own, "message can't be edited"), (99, "message to edit not found")):
            assert await client.refusal("editMessageText", chat_id=1001, message_id=message, text="x") == f"Bad Request: {words}"  # fmt: skip
        long = await client.refusal("editMessageText", chat_id=1001, message_id=sent, text="x" * 4097)
        assert long == "Bad Request: MESSAGE_TOO_LONG"
        assert (await client.editMessageReplyMarkup(chat_id=1001, message_id=sent))["ok"]
        assert fake.sent[0].buttons == []
        with pytest.raises(ValueError, match="does not stand below it"):
            lei.press(fake.sent[0], "同意")
        fake.clock.advance(48 * 3600 + 1)
        assert await client.refusal("deleteMessage", chat_id=1001, message_id=sent) == "Bad Request: message can't be deleted"  # fmt: skip

    play(scene)


def test_it_takes_one_answer_to_a_press_and_only_in_time() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        await client.sendMessage(chat_id=1001, text="卡片", reply_markup=MENU)
        lei = fake.person("李雷")
        first, late = lei.press(fake.sent[0], "y"), lei.press(fake.sent[0], "退回补充")
        assert (await client.answerCallbackQuery(callback_query_id=first))["ok"]
        fake.clock.advance(151)
        for query in (first, late, "4711"):
            words = await client.refusal("answerCallbackQuery", callback_query_id=query)
            assert words == "Bad Request: query is too old and response timeout expired or query ID is invalid"

    play(scene)


def test_it_keeps_commands_by_scope_and_language() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        queue = [{"command": "queue", "description": "待办"}]
        leave = [{"command": "/leave", "description": "Leave"}]
        assert (await client.setMyCommands(commands=leave))["ok"]
        assert (await client.setMyCommands(commands=queue, scope={"type": "chat", "chat_id": 1001}, language_code="zh"))["ok"]  # fmt: skip
        assert fake.methods.commands_for(1001, 1001) == ["queue"]
        mei = fake.person("韩梅梅", started=True)
        assert fake.methods.commands_for(mei.id, mei.id) == ["leave"]
        bad: dict[str, dict[str, Any]] = {
            "BOT_COMMAND_INVALID": {"commands": [{"command": "请假", "description": "x"}]},
            "command length must not exceed 32": {"commands": [{"command": "a" * 33, "description": "x"}]},
            "command description must be non-empty": {"commands": [{"command": "a", "description": " "}]},
            "BOT_COMMANDS_TOO_MUCH": {"commands": leave * 101},
            "chat not found": {"commands": leave, "scope": {"type": "chat", "chat_id": 5}},
            "can't parse BotCommandScope: Unsupported type specified": {"commands": leave, "scope": {"type": "all"}},
            "invalid language code specified": {"commands": leave, "language_code": "zh-hans"},
        }
        for words, args in bad.items():
            assert await client.refusal("setMyCommands", **args) == f"Bad Request: {words}"
        assert (await client.deleteMyCommands())["ok"]
        assert (await client.getMyCommands())["result"] == []
        assert (await client.setChatMenuButton(chat_id=1001, menu_button={"type": "commands"}))["ok"]
        web = {"type": "web_app", "text": "x", "web_app": {"url": "http://a"}}
        assert "Only HTTPS" in await client.refusal("setChatMenuButton", menu_button=web)

    play(scene)


def test_it_runs_a_forum_with_its_troubles() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        han = fake.person("韩老师", 2001)
        group = fake.group("计算机学院", han, forum=True)
        made = (await client.createForumTopic(chat_id=group.id, name="请假 #1"))["result"]["message_thread_id"]
        assert (await client.sendMessage(chat_id=group.id, message_thread_id=made, text="卡片"))["ok"]
        answer = han.reply(fake.sent[0], "已收到")
        assert (answer["message_thread_id"], answer["is_topic_message"]) == (made, True)
        general = han.write("大家好", group.id)
        bogus = han.reply(general["message_id"], "答", group.id)
        assert "is_topic_message" not in bogus
        assert bogus["message_thread_id"] == general["message_id"]  # bot-api#447
        assert (await client.closeForumTopic(chat_id=group.id, message_thread_id=made))["ok"]
        assert await client.refusal("closeForumTopic", chat_id=group.id, message_thread_id=made) == "Bad Request: TOPIC_NOT_MODIFIED"  # fmt: skip
        group.delete_topic(made)
        for thread in (made, 1, 4711):
            words = await client.refusal("sendMessage", chat_id=group.id, message_thread_id=thread, text="x")
            assert words == "Bad Request: message thread not found"
        assert fake.sent[0].deleted
        group.turn_bot("member")
        assert await client.refusal("createForumTopic", chat_id=group.id, name="x") == "Bad Request: not enough rights to manage topics"  # fmt: skip
        group.turn_bot("kicked")
        assert await client.refusal("sendMessage", chat_id=group.id, text="x") == "Forbidden: bot was kicked from the supergroup chat"  # fmt: skip
        member = (await client.getChatMember(chat_id=1001, user_id=1001))["result"]
        assert member["status"] == "member"

    play(scene)


def test_it_refuses_bad_files() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        lei = fake.person("李雷")
        big = lei.send_document(b"x", "big.zip", size=(20 << 20) + 1)["document"]["file_id"]
        assert await client.refusal("getFile", file_id=big) == "Bad Request: file is too big"
        assert await client.refusal("getFile", file_id="AAA") == "Bad Request: invalid file_id"
        assert await client.refusal("sendPhoto", chat_id=1001, photo=big) == "Bad Request: can't use file of type Document as Photo"  # fmt: skip
        assert await client.refusal("sendDocument", chat_id=1001) == "Bad Request: there is no document in the request"
        long = await client.refusal("sendDocument", chat_id=1001, document=big, caption="请" * 1025)
        assert long == "Bad Request: message caption is too long"
        small = lei.send_photo()["photo"][-1]["file_id"]
        path = (await client.getFile(file_id=small))["result"]["file_path"]
        url = f"{fake.file_url}{fake.token}/{path}"
        async with client.session.get(url) as answer:
            assert await answer.read() == JPEG
        fake.clock.advance(3601)  # The link has died.
        async with client.session.get(url) as answer:
            assert answer.status == 404

    play(scene)


def test_it_knows_its_token_its_methods_and_its_people() -> None:
    async def scene(fake: TelegramFake, client: Client) -> None:
        assert await client.refusal("telepathize") == "Not Found: method not found"
        assert (await client.getMe())["result"]["id"] == fake.bot.id
        fake.person("韩梅梅", 1002)
        assert await client.refusal("sendMessage", chat_id=1002, text="x") == "Bad Request: chat not found"
        fake.person("李雷").deactivate()
        assert await client.refusal("sendMessage", chat_id=1001, text="x") == "Forbidden: user is deactivated"
        stranger = Client(client.session, fake.base_url, "7:" + "x" * 30)
        assert (await stranger.getMe())["error_code"] == 401

    play(scene)
