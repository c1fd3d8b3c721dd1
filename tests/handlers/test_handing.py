"""Roles given and ended, everything of somebody handed over and back, and items that are live in some colleges only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import absences, catalogue, directory, handing, live, roles, rule_answers, student, tickets
from handlers.catalogue import Catalogue
from handlers.turn import Turn
from handlers.views import grid, people
from models.absence import Handover
from models.base import new_id
from models.grid import Duty, Grid, Shift
from models.message import Refused
from models.meta import Audit
from models.person import Account, Person
from models.ticket import Event, Ticket
from tests import builders
from tests.builders import START, add_duty, leave_answers, make_school, own_catalogue, person_of, turn_of

CLASS = "/sl/cs/cs2301/"
DAY = timedelta(days=1)
ITEMS = own_catalogue().items
OPERATOR = {"by_operator": True}


def opened(session: Session, name: str, slug: str = "consult") -> Ticket:
    answers = leave_answers() if slug == "leave" else {"words": "问一下"}
    return tickets.open_ticket(turn_of(session, name), ITEMS[slug], answers)


def fill(session: Session) -> list[Ticket]:
    """What a counselor has: tickets of two students and of a stranger, a duty, shifts, and a part taken for somebody."""
    found = [opened(session, "李雷"), opened(session, "李雷", "leave"), opened(session, "韩梅梅")]
    giver = person_of(session, "韩老师")
    stranger = directory.account(session, "webchat", "v1", START)
    ticket = tickets.open_ticket(
        Turn(session, make_school(), START, START, stranger), ITEMS["consult"], {"words": "在吗"}
    )
    ticket.assignee_id = giver.id
    for days in (1, 2):
        session.add(Shift(id=new_id(START), person_id=giver.id, path="/sl/cs/", role="duty", starts_at=START + days * DAY,
                          ends_at=START + days * DAY + DAY / 2))  # fmt: skip
    session.flush()
    absences.declare(turn_of(session, "王书记"), person_of(session, "王书记"), START, START + 9 * DAY, giver)
    return [*found, ticket]


def told(session: Session, name: str, part: str) -> list[str]:
    ids = set(session.execute(select(Account.id).where(Account.person_id == person_of(session, name).id)).scalars())
    posted = session.info.get("posted", [])
    return [row["dedupe_key"] for row in posted if row["account_id"] in ids and row["dedupe_key"].startswith(part)]


def hand(session: Session, speaker: str = "学工部长", batch: int = 50) -> Handover:
    turn = turn_of(session, speaker)
    made = handing.begin(turn, person_of(session, "韩老师"), person_of(session, "方老师"))
    while handing.step(turn, made, batch):
        pass
    return made


@pytest.mark.parametrize("batch", [1, 50])
def test_it_hands_everything_over_and_tells_each_student_once(session: Session, batch: int) -> None:
    found = fill(session)
    giver, taker = person_of(session, "韩老师"), person_of(session, "方老师")
    load = handing.weigh(turn_of(session, "学工部长"), giver)
    assert (load.tickets, load.students, load.duties, load.shifts, load.absences) == (4, 3, 1, 2, 1)
    before = {ticket.id: (ticket.due_at, ticket.owed_at) for ticket in found}
    made = hand(session, batch=batch)
    assert made.done_at == START
    assert handing.weigh(turn_of(session, "学工部长"), giver).is_empty
    assert {ticket.assignee_id for ticket in found} == {taker.id}
    assert {ticket.id: (ticket.due_at, ticket.owed_at) for ticket in found} == before  # Limits go along.
    assert directory.holders(session, CLASS, "counselor", START) == [taker]
    assert directory.stand_in(session, person_of(session, "王书记").id, START) == taker
    assert [len(told(session, name, "h:")) for name in ("李雷", "韩梅梅", "林涛")] == [1, 1, 0]
    assert len(told(session, "方老师", "handover:")) == 1
    kinds = session.execute(select(Event.kind).where(Event.ticket_id == found[0].id).order_by(Event.rev)).scalars()
    assert list(kinds) == ["opened", "handed_over"]
    assert "handed_over" in session.execute(select(Audit.verb)).scalars().all()


def test_it_goes_on_where_it_was_stopped(session: Session) -> None:
    fill(session)
    turn = turn_of(session, "学工部长")
    giver, taker = person_of(session, "韩老师"), person_of(session, "方老师")
    first = handing.begin(turn, giver, taker)
    handing.step(turn, first, 1)
    again = handing.begin(turn, giver, taker)
    assert again.id == first.id
    while handing.go_on(turn, again.id):
        pass
    assert handing.weigh(turn, giver).is_empty


def test_it_gives_everything_back_within_a_day(session: Session) -> None:
    found = fill(session)
    giver, taker = person_of(session, "韩老师"), person_of(session, "方老师")
    own = opened(session, "林涛")
    made = hand(session)
    tickets.resolve(turn_of(session, "方老师"), found[0], "办好了")
    turn = turn_of(session, "学工部长", START + DAY / 2)
    while handing.undo(turn, made.id, 1):
        pass
    assert [ticket.assignee_id for ticket in found] == [taker.id, giver.id, giver.id, giver.id]
    assert own.assignee_id == taker.id
    assert directory.holders(session, CLASS, "counselor", START + DAY / 2) == [giver]
    load = handing.weigh(turn, giver)
    assert (load.tickets, load.duties, load.shifts, load.absences) == (3, 1, 2, 1)
    with pytest.raises(Refused, match="too_late"):
        handing.undo(turn_of(session, "学工部长", START + 2 * DAY), made.id)


@pytest.mark.parametrize(
    ("speaker", "to", "key"),
    [("学工部长", "韩老师", "handing.same"), ("学工部长", "李雷", "handing.no_staff"), ("韩老师", "方老师", "handing.not_yours"),
     ("方老师", "方老师", "handing.not_yours"), ("心理主任", "方老师", "handing.not_yours"), ("王书记", "方老师", ""),
     ("学工部长", "后勤老师", "handing.is_away")],
)  # fmt: skip
def test_it_is_done_by_whoever_leads_and_to_somebody_who_is_there(
    session: Session, speaker: str, to: str, key: str
) -> None:
    absences.declare(turn_of(session, "后勤老师"), person_of(session, "后勤老师"), START, START + DAY, None)
    args = person_of(session, "韩老师"), person_of(session, to)
    if key:
        with pytest.raises(Refused) as refused:
            handing.begin(turn_of(session, speaker), *args)
        assert refused.value.key == key
    else:
        assert handing.begin(turn_of(session, speaker), *args).to_id == args[1].id


def test_it_refuses_a_click_on_a_page_from_before_the_handing_over_wf_07(session: Session) -> None:
    found = fill(session)
    hand(session)
    turn = turn_of(session, "韩老师")
    for verb in (tickets.sign, tickets.take, tickets.resolve):
        with pytest.raises(Refused, match="not_found"):
            verb(turn, found[1])
    with pytest.raises(Refused, match="not_found"):
        tickets.reply(turn, found[0], "好的")
    tickets.sign(turn_of(session, "方老师"), found[1])


# -- roles


@pytest.mark.parametrize(
    ("speaker", "to", "path", "role", "leads", "key"),
    [
        ("王书记", "方老师", CLASS, "counselor", False, ""), ("王书记", "方老师", "/sl/cs/", "head", True, ""),
        ("王书记", "方老师", "/sl/wl/", "counselor", False, "roles.not_yours"),
        ("王书记", "方老师", "/sl/none/", "counselor", False, "roles.not_yours"),
        ("韩老师", "方老师", CLASS, "counselor", False, "roles.not_yours"),
        ("王书记", "李雷", CLASS, "counselor", False, "roles.no_staff"),
        ("王书记", "韩老师", CLASS, "counselor", False, "roles.has_it"),
        ("王书记", "方老师", CLASS, "a b", False, "shift.no_role"),
        ("王书记", "方老师", CLASS, "administrator", False, "roles.administrators_only"),
        ("学工部长", "学工部长", "/sl/cs/", "head", True, "roles.administrators_only"),
    ],
)  # fmt: skip
def test_it_lets_whoever_leads_give_roles_there(
    session: Session, speaker: str, to: str, path: str, role: str, leads: bool, key: str
) -> None:
    def give() -> Duty:
        return roles.give(
            turn_of(session, speaker), person_of(session, to), path, role, leads=leads, from_at=START, until_at=None
        )

    if key:
        with pytest.raises(Refused) as refused:
            give()
        assert refused.value.key == key
    else:
        assert give().person_id == person_of(session, to).id
        assert session.execute(select(Audit.verb)).scalars().all() == ["role_given"]


def test_it_ends_a_role_says_what_is_left_behind_and_takes_it_back(session: Session) -> None:
    opened(session, "李雷")
    duty = session.execute(select(Duty).where(Duty.path == CLASS)).scalar_one()
    turn = turn_of(session, "王书记")
    assert roles.left_behind(turn, duty) == 1
    assert roles.end(turn, duty.id, START) == (duty, None)
    assert directory.responsible_for(session, CLASS, "counselor", START) == person_of(session, "值班老师甲")
    with pytest.raises(Refused, match="over"):
        roles.end(turn, duty.id, START)
    assert roles.restore(turn_of(session, "王书记", START + roles.UNDO), duty.id, None).until_at is None
    roles.end(turn, duty.id, START + DAY)
    with pytest.raises(Refused, match="too_late"):
        roles.restore(turn_of(session, "王书记", START + 2 * DAY), duty.id, None)
    with pytest.raises(Refused, match="not_found"):
        roles.end(turn_of(session, "方老师"), duty.id, START)


def test_it_keeps_the_last_administrator(session: Session) -> None:
    duty = add_duty(session, person_of(session, "学工部长"), "/sl/", "administrator", from_at=START - DAY)
    turn = turn_of(session, "学工部长")
    with pytest.raises(Refused, match="last_administrator"):
        roles.end(turn, duty.id, START)
    roles.give(turn, person_of(session, "方老师"), "/sl/", "administrator", leads=False, from_at=START, until_at=None)
    assert roles.end(turn, duty.id, START)[0].until_at == START


# -- the pages' data


def test_it_shows_the_grid_with_vacancies_and_finds_by_name(session: Session) -> None:
    turn = turn_of(session, "王书记")
    page = grid.look(turn, "/sl/cs/")
    assert page is not None
    assert [area.code for area in page.areas] == ["cs2301", "cs2302"]
    assert [holder.name for holder in page.areas[0].holders] == ["韩老师"]
    assert (page.areas[0].students, page.may_edit, page.vacancies) == (2, True, 0) or page.vacancies
    session.execute(select(Duty).where(Duty.path == CLASS)).scalar_one().until_at = START
    bare = grid.look(turn, vacant=True)
    assert bare is not None
    assert ("cs2301", "辅导员") in [(area.code, role) for area in bare.areas for role in area.vacant]
    for words, code in (("物理2301", "wl2301"), ("方老师", "wl2301"), ("Physics", "wl"), ("cs2302", "cs2302")):
        found = grid.look(turn, words=words)
        assert found is not None
        assert code in [area.code for area in found.areas], words
    assert grid.look(turn, "/sl/none/") is None
    with pytest.raises(Refused):
        grid.look(turn_of(session, "李雷"))


def test_it_shows_people_as_far_as_the_reader_arranges_them(session: Session) -> None:
    fill(session)
    for name, may_lead in (("王书记", True), ("韩老师", False), ("方老师", False), ("学工部长", True)):
        shown = people.show(turn_of(session, name), "T001")
        assert shown is not None
        assert (shown.may_lead, shown.may_be_away, bool(shown.areas)) == (
            may_lead, may_lead or name == "韩老师", name in ("王书记", "学工部长", "韩老师"),
        )  # fmt: skip
    assert people.show(turn_of(session, "王书记"), "2023001") is None
    assert [row.number for row in people.find(turn_of(session, "王书记"), "韩老")] == ["T001"]
    assert "2023001" not in [row.number for row in people.find(turn_of(session, "学工部长"), "李雷")]


@pytest.mark.parametrize(
    ("phone", "good"), [("0531-88360000", True), ("", True), ("12", False), ("abc", False), ("1" * 40, False)]
)
def test_it_keeps_a_duty_line(session: Session, phone: str, good: bool) -> None:
    turn = turn_of(session, "王书记")
    if good:
        grid.set_phone(turn, "/sl/cs/", phone)
        assert session.execute(select(Grid.phone).where(Grid.path == "/sl/cs/")).scalar_one() == phone
    else:
        with pytest.raises(Refused, match="bad_phone"):
            grid.set_phone(turn, "/sl/cs/", phone)
    with pytest.raises(Refused, match="not_yours"):
        grid.set_phone(turn, "/sl/wl/", phone)


# -- live for chosen colleges, and the second tree


def made(**more: Any) -> Catalogue:
    body = {"title": "开证明", "prefix": "ZM", "fields": [{"key": "what", "ask": "什么？", "type": "text"}], **more}
    return Catalogue([*ITEMS.values(), catalogue.made("proof", body)])


def test_it_is_live_for_chosen_colleges_and_says_how_it_is_done_elsewhere(session: Session) -> None:
    school = make_school(made(live_for=["cs"], elsewhere={"zh": "到学院办公室 203 盖章。"}))
    item = school.catalogue.items["proof"]
    assert tickets.open_ticket(turn_of(session, "李雷", school=school), item, {"what": "在读"}).is_open
    turn = turn_of(session, "林涛", school=school)
    with pytest.raises(Refused) as refused:
        tickets.open_ticket(turn, item, {"what": "在读"})
    said = turn.say(refused.value.key, **refused.value.values)
    assert all(words in said for words in ("203", "方老师", "开证明"))
    assert [live.is_live(item, person_of(session, name)) for name in ("李雷", "林涛", "韩老师")] == [True, False, True]
    assert not live.is_live(item, None)
    for aspect in ("limits", "who", "how"):
        assert "203" in str(rule_answers.answer(turn, item, aspect, "开证明怎么办"))
        assert "203" not in str(
            rule_answers.answer(turn_of(session, "李雷", school=school), item, aspect, "开证明怎么办")
        )
    labels = [choice.label for choice in student.services(turn, 9)]
    assert "开证明（本院暂未开通）" in labels
    assert "开证明" in [choice.label for choice in student.services(turn_of(session, "李雷", school=school), 9)]


@pytest.mark.parametrize(
    "wrong", [{"elsewhere": "去窗口"}, {"live_for": ["a b"]}, {"live_for": ["cs"], "hidden": True}, {"live_for": "cs"}]
)
def test_it_knows_what_cannot_be_said_of_colleges(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        made(**wrong)


def test_it_takes_a_residential_matter_to_the_keeper_of_the_building(session: Session) -> None:
    for level, code, path in (
        ("community", "east", "/sl/east/"),
        ("building", "e1", "/sl/east/e1/"),
        ("floor", "e1-2", "/sl/east/e1/e1-2/"),
    ):
        session.add(Grid(id=new_id(START), tree="residential", level=level, code=code, name=code, path=path))
    session.flush()
    keeper = builders.add_person(session, builders.Role("T300", "董阿姨", "Ms Dong"))
    add_duty(session, keeper, "/sl/east/e1/", "keeper")
    person_of(session, "李雷").residential_path = "/sl/east/e1/e1-2/"
    school = make_school(made(tree="residential", answers_by="keeper"))
    ticket = tickets.open_ticket(
        turn_of(session, "李雷", school=school), school.catalogue.items["proof"], {"what": "换床"}
    )
    assert (ticket.path, ticket.assignee_id) == ("/sl/east/e1/e1-2/", keeper.id)
    person_of(session, "韩梅梅").residential_path = "/sl/east/e1/e1-2/"
    other = tickets.open_ticket(turn_of(session, "韩梅梅"), ITEMS["consult"], {"words": "问一下"})
    assert (other.path, session.get_one(Person, other.assignee_id).name) == (CLASS, "韩老师")
