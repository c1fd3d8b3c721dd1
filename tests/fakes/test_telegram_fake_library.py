"""The fake of the Bot API as python-telegram-bot sees it: messages, files, updates and errors."""

from __future__ import annotations

import pytest
import telegram
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto

from tests.fakes.bot_scenes import library, play
from tests.fakes.telegram import JPEG, TelegramFake
from tests.fakes.telegram.client import Client


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
