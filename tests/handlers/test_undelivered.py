"""A message that fails for good goes on another way, once, and whoever wrote it hears."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from handlers import tickets, undelivered
from models import sending
from models.db import seal_of
from models.outbox import Delivery, Lane, Outbox
from models.sending import Outcome
from tests import builders
from tests.builders import CAST, RICH
from tests.faraway import FAR, Abroad
from tests.handlers import failing
from tests.handlers.failing import BLOCKED, WORDS, ask, bind, carry, told, verb, write


@pytest.fixture
def stage(database_url: str) -> Iterator[Abroad]:
    with failing.handed_in(database_url) as made:
        yield made


def test_it_goes_on_to_the_web_page_once_and_whole(stage: Abroad) -> None:
    stage.on(FAR, "韩老师", f"退回 QJ-2606-0001 {WORDS}")
    (failed,) = carry(stage, FAR, BLOCKED)
    (page,) = told(stage, "李雷", RICH)
    assert f"韩老师请你补充（QJ-2606-0001）：{WORDS}" in page  # The page may say what the far channel may not.
    assert "[补充]" in page
    for _ in range(2):
        stage.database.run(lambda session: undelivered.hear(session, stage.school, [failed], stage.now))
    assert len(told(stage, "李雷", RICH)) == 1


def test_it_goes_on_whoever_else_hears_of_the_event(stage: Abroad) -> None:
    """A transfer is told to whoever had it and to its owner, too, which kept the student's own message from going on."""
    ask(stage)
    verb(stage, "韩老师", tickets.transfer, "王书记")
    carry(stage, FAR, BLOCKED)
    assert len(told(stage, "李雷", RICH)) == 1


def test_it_goes_on_to_nobody_who_is_kept_out_by_then(stage: Abroad) -> None:
    ask(stage)
    verb(stage, "李雷", tickets.add, "我的电话换了")
    verb(stage, "王书记", tickets.recuse, "韩老师")
    carry(stage, FAR, {CAST["韩老师"].number: "blocked"})
    assert told(stage, "韩老师", RICH) == []


def test_it_tells_whoever_wrote_it_once(stage: Abroad) -> None:
    stage.on(FAR, "韩老师", f"退回 QJ-2606-0001 {WORDS}")
    (failed,) = carry(stage, FAR, BLOCKED)
    stage.database.run(lambda session: undelivered.hear(session, stage.school, [failed], stage.now))
    said = [words for words in told(stage, "韩老师", FAR) if "没有在 Telegram 送到" in words]
    assert len(said) == 1
    assert "QJ-2606-0001：给对方的消息没有在 Telegram 送到，因为对方停用了机器人；已放到网页上" in said[0]
    assert "李雷" not in said[0]
    assert "[详情]" in said[0]
    timeline = stage.on(RICH, "韩老师", "查看 QJ-2606-0001")
    assert "没有送到：对方停用了机器人，已转网页，等对方打开网页" in timeline


def test_it_says_that_nobody_knows_and_lays_it_on_the_page(stage: Abroad) -> None:
    """A reply that twice got no answer was reported as not delivered after twelve copies."""
    stage.on(FAR, "韩老师", f"退回 QJ-2606-0001 {WORDS}")
    row = stage.database.read(
        lambda session: session.execute(
            select(Outbox.id).where(Outbox.bot == FAR, Outbox.status == Delivery.ready, Outbox.event_rev.is_not(None))
        ).scalar_one()
    )

    def unit(session: Session) -> None:
        fence = sending.lease(session, FAR, "a courier", stage.now, 60)
        assert fence is not None
        for _ in range(2):
            claims = sending.claim(session, FAR, fence, stage.now, 50, per_second=1e9)
            outcomes = [Outcome(each.id, "unknown" if each.id == row else "sent", "timeout") for each in claims]
            failed = sending.settle(session, FAR, fence, outcomes, stage.now)
            stage.now += timedelta(seconds=10)
        assert failed == [row]
        undelivered.hear(session, stage.school, failed, stage.now)

    stage.database.run(unit)
    carry(stage, FAR)
    assert WORDS in told(stage, "李雷", RICH)[0]
    (said,) = [words for words in told(stage, "韩老师", FAR) if "不知道" in words]
    assert "不知道给对方的消息在 Telegram 是否送到，平台没有回音；已放到网页上" in said
    timeline = stage.on(RICH, "韩老师", "查看 QJ-2606-0001")
    assert "不知道是否送到，等人工确认，已转网页，等对方打开网页" in timeline


