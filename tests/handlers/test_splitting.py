"""Splitting a matter in two, and related matters: who may, what goes where, by when it is owed, who hears, and undoing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import cards, limits, links, notices, sorting, splitting, tickets
from handlers.talks import Talk
from handlers.understand.orders import read_order
from handlers.views import records, ticket_aside
from models.message import Refused
from models.sorting import TicketLink
from models.ticket import Event, SealedAnswer, Status, Ticket
from tests.builders import START, leave_answers, own_catalogue, told, turn_of

HOUR = timedelta(hours=1)
BROKEN: dict[str, Any] = {"what": "water", "where": "东园1号楼203", "detail": "漏水，另外宿舍的网也断了"}


def opened(session: Session, slug: str = "dorm-repair", who: str = "李雷", now: Any = START) -> Ticket:
    answers = {"dorm-repair": BROKEN, "leave": leave_answers(), "consult": {"words": "空调坏了，还想问助学金"}}[slug]
    return tickets.open_ticket(turn_of(session, who, now), own_catalogue().items[slug], answers)


def test_it_opens_the_other_wish_for_the_same_student_and_tells_him_once(session: Session) -> None:
    ticket = opened(session)
    before = (ticket.status, ticket.due_at, ticket.owed_at)
    made = splitting.split(turn_of(session, "后勤老师", START + HOUR), ticket, "dorm-repair", "宿舍断网了")
    assert made.requester_id == ticket.requester_id
    assert (made.answers["what"], made.answers["where"], made.answers["detail"]) == (
        "network",
        "东园1号楼203",
        "宿舍断网了",
    )
    assert (ticket.status, ticket.due_at, ticket.owed_at) == before
    (said,) = [line for line in told(session, "李雷") if made.number in line]
    assert ticket.number in said
    assert "另一件" not in said
    for one, other, way in ((ticket, made, "into"), (made, ticket, "from")):
        (link,) = links.of(turn_of(session, "后勤老师"), one)
        assert (link.ticket.number, link.way) == (other.number, way)


def test_it_counts_the_first_answer_from_now_and_the_end_from_the_first_wish(session: Session) -> None:
    ticket = opened(session)
    later = START + 5 * HOUR
    made = splitting.split(turn_of(session, "后勤老师", later), ticket, "dorm-repair", "网断了")
    turn = turn_of(session, "后勤老师", later)
    owed = limits.targets_at(turn, made, limits.marks(turn, made))
    fresh = limits.targets_at(turn, opened(session, now=later), [])
    first = limits.targets_at(turn, ticket, limits.marks(turn, ticket))
    assert owed["respond"] == fresh["respond"]
    assert owed["resolve"] == first["resolve"]


def test_it_leaves_out_the_time_in_which_the_student_was_asked(session: Session) -> None:
    ticket = opened(session)
    tickets.ask(turn_of(session, "后勤老师", START + HOUR), ticket, "哪个龙头？")
    made = splitting.split(turn_of(session, "后勤老师", START + 4 * HOUR), ticket, "dorm-repair", "网断了")
    assert made.opened_at == START + 3 * HOUR
    assert ticket.status == Status.waiting


def test_it_keeps_the_end_at_the_first_answers_own_limit_where_much_time_ran(session: Session) -> None:
    ticket = opened(session)
    late = START + timedelta(days=9)
    made = splitting.split(turn_of(session, "后勤老师", late), ticket, "dorm-repair", "网断了")
    turn = turn_of(session, "后勤老师", late)
    assert min(limits.targets_at(turn, made, limits.marks(turn, made)).values()) > late


def test_it_keeps_sealed_what_was_sealed(session: Session) -> None:
    ticket = opened(session, "consult")
    turn = turn_of(session, "韩老师")
    assert {item.slug for item in splitting.items(turn, ticket)} == {"consult", "youth-mailbox"}
    with pytest.raises(Refused) as refused:
        splitting.split(turn, ticket, "dorm-repair", "空调坏了")
    assert refused.value.key == "split.not_there"
    made = splitting.split(turn, ticket, "consult", "想问助学金")
    assert "words" not in made.answers
    assert session.execute(select(SealedAnswer).where(SealedAnswer.ticket_id == made.id)).scalar() is not None
    assert cards.answers_of(turn, made)["words"] == "想问助学金"
    stranger = turn_of(session, "学工部长")
    assert splitting.said_by(stranger, ticket) == ""
    with pytest.raises(Refused) as refused:
        splitting.split(stranger, ticket, "consult", "想问助学金")
    assert refused.value.key == "split.sealed"


@pytest.mark.parametrize(
    ("who", "slug", "words", "key"),
    [("方老师", "consult", "网断了", "ticket.not_found"), ("后勤老师", "", "网断了", "split.which"), ("后勤老师", "leave", "请假", "split.not_there"),
     ("后勤老师", "crisis", "救命", "split.not_there"), ("后勤老师", "consult", "  ", "split.no_words"), ("后勤老师", "consult", "……", "form.empty"),
     ("后勤老师", "youth-mailbox", "食", "form.too_short")],
)  # fmt: skip
def test_it_says_why_it_cannot_be_split(session: Session, who: str, slug: str, words: str, key: str) -> None:
    ticket = opened(session)
    with pytest.raises(Refused) as refused:
        splitting.split(turn_of(session, who), ticket, slug, words)
    assert refused.value.key == key
    assert session.execute(select(TicketLink)).first() is None


def test_it_is_undone_within_two_minutes_unless_somebody_works_on_it(session: Session) -> None:
    ticket = opened(session)
    by = turn_of(session, "后勤老师")
    made = splitting.split(by, ticket, "dorm-repair", "网断了")
    assert tickets.undo(by, ticket) == "split"
    assert (made.status, made.resolution) == ("closed", "withdrawn")
    assert links.of(by, ticket) == ()
    assert [line for line in told(session, "李雷") if "撤回了" in line]
    assert not [line for line in told(session, "李雷") if "撤销" in line]
    again = splitting.split(by, ticket, "dorm-repair", "网断了")
    tickets.take(by, again)
    with pytest.raises(Refused) as refused:
        tickets.undo(by, ticket)
    assert refused.value.key == "undo.followed"


def test_it_asks_in_chat_for_the_service_and_the_words(session: Session) -> None:
    ticket, talk = opened(session), Talk()
    turn = turn_of(session, "后勤老师")
    (asked,) = splitting.act(turn, talk, ticket, "")
    assert [choice.label for choice in asked.choices][:1] == ["宿舍报修"]
    (which,) = splitting.press(turn, talk, ticket, "consult")
    assert "另外宿舍的网也断了" in which.text
    (done,) = splitting.act(turn, talk, ticket, "想问网费")
    assert "已从" in done.text
    assert talk.order is None
    assert any(":undo:" in choice.send for choice in done.choices)
    (at_once,) = splitting.act(turn, Talk(), opened(session), "宿舍报修 网断了")
    assert "宿舍报修" in at_once.text


@pytest.mark.parametrize(("said", "verb"), [("拆分 BX-2606-0001", "split"), ("关联 BX-2606-0001 BX-2606-0002", "relate"),
                                            ("取消关联 BX-2606-0001 BX-2606-0002", "unrelate"), ("split BX-2606-0001", "split")])  # fmt: skip
def test_it_reads_these_orders(said: str, verb: str) -> None:
    order = read_order(said)
    assert order is not None
    assert (order.verb, order.number) == (verb, "BX-2606-0001")


def test_it_shows_a_link_only_to_who_may_see_both(session: Session) -> None:
    repair, question = opened(session), opened(session, "consult")
    both = turn_of(session, "学工部长")
    sorting.DO["relate"](both, repair, f"和 {question.number}")
    assert [each.way for each in links.of(both, question)] == ["related"]
    assert ticket_aside.of(turn_of(session, "后勤老师"), repair).links == ()
    event = session.execute(select(Event).where(Event.ticket_id == repair.id, Event.kind == "related")).scalar_one()
    assert notices.words_of(both, event) == question.number
    assert notices.words_of(turn_of(session, "后勤老师"), event) == ""
    for who, said in (("学工部长", question.number), ("后勤老师", None)):
        whole = records.whole(turn_of(session, who), repair.number, sensitive=False, acts=True)
        assert whole is not None
        assert [each.words for each in whole.course if each.kind == "related"] == [said]
    for who, key in (("学工部长", "related.there"), ("后勤老师", "related.elsewhere")):
        with pytest.raises(Refused) as refused:
            sorting.DO["relate"](turn_of(session, who), repair, question.number)
        assert refused.value.key == key
    sorting.DO["unrelate"](both, question, repair.number)
    assert links.of(both, repair) == ()
