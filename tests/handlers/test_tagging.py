"""Tags of tickets: who gives, takes and renames them, what an item gives by itself, and where they are found and counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import figures, lists, notices, sorting, tagging_many, tags, tally, tickets
from handlers.approvals import Pick
from handlers.catalogue import Catalogue
from handlers.talks import Talk
from handlers.understand.orders import read_order
from handlers.views import figures as figures_page
from handlers.views import inbox, ticket_aside
from handlers.views import tags as tags_page
from handlers.views.inbox_filter import Filter, read
from models.item import Item
from models.message import Refused
from models.outbox import Outbox
from models.sorting import Tag
from models.ticket import Event, Ticket
from tests.builders import START, own_catalogue, person_of, turn_of

LEAKS: dict[str, Any] = {"what": "water", "where": "东园1号楼203", "detail": "漏水"}


def opened(session: Session, slug: str = "consult", who: str = "李雷") -> Ticket:
    answers = {"consult": {"words": "宿舍的网坏了"}, "dorm-repair": LEAKS, "youth-mailbox": {"words": "食堂太贵"}}[slug]
    return tickets.open_ticket(turn_of(session, who), own_catalogue().items[slug], answers)


def names(session: Session, ticket: Ticket) -> tuple[str, ...]:
    return tags.of(turn_of(session, "韩老师"), [ticket.id]).get(ticket.id, ())


def test_it_keeps_who_and_when_and_tells_no_student(session: Session) -> None:
    ticket = opened(session)
    before = session.execute(select(Outbox.id)).all()
    tickets.tag(turn_of(session, "韩老师", START + timedelta(hours=1)), ticket, "#漏水 三号楼、漏水")
    assert names(session, ticket) == ("三号楼", "漏水")
    event = session.execute(select(Event).where(Event.ticket_id == ticket.id, Event.kind == "tagged")).scalar_one()
    assert (event.by_id, event.audience, notices.words_of(turn_of(session, "韩老师"), event)) == (
        person_of(session, "韩老师").id,
        "staff",
        "#漏水 #三号楼",
    )
    tickets.untag(turn_of(session, "王书记"), ticket, "漏水")
    assert names(session, ticket) == ("三号楼",)
    assert session.execute(select(Outbox.id)).all() == before
    turn = turn_of(session, "李雷")
    assert "标签" not in notices.timeline(turn, ticket, tickets.events_of(turn, ticket), staff=False)
    assert "韩老师打了标签" in notices.timeline(turn, ticket, tickets.events_of(turn, ticket), staff=True)


@pytest.mark.parametrize(
    ("verb", "words", "key"),
    [("tag", " ,、 ", "tags.none_named"), ("tag", "长" * 21, "tags.too_long"), ("tag", "漏水", "tags.there"),
     ("tag", " ".join(map(str, range(10))), "tags.too_many"), ("untag", "空调", "tags.not_there")],
)  # fmt: skip
def test_it_says_what_is_wrong_with_a_tag(session: Session, verb: str, words: str, key: str) -> None:
    ticket = opened(session)
    tickets.tag(turn_of(session, "韩老师"), ticket, "漏水")
    with pytest.raises(Refused) as refused:
        sorting.DO[verb](turn_of(session, "韩老师"), ticket, words)
    assert refused.value.key == key
    assert names(session, ticket) == ("漏水",)


def test_it_changes_no_limit_and_is_open_to_ended_matters(session: Session) -> None:
    ticket = opened(session)
    tickets.reply(turn_of(session, "韩老师"), ticket, "修好了")
    before = (ticket.due_at, ticket.owed_at, ticket.status)
    tickets.tag(turn_of(session, "韩老师"), ticket, "网络")
    assert (ticket.due_at, ticket.owed_at, ticket.status) == before


@pytest.mark.parametrize(
    ("said", "order"),
    [("标签 BX-2606-0001 漏水 三号楼", ("tag", "BX-2606-0001", "漏水 三号楼")), ("BX-2606-0001 打标签 漏水", ("tag", "BX-2606-0001", "漏水")),
     ("去掉标签 BX-2606-0001 漏水", ("untag", "BX-2606-0001", "漏水")), ("tag BX-2606-0001 leak", ("tag", "BX-2606-0001", "leak")),
     ("untag BX-2606-0001 leak", ("untag", "BX-2606-0001", "leak"))],
)  # fmt: skip
def test_it_reads_orders_about_tags(said: str, order: tuple[str, str, str]) -> None:
    found = read_order(said)
    assert found is not None
    assert (found.verb, found.number, found.words) == order


def test_it_asks_for_tags_with_those_in_use_and_says_what_stands_now(session: Session) -> None:
    ticket, other = opened(session), opened(session)
    tickets.tag(turn_of(session, "韩老师"), other, "网络")
    talk = Talk()
    (asked,) = sorting.act(turn_of(session, "韩老师"), talk, ticket, "tag", "")
    assert "#网络" in asked.text
    assert talk.order is not None
    assert talk.order.verb == "tag"
    (done,) = sorting.act(turn_of(session, "韩老师"), talk, ticket, "tag", "断网")
    assert "现在的标签：#断网" in done.text
    assert "标签" in lists.fitting(turn_of(session, "韩老师"), "tag").text


def test_it_filters_searches_and_counts_only_what_the_reader_sees(session: Session) -> None:
    first, second, far = opened(session), opened(session), opened(session, who="林涛")
    for ticket, by in ((first, "韩老师"), (far, "方老师")):
        tickets.tag(turn_of(session, by), ticket, "断网")
    tickets.tag(turn_of(session, "韩老师"), second, "空调")
    tally.tally(turn_of(session, None, START + timedelta(hours=1)))
    for who, seen in (
        ("韩老师", {first.id}),
        ("王书记", {first.id}),
        ("方老师", {far.id}),
        ("学工部长", {first.id, far.id}),
    ):
        turn = turn_of(session, who)
        for asked in (
            Filter(view="all", tag="断网"),
            Filter(view="all", status="any", tag="断网"),
            read({"q": "断网"}),
        ):
            rows = inbox.inbox(turn, asked).rows
            assert {row.id for row in rows} & {first.id, second.id, far.id} >= seen, (who, asked)
            assert far.id not in {row.id for row in rows} or far.id in seen
            assert asked.words or {row.id for row in rows} == seen
        page = figures_page.page(turn, figures_page.ask(turn, {}))
        counted = {line.name: line.sums["opened"] for line in page.tags}
        assert counted["#断网"] == len(seen)
        narrowed = figures_page.ask(turn, {"tag": "断网"})
        assert set(figures.behind(turn, narrowed, "opened")[0]) == seen
        assert {line.name: line.count for line in tags_page.page(turn).lines}["断网"] == len(seen)
    assert "空调" not in tags.in_use(turn_of(session, "方老师"))
    assert inbox.inbox(turn_of(session, "韩老师"), Filter(view="all")).rows[0].tags


def test_it_leaks_no_tag_of_a_sealed_matter(session: Session) -> None:
    letter = opened(session, "youth-mailbox")
    mine = next(who for who in ("团委老师", "韩老师", "学工部长") if letter.assignee_id == person_of(session, who).id)
    tickets.tag(turn_of(session, mine), letter, "食堂")
    for who in {"王书记", "方老师", "后勤老师"} - {mine}:
        turn = turn_of(session, who)
        assert "食堂" not in tags.in_use(turn)
        assert all(line.name != "食堂" for line in tags_page.page(turn).lines)
        assert inbox.inbox(turn, Filter(view="all", status="any", tag="食堂")).rows == ()
        with pytest.raises(Refused):
            tickets.tag(turn, letter, "食堂")


def test_it_renames_and_merges_where_one_leads_and_nowhere_else(session: Session) -> None:
    here, both, far = opened(session), opened(session), opened(session, who="林涛")
    tickets.tag(turn_of(session, "韩老师"), here, "断网")
    tickets.tag(turn_of(session, "韩老师"), both, "断网 网络")
    tickets.tag(turn_of(session, "方老师"), far, "断网")
    with pytest.raises(Refused):
        tickets.retag(turn_of(session, "韩老师"), "断网", "网络")
    assert tickets.retag(turn_of(session, "王书记"), "断网", "网络") == (2, "")
    assert [names(session, each) for each in (here, both, far)] == [("网络",), ("网络",), ("断网",)]
    last = session.execute(
        select(Event).where(Event.ticket_id == here.id).order_by(Event.rev.desc()).limit(1)
    ).scalar_one()
    assert (last.kind, notices.words_of(turn_of(session, "王书记"), last)) == ("retagged", "#断网 → #网络")
    assert tickets.retag(turn_of(session, "学工部长"), "网络") == (2, "")
    assert names(session, here) == ()


def test_it_tags_several_and_leaves_out_what_is_out_of_reach(session: Session) -> None:
    first, second, far = opened(session), opened(session), opened(session, who="林涛")
    picks = [Pick(each.id, 0) for each in (first, second, far)]
    assert tagging_many.tag(turn_of(session, "韩老师"), picks, "tag", "断网") == 2
    assert names(session, far) == ()
    with pytest.raises(Refused):
        tagging_many.tag(turn_of(session, "韩老师"), picks, "tag", "断网")
    assert tagging_many.tag(turn_of(session, "韩老师"), picks, "untag", "断网") == 2
    assert ticket_aside.of(turn_of(session, "韩老师"), first).tags == ()


def test_it_lets_an_item_give_tags_by_the_answers_and_never_by_a_sealed_one(session: Session) -> None:
    usual = own_catalogue().items["dorm-repair"]
    rows = [
        {"name": "漏水", "when": {"field": "what", "one_of": ["water"]}},
        {"name": "断网", "when": {"field": "what", "one_of": ["network"]}},
    ]
    item = Item.model_validate(usual.body() | {"slug": usual.slug, "tag": rows})
    assert isinstance(own_catalogue(), Catalogue)
    ticket = tickets.open_ticket(turn_of(session, "李雷"), item, LEAKS)
    assert names(session, ticket) == ("漏水",)
    row = session.execute(select(Tag).where(Tag.ticket_id == ticket.id)).scalar_one()
    assert row.by_id is None
    sealed = [field | {"sensitive": field["key"] == "what"} for field in usual.body()["fields"]]
    with pytest.raises(ValidationError, match="sealed"):
        Item.model_validate(usual.body() | {"fields": sealed, "tag": rows})
