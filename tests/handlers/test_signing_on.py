"""A chain of signatures that does not go straight on: handed on, sent back, taken back, or planned anew for other answers."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from handlers import handing_on, signing, staff, tickets
from handlers.talks import Talk
from models.message import Refused
from tests.builders import be_away, person_of
from tests.handlers.test_signing import COPY, TWO, Case

# -- handing on and sending back


def test_it_hands_a_signature_on_to_somebody_who_may_give_it(session: Session) -> None:
    case = Case(session, TWO)
    case.sign("韩老师")
    case.told()
    turn = case.by("王书记")
    assert case.refusal("王书记", "delegate", person_of(session, "方老师")) == "signing.not_to"
    tickets.delegate(turn, case.ticket, person_of(session, "学工部长"), "我出差")
    assert case.told() == {"学工部长", "李雷"}
    case.sign("学工部长")
    assert case.marks() == ["●已提交", "●韩老师已同意", "●学工部长已同意", "○李院长审批"]


def test_it_reads_to_whom_a_signature_is_handed_in_words(session: Session) -> None:
    case = Case(session, TWO)
    turn = case.by("韩老师")
    (said,) = staff.act(turn, Talk(), case.ticket, "delegate", "给赵老师，我出差")
    assert "已转签给赵老师" in said.text
    assert said.text.endswith("我出差")
    assert case.ticket.assignee_id == person_of(session, "赵老师").id
    with pytest.raises(Refused, match=r"transfer\.has_it"):
        staff.act(turn, Talk(), case.ticket, "delegate", "给赵老师，我出差")
    with pytest.raises(Refused, match=r"signing\.who_else") as caught:
        staff.act(case.by("赵老师"), Talk(), case.ticket, "delegate", "给张三")
    assert "王书记" in str(caught.value.values["names"])


def test_it_hands_on_ones_own_step_only_and_a_leader_gives_anothers_by_transfer(session: Session) -> None:
    case = Case(session, TWO)
    assert handing_on.candidates(case.by("王书记"), case.ticket) == []
    with pytest.raises(Refused, match=r"signing\.not_own"):
        handing_on.delegate(case.by("王书记"), case.ticket, "学工部长，我出差")
    assert case.ticket.assignee_id == person_of(session, "韩老师").id
    tickets.transfer(case.by("王书记"), case.ticket, person_of(session, "赵老师"), "韩老师生病")
    assert case.ticket.assignee_id == person_of(session, "赵老师").id
    be_away(session, "赵老师", "方老师")
    assert handing_on.candidates(case.by("方老师"), case.ticket), "whoever stands in hands on as the one away would"


def test_it_sends_a_matter_back_a_step_and_asks_the_same_signer_anew(session: Session) -> None:
    case = Case(session, TWO)
    assert case.refusal("韩老师", "send_back", "没核实") == "signing.no_step_back"
    case.sign("韩老师")
    case.told()
    tickets.send_back(case.by("李院长"), case.ticket, "材料没核实")
    assert case.told() == {"李雷", "韩老师"}
    assert case.ticket.assignee_id == person_of(session, "韩老师").id
    assert case.marks()[1] == "○韩老师审批"
    assert case.refusal("王书记", "delegate", person_of(session, "李院长")) in (
        "signing.not_to",
        "ticket.not_yours_to_sign",
    )
    for name in ("韩老师", "王书记", "李院长"):
        case.sign(name)
    assert case.ticket.resolution == "approved"
    assert len(signing.ever(case.by("李雷"), case.ticket)) == 6, "what was decided before stays written"


def test_it_tells_a_student_that_it_went_back_and_not_what_was_written(session: Session) -> None:
    from handlers import student

    case = Case(session, TWO)
    case.sign("韩老师")
    tickets.send_back(case.by("李院长"), case.ticket, "材料没核实")
    assert "材料没核实" not in student.show(case.by("李雷"), case.ticket, staff=False)[-1].text
    assert "材料没核实" in student.show(case.by("韩老师"), case.ticket, staff=True)[-1].text


@pytest.mark.parametrize("verb", ["sign", "cosign", "refuse", "send_back", "delegate", "approve_with_copy"])
def test_it_takes_every_decision_of_a_chain_back(session: Session, verb: str) -> None:
    case = Case(session, COPY if verb == "approve_with_copy" else TWO)
    who = "韩老师"
    if verb in ("cosign", "send_back", "refuse"):
        case.sign(who)
        who = "李院长"
    before = case.stands()
    if verb == "delegate":
        tickets.delegate(case.by(who), case.ticket, person_of(session, "赵老师"), "")
    elif verb in ("refuse", "send_back"):
        getattr(tickets, verb)(case.by(who), case.ticket, "不行")
    else:
        case.sign(who)
    assert case.stands() != before
    case.told()
    tickets.undo(case.by(who), case.ticket)
    assert case.stands() == before
    if verb == "approve_with_copy":
        assert case.told() == {"李雷", "陈老师"}, "who got a copy hears that it does not count"
    if verb == "sign":
        assert case.told() == {"李雷", "王书记", "李院长"}


# -- answers that change


def test_it_plans_a_chain_anew_when_an_answer_changes_that_it_depends_on(session: Session) -> None:
    case = Case(session, COPY, days=2)
    case.told()
    tickets.amend(case.by("李雷"), case.ticket, {"days": 5})
    assert case.told() == {"韩老师"}
    assert case.marks() == ["●已提交", "○韩老师审批", "○备案：陈老师"]
    assert case.kinds == ["opened", "amended"]
    with pytest.raises(Refused, match=r"ticket\.nothing_changed"):
        tickets.amend(case.by("李雷"), case.ticket, {"days": 5})


def test_it_carries_no_signature_over_to_other_answers(session: Session) -> None:
    case = Case(session, TWO)
    case.sign("韩老师")
    tickets.amend(case.by("李雷"), case.ticket, {"where": "city"})
    assert case.marks()[1] == "○韩老师审批"
    assert case.refusal("王书记", "undo") == "undo.nothing"
    assert case.ticket.answers["where"] == "city"


def test_it_keeps_a_chain_that_asks_for_the_same(session: Session) -> None:
    case = Case(session, TWO)
    lines = [line.id for line in signing.steps(case.by("李雷"), case.ticket)]
    tickets.amend(case.by("李雷"), case.ticket, {"where": "city"})
    assert [line.id for line in signing.steps(case.by("李雷"), case.ticket)] == lines
