"""What the inbox keeps of an update: whose turn it is, and who never waits."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.channels.telegram.reading import URGENT, Unreadable, arrive, read


def message(**more: Any) -> dict[str, Any]:
    chat = {"id": 1001, "type": "private"}
    return {
        "update_id": 7,
        "message": {"message_id": 5, "date": 1_781_000_000, "chat": chat, "from": {"id": 1001}, **more},
    }


def test_it_lets_no_cry_for_help_wait_behind_a_picture() -> None:
    (picture,), (cry,) = arrive(message(photo=[{"file_id": "x"}])), arrive(message(text="我不想活了"))
    assert (picture.account, cry.account) == ("1001", "1001" + URGENT)
    assert read(message(text="我不想活了")).account == "1001"  # The door knows one person.


@pytest.mark.parametrize(
    ("words", "heard"),
    [("/mine", "/mine"), ("/mine@yizhan_bot", "/mine"), ("/start", "menu"), ("/start ABCD2345", "bind ABCD2345"),
     ("你好", "你好"), ("/leave 明天", "/leave 明天")],
)  # fmt: skip
def test_it_hears_a_command_as_its_word(words: str, heard: str) -> None:
    assert read(message(text=words)).text == heard


def test_it_parts_a_cry_in_a_caption_from_its_picture() -> None:
    photo = [{"file_id": "x", "width": 1, "height": 1}]
    cry, picture = arrive(message(photo=photo, caption="我不想活了", media_group_id="77"), "9")
    assert [(each.account, each.key, each.album) for each in (cry, picture)] == [
        ("1001" + URGENT, "9.7", ""), ("1001", "9.7+", "77")]  # fmt: skip
    said, sent = read(json.loads(cry.body)), read(json.loads(picture.body))
    assert (said.text, said.sent, sent.text, sent.sent is not None) == ("我不想活了", None, "", True)
    assert len(arrive(message(photo=photo, caption="证明"))) == 1


@pytest.mark.parametrize("update", [{"message": 3}, {"message": {"chat": {}}}, {"callback_query": {"from": {}}}])
def test_it_says_where_it_cannot_read(update: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read({"update_id": 1, **update})
