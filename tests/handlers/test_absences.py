"""Being away: who acts meanwhile, what the stand-in sees and may do, who is told, and what cannot be entered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import absences, access, acting, away_talk, directory, duties, lists, on_call, signing, tickets
from handlers.turn import Turn
from models.absence import Absence
from models.db import Database
from models.message import Refused
from models.meta import Audit
from models.outbox import Outbox
from models.person import Account, Person
from models.ticket import Ticket
from tests import builders
from tests.builders import START, add_duty, leave_answers, make_school, own_catalogue, person_of, turn_of

CLASS = "/sl/cs/cs2301/"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ITEMS = own_catalogue().items


def away(session: Session, name: str = "韩老师", by: str | None = "方老师", hours: float = 24) -> Absence:
    turn = turn_of(session, name)
    other = person_of(session, by) if by else None
    return absences.declare(turn, person_of(session, name), START - HOUR, START + timedelta(hours=hours), other)


def opened(session: Session, now_after: timedelta = timedelta(0), slug: str = "leave", days: float = 1.5) -> Ticket:
    turn = turn_of(session, "李雷", START + now_after)
    answers = leave_answers(days=days) if slug == "leave" else {"words": "想问一下"}
    return tickets.open_ticket(turn, ITEMS[slug], answers)


def names(people: list[Person]) -> list[str]:
    return [person.name for person in people]


def told(session: Session, name: str) -> int:
    """How many notices lie in the outbox for somebody, written at the end of a unit."""
    posted = session.info.get("posted", [])
    rows = session.execute(select(Outbox).join(Account, Account.id == Outbox.account_id)).scalars().all()
    ids = set(session.execute(select(Account.id).where(Account.person_id == person_of(session, name).id)).scalars())
    return sum(row["account_id"] in ids for row in posted) + sum(row.account_id in ids for row in rows)


def test_it_asks_the_stand_in_and_else_the_next_one(session: Session) -> None:
    assert names(directory.holders(session, CLASS, "counselor", START)) == ["韩老师"]
    away(session)
    assert names(directory.holders(session, CLASS, "counselor", START)) == ["方老师"]
    assert opened(session).assignee_id == person_of(session, "方老师").id
    assert names(directory.holders(session, CLASS, "counselor", START + 2 * DAY)) == ["韩老师"]
    away(session, by=None)
    found = directory.responsible_for(session, CLASS, "counselor", START)
    assert found is not None
    assert found.name == "值班老师甲"


def test_it_takes_nobody_for_a_stand_in_who_is_away_himself(session: Session) -> None:
    away(session)
    away(session, "方老师", None)
    found = directory.responsible_for(session, CLASS, "counselor", START)
    assert found is not None
    assert found.name == "值班老师甲"


def test_it_climbs_past_who_is_away_to_the_stand_in(session: Session) -> None:
    assert names(directory.leads(session, CLASS, START)) == ["王书记", "学工部长"]
    away(session, "王书记", "方老师")
    assert names(directory.leads(session, CLASS, START)) == ["方老师", "学工部长"]
    away(session, "学工部长", None)
    assert names(directory.leads(session, CLASS, START)) == ["方老师"]


def test_it_puts_the_stand_in_on_duty(session: Session) -> None:
    assert names(directory.on_duty(session, CLASS, START)) == ["值班老师甲"]
    away(session, "值班老师甲", "后勤老师")
    assert names(directory.on_duty(session, CLASS, START)) == ["后勤老师"]
    assert [person.name for person, _ in on_call.watch(session, CLASS, START)] == ["后勤老师"]


def test_it_lets_the_stand_in_see_and_act_and_no_longer_than_that(session: Session) -> None:
    before = opened(session)
    other = person_of(session, "方老师")
    assert not access.may_act(session, other, before, START)
    away(session)
    assert access.may_act(session, other, before, START)
    assert access.reaches(session, other, person_of(session, "李雷"), START)
    meanwhile = opened(session, HOUR / 2, "consult")
    later = START + 2 * DAY
    assert not access.may_act(session, other, before, later)
    assert access.may_act(session, other, meanwhile, later)  # It was given to him, and nobody has taken it from him.
    assert access.may_act(session, person_of(session, "韩老师"), meanwhile, later)
    for now in (START, later):
        for name in builders.CAST:
            reader = person_of(session, name)
            if reader.kind != "staff":
                continue
            seen = set(session.execute(select(Ticket.id).where(access.visible(session, reader, now))).scalars())
            values = {"person": reader.id, "now": now}
            assert seen == set(session.execute(select(Ticket.id).where(access.REACHED), values).scalars()), name
            within = select(Ticket.id).where(access.within(access.paths_of(session, reader, now)))
            assert seen == set(session.execute(within, values).scalars()), name


def test_it_lists_what_is_stood_in_for_and_says_for_whom_was_signed(session: Session) -> None:
    ticket = opened(session)
    away(session)
    turn = turn_of(session, "方老师")
    assert ticket.number in lists.waiting(turn).text
    assert signing.may_sign(turn, ticket, signing.steps(turn, ticket)[0], person_of(session, "方老师"))
    tickets.sign(turn, ticket)
    acted = acting.acted_for(session, person_of(session, "方老师").id, ticket.path, START, "counselor")
    assert acted is not None
    assert acted.name == "韩老师"
    assert acting.acted_for(session, person_of(session, "韩老师").id, ticket.path, START) is None


def test_it_lets_whoever_is_away_sign_all_the_same(session: Session) -> None:
    ticket = opened(session)
    away(session)
    tickets.sign(turn_of(session, "韩老师"), ticket)
    assert ticket.status == "waiting"


def test_it_reminds_the_stand_in_as_well(session: Session) -> None:
    ticket = opened(session)
    away(session)
    before = told(session, "韩老师"), told(session, "方老师")
    tickets.remind(Turn(session, make_school(), START, START), ticket, "remind:0:0")
    assert (told(session, "韩老师"), told(session, "方老师")) == (before[0] + 1, before[1] + 1)


def test_it_refuses_a_signature_once_the_absence_has_ended(session: Session) -> None:
    ticket = opened(session)
    away(session)
    absences.come_back(turn_of(session, "韩老师"), person_of(session, "韩老师"))
    with pytest.raises(Refused, match="not_found"):
        tickets.sign(turn_of(session, "方老师"), ticket)


@pytest.mark.parametrize(
    ("from_hours", "until_hours", "by", "speaker", "key"),
    [
        (5, 5, None, "韩老师", "away.backwards"), (9, 5, None, "韩老师", "away.backwards"),
        (-90, -50, None, "韩老师", "away.over"), (-90, 5, None, "韩老师", "away.over"),
        (0, 24 * 400, None, "韩老师", "away.too_long"), (0, 5, "韩老师", "韩老师", "away.no_colleague"),
        (0, 5, "李雷", "韩老师", "away.no_colleague"), (0, 5, None, "方老师", "away.not_yours"),
        (0, 5, None, "李雷", "away.not_yours"), (0, 5, "方老师", "王书记", ""), (0, 5, None, "学工部长", ""),
    ],
)  # fmt: skip
def test_it_enters_only_what_can_be(
    session: Session, from_hours: int, until_hours: int, by: str | None, speaker: str, key: str
) -> None:
    turn, other = turn_of(session, speaker), person_of(session, by) if by else None
    times = START + timedelta(hours=from_hours), START + timedelta(hours=until_hours)
    if key:
        with pytest.raises(Refused) as refused:
            absences.declare(turn, person_of(session, "韩老师"), *times, other)
        assert refused.value.key == key
        assert session.execute(select(Absence)).first() is None
    else:
        absences.declare(turn, person_of(session, "韩老师"), *times, other)
        assert directory.is_away(session, person_of(session, "韩老师").id, START + HOUR)
        assert session.execute(select(Audit.verb)).scalars().all() == ["absence_set"]


def test_it_refuses_a_stand_in_who_is_away_then(session: Session) -> None:
    away(session, "方老师", None)
    with pytest.raises(Refused, match="stand_in_away"):
        away(session)


def test_it_lets_a_new_absence_take_the_place_of_an_old_one(session: Session) -> None:
    first = away(session, hours=72)
    second = away(session, by="后勤老师", hours=24)
    session.refresh(first)
    assert (first.until_at <= START, second.until_at) == (True, START + DAY)
    assert names(directory.holders(session, CLASS, "counselor", START)) == ["后勤老师"]
    assert absences.come_back(turn_of(session, "韩老师"), person_of(session, "韩老师")) is not None
    assert absences.come_back(turn_of(session, "韩老师"), person_of(session, "韩老师")) is None


def test_it_tells_the_stand_in_and_whoever_leads(session: Session) -> None:
    opened(session)
    before = {name: told(session, name) for name in ("方老师", "王书记", "学工部长", "韩老师")}
    away(session)
    after = {name: told(session, name) - count for name, count in before.items()}
    assert after == {"方老师": 1, "王书记": 1, "学工部长": 0, "韩老师": 0}


def test_it_has_one_order_when_the_end_and_a_signature_meet(postgresql_url: str) -> None:
    """On the database that runs both at once: whichever comes first, the other one either follows it or is refused."""
    database = Database(postgresql_url, builders.new_seal())
    try:
        for _ in range(3):
            check_meeting(database)
    finally:
        database.close()


def check_meeting(database: Database) -> None:
    def begin(session: Session) -> str:
        if session.execute(select(Person.id)).first() is None:
            builders.settle(session)
        away(session)
        ticket = opened(session, slug="consult")
        ticket.assignee_id = person_of(session, "韩老师").id
        session.flush()
        return ticket.number

    def answer(session: Session) -> str:
        turn = turn_of(session, "方老师")
        ticket = tickets.by_number(turn, number)
        assert ticket is not None
        try:
            tickets.resolve(turn, ticket, "好的")
        except Refused as refused:
            return refused.key
        return ticket.status

    def back(session: Session) -> str:
        return "ended" if absences.come_back(turn_of(session, "韩老师"), person_of(session, "韩老师")) else "nothing"

    number = database.run(begin)
    first, second = database.submit(answer), database.submit(back)
    assert (first.result() in ("resolved", "ticket.not_found"), second.result()) == (True, "ended")
    kinds = database.read(
        lambda session: session.execute(select(Ticket.status).where(Ticket.number == number)).scalar()
    )
    assert (kinds == "resolved") == (first.result() == "resolved")


def test_it_keeps_a_duty_of_ones_own_apart_from_a_part_taken(session: Session) -> None:
    add_duty(session, person_of(session, "方老师"), CLASS, "counselor", from_at=START - DAY)
    away(session)
    assert directory.takes_part_of(session, person_of(session, "方老师").id, START)
    found = duties.deputed(session, CLASS, "counselor", START)
    assert found[person_of(session, "方老师").id] is None
    assert acting.acted_for(session, person_of(session, "方老师").id, CLASS, START) is None


def test_it_calls_off_in_chat_what_has_not_begun(session: Session) -> None:
    turn = turn_of(session, "韩老师")
    assert "没有登记您不在" in (away_talk.hear(turn, "我回来了") or ())[0].text
    assert away_talk.hear(turn, "销假") is None  # That is said of students' leaves.
    absences.declare(turn, person_of(session, "韩老师"), START + DAY, START + 2 * DAY, person_of(session, "方老师"))
    (asked,) = away_talk.hear(turn, "我回来了") or ()
    with pytest.raises(Refused, match="not_found"):
        away_talk.press(turn_of(session, "方老师"), asked.choices[0].send)
    assert "已取消" in away_talk.press(turn, asked.choices[0].send)[0].text
    assert absences.to_come(turn, person_of(session, "韩老师").id) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [("我明天到周五不在，由方老师代", "方老师代办"), ("我明天到周五不在", "由谁代办"), ("我出差，由方老师代班", "哪天到哪天"),
     ("我明天不在，由李老师代", "没有找到"), ("I am away from tomorrow to Friday, Mr Fang stands in", "方老师代办"),
     ("我6月20日到25日休假 由T003代办", "方老师代办"), ("今天下午到周五不在", "由谁代办"), ("休假到下周三", "由谁代办"),
     ("明后天出差，请方老师代", "方老师代办"), ("out of office tomorrow", "由谁代办"), ("请假", ""), ("明天不在校的学生", ""), ("明天学生不在宿舍", ""),
     ("李雷明天不在吗", ""), ("同意 QJ-2606-0001", ""), ("待办", "")],
)  # fmt: skip
def test_it_reads_what_staff_say_of_being_away(session: Session, words: str, said: str) -> None:
    found = away_talk.hear(turn_of(session, "韩老师"), words)
    assert (found[0].text if found else "") == "" if not said else said in (found or ())[0].text
    assert session.execute(select(Absence)).first() is None
    assert away_talk.hear(turn_of(session, "李雷"), words) is None
