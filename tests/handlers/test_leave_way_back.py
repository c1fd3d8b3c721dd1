"""After the last signature a leave is the counselor's who holds the student: proof that comes late, and who is not back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import approvals, cards, deciding, proof_readers, proofs, signing, staff, stepping, tickets, vouching
from handlers.catalogue import load
from handlers.deadlines import sweep
from handlers.talks import Talk
from handlers.turn import School, Turn
from handlers.views import approvals as queue
from models.db import seal_of
from models.message import Reply, Upload, unpack
from models.outbox import Outbox
from models.person import Account
from models.ticket import Ticket
from tests.builders import START, Role, add_duty, add_person, leave_answers, make_school, person_of, told, turn_of
from tests.handlers.test_leave_proofs import FILE, refusal, upload

HOUR = timedelta(hours=1)
DUE = {"evidence_due": "later"}


class Case:
    """A leave of five days, which 王书记 signs after 韩老师, with a proof that is owed or comes with it."""

    def __init__(
        self, session: Session, start: str = "2026-06-11 08:00", end: str = "2026-06-16 08:00", *, file: bool = False
    ) -> None:
        self.session, self.school = session, school()
        self.school.catalogue.record(session, START)
        answers: dict[str, Any] = leave_answers(start, end, 5) | DUE
        turn = self.by("李雷")
        if file:
            answers["evidence"] = [upload(session, turn)]
        self.ticket: Ticket = tickets.open_ticket(turn, self.school.catalogue.items["leave"], answers)

    def by(self, name: str | None, hours: float = 1) -> Turn:
        return turn_of(self.session, name, START + hours * HOUR, school=self.school)

    def sign(self, *names: str) -> None:
        for name in names:
            tickets.sign(self.by(name), self.ticket)

    def give(self) -> None:
        turn = self.by("李雷", 2)
        upload(self.session, turn)
        self.session.info["posted"] = []
        proofs.give(turn, self.ticket, (Upload(FILE, "证明.jpg", "image/jpeg", 10),))

    def says(self, name: str, words: str) -> tuple[Reply, ...] | None:
        return vouching.hear(self.by(name, 3), words)

    @property
    def has_it(self) -> str:
        return next(
            name for name in ("韩老师", "王书记") if person_of(self.session, name).id == self.ticket.assignee_id
        )

    @property
    def status(self) -> str:
        found = proofs.of(self.by("韩老师"), self.ticket)
        return found.status if found is not None else ""


def school() -> School:
    return make_school(load())


def test_it_is_the_counselors_again_once_the_last_has_signed_and_the_signers_when_that_is_taken_back(
    session: Session,
) -> None:
    case = Case(session)
    case.sign("韩老师")
    assert case.has_it == "王书记"
    case.sign("王书记")
    assert case.has_it == "韩老师"
    tickets.undo(case.by("王书记"), case.ticket)
    assert case.has_it == "王书记"


def test_it_reports_a_missing_return_from_the_counselor_upwards(session: Session) -> None:
    case = Case(session)
    case.sign("韩老师", "王书记")
    session.info["posted"] = []
    assert case.ticket.back_at is not None
    for hours in (1, 5, 100, 200):
        now = case.ticket.back_at + timedelta(hours=hours)
        sweep(turn_of(session, None, now, school=case.school))
    assert not any("已报告韩老师" in each for each in told(session, "王书记"))
    assert any("未按时销假" in each and "负责：韩老师" in each for each in told(session, "王书记"))
    assert any("未按时销假" in each for each in told(session, "韩老师"))
    assert any("已报告王书记。请您联系学生" in each for each in told(session, "韩老师"))


@pytest.mark.parametrize("signed", [("韩老师",), ("韩老师", "王书记")])
def test_it_asks_the_counselor_to_check_a_proof_that_comes_late(session: Session, signed: tuple[str, ...]) -> None:
    case = Case(session)
    case.sign(*signed)
    case.give()
    assert any("请您核验" in each for each in told(session, "韩老师"))
    assert not any("请您核验" in each for each in told(session, "王书记"))
    assert case.says("王书记", "待核验") == (Reply(text="现在没有要核验的材料。"),)
    listed = case.says("韩老师", "待核验")
    assert listed is not None
    assert case.ticket.number in listed[0].text
    assert refusal(case.says, "王书记", f"核验 {case.ticket.number}") == "proof_talk.not_yours"
    shown = case.says("韩老师", f"核验 {case.ticket.number}")
    assert shown is not None
    assert "已记为「材料已核验」" in shown[0].text
    assert any(reply.file for reply in shown)
    assert case.status == "checked"
    again = case.says("韩老师", f"核验 {case.ticket.number}")
    assert again is not None
    assert "材料已核验（韩老师" in again[0].text


def test_it_opens_a_proof_before_the_signature_and_notes_it_when_that_is_said_again(session: Session) -> None:
    case = Case(session, file=True)
    number = case.ticket.number
    shown = case.says("韩老师", f"核验 {number}")
    assert shown is not None
    assert any(reply.file for reply in shown)
    assert case.status == "given"
    done = case.says("韩老师", "核验 李雷")
    assert done is not None
    assert "学生会收到通知" in done[0].text
    assert case.status == "checked"
    assert any("已经核验" in each for each in told(session, "李雷"))
    assert refusal(case.says, "方老师", f"核验 {number}") == "ticket.not_found"
    assert refusal(case.says, "韩老师", f"查无 {number}") == "proof_talk.doubt"


@pytest.mark.parametrize("words", ["核验 李明", "核实一下情况", "check the door"])
def test_it_leaves_other_words_to_others(session: Session, words: str) -> None:
    assert Case(session).says("韩老师", words) is None


def test_it_says_that_nothing_came_yet(session: Session) -> None:
    case = Case(session)
    assert refusal(case.says, "韩老师", f"核验 {case.ticket.number}") == "proof_talk.owed"


def test_it_keeps_whoever_signed_last_where_the_owners_duties_reach_it_no_more(session: Session) -> None:
    case = Case(session)
    case.sign("韩老师")
    case.ticket.owner_id = person_of(session, "方老师").id
    case.sign("王书记")
    assert case.has_it == "王书记"
    assert proof_readers.asked(case.by("王书记"), case.ticket) == person_of(session, "韩老师").id


@pytest.mark.parametrize("opened", [True, False])
def test_it_sends_no_later_signer_to_files_that_others_open(session: Session, opened: bool) -> None:
    case = Case(session, file=True)
    if opened:
        proofs.opened(case.by("韩老师"), case.ticket, FILE)
    first = approvals.flag_of(case.by("韩老师"), case.ticket)
    assert first == ("long" if opened else "unopened")
    case.sign("韩老师")
    (card,) = queue.queue(case.by("王书记")).cards
    assert card.files == ()
    assert card.flag == ("" if opened else "unchecked")
    assert any("材料已核验" in each if opened else "还没有打开看" in each for each in card.matters)


# -- what is said along with a proof and with a decision


@pytest.mark.parametrize("file", [True, False])
def test_it_says_that_proof_may_come_later_only_while_there_is_none(session: Session, file: bool) -> None:
    case = Case(session, file=file)
    said = case.school.catalogue.service("leave").shows(case.by("李雷"), cards.answers_of(case.by("李雷"), case.ticket))
    assert bool(said) is not file


def test_it_tells_the_student_the_words_that_came_with_each_decision(session: Session) -> None:
    case = Case(session)
    session.info["posted"] = []
    for name, words in (("韩老师", "路上注意安全"), ("王书记", "早日康复")):
        staff.act(case.by(name), Talk(), case.ticket, "sign", words)
    tickets.sign_in(case.by("韩老师", 48), case.ticket, "欢迎回来")
    said = told(session, "李雷")
    for words in ("路上注意安全", "早日康复", "欢迎回来"):
        assert sum(f"留言：{words}" in each for each in said) == 1


def test_it_tells_the_class_officer_of_several_by_name_alone(session: Session) -> None:
    """No button, number or date of classmates' leaves; who signs back in before it is sent stands in it no more."""
    monitor = add_person(session, Role("2023009", "赵敏", "Zhao Min", "/sl/cs/cs2301/"))
    add_duty(session, monitor, "/sl/cs/cs2301/", "monitor", from_at=START - timedelta(days=1))
    asked = school()
    asked.catalogue.record(session, START)
    found = []
    for name in ("李雷", "韩梅梅"):
        turn = turn_of(session, name, START, school=asked)
        found.append(tickets.open_ticket(turn, asked.catalogue.items["leave"], leave_answers()))
        tickets.sign(turn_of(session, "韩老师", START, school=asked), found[-1])
    over = found[0].back_at
    assert over is not None
    for hours in (0, 2.1):
        sweep(turn_of(session, None, over + hours * HOUR, school=asked))
    session.flush()
    (said,) = told(session, "赵敏")
    accounts = session.execute(select(Account.id).where(Account.person_id == monitor.id)).scalars().all()
    assert said.split("\n")[1:] == ["· 李雷", "· 韩梅梅"]
    assert not any(word in said for word in ("QJ-", "6月", "点一件", "请假（"))
    (row,) = session.execute(select(Outbox).where(Outbox.account_id.in_(accounts))).scalars()
    (reply,) = unpack(seal_of(session).open(f"outbox.body:{row.id}", row.body))
    assert reply.choices == ()
    tickets.come_back(turn_of(session, "李雷", over + 3 * HOUR, school=asked), found[0])
    session.expire_all()
    assert [each.split("\n")[1:] for each in told(session, "赵敏")] == [["· 韩梅梅"]]
    tickets.come_back(turn_of(session, "韩梅梅", over + 3 * HOUR, school=asked), found[1])
    session.expire_all()
    assert told(session, "赵敏") == []


