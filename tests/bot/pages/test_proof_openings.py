"""Each opening of a proof is one row of the audit, in chat and at the console; who signs later is handed none of it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from models.meta import Audit
from models.outbox import Attachment
from models.ticket import Ticket
from tests.bad_inputs.place import Place
from tests.bot.pages.test_unopened import with_proof


@pytest.fixture(scope="module")
def place(shared_place: Place) -> Place:
    return shared_place


def openings(place: Place, ticket: Ticket, who: str = "") -> int:
    rows = select(func.count(Audit.id)).where(Audit.verb == "opened_file", Audit.thing.startswith(f"{ticket.number}:"))
    if who:
        rows = rows.where(Audit.by_id == who)
    found: int = place.database.read(lambda session: session.execute(rows).scalar_one())
    return found


def file_of(place: Place, ticket: Ticket) -> str:
    rows = select(Attachment.id).where(Attachment.ticket_id == ticket.id)
    found: str = place.database.read(lambda session: session.execute(rows).scalar_one())
    return found


def test_it_writes_one_row_for_each_opening_in_chat_and_at_the_console(place: Place) -> None:
    ticket = with_proof(place, 40)
    console = f"/console/ticket/{ticket.number}/files/{file_of(place, ticket)}"
    assert openings(place, ticket) == 0
    for count in (1, 2):
        answer = place.hear("counselor", ticket.number)
        assert any(reply.file for reply in answer.replies), "the chat hands the file over"
        assert openings(place, ticket, "counselor") == count
    for count in (3, 4):
        assert place.call("GET", console, "counselor").status == 200
        assert openings(place, ticket, "counselor") == count
    # Whoever sent it opens it without a word of that; whoever may not is written down nowhere as having opened it.
    place.hear("owner", ticket.number)
    for who in ("other_counselor", "deputy", "officer"):
        assert place.call("GET", console, who).status == 404, who
    assert openings(place, ticket) == 4


def test_it_hands_no_proof_to_whoever_signs_later(place: Place) -> None:
    ticket = with_proof(place, 50)
    file_id = file_of(place, ticket)
    console = f"/console/ticket/{ticket.number}/files/{file_id}"
    assert place.call("GET", console, "counselor").status == 200
    assert place.post(f"/console/ticket/{ticket.number}/sign", "counselor", rev=str(ticket.rev)).status == 303
    later = place.ticket(ticket.number)
    assert (later.assignee_id, later.status) == ("deputy", "in_progress"), "it is the second signer's now"
    page = place.call("GET", f"/console/ticket/{ticket.number}", "deputy")
    assert page.status == 200
    assert "材料已核验" in page.text
    assert file_id not in page.text
    for path in (console, f"/files/{file_id}"):
        assert place.call("GET", path, "deputy").status == 404, path
    answer = place.hear("deputy", ticket.number)
    assert not any(reply.file for reply in answer.replies)
    assert "材料已核验（韩老师" in place.call("GET", "/chat", "deputy").text, "the notice says that it was looked at"
    assert openings(place, ticket) == 1
    place.post(f"/console/ticket/{ticket.number}/sign", "deputy", rev=str(later.rev))
    assert place.ticket(ticket.number).status == "waiting"
    assert place.call("GET", f"/files/{file_id}", "deputy").status == 404
