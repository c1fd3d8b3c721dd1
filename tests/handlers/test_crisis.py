"""The crisis lane: help before everything, one matter, and nobody but the duty reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import render
from handlers import cards, crisis, intake, limits, tickets
from handlers.crisis_words import look
from handlers.texts import LANGUAGES
from handlers.turn import HelpLine
from models.item import Words
from models.message import Incoming, Reply
from models.outbox import Outbox
from models.ticket import Event, SealedAnswer, Status, Ticket
from tests.builders import RICH, START, make_school, person_of, turn_of


def say(session: Session, words: str, press: str = "", after: timedelta = timedelta()) -> tuple[Reply, ...]:
    turn = turn_of(session, "李雷", START + after)
    return intake.answer(turn, Incoming(RICH, "2023001", "k", START + after, words, press))


def ticket_of(session: Session) -> Ticket:
    return session.execute(select(Ticket).where(Ticket.service == "crisis")).scalar_one()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_helps_without_a_database_and_shows_every_number(lang: str) -> None:
    alarm = look("我想死")
    assert alarm is not None
    assert "12356" in crisis.help_text(make_school(), lang, alarm).text


def test_it_seals_every_word(session: Session) -> None:
    say(session, "我想死，在三号楼顶")
    ticket = ticket_of(session)
    assert ticket.private
    assert ticket.answers == {}
    events = session.execute(select(Event).where(Event.ticket_id == ticket.id)).scalars().all()
    assert [event.words for event in events] == [""]
    sealed = [row.value for row in session.execute(select(SealedAnswer)).scalars()]
    sealed += [event.sealed or b"" for event in events] + [
        row.body for row in session.execute(select(Outbox)).scalars()
    ]
    assert not any("三号楼".encode() in value for value in sealed)


def test_it_opens_a_matter_for_somebody_who_has_too_many(session: Session) -> None:
    turn = turn_of(session, "李雷", school=make_school(most_open=0))
    intake.answer(turn, Incoming(RICH, "2023001", "k", START, "我想死"))
    assert ticket_of(session).requester_id == person_of(session, "李雷").id


def test_it_reports_to_the_school_when_nobody_is_on_duty(session: Session) -> None:
    for name in ("心理老师", "心理主任", "学工部长", "值班老师甲"):
        person_of(session, name).active = False
    session.flush()
    said = render.plain(say(session, "我想死"), "zh")
    assert "12356" in said
    assert "心理老师" not in said


def test_it_passes_on_what_is_written_next_for_an_hour_only(session: Session) -> None:
    say(session, "我想死")
    say(session, "一个人在宿舍", after=crisis.STAYS)
    say(session, "食堂几点关门", after=crisis.STAYS + timedelta(seconds=1))
    turn = turn_of(session)
    assert [event.kind for event in tickets.events_of(turn, ticket_of(session))] == ["paged", "added"]


def test_it_stays_open_after_a_reply_and_listens_on_after_its_end(session: Session) -> None:
    say(session, "我想死")
    staff = turn_of(session, "心理老师")
    tickets.reply(staff, ticket_of(session), "我现在打给你")
    assert ticket_of(session).status == Status.in_progress
    assert "resolve" in cards.staff_verbs(staff, ticket_of(session), staff.person)
    assert "心理老师能看到" in render.plain(say(session, "我还在三号楼的楼上"), "zh")
    assert {why.target for why in limits.explain(staff, ticket_of(session))} == {"next", "resolve"}
    tickets.resolve(staff, ticket_of(session), "已经见到你了，明天上午我再来")
    assert "我在" in render.plain(say(session, "好的"), "zh")
    assert not ticket_of(session).is_open
    assert "心理老师能看到" in render.plain(say(session, "我又到楼上了"), "zh")
    assert ticket_of(session).is_open
    say(session, "没有别人")
    kinds = [event.kind for event in tickets.events_of(turn_of(session), ticket_of(session))]
    assert sorted(kinds) == ["added", "added", "paged", "reopened", "replied", "resolved"]


def test_it_takes_its_buttons_from_their_owner_only(session: Session) -> None:
    replies = say(session, "我想死")
    press = next(choice.send for choice in replies[0].choices)
    other = turn_of(session, "韩梅梅")
    intake.answer(other, Incoming(RICH, "2023002", "k", START, "", press))
    assert len(tickets.events_of(turn_of(session), ticket_of(session))) == 1
    say(session, "", press)
    assert len(tickets.events_of(turn_of(session), ticket_of(session))) == 2


@pytest.mark.parametrize(("words", "phone"), [("宿舍着火了", "119"), ("我想死", "12356")])
def test_it_orders_the_numbers_by_the_danger(words: str, phone: str) -> None:
    alarm = look(words)
    assert alarm is not None
    lines = tuple(HelpLine(Words(zh=name), name, Words(zh="24")) for name in ("110", "12356", "120", "119"))
    said = crisis.help_text(replace(make_school(), help_lines=lines), "zh", alarm).text
    assert said.split("\n· ")[1].startswith(phone)


def test_it_answers_a_cry_in_chinese_in_both_languages(session: Session) -> None:
    turn = turn_of(session, "李雷", lang="en")
    assert turn.account is not None
    turn.account.lang = "en"
    said = intake.answer(turn, Incoming(RICH, "2023001", "k", START, "宿舍着火了"))[0].text
    zh, en = (crisis.help_text(turn.school, lang, look("宿舍着火了")).text for lang in LANGUAGES)  # type: ignore[arg-type]
    assert said.startswith(f"{zh}\n\n{en}")


@pytest.mark.parametrize("known", [True, False])
def test_it_asks_whom_nobody_knows_for_a_number_and_promises_an_answer_here(session: Session, known: bool) -> None:
    turn = turn_of(session, "李雷")
    turn.person = turn.person if known else None
    said = intake.answer(turn, Incoming(RICH, "2023001", "k", START, "我想死"))[0].text
    assert ("会在这里回复你" in said) != known
    assert ("留一个电话" in said) != known
    assert ("马上联系你" in said) == known


@pytest.mark.parametrize(
    ("who", "words", "paged"),
    [
        ("韩老师", "我不在了", False),
        ("韩老师", "下周我不在了，工单交给王老师", False),
        ("韩老师", "我不在了，请照顾好我的孩子", True),  # A counselor may be in distress like anybody.
        ("李雷", "我不在了", True),
    ],
)
def test_it_asks_staff_which_parting_they_mean(session: Session, who: str, words: str, paged: bool) -> None:
    turn = turn_of(session, who)
    (reply, *_) = intake.answer(turn, Incoming("webchat", "a", "k", START, words))
    assert "12356" in reply.text
    assert ("由王老师代" in reply.text) is not paged
    assert bool(session.execute(select(Ticket).where(Ticket.service == "crisis")).first()) is paged


def test_it_opens_the_leave_for_an_accident_at_home_with_the_numbers_above(session: Session) -> None:
    (reply,) = say(session, "弟弟出车祸住院，请事假 明天到6月13日 离校")
    assert "12356" in reply.text
    assert "事由：弟弟出车祸住院" in reply.text
    assert session.execute(select(Ticket)).first() is None
