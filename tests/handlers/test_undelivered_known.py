"""What is said of an account that is known to be closed, and of words that stayed at home."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from models.person import Account
from tests.builders import RICH
from tests.faraway import FAR, Abroad
from tests.handlers import failing
from tests.handlers.failing import BLOCKED, WORDS, account, bind, carry, close, told


@pytest.fixture
def stage(database_url: str) -> Iterator[Abroad]:
    with failing.handed_in(database_url) as made:
        yield made


def test_it_passes_over_a_closed_account_until_it_writes_again(stage: Abroad) -> None:
    stage.on(FAR, "韩老师", f"回复 QJ-2606-0001 {WORDS}")
    carry(stage, FAR, BLOCKED)
    assert account(stage, "李雷", FAR).closed == "blocked"
    before = len(told(stage, "李雷", FAR))
    stage.on(FAR, "韩老师", "回复 QJ-2606-0001 第二句")
    assert len(told(stage, "李雷", FAR)) == before
    assert "第二句" in told(stage, "李雷", RICH)[-1]
    stage.on(FAR, "李雷", "你好")
    assert account(stage, "李雷", FAR).closed == ""
    stage.on(FAR, "韩老师", "回复 QJ-2606-0001 第三句")
    assert len(told(stage, "李雷", FAR)) > before + 1


@pytest.mark.parametrize("order", [f"回复 QJ-2606-0001 {WORDS}", f"退回 QJ-2606-0001 {WORDS}", "同意 QJ-2606-0001"])
def test_it_says_at_once_that_a_known_block_leaves_the_page_only(stage: Abroad, order: str) -> None:
    close(stage, "李雷", FAR)
    echo = stage.on(FAR, "韩老师", order)
    assert "没能在 Telegram 通知到本人，因为对方停用了机器人；已放到网页上，等本人打开。" in echo
    assert "已通知" not in echo  # It stood beside that, and nothing was written where one only agrees.
    assert "着急的话" in echo
    timeline = stage.on(RICH, "韩老师", "查看 QJ-2606-0001")
    assert "没有送到：对方停用了机器人，已转网页，等对方打开网页" in timeline


def test_it_says_nothing_of_a_block_where_another_channel_takes_it(stage: Abroad) -> None:
    bind(stage, "李雷", "wechat")
    used = update(Account).where(Account.channel == "wechat").values(used_at=stage.now)
    stage.database.run(lambda session: session.execute(used).close())
    close(stage, "李雷", FAR)
    echo = stage.on(FAR, "韩老师", f"回复 QJ-2606-0001 {WORDS}")
    assert "没有在 Telegram 送到" not in echo
    assert WORDS in told(stage, "李雷", "wechat")[-1]


@pytest.mark.parametrize(("who", "number", "fate"), [
    ("韩老师", "QJ-2606-0001", "〔已通知，等对方打开网页看〕"),  # a leave keeps its words at home: a link went out
    ("心理老师", "JJ-2606-0001", "〔已送达 Telegram〕"),  # to somebody in distress the words themselves go
])  # fmt: skip
def test_it_does_not_call_words_delivered_that_stayed_at_home(stage: Abroad, who: str, number: str, fate: str) -> None:
    stage.on(FAR, "李雷", "我不想活了")
    stage.on(RICH, who, f"回复 {number} {WORDS}")
    carry(stage, FAR)
    timeline = stage.on(RICH, who, f"查看 {number}")
    assert next(line for line in timeline.splitlines() if WORDS in line).endswith(fate)
