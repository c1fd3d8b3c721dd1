"""A class officer who was asked to look for somebody not back says that they cannot be reached."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers.understand.unreached import names_nobody, says_unreached
from tests.builders import START, add_duty, at, person_of
from tests.talking import Stage, as_rich


@pytest.fixture
def overdue(sqlite_url: str) -> Iterator[Stage]:
    with Stage(sqlite_url, poor=False) as made:
        made.database.run(
            lambda session: add_duty(
                session, person_of(session, "韩梅梅"), "/sl/cs/cs2301/", "monitor", from_at=START - timedelta(days=1)
            )
        )
        made.say("李雷", "", "请事假 6月10日下午2点到6点 家里有事 会离校")
        made.say("李雷", "", "[提交]")
        made.say("韩老师", "", "同意 QJ-2606-0001")
        yield made


def told(stage: Stage, name: str) -> str:
    return "\n".join(as_rich((reply,)) for reply in stage.told.get(name, []))


WORDS = (
    "联系不上李雷",
    "联系不上",
    "老师，李雷的电话打不通，怎么办",
    "联系不上他",
    "2023001联系不上了",
    "I can't reach 李雷",
)


def test_it_tells_the_counselor_at_once_and_alarms_nobody(overdue: Stage) -> None:
    overdue.later(at("2026-06-10 20:30"))
    assert "联系不上请告诉辅导员" in told(overdue, "韩梅梅")
    for words in WORDS:
        overdue.say("韩梅梅", "", words)
        assert "已马上告诉韩老师：联系不上李雷" in overdue.text(), words
        assert "安全的地方" not in overdue.text()
        assert "韩梅梅说联系不上李雷" in told(overdue, "韩老师")
        assert "QJ-2606-0001" not in overdue.text(), "an officer reads no number"
        assert not told(overdue, "心理老师")
    assert overdue.rows()[0] == 1
    overdue.say("韩老师", "", "详情 QJ-2606-0001")
    assert "韩梅梅说联系不上学生" in overdue.text()
    overdue.later(at("2026-06-10 22:30"))
    assert "未按时销假" in told(overdue, "韩老师"), "the rules' own step comes all the same"
    overdue.say("李雷", "", "我的")
    assert "联系不上" not in overdue.text()


def test_it_keeps_the_alarm_for_everybody_else(overdue: Stage) -> None:
    overdue.say("韩梅梅", "", "联系不上李雷")
    assert "已经通知值班的心理老师" in overdue.text(), "before the notice nobody was asked to look"
    overdue.later(at("2026-06-10 20:30"))
    for words in ("联系不上林涛", "联系不上李雷，他昨天说不想活了"):
        overdue.say("韩梅梅", "", words)
        assert "心理老师" in overdue.text(), words
    overdue.say("林涛", "", "联系不上李雷")
    assert "已经通知值班的心理老师" in overdue.text()
    overdue.say("李雷", "", "销假")
    overdue.say("韩梅梅", "", "联系不上李雷")
    assert "已马上告诉" not in overdue.text()


@pytest.mark.parametrize(
    ("words", "unreached", "nobody"),
    [("联系不上李雷", True, False), ("打不通电话", True, True), ("联系不上，他说想死", False, False),
     ("李雷回来了", False, False), ("还是联系不上", True, True), ("can't reach him", True, True)],
)  # fmt: skip
def test_it_reads_who_cannot_be_reached(words: str, unreached: bool, nobody: bool) -> None:
    assert says_unreached(words) is unreached
    assert names_nobody(words) is nobody
