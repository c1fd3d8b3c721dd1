"""The duty roster: who may change it, which hours are bare, swaps with one winner, and who is told each day."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from handlers import absences, alarms, away_talk, desk, shifts, swaps, tickets
from handlers.roster_holes import holes, joined, minus
from handlers.views import duty
from models.absence import Swap
from models.base import new_id
from models.db import Database
from models.grid import Duty, Grid, Shift
from models.message import MOST_PRESS, Refused
from models.person import Person
from models.ticket import Event, Ticket
from tests import builders
from tests.builders import START, ZONE, own_catalogue, person_of, turn_of

COLLEGE = "/sl/cs/"
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
ITEMS = own_catalogue().items


def put(
    session: Session, name: str, start: datetime, hours: float = 12, path: str = COLLEGE, role: str = "duty"
) -> Shift:
    shift = Shift(id=new_id(START), person_id=person_of(session, name).id, path=path, role=role, starts_at=start,
                  ends_at=start + timedelta(hours=hours))  # fmt: skip
    session.add(shift)
    session.flush()
    return shift


def turns(session: Session, days: int = 10, names: tuple[str, ...] = ("韩老师", "方老师")) -> list[Shift]:
    """Days and nights of the college from this morning on, by turns."""
    session.execute(delete(Shift))
    return [put(session, names[each % 2], START - HOUR + each * timedelta(hours=12)) for each in range(2 * days)]


@pytest.mark.parametrize(
    ("name", "path", "key"),
    [("王书记", COLLEGE, ""), ("王书记", "/sl/cs/cs2301/", ""), ("学工部长", COLLEGE, ""), ("王书记", "/sl/wl/", "shift.not_yours"),
     ("王书记", "/sl/", "shift.not_yours"), ("韩老师", COLLEGE, "shift.not_yours"), ("李雷", COLLEGE, "shift.not_yours"),
     ("心理主任", COLLEGE, "shift.not_yours"), ("学工部长", "/sl/none/", "shift.no_area")],
)  # fmt: skip
def test_it_lets_whoever_leads_plan_and_nobody_else(session: Session, name: str, path: str, key: str) -> None:
    turn, person = turn_of(session, name), person_of(session, "韩老师")
    start = START + DAY
    if key:
        with pytest.raises(Refused) as refused:
            shifts.add(turn, person, path, "duty", start, start + 12 * HOUR)
        assert refused.value.key == key
        return
    shift = shifts.add(turn, person, path, "duty", start, start + 12 * HOUR)
    assert (
        shifts.change(turn, shift.id, person_of(session, "方老师"), start, start + 6 * HOUR).ends_at == start + 6 * HOUR
    )
    shifts.remove(turn, shift.id)
    assert session.get(Shift, shift.id) is None


@pytest.mark.parametrize(
    ("start", "hours", "key"),
    [(24, 0, "shift.backwards"), (24, -3, "shift.backwards"), (-30, 5, "shift.past"), (24, 24 * 8, "shift.too_long"),
     (24 * 400, 5, "shift.too_far"), (26, 3, "shift.twice")],
)  # fmt: skip
def test_it_plans_nothing_that_cannot_be(session: Session, start: int, hours: int, key: str) -> None:
    put(session, "韩老师", START + DAY)
    at = START + timedelta(hours=start)
    with pytest.raises(Refused) as refused:
        shifts.add(turn_of(session, "王书记"), person_of(session, "韩老师"), COLLEGE, "duty", at, at + hours * HOUR)
    assert refused.value.key == key


def test_it_copies_a_week_once(session: Session) -> None:
    turns(session, 5)
    monday = datetime(2026, 6, 15, tzinfo=ZONE)
    turn = turn_of(session, "王书记")
    assert shifts.copy_week(turn, COLLEGE, "duty", monday) == 10
    assert shifts.copy_week(turn, COLLEGE, "duty", monday) == 0
    found = session.execute(select(func.count()).where(Shift.starts_at >= monday)).scalar_one()
    assert found == 10


def test_it_reckons_with_stretches_of_time() -> None:
    def at(hour: int) -> datetime:
        return START + hour * HOUR

    assert joined([(at(3), at(5)), (at(1), at(3)), (at(7), at(9))]) == [(at(1), at(5)), (at(7), at(9))]
    assert minus([(at(0), at(10))], [(at(2), at(3)), (at(9), at(12))]) == [(at(0), at(2)), (at(3), at(9))]
    assert minus([(at(0), at(1))], [(at(0), at(1))]) == []


def test_it_finds_bare_hours_of_a_roster_round_the_clock(session: Session) -> None:
    rows = turns(session)
    assert holes(session, START) == []
    session.delete(rows[3])
    session.flush()
    (hole,) = holes(session, START)
    assert (hole.from_at, hole.until_at, hole.away) == (rows[3].starts_at, rows[3].ends_at, False)
    turn = turn_of(session, "方老师")
    absences.declare(turn, person_of(session, "方老师"), START + 2 * DAY, START + 3 * DAY, None)
    assert [each.away for each in holes(session, START)] == [False, True]
    absences.cancel(turn, absences.to_come(turn, person_of(session, "方老师").id)[0].id)
    absences.declare(
        turn, person_of(session, "方老师"), START + 2 * DAY, START + 3 * DAY, person_of(session, "后勤老师")
    )
    assert len(holes(session, START)) == 1
    person_of(session, "韩老师").active = False
    session.flush()
    assert len(holes(session, START)) > 5


def test_it_expects_of_an_evening_roster_what_it_had_a_week_before(session: Session) -> None:
    session.execute(delete(Shift))
    evening = START + 10 * HOUR
    for day in range(-7, 7):
        if day not in (2, 5):
            put(session, "韩老师", evening + day * DAY, 4)
    found = holes(session, START)
    assert [hole.from_at for hole in found] == [evening + 2 * DAY, evening + 5 * DAY]


def test_it_swaps_when_the_other_agrees(session: Session) -> None:
    rows = turns(session)
    mine, theirs = rows[4], rows[5]
    asked = swaps.ask(turn_of(session, "韩老师"), mine.id, person_of(session, "方老师"), theirs.id)
    with pytest.raises(Refused, match="not_found"):
        swaps.answer(turn_of(session, "王书记"), asked.id, accept=True)
    _, said = swaps.answer(turn_of(session, "方老师"), asked.id, accept=True)
    assert "换好了" in said
    assert (mine.person_id, theirs.person_id) == (person_of(session, "方老师").id, person_of(session, "韩老师").id)
    with pytest.raises(Refused, match="is_accepted"):
        swaps.answer(turn_of(session, "方老师"), asked.id, accept=True)


@pytest.mark.parametrize("what", ["moved", "begun", "removed", "withdrawn", "declined"])
def test_it_swaps_only_what_still_stands(session: Session, what: str) -> None:
    mine = turns(session)[4]
    asked = swaps.ask(turn_of(session, "韩老师"), mine.id, person_of(session, "方老师"))
    now = START
    if what == "moved":
        shifts.change(turn_of(session, "王书记"), mine.id, person_of(session, "王书记"), mine.starts_at, mine.ends_at)
    elif what == "begun":
        now = mine.starts_at
    elif what == "removed":
        shifts.remove(turn_of(session, "王书记"), mine.id)
    elif what == "withdrawn":
        swaps.withdraw(turn_of(session, "韩老师"), asked.id)
    else:
        swaps.answer(turn_of(session, "方老师"), asked.id, accept=False)
    keys = {"moved": "swap.too_late", "begun": "swap.too_late", "removed": "shift.gone",
            "withdrawn": "swap.is_withdrawn", "declined": "swap.is_declined"}  # fmt: skip
    with pytest.raises(Refused) as refused:
        swaps.answer(turn_of(session, "方老师", now), asked.id, accept=True)
    assert refused.value.key == keys[what]


def test_it_asks_no_stranger_and_of_no_shift_but_ones_own(session: Session) -> None:
    rows = turns(session)
    for name, shift, to in (
        ("韩老师", rows[4], "心理老师"),
        ("韩老师", rows[5], "方老师"),
        ("方老师", rows[4], "韩老师"),
    ):
        with pytest.raises(Refused):
            swaps.ask(turn_of(session, name), shift.id, person_of(session, to))
    with pytest.raises(Refused, match="begun"):
        swaps.ask(turn_of(session, "韩老师"), rows[0].id, person_of(session, "方老师"))
    assert session.execute(select(Swap)).first() is None


def test_it_gives_two_swaps_of_one_shift_one_winner(postgresql_url: str) -> None:
    database = Database(postgresql_url, builders.new_seal())
    try:
        ids = database.run(_two_swaps)
        futures = [
            database.submit(partial(_accept, name=name, swap_id=id_))
            for name, id_ in zip(("方老师", "王书记"), ids, strict=True)
        ]
        results = sorted(future.result() for future in futures)
        assert results[0] == "accepted"
        assert results[1] in ("swap.too_late", "swap.is_withdrawn")
    finally:
        database.close()


def _two_swaps(session: Session) -> list[str]:
    """Two requests for one shift, the second made as if the first had not been taken back."""
    builders.settle(session)
    mine = turns(session)[4]
    put(session, "王书记", START + 9 * DAY, 1)
    first = swaps.ask(turn_of(session, "韩老师"), mine.id, person_of(session, "方老师"))
    second = swaps.ask(turn_of(session, "韩老师"), mine.id, person_of(session, "王书记"))
    first.status = "asked"
    session.flush()
    return [first.id, second.id]


def _accept(session: Session, name: str, swap_id: str) -> str:
    try:
        return swaps.answer(turn_of(session, name), swap_id, accept=True)[0].status
    except Refused as refused:
        return refused.key


def test_it_says_who_is_on_duty_until_when_and_on_which_line(session: Session) -> None:
    turns(session)
    session.execute(select(Grid).where(Grid.path == COLLEGE)).scalar_one().phone = "0531-8836"
    said = desk.duty(turn_of(session, "李雷")).text
    assert all(
        words in said for words in ("你的辅导员：韩老师", "现在值班：韩老师", "计算机学院，到今天 20:00", "0531-8836")
    )
    session.execute(delete(Shift))
    put(session, "方老师", START + DAY)
    said = desk.duty(turn_of(session, "李雷")).text
    assert "现在没有排班" in said
    assert "下一班是方老师，明天 09:00" in said


def test_it_shows_the_week_with_what_each_reader_may_do(session: Session) -> None:
    turns(session)
    monday = duty.monday_of(START.astimezone(ZONE).date())
    for name, may in (("王书记", True), ("韩老师", False)):
        (roster,) = [each for each in duty.week(turn_of(session, name), monday).rosters if each.path == COLLEGE]
        assert (roster.may_edit, sum(map(len, roster.days))) == (may, 10)
    assert [each.path for each in duty.week(turn_of(session, "后勤老师"), monday).rosters] == []


def test_it_alarms_whoever_leads_once_a_day(session: Session) -> None:
    rows = turns(session)
    session.delete(rows[3])
    session.flush()
    turn = turn_of(session, None)
    assert alarms.watch(turn) == 1
    keys = [row["dedupe_key"] for row in session.info["posted"]]
    assert len(keys) == len(set(keys)) == 1


def test_it_leaves_in_an_offices_queue_what_nobody_has_and_alarms_who_leads(session: Session) -> None:
    session.execute(delete(Shift))
    for held in session.execute(select(Duty).where(Duty.path == "/sl/logistics/")).scalars():
        held.until_at = START
    builders.add_duty(session, person_of(session, "方老师"), "/sl/logistics/", "guest")
    answers = {"what": "power", "where": "203", "detail": "灯坏了"}
    ticket = tickets.open_ticket(turn_of(session, "李雷"), ITEMS["dorm-repair"], answers)
    assert ticket.assignee_id is None
    events = session.execute(select(Event).where(Event.ticket_id == ticket.id).order_by(Event.rev)).scalars().all()
    assert [event.kind for event in events] == ["opened", "unowned"]
    assert events[1].to_id == person_of(session, "学工部长").id
    assert session.execute(alarms.unowned()).scalars().all() == [ticket]


def test_it_counts_what_somebody_left_behind_as_nobodys(session: Session) -> None:
    ticket = tickets.open_ticket(turn_of(session, "李雷"), ITEMS["consult"], {"words": "问一下"})
    assert session.execute(alarms.unowned()).first() is None
    session.get_one(Person, ticket.assignee_id).active = False
    session.flush()
    assert [each.id for each in session.execute(alarms.unowned()).scalars()] == [ticket.id]
    assert session.execute(select(func.count(Ticket.id))).scalar_one() == 1


def test_it_is_swapped_in_chat_by_buttons(session: Session) -> None:
    turns(session)
    turn = turn_of(session, "韩老师")
    (listed, *_) = away_talk.hear(turn, "换班") or ()
    (whom,) = away_talk.press(turn, listed.choices[0].send)
    sends = {choice.label.partition(" ")[0]: choice.send for choice in whom.choices}
    assert list(sends) == ["请王书记代班", "请方老师代班", "和方老师换"]
    assert all(len(choice.send.encode()) <= MOST_PRESS for choice in (*listed.choices, *whom.choices))
    away_talk.press(turn, sends["请方老师代班"])
    other = turn_of(session, "方老师")
    *_, offered = away_talk.hear(other, "我的班") or ()
    assert [choice.label for choice in offered.choices] == ["同意换班", "不换"]
    assert "换好了" in away_talk.press(other, offered.choices[0].send)[0].text
    for send in (
        "w:shift:swap:x:yes",
        "w:shift:mine:x",
        "w:shift:away:0:0:",
        "w:shift:away:zzzzzzzz:1:",
        "w:shift:",
        "w:shift:ask:a:b",
    ):
        with pytest.raises(Refused):
            away_talk.press(other, send)


def test_it_offers_no_swap_for_a_shift_that_has_begun(session: Session) -> None:
    rows = turns(session)
    mine = [shift for shift in rows if shift.person_id == person_of(session, "韩老师").id][-1]
    theirs = [shift for shift in rows if shift.person_id == person_of(session, "方老师").id][1]
    swaps.ask(turn_of(session, "韩老师"), mine.id, person_of(session, "方老师"), theirs.id)
    assert len(swaps.waiting(turn_of(session, "方老师"))) == 1
    assert swaps.waiting(turn_of(session, "方老师", theirs.starts_at)) == []
    assert away_talk.hear(turn_of(session, "韩老师"), "我想换周五的班") is not None
