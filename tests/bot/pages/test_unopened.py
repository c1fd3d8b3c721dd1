"""The console asks, as the chat does, before somebody signs whose proof nobody has opened: on the page and in the queue; and
who opens a proof by the address of its file alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.meta import Audit
from models.outbox import Attachment
from models.ticket import Event, Ticket
from tests.bad_inputs.place import Place
from tests.bot.pages.student_desk import fill, hand_in, key, leave, number_in, picture, upload

SAYS = "交的材料，您还没打开看。仍然同意吗？"


@pytest.fixture(scope="module")
def place(shared_place: Place) -> Place:
    return shared_place


def with_proof(place: Place, days: int) -> Ticket:
    """A long sick leave with a doctor's paper; days: how far ahead, so that none overlaps."""
    place.clear("owner")
    mark, first = key(), place.now.astimezone(place.school.zone).date() + timedelta(days=days)
    long = leave(place, span__from=f"{first}", span__to=f"{first + timedelta(days=3)}")
    fill(place, "owner", "leave", mark, **long)
    ticket = place.ticket(number_in(hand_in(place, "owner", "leave", mark)))
    sent = {"rev": str(ticket.rev), "words": "病历"}
    assert upload(place, f"/me/{ticket.number}/add", "owner", sent, [("files", "病历.png", picture())]).status == 303
    return place.ticket(ticket.number)


def signed(place: Place, ticket: Ticket) -> bool:
    kinds = select(Event.kind).where(Event.ticket_id == ticket.id)
    found = place.database.read(lambda session: session.execute(kinds).scalars().all())
    return bool({"signed", "approved"} & set(found))


def test_it_asks_once_on_the_page_and_signs_at_the_second_word(place: Place) -> None:
    ticket = with_proof(place, 40)
    path = f"/console/ticket/{ticket.number}/sign"
    asked = place.post(path, "counselor", rev=str(ticket.rev))
    assert asked.status == 422
    assert SAYS in asked.text
    assert f'name="sure" value="{ticket.number}"' in asked.text
    assert "先看材料" in asked.text
    assert not signed(place, ticket)
    assert place.post(path, "counselor", rev=str(ticket.rev), sure="QJ-2606-9999").status == 422
    assert place.post(path, "counselor", rev=str(ticket.rev), sure=ticket.number).status == 303
    assert signed(place, ticket)


def test_it_asks_nobody_who_has_opened_it(place: Place) -> None:
    ticket = with_proof(place, 50)
    page = place.call("GET", f"/console/ticket/{ticket.number}", "counselor").text
    href = page.split(f'href="/console/ticket/{ticket.number}/files/')[1].split('"')[0]
    assert place.call("GET", f"/console/ticket/{ticket.number}/files/{href}", "counselor").status == 200
    assert place.post(f"/console/ticket/{ticket.number}/sign", "counselor", rev=str(ticket.rev)).status == 303
    assert signed(place, ticket)


def test_it_asks_in_the_queue_and_leaves_it_out_of_approving_many(place: Place) -> None:
    ticket = with_proof(place, 60)
    path = f"/console/approvals/{ticket.number}/sign"
    asked = place.post(path, "counselor", rev=str(ticket.rev))
    assert asked.status == 409
    assert SAYS in asked.text
    assert "仍然同意" in asked.text
    many = place.post("/console/bulk", "counselor", do="approve", picks=f"{ticket.id}.{ticket.rev}")
    assert "交的材料还没打开看" in many.text
    assert not signed(place, ticket)
    assert place.post(path, "counselor", rev=str(ticket.rev), sure="1").status == 303
    assert signed(place, ticket)


def openings(place: Place, file_id: str) -> int:
    """How often the audit says that staff opened a file."""
    rows = select(Audit).where(Audit.verb == "opened_file", Audit.thing.endswith(file_id))
    return len(place.database.read(lambda session: session.execute(rows).scalars().all()))


def test_it_hands_a_proof_by_its_address_to_who_decides_alone_and_writes_that_down(place: Place) -> None:
    ticket = with_proof(place, 70)
    rows = select(Attachment.id).where(Attachment.ticket_id == ticket.id)
    file_id = place.database.read(lambda session: session.execute(rows).scalar_one())
    path = f"/files/{file_id}"
    assert place.call("GET", path, "owner").status == 200
    assert openings(place, file_id) == 0
    for who in ("head", "officer", "other_counselor", "stranger"):
        assert place.call("GET", path, who).status == 404, who
    assert openings(place, file_id) == 0
    assert place.call("GET", path, "counselor").status == 200
    assert openings(place, file_id) == 1
    assert place.post(f"/console/ticket/{ticket.number}/sign", "counselor", rev=str(ticket.rev)).status == 303
    assert place.call("GET", path, "head").status == 404  # 材料已核验 is all that later signers learn.
