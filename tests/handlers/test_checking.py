"""Checklists (清单): which a ticket gets, who ticks them, what has to be done before the end, and what two do at once."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import checklists, notices, sorting, tickets
from handlers.catalogue import Catalogue, made
from handlers.talks import Talk
from handlers.turn import School
from handlers.understand.orders import is_order, read_order
from handlers.views import ticket_aside
from models.checklist import CheckLine
from models.message import Refused
from models.ticket import Event, Status, Ticket
from tests.builders import START, make_school, own_catalogue, person_of, turn_of
from tests.handlers.ruling import FORM

LIST = {
    "name": "水管",
    "lines": ["关阀门", {"zh": "看现场", "en": "Look at it", "required": True}, {"zh": "拍照", "required": True}],
}


def opened(
    session: Session, *lists: dict[str, Any], school: School | None = None, **more: Any
) -> tuple[Ticket, School]:
    item = made(
        "dorm-repair", {**own_catalogue().items["dorm-repair"].body(), "when": (), "checklist": list(lists), **more}
    )
    here = school or make_school(Catalogue([item]))
    here.catalogue.record(session, START)
    session.flush()
    return tickets.open_ticket(turn_of(session, "李雷", school=here), here.catalogue.items["dorm-repair"], FORM), here


def marks(session: Session, ticket: Ticket, school: School) -> list[tuple[str, bool]]:
    return [(each.words, each.done) for each in checklists.lines(turn_of(session, "后勤老师", school=school), ticket)]


def last(session: Session, ticket: Ticket) -> Event:
    return session.execute(
        select(Event).where(Event.ticket_id == ticket.id).order_by(Event.rev.desc()).limit(1)
    ).scalar_one()


def test_it_gives_a_new_ticket_the_lists_that_fit_its_answers(session: Session) -> None:
    power = {"name": "电", "lines": ["断电"], "when": {"field": "what", "one_of": ["power"]}}
    later = {"name": "验收", "lines": ["签字"], "by_rule": True}
    ticket, school = opened(session, LIST, power, later)
    assert marks(session, ticket, school) == [("关阀门", False), ("看现场", False), ("拍照", False)]
    english = checklists.lines(turn_of(session, "后勤老师", school=school, lang="en"), ticket)
    assert [each.words for each in english] == ["关阀门", "Look at it", "拍照"]
    assert [each.required for each in english] == [False, True, True]


@pytest.mark.parametrize(
    ("words", "done"),
    [
        ("1", {1}),
        ("1 3", {1, 3}),
        ("1、2", {1, 2}),
        ("第2项", {2}),
        ("看现场", {2}),
        ("现场", {2}),
        ("全部", {1, 2, 3}),
        ("all", {1, 2, 3}),
    ],
)
def test_it_ticks_what_words_name_and_says_who_and_when(session: Session, words: str, done: set[int]) -> None:
    ticket, school = opened(session, LIST)
    officer = turn_of(session, "后勤老师", school=school)
    tickets.tick(officer, ticket, words)
    shown = checklists.lines(officer, ticket)
    assert {each.place for each in shown if each.done} == done
    assert {each.by for each in shown if each.done} == {"后勤老师"}
    event = last(session, ticket)
    assert (event.kind, event.audience, event.by_id) == ("ticked", "staff", person_of(session, "后勤老师").id)
    assert "看现场" not in notices.timeline(
        turn_of(session, "李雷"), ticket, tickets.events_of(officer, ticket), staff=False
    )


@pytest.mark.parametrize("words", ["4", "0", "", "场地", "1 9", "🙂", "1" * 40])
def test_it_refuses_a_line_that_there_is_not(session: Session, words: str) -> None:
    ticket, school = opened(session, LIST)
    with pytest.raises(Refused) as refused:
        tickets.tick(turn_of(session, "后勤老师", school=school), ticket, words)
    assert refused.value.key == "checks.which"


def test_it_names_who_was_quicker_and_takes_a_tick_back(session: Session) -> None:
    ticket, school = opened(session, LIST)
    tickets.tick(turn_of(session, "后勤老师", school=school), ticket, "1")
    head = turn_of(session, "学工部长", school=school)
    with pytest.raises(Refused) as refused:
        tickets.tick(head, ticket, "1")
    assert (refused.value.key, refused.value.values["name"]) == ("checks.ticked_by", "后勤老师")
    tickets.untick(head, ticket, "1")
    assert marks(session, ticket, school)[0] == ("关阀门", False)
    assert last(session, ticket).kind == "unticked"
    with pytest.raises(Refused):
        tickets.untick(head, ticket, "1")
    with pytest.raises(Refused):  # Whoever cannot reach the matter has no list of it.
        tickets.tick(turn_of(session, "方老师", school=school), ticket, "1")


def test_it_ends_nothing_before_what_is_needed_is_done(session: Session) -> None:
    ticket, school = opened(session, LIST)
    officer = turn_of(session, "后勤老师", school=school)
    with pytest.raises(Refused) as refused:
        tickets.resolve(officer, ticket, "修好了")
    assert refused.value.values["lines"] == "2 看现场、3 拍照"
    with pytest.raises(Refused):  # Before its words are asked for, too.
        tickets.before(officer, ticket, "resolve")
    tickets.reply(officer, ticket, "下午来修")  # Words on the way, and no end of it.
    assert (last(session, ticket).kind, ticket.status) == ("replied", Status.in_progress)
    tickets.tick(officer, ticket, "2 3")
    tickets.resolve(officer, ticket, "修好了")
    assert ticket.status == Status.resolved
    tickets.tick(officer, ticket, "1")  # What is done after the end may be ticked, and nothing goes back.
    with pytest.raises(Refused):
        tickets.untick(officer, ticket, "2")
    with pytest.raises(Refused):
        tickets.add_line(officer, ticket, "回访")


def test_it_adds_a_line_by_hand_and_takes_only_such_a_one_away(session: Session) -> None:
    ticket, school = opened(session, LIST)
    officer = turn_of(session, "后勤老师", school=school)
    tickets.add_line(officer, ticket, "  打电话 给宿管 ")
    assert marks(session, ticket, school)[3] == ("打电话 给宿管", False)
    with pytest.raises(Refused) as refused:
        tickets.drop_line(officer, ticket, "1")
    assert refused.value.key == "checks.not_by_hand"
    with pytest.raises(Refused):
        tickets.add_line(officer, ticket, "长" * 101)
    tickets.drop_line(officer, ticket, "4")
    assert len(marks(session, ticket, school)) == 3
    bare, here = opened(session, school=make_school())
    with pytest.raises(Refused) as none:
        tickets.tick(turn_of(session, "后勤老师", school=here), bare, "1")
    assert none.value.key == "checks.none"
    tickets.add_line(turn_of(session, "后勤老师", school=here), bare, "看一下")
    assert marks(session, bare, here) == [("看一下", False)]


def test_it_seals_a_line_by_hand_where_the_ticket_is_sealed(session: Session) -> None:
    school = make_school()
    item = school.catalogue.items["youth-mailbox"]
    ticket = tickets.open_ticket(turn_of(session, "李雷", school=school), item, {"words": "食堂太贵"})
    member = turn_of(session, "团委老师", school=school)
    if not (ticket.private or any(field.sensitive for field in item.fields)):
        ticket.private = True
    tickets.add_line(member, ticket, "问食堂")
    row = session.execute(select(CheckLine)).scalar_one()
    assert (row.words, row.sealed is not None) == ("", True)
    assert [each.words for each in checklists.lines(member, ticket)] == ["问食堂"]


def test_it_is_added_by_a_rule_once(session: Session) -> None:
    check = {"name": "验收", "lines": ["签字"], "by_rule": True}
    rule = {"name": "催了就查", "on": "urged", "then": {"checklist": "验收"}}
    ticket, school = opened(session, check, when=[rule])
    for day in ("11", "15"):
        now = START.replace(day=int(day))
        tickets.urge(turn_of(session, "李雷", now, school=school), ticket)
    assert marks(session, ticket, school) == [("签字", False)]


def test_it_lists_ticks_and_goes_back_in_chat(session: Session) -> None:
    ticket, school = opened(session, LIST)
    officer, talk = turn_of(session, "后勤老师", school=school), Talk()
    (asked,) = sorting.act(officer, talk, ticket, "tick", "")
    assert "☐ 2 看现场（办结前必做）" in asked.text
    assert [each.send for each in asked.choices][:3] == [f"h:{ticket.id}:k:{place}" for place in (1, 2, 3)]
    (done,) = sorting.press_line(officer, talk, ticket, "2")
    assert done.text.startswith("已勾选，清单 1/3")
    assert done.choices[-1].send == f"h:{ticket.id}:k:-2"
    (back,) = sorting.press_line(officer, talk, ticket, "-2")
    assert "清单 0/3" in back.text
    (added,) = sorting.act(officer, talk, ticket, "line", "问宿管")
    assert "☐ 4 问宿管" in added.text
    (ready,) = sorting.act(officer, talk, ticket, "tick", "2 3")
    assert "可以办结" in ready.text
    aside = ticket_aside.of(officer, ticket)
    assert (aside.progress, [each.place for each in aside.checks if each.done]) == ("2/4", [2, 3])
    with pytest.raises(Refused):
        sorting.press_line(officer, talk, ticket, "x")


@pytest.mark.parametrize(
    ("words", "verb", "rest"),
    [("清单 BX-2606-0001 1 3", "tick", "1 3"), ("BX-2606-0001 清单", "tick", ""), ("勾选 BX-2606-0001 2", "tick", "2"),
     ("取消勾选 BX-2606-0001 2", "untick", "2"), ("清单加 BX-2606-0001 打电话", "line", "打电话"),
     ("清单去掉 BX-2606-0001 4", "unline", "4"), ("tick BX-2606-0001 1", "tick", "1")],
)  # fmt: skip
def test_it_reads_orders_of_staff(words: str, verb: str, rest: str) -> None:
    order = read_order(words)
    assert order is not None
    assert (order.verb, order.number, order.words) == (verb, "BX-2606-0001", rest)
    assert not is_order("清单什么时候发")


@pytest.mark.parametrize(
    ("more", "named"),
    [({"checklist": [LIST, LIST]}, "item_checklist_twice"),
     ({"checklist": [{**LIST, "when": {"field": "colour", "one_of": ["x"]}}]}, "item_when_field"),
     ({"checklist": [LIST], "approval": [{"role": "officer"}], "route": []}, "item_checklist_end"),
     ({"checklist": [{"name": "空", "lines": []}]}, "too_short"),
     ({"when": [{"name": "加", "on": "opened", "then": {"checklist": "没有"}}]}, "item_rule_checklist")],
)  # fmt: skip
def test_it_refuses_lists_that_do_not_fit(more: dict[str, Any], named: str) -> None:
    body = {**own_catalogue().items["dorm-repair"].body(), **more}
    with pytest.raises(ValidationError) as wrong:
        made("dorm-repair", body)
    assert named in {each["type"] for each in wrong.value.errors()}
