"""Roles given and ended by whoever leads there, areas with their vacancies, and what the pages show of both."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import directory, roles
from handlers.views import grid
from models.grid import Duty, Grid
from models.message import Refused
from models.meta import Audit
from tests.builders import START, add_duty, person_of, turn_of
from tests.handlers.holding import CLASS, DAY, opened

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
