"""Signatures and merging by the API: as on the console, on what was seen, and never twice under one key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.proof import Proof
from tests.bad_inputs.place import Place
from tests.bot.api.systems import System, audited, key_of, token_of


@pytest.fixture
def place(sqlite_url: str, tmp_path: Path) -> Iterator[Place]:
    place = Place(sqlite_url, tmp_path)
    yield place
    place.close()


@pytest.fixture
def systems(place: Place) -> dict[str, System]:
    return {who: System(place, token_of(place, who)) for who in ("counselor", "deputy", "officer", "other_counselor")}


def test_it_signs_refuses_and_sends_back(place: Place, systems: dict[str, System]) -> None:
    counselor, deputy = systems["counselor"], systems["deputy"]
    short, bad, long = (
        place.leave_of(who, days).number for who, days in (("owner", 1), ("classmate", 1), ("owner", 5))
    )
    assert {"sign", "refuse"} <= set(counselor.found(f"/tickets/{short}")["verbs"])
    assert "send-back" not in counselor.found(f"/tickets/{short}")["verbs"]
    assert (
        key_of(systems["other_counselor"].post(f"/tickets/{short}/sign", {}, if_match='"1.0000000000000000"'))[0] == 404
    )
    assert key_of(counselor.post(f"/tickets/{short}/sign", {})) == (428, "api.needs_if_match")
    assert counselor.act(bad, "refuse").status == 422  # A reason is owed.
    refused = json.loads(counselor.act(bad, "refuse", words="材料不全").body)
    assert (refused["status"], refused["resolution"]) == ("resolved", "refused")
    assert json.loads(counselor.act(long, "sign", words="情况属实").body)["assignee"]["name"] != ""
    assert key_of(counselor.act(long, "sign"))[0] == 422  # It is somebody else's turn.
    assert "send-back" in deputy.found(f"/tickets/{long}")["verbs"]
    assert deputy.act(long, "send-back", words="请补原因").status == 200
    assert counselor.act(long, "sign").status == 200
    assert json.loads(deputy.act(long, "sign").body)["back_at"] is not None
    kinds = [each["kind"] for each in deputy.found(f"/tickets/{long}")["course"]]
    assert [each for each in kinds if each in ("signed", "sent_back", "approved")] == [
        "signed",
        "sent_back",
        "signed",
        "approved",
    ]
    assert audited(place, "api_send_back") == [f"{long} deputy-write"]


def test_it_does_a_verb_once_under_one_key(place: Place, systems: dict[str, System]) -> None:
    counselor, number = systems["counselor"], place.leave_of("owner").number
    tag = counselor.tag(number)

    def sign(key: str, **said: Any) -> Any:
        return counselor.post(f"/tickets/{number}/sign", said, if_match=tag, idempotency_key=key)

    assert key_of(sign("short")) == (400, "api.needs_idempotency_key")
    first, again = sign("portal-000123", words="同意"), sign("portal-000123", words="同意")
    assert (first.status, again.status) == (200, 200)
    assert json.loads(first.body)["rev"] == json.loads(again.body)["rev"] == place.ticket(number).rev
    for other in (sign("portal-000123"), sign("portal-000124", words="同意")):
        assert key_of(other) == (412, "api.stale")
    assert len(audited(place, "api_sign")) == 1


def test_it_asks_what_the_console_asks_before_a_signature_and_signs_once_it_is_confirmed(
    place: Place, systems: dict[str, System]
) -> None:
    deputy, number = systems["deputy"], place.leave_of("owner", 5).number
    before = place.ticket(number).rev
    answer = deputy.act(number, "sign")
    assert key_of(answer) == (409, "stepping.ask")  # It is the counselor's turn.
    problem = json.loads(answer.body)
    assert "现在轮到" in problem["zh"]
    assert [each["pointer"] for each in problem["errors"]] == ["#/confirm"]
    assert place.ticket(number).rev == before
    assert key_of(deputy.act(number, "sign", confirm=False))[0] == 409
    assert key_of(deputy.act(number, "sign", confirm="yes"))[0] == 422
    assert deputy.act(number, "sign", confirm=True, words="情况属实").status == 200
    kinds = [each["kind"] for each in deputy.found(f"/tickets/{number}")["course"]]
    assert (kinds[:2], kinds.count("signed")) == (["opened", "noted"], 1)


def test_it_asks_before_a_refusal_ahead_and_refuses_once_it_is_confirmed(
    place: Place, systems: dict[str, System]
) -> None:
    deputy, number = systems["deputy"], place.leave_of("owner", 5).number
    before = place.ticket(number).rev
    assert key_of(deputy.act(number, "refuse", words="太长了")) == (409, "stepping.refuse_ask")
    assert place.ticket(number).rev == before
    assert key_of(deputy.act(number, "refuse", confirm=True))[0] == 422  # The student is owed a reason.
    assert deputy.act(number, "refuse", confirm=True, words="太长了").status == 200
    assert "refused" in [each["kind"] for each in deputy.found(f"/tickets/{number}")["course"]]


def test_it_asks_before_a_signature_below_a_proof_that_nobody_opened(place: Place, systems: dict[str, System]) -> None:
    counselor, number = systems["counselor"], place.leave_of("owner", 2).number

    def unit(session: Any) -> None:
        ticket = place.ticket(number)
        session.add(Proof(ticket_id=ticket.id, status="given", due_at=None, reminded_at=None, by_id=None, at=place.now))

    place.database.run(unit)
    assert key_of(counselor.act(number, "sign")) == (409, "proof.unopened")
    assert counselor.act(number, "sign", confirm=True).status == 200


def test_it_merges_as_the_console_does(place: Place, systems: dict[str, System]) -> None:
    officer = systems["officer"]
    kept, near, far = (place.repair_of(who, where) for who, where in
                       (("owner", "梅园3栋402"), ("classmate", "梅园3栋403"), ("classmate", "兰园1栋101")))  # fmt: skip
    leave = place.leave_of("owner")
    assert "merge" in officer.found(f"/tickets/{near.number}")["verbs"]
    assert officer.act(near.number, "merge").status == officer.act(near.number, "merge", into="x").status == 422
    for into in (leave.number, "BX-2606-9999"):
        assert key_of(officer.act(near.number, "merge", into=into))[0] == 422
    assert key_of(officer.act(near.number, "merge", into=near.number)) == (422, "merge.circle")
    done = json.loads(officer.act(near.number, "merge", into=kept.number, words="同一个水管").body)
    assert (done["number"], done["status"], done["resolution"]) == (near.number, "closed", "duplicate")
    assert key_of(officer.act(far.number, "merge", into=kept.number)) == (422, "merge_doubt.places")
    assert officer.act(far.number, "merge", into=kept.number, same=True).status == 200
    assert [place.ticket(each.number).kept_id for each in (near, far)] == [kept.id, kept.id]
