"""Nobody gets, decides, hears of or sees a matter that is about them, from its opening on (回避)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from handlers import alarms, cards, complaints, handing, lists, receivers, recusals, serving, tickets
from handlers.complaints import ABOUT
from handlers.form_about import readings
from handlers.form_about import told as told_of
from handlers.handing_in import hand_in
from handlers.turn import Turn
from models.grid import Duty, Shift
from models.message import Refused
from models.person import Person
from models.ticket import Event, Ticket
from tests.builders import START, add_duty, be_away, make_school, person_of, told, turn_of
from tests.handlers.recusing import ABOUT_HAN, ITEMS, name, opened, seen_by

CLASS, DAY = "/sl/cs/cs2301/", timedelta(days=1)


@pytest.fixture
def ticket(session: Session) -> Ticket:
    return opened(session)


def test_it_goes_to_the_next_one_up_and_is_seen_by_nobody_whom_it_is_about(session: Session, ticket: Ticket) -> None:
    assert name(session, ticket.assignee_id) == name(session, ticket.owner_id) == "王书记"
    assert recusals.of(turn_of(session, "李雷"), ticket) == {person_of(session, "韩老师").id}
    assert seen_by(session, "韩老师", ticket) == {False}
    assert seen_by(session, "王书记", ticket) == seen_by(session, "学工部长", ticket) == {True}
    assert told(session, "韩老师") == []
    assert lists.by_tail(turn_of(session, "韩老师"), ticket.number[-4:]) is None
    assert "韩老师" in "".join(cards.card(turn_of(session, "李雷"), ticket, staff=False).lines)


def test_it_is_as_before_where_nobody_is_complained_of(session: Session) -> None:
    for words in ("韩老师您好，我想问奖学金", "食堂太贵了，我要投诉食堂", "韩老师没批我的假，怎么办"):
        ticket = opened(session, words)
        assert name(session, ticket.assignee_id) == "韩老师", words
        assert not ticket.recused


def test_it_takes_the_answer_to_the_question_and_keeps_it_with_nothing_else(session: Session) -> None:
    words, turn = "韩老师没批我的假，怎么办", turn_of(session, "李雷")
    found = readings(turn, ITEMS["consult"], {"words": words})
    assert found == ("韩老师", "王书记", "韩老师", False)
    han = person_of(session, "韩老师").id
    yes = tickets.open_ticket(turn, ITEMS["consult"], {"words": words, ABOUT: [han]})
    no = tickets.open_ticket(turn, ITEMS["consult"], {"words": words, ABOUT: []})
    assert [name(session, each.assignee_id) for each in (yes, no)] == ["王书记", "韩老师"]
    assert yes.answers == no.answers == {}


def test_it_keeps_out_of_an_office_whoever_the_letter_is_about(session: Session) -> None:
    about_han = opened(session, ABOUT_HAN, "youth-mailbox")
    assert name(session, about_han.assignee_id) == "团委老师"
    # A duty that would show it, now or later, shows nothing of it.
    add_duty(session, person_of(session, "韩老师"), "/sl/youth-league/", "officer", from_at=START - DAY)
    assert seen_by(session, "韩老师", about_han) == {False}
    about_office = opened(session, "投诉团委老师乱收费", "youth-mailbox")
    assert name(session, about_office.assignee_id) == "学工部长"
    assert seen_by(session, "团委老师", about_office) == {False}


def test_it_is_no_colleague_s_of_the_same_post(session: Session) -> None:
    add_duty(session, person_of(session, "方老师"), CLASS, "counselor", from_at=START - DAY)
    assert name(session, opened(session).assignee_id) == "王书记"
    assert name(session, opened(session, "请问奖学金什么时候发").assignee_id) in ("韩老师", "方老师")


def test_it_passes_whoever_stands_in_for_or_is_stood_in_for_by_them(session: Session) -> None:
    be_away(session, "韩老师", "方老师")  # 方老师 acts for her, and would act for her here.
    ticket = opened(session)
    assert name(session, ticket.assignee_id) == "王书记"
    assert seen_by(session, "方老师", ticket) == {False}
    be_away(session, "王书记", "韩老师")
    other = opened(session)
    assert name(session, other.assignee_id) == "学工部长"
    assert seen_by(session, "韩老师", other) == {False}
    assert told(session, "韩老师") == told(session, "方老师") == []


def test_it_is_nobody_s_who_works_under_them(session: Session) -> None:
    ticket = opened(session, "王书记收礼，我要举报")
    assert name(session, ticket.assignee_id) == name(session, ticket.owner_id) == "学工部长"
    assert seen_by(session, "韩老师", ticket) == seen_by(session, "王书记", ticket) == {False}
    assert told(session, "韩老师") == told(session, "王书记") == []
    said = told_of(turn_of(session, "李雷"), ticket, ITEMS["consult"], {"words": "王书记收礼，我要举报"})
    assert "韩老师归王书记领导" in said
    assert "内容与王书记有关" in said
    for under in ("王书记", "韩老师"):
        with pytest.raises(Refused):
            tickets.transfer(turn_of(session, "学工部长"), ticket, person_of(session, under))
        assert all(each.person.name != under for each in receivers.may_receive(turn_of(session, "学工部长"), ticket))
    add_duty(session, person_of(session, "值班老师甲"), "/sl/cs/", "counselor", from_at=START - DAY)
    with pytest.raises(Refused) as refused:
        tickets.transfer(turn_of(session, "学工部长"), ticket, person_of(session, "值班老师甲"))
    assert refused.value.key == "transfer.under"
    sweep = Turn(session, make_school(), START, START)
    assert tickets.escalate(sweep, ticket, "escalate:respond:0:1") is None
    assert told(session, "韩老师") == told(session, "王书记") == []


@pytest.mark.parametrize(
    ("words", "slug", "to"),
    [
        ("投诉学工部长收钱", "consult", "王书记"), ("投诉团委老师和学工部长收钱", "youth-mailbox", "值班老师甲"),
        ("韩老师和王书记一起克扣助学金", "consult", "学工部长"), ("举报王书记贪污", "youth-mailbox", "团委老师"),
        ("水龙头又坏了，后勤老师上次收钱不修", "dorm-repair", "学工部长"), ("水龙头坏了，一直漏水", "dorm-repair", "后勤老师"),
        ("我要投诉老韩，她收钱", "consult", "韩老师"),  # Unasked it would be taken for no complaint: the form asks before.
    ],
)  # fmt: skip
def test_it_finds_who_is_left(session: Session, words: str, slug: str, to: str) -> None:
    assert name(session, opened(session, words, slug).assignee_id) == to


def test_it_is_read_in_every_item_unless_it_says_off(session: Session) -> None:
    turn, words = turn_of(session, "李雷"), {"what": "water", "where": "1号楼203", "detail": "后勤老师收钱不修"}
    assert {item.conflict for item in ITEMS.values() if not item.urgent} == {"words"}
    assert complaints.read(turn, ITEMS["dorm-repair"], turn.person, words).sure
    for off in ({"conflict": "off"}, {"conflict": ""}, {"urgent": True}):
        assert not complaints.read(turn, ITEMS["dorm-repair"].model_copy(update=off), turn.person, words).sure
    asked: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *parts: asked.append(parts[2]))
    assert not complaints.read(turn, ITEMS["dorm-repair"], turn.person, {**words, "detail": "一直漏水"}).sure
    assert asked == [], "nothing is asked for where no word complains"


def test_it_names_all_of_whom_it_was_said(session: Session) -> None:
    words = "韩老师和王书记一起克扣助学金"
    said = told_of(turn_of(session, "李雷"), opened(session, words), ITEMS["consult"], {"words": words})
    assert "内容与韩老师、王书记有关" in said
    assert "领导" not in said
    about_all = "学工部长和团委老师收钱"
    said = told_of(turn_of(session, "李雷"), opened(session, about_all), ITEMS["consult"], {"words": about_all})
    assert "韩老师归学工部长领导" in said


def test_it_is_not_handed_over_to_them_with_everything_else(session: Session, ticket: Ticket) -> None:
    add_duty(session, person_of(session, "学工部长"), "/sl/", "administrator", from_at=START - DAY)
    turn = turn_of(session, "学工部长")
    handover = handing.begin(turn, person_of(session, "王书记"), person_of(session, "韩老师"))
    while handing.step(turn, handover):
        pass
    assert name(session, ticket.assignee_id) == "学工部长"
    assert seen_by(session, "韩老师", ticket) == {False}


def test_it_is_an_alarm_where_nobody_is_left(session: Session) -> None:
    for role in ("王书记", "学工部长"):
        for duty in session.execute(select(Duty).join(Person).where(Person.name == role)).scalars():
            session.delete(duty)
    for shift in session.execute(select(Shift)).scalars():
        session.delete(shift)
    session.flush()
    ticket = opened(session)
    assert ticket.assignee_id is None
    kinds = session.execute(select(Event.kind).where(Event.ticket_id == ticket.id)).scalars().all()
    assert "unowned" in kinds
    assert seen_by(session, "韩老师", ticket) == {False}


def test_it_is_alarmed_of_to_the_next_one_up_every_morning(session: Session, ticket: Ticket) -> None:
    tickets.recuse(turn_of(session, "王书记"), ticket, person_of(session, "王书记"))
    ticket.assignee_id = None  # As it stands once whoever has it has left.
    session.flush()
    before = [len(told(session, who)) for who in ("王书记", "学工部长")]
    alarms.watch(turn_of(session, None, START + DAY))
    assert [len(told(session, who)) for who in ("王书记", "学工部长")] == [before[0], before[1] + 1]


def test_it_asks_on_the_page_and_takes_it_for_a_yes_where_staff_write_it_down(session: Session) -> None:
    answers = {"topic": "other", "letter": "团委老师一直没回我的信，活动经费怎么办"}
    turn, item = turn_of(session, "李雷"), ITEMS["youth-mailbox"]
    with pytest.raises(Refused) as refused:
        hand_in(turn, item, answers, "k1234567")
    assert refused.value.key == "recusal.page_missing"
    assert name(session, hand_in(turn, item, answers, "k1234567", about="no").assignee_id) == "团委老师"
    assert name(session, hand_in(turn, item, answers, "k1234568", about="yes").assignee_id) == "学工部长"
    assert serving.item_of(turn_of(session, "韩老师"), "youth-mailbox") is item
    theirs = hand_in(turn_of(session, "韩老师"), item, answers, "k1234569", person_of(session, "李雷"))
    assert name(session, theirs.assignee_id) == "学工部长"
