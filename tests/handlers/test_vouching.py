"""The campus clinic checks what is shown for a sick leave: it sees that and nothing else, and the signers read that it holds."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import access, proofs, tickets, vouching
from handlers.services.leave import service
from handlers.turn import School, Turn
from handlers.understand.vouching import read
from handlers.views import proofs as page
from models.message import Refused, Upload
from models.proof import Proof
from models.ticket import Event, Ticket
from tests.builders import START, at, leave_answers, told, turn_of
from tests.handlers.test_leave_proofs import upload
from tests.handlers.test_leave_roles import staff
from tests.handlers.test_prolonging import school_with

NOTE = {"words": {"zh": "医院证明", "en": "a doctor's certificate"}, "due": "later"}


def ill(session: Session, school: School, *, shown: bool, name: str = "李雷", kind: str = "sick") -> Ticket:
    school.catalogue.record(session, START)
    turn = turn_of(session, name, school=school)
    answers = {**leave_answers(), "kind": kind, "evidence_due": "later"}
    if shown:
        answers["evidence"] = [upload(session, turn)]
    return tickets.open_ticket(turn, school.catalogue.items["leave"], answers)


def with_clinic(session: Session, path: str = "/sl/", checks: Any = ("clinic",)) -> School:
    staff(session, "T200", "校医", path, "clinic")
    rules = {"evidence": [NOTE], "checks_proof": list(checks)}
    return school_with(kinds={"sick": rules, "personal": {"evidence": [NOTE]}})


def clinic(session: Session, school: School) -> Turn:
    return turn_of(session, "校医", START, school=school)


@pytest.mark.parametrize("shown", [True, False])
def test_it_vouches_and_the_signers_read_so(session: Session, shown: bool) -> None:
    school = with_clinic(session)
    ticket = ill(session, school, shown=shown)
    asked = [text for text in told(session, "校医") if "请您核验" in text]
    assert len(asked) == (1 if shown else 0)
    assert "看病" not in "".join(asked)
    turn = clinic(session, school)
    assert turn.person is not None
    assert not access.may_act(session, turn.person, ticket, START)
    said = vouching.hear(turn, "待核验")
    assert said is not None
    assert ticket.number in said[0].text
    assert [choice.send for choice in said[0].choices] == [f"k:{ticket.id}:vouch", f"k:{ticket.id}:doubt"]
    done = vouching.hear(turn, f"核验 {ticket.number}")
    assert done is not None
    assert "材料已核验" in done[0].text
    assert session.execute(select(Proof.status)).scalar() == "checked"
    signer = turn_of(session, "韩老师", START, school=school)
    assert any(
        "材料已核验（校医" in line for line in service.Leave(school.catalogue.items["leave"]).weigh(signer, ticket)
    )
    assert not proofs.is_owed(signer, ticket)
    with pytest.raises(Refused, match=r"vouch\.nothing"):
        vouching.vouch(turn, ticket)
    tickets.sign(signer, ticket)
    assert session.execute(select(Proof.by_id)).scalar() == turn.person.id
    assert len([text for text in told(session, "李雷") if "校医已经核验" in text]) == 1


def test_it_tells_whoever_decides_what_it_does_not_know(session: Session) -> None:
    school = with_clinic(session)
    ticket = ill(session, school, shown=True)
    done = vouching.press(clinic(session, school), ticket.id, "doubt")
    assert "已告诉韩老师" in done[0].text
    assert session.execute(select(Proof.status)).scalar() == "given"
    event = session.execute(select(Event).order_by(Event.rev.desc())).scalars().first()
    assert event is not None
    assert (event.kind, event.audience) == ("proof_doubted", "staff")
    assert [text for text in told(session, "韩老师") if "没有查到这份材料的就诊记录" in text]
    assert not [text for text in told(session, "李雷") if "查" in text]


@pytest.mark.parametrize(
    ("path", "checks", "kind"), [("/sl/wl/", ("clinic",), "sick"), ("/sl/", ("keeper",), "sick"), ("/sl/", (), "sick"), ("/sl/", ("clinic",), "personal")]
)  # fmt: skip
def test_it_sees_no_other(session: Session, path: str, checks: tuple[str, ...], kind: str) -> None:
    school = with_clinic(session, path, checks)
    ticket = ill(session, school, shown=True, kind=kind)
    turn = clinic(session, school)
    assert page.waiting(turn).rows == ()
    assert page.file(turn, ticket.number, "f" * 22) is None
    with pytest.raises(Refused, match=r"ticket\.not_found"):
        vouching.act(turn, ticket.number, "vouch")


def test_it_reads_the_files_and_no_reason(session: Session) -> None:
    school = with_clinic(session)
    ticket = ill(session, school, shown=True)
    turn = clinic(session, school)
    (row,) = page.waiting(turn).rows
    assert (row.number, row.name, row.kind, [each.name for each in row.files]) == (
        ticket.number,
        "李雷",
        "病假",
        ["证明.jpg"],
    )
    assert isinstance(page.file(turn, ticket.number, "f" * 22), Upload)
    assert "看病" not in repr(row)
    listed = vouching.hear(turn_of(session, "韩老师", at("2026-06-10 10:00"), school=school), "待核验")
    assert listed is not None, "whoever decides is to look at it, too"
    assert vouching.hear(turn_of(session, "王书记", at("2026-06-10 10:00"), school=school), "核验 李雷") is None
    done = vouching.hear(turn, "核验 李雷")
    assert done is not None
    assert page.waiting(turn).rows == ()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("待核验", ("list", "", "")), ("有哪些待核验的材料？", ("list", "", "")), ("核验 QJ-2606-0001", ("vouch", "QJ-2606-0001", "")),
        ("材料不符 QJ-2606-0001", ("doubt", "QJ-2606-0001", "")), ("查无李雷", ("doubt", "", "李雷")), ("已核验 李雷", ("vouch", "", "李雷")),
        ("核验", None), ("核实一下他是不是真的回家了，我不放心", None), ("李雷回来了", None),
    ],
)  # fmt: skip
def test_it_hears_the_clinic(words: str, said: tuple[str, str, str] | None) -> None:
    found = read(words)
    assert (tuple(found) if found is not None else None) == said
