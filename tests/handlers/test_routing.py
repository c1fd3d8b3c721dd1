"""Routes by the answers: another office or role, what stays where it was, and what the roster and the file lack for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy.orm import Session

from handlers import foreseen, tickets
from handlers.roster_gaps import find_gaps
from models.base import new_id
from models.grid import Grid
from models.item import Item
from models.ticket import Ticket
from tests.builders import START, add_duty, own_catalogue, person_of, turn_of

NETWORK: dict[str, Any] = {"what": "network", "where": "东园1号楼203", "detail": "断网了"}
WATER = NETWORK | {"what": "water"}
BY_ROLE = {"when": {"field": "what", "one_of": ["network"]}, "answers_by": "head"}


def center(session: Session) -> None:
    """Put the network centre on the roster, with 方老师 as its officer."""
    session.add(Grid(
        id=new_id(START), tree="office", level="office", code="network-center", name="网络中心", name_en="Network",
        path="/sl/network-center/",
    ))  # fmt: skip
    session.flush()
    add_duty(session, person_of(session, "方老师"), "/sl/network-center/", "officer", from_at=START - timedelta(days=1))


def repair(**other: Any) -> Item:
    usual = own_catalogue().items["dorm-repair"]
    return Item.model_validate(usual.body() | {"slug": usual.slug} | other)


def opened(session: Session, answers: dict[str, Any], item: Item | None = None) -> Ticket:
    return tickets.open_ticket(turn_of(session, "李雷"), item or repair(), dict(answers))


def test_it_goes_to_the_office_that_the_answers_name(session: Session) -> None:
    center(session)
    ticket, usual = opened(session, NETWORK), opened(session, WATER)
    assert (ticket.path, ticket.assignee_id) == ("/sl/network-center/", person_of(session, "方老师").id)
    assert (usual.path, usual.assignee_id) == ("/sl/logistics/", person_of(session, "后勤老师").id)


def test_it_stays_where_it_was_without_that_office(session: Session) -> None:
    ticket = opened(session, NETWORK)
    assert (ticket.path, ticket.assignee_id) == ("/sl/logistics/", person_of(session, "后勤老师").id)


def test_it_goes_to_another_role_of_the_same_place(session: Session) -> None:
    add_duty(session, person_of(session, "王书记"), "/sl/logistics/", "head", from_at=START - timedelta(days=1))
    ticket = opened(session, NETWORK, repair(route=[BY_ROLE]))
    assert (ticket.path, ticket.assignee_id) == ("/sl/logistics/", person_of(session, "王书记").id)


def test_it_foresees_what_opening_does(session: Session) -> None:
    center(session)
    turn, item = turn_of(session, "李雷"), repair()
    for answers, name in ((NETWORK, "方老师"), (WATER, "后勤老师")):
        path = tickets.place(turn, item, answers)
        assert foreseen.responsible(turn, item, path, answers) == person_of(session, name)


@pytest.mark.parametrize(
    ("route", "gaps"),
    [({"office": "network-center"}, ["route"]), ({"office": "network-center", "optional": True}, []),
     ({"office": "psych"}, ["office_role"]), ({"answers_by": "nobody"}, ["answers_nobody"])],
)  # fmt: skip
def test_it_tells_what_the_roster_lacks_for_a_route(session: Session, route: dict[str, Any], gaps: list[str]) -> None:
    item = repair(route=[{"when": BY_ROLE["when"]} | route])
    found = [gap for gap in find_gaps(session, [item], START, "zh") if gap.where == "dorm-repair.route"]
    assert [gap.key for gap in found] == gaps
    assert all(gap.what("zh") and gap.remedy("en") for gap in found)


@pytest.mark.parametrize(
    ("other", "kind"),
    [({"route": [{"when": BY_ROLE["when"]}]}, "item_route"), ({"route": [BY_ROLE], "approval": [{"role": "officer"}]}, "item_route_chain"),
     ({"route": [BY_ROLE | {"when": {"field": "colour", "one_of": ["red"]}}]}, "item_when_field"),
     ({"route": [BY_ROLE], "fields": [{"key": "what", "type": "text", "ask": "?", "sensitive": True}]}, "item_tag_sealed")],
)  # fmt: skip
def test_it_refuses_routes_that_cannot_be(other: dict[str, Any], kind: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        repair(**other)
    assert [error["type"] for error in wrong.value.errors()] == [kind]
