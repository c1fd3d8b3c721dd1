"""A matter turns out later to be about somebody: by words that follow, a rating, or at the word of staff; nobody sees it then."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from handlers import figures, receivers, recusing_talk, tags, tally, tickets
from handlers.deciding import decide
from handlers.turn import Turn
from handlers.views import tags as views_tags
from models.message import Refused
from tests.builders import START, make_school, person_of, told, turn_of
from tests.handlers.recusing import ITEMS, name, opened, seen_by


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
