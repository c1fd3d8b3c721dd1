"""The matrix of the console's verbs: every verb × everybody × a ticket of each kind: what is out of reach is as if not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from handlers import deciding
from models.ticket import Ticket
from tests.bad_inputs.cast import CAST, ROLES
from tests.bad_inputs.place import Place, Said
from tests.test_matrix_verbs import STAFF, make

FORMS = ("phrase", "whom")  # forms of a ticket's page that change nothing
NOWHERE = "/console/ticket/QJ-2001-9999"


@pytest.fixture(scope="module")
def place(shared_place: Place) -> Place:
    return shared_place


@pytest.fixture(scope="module")
def kept(place: Place) -> dict[str, Ticket]:
    return {kind: make(place, kind) for kind in STAFF}


@pytest.fixture(scope="module")
def nowhere(place: Place, kept: dict[str, Ticket]) -> Callable[[str, str], int]:
    """By which status a verb is answered of a ticket that does not exist; asked once, since no ticket is in it."""
    ticket = next(iter(kept.values()))
    return cache(lambda who, verb: ask(place, f"{NOWHERE}/{verb}", who, ticket).status)


def ask(place: Place, path: str, who: str, ticket: Ticket) -> Said:
    return place.post(
        path, who, None, rev=str(ticket.rev), words="请看一下，谢谢", to="p.head", whom="高处长", box="note"
    )  # fmt: skip


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("kind", STAFF)
def test_it_lets_nobody_else_do_anything_to_a_ticket_az_01(
    place: Place, kept: dict[str, Ticket], nowhere: Callable[[str, str], int], kind: str, who: str
) -> None:
    if who in STAFF[kind]:
        return
    ticket, before = kept[kind], place.footprint()
    expected = 404 if CAST.get(who, ("",) * 3)[2] and who != "inactive" else 403
    for verb in sorted({*deciding.VERBS, *FORMS, "next"}):
        answer = ask(place, f"/console/ticket/{ticket.number}/{verb}", who, ticket)
        assert (answer.status, nowhere(who, verb)) == (expected, expected), verb
        assert ticket.number not in answer.text.replace(f"/console/ticket/{ticket.number}", "")
    assert place.footprint() == before


@pytest.mark.parametrize("verb", sorted(deciding.VERBS - {"undo"}))
def test_it_lets_those_who_answer_try_every_verb_az_01(place: Place, kept: dict[str, Ticket], verb: str) -> None:
    for kind, staff in STAFF.items():
        # One of them tries it by a page that is behind, which changes nothing but is told so, or why not.
        ticket = kept[kind]
        answer = place.post(f"/console/ticket/{ticket.number}/{verb}", min(staff), None, rev="0", words="")
        assert answer.status in (409, 422), (kind, verb)
