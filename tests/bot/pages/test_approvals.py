"""The queue of approvals over HTTP: card after card, what is flagged, what went on meanwhile, and taking back."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from sqlalchemy import select, update

from handlers import notices
from handlers.texts import text
from handlers.turn import Turn
from models.desk import Postponed
from models.ticket import Event, Ticket
from tests.bad_inputs.place import Place, Said

HERE = "/console/approvals"
PARTS = {"accept": "application/json"}


def see(place: Place, query: str = "", who: str = "counselor") -> str:
    answer = place.call("GET", HERE + query, who)
    assert answer.status == 200, answer.text
    return answer.text


def numbers(page: str) -> list[str]:
    return re.findall(r'data-number="([^"]+)"', page)


def decide(place: Place, ticket: Ticket, verb: str, who: str = "counselor", parts: bool = False, **fields: str) -> Said:
    fields = {"rev": str(place.ticket(ticket.number).rev)} | fields
    return place.post(f"{HERE}/{ticket.number}/{verb}", who, PARTS if parts else None, **fields)


def kinds(place: Place, ticket: Ticket) -> list[str]:
    found: list[str] = place.database.read(
        lambda session: list(
            session.execute(select(Event.kind).where(Event.ticket_id == ticket.id).order_by(Event.rev)).scalars()
        )
    )
    return found


def words_of(place: Place, ticket: Ticket) -> str:
    """The words of a ticket's newest event."""

    def query(session: Any) -> str:
        newest = select(Event).where(Event.ticket_id == ticket.id).order_by(Event.rev.desc()).limit(1)
        turn = Turn(session, place.school, place.now, place.now)
        return notices.words_of(turn, session.execute(newest).scalar_one())

    found: str = place.database.read(query)
    return found


def ready(key: str, name: str) -> str:
    """One of our ready sentences about somebody."""
    return text("zh", f"phrases.words_{key}").replace("{name}", name)


def held(place: Place) -> int:
    return len(place.database.read(lambda session: list(session.execute(select(Postponed)).scalars())))


def test_it_shows_what_matters_and_goes_on_to_the_next(place: Place) -> None:
    one, two = place.leave_of("owner"), place.leave_of("classmate")
    page = see(place)
    assert numbers(page) == [one.number, two.number]
    for words in ("李雷", "还有 2 件", "家里有事", "周", "第一次请假", "前要有结果", "退回补充", "先放着"):
        assert words in page, words
    answer = decide(place, one, "sign")
    assert answer.status == 303
    page = see(place, answer.headers["location"].removeprefix(HERE))
    assert numbers(page) == [two.number]
    assert f"已同意李雷 {one.number}" in page
    assert "还有 1 件" in page
    assert place.ticket(one.number).back_at is not None
    assert held(place) == 1  # Nobody was told yet.
    bulk = re.search(r"bulk=([0-9a-z]{22})", answer.headers["location"])
    assert bulk
    undone = place.post(f"{HERE}/undo", "counselor", number=one.number, bulk=bulk[1])
    assert undone.headers["location"] == f"{HERE}?at={one.number}&did=undo&was={one.number}"
    assert numbers(see(place, f"?at={one.number}&did=undo&was={one.number}"))[0] == one.number
    assert (place.ticket(one.number).back_at, held(place)) == (None, 0)


def test_it_takes_a_ready_sentence_or_ones_own_words_for_a_reason(place: Place) -> None:
    one, two, three = place.leave_of("owner"), place.leave_of("classmate"), place.leave_of("classmate", 2)
    bare = decide(place, one, "refuse")
    assert (bare.status, kinds(place, one)) == (422, ["opened"])
    assert "要写一句话" in bare.text
    decide(place, one, "refuse", phrase="ours4", words="周三有期末考试")
    decide(place, two, "ask", phrase="ours0")
    assert words_of(place, one) == f"{ready('exam', '李雷')} 周三有期末考试"
    assert words_of(place, two) == ready("proof", "韩梅梅")
    assert decide(place, three, "refuse", phrase="no-such").status == 422
    assert numbers(see(place)) == [three.number]


