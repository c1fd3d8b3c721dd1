"""Each signature of a chain is another person's and is looked for where its role lies; nobody approves what is their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import access, approvals, cards, handing, signing, tickets
from handlers.catalogue import Catalogue, made
from handlers.turn import School, Turn
from handlers.views import inbox_reach
from models.base import new_id
from models.chain import Signature
from models.grid import Grid
from models.message import Refused
from models.person import Person
from models.ticket import Approval, Event, Ticket
from tests import builders
from tests.builders import START, Role, add_duty, add_person, be_away, own_catalogue, person_of, turn_of

LATER, DAY = START + timedelta(minutes=1), timedelta(days=1)
JOINT = [{"role": "counselor", "order": 1}, {"role": "keeper", "order": 1}]
SERIAL = [{"role": "counselor"}, {"role": "deputy-secretary"}]


def school_of(chain: Sequence[dict[str, Any]], tree: str = "academic") -> School:
    item = made("night", {
        "title": {"zh": "外宿", "en": "Night"}, "prefix": "WS", "limits": {"resolve": "2d"}, "tree": tree,
        "answers_by": chain[0]["role"], "approval": list(chain),
        "fields": [{"key": "who", "type": "people", "ask": {"zh": "谁？", "en": "Who?"}, "required": False}],
    })  # fmt: skip
    return builders.make_school(Catalogue([*own_catalogue().items.values(), item]))


def house(session: Session) -> None:
    """A building with its keeper 董阿姨 and who leads its community, 苏老师; 李雷 lives there."""
    for path in ("/sl/east/", "/sl/east/e1/", "/sl/east/e1/301/"):
        code = path.rstrip("/").rpartition("/")[2]
        session.add(Grid(id=new_id(START), tree="residential", level="building", code=code, name=code, path=path))
    session.flush()
    person_of(session, "李雷").residential_path = "/sl/east/e1/301/"
    for number, name, path, role, leads in (
        ("T101", "董阿姨", "/sl/east/e1/", "keeper", False), ("T102", "苏老师", "/sl/east/", "community-head", True),
    ):  # fmt: skip
        person = add_person(session, Role(number, name, name))
        add_duty(session, person, path, role, leads=leads, from_at=START - DAY)
    session.flush()


class Case:
    """One ticket with a chain."""

    def __init__(
        self, session: Session, chain: Sequence[dict[str, Any]], tree: str = "academic", who: str = "李雷"
    ) -> None:
        self.session, self.school = session, school_of(chain, tree)
        self.school.catalogue.record(session, START)
        self.ticket = tickets.open_ticket(self.by(who), self.school.catalogue.items["night"], {})

    def by(self, name: str) -> Turn:
        return turn_of(self.session, name, LATER, school=self.school)

    @property
    def asked(self) -> list[str]:
        return [self.name(line.to_id) for line in signing.current(signing.steps(self.by("李雷"), self.ticket))]

    def name(self, person_id: str | None) -> str:
        person = self.session.get(Person, person_id) if person_id else None
        return person.name if person else ""

    def sees(self, who: str) -> set[bool]:
        person, values = person_of(self.session, who), {"person": person_of(self.session, who).id, "now": LATER}
        ways = (
            select(Ticket.id).where(access.visible(self.session, person, LATER)), select(Ticket.id).where(access.REACHED),
            inbox_reach.of(self.by(who)).live(), inbox_reach.of(self.by(who)).past(),
        )  # fmt: skip
        found = {self.ticket.id in set(self.session.execute(each, values).scalars()) for each in ways}
        return found | {access.may_act(self.session, person, self.ticket, LATER)}

    def refusal(self, name: str, verb: str = "sign", *words: Any) -> str:
        with pytest.raises(Refused) as caught:
            getattr(tickets, verb)(self.by(name), self.ticket, *words)
        return caught.value.key


@pytest.mark.parametrize(
    "keeper", [{"role": "keeper", "order": 1}, {"role": "keeper", "order": 1, "tree": "residential"}]
)
def test_it_asks_the_keeper_beside_the_counselor(session: Session, keeper: dict[str, Any]) -> None:
    house(session)
    case = Case(session, [JOINT[0], keeper])
    assert case.asked == ["韩老师", "董阿姨"]
    assert case.sees("董阿姨") == case.sees("韩老师") == {True}
    assert case.sees("苏老师") == {False}
    assert cards.staff_verbs(case.by("董阿姨"), case.ticket, person_of(session, "董阿姨"))[0] == "sign"
    assert "韩老师" in signing.chain(case.by("李雷"), case.school.catalogue.items["night"], case.ticket.path, {})
    assert "董阿姨" in signing.chain(case.by("李雷"), case.school.catalogue.items["night"], case.ticket.path, {})
    tickets.sign(case.by("董阿姨"), case.ticket)
    tickets.sign(case.by("韩老师"), case.ticket)
    assert case.ticket.resolution == "approved"
    assert access.may_act(session, person_of(session, "董阿姨"), case.ticket, LATER)


def test_it_asks_the_counselor_of_what_stands_in_a_dormitory(session: Session) -> None:
    house(session)
    case = Case(session, [{"role": "keeper"}, {"role": "counselor"}], "residential")
    assert (case.ticket.path, case.asked) == ("/sl/east/e1/301/", ["董阿姨"])
    assert case.sees("韩老师") == {False}
    tickets.sign(case.by("董阿姨"), case.ticket)
    assert case.asked == ["韩老师"]
    assert case.sees("韩老师") == {True}
    tickets.sign(case.by("韩老师"), case.ticket)
    assert case.ticket.resolution == "approved"


def test_it_climbs_in_the_tree_of_the_signature(session: Session) -> None:
    house(session)
    be_away(session, "董阿姨", "韩老师")  # Stands in, and signs for herself already.
    case = Case(session, JOINT)
    assert case.asked == ["韩老师", "苏老师"]
    assert case.sees("苏老师") == {True}
    assert (
        "second_signer" in session.execute(select(Event.kind).where(Event.ticket_id == case.ticket.id)).scalars().all()
    )


def test_it_lets_nobody_sign_two_steps_of_one_chain(session: Session) -> None:
    add_duty(session, person_of(session, "韩老师"), "/sl/cs/cs2301/", "deputy-secretary", from_at=START - DAY)
    case = Case(session, SERIAL)
    assert case.asked == ["韩老师"]
    tickets.sign(case.by("韩老师"), case.ticket)
    assert case.asked == ["王书记"]  # The same role further up, by another person.
    assert case.refusal("韩老师") == "signing.yours"
    assert case.refusal("王书记", "delegate", person_of(session, "韩老师")) == "signing.not_to"
    tickets.sign(case.by("王书记"), case.ticket)
    assert {line.person_id for line in signing.steps(case.by("李雷"), case.ticket)} == {
        person_of(session, each).id for each in ("韩老师", "王书记")
    }


def test_it_leaves_the_next_step_to_another_than_who_stepped_in(session: Session) -> None:
    case = Case(session, SERIAL)
    tickets.sign(case.by("王书记"), case.ticket)  # Leads above, and steps in for the counselor.
    assert case.asked == ["学工部长"]
    assert case.refusal("王书记") == "signing.yours"


def test_it_hands_no_signature_to_who_signs_beside(session: Session) -> None:
    house(session)
    case = Case(session, JOINT)
    assert case.refusal("韩老师", "delegate", person_of(session, "董阿姨")) == "signing.not_to"


def test_it_takes_the_same_person_where_any_one_decides(session: Session) -> None:
    add_duty(session, person_of(session, "韩老师"), "/sl/cs/cs2301/", "tutor", from_at=START - DAY)
    case = Case(
        session, [{"role": "counselor", "order": 1, "mode": "any"}, {"role": "tutor", "order": 1, "mode": "any"}]
    )
    assert case.asked == ["韩老师", "韩老师"]
    tickets.sign(case.by("韩老师"), case.ticket)
    assert case.ticket.resolution == "approved"


def test_it_takes_a_tree_of_students_only() -> None:
    assert Signature(role="keeper", tree="residential").tree == "residential"
    with pytest.raises(ValueError, match="tree"):
        Signature.model_validate({"role": "keeper", "tree": "office"})


# -- nobody approves what is their own


def own_leave(session: Session) -> Case:
    """韩老师 asks for something that the counselor of her own class signs, which she is."""
    person_of(session, "韩老师").academic_path = "/sl/cs/cs2301/"
    return Case(session, SERIAL, who="韩老师")


def test_it_is_not_asked_of_who_asks_for_it_by_any_way(session: Session) -> None:
    case = own_leave(session)
    assert case.asked == ["王书记"]
    be_away(session, "王书记", "韩老师")  # Stands in for whoever decides.
    assert case.refusal("韩老师") == "ticket.not_found"
    assert case.refusal("王书记", "delegate", person_of(session, "韩老师")) == "signing.not_to"
    assert case.refusal("王书记", "transfer", person_of(session, "韩老师")) in ("transfer.concerned", "signing.not_to")
    again = own_leave(session)
    assert "韩老师" not in again.asked
    assert approvals.approve(case.by("韩老师"), [approvals.Pick(case.ticket.id, case.ticket.rev)]).approved == ()


def test_it_is_not_handed_over_to_who_asks_for_it(session: Session) -> None:
    case = own_leave(session)
    add_duty(session, person_of(session, "学工部长"), "/sl/", "administrator", from_at=START - DAY)
    turn = case.by("学工部长")
    handover = handing.begin(turn, person_of(session, "王书记"), person_of(session, "韩老师"))
    while handing.step(turn, handover):
        pass
    assert case.name(case.ticket.assignee_id) == "学工部长"
    assert case.refusal("韩老师") == "ticket.not_found"


def test_it_is_signed_by_nobody_who_stands_on_the_list_or_is_added_to_it(session: Session) -> None:
    case = Case(session, SERIAL)
    item = case.school.catalogue.items["night"]
    listed = tickets.open_ticket(case.by("李雷"), item, {"who": ["T001", "2023002"]})
    assert case.name(listed.assignee_id) == "王书记"
    assert not signing.may_sign(
        case.by("韩老师"), listed, signing.steps(case.by("李雷"), listed)[0], person_of(session, "韩老师")
    )
    be_away(session, "王书记", "韩老师")
    line = session.execute(select(Approval).where(Approval.ticket_id == listed.id)).scalars().first()
    assert line is not None
    assert not signing.may_sign(case.by("韩老师"), listed, line, person_of(session, "韩老师"))
    later = Case(session, SERIAL)
    line = signing.steps(later.by("李雷"), later.ticket)[0]
    line.to_id = later.ticket.assignee_id = person_of(session, "韩老师").id
    tickets.amend(later.by("李雷"), later.ticket, {"who": ["T001"]})
    assert "韩老师" not in later.asked
    assert later.name(later.ticket.assignee_id) == later.asked[0]


def test_it_names_nobody_twice_in_the_first_line_of_progress(session: Session) -> None:
    """Who holds two of the roles to come is asked once, and the next one above for the other: so the marks say from the start."""
    add_duty(session, person_of(session, "王书记"), "/sl/cs/", "dean", from_at=START - DAY)
    head = add_person(session, Role("T109", "高校长", "高校长"))
    add_duty(session, head, "/sl/", "president", leads=True, from_at=START - DAY)
    session.flush()
    case = Case(session, [{"role": "counselor"}, {"role": "deputy-secretary"}, {"role": "dean"}])
    turn = case.by("李雷")
    first = [mark.label for mark in cards.card(turn, case.ticket, staff=False).marks]
    said = signing.chain(turn, case.school.catalogue.items["night"], case.ticket.path, {})
    assert sum("王书记" in label for label in first) == 1, first
    assert said.count("王书记") == 1
    tickets.sign(case.by("韩老师"), case.ticket)
    tickets.sign(case.by("王书记"), case.ticket)
    (third,) = case.asked
    assert sum(third in label for label in first) == 1, (third, first)
