"""The API as another system uses it: whom a token is, what it lists and reads, what it opens and does, once each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.api.frame import ROOT, Problem
from bot.guard import Pace
from handlers import tokens
from handlers.turn import Turn
from handlers.views import inbox
from handlers.views import record_shapes as shapes
from handlers.views.inbox_filter import Filter
from models.meta import Audit, broken_link
from models.person import Person
from models.ticket import Event, Ticket
from models.token import Token
from tests.bad_inputs.place import CAST, Place
from tests.bot.api import NUMBERS, System, token_of

REPAIR = {"what": "air", "where": "梅园3栋402", "detail": "不制冷，一直滴水"}
STUDENT, FOREIGN = NUMBERS["owner"], NUMBERS["stranger"]


@pytest.fixture(scope="module")
def place(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    from tests.conftest import copy_database

    folder = tmp_path_factory.mktemp("api")
    copy_database(sqlite_template, folder)
    place = Place(f"sqlite:///{folder / sqlite_template.name}", folder)
    closed = System(place, "").get("/health")
    assert closed.status == 404, "Without a token in force there is no API."
    yield place
    place.close()


@pytest.fixture(scope="module")
def counselor(place: Place) -> System:
    return System(place, token_of(place, "counselor"))


@pytest.fixture(scope="module")
def officer(place: Place) -> System:
    return System(place, token_of(place, "officer"))


def audited(place: Place, verb: str) -> list[str]:
    """What the audit log says of a verb."""
    wanted = select(Audit.thing).where(Audit.verb == verb).order_by(Audit.id)
    return list(place.database.read(lambda session: session.execute(wanted).scalars().all()))


def key_of(answer: Any) -> tuple[int, str]:
    """Status and key of a refusal, which says why in both languages."""
    assert answer.headers["content-type"] == "application/problem+json"
    told = Problem.model_validate_json(answer.body)
    assert told.status == answer.status
    assert told.zh != told.en
    assert told.detail in (told.zh, told.en)
    return answer.status, told.key


def opened(system: System, key: str, **more: Any) -> Any:
    """A repair that was opened for 李雷."""
    answer = system.post(
        "/tickets", {"item": "dorm-repair", "student": STUDENT, "answers": REPAIR | more}, idempotency_key=key
    )
    assert answer.status == 201, answer.text
    return json.loads(answer.body)


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


# -- opening


def test_it_opens_a_ticket_once_for_one_key(place: Place, counselor: System) -> None:
    body = {"item": "dorm-repair", "student": STUDENT, "answers": REPAIR}
    first = counselor.post("/tickets", body, idempotency_key="4f1c-repair-1")
    again = counselor.post("/tickets", body, idempotency_key='"4f1c-repair-1"')
    assert (first.status, again.status) == (201, 200)
    assert json.loads(first.body) == json.loads(again.body)
    number = json.loads(first.body)["number"]
    assert first.headers["location"] == f"{ROOT}/tickets/{number}"
    assert key_of(counselor.post("/tickets", body | {"answers": REPAIR | {"where": "梅园1栋"}}, idempotency_key="4f1c-repair-1")) == (
        422, "api.key_reused")  # fmt: skip
    assert opened(counselor, "4f1c-repair-2")["number"] != number
    ticket = place.ticket(number)
    event = place.database.read(
        lambda session: session.execute(select(Event).where(Event.ticket_id == ticket.id, Event.rev == 1)).scalar_one()
    )
    assert (event.by_id, ticket.requester_id) == ("counselor", "owner")
    assert "学校系统" in place.call("GET", f"/me/{number}", "owner").text
    assert f"{number} counselor-write" in audited(place, "api_open")


@pytest.mark.parametrize(
    ("changes", "headers", "refused"),
    [
        ({"student": FOREIGN}, {}, (404, "api.no_student")),
        ({"student": "T9999"}, {}, (404, "api.no_student")),
        ({"student": NUMBERS["officer"]}, {}, (404, "api.no_student")),
        ({"item": "crisis"}, {}, (404, "api.no_item")),
        ({"item": "nothing-such"}, {}, (404, "api.no_item")),
        ({"item": "leave"}, {}, (404, "api.no_item")),  # Its reason is sealed, which this token may not send.
        ({"answers": {}}, {}, (422, "api.answers")),
        ({"answers": REPAIR | {"what": "moon"}}, {}, (422, "api.answers")),
        ({"answers": REPAIR | {"where": 402}}, {}, (422, "api.answers")),
        ({"answers": REPAIR | {"where": "\u0000 "}}, {}, (422, "api.answers")),
        ({"answers": REPAIR | {"photo": "x"}}, {}, (422, "api.answers")),
        ({"more": 1}, {}, (422, "api.body")),
        ({"student": None}, {}, (422, "api.body")),
        ({}, {"idempotency_key": "short"}, (400, "api.needs_idempotency_key")),
    ],
)
def test_it_opens_nothing_that_is_not_right(
    place: Place, counselor: System, changes: dict[str, Any], headers: dict[str, str], refused: tuple[int, str]
) -> None:
    before = place.footprint()
    body = {"item": "dorm-repair", "student": STUDENT, "answers": REPAIR} | changes
    answer = counselor.post("/tickets", body, **{"idempotency_key": "k" * 12} | headers)
    assert key_of(answer) == refused
    assert key_of(counselor.post("/tickets", body)) == (400, "api.needs_idempotency_key")
    assert place.footprint() == before


def test_it_takes_times_as_days_and_as_instants(place: Place) -> None:
    system = System(place, token_of(place, "counselor", name="t-leave", sensitive=True))
    begin = place.now.astimezone(place.school.zone).date() + timedelta(days=40)
    for at, (start, end) in enumerate((
        (f"{begin}", f"{begin + timedelta(days=1)}"),
        (f"{begin + timedelta(days=3)}T08:00:00+08:00", f"{begin + timedelta(days=3)}T09:00:00Z"),
    )):  # fmt: skip
        answers = {"kind": "personal", "span": {"start": start, "end": end}, "off_campus": "no", "reason": "家里有事"}
        body = {"item": "leave", "student": NUMBERS["classmate"], "answers": answers}
        answer = system.post("/tickets", body, idempotency_key=f"t-leave-{at}")
        assert answer.status == 201, answer.text
        told = system.found(f"/tickets/{json.loads(answer.body)['number']}")
        shown = next(each["value"] for each in told["answers"] if each["key"] == "span")
        wanted = end if at == 0 else f"{begin + timedelta(days=3)}T17:00:00+08:00"
        assert shown == {"start": start, "end": wanted}
    answers["span"] = {"start": start, "end": "0001-01-01T00:00:00+14:00"}
    assert key_of(system.post("/tickets", body, idempotency_key="t-leave-9")) == (422, "api.answers")


def test_it_hears_a_cry_for_help_even_in_a_form_that_is_wrong(place: Place, counselor: System) -> None:
    def cries() -> int:
        wanted = select(func.count(Event.id)).where(Event.kind.in_(("paged", "added")))
        return place.database.read(lambda session: session.execute(wanted).scalar_one())

    before = cries()
    wrong = {"item": "dorm-repair", "student": STUDENT, "answers": {"detail": "我不想活了"}}
    answer = counselor.post("/tickets", wrong, idempotency_key="cry-for-help")
    assert "12356" in Problem.model_validate_json(answer.body).help
    assert cries() == before + 1
    told = opened(counselor, "cry-for-help", detail="我不想活了")
    assert "12356" in told["help"]
    assert cries() == before + 2
    body = {"item": "dorm-repair", "student": STUDENT, "answers": REPAIR | {"detail": "我不想活了"}}
    again = counselor.post("/tickets", body, idempotency_key="cry-for-help")
    assert again.status == 200
    assert "12356" in json.loads(again.body)["help"]
    assert cries() == before + 2, "The same wish again pages nobody again."


# -- acting


def test_it_does_the_verbs_of_staff_on_what_was_seen(place: Place, officer: System) -> None:
    number = place.repair_of("owner").number
    assert officer.found(f"/tickets/{number}")["verbs"] == [
        "take", "reply", "ask", "note", "transfer", "priority", "tag", "untag", "resolve", "merge"]  # fmt: skip
    assert json.loads(officer.act(number, "take").body)["status"] == "in_progress"
    assert officer.act(number, "note", words="已联系厂家").status == 200
    done = shapes.Ticket.model_validate_json(officer.act(number, "resolve", words="已修好").body)
    assert (done.status, done.resolution) == ("resolved", "answered")
    course = officer.found(f"/tickets/{number}")["course"]
    assert [(each["kind"], each["audience"]) for each in course] == [
        ("opened", "all"), ("taken", "all"), ("noted", "staff"), ("resolved", "all")]  # fmt: skip
    assert course[-1]["words"] == "已修好"
    for verb in ("take", "note", "resolve"):
        assert f"{number} officer-write" in audited(place, f"api_{verb}")
    assert place.database.read(broken_link) is None


def test_it_asks_tags_and_says_how_much_it_presses(place: Place, officer: System) -> None:
    number = place.repair_of("owner").number
    for verb, words in (("tag", "漏水 三号楼"), ("untag", "三号楼"), ("priority", "urgent 水漫出来了")):
        answer = officer.act(number, verb, words=words)
        assert answer.status == 200, (verb, answer.text)
    assert json.loads(officer.act(number, "ask", words="请拍一张照片").body)["status"] == "waiting"
    kinds = [each["kind"] for each in officer.found(f"/tickets/{number}")["course"]]
    assert kinds[0] == "opened"
    assert "asked" in kinds
    for verb in ("ask", "tag", "untag", "priority"):
        assert f"{number} officer-write" in audited(place, f"api_{verb}")


def test_it_hands_on_by_number_or_code_and_names_no_student(place: Place, officer: System) -> None:
    number = place.repair_of("owner").number
    for to in (STUDENT, "N9999", "nowhere"):
        answer = officer.act(number, "transfer", to=to, words="请办理")
        assert key_of(answer) == (422, "transfer.unknown")
        assert "李雷" not in answer.text
    assert officer.act(number, "transfer", to=NUMBERS["head"], words="请办理").status == 200
    assert officer.found(f"/tickets/{number}")["assignee"]["number"] == NUMBERS["head"]
    head = System(place, token_of(place, "head"))
    assert head.act(number, "transfer", to="logistics", words="还给后勤").status == 200
    assert officer.found(f"/tickets/{number}")["assignee"]["number"] == NUMBERS["officer"]


def test_it_does_nothing_twice_and_nothing_over_what_went_on(place: Place, officer: System) -> None:
    number = place.repair_of("owner").number
    tag = officer.tag(number)
    assert key_of(officer.post(f"/tickets/{number}/note", {"words": "一"})) == (428, "api.needs_if_match")
    sent = [officer.post(f"/tickets/{number}/note", {"words": "一"}, if_match=tag) for _ in range(2)]
    assert sent[0].status == 200
    assert key_of(sent[1]) == (412, "api.stale")
    for stale in ("*", '"x"', f"{tag}x", '"999999999.0000000000000000"'):
        assert key_of(officer.post(f"/tickets/{number}/reply", {"words": "二"}, if_match=stale)) == (412, "api.stale")
    assert place.ticket(number).rev == 2


def test_it_refuses_as_the_console_does(place: Place, counselor: System, officer: System) -> None:
    leave, repair = place.leave_of("owner").number, place.repair_of("owner").number
    assert key_of(counselor.act(leave, "resolve", words="好了"))[0] == 422
    assert officer.act(repair, "resolve").status == 200
    assert key_of(officer.act(repair, "take")) == (422, "ticket_page.not_now")
    reader = System(place, token_of(place, "officer", "read"))
    assert reader.found(f"/tickets/{repair}")["verbs"] == []
    assert key_of(reader.act(repair, "note", words="一")) == (403, "api.read_only")
    english = Problem.model_validate_json(
        officer.post(f"/tickets/{repair}/take", {}, if_match=officer.tag(repair), accept_language="en").body
    )
    assert english.detail == english.en


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "text/plain", 415), (b"words=x", "application/x-www-form-urlencoded", 415), (b"{}", "", 415),
        (b"{}", "application/json; charset=gbk", 415), (b"", "application/json", 400), (b"[]", "application/json", 400),
        (b'{"words": "a", "words": "b"}', "application/json", 400), (b'{"words": NaN}', "application/json", 400),
        (b'{"words": "\xff"}', "application/json", 400), (b"[" * 60_000, "application/json", 400), (b'{"words": ' + b"[" * 700 + b"]" * 700 + b"}", "application/json", 400),
        (b'{"words": "a", "words\\u0000": "b"}', "application/json", 400),
        (b'{"words": ' + b"9" * 5_000 + b"}", "application/json", 400), (b'\xef\xbb\xbf{"words": "a"}', "application/json", 400),
        (b'{"words": "' + b"a" * 70_000 + b'"}', "application/json", 413), (b'{"words": 1}', "application/json", 422),
        (b'{"words": ""}', "application/json", 422), (b'{"words": "a", "by": "N0001"}', "application/json", 422),
        (('{"words": "' + "字" * 2_001 + '"}').encode(), "application/json", 422),
    ],
)  # fmt: skip
def test_it_refuses_bodies_that_are_none(place: Place, officer: System, body: bytes, kind: str, status: int) -> None:
    number = place.newest("dorm-repair").number
    answer = officer.ask("POST", f"/tickets/{number}/note", body, if_match=officer.tag(number), content_type=kind)
    assert key_of(answer)[0] == status
