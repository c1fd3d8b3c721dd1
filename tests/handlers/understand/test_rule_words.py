"""Questions about one's own matters and what a question of the rules asks besides; going before the answer."""

from __future__ import annotations

import pytest

from handlers.understand.leaving_now import asks_to_go, goes_now, says_arrived
from handlers.understand.rule_words import asks_owed, asks_parents, asks_way, asks_why_refused


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


WAYS = {  # the verb of a student's that is asked about, and words that do
    "withdraw": [
        "我能撤回吗",
        "这个还能撤回吗",
        "提交了还能取消吗",
        "已经提交的申请怎么撤回",
        "怎么撤销申请",
        "我的报修可以取消吗",
        "能不能撤回刚才的申请",
        "想撤回怎么弄",
        "我想撤回怎么操作",
        "撤回在哪里",
        "怎么把请假撤回来",
        "刚才提交错了能撤回吗",
        "报错了怎么撤",
        "可以撤吗",
        "请假还能撤回吗",
        "怎么取消申请",
    ],
    "rate": [
        "怎么评价",
        "在哪评价",
        "怎么打分",
        "评价在哪里",
        "哪里可以评价",
        "怎么给师傅评价",
        "可以评价吗",
        "怎么给好评",
        "如何评分",
        "能给差评吗",
        "怎么给这次服务打分",
    ],
    "urge": ["怎么催办", "能催一下吗", "可以催吗", "怎么催老师", "催办在哪", "能不能加急"],
    "change": [
        "能不能修改",
        "提交后可以改吗",
        "怎么修改申请",
        "怎么改时间",
        "还能改时间吗",
        "填错了怎么改",
        "可以修改内容吗",
        "写错了能改吗",
        "地址写错了怎么改",
        "提交错了怎么办",
        "房间号填错了怎么办",
    ],
    "fill": ["怎么补充材料", "怎么补充", "还能补充吗", "在哪里补充材料", "怎么补交材料"],
    "unhelped": ["怎么重新办理", "可以重开吗", "能退回重办吗"],
}
NO_WAYS = [
    "怎么改专业",
    "能改宿舍吗",
    "怎么取消选课",
    "可以取消晚归登记吗",
    "怎么评价奖学金",
    "能撤回处分吗",
    "怎么修改密码",
    "可以改名吗",
    "怎么补考",
    "能取消考试吗",
    "怎么改绑手机",
    "评价一下这个学校",
    "取消",
    "撤回",
    "评价",
    "能改成绩吗",
    "怎么撤销处分",
    "怎么补充医保",
    "可以取消住宿吗",
    "怎么改宿舍",
    "我想取消请假",
    "想改时间",
    "选错课了怎么办",
    "怎么办",
    "请假怎么办",
    "材料怎么办",
    "怎么请假",
    "成绩填错了怎么办？教务处",
    "能改吗 我要改时间到周五",
    "怎么催眠",
]


def test_it_hears_whether_and_how_one_does_something_with_ones_own_matter() -> None:
    wrong = {words: found for verb, said in WAYS.items() for words in said if (found := asks_way(words)) != verb}
    assert not wrong
    assert [words for words in NO_WAYS if asks_way(words)] == []
