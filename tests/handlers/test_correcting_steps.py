"""Correcting (更正) in a chain of signatures: one's own step anew, those after it anew, and whom it spares."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from handlers import tickets
from models.correction import superseded
from models.message import Refused
from tests import builders
from tests.builders import START
from tests.handlers.correcting import by, correct, leave, question
from tests.handlers.test_signing import TWO, Case


def fix(case: Case, name: str, to: str) -> None:
    tickets.correct(case.by(name), case.ticket, to, "看错了")
    case.session.flush()


def test_it_decides_its_own_step_anew_and_tells_those_who_signed_later(session: Session) -> None:
    case = Case(session, TWO)
    for name in ("韩老师", "王书记", "李院长"):
        case.sign(name)
    assert case.ticket.resolution == "approved"
    case.told()
    fix(case, "韩老师", "refuse")
    assert (case.ticket.status, case.ticket.resolution) == ("resolved", "refused")
    assert case.told() == {"李雷", "王书记", "李院长"}
    assert case.marks() == ["●已提交", "●未同意"]
    events = tickets.events_of(case.by("李雷"), case.ticket)
    assert superseded(events) == {event.rev for event in events if event.kind in ("signed", "cosigned", "approved")}


def test_it_asks_the_steps_after_it_anew(session: Session) -> None:
    case = Case(session, TWO)
    case.sign("韩老师")
    tickets.refuse(case.by("王书记"), case.ticket, "课太多")
    assert case.refusal("韩老师", "correct", "sign", "看错了") == "correct.not_yours"
    case.told()
    fix(case, "王书记", "sign")
    assert case.told() == {"李雷", "李院长"}
    assert case.marks() == ["●已提交", "●韩老师已同意", "●王书记已同意", "○李院长审批"]
    assert case.refusal("王书记") == "signing.yours"
    case.sign("李院长")
    assert case.ticket.resolution == "approved"
    fix(case, "李院长", "ask")
    assert case.stands()[0] == "waiting"
    assert case.marks() == ["●已提交", "●韩老师已同意", "●王书记已同意", "○李院长审批"]
    case.sign("李院长")
    assert case.ticket.resolution == "approved"


def test_it_corrects_a_step_before_the_chain_is_through(session: Session) -> None:
    case = Case(session, [{"role": "counselor"}, {"role": "deputy-secretary"}])
    case.sign("韩老师")
    case.told()
    fix(case, "韩老师", "refuse")
    assert case.told() == {"李雷", "王书记"}, "who was asked for a signature hears that it is needed no more"
    assert case.refusal("王书记") == "signing.decided"
    fix(case, "韩老师", "sign")
    assert case.told() == {"李雷", "王书记"}
    assert case.ticket.assignee_id == builders.person_of(session, "王书记").id
    case.sign("王书记")
    assert case.ticket.resolution == "approved"
    assert case.kinds[1:] == ["signed", "corrected", "refused", "corrected", "signed", "approved"]


def test_it_spares_the_others_of_a_step_of_which_any_one_decides_and_sends_copies_again(session: Session) -> None:
    chain = [
        {"role": "deputy-secretary", "order": 1, "mode": "any"}, {"role": "teaching", "order": 1, "mode": "any"},
        {"role": "registrar", "order": 2, "kind": "inform"},
    ]  # fmt: skip
    case = Case(session, chain)
    case.sign("李院长")
    case.told()
    fix(case, "李院长", "refuse")
    assert case.told() == {"李雷", "陈老师"}, "who got a copy hears that it does not count"
    fix(case, "李院长", "sign")
    assert case.told() == {"李雷", "陈老师"}
    assert case.ticket.resolution == "approved"


def test_it_is_corrected_again_and_not_undone(session: Session) -> None:
    ticket, asked = leave(session), question(session)
    tickets.sign(by(session, "韩老师", START), ticket)
    tickets.take(by(session, "韩老师"), asked)
    correct(session, ticket, "refuse")
    newest = tickets.newest_of(by(session, "韩老师"))
    assert newest is not None
    assert newest.ticket_id == ticket.id, "never something else instead"
    with pytest.raises(Refused, match=r"undo\.corrected"):
        tickets.undo(by(session, "韩老师"), ticket)
    correct(session, ticket, "sign")
    assert ticket.back_at is not None
    case = Case(session, TWO)
    case.sign("韩老师")
    fix(case, "韩老师", "refuse")
    fix(case, "韩老师", "sign")
    before = case.stands()
    case.sign("李院长")
    tickets.undo(case.by("李院长"), case.ticket)
    assert case.stands() == before
