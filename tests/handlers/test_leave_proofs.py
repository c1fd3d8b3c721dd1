"""What parents say to a leave, and what has to be shown for it: before, after, late, and who opens it."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import cards, corrections, deciding, directory, guardians, proofs, signing, staff, student, tickets
from handlers.talks import Talk
from handlers.turn import Turn
from models.db import seal_of
from models.message import Incoming, Refused, Upload
from models.meta import Audit
from models.outbox import Attachment
from models.person import Person
from models.ticket import Ticket
from tests.builders import START, Role, add_duty, add_person, person_of, turn_of
from tests.handlers.leave_examples import DAYS, JOINT, school_of, span

LATER = START + timedelta(hours=1)
FILE = "f" * 22


def ask(
    session: Session, rules: str, kind: str, start: str, end: str, file: bool = False, name: str = "李雷", **other: Any
) -> Ticket:
    """A leave under a set of rules, with a file that the student has sent or none."""
    school = school_of(rules)
    school.catalogue.record(session, START)
    for number, who, role, path in (
        ("T031", "李院长", "teaching-dean", "/sl/cs/"),
        ("T032", "张院长", "deputy-dean", "/sl/cs/"),
    ):
        if session.execute(select(Person).where(Person.number == number)).scalar() is None:
            add_duty(
                session, add_person(session, Role(number, who, who)), path, role, from_at=START - timedelta(days=1)
            )
    turn = turn_of(session, name, START, school=school)
    answers = {"kind": kind, "span": span(start, end), "reason": "身体不舒服", **other}
    if file:
        answers["evidence"] = [upload(session, turn)]
    service = school.catalogue.service("leave")
    answers.update(service.derive(turn, answers))
    service.check(turn, answers)
    return tickets.open_ticket(turn, school.catalogue.items["leave"], answers)


def upload(session: Session, turn: Turn, file_id: str = FILE) -> dict[str, Any]:
    assert turn.account is not None
    values = {"name": "证明.jpg", "kind": "image/jpeg", "size": 10}
    session.add(Attachment(id=file_id, account_id=turn.account.id, digest="d" * 64, at=START, **values))
    session.flush()
    return {"id": file_id, **values}


def by(session: Session, name: str | None, rules: str, now: datetime = LATER) -> Turn:
    return turn_of(session, name, now, school=school_of(rules))


def kinds(session: Session, ticket: Ticket) -> list[str]:
    return [event.kind for event in tickets.events_of(turn_of(session, "李雷"), ticket)]


# -- parents


@pytest.fixture
def long_one(session: Session) -> Ticket:
    """Four school days of personal leave, which parents confirm."""
    return ask(session, JOINT, "personal", "06-15T00:00", "06-19T00:00")


def code_of(session: Session, ticket: Ticket, words: str = "13912345678", now: datetime = LATER) -> str:
    reply = guardians.offer(by(session, "韩老师", JOINT, now), ticket, words)
    assert reply.link is not None
    return reply.link.url.rpartition("/")[2]


def refusal(work: Any, *values: Any, **more: Any) -> str:
    with pytest.raises(Refused) as caught:
        work(*values, **more)
    return caught.value.key


def test_it_signs_only_when_parents_confirmed(session: Session, long_one: Ticket) -> None:
    turn = by(session, "韩老师", JOINT)
    assert refusal(tickets.sign, turn, long_one) == "guardian.first"
    code = code_of(session, long_one)
    assert refusal(tickets.sign, turn, long_one) == "guardian.awaited"
    nobody = by(session, None, JOINT)
    asked = guardians.show(nobody, code)
    assert asked is not None
    assert (asked.student, asked.teacher) == ("李雷", "韩老师")
    assert not any("身体" in fact for fact in asked.facts), "the reason is the student's to tell"
    guardians.answer(nobody, code, yes=True)
    assert refusal(guardians.answer, nobody, code, yes=False) == "guardian.gone"
    tickets.sign(turn, long_one)
    assert kinds(session, long_one) == ["opened", "guardian_asked", "guardian_agreed", "invited", "signed"]


def test_it_does_not_sign_when_parents_say_no_until_the_counselor_has_called(
    session: Session, long_one: Ticket
) -> None:
    guardians.answer(by(session, None, JOINT), code_of(session, long_one), yes=False)
    turn = by(session, "韩老师", JOINT)
    assert refusal(tickets.sign, turn, long_one) == "guardian.denied"
    assert refusal(guardians.book, turn, long_one, "1234") == "form.no_phone"
    (said,) = staff.act(turn, Talk(), long_one, "guardian_phoned", "13912345678 母亲知道，同意")
    assert "已记下" in said.text
    assert "13912345678 母亲知道" in said.text
    assert said.card is not None
    assert "家长已确认。" in said.card.lines
    assert guardians.phoned(turn, long_one, "母亲同意") == "13912345678 母亲同意", "the number is named in any case"
    # The course tells staff enough to know the number by, and the student none of it.
    assert corrections.raw_of(turn, tickets.events_of(turn, long_one)[-1]) == "139****5678 母亲知道，同意"
    (shown,) = student.show(by(session, "李雷", JOINT), long_one, staff=False)
    assert "已电话核实家长" in shown.text
    assert "139" not in shown.text
    # Whoever signs next reads both.
    assert [word for line in guardians.lines(turn, long_one) for word in ("电话核实", "曾表示不同意") if word in line] == [
        "电话核实", "曾表示不同意"
    ]  # fmt: skip
    tickets.sign(turn, long_one)


@pytest.mark.parametrize(
    "words", ["139 1234 5678 父亲", "父亲 13912345678", "１３９１２３４５６７８ 父亲", "座机 027-87651234 母亲"]
)
def test_it_keeps_no_whole_number_in_the_course(session: Session, long_one: Ticket, words: str) -> None:
    turn = by(session, "韩老师", JOINT)
    guardians.book(turn, long_one, words)
    kept = corrections.raw_of(turn, tickets.events_of(turn, long_one)[-1])
    assert "****" in kept
    assert not any(digits in unicodedata.normalize("NFKC", kept) for digits in ("12345", "8765", "34 5"))


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("母亲 今天上午9点半", "09:30"), ("今天9点20打的电话，母亲知道，同意", "09:20"), ("母亲同意", "10:00"),
        ("母亲知道，他下午3点的火车", "10:00"), ("母亲 今天上午11点", None), ("今天下午3点通话，父亲同意", None),
    ],
)  # fmt: skip
def test_it_keeps_when_parents_were_called_and_takes_no_call_that_is_still_to_come(
    session: Session, long_one: Ticket, words: str, at: str | None
) -> None:
    turn = by(session, "韩老师", JOINT)
    if at is None:
        assert refusal(guardians.book, turn, long_one, f"13912345678 {words}") == "guardian.call_ahead"
        return
    guardians.book(turn, long_one, f"13912345678 {words}")
    assert f"{at} 电话核实" in guardians.lines(turn, long_one)[0]


def test_it_opens_a_link_once_and_in_time_and_only_the_newest(session: Session, long_one: Ticket) -> None:
    old = code_of(session, long_one)
    new = code_of(session, long_one)
    nobody = by(session, None, JOINT)
    assert guardians.show(nobody, old) is None
    assert guardians.show(nobody, new) is not None
    late = by(session, None, JOINT, LATER + guardians.VALID)
    assert guardians.show(late, new) is None
    assert refusal(guardians.answer, late, new, yes=True) == "guardian.gone"
    counselor = by(session, "韩老师", JOINT, LATER + guardians.VALID)
    assert "过期" in guardians.lines(counselor, long_one)[0]
    assert refusal(tickets.sign, counselor, long_one) == "guardian.lapsed"
    assert guardians.show(nobody, "x" * 32) is None
    tickets.withdraw(by(session, "李雷", JOINT), long_one)
    assert guardians.show(nobody, new) is None


def test_it_never_goes_through_the_student(session: Session, long_one: Ticket) -> None:
    turn = by(session, "韩老师", JOINT)
    assert refusal(guardians.offer, turn, long_one) == "guardian.no_number"
    lei = person_of(session, "李雷")
    seal = seal_of(session)
    lei.phone = seal.close(f"person.phone:{lei.id}", "13800000000")
    lei.guardian_phone = seal.close(f"person.guardian_phone:{lei.id}", "13900000000")
    assert refusal(guardians.offer, turn, long_one, "13800000000") == "guardian.own_number"
    assert "13900000000" in guardians.offer(turn, long_one).text
    assert refusal(guardians.offer, by(session, "李雷", JOINT), long_one) == "ticket.not_found"
    assert refusal(guardians.offer, by(session, "方老师", JOINT), long_one) == "ticket.not_found"


def test_it_offers_to_ask_parents_on_the_page_and_sends_the_link_to_the_counselor(
    session: Session, long_one: Ticket
) -> None:
    turn = by(session, "韩老师", JOINT)
    assert {"guardian_link", "guardian_phoned"} <= set(cards.more_verbs(turn, long_one, turn.person))
    assert not {"guardian_link", "send_back"} & set(
        cards.more_verbs(by(session, "方老师", JOINT), long_one, person_of(session, "方老师"))
    )
    session.info["posted"] = []
    deciding.decide(turn, long_one.number, "guardian_link", long_one.rev, "13912345678")
    account = directory.address(session, person_of(session, "韩老师"), LATER)
    assert [row["account_id"] for row in session.info["posted"]] == [account.id]
    deciding.decide(turn, long_one.number, "guardian_phoned", long_one.rev, "13912345678 父亲知道")
    assert "guardian_link" not in cards.more_verbs(turn, long_one, turn.person)


def test_it_needs_no_word_of_parents_where_no_rule_asks(session: Session) -> None:
    short = ask(session, JOINT, "personal", "06-15T00:00", "06-16T00:00")
    turn = by(session, "韩老师", JOINT)
    assert refusal(guardians.offer, turn, short, "13912345678") == "guardian.needless"
    tickets.sign(turn, short)


# -- what has to be shown


def test_it_acts_first_and_takes_the_proof_later(session: Session) -> None:
    """The compassionate path: a death in the family is signed at once, what proves it comes after the return."""
    ticket = ask(session, DAYS, "bereavement", "06-10T10:00", "06-11T18:00")
    tickets.sign(by(session, "韩老师", DAYS), ticket)
    assert ticket.back_at is not None
    found = proofs.of(by(session, "韩老师", DAYS), ticket)
    assert found is not None
    due = ticket.back_at + timedelta(days=7)
    assert (found.status, found.due_at) == ("owed", due)
    tickets.come_back(by(session, "李雷", DAYS, ticket.back_at), ticket)
    assert proofs.sweep(by(session, None, DAYS, due - timedelta(days=1, seconds=1))) == 0
    assert proofs.sweep(by(session, None, DAYS, due - timedelta(days=1))) == 1
    assert proofs.sweep(by(session, None, DAYS, due - timedelta(days=1))) == 0
    assert proofs.sweep(by(session, None, DAYS, due)) == 1
    assert kinds(session, ticket)[-2:] == ["proof_due", "proof_late"]
    assert found.status == "late"
    turn = by(session, "李雷", DAYS, due)
    upload(session, turn)
    said = student.hear(
        turn,
        Talk(),
        Incoming("webchat", "1", "k", due, "", quote=ticket.number, file=Upload(FILE, "证明.jpg", "image/jpeg", 10)),
    )
    assert said is not None
    assert "证明已收到" in said[0].text
    assert found.status == "given"
    assert refusal(proofs.give, turn, ticket, (Upload(FILE, "证明.jpg", "image/jpeg", 10),)) == "proof.not_owed"


def test_it_asks_for_nothing_when_the_leave_was_refused(session: Session) -> None:
    ticket = ask(session, DAYS, "bereavement", "06-10T10:00", "06-11T18:00")
    tickets.refuse(by(session, "韩老师", DAYS), ticket, "请先电话联系我")
    assert proofs.sweep(by(session, None, DAYS, START + timedelta(days=30))) == 0
    found = proofs.of(by(session, "韩老师", DAYS), ticket)
    assert found is not None
    assert found.status == "waived"


def test_it_shows_the_proof_to_the_first_signer_and_its_checking_to_the_next(session: Session) -> None:
    ticket = ask(session, DAYS, "sick", "06-15T00:00", "06-19T00:00", file=True)
    han, dean = by(session, "韩老师", DAYS), by(session, "张院长", DAYS)
    assert proofs.may_open(han, ticket)
    assert any(reply.file for reply in student.show(han, ticket, staff=True))
    logged = select(Audit.verb, Audit.thing).where(Audit.by_id == person_of(session, "韩老师").id)
    assert ("opened_file", f"{ticket.number}:{FILE}") in [tuple(row) for row in session.execute(logged)]
    tickets.sign(han, ticket)
    assert ticket.assignee_id == person_of(session, "张院长").id
    assert not proofs.may_open(dean, ticket)
    assert not any(reply.file for reply in student.show(dean, ticket, staff=True))
    weighed = school_of(DAYS).catalogue.service("leave").weigh(dean, ticket)
    assert any(line.startswith("材料已核验（韩老师") for line in weighed)
    assert proofs.may_open(by(session, "李雷", DAYS), ticket)


def test_it_says_of_a_proof_that_nobody_opened_that_it_was_not(session: Session) -> None:
    ticket = ask(session, DAYS, "sick", "06-15T00:00", "06-19T00:00", file=True)
    han, dean = by(session, "韩老师", DAYS), by(session, "张院长", DAYS)
    asked = staff.act(han, Talk(), ticket, "sign")
    assert "还没打开看" in asked[0].text
    assert [choice.label for choice in asked[0].choices] == ["先看材料", "仍然同意"]
    assert han.account is not None
    han.account.offered = [[each.label, each.words, each.send] for each in asked[0].choices]
    assert "已同意" in staff.act(han, Talk(), ticket, "sign")[0].text
    weigh = school_of(DAYS).catalogue.service("leave").weigh
    assert "材料已交，还没有打开看（韩老师已同意）。" in weigh(dean, ticket)
    proofs.opened(han, ticket, FILE)
    assert any(line.startswith("材料已核验（韩老师") for line in weigh(dean, ticket))


# -- a whole list


def test_it_gives_each_on_a_list_a_leave_and_takes_them_back_together(session: Session) -> None:
    ticket = ask(
        session, DAYS, "official", "06-15T00:00", "06-16T00:00", file=True, people=["2023001", "2023002", "2023101"]
    )
    busy = ask(session, DAYS, "sick", "06-15T00:00", "06-15T12:00", name="林涛")
    turn = by(session, "韩老师", DAYS)
    tickets.sign(turn, ticket)
    own = session.execute(select(Ticket).where(Ticket.requester_id == person_of(session, "韩梅梅").id)).scalars().all()
    assert [(each.status, each.answers["listed"]) for each in own] == [("waiting", ticket.number)]
    assert own[0].back_at == ticket.back_at
    lin = session.execute(select(Ticket).where(Ticket.requester_id == person_of(session, "林涛").id)).scalars().all()
    assert lin == [busy], "whoever has a leave in that time already is left out"
    assert signing.steps(turn, own[0]) == []
    assert proofs.of(turn, own[0]) is None, "the letter lies with the list, and nobody on it is asked for it again"
    tickets.undo(turn, ticket)
    assert [each.status for each in own] == ["closed"]
    assert ticket.status == "new"


def test_it_says_to_whoever_hands_in_a_list_without_standing_on_it_that_it_is_no_leave_of_theirs(
    session: Session,
) -> None:
    mine = ask(session, DAYS, "official", "06-15T00:00", "06-16T00:00", file=True, people=["2023001", "2023002"])
    other = ask(session, DAYS, "official", "06-17T00:00", "06-18T00:00", people=["2023002"])
    service = school_of(DAYS).catalogue.service("leave")
    said = "提交人不在名单里"
    assert [any(said in line for line in service.lines("zh", each.answers)) for each in (mine, other)] == [False, True]