def test_it_tries_every_account_once_and_ends_on_the_page(stage: Abroad) -> None:
    bind(stage, "李雷", "wechat")
    stage.on(FAR, "韩老师", f"回复 QJ-2606-0001 {WORDS}")
    carry(stage, FAR, BLOCKED)
    assert WORDS in told(stage, "李雷", "wechat")[0]
    assert told(stage, "李雷", RICH) == []
    carry(stage, "wechat", {CAST["李雷"].number: "gone"})
    carry(stage, FAR, BLOCKED)
    assert len(told(stage, "李雷", "wechat")) == 1
    (page,) = told(stage, "李雷", RICH)
    assert WORDS in page
    said = [words for words in told(stage, "韩老师", FAR) if "没有在" in words]
    assert ["已改发到微信" in said[0], "已放到网页上" in said[1], len(said)] == [True, True, 2]


def test_it_has_no_second_way_to_an_unbound_account(stage: Abroad) -> None:
    stage.on(FAR, "stranger", "找老师")
    stage.on(FAR, "stranger", "请问怎么转专业")
    carry(stage, FAR)
    before = stage.amount(Outbox)
    stage.on(FAR, "学工部长", "回复 ZX-2606-0001 请到办公室来")
    carry(stage, FAR, {"stranger": "deactivated"})
    said = "".join(told(stage, "学工部长", FAR))
    assert "因为对方的账号已注销，也没有别的渠道可发" in said
    assert stage.amount(Outbox) > before


def test_it_gives_the_number_to_whoever_has_a_duty_for_the_student_and_not_abroad(stage: Abroad) -> None:
    def unit(session: Session) -> None:
        person = builders.person_of(session, "李雷")
        person.phone = seal_of(session).close(f"person.phone:{person.id}", "13800001111")

    stage.database.run(unit)
    stage.on(FAR, "韩老师", f"回复 QJ-2606-0001 {WORDS}")
    carry(stage, FAR, BLOCKED)
    assert "13800001111" not in "".join(told(stage, "韩老师", FAR))
    stage.on(FAR, "李雷", "你好")
    stage.on(RICH, "韩老师", "回复 QJ-2606-0001 第二句")
    carry(stage, FAR, BLOCKED)
    assert "着急的话请打电话：13800001111。" in told(stage, "韩老师", RICH)[-1]
    stage.on(FAR, "李雷", "我不想活了")
    carry(stage, FAR)
    stage.on(RICH, "心理老师", "回复 JJ-2606-0001 我在")
    carry(stage, FAR, BLOCKED)
    said = told(stage, "心理老师", RICH)[-1]
    assert "着急的话请直接联系本人" in said
    assert "13800001111" not in said


def test_it_keeps_the_lane_and_begins_with_the_most_urgent(stage: Abroad) -> None:
    stage.on(FAR, "李雷", "我不想活了")
    carry(stage, FAR)
    stage.on(FAR, "韩老师", f"回复 QJ-2606-0001 {WORDS}")
    stage.on(FAR, "心理老师", "回复 JJ-2606-0001 我在")
    failed = carry(stage, FAR, BLOCKED)
    assert len(failed) == 2
    rows = stage.database.read(
        lambda session: session.execute(
            select(Outbox.lane).where(Outbox.bot == RICH).order_by(Outbox.seq)
        ).scalars().all()
    )  # fmt: skip
    assert list(rows) == [Lane.crisis, Lane.interactive]


def test_it_sends_nothing_abroad_that_was_not_written_for_it(stage: Abroad) -> None:
    bind(stage, "李雷", "wechat")
    write(stage, "李雷", "wechat", "给微信的话")
    before = len(told(stage, "李雷", FAR))
    carry(stage, "wechat", {CAST["李雷"].number: "gone"})
    assert len(told(stage, "李雷", FAR)) == before
    key = stage.database.read(
        lambda session: session.execute(select(Outbox.bot).where(Outbox.dedupe_key == "给微信的话:webchat")).scalar()
    )
    assert key == RICH


def test_it_is_not_held_up_by_one_that_cannot_be_read(stage: Abroad) -> None:
    broken, good = write(stage, "李雷", FAR, "第一句"), write(stage, "李雷", FAR, "第二句")

    def unit(session: Session) -> None:
        session.execute(update(Outbox).where(Outbox.id.in_((broken, good))).values(status=Delivery.failed))
        session.execute(update(Outbox).where(Outbox.id == broken).values(body=b"broken"))
        undelivered.hear(session, stage.school, [broken, good], stage.now)

    stage.database.run(unit)
    assert told(stage, "李雷", RICH) == ["第二句\n"]


def test_it_says_nothing_to_staff_of_what_they_did_not_write(stage: Abroad) -> None:
    stage.now += timedelta(days=3)
    stage.later(stage.now)  # Reminders and escalations of the bot itself.
    assert carry(stage, FAR, BLOCKED)
    assert "没有在 Telegram 送到" not in "".join(told(stage, "韩老师", FAR))
    assert told(stage, "李雷", RICH)
