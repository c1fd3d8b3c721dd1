"""A second press of 拆分, 更正 and 回避 is answered with what was done; another deed, or a later one, is no second press."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from handlers import colleagues, deciding, staff, tickets
from handlers.talks import Talk
from handlers.turn import Turn
from models.message import Refused
from models.ticket import Ticket
from tests.builders import START, leave_answers, own_catalogue, person_of, turn_of

SECOND = timedelta(seconds=1)
BROKEN = {"what": "water", "where": "东园1号楼203", "detail": "漏水，另外宿舍的网也断了"}


def opened(session: Session, slug: str = "dorm-repair") -> Ticket:
    answers = leave_answers() if slug == "leave" else BROKEN
    return tickets.open_ticket(turn_of(session, "李雷"), own_catalogue().items[slug], answers)


def by(session: Session, name: str, seconds: int = 0) -> Turn:
    return turn_of(session, name, START + seconds * SECOND)


def decide(session: Session, ticket: Ticket, who: str, verb: str, rev: int, words: str, to: str, at: int = 0) -> None:
    deciding.decide(by(session, who, at), ticket.number, verb, rev, words, to)


@pytest.mark.parametrize(
    ("slug", "who", "first", "verb", "words", "to", "other"),
    [
        ("dorm-repair", "后勤老师", "", "split", "宿舍断网了", "dorm-repair", ("灯也不亮", "dorm-repair")),
        ("leave", "韩老师", "refuse", "correct", "材料补齐了", "sign", ("还要证明", "ask")),
        ("dorm-repair", "后勤老师", "resolve", "correct", "学生说还在漏", "take", ("学生说还在漏", "")),
        ("dorm-repair", "后勤老师", "resolve", "correct", "明天上午来修", "reply.2", ("后天上午来修", "reply.2")),
        ("dorm-repair", "后勤老师", "note", "recuse", "是我亲戚", "p.后勤老师", ("别的原因", "p.后勤老师")),
        ("leave", "王书记", "note", "recuse", "有亲属关系", "p.韩老师", ("有亲属关系", "p.王书记")),
    ],
)
def test_it_knows_the_second_press_on_a_page(
    session: Session, slug: str, who: str, first: str, verb: str, words: str, to: str, other: tuple[str, str]
) -> None:
    ticket = opened(session, slug)
    if first:
        deciding.decide(by(session, who), ticket.number, first, ticket.rev, "先写一句")
    seen = ticket.rev

    def whom(to: str) -> str:
        return f"p.{person_of(session, to[2:]).id}" if to.startswith("p.") else to

    decide(session, ticket, who, verb, seen, words, whom(to), 5)
    after = ticket.rev
    with pytest.raises(deciding.Repeated) as again:
        decide(session, ticket, who, verb, seen, words, whom(to), 20)
    assert (again.value.ticket.id, ticket.rev) == (ticket.id, after)
    for late, (said, target) in ((20, other), (90, (words, to))):
        with pytest.raises((deciding.Stale, Refused)):
            decide(session, ticket, who, verb, seen, said, whom(target), late)
    assert ticket.rev == after


def test_it_takes_the_press_of_somebody_else_for_no_second_one(session: Session) -> None:
    ticket = opened(session, "leave")
    seen = ticket.rev
    han = f"p.{person_of(session, '韩老师').id}"
    decide(session, ticket, "王书记", "recuse", seen, "有亲属关系", han, 5)
    with pytest.raises(deciding.Stale):
        decide(session, ticket, "学工部长", "recuse", seen, "有亲属关系", han, 6)


def test_it_answers_second_presses_in_chat_with_what_was_done(session: Session) -> None:
    ticket = opened(session)
    talk = Talk()
    one = staff.act(by(session, "后勤老师"), talk, ticket, "split", "宿舍报修 宿舍断网了")
    made = tickets.last_of(by(session, "后勤老师"), ticket)[0].words
    assert made in one[0].text
    for replies in (
        staff.act(by(session, "后勤老师", 5), Talk(), ticket, "split", "宿舍报修 宿舍断网了"),
        colleagues.press(by(session, "后勤老师", 5), Talk(), ticket, "x", "dorm-repair"),
    ):
        assert f"已经从 {ticket.number} 拆出了 {made}" in replies[0].text
        assert [each.label for each in replies[0].choices] == ["撤销"]
    # What is taken back, or meant anew by the verb, is no second press.
    asked = Talk()
    staff.act(by(session, "后勤老师", 6), asked, ticket, "split")
    assert (
        "宿舍断网了" not in colleagues.press(by(session, "后勤老师", 7), asked, ticket, "x", "dorm-repair")[0].text[:12]
    )
    assert asked.order is not None
    tickets.undo(by(session, "后勤老师", 8), ticket)
    again = staff.act(by(session, "后勤老师", 9), Talk(), ticket, "split", "宿舍报修 宿舍断网了")
    assert made not in again[0].text


def test_it_answers_a_second_correction_in_chat(session: Session) -> None:
    ticket = opened(session)
    staff.act(by(session, "后勤老师"), Talk(), ticket, "resolve", "修好了")
    staff.act(by(session, "后勤老师", 5), Talk(), ticket, "correct", "重新办理 学生说还在漏")
    rev = ticket.rev
    for replies in (
        staff.act(by(session, "后勤老师", 9), Talk(), ticket, "correct", "重新办理 学生说还在漏"),
        colleagues.press(by(session, "后勤老师", 9), Talk(), ticket, "c", "take"),
    ):
        assert "刚才已经更正过了" in replies[0].text
    assert ticket.rev == rev


def test_it_tells_whoever_kept_themselves_out_that_it_is_done(session: Session) -> None:
    ticket = opened(session)
    staff.act(by(session, "后勤老师"), Talk(), ticket, "recuse", f"{person_of(session, '后勤老师').number} 是我亲戚")
    for late, key in ((5, "ticket.recused_self"), (90, "ticket.not_found")):
        with pytest.raises(Refused) as refused:
            staff.turn_to(by(session, "后勤老师", late), Talk(), ticket, "recuse", "后勤老师")
        assert refused.value.key == key
        with pytest.raises(Refused) as other:
            staff.turn_to(by(session, "后勤老师", late), Talk(), ticket, "reply", "再看看")
        assert other.value.key == "ticket.not_found"
        assert ("后勤老师已经回避了" in staff.refusal(by(session, "后勤老师"), refused.value)) is (late == 5)