# -- signing before one is asked


def test_it_asks_whoever_leads_above_before_they_sign_in_the_counselors_place(session: Session) -> None:
    case = Case(session, file=True)
    dean = case.by("王书记")
    assert not cards.entitled(dean, case.ticket)
    session.info["posted"] = []
    asked = staff.act(dean, Talk(), case.ticket, "sign")
    assert "现在轮到韩老师审批，还没有轮到您" in asked[-1].text
    assert "代替韩老师的签字，原来该您签的那一步会另请别人签" in asked[-1].text
    assert [choice.label for choice in asked[-1].choices] == ["代韩老师同意"]
    assert any(reply.file for reply in asked), "the proof is shown with it"
    assert any(reply.card is not None and any("回家看病" in line for line in reply.card.lines) for reply in asked)
    assert case.has_it == "韩老师", "nothing is signed yet"
    assert any("准备代韩老师审批" in each for each in told(session, "韩老师"))
    assert "同意" in staff.act(dean, Talk(), case.ticket, "sign")[0].text
    assert signing.steps(dean, case.ticket)[0].person_id == person_of(session, "王书记").id


def test_it_asks_with_words_too_and_loses_none_of_them(session: Session) -> None:
    case = Case(session)
    (*_, asked) = staff.act(case.by("王书记"), Talk(), case.ticket, "sign", "路上小心")
    assert f"再说一次「同意 {case.ticket.number} 路上小心」" in asked.text
    assert asked.choices == ()
    assert case.has_it == "韩老师"


