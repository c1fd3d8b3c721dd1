"""Whom words complain of: certain, perhaps, or nobody; spoken to is not spoken of."""

from __future__ import annotations

import pytest

from handlers.understand.accused import Named
from handlers.understand.complaints import may_complain, read_complaint
from tests.handlers.understand.complaint_sentences import BLIND

WANG = Named("wang", ("王书记", "Secretary Wang"), frozenset({"deputy-secretary"}))
DONG = Named("dong", ("董阿姨", "Ms Dong"), frozenset({"keeper"}))
# The counselor under a name of the invented school, and under a whole one.
PEOPLE = {
    "titled": [Named("han", ("韩老师", "Ms Han"), frozenset({"counselor"})), WANG, DONG],
    "named": [Named("han", ("韩梅", "Han Mei"), frozenset({"counselor"})), WANG, DONG],
}

SURE = {
    "han": (
        "我要投诉韩老师", "投诉一下我们学院的韩老师", "我想举报韩导", "姓韩的老师打人", "投诉我们辅导员", "投诉辅导员", "我要告我们班辅导员",
        "辅导员韩梅不让我参加考试", "辅导员韩老师收了我们的钱", "我们班辅导员韩老师在评奖学金时偏袒她的学生干部", "导员天天PUA我们",
        "班主任偏心", "想反映一下辅导员的问题", "对韩老师有意见", "对我们辅导员的处理很不满", "给辅导员提意见", "被辅导员骂了",
        "韩老师，我要投诉您，您为什么骂我", "我要投诉辅导员，也跟王书记说过了", "I want to complain about my counselor",
    ),
    "wang": ("投诉王书记", "我想举报我们学院的书记收钱", "王老师不公平"),
    "dong": ("投诉宿管阿姨态度差", "投诉董阿姨", "宿管骂我"),
}  # fmt: skip
UNSURE = (
    "韩老师一直没回我消息", "韩老师没批我的假，怎么办", "韩老师昨天开会的时候，当着全班骂我",
    "我要投诉。昨天在办公室韩老师当着大家的面说我", "韩老师不让我们晚归，那我可以请公寓假吗",
)  # fmt: skip
NOBODY = (
    "韩老师您好，我想请假", "韩老师好，我要投诉食堂", "我要投诉食堂的饭菜，已经跟韩老师说过了", "向辅导员反映食堂问题", "请韩老师帮我投诉宿舍的热水",
    "反映辅导员办公室门坏了", "我不是要投诉韩老师，只是想问问", "感谢韩老师的帮助", "隔壁班的辅导员骂人", "张辅导员骂我", "投诉张老师",
    "韩导致电", "韩梅梅打我", "韩梅梅骂我，投诉她", "想问一下韩老师今天在吗", "辅导员不在，找谁签字", "请问辅导员是谁", "食堂阿姨骂我",
    "我告诉韩老师了", "韩老师人很好，但是食堂很差要投诉", "建议辅导员多开会", "韩老师打了电话给我", "老师打了电话给我", "没有辅导员骂过我",
    "Dear Ms Han, I would like to ask for leave", "", "投诉", "。。。", "辅导员",
)  # fmt: skip


def read(words: str, people: str) -> tuple[set[str], set[str]]:
    reading = read_complaint(words, PEOPLE[people], ["韩梅梅"])
    return set(reading.sure), set(reading.unsure)


@pytest.mark.parametrize("people", PEOPLE)
def test_it_knows_whom_words_complain_of(people: str) -> None:
    for who, every in SURE.items():
        for words in every:
            assert read(words, people) == ({who}, set()), words


@pytest.mark.parametrize("people", PEOPLE)
def test_it_leaves_open_what_may_be_a_mere_question(people: str) -> None:
    for words in UNSURE:
        assert read(words, people) == (set(), {"han"}), words


@pytest.mark.parametrize("people", PEOPLE)
def test_it_takes_nobody_who_is_spoken_to_or_merely_named(people: str) -> None:
    for words in NOBODY:
        assert read(words, people) == (set(), set()), words


def test_it_reads_names_in_english_and_of_two_signs() -> None:
    people = [Named("o", ("欧阳芳", "Ouyang Fang"), frozenset({"counselor"}))]
    for words in ("投诉欧阳老师", "投诉欧阳芳", "Ouyang Fang won't let me take the exam", "我们辅导员骂人"):
        assert read_complaint(words, people).sure == {"o"}, words
    assert read_complaint("投诉欧老师", people) == (frozenset(), frozenset())


def test_it_knows_two_of_one_name_and_takes_both() -> None:
    people = [Named("a", ("韩老师",), frozenset({"counselor"})), Named("b", ("韩静",), frozenset({"officer"}))]
    assert read_complaint("投诉韩老师", people).sure == {"a", "b"}
    assert read_complaint("投诉韩静", people).sure == {"b"}


def test_it_is_quick_on_long_words() -> None:
    assert read_complaint("投诉" * 1500 + "韩老师" * 700, PEOPLE["named"]).sure <= {"han"}


STAFF = [
    Named("h", ("韩老师", "Ms Han"), frozenset({"counselor"})), Named("w", ("王书记", "Secretary Wang"), frozenset({"deputy-secretary"})),
    Named("z", ("周老师", "Mr Zhou")), Named("l", ("罗主任", "Director Luo")), Named("d", ("邓师傅", "Mr Deng")),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), BLIND)
def test_it_lets_nobody_through_who_is_accused_beside_another(words: str, expected: str) -> None:
    reading = read_complaint(words, STAFF)
    asked = reading.sure | reading.unsure
    for each in expected.split():
        if each.startswith("-"):
            assert each[-1] not in asked, (words, each)
        else:
            assert each[-1] in (reading.sure if each.startswith("!") else asked), (words, each)
    assert may_complain(words) or not asked, "the quick look leaves nothing out"


def test_it_asks_of_sour_words_and_of_gaps_and_old_signs() -> None:
    for words in (
        "韩老师拿了我们班的班费", "我恨韩老师", "受不了韩老师了", "想换掉韩老师", "韩老师帮别人收钱", "麻烦韩老师不要再骂人了", "韩老师，她总骂我们",
        "投诉老师", "有老师收钱", "韩 老 师 收 钱", "韩老師收錢", "Ms Han hit me", "I hate Ms Han",
    ):  # fmt: skip
        reading = read_complaint(words, STAFF)
        assert "h" in reading.sure | reading.unsure, words
        assert may_complain(words), words
