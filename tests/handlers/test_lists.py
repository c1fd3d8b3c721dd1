"""Lists: right totals, pages, deadlines first, what is late, and what a verb fits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from handlers import desk, lists, student, tickets
from handlers.talks import Talk
from models.message import Incoming
from models.ticket import Ticket
from tests.builders import RICH, START, at, leave_answers, own_catalogue, turn_of

ITEMS = own_catalogue().items
REPAIR = {"what": "power", "where": "203", "detail": "灯"}


def leave(session: Session, when: str = "2026-06-10 09:00", by: str = "李雷", days: float = 1.5) -> Ticket:
    return tickets.open_ticket(turn_of(session, by, at(when)), ITEMS["leave"], leave_answers(days=days))


def numbers(text: str, found: list[Ticket]) -> list[str]:
    """The numbers of these tickets in the order in which the text names them."""
    return sorted((each.number for each in found if each.number in text), key=text.index)


def press(session: Session, name: str, send: str) -> str:
    said = desk.command(turn_of(session, name), Talk(), send.split(":")[1], Incoming(RICH, "x", "k", START, press=send))
    assert said is not None
    return said[0].text


def test_it_lists_the_oldest_deadline_first_in_pages_with_the_true_total(session: Session) -> None:
    made = [leave(session, f"2026-06-10 09:{59 - minute:02d}") for minute in range(11)]
    turn = turn_of(session, "韩老师", at("2026-06-10 10:00"))
    first = lists.waiting(turn)
    assert "11 件" in first.text
    assert numbers(first.text, made) == [ticket.number for ticket in reversed(made)][: lists.PAGE]
    way = next(choice for choice in first.choices if choice.label == "下一页")
    second = press(session, "韩老师", way.send)
    assert numbers(second, made) == [ticket.number for ticket in reversed(made)][lists.PAGE :]
    assert "第 9–11 件，共 11 件" in second
    assert numbers(press(session, "韩老师", "w:waiting:99999"), made) == numbers(first.text, made)


def test_it_goes_on_with_the_list_by_the_word_more(session: Session) -> None:
    for _ in range(9):
        leave(session)
    turn = turn_of(session, "李雷")
    (first,) = student.mine(turn)
    assert "9 件" in first.text
    assert turn.account is not None
    turn.account.offered = [[choice.label, choice.words, choice.send] for choice in first.choices]
    (second,) = desk.more(turn)
    assert "第 9–9 件，共 9 件" in second.text
    turn.account.offered = []
    assert "后面没有了" in desk.more(turn)[0].text


def test_it_marks_what_is_late_for_staff_and_in_gentler_words_for_the_student(session: Session) -> None:
    leave(session)
    leave(session)
    late = at("2026-06-10 18:00")
    assert "已超时 3小时" in lists.waiting(turn_of(session, "韩老师", late)).text
    (mine,) = student.mine(turn_of(session, "李雷", late))
    assert "答复晚了 3小时" in mine.text
    assert "超时" not in mine.text


def test_it_counts_apart_what_waits_for_students(session: Session) -> None:
    asked, approved, new = leave(session), leave(session, by="韩梅梅"), leave(session)
    tickets.ask(turn_of(session, "韩老师"), asked, "补病历")
    tickets.sign(turn_of(session, "韩老师"), approved)
    todo = lists.waiting(turn_of(session, "韩老师"))
    assert "1 件" in todo.text
    assert "另有 2 件等学生" in todo.text
    assert numbers(todo.text, [asked, approved, new]) == [new.number]
    others = press(session, "韩老师", "w:theirs:0")
    assert set(numbers(others, [asked, approved, new])) == {asked.number, approved.number}


def test_it_takes_a_late_return_for_work_of_staff_again(session: Session) -> None:
    ticket = leave(session)
    tickets.sign(turn_of(session, "韩老师"), ticket)
    assert ticket.back_at is not None
    said = lists.waiting(turn_of(session, "韩老师", ticket.back_at + timedelta(hours=5))).text
    assert ticket.number in said
    assert "过了返校时间 5小时" in said


def test_it_offers_a_verb_for_what_it_fits_only(session: Session) -> None:
    open_, approved = leave(session), leave(session, by="韩梅梅")
    tickets.sign(turn_of(session, "韩老师"), approved)
    question = tickets.open_ticket(turn_of(session, "李雷"), ITEMS["consult"], {"words": "问一下"})
    signed = leave(session, days=5)
    tickets.sign(turn_of(session, "韩老师"), signed)
    found = [open_, approved, question, signed]
    turn = turn_of(session, "韩老师")
    assert numbers(lists.fitting(turn, "sign").text, found) == [open_.number]
    assert numbers(lists.fitting(turn, "resolve").text, found) == [question.number]
    assert "没有可以「接单」的事" not in lists.fitting(turn, "take").text
    label = lists.fitting(turn, "sign").choices[0].label
    assert label == f"同意 {open_.number} 李雷 6月11日（周四）14:00 → 6月12日（周五）22:00"


def test_it_finds_a_matter_by_the_end_of_its_number_only_where_one_has_it(session: Session) -> None:
    ticket = leave(session)
    turn = turn_of(session, "韩老师")
    found = lists.by_tail(turn, "0001")
    assert found is not None
    assert found.id == ticket.id
    assert lists.by_tail(turn_of(session, "方老师"), "0001") is None
    tickets.open_ticket(turn_of(session, "李雷"), ITEMS["consult"], {"words": "问一下"})
    assert lists.by_tail(turn, "0001") is None


@pytest.mark.parametrize("send", ["w:waiting:x", "w:nobody:8", "w:pick:fly:0", "w:waiting:999999999"])
def test_it_knows_no_page_that_no_list_wrote(session: Session, send: str) -> None:
    assert desk.page(turn_of(session, "韩老师"), send) is None
    assert desk.page(turn_of(session, "李雷"), "w:waiting:8") is None