def test_it_asks_nobody_whose_turn_it_is(session: Session) -> None:
    case = Case(session)
    assert stepping.before(case.by("韩老师"), case.ticket) is None
    assert stepping.before(case.by("王书记"), case.ticket) is not None
    case.sign("韩老师")
    assert stepping.before(case.by("王书记"), case.ticket) is None
    assert stepping.before(case.by("学工部长"), case.ticket) is not None
    tickets.send_back(case.by("王书记"), case.ticket, "请再核对")
    assert stepping.before(case.by("王书记"), case.ticket) is not None, "it is the counselor's turn again"
    case = Case(session, "2026-07-06 08:00", "2026-07-11 08:00")
    tickets.escalate(case.by(None, 30), case.ticket, "escalate:respond:0:0")
    assert stepping.before(case.by("王书记"), case.ticket) is None, "silence has passed it up"


def test_it_asks_on_the_page_and_opens_what_is_signed(session: Session) -> None:
    case = Case(session, file=True)
    turn, number = case.by("王书记"), case.ticket.number
    with pytest.raises(deciding.Ahead) as caught:
        deciding.decide(turn, number, "sign", case.ticket.rev)
    assert caught.value.values["other"] == number
    deciding.look(turn, number)
    assert cards.entitled(turn, case.ticket)
    assert proofs.may_open(turn, case.ticket)
    with pytest.raises(deciding.Unopened):
        deciding.decide(turn, number, "sign", case.ticket.rev)
    deciding.decide(turn, number, "sign", case.ticket.rev, sure=number)
    assert case.ticket.status == "in_progress"
