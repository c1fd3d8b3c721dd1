"""The first contact: what a number, a label, an old button and a forged one do; a refusal leaves no trace."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import render
from handlers import directory, intake, picking, talks, tickets
from handlers.files import record_file
from handlers.talks import Draft, Talk
from handlers.understand.language import has_chinese
from models.message import Incoming, Refused, Reply, Upload
from models.outbox import Attachment
from models.ticket import Ticket
from tests.builders import RICH, START, leave_answers, own_catalogue, turn_of, undone

KEYS = count()
LEAVE = own_catalogue().items["leave"]


def say(
    session: Session, who: str, words: str = "", press: str = "", hint: str = "", **more: Any
) -> tuple[Reply, ...]:  # fmt: skip
    turn = turn_of(session, who)
    incoming = Incoming(
        RICH, turn.person.number if turn.person else "", f"k{next(KEYS)}", START, words, press, hint=hint, **more
    )
    replies = intake.answer(turn, incoming)
    session.flush()
    if turn.account is not None:
        directory.end(session, turn.account, START)  # As the door does after every turn.
    return replies


def shown(replies: tuple[Reply, ...]) -> str:
    return render.plain(replies, "zh")


def sent(replies: tuple[Reply, ...], label: str) -> str:
    return next(choice.send for choice in render.pressable(replies) if choice.label == label)


def test_it_keeps_the_first_messages_language(session: Session) -> None:
    assert "What kind of leave" in shown(say(session, "韩梅梅", "I need leave"))
    assert "What kind of leave" in shown(say(session, "韩梅梅", "请假"))
    assert "请的是什么假" in shown(say(session, "李雷", "请假"))


@pytest.mark.parametrize(("words", "hint", "english"), [
    ("QQ", "zh", False), ("leave", "zh", False), ("ok", "en", True), ("1", "en", True), ("ok", "", True),
    ("请假", "en", False), ("I would like to ask for leave", "zh", True), ("I want to die", "zh", True),
])  # fmt: skip
def test_it_trusts_the_platform_rather_than_a_few_letters(
    session: Session, words: str, hint: str, english: bool
) -> None:
    assert has_chinese(shown(say(session, "李雷", words, hint=hint))[:8]) is not english


def test_it_keeps_all_of_a_message_when_words_count_as_a_button(session: Session) -> None:
    upload = Upload("f" * 26, "a.png", "image/png", 3)
    incoming = Incoming(
        RICH, "1", "k", START, "1", quoted="7", pressed="8", unread="voice", file=upload, more=(upload,)
    )
    turn = turn_of(session, "李雷")
    assert turn.account is not None
    turn.account.offered = [["1", "", "w:menu"]]
    assert picking.picked(turn, incoming) == replace(incoming, press="w:menu")


@pytest.mark.parametrize(
    ("words", "press"),
    [
        ("是", "h:1:s:2"), ("确认", "h:1:s:2"), ("好的", "h:1:s:2"), ("是同一件", "h:1:s:2"), ("是同一件，合并", "h:1:s:2"),
        ("是同一件,合并。", "h:1:s:2"), ("不是", "w:cancel"), ("取消", "w:cancel"), ("BX-2606-0001", ""), ("是另一件", ""),
    ],
)  # fmt: skip
def test_it_takes_a_yes_a_no_and_the_beginning_of_a_label_for_its_button(
    session: Session, words: str, press: str
) -> None:
    turn = turn_of(session, "后勤老师")
    assert turn.account is not None
    turn.account.offered = [["是同一件，合并", "确认", "h:1:s:2"], ["取消", "取消", "w:cancel"]]
    assert picking.picked(turn, Incoming(RICH, "T005", "k", START, words)).press == press


@pytest.mark.parametrize(("kind", "said"), [("voice", "这种消息我读不了"), ("sticker", "这种消息我读不了"),
                                            ("edited", "请把它再发一次")])  # fmt: skip
def test_it_says_what_it_can_read_and_asks_once_more(session: Session, kind: str, said: str) -> None:
    assert said in shown(say(session, "李雷", unread=kind))
    say(session, "李雷", "请假")
    answer = say(session, "李雷", unread=kind)
    assert (said in shown(answer), "请的是什么假" in shown(answer)) == (True, True)
    assert "第 2 步" in shown(say(session, "李雷", "病假"))


def test_it_keeps_every_file_of_a_message(session: Session) -> None:
    first, second = (Upload(letter * 26, f"{letter}.png", "image/png", 3) for letter in "ab")
    say(session, "李雷", "明天下午请病假去看病，不离校")
    say(session, "李雷", "提交")
    ticket = session.execute(select(Ticket)).scalar_one()
    account = turn_of(session, "李雷").account
    assert account is not None
    for each in (first, second):
        record_file(session, each, "", account.id, 9, START)
    say(session, "李雷", "挂号单", quote=ticket.number, file=first, more=(second,))
    assert "挂号单 （文件：a.png、b.png，见「详情」）" in shown(say(session, "李雷", f"详情 {ticket.number}"))
    kept = session.execute(select(Attachment.name).where(Attachment.ticket_id == ticket.id).order_by(Attachment.name))
    assert list(kept.scalars()) == ["a.png", "b.png"]


def test_it_takes_the_platforms_language_for_a_press_before_any_word(session: Session) -> None:
    assert "What do you need" in shown(say(session, "李雷", press="w:menu", hint="en"))


@pytest.mark.parametrize(("words", "taken"), [("1", True), ("１", True), ("病假", True), ("3", True), ("10", False),
                                              ("0", False), ("①", True), ("01", True)])  # fmt: skip
def test_it_takes_a_number_or_label_for_what_was_offered(session: Session, words: str, taken: bool) -> None:
    say(session, "李雷", "请假")
    assert ("第 2 步" in shown(say(session, "李雷", words))) == taken


def test_it_keeps_an_offer_for_one_turn(session: Session) -> None:
    first = say(session, "李雷", "请假")
    say(session, "李雷", "菜单")
    assert "已经失效" in shown(say(session, "李雷", press=sent(first, "病假")))


@pytest.mark.parametrize(
    "press",
    ["", "x", "f", "f:", "f:1", "f:1:o:99", "f:1:o:-1", "f:1:o:", "f:9999999999999999999:submit:", "f:1:field:nope", "f:1:__init__:",
     "f:²:o:0", "t:", "t:x", "t:00000000000000000000000000:sign:1", "t::::", "g:", "g:crisis", "g:consult", "g:nowhere",
     "c:", "c:x:safe", "w:", "w:nowhere", "w:submit", "😀", "f:1:o:0:0:0"],
)  # fmt: skip
def test_it_does_nothing_on_a_forged_button(session: Session, press: str) -> None:
    say(session, "李雷", "请假")
    replies = say(session, "李雷", "x", press=press) if press else say(session, "李雷", "。")
    assert replies
    assert shown(replies)
    assert session.execute(select(Ticket.id)).first() is None


def test_it_answers_for_a_foreign_ticket_as_for_none(session: Session) -> None:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), LEAVE, leave_answers())
    for who in ("韩梅梅", "方老师"):
        missing = shown(say(session, who, press="t:00000000000000000000000000:show:1"))
        for verb in ("show", "sign", "withdraw", "reply", "back", "helped", "nonsense"):
            assert shown(say(session, who, press=f"t:{ticket.id}:{verb}:{ticket.rev}")) == missing
    assert ticket.rev == 1


def test_it_does_nothing_on_a_verb_of_the_other_side(session: Session) -> None:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), LEAVE, leave_answers())
    for who, verb in (
        ("李雷", "sign"),
        ("李雷", "take"),
        ("韩老师", "withdraw"),
        ("韩老师", "helped"),
        ("韩老师", "__class__"),
    ):
        assert shown(say(session, who, press=f"t:{ticket.id}:{verb}:{ticket.rev}"))
        assert ticket.rev == 1, f"{who} {verb}"


def test_it_repeats_the_open_question_after_a_refusal(session: Session) -> None:
    say(session, "李雷", "请假")
    say(session, "李雷", "病假")
    said = shown(say(session, "李雷", "2月30日"))
    assert "没有这一天" in said
    assert "第 2 步" in said


def test_it_is_loud_about_a_refusal_after_a_change(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(turn: object, *_: object) -> tuple[Reply, ...]:
        session.add(Ticket(id="x" * 26))
        raise Refused("ticket.not_found")

    monkeypatch.setattr(intake, "_route", change)
    with pytest.raises(RuntimeError, match="after something had been changed"):
        intake.answer(turn_of(session, "李雷"), Incoming(RICH, "2023001", "k", START, "请假"))
    session.rollback()


def test_it_still_reads_what_an_older_version_kept(session: Session) -> None:
    old = Talk.model_validate(
        {"drafts": [{"service": "leave", "asking": "kind", "unheard_of": 1}], "rev": 3, "unknown": []}
    )
    assert old.draft == Draft(service="leave", asking="kind")
    turn = turn_of(session, "李雷")
    talks.save(turn, Talk(drafts=[Draft(service="gone", asking="x")], rev=1))
    session.flush()
    assert "刚刚下线" in shown(say(session, "李雷", "明天"))
    assert "请的是什么假" in shown(say(session, "李雷", "请假"))


def test_it_keeps_nothing_for_somebody_with_nothing_half_said(session: Session) -> None:
    say(session, "李雷", "你好")
    assert talks.load(turn_of(session, "李雷")).rev == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.text(max_size=30), st.sampled_from(
    ["请假", "1", "2", "返回", "修改", "取消", "菜单", "继续", "跳过", "确认", "找老师", "明天下午到后天晚上", "星期三下午", "报修",
     "重新开始", "我的", "销假", "English", "更多", "不要"])), max_size=8))  # fmt: skip
def test_it_never_comes_to_a_dead_end(session: Session, said: list[str]) -> None:
    with undone(session):
        for words in said:
            replies = say(session, "李雷", words)
            assert any(reply.text for reply in replies)
            assert all(len(choice.send.encode()) <= 64 for choice in render.pressable(replies))


def test_it_says_that_a_file_was_not_added_where_the_whole_is_shown(session: Session) -> None:
    say(session, "李雷", "明天下午2点到4点请病假，看牙医")
    assert "提交" in shown(say(session, "李雷", "不离校"))
    upload = Upload("0" * 26, "病历.pdf", "application/pdf", 9)
    said = shown(say(session, "李雷", file=upload))
    assert "这个文件没有加上" in said
    assert "修改" in said
    assert "看牙医" in said


def test_it_speaks_of_no_button_where_none_was_pressed(session: Session) -> None:
    said = shown(say(session, "李雷", press="f:999:submit:"))
    assert "已经失效" in said
    assert "按钮" not in said.split("\n")[0]
