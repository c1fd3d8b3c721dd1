"""The crisis recogniser hears every call for help in the labelled lists, and lets jokes pass."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.crisis_fold import fold, squeeze
from handlers.crisis_words import look
from tests.handlers import crisis_lines_blind as blind
from tests.handlers.crisis_lines import DANGER, NONE, OTHER, REVIEW, SELF, lines

_PAGES = [
    (kind, line)
    for kind, *blocks in (
        ("self", SELF, blind.SELF),
        ("other", OTHER, blind.OTHER),
        ("danger", DANGER, blind.DANGER),
    )
    for block in blocks
    for line in lines(block)
]


@pytest.mark.parametrize("kind", sorted({kind for kind, _ in _PAGES}))
def test_it_pages_for_every_call_for_help(kind: str) -> None:
    heard = {line: look(line) for each, line in _PAGES if each == kind}
    wrong = {line: alarm for line, alarm in heard.items() if alarm is None or alarm[:2] != (kind, "page")}
    assert heard
    assert wrong == {}


@pytest.mark.parametrize("line", lines(blind.EITHER))
def test_it_pages_even_where_it_cannot_tell_whose_life(line: str) -> None:
    alarm = look(line)
    assert alarm is not None, line
    assert alarm.level == "page"


@pytest.mark.parametrize("line", lines(REVIEW) + lines(blind.REVIEW))
def test_it_offers_help_softly_where_danger_is_only_named(line: str) -> None:
    alarm = look(line)
    assert alarm is not None, line
    assert alarm.level == "review", f"{line}: {alarm}"


@pytest.mark.parametrize("block", [NONE, blind.NONE])
def test_it_lets_look_alikes_pass(block: str) -> None:
    assert {line: alarm for line in lines(block) if (alarm := look(line)) is not None} == {}


@pytest.mark.parametrize(("line", "rule", "level"), [
    ("弟弟出车祸住院，请事假 明天到6月13日 离校", "FAMILY", "review"),
    ("请假 我爸出车祸了 今天到后天 回家", "FAMILY", "review"),
    ("我爸出车祸了我要马上回家", "FAMILY", "review"),
    ("奶奶昏迷了 想请假回家", "FAMILY", "review"),
    ("好绝望 老家失火了 请事假三天", "FAMILY", "review"),
    ("我爸出车祸了怎么办", "TRAFFIC", "page"),
    ("我和弟弟出车祸了，请假", "TRAFFIC", "page"),
    ("弟弟在校门口被车撞了 我要请假陪他", "TRAFFIC", "page"),
    ("学弟昏迷了 叫不醒 请假陪他去医院", "COLLAPSE", "page"),
    ("我爸出车祸了要回家 室友晕倒了", "COLLAPSE", "page"),
])  # fmt: skip
def test_it_takes_an_accident_at_home_for_a_reason_only_with_a_wish_for_leave(line: str, rule: str, level: str) -> None:
    alarm = look(line)
    assert alarm is not None
    assert (alarm.rule, alarm.level) == (rule, level)


def test_it_hears_all_and_is_rarely_wrong() -> None:
    quiet = lines(REVIEW) + lines(NONE) + lines(blind.REVIEW) + lines(blind.NONE)
    heard = sum(1 for _, line in _PAGES if (alarm := look(line)) and alarm.level == "page")
    false = sum(1 for line in quiet if (alarm := look(line)) and alarm.level == "page")
    assert len(_PAGES) >= 150
    assert heard == len(_PAGES)
    precision = heard / (heard + false)
    assert precision >= 0.98, f"{precision:.3f} beside {len(quiet)} quiet lines"


@pytest.mark.parametrize(
    "disguised",
    [
        "我 不 想 活 了",
        "我。不。想。活。了",
        "我\u200b不\u200b想\u200b活\u200b了",
        "我不想活了" * 200,
        "ＫＩＬＬ  ＭＹＳＥＬＦ",
        "我不想活了\x00",
        "k.i.l.l my self",
    ],
)
def test_it_sees_through_disguise(disguised: str) -> None:
    alarm = look(disguised)
    assert alarm is not None
    assert alarm.level == "page"


@pytest.mark.parametrize(
    "form", ["请假三天，事由：{}", "1\n{}", "明天下午两点到周五 {} 谢谢老师", "/start {}", "收到 {}", "哈哈哈{}"]
)
@pytest.mark.parametrize("call", ["不想活了", "我想死", "撑不下去了", "i want to die"])
def test_it_hears_a_call_inside_another_message(form: str, call: str) -> None:
    alarm = look(form.format(call))
    assert alarm is not None
    assert alarm.level == "page"


def test_it_takes_the_loudest_of_several() -> None:
    assert look("我不想自杀,但是真的撑不下去了") == ("self", "page", "CANNOT_GO_ON")
    both = look("宿舍着火了 我不想活了")
    assert both is not None
    assert both.kind == "self"


def test_it_names_the_rule_and_never_the_words() -> None:
    for _, line in _PAGES:
        alarm = look(line)
        assert alarm is not None
        assert alarm.rule.replace("_", "").isascii()
        assert alarm.rule.isupper()


@given(st.text(max_size=300))
def test_it_never_raises(words: str) -> None:
    alarm = look(words)
    assert alarm is None or alarm.level in {"page", "review"}


def test_it_bears_broken_text() -> None:
    assert look("") is None
    assert look("\ud800\udfff \x00") is None
    assert squeeze(fold("《歌》 Ａ-ｂ")) == "ǀ歌ǁab"


@pytest.mark.parametrize(
    "unit", ["不想", "死", "a", "药", "想死线", "我想从明天请假", "有人", "要去", "吃完这瓶", "被人打讲座"]
)
def test_it_takes_time_in_proportion_to_the_length(unit: str) -> None:
    def cost(chars: int) -> float:
        text = (unit * chars)[:chars]
        best = 9.9
        for _ in range(3):
            began = time.process_time()
            look(text)
            best = min(best, time.process_time() - began)
        return best

    # CPU time, and far from the bound: a text that made it quadratic would cost seconds.
    assert cost(10_000) < max(0.2, 8 * cost(5_000))
