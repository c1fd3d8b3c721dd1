"""Items that are live in some colleges only, or answered for by the keeper of a building."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy.orm import Session

from handlers import catalogue, live, rule_answers, student, tickets
from handlers.catalogue import Catalogue
from models.base import new_id
from models.grid import Grid
from models.message import Refused
from models.person import Person
from tests import builders
from tests.builders import START, add_duty, make_school, person_of, turn_of
from tests.handlers.holding import CLASS, ITEMS


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
