"""Chains of signatures: side by side, copies, who signs for whom, handing on, sending back, planning anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import cards, directory, notices, signing, tickets
from handlers.catalogue import Catalogue, made
from handlers.turn import School, Turn
from handlers.views import ticket as page
from models.absence import Absence
from models.base import new_id
from models.db import seal_of
from models.message import Refused, unpack
from models.person import Person
from models.ticket import Approval, Status, Ticket
from tests import builders
from tests.builders import START, Role, add_duty, add_person, own_catalogue, person_of, turn_of

LATER = START + timedelta(minutes=1)
FIELDS: list[dict[str, Any]] = [
    {"key": "days", "type": "number", "ask": {"zh": "几天？", "en": "Days?"}},
    {"key": "where", "type": "choice", "ask": {"zh": "去哪？", "en": "Where?"}, "options": ["city", "far"]},
]
TWO: list[dict[str, Any]] = [
    {"role": "counselor"},
    {"role": "deputy-secretary", "order": 2},
    {"role": "teaching", "order": 2},
]
COPY: list[dict[str, Any]] = [
    {"role": "counselor"},
    {"role": "registrar", "kind": "inform", "when": {"field": "days", "over": 3}},
]


def school_of(chain: Sequence[dict[str, Any]]) -> School:
    """A school with one item of its own that has this chain."""
    item = made("trip", {
        "title": {"zh": "外出", "en": "Trip"}, "prefix": "WC", "limits": {"resolve": "2d"}, "fields": FIELDS,
        "approval": list(chain),
    })  # fmt: skip
    return builders.make_school(Catalogue([*own_catalogue().items.values(), item]))


class Case:
    """One ticket with a chain, and those who sign it: 李院长 (teaching) and 陈老师 (registrar) beside the fixed cast."""

    def __init__(self, session: Session, chain: Sequence[dict[str, Any]], days: float = 5, where: str = "far") -> None:
        self.session, self.school = session, school_of(chain)
        self.school.catalogue.record(session, START)
        for number, name, role, path in (
            ("T021", "李院长", "teaching", "/sl/cs/"), ("T022", "陈老师", "registrar", "/sl/"), ("T023", "赵老师", "counselor", "/sl/cs/cs2301/"),
        ):  # fmt: skip
            add_duty(
                session, add_person(session, Role(number, name, name)), path, role, from_at=START - timedelta(days=1)
            )
        self.open(days, where)

    def open(self, days: float = 5, where: str = "far") -> None:
        self.session.info["posted"] = []
        item = self.school.catalogue.items["trip"]
        self.ticket = tickets.open_ticket(self.by("李雷"), item, {"days": days, "where": where})

    def by(self, name: str) -> Turn:
        return turn_of(self.session, name, LATER, school=self.school)

    def sign(self, name: str) -> None:
        tickets.sign(self.by(name), self.ticket)

    def refusal(self, name: str, verb: str = "sign", *words: Any) -> str:
        with pytest.raises(Refused) as caught:
            getattr(tickets, verb)(self.by(name), self.ticket, *words)
        return caught.value.key

    @property
    def kinds(self) -> list[str]:
        return [event.kind for event in tickets.events_of(self.by("李雷"), self.ticket)]

    def told(self) -> set[str]:
        """Who was told something since the last look."""
        accounts = {row["account_id"] for row in self.session.info.get("posted", [])}
        self.session.info["posted"] = []
        people = self.session.execute(select(Person)).scalars()
        return {each.name for each in people if directory.address(self.session, each, LATER).id in accounts}

    def marks(self) -> list[str]:
        return [
            ("●" if mark.done else "○") + mark.label
            for mark in cards.card(self.by("李雷"), self.ticket, staff=False).marks
        ]

    def stands(self) -> list[Any]:
        lines = self.session.execute(
            select(Approval).where(Approval.ticket_id == self.ticket.id, Approval.void_rev.is_(None))
        ).scalars()
        rows = sorted((line.step, line.place, line.decision, line.person_id or "", line.to_id or "") for line in lines)
        return [self.ticket.status, self.ticket.assignee_id, *rows]


def test_it_asks_all_of_a_joint_step_and_is_through_when_all_agree(session: Session) -> None:
    case = Case(session, TWO)
    assert case.marks() == ["●已提交", "○韩老师审批", "○王书记审批（会签）", "○李院长审批（会签）"]
    case.told()
    case.sign("韩老师")
    assert case.told() == {"李雷", "王书记", "李院长"}
    assert case.refusal("韩老师") == "signing.yours"
    case.sign("李院长")
    assert "还等王书记" in cards.state(case.by("李雷"), case.ticket).replace("等王书记审批", "还等王书记")
    assert case.marks() == ["●已提交", "●韩老师已同意", "●李院长已同意", "○王书记审批"]
    assert case.ticket.assignee_id == person_of(session, "王书记").id
    case.sign("王书记")
    assert (case.ticket.status, case.ticket.resolution) == ("resolved", "approved")
    assert case.kinds == ["opened", "invited", "signed", "cosigned", "approved"]
    # People read the decision first, and everybody whom it goes to.
    turn = case.by("李雷")
    told = notices.timeline(turn, case.ticket, tickets.events_of(turn, case.ticket), staff=False).split("\n")
    assert [line.rpartition(" ")[2].removeprefix("· ") for line in told][1:3] == [
        "韩老师同意，转王书记、李院长",
        "请李院长会签",
    ]


def test_it_reminds_and_tells_everybody_who_signs_side_by_side(session: Session) -> None:
    case = Case(session, TWO)
    case.sign("韩老师")
    case.told()
    tickets.add(case.by("李雷"), case.ticket, "我还带了证明")
    assert case.told() == {"王书记", "李院长"}
    tickets.remind(turn_of(session, None, LATER, school=case.school), case.ticket, "remind:respond:0:0")
    assert case.told() == {"王书记", "李院长"}


def test_it_is_through_when_any_one_of_a_step_agrees_and_spares_the_others(session: Session) -> None:
    chain = [{"role": "deputy-secretary", "order": 1, "mode": "any"}, {"role": "teaching", "order": 1, "mode": "any"}]
    case = Case(session, chain)
    assert case.marks() == ["●已提交", "○王书记或李院长审批"]
    case.sign("李院长")
    assert case.ticket.resolution == "approved"
    assert case.marks() == ["●已提交", "●李院长已同意"]
    assert case.refusal("王书记") == "signing.decided"


def test_it_refuses_by_one_refusal_and_names_whoever_refused(session: Session) -> None:
    case = Case(session, TWO)
    case.sign("韩老师")
    tickets.refuse(case.by("李院长"), case.ticket, "有考试")
    assert case.ticket.resolution == "refused"
    with pytest.raises(Refused, match=r"signing\.decided") as caught:
        case.sign("王书记")
    assert (caught.value.values["name"], caught.value.values["did"]) == ("李院长", "不同意")


def test_it_gives_a_joint_signature_by_two_people(session: Session) -> None:
    case = Case(session, TWO)
    case.sign("韩老师")
    case.sign("学工部长")  # He leads above and steps in for one of the two, not for both.
    assert case.refusal("学工部长") == "signing.yours"


def test_it_sends_copies_that_decide_nothing_and_show_nothing_sealed(session: Session) -> None:
    case = Case(session, COPY)
    assert case.marks() == ["●已提交", "○韩老师审批", "○备案：陈老师"]
    case.told()
    case.sign("韩老师")
    assert case.told() == {"李雷", "陈老师"}
    assert case.kinds == ["opened", "informed", "approved"]
    assert case.marks()[-1] == "●备案：陈老师"
    assert not cards.entitled(case.by("陈老师"), case.ticket)
    assert case.refusal("陈老师") == "signing.decided"
    case.open(days=2)
    case.sign("韩老师")
    assert case.kinds == ["opened", "approved"], "the copy is sent for more than three days only"


def test_it_registers_at_once_what_nobody_has_to_decide(session: Session) -> None:
    case = Case(session, [{"role": "counselor", "kind": "inform"}])
    assert (case.ticket.status, case.ticket.resolution) == ("resolved", "approved")
    assert case.kinds == ["opened", "approved", "informed"]


def test_it_counts_conditions_over_a_joint_step(session: Session) -> None:
    far = {"all": [{"field": "days", "over": 3}, {"field": "where", "one_of": ["far"]}]}
    case = Case(session, [{"role": "counselor"}, {"role": "deputy-secretary", "when": far}], days=4)
    assert len(signing.steps(case.by("李雷"), case.ticket)) == 2
    case.open(4, "city")
    assert len(signing.steps(case.by("李雷"), case.ticket)) == 1
    case.open(3, "far")
    assert len(signing.steps(case.by("李雷"), case.ticket)) == 1


# -- whose signature it is


def test_it_never_asks_whoever_the_matter_is_about(session: Session) -> None:
    case = Case(session, [{"role": "counselor"}, {"role": "deputy-secretary"}])
    head = person_of(session, "王书记")
    item = case.school.catalogue.items["trip"]
    case.ticket = tickets.open_ticket(
        Turn(session, case.school, START, START, None, head), item, {"days": 1, "where": "city"}
    )
    case.ticket.path = "/sl/cs/cs2301/"
    case.sign("韩老师")
    assert case.ticket.assignee_id == person_of(session, "学工部长").id
    assert "passed_up" in case.kinds
    assert case.refusal("王书记") in ("ticket.not_found", "ticket.not_yours_to_sign")


def test_it_climbs_with_a_word_where_nobody_holds_the_role(session: Session) -> None:
    case = Case(session, [{"role": "counselor"}, {"role": "dean"}])
    case.sign("韩老师")
    assert case.kinds == ["opened", "climbed", "signed"]
    assert case.ticket.assignee_id == person_of(session, "王书记").id
    case.sign("王书记")
    assert case.ticket.resolution == "approved"


def test_it_asks_whoever_stands_in_for_a_signer_that_is_away(session: Session) -> None:
    case = Case(session, [{"role": "counselor"}, {"role": "deputy-secretary"}])
    away, acting = person_of(session, "王书记"), person_of(session, "李院长")
    session.add(Absence(id=new_id(START), person_id=away.id, from_at=START, until_at=START + timedelta(days=3),
                        stand_in_id=acting.id, reason="trip", by_id=away.id, at=START))  # fmt: skip
    session.flush()
    case.sign("韩老师")
    assert case.kinds == ["opened", "stood_in", "signed"]
    assert case.ticket.assignee_id == acting.id
    case.sign("李院长")
    assert case.ticket.resolution == "approved"


# -- what is shown


def test_it_shows_the_chain_on_the_page_of_the_ticket(session: Session) -> None:
    case = Case(session, [*TWO, {"role": "registrar", "kind": "inform"}])
    case.sign("韩老师")
    shown = page.show(case.by("王书记"), case.ticket.number)
    assert shown is not None
    assert [(step.number, step.name, step.decision, step.is_next, step.beside, step.is_copy) for step in shown.steps] == [
        (1, "韩老师", "signed", False, 1, False), (2, "王书记", "", True, 2, False), (2, "李院长", "", True, 2, False),
        (3, "陈老师", "", False, 1, True),
    ]  # fmt: skip


def test_it_says_before_handing_in_whose_signatures_are_needed(session: Session) -> None:
    case = Case(session, [*TWO, {"role": "registrar", "kind": "inform"}])
    turn = case.by("李雷")
    said = signing.chain(turn, case.school.catalogue.items["trip"], "/sl/cs/cs2301/", {"days": 5, "where": "far"})
    assert said == "这件事要逐级审批：先由赵老师审批，再由王书记、李院长会签（都要同意）。\n同时报陈老师备案。"


def test_it_lists_a_joint_signature_for_everybody_whose_it_is(session: Session) -> None:
    from handlers import lists

    case = Case(session, TWO)
    case.sign("韩老师")
    for name in ("王书记", "李院长"):
        assert case.ticket.number in str(lists.waiting(case.by(name)).choices)
    assert case.ticket.status == Status.in_progress
    assert isinstance(case.ticket, Ticket)


def test_it_names_the_last_signer_in_the_very_notice_of_the_signature(session: Session) -> None:
    case = Case(
        session, [{"role": "counselor"}, {"role": "deputy-secretary", "order": 2}, {"role": "teaching", "order": 3}]
    )
    case.sign("韩老师")
    session.info["posted"] = []
    case.sign("王书记")
    seal = seal_of(session)
    bodies = [seal.open(f"outbox.body:{row['id']}", row["body"]) for row in session.info["posted"]]
    notices = [reply for body in bodies for reply in unpack(body)]
    assert [reply.card is not None and "状态：王书记已同意，等李院长审批" in reply.card.lines for reply in notices] == [
        True,
        True,
    ]
    assert [line.decided_rev for line in signing.steps(case.by("李雷"), case.ticket)] == [2, 3, None]
