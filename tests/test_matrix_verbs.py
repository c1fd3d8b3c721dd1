"""The matrix of verbs: what everybody may do in chat with one's own, another's and nobody's ticket, by all three ways."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any, Final

import pytest
from sqlalchemy import update

from handlers import behalf, staff, student, unending
from handlers.cards import VERBS
from handlers.texts import text
from models.ticket import Event, Ticket
from tests import equipment
from tests.bad_inputs.cast import ROLES
from tests.bad_inputs.place import Place
from tests.verb_words import WORDS, ways

# Who answers for a ticket of each kind; its requester is the owner but for those below.
STAFF: Final = {
    "leave": {"counselor", "deputy", "head"},
    "long_leave": {"counselor", "deputy", "head"},
    "repair": {"officer", "head"},
    "crisis": {"psych"},
    "other_leave": {"other_counselor", "other_deputy", "head"},
}
# By these words of a student staff mean that the work is done, or that more is needed: what is theirs to say.
STAFFS_OWN: Final = {"helped", "fill"}
REQUESTER: Final = {"other_leave": "stranger", "crisis": "classmate"}


@pytest.fixture(scope="module")
def place(shared_place: Place) -> Place:
    return shared_place


@pytest.fixture(scope="module")
def kept(place: Place) -> dict[str, Ticket]:
    """One ticket of each kind that nobody of the matrix is able to change."""
    return {kind: make(place, kind) for kind in STAFF}


def make(place: Place, kind: str) -> Ticket:
    """A new ticket of a kind."""
    if kind == "repair":
        return place.repair_of("owner")
    if kind == "crisis":
        place.hear(REQUESTER[kind], "我不想活了")
        return place.newest("crisis")
    return place.leave_of(REQUESTER.get(kind, "owner"), 5 if kind == "long_leave" else 1)


def is_refused(answer: str, lang: str = "zh") -> bool:
    """Whether an answer says that there is no such ticket, in the words for students or in those for staff."""
    return any(text(lang, key) in answer for key in ("ticket.not_found", "staff.not_reached"))


def said(place: Place, who: str, what: dict[str, str]) -> str:
    """The whole answer, as text without ids."""
    shown = "\n".join(reply.model_dump_json() for reply in place.hear(who, **what).replies)
    return re.sub(r"[A-Z]{2}-\d{4}-\d{4}|f:\d+:", "", shown)


@pytest.fixture(scope="module")
def of_nobodys(place: Place) -> Callable[[str, str, str], str]:
    """What somebody is told of a ticket that does not exist, by a verb and a way; asked once, since no ticket is in it."""
    return cache(lambda who, verb, way: said(place, who, ways(None, verb)[way]))


def may(kind: str, who: str, verb: str) -> bool:
    """The declared table: who reaches a ticket with a verb at all."""
    if who == REQUESTER.get(kind, "owner"):
        return verb in student.VERBS
    return who in STAFF[kind] and verb in staff.VERBS


def test_it_knows_every_verb() -> None:
    assert set(WORDS) == VERBS == staff.VERBS | student.VERBS


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("kind", STAFF)
def test_it_refuses_everybody_else_as_if_there_were_no_such_ticket_az_01_wf_05(
    place: Place, kept: dict[str, Ticket], of_nobodys: Callable[[str, str, str], str], kind: str, who: str
) -> None:
    ticket = kept[kind]
    before = place.written(ticket)
    for number, verb in enumerate(sorted(VERBS), sorted(ROLES).index(who)):
        if may(kind, who, verb):
            continue
        for way, what in ways(ticket, verb).items():
            # Every press; of the words each person says another third in the short form, and all in the long one.
            if not equipment.SOAK and way != "press" and number % 3:
                continue
            if way != "press" and kind == "crisis" and who == REQUESTER[kind]:
                continue  # Whatever somebody in distress says goes to whoever answers, and is no order.
            if verb in STAFFS_OWN and way != "press" and who in STAFF[kind]:
                continue
            if way == "quotation" and who == REQUESTER.get(kind, "owner") and verb in staff.VERBS:
                continue  # One's own words on one's own matter are added to it, whatever they begin with.
            answer = said(place, who, what)
            assert place.written(ticket) == before, (verb, way)
            assert ticket.number not in answer
            if way == "press" and who != REQUESTER.get(kind, "owner") and who not in STAFF[kind]:
                assert answer == of_nobodys(who, verb, "press"), verb
                assert is_refused(answer)
    assert place.quarantined() == []


@pytest.mark.parametrize("who", sorted(set(ROLES) - {"anonymous", "visitor", "inactive", "owner", "stranger"}))
@pytest.mark.parametrize("kind", STAFF)
def test_it_refuses_numbers_and_quotations_in_the_same_words_az_01(
    place: Place, kept: dict[str, Ticket], of_nobodys: Callable[[str, str, str], str], kind: str, who: str
) -> None:
    if who in STAFF[kind] or who == REQUESTER.get(kind):
        return
    verbs = student.VERBS if who == "classmate" else staff.VERBS
    for verb in sorted(verbs):
        for way in sorted(ways(None, verb).keys() - {"press"}):
            answer = said(place, who, ways(kept[kind], verb)[way])
            assert is_refused(answer), (verb, way)
            assert answer == of_nobodys(who, verb, way), (verb, way)


@pytest.mark.parametrize("way", ["press", "words", "quotation"])
@pytest.mark.parametrize(
    ("kind", "verb"),
    [("leave", "sign"), ("leave", "refuse"), ("leave", "ask"), ("leave", "reply"), ("leave", "take"), ("repair", "reply"),
     ("repair", "ask"), ("repair", "take"), ("repair", "resolve"), ("repair", "note"), ("repair", "close"), ("leave", "note"),
     ("crisis", "take"), ("crisis", "reply"), ("other_leave", "sign"), ("repair", "correct"), ("repair", "tag")],
)  # fmt: skip
def test_it_lets_those_who_answer_for_it_az_01(place: Place, kind: str, verb: str, way: str) -> None:
    for who in sorted(STAFF[kind]):
        ticket = make(place, kind)
        if verb == "correct":
            place.hear("officer", f"回复 {ticket.number} 修好了")
        ticket = place.ticket(ticket.number)
        if ticket.assignee_id == who and ticket.status != "new" and verb == "take":
            continue
        before = place.written(ticket)
        answer = said(place, who, ways(ticket, verb)[way])
        # Whoever leads above is asked whether they refuse in the counselor's place, and that they looked is what is written.
        ahead = verb == "refuse" and who != "counselor"
        if way == "press" and verb in staff.WAITS and not ahead:
            assert place.written(ticket) == before
            answer = said(place, who, {"words": "请看一下"})
        assert not is_refused(answer), (who, answer)
        # A corrected answer is two events: that it was corrected, and the answer.
        assert place.written(ticket)[0] == before[0] + (2 if verb == "correct" else 1), (who, answer)
        if kind == "crisis":
            place.hear("psych", f"回复 {ticket.number} 结束了")


@pytest.mark.parametrize("way", ["press", "words", "quotation"])
# What begins a form (prolong) writes nothing on the matter itself; its own tests hand it in, and others what takes an end back.
# So is a list called off, which only whoever handed one in can do.
@pytest.mark.parametrize("verb", sorted(student.VERBS - {"show", "rate", "prolong", "call_off", *unending.VERBS}))
def test_it_lets_the_requester_and_nobody_else_az_01_lv_14(place: Place, verb: str, way: str) -> None:
    ticket = ready_for(place, verb)
    for other in ("classmate", "stranger", "counselor", "officer", "head", "visitor", "inactive"):
        before = place.written(ticket)
        said(
            place,
            other,
            ways(ticket, verb)[way] | ({"words": f"销假 {ticket.number}"} if (verb, way) == ("back", "words") else {}),
        )
        staffs_own = verb == "fill" and way != "press" and other in STAFF["leave"]
        if (verb, other) not in (("back", "counselor"), ("back", "head")) and not staffs_own:
            assert place.written(ticket) == before, other
    if verb == "back":
        ticket = ready_for(place, verb)
    before = place.written(ticket)
    answer = said(place, "owner", ways(ticket, verb)[way])
    if way == "press" and verb in ("fill", "unhelped"):
        assert place.written(ticket) == before
        answer = said(place, "owner", {"words": "请看一下"})
    # What was never asked for ends with the objection.
    assert place.written(ticket)[0] == before[0] + (2 if verb == "object" else 1), answer


def ready_for(place: Place, verb: str) -> Ticket:
    """The owner's ticket in the state in which a verb of the student's means something."""
    if verb in ("helped", "unhelped"):
        ticket = make(place, "repair")
        place.hear("officer", f"回复 {ticket.number} 修好了")
    else:
        ticket = make(place, "leave")
    if verb == "fill":
        place.hear("counselor", f"退回补充 {ticket.number} 请补材料")
    if verb == "back":
        place.hear("counselor", f"同意 {ticket.number}")
        begin(place, ticket)
    if verb in behalf.VERBS:
        write_down(place, ticket)
    return place.ticket(ticket.number)


def write_down(place: Place, ticket: Ticket) -> None:
    """Let a matter have been opened by the counselor for the student, who had called."""

    def unit(session: Any) -> None:
        session.execute(update(Ticket).where(Ticket.id == ticket.id).values(account_id=None))
        first = update(Event).where(Event.ticket_id == ticket.id, Event.rev == 1)
        session.execute(first.values(by_id="counselor", key=behalf.key_of("page:phone", "12345678")))

    place.database.run(unit)


def begin(place: Place, ticket: Ticket) -> None:
    """Let a leave have begun three hours ago and end tomorrow: of one that goes on for long, the bare word only asks."""
    start, end = place.now - timedelta(hours=3), place.now + timedelta(days=1)
    span = ticket.answers["span"] | {"start": start.isoformat(), "end": end.isoformat()}
    answers = ticket.answers | {"span": span}
    place.database.run(
        lambda session: session.execute(update(Ticket).where(Ticket.id == ticket.id).values(answers=answers))
    )
