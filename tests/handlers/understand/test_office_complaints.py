"""Whether words complain of an office as a whole: certain, perhaps (asked once), or only asked for its service."""

from __future__ import annotations

import pytest

from handlers.understand.accused import Named
from handlers.understand.complaints import may_complain, read_complaint

# As a school's roster has them; "y" is how whoever writes to the item's own office speaks of it.
OFFICES = [
    Named("l", ("后勤处", "Logistics Office"), office=True, short="后勤"),
    Named("d", ("宿管中心", "Dormitory Centre"), office=True, short="宿管"),
    Named("b", ("图书馆", "Library"), office=True),
    Named("y", ("团委", "你们部门", "your office"), office=True),
]
PEOPLE = [
    Named("han", ("韩老师", "Ms Han"), frozenset({"counselor"})), Named("luo", ("罗主任",), frozenset({"head"})),
    Named("dong", ("董阿姨",), frozenset({"keeper"})),
]  # fmt: skip

SURE = {
    "l": (
        "我要投诉后勤处", "投诉后勤处", "我要举报后勤处乱收费", "后勤处的人态度都很差", "后勤处不作为，水管漏了一个月", "后勤处推诿，谁都不管",
        "对后勤处非常不满", "后勤处领导收红包", "举报后勤处处长收钱", "后勤处您好，你们乱收费，我要投诉", "我要投诉学校后勤处",
        "I want to complain about the Logistics Office", "后勤处的工作人员骂学生",
    ),
    "d": ("宿管中心的人态度都很差", "我要投诉宿管中心", "宿管中心乱罚款", "投诉宿管中心，跟后勤处也说过了"),
    "b": ("我要投诉图书馆的工作人员", "图书馆馆长收钱", "图书馆的管理员骂人"),
    "y": ("我要投诉你们部门", "投诉团委", "团委在评优里偏袒自己人"),
}  # fmt: skip
ASKED = {
    "l": (
        "后勤处三天没人来修", "后勤处太慢了，等了一个星期", "后勤处一直不回复", "后勤处效率太低", "投诉后勤", "后勤的人态度差", "后勤处的一个师傅骂我",
        "后勤处上次来修水管，师傅态度很差", "后勤处踢皮球", "后勤处从来不来修",
    ),
    "b": ("我要投诉图书馆太吵", "投诉图书馆没有空调"),
    "d": ("宿管中心没人管", "宿管中心服务太差"),
}  # fmt: skip
SERVICE = (
    "后勤处能不能修一下灯", "请后勤处来看看水管，一直漏水", "希望后勤处尽快处理，隔壁一直很吵", "后勤处在哪", "后勤处电话没人接吗，电话是多少？",
    "向后勤处反映一下，食堂太贵", "我向后勤处投诉食堂的饭菜", "麻烦后勤处换个灯泡，坏了没人管", "感谢后勤处，师傅态度很好", "我不是要投诉后勤处，只是想问问进度",
    "后勤处什么时候来修，我等了三天", "让后勤处把垃圾桶换掉", "报修的事归后勤处管吗", "宿管中心几点下班，被罚的同学说要去交钱", "团委的活动怎么报名", "在图书馆被偷了钱包，我要报警", "图书馆里有人骂我",
    "投诉宿舍没热水，后勤处修了三次还是坏", "后勤处修得很快，好评", "举报有人偷东西，请后勤处调监控", "请把我的投诉转给后勤处", "后勤处的师傅人很好",
    "希望后勤处理乱收费的商贩", "投诉食堂，请后勤处理一下", "希望你们处理打人的同学",
    "我要投诉食堂的饭菜", "Could the Logistics Office fix our lamp? It has been bad for days", "后勤服务中心在哪里交费",
)  # fmt: skip
PERSON = (
    ("投诉后勤处的罗主任", "luo"),
    ("后勤处的罗主任收钱", "luo"),
    ("宿管中心的董阿姨骂我", "dong"),
    ("宿管阿姨态度很差，希望后勤处管一管", "dong"),
    ("韩老师骂我，我去后勤处说了", "han"),
)


def read(words: str) -> tuple[set[str], set[str]]:
    if not may_complain(words):
        return set(), set()
    found = read_complaint(words, [*PEOPLE, *OFFICES])
    return set(found.sure), set(found.unsure)


@pytest.mark.parametrize(("who", "words"), [(who, words) for who, every in SURE.items() for words in every])
def test_it_keeps_an_office_out_that_words_complain_of(who: str, words: str) -> None:
    sure, _ = read(words)
    assert who in sure
    assert not (sure & {"l", "d", "y", "b"}) - {who}


@pytest.mark.parametrize(("who", "words"), [(who, words) for who, every in ASKED.items() for words in every])
def test_it_asks_where_two_readings_exist(who: str, words: str) -> None:
    assert read(words) == (set(), {who})


@pytest.mark.parametrize("words", SERVICE)
def test_it_changes_nothing_where_an_office_is_asked_for_its_service(words: str) -> None:
    assert read(words) == (set(), set())


@pytest.mark.parametrize(("words", "who"), PERSON)
def test_it_is_not_the_office_where_one_of_its_people_is_named(words: str, who: str) -> None:
    sure, unsure = read(words)
    assert who in sure | unsure
    assert not (sure | unsure) & {"l", "d", "y", "b"}
