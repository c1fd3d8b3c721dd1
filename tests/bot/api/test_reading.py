"""The API as another system reads it: whom a token is, what it lists, and what it tells of a ticket."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.api.frame import ROOT
from bot.guard import Pace
from handlers import tokens
from handlers.turn import Turn
from handlers.views import inbox
from handlers.views import record_shapes as shapes
from handlers.views.inbox_filter import Filter
from models.person import Person
from models.ticket import Ticket
from models.token import Token
from tests.bad_inputs.cast import CAST
from tests.bad_inputs.place import Place
from tests.bot.api.systems import NUMBERS, System, audited, key_of, token_of

# -- who is let in


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer x", "Basic eXo6eA==", "Bearer yz_" + "a" * 43, "Bearer ' or 1=1--"]
)
def test_it_lets_nobody_in_without_a_token_az_01(place: Place, counselor: System, given: str) -> None:
    for path in ("/tickets", "/health", "/openapi.json", "/tickets/QJ-0001-0001"):
        answer = place.call("GET", ROOT + path, "counselor", {"authorization": given} if given else {})
        assert key_of(answer) == (401, "api.token_refused"), path
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_it_ends_a_token_with_its_day_its_word_and_its_person(place: Place) -> None:
    ended, revoked, left = (
        System(place, token_of(place, "deputy", "read", name)) for name in ("t-over", "t-revoked", "t-left")
    )
    assert [each.get("/health").status for each in (ended, revoked, left)] == [200, 200, 200]
    over = update(Token).where(Token.name == "t-over").values(until_at=place.now)
    place.database.run(lambda session: session.execute(over))
    assert place.database.run(lambda session: tokens.revoke(session, "t-revoked", place.now)) is True
    assert [key_of(each.get("/health"))[0] for each in (ended, revoked)] == [401, 401]
    place.activate("deputy", active=False)
    try:
        assert key_of(left.get("/health"))[0] == 401
    finally:
        place.activate("deputy", active=True)
    assert "t-revoked" in audited(place, "token_revoked")


def test_it_knows_no_cookies_and_no_other_sites(place: Place, counselor: System) -> None:
    answer = counselor.get("/tickets", origin="https://elsewhere.example", sec_fetch_site="cross-site")
    assert answer.status == 200
    assert not [name for name in answer.headers if name.startswith(("set-cookie", "access-control"))]
    assert key_of(counselor.ask("DELETE", "/tickets"))[0] == 405
    assert key_of(counselor.get("/nothing"))[0] == 404


def test_it_counts_each_token_by_itself(place: Place, counselor: System, officer: System) -> None:
    patient, place.app.state.api_pace = place.app.state.api_pace, Pace(2)
    try:
        assert [counselor.get("/health").status for _ in range(2)] == [200, 200]
        late = counselor.get("/health")
        assert officer.get("/health").status == 200
    finally:
        place.app.state.api_pace = patient
    assert key_of(late) == (429, "api.too_many")
    assert 1 <= int(late.headers["retry-after"]) <= 60


def test_it_writes_down_when_a_token_was_last_used(place: Place) -> None:
    system = System(place, token_of(place, "head", "read", "t-used"))
    used = select(Token.used_at).where(Token.name == "t-used")
    assert place.database.read(lambda session: session.execute(used).scalar()) is None
    system.found("/health")
    assert place.database.read(lambda session: session.execute(used).scalar()) is not None


# -- reading


def test_it_lists_what_its_person_may_answer_page_by_page_without_gap_or_double(
    place: Place, counselor: System
) -> None:
    mine = {place.leave_of("owner").number for _ in range(5)}
    theirs = place.leave_of("stranger").number
    numbers, cursor = [], ""
    while True:
        found = shapes.Tickets.model_validate(counselor.found(f"/tickets?limit=2&item=leave&cursor={cursor}"))
        numbers += [each.number for each in found.tickets]
        cursor = found.next or ""
        if not cursor:
            break
    assert numbers == sorted(set(numbers), reverse=True)
    assert mine <= set(numbers)
    assert theirs not in numbers
    assert theirs in System(place, token_of(place, "head", "read")).get("/tickets?limit=100").text


def test_it_lists_to_everybody_what_the_console_lists(place: Place) -> None:
    place.leave_of("owner", 4), place.leave_of("stranger"), place.repair_of("classmate")
    for who in sorted(NUMBERS):
        if not CAST[who][2] or who == "inactive":
            continue

        def query(session: Any, who: str = who) -> set[str]:
            person = session.execute(select(Person).where(Person.number == NUMBERS[who])).scalar_one()
            turn = Turn(session, place.school, place.now, place.now, None, person)
            ids, _ = inbox.all_ids(turn, Filter("all", "any"), 500)
            rows = session.execute(select(Ticket.number).where(Ticket.id.in_(ids), Ticket.private.is_(False)))
            return set(rows.scalars())

        system = System(place, token_of(place, who, "read", f"same-{who.replace('_', '-')}"))
        listed = {each["number"] for each in system.found("/tickets?limit=100")["tickets"]}
        assert listed == place.database.read(query), who
        assert all(system.get(f"/tickets/{number}").status == 200 for number in sorted(listed)[:5]), who


def test_it_filters(place: Place, counselor: System, officer: System) -> None:
    leave, repair = place.leave_of("owner"), place.repair_of("owner")

    def numbers(system: System, query: str) -> set[str]:
        return {each["number"] for each in system.found(f"/tickets?limit=100&{query}")["tickets"]}

    assert leave.number in numbers(counselor, "status=new")
    assert leave.number in numbers(counselor, "status=open&item=leave")
    assert numbers(counselor, "office=logistics") == set()
    assert repair.number in numbers(officer, "office=logistics")
    assert numbers(officer, "office=nowhere") == numbers(officer, "status=closed") == set()
    soon = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    early = (place.now - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert numbers(counselor, f"updated_since={soon}") == set()
    assert leave.number in numbers(counselor, f"updated_since={early}")
    late = update(Ticket).where(Ticket.number == leave.number).values(owed_at=place.now - timedelta(days=1))
    place.database.run(lambda session: session.execute(late))
    assert numbers(counselor, "overdue=true") == {leave.number}
    assert leave.number not in numbers(counselor, "overdue=false")


@pytest.mark.parametrize(
    "query",
    ["state=new", "status=done", "limit=0", "limit=101", "limit=x", "cursor=x", "cursor=MTp4", "updated_since=2026-06-10",
     "updated_since=0001-01-01T00:00:00Z", "updated_since=0001-01-01T00:00:00%2B14:00", "overdue=perhaps", "item=../x", "status=new&status=new", "item=%FF"],
)  # fmt: skip
def test_it_refuses_parameters_that_are_none(counselor: System, query: str) -> None:
    assert key_of(counselor.get(f"/tickets?{query}"))[0] == 400


def test_it_reads_a_ticket_whole_but_for_what_is_sealed(place: Place, counselor: System) -> None:
    leave = place.leave_of("owner")
    place.hear("counselor", f"回复 {leave.number} 请把材料带来")
    found = shapes.WholeTicket.model_validate(counselor.found(f"/tickets/{leave.number}"))
    assert [each.key for each in found.answers] == ["kind", "span", "off_campus"]
    assert found.withheld == ("reason", "evidence")
    assert [each.kind for each in found.course] == ["opened", "replied"]
    assert found.course[1].words is None, "What is said about a sensitive matter is as sensitive."
    assert {each.target for each in found.limits} >= {"resolve"}
    answer = counselor.get(f"/tickets/{leave.number}").text
    assert "家里有事" not in answer
    assert "请把材料带来" not in answer


def test_it_answers_a_foreign_number_like_one_that_is_not_there_az_01(place: Place, counselor: System) -> None:
    foreign = place.leave_of("stranger").number
    answers = [counselor.get(f"/tickets/{number}") for number in (foreign, "QJ-0001-0001", "x", "%00")]
    assert {(each.status, each.body) for each in answers} == {(404, answers[0].body)}
    assert foreign in audited(place, "denied")
    assert (
        key_of(counselor.post(f"/tickets/{foreign}/reply", {"words": "好"}, if_match='"1.0000000000000000"'))[0] == 404
    )


def test_it_shows_private_matters_only_where_the_token_says_so(place: Place) -> None:
    place.hear("classmate", "我不想活了")
    crisis = place.newest("crisis").number
    plain, whole = (System(place, token_of(place, "psych", sensitive=each)) for each in (False, True))
    assert key_of(plain.get(f"/tickets/{crisis}"))[0] == 404
    assert crisis not in plain.get("/tickets").text
    assert key_of(plain.post(f"/tickets/{crisis}/note", {"words": "好"}, if_match='"1.0000000000000000"'))[0] == 404
    assert crisis in whole.get("/tickets").text
    assert "不想活" not in whole.get(f"/tickets/{crisis}").text
    assert crisis in audited(place, "opened")


def test_it_says_304_as_long_as_nothing_changed(place: Place, counselor: System) -> None:
    number = place.leave_of("owner").number
    tag = counselor.tag(number)
    for condition in (tag, f'"x", W/{tag}'):
        same = counselor.get(f"/tickets/{number}", if_none_match=condition)
        assert (same.status, same.body, same.headers["etag"]) == (304, b"", tag)
    place.hear("counselor", f"备注 {number} 看过了")
    assert counselor.get(f"/tickets/{number}", if_none_match=tag).status == 200
