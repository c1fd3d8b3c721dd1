"""For whom the page of a ticket is not there, what it does not take, and what it shows to few."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import update

from handlers import files as rows
from models.base import new_id
from models.message import Upload
from models.meta import Audit
from models.outbox import Attachment
from models.ticket import Ticket
from tests.bad_inputs.place import Place
from tests.bot.pages.ticket_page import do, path, see, shown_rev, standing

STAFF = ("counselor", "other_counselor", "deputy", "other_deputy", "officer", "psych", "head")


@pytest.fixture
def url(database_url: str) -> str:
    return database_url


@pytest.mark.parametrize("rev", ["", "x", "-1", "99999999999", "１"])
def test_it_reads_no_odd_revision(place: Place, rev: str) -> None:
    ticket = place.leave_of("owner")
    answer = place.post(f"{path(ticket)}/sign", "counselor", rev=rev)
    assert answer.status in (400, 409)
    assert standing(place, ticket) == ("new", None)


def test_it_is_not_there_for_whom_access_does_not_reach(place: Place) -> None:
    ticket = place.leave_of("owner")
    for who in STAFF:
        expected = 200 if who in ("counselor", "deputy", "head") else 404
        assert place.call("GET", path(ticket), who).status == expected, who
        if expected == 404:
            posted = place.post(f"{path(ticket)}/sign", who, rev=str(ticket.rev))
            assert posted.status == 404, who
            unknown = place.call("GET", "/console/ticket/QJ-2606-9999", who)
            assert re.sub(rb"<input[^>]*>", b"", place.call("GET", path(ticket), who).body) == re.sub(
                rb"<input[^>]*>", b"", unknown.body
            )
    assert standing(place, ticket) == ("new", None)


@pytest.mark.parametrize("number", ["nope", "qj-2606-0001", "QJ-2606-9999", "%00", "QJ-2606-0001'--", "..", "０"])
def test_it_knows_no_odd_number(place: Place, number: str) -> None:
    assert place.call("GET", f"/console/ticket/{number}", "head").status == 404
    assert place.post(f"/console/ticket/{number}/sign", "head", rev="1").status == 404


@pytest.mark.parametrize("verb", ["show", "withdraw", "x", "undo "])
def test_it_knows_no_other_verb(place: Place, verb: str) -> None:
    ticket = place.leave_of("owner")
    assert place.post(f"{path(ticket)}/{verb}", "counselor", rev=str(ticket.rev)).status == 404


def test_it_takes_no_form_of_another_site_and_no_field_that_it_does_not_know(place: Place) -> None:
    ticket = place.leave_of("owner")
    rev = shown_rev(see(place, ticket))
    kind = {"content-type": "application/x-www-form-urlencoded"}
    for body in (f"rev={rev}", f"rev={rev}&token=", f"rev={rev}&token={'0' * 32}"):
        assert place.call("POST", f"{path(ticket)}/sign", "counselor", kind, body.encode()).status == 403
    theirs = place.post(f"{path(ticket)}/sign", "counselor", {"origin": "https://evil.example"}, rev=rev)
    assert theirs.status == 403
    assert place.post(f"{path(ticket)}/sign", "counselor", rev=rev, status="closed").status == 422
    assert place.call("GET", f"{path(ticket)}/sign", "counselor").status == 405
    assert standing(place, ticket) == ("new", None)


def test_it_shows_what_is_sealed_to_those_who_answer_for_it_only(place: Place) -> None:
    ticket = place.leave_of("owner")
    do(place, ticket, "reply", "多陪陪家人")
    file_id = attach(place, ticket)
    assert "家里有事" in see(place, ticket)
    assert "多陪陪家人" in see(place, ticket)
    assert place.call("GET", f"{path(ticket)}/files/{file_id}", "counselor").body == b"png"
    page = see(place, ticket, "head")
    assert "家里有事" not in page
    assert "多陪陪家人" not in page
    assert "内容加密" in page
    assert "韩老师回复" in page  # That somebody has answered is no secret.
    for who in ("head", "officer"):
        assert place.call("GET", f"{path(ticket)}/files/{file_id}", who).status == 404
    other = place.leave_of("stranger")
    assert place.call("GET", f"{path(other)}/files/{file_id}", "other_counselor").status == 404


def attach(place: Place, ticket: Ticket) -> str:
    upload = Upload(id=new_id(place.now), name="证明 <b>.png", kind="image/png", size=3)
    account_id = place.forget_accounts("owner")

    def unit(session: Any) -> None:
        rows.record_file(session, upload, "d", account_id, 99, place.now)
        session.flush()
        session.execute(update(Attachment).where(Attachment.id == upload.id).values(ticket_id=ticket.id))

    place.database.run(unit)
    kept = place.folder / "files" / upload.id[-2:] / upload.id
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(b"png")
    return upload.id


def test_it_never_ends_a_cry_for_help_without_words(place: Place) -> None:
    place.hear("owner", "我不想活了")
    ticket = place.newest("crisis")
    page = see(place, ticket, "psych")
    assert f"{path(ticket)}?do=refuse" not in page
    assert do(place, ticket, "resolve", who="psych").status == 422
    assert do(place, ticket, "ask", "为什么", who="psych").status == 422
    assert do(place, ticket, "take", who="psych").status == 303
    assert place.call("GET", path(ticket), "counselor").status == 404


def test_it_changes_nothing_by_being_looked_at(place: Place) -> None:
    ticket = place.leave_of("owner")
    before = place.footprint()
    see(place, ticket, query="?do=sign&did=sign")
    assert place.footprint() == before


def test_it_writes_down_who_opened_what_is_private(place: Place) -> None:
    place.hear("owner", "我不想活了")
    ticket = place.newest("crisis")
    for _ in range(2):
        assert "我不想活了" in see(place, ticket, "psych")
    found = place.database.read(
        lambda session: [(row.verb, row.thing) for row in session.query(Audit) if row.verb == "opened"]
    )
    assert found == [("opened", ticket.number)] * 2


def test_it_asks_whoever_leads_above_before_the_counselors_turn_and_opens_what_is_signed(place: Place) -> None:
    ticket = place.leave_of("owner")
    assert "家里有事" not in see(place, ticket, "deputy")
    asked = place.post(f"{path(ticket)}/sign", "deputy", rev=str(ticket.rev))
    assert (asked.status, standing(place, ticket)[1]) == (422, None)
    assert "代替韩老师的签字" in asked.text
    assert "家里有事" in asked.text
    again = place.post(f"{path(ticket)}/sign", "deputy", rev=shown_rev(asked.text), sure=ticket.number)
    assert again.status == 303
    assert standing(place, ticket)[0] == "waiting"


def test_it_asks_whoever_leads_above_before_refusing_and_keeps_the_reason(place: Place) -> None:
    ticket = place.leave_of("owner")
    asked = place.post(f"{path(ticket)}/refuse", "deputy", rev=str(ticket.rev), words="请先来谈谈")
    assert (asked.status, standing(place, ticket)[0]) == (422, "new")
    assert "您不同意，这件事就到此为止，韩老师不再审批" in asked.text
    assert "请先来谈谈</textarea>" in asked.text
    assert f'name="sure" value="{ticket.number}"' in asked.text
    assert "代替韩老师的签字" not in asked.text
    rev = shown_rev(asked.text)
    again = place.post(f"{path(ticket)}/refuse", "deputy", rev=rev, words="请先来谈谈", sure=ticket.number)
    assert again.status == 303
    assert standing(place, ticket)[0] == "resolved"
