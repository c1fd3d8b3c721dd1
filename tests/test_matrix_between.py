"""Between the offer and the press: whose right has ended, whose order is void, and whom a crisis or a notice is hidden from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from sqlalchemy import select, update

from handlers import directory, notices
from models.message import unpack
from models.outbox import Outbox
from models.ticket import Event, Ticket
from tests.bad_inputs.cast import ROLES
from tests.bad_inputs.place import Place
from tests.test_matrix_verbs import is_refused, make, said
from tests.verb_words import NOBODY, ways

CHANGES: Final = ["moved", "duty ended", "deactivated"]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("way", ["press", "words", "quotation", "waiting words"])
def test_it_asks_again_for_the_right_when_the_button_is_pressed_wf_05_wf_07(
    tmp_path_factory: pytest.TempPathFactory, own_place: Place, change: str, way: str
) -> None:
    place = own_place
    ticket = make(place, "leave")
    offered = ways(ticket, "sign")
    if way == "waiting words":
        place.hear("counselor", press=f"t:{ticket.id}:refuse:{ticket.rev}")
    before = place.written(ticket)
    if change == "deactivated":
        place.activate("counselor", active=False)
    else:
        place.database.run(lambda session: place.end_duties(session, "counselor"))
    if change == "moved":
        place.database.run(lambda session: place.give_duty(session, "counselor", "counselor", "/S/civil/ce2301/"))
    answer = said(place, "counselor", offered.get(way, {"words": "材料不齐，先不批了"}))
    assert place.written(ticket) == before
    assert ticket.number not in answer
    assert place.ticket(ticket.number).status == "new"
    page = place.say("counselor", "详情 " + ticket.number)
    assert "家里有事" not in page.text
    if change == "moved" and way != "waiting words":
        assert is_refused(answer)


@pytest.fixture
def own_place(tmp_path: Any, sqlite_url: str) -> Iterator[Place]:
    place = Place(sqlite_url, tmp_path)
    yield place
    place.close()


def test_it_says_once_that_an_order_is_void_and_goes_on_wf_07(own_place: Place) -> None:
    ticket = make(own_place, "leave")
    own_place.hear("counselor", press=f"t:{ticket.id}:refuse:{ticket.rev}")
    for _ in range(2):  # It is asked first whether he signs in the counselor's place.
        own_place.hear("deputy", f"同意 {ticket.number}")
    assert "已经处理过了" in said(own_place, "counselor", {"words": "材料不齐"})
    assert "已经处理过了" not in said(own_place, "counselor", {"words": "你好"})


def test_it_cancels_an_order_by_word_even_after_something_else(own_place: Place) -> None:
    ticket = make(own_place, "leave")
    own_place.hear("counselor", press=f"t:{ticket.id}:reply:{ticket.rev}")
    own_place.hear("counselor", "待办")
    before = own_place.written(ticket)
    own_place.hear("counselor", "取消")
    assert own_place.written(ticket) == before


def test_it_gives_no_signature_to_whoever_only_takes_the_ticket_wf_05(own_place: Place) -> None:
    place = own_place
    ticket = make(place, "long_leave")
    place.hear("counselor", f"同意 {ticket.number}")
    ticket = place.ticket(ticket.number)
    assert ticket.assignee_id == "deputy"
    before = place.written(ticket)
    for words, told in 2 * (("接单", "这一步由王书记审批"), ("同意", "您已同意，不用再点")):
        assert told in said(place, "counselor", {"words": f"{words} {ticket.number}"})
    assert "这一步由王书记审批" in said(place, "counselor", {"press": f"t:{ticket.id}:take:{ticket.rev}"})
    assert place.written(ticket) == before
    place.hear("deputy", f"同意 {ticket.number}")
    assert place.ticket(ticket.number).back_at is not None


def test_it_lets_nobody_decide_on_a_matter_of_ones_own_wf_05(own_place: Place) -> None:
    place = own_place
    ticket = make(place, "leave")

    def make_own(session: Any) -> None:
        session.execute(update(Ticket).where(Ticket.id == ticket.id).values(requester_id="counselor"))

    place.database.run(make_own)
    before = place.written(ticket)
    for verb in ("sign", "refuse", "take", "reply", "ask"):
        for way, what in ways(ticket, verb).items():
            said(place, "counselor", what)
            if way != "quotation":
                assert place.written(ticket) == before
            before = place.written(ticket)
    kinds = place.database.read(
        lambda session: set(session.execute(select(Event.kind).where(Event.ticket_id == ticket.id)).scalars())
    )
    assert kinds <= {"opened", "added"}  # Words on a quoted matter of one's own are added to it, and decide nothing.


def test_it_hides_a_crisis_from_all_who_were_not_paged_cr(own_place: Place) -> None:
    place = own_place
    place.hear("owner", "我不想活了，药已经买好了")
    ticket = place.newest("crisis")
    for who in ROLES:
        listed = said(place, who, {"words": "待办"}) + said(place, who, {"words": f"详情 {ticket.number}"})
        assert ("药已经买好了" in listed) == (who in ("psych", "owner")), who
    told = place.database.read(
        lambda session: [
            row.account_id for row in session.execute(select(Outbox)).scalars() if row.ticket_id == ticket.id
        ]
    )
    assert set(told) == {place.forget_accounts("psych")}


def test_it_shows_a_crisis_to_a_lead_who_was_paged_while_leading(own_place: Place) -> None:
    place = own_place
    place.hear("owner", "我不想活了，药已经买好了")
    ticket = place.newest("crisis")
    assert "药已经买好了" not in said(place, "head", {"words": f"详情 {ticket.number}"})

    def page(session: Any) -> None:
        session.add(
            Event(id="e" * 22, ticket_id=ticket.id, rev=ticket.rev + 1, kind="escalated", at=place.now, to_id="head")
        )
        session.execute(update(Ticket).where(Ticket.id == ticket.id).values(rev=ticket.rev + 1))

    place.database.run(page)
    assert "药已经买好了" in said(place, "head", {"words": f"详情 {ticket.number}"})
    place.database.run(lambda session: place.end_duties(session, "head"))
    assert is_refused(said(place, "head", {"words": f"详情 {ticket.number}"}))


@pytest.mark.parametrize("verb", ["safe", "write", "", "zzz", "sign"])
def test_it_takes_the_crisis_buttons_from_their_owner_only(own_place: Place, verb: str) -> None:
    place = own_place
    leave = make(place, "leave")
    place.hear("owner", "我不想活了")
    ticket = place.newest("crisis")
    for who in ROLES:
        if who != "owner":
            before = place.written(ticket)
            answer = said(place, who, {"press": f"c:{ticket.id}:{verb}"})
            assert answer == said(place, who, {"press": f"c:{NOBODY}:{verb}"})
            assert place.written(ticket) == before
    untouched, before = place.written(leave), place.written(ticket)
    place.hear("owner", press=f"c:{leave.id}:{verb}")
    place.hear("owner", press=f"c:{ticket.id}:{verb}")
    assert place.written(leave) == untouched
    assert (place.written(ticket) != before) == (verb in ("safe", "write"))


def test_it_hands_notices_to_nobody_who_may_not_see_the_ticket_az_01(own_place: Place) -> None:
    """Who was told of a ticket in the whole conversation: its requester, and those who answer for it."""
    place = own_place
    leave, repair = make(place, "long_leave"), make(place, "repair")
    place.hear("counselor", f"退回补充 {leave.number} 缺证明")
    place.hear("owner", f"补充 {leave.number} 证明在这里")
    place.hear("counselor", f"同意 {leave.number}")
    place.hear("deputy", f"同意 {leave.number}")
    place.hear("officer", f"回复 {repair.number} 修好了")
    allowed = {leave.id: {"owner", "counselor", "deputy"}, repair.id: {"owner", "officer"}}
    rows = place.database.read(lambda session: told_of(session, place))
    assert {row[0] for row in rows} == set(allowed)
    for ticket_id, who, words in rows:
        assert who in allowed[ticket_id], words
    assert notices.RULES


def told_of(session: Any, place: Place) -> list[tuple[str, str, str]]:
    from models.person import Account

    found = []
    for row in session.execute(select(Outbox)).scalars():
        address = session.get(Account, row.account_id)
        body = place.database.seal.open(f"outbox.body:{row.id}", row.body)  # type: ignore[union-attr]
        found.append((row.ticket_id, address.person_id, unpack(body)[0].text))
    assert directory.PULL == "webchat"
    return found