def test_it_asks_twice_for_what_is_not_ordinary(place: Place) -> None:
    place.hear("counselor", f"同意 {place.leave_of('owner').number}")
    beside, long = place.leave_of("owner"), place.leave_of("classmate", 5)
    page = see(place)
    assert text("zh", "inbox.flag_conflict") in page
    assert text("zh", "inbox.flag_long") in page
    for ticket in (beside, long):
        asked = decide(place, ticket, "sign")
        assert (asked.status, kinds(place, ticket)) == (409, ["opened"])
        assert "仍然同意" in asked.text
        assert decide(place, ticket, "sign", sure="1").status == 303
        assert kinds(place, ticket)[-1] in ("approved", "signed")


def test_it_says_who_was_quicker_and_goes_on(place: Place) -> None:
    one, two = place.leave_of("owner"), place.leave_of("classmate")
    rev = str(one.rev)
    for _ in range(2):  # It is asked first whether he signs in the counselor's place.
        place.hear("deputy", f"同意 {one.number}")
    stale = decide(place, one, "refuse", rev=rev, words="不行")
    assert stale.status == 409
    assert f"{one.number} 已由王书记处理过" in stale.text
    assert numbers(stale.text) == [two.number]
    told = decide(place, one, "sign", parts=True, rev=rev)
    assert (told.status, json.loads(told.body)["card"]) == (409, "")


def test_it_decides_once_when_pressed_twice_wf_02(place: Place) -> None:
    ticket = place.leave_of("owner")
    rev = str(ticket.rev)
    first, again = (decide(place, ticket, "sign", rev=rev) for _ in range(2))
    assert (first.status, again.status) == (303, 303)
    assert again.headers["location"] == first.headers["location"]  # With the same click, which can still be taken back.
    assert kinds(place, ticket).count("approved") == 1
    assert decide(place, ticket, "refuse", rev=rev, words="不行").status == 409


def test_it_hands_the_script_the_card_behind_its_last(place: Place) -> None:
    tickets = [place.leave_of("owner" if day % 2 else "classmate", 1) for day in range(6)]
    place.database.run(lambda session: session.execute(update(Ticket).values(answers=Ticket.answers)))
    ahead = numbers(see(place))
    assert len(ahead) == 3
    told = json.loads(decide(place, tickets[0], "sign", parts=True, last=ahead[-1], sure="1").body)
    assert (told["left"], told["number"], len(told["bulk"])) == ("还有 5 件", tickets[0].number, 22)
    assert numbers(told["card"]) == [tickets[3].number]
    assert numbers(see(place, f"?after={tickets[3].number}"))[0] == tickets[4].number
    assert numbers(see(place, f"?before={tickets[4].number}"))[0] == tickets[3].number
    assert numbers(see(place, f"?after={tickets[5].number}"))[0] == tickets[1].number  # It is a circle.


def test_it_says_what_comes_next_when_all_is_decided(place: Place) -> None:
    assert "都批完了" in see(place)
    place.hear("owner", "我不想活了")  # A cry for help is nothing to approve.
    assert "都批完了" in see(place, who="psych")


@pytest.mark.parametrize("who", ["other_counselor", "officer", "psych", "other_deputy"])
def test_it_decides_for_nobody_else_az_01(place: Place, who: str) -> None:
    ticket = place.leave_of("owner")
    assert numbers(see(place, who=who)) == []
    page = see(place, f"?at={ticket.number}&did=sign&was={ticket.number}", who)
    assert "李雷" not in page
    assert "已同意" not in page
    for verb in ("sign", "ask", "refuse"):
        for parts in (False, True):
            assert decide(place, ticket, verb, who, parts, words="不", sure="1").status == 404
    assert place.post(f"{HERE}/undo", who, number=ticket.number).status == 404
    assert kinds(place, ticket) == ["opened"]


@pytest.mark.parametrize("path", ["XX/sign", "QJ-2606-9999/sign", "QJ-2606-9999/take", "QJ-2606-9999/undo"])
def test_it_knows_no_other_verb_and_no_unknown_number_az_01(place: Place, path: str) -> None:
    assert place.post(f"{HERE}/{path}", "counselor", rev="1", words="好").status == 404
