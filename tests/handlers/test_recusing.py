"""Nobody gets, decides, hears of or sees a matter that is about them, whichever way it goes (回避)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from handlers import (
    access,
    alarms,
    cards,
    complaints,
    figures,
    handing,
    lists,
    receivers,
    recusals,
    recusing_talk,
    serving,
    tags,
    tally,
    tickets,
)
from handlers.complaints import ABOUT
from handlers.deciding import decide
from handlers.form_about import readings
from handlers.form_about import told as told_of
from handlers.handing_in import hand_in
from handlers.turn import Turn
from handlers.views import inbox_reach
from handlers.views import tags as views_tags
from models.grid import Duty, Shift
from models.message import Refused
from models.person import Person
from models.ticket import Event, Ticket
from tests.builders import START, add_duty, be_away, make_school, own_catalogue, person_of, told, turn_of

CLASS, DAY = "/sl/cs/cs2301/", timedelta(days=1)
ABOUT_HAN = "我要投诉韩老师，她当着全班骂我"
ITEMS = own_catalogue().items


def opened(session: Session, words: str = ABOUT_HAN, slug: str = "consult", who: str = "李雷") -> Ticket:
    answers = {
        "consult": {"words": words}, "youth-mailbox": {"topic": "other", "letter": words},
        "dorm-repair": {"what": "water", "where": "1号楼203", "detail": words},
    }[slug]  # fmt: skip
    return tickets.open_ticket(turn_of(session, who), ITEMS[slug], answers)


def name(session: Session, person_id: str | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return person.name if person else ""


def seen_by(session: Session, who: str, ticket: Ticket) -> set[bool]:
    """Whether somebody sees a ticket, by each of the ways in which that is asked."""
    person, now = person_of(session, who), START
    values = {"person": person.id, "now": now}
    reach = inbox_reach.of(turn_of(session, who))
    asked = (
        select(Ticket.id).where(access.visible(session, person, now)),
        select(Ticket.id).where(access.REACHED),
        reach.live(),
        reach.past(),
        reach.newest(50),
    )
    found = {ticket.id in set(session.execute(each, values).scalars()) for each in asked}
    return found | {access.may_act(session, person, ticket, now)}


@pytest.fixture
def ticket(session: Session) -> Ticket:
    return opened(session)


def test_it_goes_to_the_next_one_up_and_is_seen_by_nobody_whom_it_is_about(session: Session, ticket: Ticket) -> None:
    assert name(session, ticket.assignee_id) == name(session, ticket.owner_id) == "王书记"
    assert recusals.of(turn_of(session, "李雷"), ticket) == {person_of(session, "韩老师").id}
    assert seen_by(session, "韩老师", ticket) == {False}
    assert seen_by(session, "王书记", ticket) == seen_by(session, "学工部长", ticket) == {True}
    assert told(session, "韩老师") == []
    assert lists.by_tail(turn_of(session, "韩老师"), ticket.number[-4:]) is None
    assert "韩老师" in "".join(cards.card(turn_of(session, "李雷"), ticket, staff=False).lines)


def test_it_is_as_before_where_nobody_is_complained_of(session: Session) -> None:
    for words in ("韩老师您好，我想问奖学金", "食堂太贵了，我要投诉食堂", "韩老师没批我的假，怎么办"):
        ticket = opened(session, words)
        assert name(session, ticket.assignee_id) == "韩老师", words
        assert not ticket.recused


def test_it_takes_the_answer_to_the_question_and_keeps_it_with_nothing_else(session: Session) -> None:
    words, turn = "韩老师没批我的假，怎么办", turn_of(session, "李雷")
    found = readings(turn, ITEMS["consult"], {"words": words})
    assert found == ("韩老师", "王书记", "韩老师", False)
    han = person_of(session, "韩老师").id
    yes = tickets.open_ticket(turn, ITEMS["consult"], {"words": words, ABOUT: [han]})
    no = tickets.open_ticket(turn, ITEMS["consult"], {"words": words, ABOUT: []})
    assert [name(session, each.assignee_id) for each in (yes, no)] == ["王书记", "韩老师"]
    assert yes.answers == no.answers == {}


def test_it_keeps_out_of_an_office_whoever_the_letter_is_about(session: Session) -> None:
    about_han = opened(session, ABOUT_HAN, "youth-mailbox")
    assert name(session, about_han.assignee_id) == "团委老师"
    # A duty that would show it, now or later, shows nothing of it.
    add_duty(session, person_of(session, "韩老师"), "/sl/youth-league/", "officer", from_at=START - DAY)
    assert seen_by(session, "韩老师", about_han) == {False}
    about_office = opened(session, "投诉团委老师乱收费", "youth-mailbox")
    assert name(session, about_office.assignee_id) == "学工部长"
    assert seen_by(session, "团委老师", about_office) == {False}


def test_it_is_no_colleague_s_of_the_same_post(session: Session) -> None:
    add_duty(session, person_of(session, "方老师"), CLASS, "counselor", from_at=START - DAY)
    assert name(session, opened(session).assignee_id) == "王书记"
    assert name(session, opened(session, "请问奖学金什么时候发").assignee_id) in ("韩老师", "方老师")


def test_it_passes_whoever_stands_in_for_or_is_stood_in_for_by_them(session: Session) -> None:
    be_away(session, "韩老师", "方老师")  # 方老师 acts for her, and would act for her here.
    ticket = opened(session)
    assert name(session, ticket.assignee_id) == "王书记"
    assert seen_by(session, "方老师", ticket) == {False}
    be_away(session, "王书记", "韩老师")
    other = opened(session)
    assert name(session, other.assignee_id) == "学工部长"
    assert seen_by(session, "韩老师", other) == {False}
    assert told(session, "韩老师") == told(session, "方老师") == []


def test_it_is_nobody_s_who_works_under_them(session: Session) -> None:
    ticket = opened(session, "王书记收礼，我要举报")
    assert name(session, ticket.assignee_id) == name(session, ticket.owner_id) == "学工部长"
    assert seen_by(session, "韩老师", ticket) == seen_by(session, "王书记", ticket) == {False}
    assert told(session, "韩老师") == told(session, "王书记") == []
    said = told_of(turn_of(session, "李雷"), ticket, ITEMS["consult"], {"words": "王书记收礼，我要举报"})
    assert "韩老师归王书记领导" in said
    assert "内容与王书记有关" in said
    for under in ("王书记", "韩老师"):
        with pytest.raises(Refused):
            tickets.transfer(turn_of(session, "学工部长"), ticket, person_of(session, under))
        assert all(each.person.name != under for each in receivers.may_receive(turn_of(session, "学工部长"), ticket))
    add_duty(session, person_of(session, "值班老师甲"), "/sl/cs/", "counselor", from_at=START - DAY)
    with pytest.raises(Refused) as refused:
        tickets.transfer(turn_of(session, "学工部长"), ticket, person_of(session, "值班老师甲"))
    assert refused.value.key == "transfer.under"
    sweep = Turn(session, make_school(), START, START)
    assert tickets.escalate(sweep, ticket, "escalate:respond:0:1") is None
    assert told(session, "韩老师") == told(session, "王书记") == []


@pytest.mark.parametrize(
    ("words", "slug", "to"),
    [
        ("投诉学工部长收钱", "consult", "王书记"), ("投诉团委老师和学工部长收钱", "youth-mailbox", "值班老师甲"),
        ("韩老师和王书记一起克扣助学金", "consult", "学工部长"), ("举报王书记贪污", "youth-mailbox", "团委老师"),
        ("水龙头又坏了，后勤老师上次收钱不修", "dorm-repair", "学工部长"), ("水龙头坏了，一直漏水", "dorm-repair", "后勤老师"),
        ("我要投诉老韩，她收钱", "consult", "韩老师"),  # Unasked it would be taken for no complaint: the form asks before.
    ],
)  # fmt: skip
def test_it_finds_who_is_left(session: Session, words: str, slug: str, to: str) -> None:
    assert name(session, opened(session, words, slug).assignee_id) == to


def test_it_is_read_in_every_item_unless_it_says_off(session: Session) -> None:
    turn, words = turn_of(session, "李雷"), {"what": "water", "where": "1号楼203", "detail": "后勤老师收钱不修"}
    assert {item.conflict for item in ITEMS.values() if not item.urgent} == {"words"}
    assert complaints.read(turn, ITEMS["dorm-repair"], turn.person, words).sure
    for off in ({"conflict": "off"}, {"conflict": ""}, {"urgent": True}):
        assert not complaints.read(turn, ITEMS["dorm-repair"].model_copy(update=off), turn.person, words).sure
    asked: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *parts: asked.append(parts[2]))
    assert not complaints.read(turn, ITEMS["dorm-repair"], turn.person, {**words, "detail": "一直漏水"}).sure
    assert asked == [], "nothing is asked for where no word complains"


def test_it_names_all_of_whom_it_was_said(session: Session) -> None:
    words = "韩老师和王书记一起克扣助学金"
    said = told_of(turn_of(session, "李雷"), opened(session, words), ITEMS["consult"], {"words": words})
    assert "内容与韩老师、王书记有关" in said
    assert "领导" not in said
    about_all = "学工部长和团委老师收钱"
    said = told_of(turn_of(session, "李雷"), opened(session, about_all), ITEMS["consult"], {"words": about_all})
    assert "韩老师归学工部长领导" in said


def test_it_climbs_past_them_and_alarms_nobody_of_them(session: Session) -> None:
    ticket = opened(session, "请问奖学金什么时候发")
    tickets.recuse(turn_of(session, "学工部长"), ticket, person_of(session, "王书记"), "亲属")
    assert name(session, ticket.assignee_id) == "韩老师"
    sweep = Turn(session, make_school(), START, START)
    assert name(session, getattr(tickets.escalate(sweep, ticket, "escalate:respond:0:1"), "id", None)) == "学工部长"
    assert tickets.escalate(sweep, ticket, "escalate:respond:1:1") is None
    with pytest.raises(Refused):
        tickets.transfer(turn_of(session, "韩老师"), ticket, person_of(session, "王书记"))
    assert all(each.person.name != "王书记" for each in receivers.may_receive(turn_of(session, "韩老师"), ticket))
    assert told(session, "王书记") == []


def test_it_hears_a_complaint_in_words_that_come_later(session: Session) -> None:
    ticket = opened(session, "请问奖学金什么时候发")
    assert name(session, ticket.assignee_id) == "韩老师"
    assert told(session, "韩老师")
    tickets.add(turn_of(session, "李雷"), ticket, "其实我要投诉韩老师乱收费")
    assert name(session, ticket.assignee_id) == name(session, ticket.owner_id) == "王书记"
    assert seen_by(session, "韩老师", ticket) == {False}
    assert told(session, "韩老师") == []  # Nor of the opening, which she had not read yet.
    assert any("乱收费" in each for each in told(session, "王书记"))
    pressed = opened(session, "请问奖学金什么时候发")
    tickets.urge(turn_of(session, "李雷"), pressed, "韩老师故意刁难我")
    assert name(session, pressed.assignee_id) == "王书记"
    nicknamed = opened(session, "请问奖学金什么时候发")
    tickets.add(turn_of(session, "李雷"), nicknamed, "老韩总骂我们")
    assert name(session, nicknamed.assignee_id) == "王书记"
    mere = opened(session, "请问奖学金什么时候发")
    tickets.add(turn_of(session, "李雷"), mere, "韩老师还没回我")
    assert name(session, mere.assignee_id) == "韩老师"
    done = opened(session, "请问奖学金什么时候发")
    tickets.reply(turn_of(session, "韩老师"), done, "下周")
    tickets.reopen(turn_of(session, "李雷"), done, "没解决，我要投诉辅导员")
    assert name(session, done.assignee_id) == "王书记"


@pytest.mark.parametrize(
    ("stars", "words", "reads"),
    [(1, "韩老师态度恶劣，还骂人", False), (2, "态度太差", False), (1, "老韩骂人", False), (1, "等了太久", True), (5, "韩老师很耐心", True)],
)  # fmt: skip
def test_it_tells_no_rating_to_whom_it_complains_of(session: Session, stars: int, words: str, reads: bool) -> None:
    ticket = opened(session, "请问奖学金什么时候发")
    tickets.reply(turn_of(session, "韩老师"), ticket, "下周")
    tickets.rate(turn_of(session, "李雷"), ticket, stars, words)
    assert any(words in each for each in told(session, "韩老师")) == reads
    assert any(words in each for each in told(session, "王书记")) == (stars <= 2)
    assert (True in seen_by(session, "韩老师", ticket)) == reads
    assert name(session, ticket.assignee_id) == "韩老师", "who ended it is counted for it"
    if stars <= 2:
        tickets.reopen(turn_of(session, "李雷"), ticket, "没解决")
        assert name(session, ticket.assignee_id) == name(session, ticket.owner_id) == ("韩老师" if reads else "王书记")


def test_it_is_said_by_staff_themselves_and_taken_back_by_whoever_leads(session: Session) -> None:
    ticket = opened(session, "请问奖学金什么时候发")
    assert (
        name(
            session,
            getattr(
                tickets.recuse(turn_of(session, "韩老师"), ticket, person_of(session, "韩老师"), "我是当事人"), "id", ""
            ),
        )
        == "王书记"
    )
    assert seen_by(session, "韩老师", ticket) == {False}
    assert any("换人" in each for each in told(session, "李雷"))
    assert all("当事人" not in each for each in told(session, "李雷"))
    with pytest.raises(Refused) as refused:
        tickets.recuse(turn_of(session, "王书记"), ticket, person_of(session, "韩老师"))
    assert refused.value.key == "recusal.already"
    tickets.readmit(turn_of(session, "王书记"), ticket, person_of(session, "韩老师"))
    assert not ticket.recused
    assert seen_by(session, "韩老师", ticket) == {True}
    assert name(session, ticket.assignee_id) == "王书记"


@pytest.mark.parametrize(
    ("by", "whom", "key"),
    [
        ("学工部长", "李雷", "recusal.no_staff"), ("方老师", "韩老师", "ticket.not_found"),
        ("值班老师甲", "韩老师", "ticket.not_found"), ("李雷", "韩老师", "ticket.not_found"),
    ],
)  # fmt: skip
def test_it_is_not_said_of_students_nor_by_others(session: Session, by: str, whom: str, key: str) -> None:
    ticket = opened(session, "请问奖学金什么时候发")
    with pytest.raises(Refused) as refused:
        tickets.recuse(turn_of(session, by), ticket, person_of(session, whom))
    assert refused.value.key == key
    assert not ticket.recused


def test_it_tells_nobody_where_nothing_changed_hands(session: Session) -> None:
    ticket = opened(session, "请问奖学金什么时候发")
    before = [len(told(session, each)) for each in ("李雷", "韩老师")]
    tickets.recuse(turn_of(session, "学工部长"), ticket, person_of(session, "王书记"), "亲属")
    assert [len(told(session, each)) for each in ("李雷", "韩老师")] == before
    assert name(session, ticket.assignee_id) == "韩老师"
    last = tickets.last_of(turn_of(session, "李雷"), ticket)[0]
    assert (last.kind, last.audience) == ("kept_out", "staff")


def test_it_goes_along_when_two_become_one_or_one_is_split(session: Session) -> None:
    plain, about = opened(session, "请问奖学金什么时候发"), opened(session)
    tickets.merge(turn_of(session, "学工部长"), about, plain)
    assert name(session, plain.assignee_id) == name(session, plain.owner_id) == "王书记"
    assert seen_by(session, "韩老师", plain) == seen_by(session, "韩老师", about) == {False}
    third = opened(session)
    made = tickets.split(turn_of(session, "王书记"), third, ITEMS["consult"], {"words": "还有宿舍的网"})
    assert name(session, made.assignee_id) == "王书记"
    assert seen_by(session, "韩老师", made) == {False}


def test_it_is_not_handed_over_to_them_with_everything_else(session: Session, ticket: Ticket) -> None:
    add_duty(session, person_of(session, "学工部长"), "/sl/", "administrator", from_at=START - DAY)
    turn = turn_of(session, "学工部长")
    handover = handing.begin(turn, person_of(session, "王书记"), person_of(session, "韩老师"))
    while handing.step(turn, handover):
        pass
    assert name(session, ticket.assignee_id) == "学工部长"
    assert seen_by(session, "韩老师", ticket) == {False}


def test_it_is_an_alarm_where_nobody_is_left(session: Session) -> None:
    for role in ("王书记", "学工部长"):
        for duty in session.execute(select(Duty).join(Person).where(Person.name == role)).scalars():
            session.delete(duty)
    for shift in session.execute(select(Shift)).scalars():
        session.delete(shift)
    session.flush()
    ticket = opened(session)
    assert ticket.assignee_id is None
    kinds = session.execute(select(Event.kind).where(Event.ticket_id == ticket.id)).scalars().all()
    assert "unowned" in kinds
    assert seen_by(session, "韩老师", ticket) == {False}


def test_it_is_alarmed_of_to_the_next_one_up_every_morning(session: Session, ticket: Ticket) -> None:
    tickets.recuse(turn_of(session, "王书记"), ticket, person_of(session, "王书记"))
    ticket.assignee_id = None  # As it stands once whoever has it has left.
    session.flush()
    before = [len(told(session, who)) for who in ("王书记", "学工部长")]
    alarms.watch(turn_of(session, None, START + DAY))
    assert [len(told(session, who)) for who in ("王书记", "学工部长")] == [before[0], before[1] + 1]


def test_it_asks_on_the_page_and_takes_it_for_a_yes_where_staff_write_it_down(session: Session) -> None:
    answers = {"topic": "other", "letter": "团委老师一直没回我的信，活动经费怎么办"}
    turn, item = turn_of(session, "李雷"), ITEMS["youth-mailbox"]
    with pytest.raises(Refused) as refused:
        hand_in(turn, item, answers, "k1234567")
    assert refused.value.key == "recusal.page_missing"
    assert name(session, hand_in(turn, item, answers, "k1234567", about="no").assignee_id) == "团委老师"
    assert name(session, hand_in(turn, item, answers, "k1234568", about="yes").assignee_id) == "学工部长"
    assert serving.item_of(turn_of(session, "韩老师"), "youth-mailbox") is item
    theirs = hand_in(turn_of(session, "韩老师"), item, answers, "k1234569", person_of(session, "李雷"))
    assert name(session, theirs.assignee_id) == "学工部长"


def test_it_is_done_on_the_page_of_the_ticket_too(session: Session) -> None:
    ticket = opened(session, "请问奖学金什么时候发")
    han = person_of(session, "韩老师")
    assert recusing_talk.offered(turn_of(session, "韩老师"), ticket) == (((f"p.{han.id}", "韩老师（我本人）"),), "")
    with pytest.raises(Refused) as refused:
        decide(turn_of(session, "韩老师"), ticket.number, "recuse", ticket.rev, "与我有关")
    assert refused.value.key == "ticket_page.whom"
    decide(turn_of(session, "韩老师"), ticket.number, "recuse", ticket.rev, "与我有关", f"p.{han.id}")
    assert name(session, ticket.assignee_id) == "王书记"
    assert seen_by(session, "韩老师", ticket) == {False}
    with pytest.raises(Refused) as refused:
        decide(turn_of(session, "韩老师"), ticket.number, "note", ticket.rev, "再看看")
    assert refused.value.key == "ticket.not_found"


def test_it_is_in_no_figure_list_or_tag_of_theirs_nor_is_what_staff_ask_themselves(session: Session) -> None:
    """What is counted is what is listed, and neither holds what somebody is kept out of or asked for themselves."""
    asked = opened(session, "请问奖学金什么时候发")
    own = opened(session, "想请教一件事", "consult", "王书记")
    tickets.tag(turn_of(session, "韩老师"), asked, "奖学金")
    tickets.tag(turn_of(session, "学工部长"), own, "教师")
    tickets.recuse(turn_of(session, "王书记"), asked, person_of(session, "韩老师"))
    session.flush()
    tally.score(turn_of(session, None), [asked.id, own.id])
    days = figures.Asked(START.date(), START.date())
    for who, ids, named in (("韩老师", [], []), ("王书记", [asked.id], ["奖学金"])):
        turn = turn_of(session, who)
        found = figures.figures(turn, days)
        assert (found.total["opened"], sorted(found.by_tag)) == (len(ids), named), who
        assert figures.count(turn, days, "opened") == len(ids)
        assert figures.counts(turn, days, ["opened"])["opened"] == len(ids)
        assert figures.behind(turn, days, "opened") == (ids, False)
        assert [line.name for line in views_tags.page(turn).lines] == named
        assert set(tags.in_use(turn)) <= {*named, "奖学金"}  # What one gave oneself is one's own word.
