"""How replies look where there are no buttons: numbered choices, words to say, and 2048 bytes a message."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.render import POOR_BYTES, card_text, fit, plain, pressable
from handlers.texts import text
from models.message import Card, Choice, File, Link, Mark, Reply

CARD = Card(key="t1", title="请假 QJ-2606-0001", lines=("病假", "状态：等韩老师答复"),
            marks=(Mark(label="已提交", done=True), Mark(label="韩老师答复"), Mark(label="销假")))  # fmt: skip


def test_it_writes_a_card_as_lines() -> None:
    assert card_text(CARD) == "请假 QJ-2606-0001\n病假\n状态：等韩老师答复\n● 已提交 ─ ○ 韩老师答复 ─ ○ 销假"
    assert card_text(Card(key="t1", title="请假")) == "请假"


def test_it_numbers_choices_through_the_whole_turn() -> None:
    replies = (
        Reply(text="请的是什么假？", choices=(Choice(label="病假", send="f:1"), Choice(label="事假", send="f:2"))),
        Reply(text="另外：", choices=(Choice(label="继续填", send="g:1"),)),
    )
    assert plain(replies, "zh") == "请的是什么假？\n1 病假\n2 事假\n\n另外：\n3 继续填"
    assert [choice.send for choice in pressable(replies)] == ["f:1", "f:2", "g:1"]


def test_it_offers_words_where_a_number_would_be_too_fleeting() -> None:
    choices = (Choice(label="同意", send="t:1:sign:3", words="同意 QJ-2606-0001"),
               Choice(label="不同意", send="t:1:refuse:3", words="不同意 QJ-2606-0001"))  # fmt: skip
    said = plain((Reply(text="有一张假条。", card=CARD, choices=choices),), "zh")
    either = text("zh", "form.or").join(choice.words for choice in choices)
    assert said.startswith("有一张假条。\n请假 QJ-2606-0001\n")
    assert said.endswith(text("zh", "door.say", words=either))
    assert "1 " not in said.splitlines()[-1][:2]


def test_it_names_links_and_files_and_leaves_no_empty_lines() -> None:
    replies = (
        Reply(),
        Reply(link=Link(label="假条", url="https://bot.example.edu/v/1")),
        Reply(file=File(id="1", name="病历.pdf", kind="application/pdf", size=9)),
    )
    assert plain(replies, "zh") == "假条 https://bot.example.edu/v/1\n\n病历.pdf"
    assert plain((), "en") == ""


def test_it_cuts_between_lines_and_says_that_there_is_more() -> None:
    words = "\n".join(f"第 {number} 行：" + "字" * 30 for number in range(40))
    shown, rest = fit(words, "zh")
    assert len(shown.encode()) <= POOR_BYTES
    kept, _, last = shown.rpartition("\n")
    assert last == text("zh", "door.more")
    assert kept + "\n" + rest == words


@given(st.text(max_size=3000), st.sampled_from(["zh", "en"]))
def test_it_loses_no_word_and_never_exceeds_the_size(words: str, lang: str) -> None:
    parts = []
    rest = words
    more = "\n" + text(lang, "door.more")
    while rest:
        shown, left = fit(rest, lang)
        assert len(shown.encode()) <= POOR_BYTES
        assert len(left) < len(rest)
        parts.append(shown.removesuffix(more) if left else shown)
        rest = left
    assert "".join("".join(parts).split()) == "".join(words.split())


def test_it_goes_on_with_blank_pages_too() -> None:
    shown, rest = fit("\n" * 5000 + "字", "zh")
    assert (shown, rest) == ("\n" + text("zh", "door.more"), "字")
    long = "字" * 4000
    assert "".join(iter_fit(long)) == long


def iter_fit(words: str) -> list[str]:
    """All the pages of a text, without the line that says that there is more."""
    pages = []
    while words:
        shown, words = fit(words, "zh")
        pages.append(shown.removesuffix("\n" + text("zh", "door.more")) if words else shown)
    return pages
