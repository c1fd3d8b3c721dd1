"""Accounts that are given up: what stays, what goes, and who is nobody afterwards."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from handlers import directory, unbinding
from handlers.turn import Turn
from models.base import new_id
from models.message import Incoming
from models.meta import Audit, broken_link
from models.outbox import Outbox
from models.person import Account, Code, SignIn
from models.ticket import Ticket
from tests.builders import CAST, START, make_door, person_of
from tests.handlers import two_channels
from tests.handlers.two_channels import PUSH, Chat


@pytest.fixture
def chat(database_url: str) -> Iterator[Chat]:
    with two_channels.opened(database_url) as made:
        yield made


@pytest.mark.parametrize(
    ("ask", "do"), [("解绑", "确认解绑"), ("/unbind", "confirm unbind"), ("取消绑定", "w:unbind_now")]
)
def test_it_asks_once_and_then_the_account_is_nobodys(chat: Chat, ask: str, do: str) -> None:
    chat.bind("100", "李雷")
    chat.say("100", "我想请假")
    asked = chat.text("100", ask.lstrip("/"))
    assert "w:unbind_now" in asked
    assert chat.person_on("100")
    assert "已解绑" in (chat.text("100", press=do) if do.startswith("w:") else chat.text("100", do))
    assert chat.person_on("100") is None
    assert "李雷" not in chat.text("100", "我的")
    assert "Telegram" in chat.told("李雷")
    assert "请的是什么假" in chat.text("李雷", "继续")


def test_it_leaves_things_as_they_are_when_told_so(chat: Chat) -> None:
    chat.bind("100", "李雷")
    chat.say("100", "解绑")
    assert "没有解绑" in chat.text("100", "不解绑")
    assert chat.person_on("100")
    assert "不用解绑" in chat.text("300", "解绑")


def test_it_shows_nothing_of_the_person_to_whoever_has_the_account_next(chat: Chat) -> None:
    chat.bind("100", "李雷")
    chat.say("100", "找老师")
    chat.say("100", "李雷想问问补考的事")
    number = chat.one(select(Ticket.number))
    ticket = chat.one(select(Ticket.id))
    rev = chat.one(select(Ticket.rev))
    chat.say("100", "确认解绑")
    for words, press in (
        (f"详情 {number}", ""),
        (f"撤回 {number}", ""),
        ("我的", ""),
        ("", f"t:{ticket}:show:{rev}"),
        ("更多", ""),
        ("1", ""),
    ):
        answer = chat.text("100", words, press)
        assert "李雷" not in answer, words or press
        assert "补考" not in answer, words or press
    chat.bind("100", "韩梅梅")
    assert number not in chat.text("100", "我的")


def test_it_sends_later_notices_and_those_that_wait_to_the_other_account(chat: Chat) -> None:
    chat.bind("100", "李雷")
    chat.say("100", "找老师")
    chat.say("100", "我想问问补考的事")
    number = chat.one(select(Ticket.number))
    chat.say("韩老师", f"回复 {number} 明天来办公室")
    waits = chat.one(select(func.count()).select_from(Outbox).join(Account, Account.id == Outbox.account_id).where(
        Account.key == "100", Outbox.status == "ready"))  # fmt: skip
    assert waits == 1
    chat.told("李雷")
    chat.say("100", "确认解绑")
    assert "明天来办公室" in chat.told("李雷")
    chat.say("韩老师", f"回复 {number} 带上学生证")
    assert "带上学生证" in chat.told("李雷")
    assert chat.told("100") == ""


def test_it_takes_the_power_of_staff_at_once(chat: Chat) -> None:
    chat.say("李雷", "找老师")
    chat.say("李雷", "我想问问补考的事")
    number = chat.one(select(Ticket.number))
    chat.bind("100", "韩老师")
    assert number in chat.text("100", "待办")
    chat.say("100", f"退回补充 {number}")  # words are waited for
    chat.say("100", "确认解绑")
    for words in ("请补材料", f"接单 {number}", f"详情 {number}", "待办", "绑定码 2023001"):
        answer = chat.text("100", words)
        assert "李雷" not in answer, words
    assert chat.one(select(Ticket.status).where(Ticket.number == number)) == "new"


def test_it_takes_all_accounts_and_codes_from_whoever_got_in(chat: Chat) -> None:
    chat.bind("100", "李雷")
    chat.bind("200", "李雷")
    chat.code("李雷")
    chat.say("100", "解绑全部")
    assert "已解绑全部 3 个账号" in chat.text("100", "确认解绑全部")
    assert chat.person_on("100") is chat.person_on("200") is None
    assert chat.one(select(func.count()).select_from(Code)) == 0
    assert "已经解绑" in chat.told("200")
    assert "李雷" not in chat.text("李雷", "我的"), "on the web page nobody is known any more either"
    assert chat.database.read(broken_link) is None
    verbs = chat.database.read(lambda session: session.execute(select(Audit.verb)).scalars().all())
    assert verbs.count("bound") == 2
    assert verbs.count("unbound") == 3


def test_it_signs_the_browsers_out_and_keeps_the_page_of_ones_own(chat: Chat) -> None:
    def unit(session: Any) -> int:
        person = person_of(session, "韩梅梅")
        for account in session.execute(select(Account).where(Account.person_id == person.id)).scalars():
            account.person_id = None
        page = directory.address(session, person, START)
        session.add(SignIn(id="c" * 64, account_id=page.id, at=START, until_at=START + timedelta(days=1)))
        session.flush()
        return unbinding.take_away(Turn(session, chat.school, START, START), person)

    assert chat.database.run(unit) == 1
    assert chat.one(select(func.count()).select_from(SignIn)) == 0
    assert chat.one(select(func.count()).select_from(Account).where(Account.key == Account.person_id)) == 1


@pytest.mark.parametrize(("channel", "count", "bound"), [("telegram", 1, False), ("wechat", 0, True), ("", 2, False)])
def test_it_lets_an_operator_take_the_accounts_of_one_channel_or_all(
    chat: Chat, channel: str, count: int, bound: bool
) -> None:
    chat.bind("100", "李雷")
    taken = chat.database.run(
        lambda session: unbinding.take_away(
            Turn(session, chat.school, START, START), person_of(session, "李雷"), channel
        )
    )
    assert taken == count
    assert (chat.person_on("100") is not None) == bound


def test_it_says_nothing_of_a_student_to_somebody_unbound(chat: Chat) -> None:
    """Every command, order, press and code that there is, said by nobody known, after students had matters of theirs."""
    chat.say("李雷", "找老师")
    chat.say("李雷", "我想问问补考的事")
    chat.say("韩梅梅", "找老师")
    chat.say("韩梅梅", "宿舍太吵了")
    chat.now += timedelta(minutes=1)
    rows = chat.database.read(lambda session: session.execute(select(Ticket.id, Ticket.number, Ticket.rev)).all())
    words = [
        "你好", "菜单", "帮助", "我的", "进度", "值班", "谁值班", "待办", "queue", "mine", "duty", "leave", "depart",
        "complain", "help", "menu", "cancel", "undo", "unbind", "undo 1", "撤销", "继续", "更多", "返回", "重新开始", "解绑",
        "确认解绑", "解绑全部", "确认解绑全部", "不解绑", "绑定", "绑定码 2023001", "绑定 AAAA2222", "销假", "我想请假", "报修",
        "写信", "english", "找李雷", "李雷是谁", "2023001", "办结", "同意全部", "解决了", "没解决", "取消",
    ]  # fmt: skip
    presses = ["w:mine", "w:mine:0", "w:waiting:0", "w:theirs:0", "w:pick:sign:0", "w:duty", "w:unbind_now", "g:leave"]
    for ticket, number, rev in rows:
        verbs = (
            "同意",
            "不同意",
            "退回补充",
            "回复",
            "接单",
            "办结",
            "详情",
            "撤回",
            "撤销",
            "补充",
            "解决了",
            "代销假",
        )
        words += [f"{verb} {number}" for verb in verbs] + [number, number[-4:]]
        presses += [f"t:{ticket}:{verb}:{rev}" for verb in ("show", "sign", "withdraw", "reply", "undo", "take")]
    students = {role.name: role.number for role in CAST.values() if role.kind == "student"}
    for place, (said, press) in enumerate([(each, "") for each in words] + [("", each) for each in presses]):
        answer = chat.text(f"v{place}", said, press)
        for name, roster in students.items():
            assert name.replace(said, "") == "" or name not in answer or name in said, (said or press, answer)
            assert roster not in answer or roster in said, (said or press, answer)
        assert "补考" not in answer
        assert "太吵" not in answer
    assert chat.one(select(func.count()).select_from(Ticket).where(Ticket.requester_id.is_not(None))) == len(rows)


def test_it_helps_somebody_unbound_in_a_crisis_and_takes_a_question(chat: Chat) -> None:
    assert "12356" in chat.text("100", "我不想活了")
    chat.say("200", "找老师")
    assert "已转给" in chat.text("200", "新生什么时候报到")
    assert chat.one(select(func.count()).select_from(Ticket).where(Ticket.requester_id.is_(None))) == 2


def test_it_makes_ids_in_the_order_of_time() -> None:
    assert new_id(START) < new_id(START + timedelta(milliseconds=1))


# -- at once


def together(chat: Chat, *lines: tuple[str, str]) -> list[str]:
    """Several accounts speak at the same moment, as in several processes; what each is answered."""
    said = [""] * len(lines)
    gate = threading.Barrier(len(lines))

    def speak(place: int, account: str, words: str) -> None:
        door = make_door(chat.database, chat.school, lambda: chat.now)
        gate.wait()
        answer = asyncio.run(door.receive(Incoming(PUSH, account, f"at-once-{place}", chat.now, words)))
        said[place] = answer.replies[0].text

    threads = [threading.Thread(target=speak, args=(place, *line)) for place, line in enumerate(lines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


@pytest.mark.parametrize("words", ["我的", "确认解绑全部", "我想请假", "确认解绑"])
def test_it_lets_no_message_under_way_write_the_old_person_back(chat: Chat, words: str) -> None:
    chat.bind("100", "李雷")
    chat.bind("200", "李雷")
    first, second = together(chat, ("100", "确认解绑全部"), ("200", words))
    assert first
    assert second
    busy = "正好在说话" in first
    if not busy and "解绑" not in words:
        assert chat.person_on("100") is chat.person_on("200") is None
    chat.text("100", "确认解绑全部")
    chat.text("200", "确认解绑全部")
    assert chat.person_on("100") is chat.person_on("200") is None
    bound = select(func.count()).select_from(Account).where(Account.key.in_(("100", "200", CAST["李雷"].number)))
    assert chat.one(bound.where(Account.person_id.is_not(None))) == 0
