"""The API as another system acts by it: what it opens and does, once each, and what it is refused."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.api.frame import ROOT, Problem
from handlers.views import record_shapes as shapes
from models.meta import broken_link
from models.ticket import Event
from tests.bad_inputs.place import Place
from tests.bot.api.systems import FOREIGN, NUMBERS, REPAIR, STUDENT, System, audited, key_of, opened, token_of

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
        "take", "reply", "progress", "ask", "note", "transfer", "priority", "tag", "untag", "line", "resolve", "merge"]  # fmt: skip
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


def test_it_makes_progress_the_answer_and_an_answer_progress(place: Place, officer: System) -> None:
    number = place.repair_of("owner").number
    assert key_of(officer.act(number, "conclude")) == (422, "progress.none")
    assert key_of(officer.act(number, "unfinished")) == (422, "progress.open_already")
    assert json.loads(officer.act(number, "progress", words="配件已经订了").body)["status"] == "in_progress"
    found = officer.found(f"/tickets/{number}")
    assert ("conclude" in found["verbs"], "unfinished" in found["verbs"]) == (True, False)
    done = json.loads(officer.act(number, "conclude").body)
    assert (done["status"], done["resolution"]) == ("resolved", "answered")
    assert officer.found(f"/tickets/{number}")["course"][-1]["words"] == "配件已经订了"
    other = place.repair_of("owner").number
    assert json.loads(officer.act(other, "reply", words="已修好").body)["status"] == "resolved"
    assert "unfinished" in officer.found(f"/tickets/{other}")["verbs"]
    sent = {"if_match": officer.tag(other), "idempotency_key": "not-yet-1"}
    first, again = (officer.post(f"/tickets/{other}/unfinished", {}, **sent) for _ in range(2))
    assert json.loads(first.body)["status"] == "in_progress"
    assert (again.status, json.loads(again.body)["rev"]) == (200, json.loads(first.body)["rev"])
    assert officer.post(f"/tickets/{other}/conclude", {"words": "好"}, if_match=officer.tag(other)).status == 422
    for verb in ("progress", "conclude"):
        assert f"{number} officer-write" in audited(place, f"api_{verb}")


def test_it_ticks_the_lines_of_a_checklist(place: Place, officer: System) -> None:
    number = place.repair_of("owner").number
    assert officer.found(f"/tickets/{number}")["checklist"] == []
    assert officer.act(number, "line", words="带梯子").status == 200
    assert officer.act(number, "tick", words="1").status == 200
    found = officer.found(f"/tickets/{number}")
    assert found["checklist"] == [{"place": 1, "words": "带梯子", "required": False, "done": True}]
    assert {"tick", "untick", "line"} <= set(found["verbs"])
    assert key_of(officer.act(number, "tick", words="1")) == (422, "checks.ticked_by")
    assert officer.act(number, "untick", words="1").status == 200


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
