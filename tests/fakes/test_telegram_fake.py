"""The fake of the Bot API: what the bot may send and change, and the words in which it is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fakes.bot_scenes import MENU, play
from tests.fakes.telegram import JPEG, TelegramFake
from tests.fakes.telegram.client import Client

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
