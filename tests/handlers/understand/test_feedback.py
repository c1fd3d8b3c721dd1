"""Words of how a matter goes: pressing, all right now, a bare no, stars; and what is none of these."""

from __future__ import annotations

import pytest

from handlers.understand.feedback import asks_how_it_stands, read_rating, read_stars, says_helped, says_no, urges
from handlers.understand.orders import is_order, read_order, read_other


@pytest.mark.parametrize(
    "words",
    ["催一下", "催催", "老师，麻烦催一下", "怎么还没处理", "怎么还没人来啊？", "为什么这么久还没回复", "我的报修怎么没人管",
     "快点处理吧", "能不能快点批", "老师早点批一下", "hurry up", "any update?"],
)  # fmt: skip
def test_it_hears_that_somebody_presses(words: str) -> None:
    assert urges(words), words


@pytest.mark.parametrize(
    "words",
    ["我想请假", "怎么请假", "怎么还没发工资我很着急想申请困难补助因为家里实在没有钱了你们能不能帮帮我", "老师催我交材料", "什么时候放假",
     "我不想活了", "催款单丢了怎么补办", "没有"],
)  # fmt: skip
def test_it_takes_nothing_else_for_pressing(words: str) -> None:
    assert not urges(words), words


@pytest.mark.parametrize(
    "words", ["什么时候能处理", "多久才能有结果？", "老师什么时候批", "多久会回复我", "老师什么时候答复"]
)
def test_it_takes_the_question_when_for_a_question(words: str) -> None:
    assert (urges(words), asks_how_it_stands(words)) == (False, True)


@pytest.mark.parametrize(
    "words", ["好了", "好了，谢谢", "已经修好了", "解决了谢谢老师", "可以了", "fixed", "works now"]
)
def test_it_hears_that_it_is_all_right(words: str) -> None:
    assert says_helped(words), words


@pytest.mark.parametrize("words", ["好", "没好", "好了没有", "还没修好", "我好了再说吧", "不好了，又漏了", "修好了吗"])
def test_it_takes_nothing_else_for_all_right(words: str) -> None:
    assert not says_helped(words), words


def test_it_takes_a_bare_no_for_nothing_more() -> None:
    assert all(says_no(words) for words in ("没有", "还没", "没呢", "不行", "No.", "not yet"))
    assert not any(says_no(words) for words in ("没有材料", "不行我要请假", "没有人", "没问题"))


@pytest.mark.parametrize(
    ("words", "stars", "rest"),
    [("5", 5, ""), ("5 很快", 5, "很快"), ("4分", 4, ""), ("四星，师傅好", 4, "师傅好"), ("3/5 一般般", 3, "一般般"),
     ("非常满意", 5, ""), ("不满意，拖了三天", 2, "拖了三天"), ("非常不满意", 1, ""), ("一般", 3, ""), ("6", 6, ""), ("0", 0, ""),
     ("很快", None, "很快"), ("2026年的事", None, "2026年的事"), ("3天才来", None, "3天才来"), ("", None, "")],
)  # fmt: skip
def test_it_reads_stars(words: str, stars: int | None, rest: str) -> None:
    assert read_stars(words) == (stars, rest)


def test_it_reads_the_verbs_among_staff_and_the_other_number() -> None:
    for words, verb in (
        ("转办 QJ-2606-0001 王书记 学生住校外", "transfer"), ("派单 QJ-2606-0001 韩老师", "assign"), ("督办 QJ-2606-0001", "escalate"),
        ("备注 QJ-2606-0001 家里有困难", "note"), ("合并 QJ-2606-0001 到 QJ-2606-0002", "merge"),
        ("不予受理 QJ-2606-0001 广告", "close"), ("催办 QJ-2606-0001", "urge"), ("评价 QJ-2606-0001 5", "rate"),
    ):  # fmt: skip
        order = read_order(words)
        assert order is not None
        assert (order.verb, order.number) == (verb, "QJ-2606-0001"), words
    assert read_other("到 qj 2606 0002，同一件事") == ("QJ-2606-0002", "同一件事")
    assert read_other("上一件") == ("", "上一件")


def test_it_ends_no_cry_for_help_by_words_of_staff() -> None:
    assert not is_order("close to the end")
    assert not is_order("note that I cannot go on")
    assert is_order("撤回 QJ-2606-0001")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("5", (5, "", False)),
        ("5星", (5, "", False)),
        ("打5分", (5, "", True)),
        ("给个五星", (5, "", True)),
        ("评分 5", (5, "", True)),
        ("rate 5", (5, "", True)),
        ("满意", (4, "", False)),
        ("4 很快", (4, "很快", False)),
        ("评价", (None, "", True)),
        ("2 号楼水管坏了", (None, "", False)),
        ("我想请假", (None, "", False)),
        ("给我请3天假", (None, "", False)),
        ("一般般，给2分", (2, "一般般", True)),
        ("师傅很快，打5星吧，谢谢", (5, "师傅很快 谢谢", True)),
        ("很满意 给五分", (5, "很满意", True)),
        ("再给5分钟", (None, "", False)),
        ("5分钟", (None, "", False)),
        ("食堂什么都好，给我2分钟", (None, "", False)),
    ],
)
def test_it_reads_a_rating_that_names_no_matter(words: str, told: tuple[int | None, str, bool]) -> None:
    assert read_rating(words) == told
