"""Names on a list of people, for those who may see them, and the line of progress of whoever stands on a list."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import cards, listed_names, tickets
from handlers.views import approvals, mine
from models.ticket import Ticket
from tests.builders import START, leave_answers, make_school, person_of, turn_of

NUMBERS = ["2023001", "2023002", "2023101"]


def asked(session: Session) -> Ticket:
    school = make_school()
    school.catalogue.record(session, START)
    answers = leave_answers() | {"kind": "contest", "people": NUMBERS, "people_count": 3}
    return tickets.open_ticket(turn_of(session, "李雷"), school.catalogue.items["group-leave"], answers)


def test_it_names_a_list_to_staff_and_to_a_student_the_own_class(session: Session) -> None:
    ticket = asked(session)
    signer, student = turn_of(session, "韩老师"), turn_of(session, "李雷")
    shown = cards.card(signer, ticket, staff=True)
    assert "名单：李雷（2023001）、韩梅梅（2023002）、林涛（2023101）" in shown.lines
    own = "李雷（2023001）、韩梅梅（2023002）、2023101"
    assert f"名单：{own}" in cards.card(student, ticket, staff=False).lines
    # A notice to the student is drawn in the turn of whoever signs, and shows what the student may read.
    assert f"名单：{own}" in cards.card(signer, ticket, staff=False).lines
    page = mine.receipt(student, ticket.number)
    assert page is not None
    assert ("名单", own) in page.facts
    queue = approvals.queue(signer)
    assert ("名单", "李雷（2023001）、韩梅梅（2023002）、林涛（2023101）") in queue.cards[0].facts
    assert (
        listed_names.named(turn_of(session), cards.item_of(signer, ticket), ticket.answers, staff=False)["people"]
        == NUMBERS
    )
    assert ticket.answers["people"] == NUMBERS


def test_it_says_who_agreed_on_the_leave_of_each(session: Session) -> None:
    ticket = asked(session)
    tickets.sign(turn_of(session, "韩老师"), ticket)
    mei = person_of(session, "韩梅梅").id
    child = session.execute(select(Ticket).where(Ticket.requester_id == mei)).scalar_one()
    marks = [(mark.label, mark.done) for mark in cards.card(turn_of(session, "韩梅梅"), child, staff=False).marks]
    assert marks == [("已提交", True), ("韩老师已同意", True), ("销假", False)]
    tickets.come_back(turn_of(session, "韩梅梅", child.back_at or START), child)
    marks = [(mark.label, mark.done) for mark in cards.card(turn_of(session, "韩梅梅"), child, staff=False).marks]
    assert marks == [("已提交", True), ("韩老师已同意", True), ("销假", True)]
