"""A class officer fills in leave for a classmate, who hands it in or drops it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from handlers.understand.for_others import read_for
from tests.builders import START, add_duty, person_of
from tests.talking import Stage, as_rich


@pytest.fixture
def stage(sqlite_url: str) -> Iterator[Stage]:
    with Stage(sqlite_url, poor=False) as made:
        made.database.run(
            lambda session: add_duty(
                session, person_of(session, "李雷"), "/sl/cs/cs2301/", "monitor", from_at=START - timedelta(days=1)
            )
        )
        yield made


def told(stage: Stage, name: str) -> str:
    return "\n".join(as_rich((reply,)) for reply in stage.told.get(name, []))


def say(stage: Stage, who: str, words: Any) -> str:
    stage.say(who, "", words)
    return stage.text()


def test_it_sends_the_form_to_the_classmate_who_hands_it_in(stage: Stage) -> None:
    assert "已发给本人" in say(stage, "李雷", "替韩梅梅请假 明天 发烧 不离校")
    assert "李雷替你填了请假" in told(stage, "韩梅梅")
    assert "事由：发烧" in told(stage, "韩梅梅")
    assert stage.rows()[0] == 0, "nobody asks in another's name"
    # What the classmate says meanwhile is no answer of that form.
    say(stage, "韩梅梅", "谢谢")
    shown = say(stage, "韩梅梅", "[核对]")
    assert "6月11日（周四）" in shown
    assert "已提交，编号 QJ-2606-0001" in say(stage, "韩梅梅", "[提交]")
    assert "QJ-2606-0001" not in say(stage, "李雷", "我的")


@pytest.mark.parametrize("opened", ["请病假", "请事假 6月15日到6月16日", "集体公假", "宿舍报修"])
def test_it_is_no_answer_of_the_form_that_is_open(stage: Stage, opened: str) -> None:
    asked = say(stage, "李雷", opened)
    shown = say(stage, "李雷", "替韩梅梅请假 6月22日 发烧 不离校")
    assert "已发给本人" in shown
    assert asked.splitlines()[-3] in shown, "the question that was open is asked again"
    assert "事由：发烧" in told(stage, "韩梅梅")
    assert "替韩梅梅" not in say(stage, "李雷", "取消")
    assert "请假要本人来提" in say(stage, "韩梅梅", "替李雷请假 明天 发烧")


def test_it_drops_it_by_a_no(stage: Stage) -> None:
    say(stage, "李雷", "帮2023002请明天的病假")
    assert "没有提交" in say(stage, "韩梅梅", "[不用]")
    assert stage.rows()[0] == 0


@pytest.mark.parametrize("word", ["核对", "1", "请假"])
def test_it_comes_up_by_word_and_number(stage: Stage, word: str) -> None:
    say(stage, "李雷", "替韩梅梅请假 明天 发烧 不离校")
    assert "事由：发烧" in say(stage, "韩梅梅", word)
    assert "已提交" in say(stage, "韩梅梅", "提交")


def test_it_goes_by_word_and_number_and_later_too(stage: Stage) -> None:
    for word in ("不用", "2"):
        say(stage, "李雷", "替韩梅梅请假 明天 发烧 不离校")
        assert "没有提交" in say(stage, "韩梅梅", word)
    say(stage, "李雷", "替韩梅梅请假 明天 发烧 不离校")
    say(stage, "韩梅梅", "我的")
    assert "事由：发烧" in say(stage, "韩梅梅", "核对")


def test_it_asks_before_another_form_takes_its_place(stage: Stage) -> None:
    say(stage, "李雷", "替韩梅梅请假 明天 发烧 不离校")
    assert "还没核对" in say(stage, "韩梅梅", "后天请事假 办事 不离校")
    assert "事由：发烧" in say(stage, "韩梅梅", "核对")
    say(stage, "韩梅梅", "取消")
    say(stage, "李雷", "替韩梅梅请假 明天 发烧 不离校")
    say(stage, "韩梅梅", "后天请事假 办事 不离校")
    assert "事由：办事" in say(stage, "韩梅梅", "[重新填]")


def test_it_tells_the_officer_nothing_of_the_classmate(stage: Stage) -> None:
    """Neither whose number it is nor that another form stands open, which stays as it was."""
    say(stage, "韩梅梅", "我要请假")
    said = say(stage, "李雷", "帮2023002请明天的病假")
    assert said == say(stage, "李雷", "帮2023002请明天的病假")
    assert "韩梅梅" not in said
    assert "没填完" not in said
    # A number answers what is asked in the open form.
    say(stage, "韩梅梅", "1")
    assert "病假" not in told(stage, "李雷")
    assert "从什么时候到什么时候" in stage.text()


def test_it_takes_it_from_officers_of_the_class_only(stage: Stage) -> None:
    assert "请假要本人来提" in say(stage, "韩梅梅", "替李雷请假 明天 发烧")
    assert "请假要本人来提" in say(stage, "李雷", "替林涛请假 明天"), "of another class"
    assert told(stage, "林涛") == ""
    assert "集体公假" in say(stage, "李雷", "帮大家请公假 明天参加比赛")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("替韩梅梅请假 明天 发烧", ("韩梅梅", "请假 明天 发烧")), ("帮2023002请明天的病假", ("2023002", "请明天的病假")), ("我帮室友韩梅梅同学请个假", ("韩梅梅", "请个假")),
        ("leave for Han Meimei: tomorrow, a fever", ("Han Meimei", "tomorrow, a fever")),
        ("我想请假", ("", "")), ("替我请假", ("", "")), ("明天请假", ("", "")),
    ],
)  # fmt: skip
def test_it_reads_for_whom(words: str, found: tuple[str, str]) -> None:
    assert read_for(words) == found
