"""Words beside a form's question, clean clauses, and letters that are only announced."""

from __future__ import annotations

import pytest

from handlers.understand.asides import edge, is_no_place, is_only_sent, nod, read_aside, says_unhelped, takes_back
from handlers.understand.clauses import letter_in, reason_in

NAMES = ("宿舍报修", "Dormitory repair", "报修", "维修")


@pytest.mark.parametrize(
    ("words", "aside"),
    [("提交", "submit"), ("提交吧", "submit"), ("帮我提交", "submit"), ("submit", "submit"), ("撤回", "drop"),
     ("取消报修", "drop"), ("不用了", "drop"), ("不修了", "drop"), ("withdraw", "drop"), ("修改", "change"),
     ("改一下", "change"), ("什么时候能修好", "status"), ("催一下", "status"), ("what's the status", "status"),
     ("谢谢", "thanks"), ("再见", "thanks"), ("梅园3栋402", None), ("发烧", None), ("回家", None), ("取消请假", None),
     ("提交材料去教务处", None), ("", None)],
)  # fmt: skip
def test_it_tells_a_command_from_an_answer(words: str, aside: str | None) -> None:
    assert read_aside(words, NAMES) == aside


@pytest.mark.parametrize("words", ["提交", "👍", "submit"])
def test_it_takes_no_hand_in_for_a_yes(words: str) -> None:
    assert is_only_sent(words)
    assert not is_only_sent("会")


@pytest.mark.parametrize(("words", "no_place"), [("还是不制冷", True), ("插座冒火花", True), ("梅园3栋402", False),
                                                 ("操场", False), ("东门", False), ("二楼厕所漏水", False)])  # fmt: skip
def test_it_knows_what_is_no_place(words: str, no_place: bool) -> None:
    assert is_no_place("地点 Where", words) is no_place
    assert not is_no_place("事由 Reason", words)


@pytest.mark.parametrize(("words", "end"), [("周五早上走", "start"), ("周四下午出发", "start"), ("周日晚上回", "end"),
                                            ("周日十点回来", "end"), ("周五走周日回", ""), ("后天", "")])  # fmt: skip
def test_it_knows_which_end_is_meant(words: str, end: str) -> None:
    assert edge(words) == end


def test_it_knows_what_was_not_solved_and_what_is_taken_back() -> None:
    assert all(says_unhelped(words) for words in ("没修好", "没好", "还是不制冷", "又坏了", "still broken"))
    assert not any(says_unhelped(words) for words in ("还是想请假", "灯坏了", "还要请假"))
    assert takes_back("撤回刚才的报修", NAMES)
    assert not takes_back("不用了", NAMES)


@pytest.mark.parametrize(
    ("words", "left", "why"),
    [("我明天还要请假", "我还要", ""), ("因家中有事，特向您申请请假两天，望批准", "", "家中有事"),
     ("老师您好，我因为感冒发烧想请病假", "", "感冒发烧"), ("原因写错了", "", ""),
     ("全天请事假参加面试", "全天参加面试", "参加面试"), ("回去看奶奶，走，回", "回去看奶奶，走，回", "回去看奶奶"),
     ("can i take friday off for a wedding", "can i take off for a wedding", "a wedding")],
)  # fmt: skip
def test_it_takes_a_clean_clause_or_none(words: str, left: str, why: str) -> None:
    assert reason_in(words, left) == why


def test_it_takes_no_announcement_for_the_letter() -> None:
    assert [letter_in(words) for words in ("我想给团委写封信", "想给团委提个建议", "I'd like to write a letter")] == [
        ""
    ] * 3
    assert letter_in("我想写封信，图书馆座位太少，能不能多开一间") == "图书馆座位太少，能不能多开一间"
    assert letter_in("希望多开窗口") == "希望多开窗口"


@pytest.mark.parametrize(
    ("words", "meant"),
    [("会", "confirm"), ("我会的", "confirm"), ("要", "confirm"), ("不会", "deny"), ("不去了", "deny"), ("没有", "deny"),
     ("会吗？", ""), ("会不会", ""), ("应该会", ""), ("要请假", ""), ("", "")],
)  # fmt: skip
def test_it_takes_the_verb_of_a_question_for_a_yes_or_no(words: str, meant: str) -> None:
    assert nod(words) == meant
