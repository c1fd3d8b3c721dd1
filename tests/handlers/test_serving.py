"""What staff do for a student who calls or comes by: it says so everywhere, and the student has the last word."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import behalf, cards, notices, serving, serving_talk, student, tickets
from handlers.talks import Talk
from handlers.turn import Turn
from handlers.views import students
from models.message import Refused, Reply, unpack
from models.outbox import Outbox
from models.person import Account, Person
from models.ticket import Event, Ticket
from tests.builders import START, leave_answers, person_of, turn_of

HAN, WANG, LILEI = "韩老师", "王书记", "李雷"
ANSWERS = {key: value for key, value in leave_answers().items() if key != "days"}


def open_leave(session: Session, by: str = HAN, source: str = "phone", rest: str = "abcdefgh", **more: Any) -> Ticket:
    return serving.open_for(turn_of(session, by), "2023001", "leave", {**ANSWERS, **more}, source, rest)


def told(session: Session, name: str) -> list[Reply]:
    """Everything that somebody was told, oldest first."""
    statement = (
        select(Outbox)
        .join(Account, Account.id == Outbox.account_id)
        .where(Account.person_id == person_of(session, name).id)
        .order_by(Outbox.event_rev)
    )
    for row in session.info.pop("posted", []):
        session.add(Outbox(**row, seq=0))
    session.flush()
    seal = session.info["seal"]
    return [unpack(seal.open(f"outbox.body:{row.id}", row.body))[0] for row in session.execute(statement).scalars()]


def kinds(session: Session, ticket: Ticket) -> list[str]:
    statement = select(Event.kind).where(Event.ticket_id == ticket.id).order_by(Event.rev)
    return list(session.execute(statement).scalars())


def say(session: Session, ticket: Ticket, verb: str, name: str = LILEI) -> str:
    return student.act(turn_of(session, name, START + timedelta(minutes=5)), Talk(), ticket, verb)[0].text


@pytest.mark.parametrize(("source", "word"), [("phone", "电话"), ("desk", "当面")])
def test_it_is_the_students_matter_and_says_who_wrote_it_down(session: Session, source: str, word: str) -> None:
    ticket = open_leave(session, source=source)
    assert ticket.requester_id == person_of(session, LILEI).id
    assert ticket.assignee_id == person_of(session, HAN).id
    assert behalf.of(turn_of(session), ticket) == (ticket.assignee_id, source, "")
    turn = turn_of(session, WANG)
    for staff in (True, False):
        line = notices.timeline(turn, ticket, tickets.events_of(turn, ticket), staff=staff)
        assert f"韩老师代为提交（{word}）" in line
        assert f"由韩老师代为提交（{word}）" in "\n".join(cards.card(turn, ticket, staff=staff).lines)
    (notice,) = told(session, LILEI)
    assert "替你提交了请假" in notice.text
    assert [choice.label for choice in notice.choices][:2] == ["是我要办的", "我没有要办"]
    assert told(session, HAN) == []  # Who wrote it down needs no notice of it.


def test_it_lets_the_opener_sign_and_shows_it(session: Session) -> None:
    ticket = open_leave(session)
    turn = turn_of(session, HAN)
    assert "sign" in cards.staff_verbs(turn, ticket, turn.person)
    tickets.sign(turn, ticket)
    assert kinds(session, ticket) == ["opened", "approved"]
    assert "由韩老师代为提交（电话）" in "\n".join(told(session, LILEI)[-1].card.lines)  # type: ignore[union-attr]


def test_it_ends_what_the_student_never_wanted_and_tells_the_superior(session: Session) -> None:
    ticket = open_leave(session)
    said = say(session, ticket, "object")
    assert "已经停办" in said
    assert "王书记" in said
    assert kinds(session, ticket) == ["opened", "objected", "withdrawn"]
    assert ticket.resolution == "withdrawn"
    assert "学生说没有要办" in told(session, WANG)[-1].text
    assert [reply.text.split("，")[0] for reply in told(session, HAN)] == ["学生说没有要办"]
    assert cards.entitled(turn_of(session, WANG), ticket)
    with pytest.raises(Refused, match="said_already"):
        say(session, ticket, "acknowledge")


def test_it_leaves_what_is_decided_to_the_superior(session: Session) -> None:
    ticket = open_leave(session)
    tickets.sign(turn_of(session, HAN), ticket)
    later = turn_of(session, LILEI, START + timedelta(days=1, hours=8))  # The leave has begun.
    said = student.act(later, Talk(), ticket, "object")[0].text
    assert "先不动它" in said
    assert (kinds(session, ticket)[-1], ticket.status, ticket.back_at is not None) == ("objected", "waiting", True)


def test_it_goes_on_once_the_student_has_said_yes(session: Session) -> None:
    ticket = open_leave(session)
    assert "照常办理" in say(session, ticket, "acknowledge")
    labels = [choice.label for choice in cards.choices(turn_of(session, LILEI), ticket, staff=False)]
    assert "我没有要办" not in labels
    with pytest.raises(Refused, match="said_already"):
        say(session, ticket, "object")


def test_it_takes_no_word_about_what_the_student_handed_in(session: Session) -> None:
    turn = turn_of(session, LILEI)
    ticket = tickets.open_ticket(turn, turn.school.catalogue.items["leave"], leave_answers())
    for verb in behalf.VERBS:
        with pytest.raises(Refused, match="not_found"):
            say(session, ticket, verb)
    with pytest.raises(Refused, match="not_found"):
        say(session, open_leave(session, span=span("2026-06-20 08:00", "2026-06-20 12:00")), "object", "韩梅梅")


def span(start: str, end: str) -> Any:
    return leave_answers(start, end)["span"]


@pytest.mark.parametrize(
    ("by", "number"),
    [("方老师", "2023001"), ("后勤老师", "2023001"), ("心理老师", "2023001"), ("韩梅梅", "2023001"), (LILEI, "2023001"),
     (HAN, "2023101"), (HAN, "T002"), (HAN, "9999999"), (HAN, "T001")],
)  # fmt: skip
def test_it_opens_nothing_for_whom_the_speaker_does_not_answer_az_01(session: Session, by: str, number: str) -> None:
    with pytest.raises(Refused, match="not_found"):
        serving.open_for(turn_of(session, by), number, "leave", dict(ANSWERS), "phone", "abcdefgh")
    assert session.execute(select(Ticket)).first() is None


def test_it_opens_no_cry_for_help_and_no_sealed_letter(session: Session) -> None:
    items = turn_of(session).school.catalogue.items
    forbidden = {slug for slug, item in items.items() if not behalf.may_open(item)}
    assert {"crisis", "consult"} <= forbidden
    assert all(items[slug].hidden or items[slug].sensitive or items[slug].urgent for slug in forbidden)
    for slug in (*forbidden, "no-such"):
        with pytest.raises(Refused, match="not_found"):
            serving.open_for(turn_of(session, HAN), "2023001", slug, {"words": "x"}, "phone", "abcdefgh")


def test_it_is_handed_in_once_and_only_whole(session: Session) -> None:
    one = open_leave(session)
    assert open_leave(session).id == one.id
    for wrong in ({"source": "letter"}, {"source": ""}, {"rest": "a"}, {"reason": None, "rest": "12345678"}):
        with pytest.raises(Refused):
            open_leave(session, **wrong)
    with pytest.raises(Refused, match="overlap"):
        open_leave(session, rest="12345678")
    assert len(session.execute(select(Ticket)).all()) == 1


def test_it_answers_for_the_student_what_was_asked(session: Session) -> None:
    turn = turn_of(session, LILEI)
    ticket = tickets.open_ticket(turn, turn.school.catalogue.items["leave"], leave_answers())
    with pytest.raises(Refused, match="nothing_asked"):
        do(session, ticket, "answer", words="有证明", source="desk")
    tickets.ask(turn_of(session, HAN), ticket, "请补充证明")
    for words, source in (("", "desk"), ("有证明", ""), ("字" * 2001, "desk")):
        with pytest.raises(Refused):
            do(session, ticket, "answer", words=words, source=source)
    do(session, ticket, "answer", words="有证明", source="desk")
    assert (kinds(session, ticket)[-1], ticket.status) == ("answered", "in_progress")
    assert "替你补充了" in told(session, LILEI)[-1].text
    here = turn_of(session, LILEI)
    assert "韩老师代为补充（当面）：有证明" in notices.timeline(
        here, ticket, tickets.events_of(here, ticket), staff=False
    )


def do(session: Session, ticket: Ticket, verb: str, by: str = HAN, rev: int = -1, number: str = "2023001",
       now: Any = START, **more: str) -> None:  # fmt: skip
    rev = ticket.rev if rev < 0 else rev
    serving.do(turn_of(session, by, now), number, ticket.number, verb, rev, **more)


def test_it_books_the_return_of_who_stands_at_the_desk(session: Session) -> None:
    ticket = open_leave(session)
    tickets.sign(turn_of(session, HAN), ticket)
    with pytest.raises(Refused, match="not_begun"):
        do(session, ticket, "back")
    do(session, ticket, "back", now=START + timedelta(days=2))
    assert (ticket.status, ticket.resolution, kinds(session, ticket)[-1]) == ("closed", "approved", "returned")


def test_it_takes_back_what_was_opened_by_mistake(session: Session) -> None:
    ticket = open_leave(session)
    with pytest.raises(Refused, match="not_opened_by_you"):
        do(session, ticket, "withdraw", by=WANG)
    do(session, ticket, "withdraw")
    assert ticket.resolution == "withdrawn"
    assert "撤回了替你提交的" in told(session, LILEI)[-1].text
    with pytest.raises(Refused, match="already"):
        do(session, ticket, "withdraw")


def test_it_does_nothing_to_what_went_on_or_is_not_theirs_az_01_az_02(session: Session) -> None:
    ticket = open_leave(session)
    with pytest.raises(serving.Stale):
        do(session, ticket, "withdraw", rev=0)
    for by, number, verb in (("方老师", "2023001", "withdraw"), (HAN, "2023002", "withdraw"), (HAN, "2023001", "sign")):
        with pytest.raises(Refused, match="not_found"):
            do(session, ticket, verb, by, number=number)
    assert kinds(session, ticket) == ["opened"]


def open_repair(session: Session, rest: str = "abcdefgh") -> Ticket:
    answers = {"what": "air", "where": "梅园3栋402", "detail": "空调不制冷"}
    return serving.open_for(turn_of(session, HAN), "2023001", "dorm-repair", answers, "phone", rest)


def test_it_lists_what_went_to_an_office_and_takes_it_back_az_01(session: Session) -> None:
    ticket, taken = open_repair(session), open_repair(session, "abcdefgi")
    tickets.take(turn_of(session, "后勤老师"), taken)

    def shown(name: str) -> dict[str, tuple[str, ...]]:
        page = students.show(turn_of(session, name), "2023001")
        assert page is not None
        assert page.beyond == {each.row.number for each in page.open}
        assert not any(each.row.about for each in page.open)
        return {each.row.number: each.can for each in page.open}

    assert shown(HAN) == {ticket.number: ("withdraw",), taken.number: ()}
    assert shown(WANG) == {ticket.number: (), taken.number: ()}
    for by, number in (("方老师", ticket), (WANG, ticket)):
        with pytest.raises(Refused, match="not_found"):
            do(session, number, "withdraw", by=by)
    with pytest.raises(Refused, match="already"):
        do(session, taken, "withdraw")
    do(session, ticket, "withdraw")
    assert ticket.resolution == "withdrawn"


def test_it_tells_the_opener_and_the_superior_of_an_objection(session: Session) -> None:
    ticket = open_repair(session)
    assert "王书记" in say(session, ticket, "object")
    assert [reply.text.split("，")[0] for reply in told(session, HAN)] == ["学生说没有要办"]
    page = students.show(turn_of(session, HAN), "2023001")
    assert page is not None
    assert (set(page.objected), set(page.beyond)) == ({ticket.number}, {ticket.number})


def test_it_names_nobody_where_nobody_leads(session: Session) -> None:
    ticket = open_leave(session)
    session.execute(Person.__table__.update().where(Person.kind == "staff", Person.name != HAN).values(active=False))  # type: ignore[attr-defined]
    turn = Turn(session, turn_of(session).school, START, START, None, person_of(session, LILEI))
    assert tickets.object_to(turn, ticket) is None
    assert ticket.resolution == "withdrawn"


@pytest.mark.parametrize(
    ("words", "end"),
    [("代 2023001 请假 明天一天", "/2023001/open/leave"), ("代2023001报修", "/2023001/open/dorm-repair"),
     ("替学号2023001，办点事", "/2023001"), ("for 2023001 leave", "/2023001/open/leave")],
)  # fmt: skip
def test_it_leads_from_chat_to_the_form(session: Session, words: str, end: str) -> None:
    replies = serving_talk.hear(turn_of(session, HAN), words)
    assert replies is not None
    assert replies[0].link is not None
    assert replies[0].link.url.endswith(f"/console/students{end}")
    with pytest.raises(Refused, match="no_such_student"):
        serving_talk.hear(turn_of(session, "方老师"), words)


@pytest.mark.parametrize(
    "words", ["代销假 QJ-2606-0012", "代 QJ-2606-0012 同意", "替我看看", "代 abcd 请假", "同意 0012", ""]
)
def test_it_leaves_other_words_alone(session: Session, words: str) -> None:
    assert serving_talk.hear(turn_of(session, HAN), words) is None
