"""Whether words complain of a college as a whole: certain, perhaps (asked once), or it only says where somebody belongs."""

from __future__ import annotations

import pytest

from handlers.understand import colleges
from handlers.understand.accused import Named
from handlers.understand.complaints import may_complain, read_complaint

ALL = ("计算机科学与技术学院", "物理学院", "物电学院", "数学与统计学院", "数学科学学院", "中文系")
PEOPLE = [
    Named("c", (*colleges.names_of(ALL[0], "Computing", ALL), *colleges.OURS), office=True, college=True),
    Named("w", colleges.names_of("物理学院", "", ALL), office=True, college=True),
    Named("l", ("后勤处",), office=True, short="后勤"),
    Named("han", ("韩老师", "Ms Han"), frozenset({"counselor"})),
    Named("wang", ("王书记",), frozenset({"deputy-secretary"})),
]
SURE = (
    ("计算机学院乱收费", "c"), ("我要投诉计算机学院", "c"), ("投诉我们学院", "c"), ("我们学院乱收费", "c"), ("我们学院不作为，评优黑箱", "c"),
    ("举报物理学院造假", "w"), ("计算机学院领导收红包", "c"), ("计算机科学与技术学院院长收钱", "c"), ("对我们学院非常不满", "c"), ("我院强制学生实习", "c"),
    ("I want to complain about my college", "c"), ("我要举报计算机学院对学生乱收费", "c"), ("我们学院的评优不公平", "c"), ("希望学校管管，我们学院乱罚款", "c"),
    ("我们学院的韩老师骂我", "han"), ("投诉我们学院的辅导员", "han"),
)  # fmt: skip
ASKED = (
    "计算机学院的老师态度差", "我们学院不让请假", "计算机学院一直不批", "我们学院效率太低", "投诉计算机学院的工作人员", "我们学院有的老师收钱",
)  # fmt: skip
NEITHER = (
    "我是计算机学院的学生，我要投诉食堂乱收费", "我是计算机学院大二的，室友打我", "我们学院的空调坏了没人修", "计算机学院楼的厕所没人打扫",
    "请计算机学院处理一下乱收费的商贩", "我在计算机学院被偷了", "向我们学院反映食堂太贵", "计算机学院的同学骂我", "感谢我们学院，老师态度很好",
    "计算机学院学生会乱收费", "物理学院的同学打人，我是计算机学院的", "室友是物理学院的，一直骂我", "计算机学院2301班有人偷东西",
    "我们学院有同学打人", "别的学院乱收费", "我们学院的自动售货机吞钱没人管", "我不是要投诉我们学院，只是想问问进度",
)  # fmt: skip


def read(words: str) -> tuple[set[str], set[str]]:
    found = read_complaint(words, PEOPLE) if may_complain(words) else None
    return (set(found.sure), set(found.unsure)) if found else (set(), set())


@pytest.mark.parametrize(("words", "who"), SURE)
def test_it_keeps_out_whom_words_complain_of(words: str, who: str) -> None:
    assert read(words) == ({who}, set())


@pytest.mark.parametrize("words", ASKED)
def test_it_asks_where_two_readings_exist(words: str) -> None:
    assert read(words) == (set(), {"c"})


@pytest.mark.parametrize("words", NEITHER)
def test_it_changes_nothing_where_a_college_only_says_where(words: str) -> None:
    assert read(words) == (set(), set())


def test_it_knows_a_college_by_what_is_left_of_its_name_where_no_other_begins_so() -> None:
    assert "计算机学院" in colleges.names_of(ALL[0], "", ALL)
    assert "数学学院" not in colleges.names_of("数学与统计学院", "", ALL)
    assert colleges.names_of("物理学院", "", ALL) == ("物理学院",)
    assert colleges.names_of("中文系", "Chinese", ALL)[0] == "中文系"
    assert "Chinese" not in colleges.names_of("中文系", "Chinese", ALL)  # 「my Chinese is bad」
