"""Questions about one's own matters and what a question of the rules asks besides; going before the answer."""

from __future__ import annotations

import pytest

from handlers.understand.leaving_now import asks_to_go, goes_now, says_arrived
from handlers.understand.rule_words import asks_owed, asks_parents, asks_why_refused


@pytest.mark.parametrize(
    "words", ["为什么不同意", "为啥不给批", "凭什么驳回", "不同意的理由是什么", "why was it refused?"]
)
def test_it_hears_who_asks_why(words: str) -> None:
    assert asks_why_refused(words)


@pytest.mark.parametrize("words", ["老师什么时候批", "为什么图书馆不开", "我不同意", "为什么请假要家长同意"])
def test_it_takes_nothing_else_for_it(words: str) -> None:
    assert not asks_why_refused(words)


@pytest.mark.parametrize("words", ["还欠什么材料", "我还差哪些证明没交", "还有什么材料要补"])
def test_it_hears_who_asks_what_is_owed(words: str) -> None:
    assert asks_owed(words)
    assert not asks_owed("请病假要交什么材料")


@pytest.mark.parametrize(
    ("words", "asks"),
    [("家长要知道吗", True), ("要不要告诉家长", True), ("家长能进学校吗", False), ("家里有事吗", False)],
)
def test_it_hears_who_asks_about_parents(words: str, asks: bool) -> None:
    assert asks_parents(words) is asks


@pytest.mark.parametrize(
    ("words", "asks", "goes", "back"),
    [
        ("没批我能走吗", True, False, False),
        ("我能先走吗", True, False, False),
        ("老师还没同意可以先回家吗", True, False, False),
        ("要去医院 不等老师批了", False, True, False),
        ("家里出事了我先走了", False, True, False),
        ("已经在去医院的路上了", False, True, False),
        ("我出院了，回来了", False, False, True),
        ("到了", False, False, True),
        ("明天回家", False, False, False),
        ("我想请假回家", False, False, False),
        ("快递到了吗", False, False, False),
    ],
)
def test_it_hears_who_goes_and_who_is_back(words: str, asks: bool, goes: bool, back: bool) -> None:
    assert (asks_to_go(words), goes_now(words), says_arrived(words)) == (asks, goes, back)
