"""What replies look like on Telegram."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.drawing import MOST_UNITS, Button, Entity, Message, draw, mark, split, units
from models.message import Card, Choice, File, Link, Mark, Reply


def shown(message: Message, entity: Entity) -> str:
    """The stretch that an entity names, read as Telegram counts."""
    words = message.text.encode("utf-16-le")
    return words[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le")


def labels(reply: Reply) -> list[list[str]]:
    return [[button.label for button in row] for row in draw(reply, "zh")[-1].keyboard]


# --- words ------------------------------------------------------------------------------------------------------------


def test_it_shows_a_card_with_its_title_in_bold() -> None:
    card = Card(
        key="t", title="请假 L-7 🌱", lines=("周一至周三",), marks=(Mark(label="提交", done=True), Mark(label="批准"))
    )
    (message,) = draw(Reply(text="收到了 🎉。", card=card), "zh")
    assert message.text == "收到了 🎉。\n\n请假 L-7 🌱\n周一至周三\n● 提交 ─ ○ 批准"
    assert [shown(message, entity) for entity in message.entities] == ["请假 L-7 🌱"]
    assert message.values()["entities"] == [{"type": "bold", "offset": 9, "length": 9}]


def test_it_shows_a_card_alone() -> None:
    (message,) = draw(Reply(card=Card(key="t", title=" 请假\n", lines=("x",))), "zh")
    assert [shown(message, entity) for entity in message.entities] == ["请假"]


def test_it_asks_for_no_preview_of_links() -> None:
    (message,) = draw(Reply(text="https://yizhan.example.edu/help"), "zh")
    assert message.values() == {
        "text": "https://yizhan.example.edu/help", "link_preview_options": {"is_disabled": True},
    }  # fmt: skip


def test_it_names_a_file_and_where_to_open_it() -> None:
    file = File(id="f1", name="假条.pdf", kind="application/pdf", size=9)
    (message,) = draw(Reply(text="在这里", file=file), "zh", "https://yizhan.example.edu/")
    assert message.text == "在这里\n\n假条.pdf\nhttps://yizhan.example.edu/files/f1"


def test_it_draws_nothing_of_nothing() -> None:
    assert draw(Reply(), "zh") == []
    assert draw(Reply(text=" \n"), "zh") == []


def test_it_gives_bare_buttons_a_sentence() -> None:
    assert draw(Reply(choices=(Choice(label="是", send="y"),)), "zh")[0].text == "请选择："


def test_it_replaces_half_a_character() -> None:
    (message,) = draw(Reply(text="a\ud83c", card=Card(key="t", title="b\udf31")), "zh")
    assert message.text == "a?\n\nb?"
    assert [shown(message, entity) for entity in message.entities] == ["b?"]


def test_it_marks_a_message_that_may_be_a_repetition() -> None:
    (message,) = draw(Reply(card=Card(key="t", title="请假")), "zh")
    marked = mark(message, "（可能重复）")
    assert marked.text == "（可能重复）\n请假"
    assert [shown(marked, entity) for entity in marked.entities] == ["请假"]
    assert mark(Message("x" * MOST_UNITS), "（可能重复）").text == "x" * MOST_UNITS


# --- length -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("aaaa aaa\n\nbbbb\nbbb", ["aaaa aaa", "bbbb\nbbb"]),
        ("aaaa. aa\nbb\nbbbb", ["aaaa. aa", "bb\nbbbb"]),
        ("aa aaaa. bb bbbb", ["aa aaaa.", "bb bbbb"]),
        ("我们都在。你也来吧，好", ["我们都在。", "你也来吧，好"]),
        ("aaaaaaa bbbbbbb", ["aaaaaaa", "bbbbbbb"]),
        ("a. bbbbbbbbbbb", ["a. bbbbbbb", "bbbb"]),
        ("abcdefghijklmno", ["abcdefghij", "klmno"]),
        ("🌱🌱🌱🌱🌱🌱", ["🌱🌱🌱🌱🌱", "🌱"]),
        ("123456789🌱x", ["123456789", "🌱x"]),
        ("12345678é9", ["12345678é9"]),
        ("123456789e\u0301xy", ["123456789", "e\u0301xy"]),
        ("123456👨\u200d👩x", ["123456", "👨\u200d👩x"]),
        ("aaaaaaa\n\n\n   \n\nbbbbbbb", ["aaaaaaa", "bbbbbbb"]),
    ],
)
def test_it_cuts_a_long_text_where_a_reader_would(words: str, parts: list[str]) -> None:
    assert [message.text for message in split(words, most=10)] == parts


def test_it_keeps_the_bold_title_whole() -> None:
    parts = split("aaaaaa\nbb bb bb", (Entity("bold", 7, 8),), most=12)
    assert [(part.text, [shown(part, entity) for entity in part.entities]) for part in parts] == [
        ("aaaaaa", []), ("bb bb bb", ["bb bb bb"]),
    ]  # fmt: skip


def test_it_keeps_a_title_whole_that_a_message_begins_with() -> None:
    parts = split("aaaa aaaa", (Entity("bold", 0, 6),), most=8)
    assert [(part.text, [shown(part, entity) for entity in part.entities]) for part in parts] == [
        ("aaaa aaa", ["aaaa a"]), ("a", []),
    ]  # fmt: skip


def test_it_cuts_a_title_that_fits_into_no_message() -> None:
    parts = split("b" * 25, (Entity("bold", 0, 25),), most=10)
    assert [part.entities[0].length for part in parts] == [10, 10, 5]


def test_it_puts_the_buttons_under_the_last_part() -> None:
    parts = draw(Reply(text="好。" * 4000, choices=(Choice(label="是", send="y"),)), "zh")
    assert len(parts) == 2
    assert [bool(part.keyboard) for part in parts] == [False, True]
    assert all(units(part.text) <= MOST_UNITS for part in parts)


signs = st.text(st.sampled_from("ab 。.\n🌱家\u0301\u200d🇨"), max_size=80)


@given(signs, st.integers(0, 40), st.integers(0, 40), st.integers(8, 30))
def test_it_loses_nothing_and_cuts_no_character_and_no_title(words: str, before: int, title: int, most: int) -> None:
    words = words.strip() or "a"
    begin, bold = words[:before], words[before : before + title]
    entities = (Entity("bold", units(begin), units(bold)),) if bold.strip() else ()
    parts = split(words, entities, most)
    assert "".join("".join(part.text for part in parts).split()) == "".join(words.split())
    assert all(0 < units(part.text) <= most for part in parts if words.split())
    held = [shown(part, entity) for part in parts for entity in part.entities]
    assert "".join("".join(held).split()) == "".join(bold.split())
    # What is drawn as one sign and begins within the title ends behind it: no cut can keep both whole.
    after = words[before + title : before + title + 1]
    if units(bold) <= most and bold == bold.strip() and after not in "\u0301\u200d🇨" and bold[-1:] != "\u200d":
        assert len(held) == len(entities)


def test_it_splits_the_worst_text_quickly() -> None:
    words = "x" + " " * 200_000 + "y"
    assert [part.text for part in split(words)] == ["x", "y"]


# --- buttons ----------------------------------------------------------------------------------------------------------


def choices(*names: str) -> tuple[Choice, ...]:
    return tuple(Choice(label=name, send=f"s{at}") for at, name in enumerate(names))


def test_it_lays_short_labels_side_by_side_and_long_ones_alone() -> None:
    assert labels(Reply(text="?", choices=choices("事假", "病假", "公假", "其他"))) == [
        ["事假", "病假", "公假"],
        ["其他"],
    ]
    assert labels(Reply(text="?", choices=choices("是", "不是，我要把开始的日期改一改", "否"))) == [
        ["是"], ["不是，我要把开始的日期改一改"], ["否"],
    ]  # fmt: skip


def test_it_puts_the_main_button_first_and_the_dangerous_one_last() -> None:
    reply = Reply(text="?", choices=(
        Choice(label="删除", send="d", style="danger"), Choice(label="改", send="e"), Choice(label="提交", send="s", style="main"),
        Choice(label="看", send="l"),
    ))  # fmt: skip
    assert labels(reply) == [["提交"], ["改", "看"], ["删除"]]


def test_it_cuts_a_label_and_never_what_it_sends() -> None:
    (message,) = draw(Reply(text="?", choices=(Choice(label="长" * 80, send="s" * 64),)), "zh")
    button = message.keyboard[0][0]
    assert button == Button("长" * 63 + "…", "s" * 64)
    assert message.values()["reply_markup"] == {
        "inline_keyboard": [[{"text": "长" * 63 + "…", "callback_data": "s" * 64}]]
    }


def test_it_says_in_words_what_no_button_can_carry() -> None:
    reply = Reply(text="?", choices=(
        Choice(label="好", send="ok"), Choice(label="长", send="中" * 22), Choice(label="空", send="", words="回来"),
    ))  # fmt: skip
    (message,) = draw(reply, "zh")
    assert message.text == "?\n\n2 长\n回来"
    assert labels(reply) == [["好"]]


def test_it_shows_at_most_a_hundred_buttons_and_numbers_the_rest() -> None:
    reply = Reply(
        text="?", choices=choices(*(f"第{at}项" for at in range(1, 121))), link=Link(label="更多", url="https://a.cn")
    )
    (message,) = draw(reply, "zh")
    assert sum(len(row) for row in message.keyboard) == 100
    assert max(len(row) for row in message.keyboard) <= 8
    assert message.text.startswith("?\n\n100 第100项\n101 ")
    assert message.text.endswith("120 第120项")


@pytest.mark.parametrize("url", ["https://yizhan.example.edu/me", "http://10.2.3.4:8000/", "https://学校.cn/"])
def test_it_opens_a_link_by_a_button(url: str) -> None:
    (message,) = draw(Reply(text="看", link=Link(label="打开", url=url)), "zh")
    assert message.keyboard == ((Button("打开", url=url),),)
    assert message.values()["reply_markup"] == {"inline_keyboard": [[{"text": "打开", "url": url}]]}
    assert message.text == "看"


def test_it_hands_over_what_is_for_somebody_else_to_be_copied() -> None:
    url = "https://yizhan.example.edu/g/abc"
    (message,) = draw(Reply(text="请发给家长📱", link=Link(label="给家长的链接", url=url, hand_over=True)), "zh")
    assert message.keyboard == ()
    (each,) = message.entities
    assert each.kind == "code"
    assert (
        message.text.encode("utf-16-le")[2 * each.offset : 2 * (each.offset + each.length)].decode("utf-16-le") == url
    )


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/#staff", "http://localhost/", "http://[::1]/", "ftp://a.cn", "/me", "http://a.cn/ b", "http://[x"]
)  # fmt: skip
def test_it_writes_out_a_link_that_telegram_would_refuse(url: str) -> None:
    (message,) = draw(Reply(text="看", link=Link(label="打开", url=url)), "zh")
    assert message.keyboard == ()
    assert message.text == f"看\n\n打开 {url}"
