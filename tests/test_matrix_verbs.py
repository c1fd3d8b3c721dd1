"""The matrix of verbs: what everybody may do in chat with one's own, another's and nobody's ticket, by all three ways."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import select, update

from handlers import behalf, directory, notices, staff, student, unending
from handlers.cards import VERBS
from handlers.texts import text
from models.message import unpack
from models.outbox import Outbox
from models.ticket import Approval, Event, Ticket
from tests.bad_inputs.place import ROLES, Place
from tests.equipment import SOAK
from tests.verb_words import NOBODY, WORDS, ways

ROUNDS: Final = 1_000 if SOAK else 100
LEAVES: Final = 350  # one a day, and nobody may ask for leave more than a year ahead
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
    place: Place, kept: dict[str, Ticket], kind: str, who: str
) -> None:
    ticket = kept[kind]
    for verb in sorted(VERBS):
        if may(kind, who, verb):
            continue
        for way, what in ways(ticket, verb).items():
            if way != "press" and kind == "crisis" and who == REQUESTER[kind]:
                continue  # Whatever somebody in distress says goes to whoever answers, and is no order.
            if verb in STAFFS_OWN and way != "press" and who in STAFF[kind]:
                continue
            if way == "quotation" and who == REQUESTER.get(kind, "owner") and verb in staff.VERBS:
                continue  # One's own words on one's own matter are added to it, whatever they begin with.
            before = place.written(ticket)
            answer = said(place, who, what)
            assert place.written(ticket) == before, (verb, way)
            assert ticket.number not in answer
            if way == "press" and who != REQUESTER.get(kind, "owner") and who not in STAFF[kind]:
                assert answer == said(place, who, ways(None, verb)["press"]), verb
                assert is_refused(answer)
    assert place.quarantined() == []


@pytest.mark.parametrize("who", sorted(set(ROLES) - {"anonymous", "visitor", "inactive", "owner", "stranger"}))
@pytest.mark.parametrize("kind", STAFF)
def test_it_refuses_numbers_and_quotations_in_the_same_words_az_01(
    place: Place, kept: dict[str, Ticket], kind: str, who: str
) -> None:
    if who in STAFF[kind] or who == REQUESTER.get(kind):
        return
    verbs = student.VERBS if who == "classmate" else staff.VERBS
    for verb in sorted(verbs):
        for way in sorted(ways(None, verb).keys() - {"press"}):
            answer = said(place, who, ways(kept[kind], verb)[way])
            assert is_refused(answer), (verb, way)
            assert answer == said(place, who, ways(None, verb)[way]), (verb, way)


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
        if way == "press" and verb in staff.WAITS:
            assert place.written(ticket) == before
            answer = said(place, who, {"words": "请看一下"})
        assert not is_refused(answer), (who, answer)
        # A corrected answer is two events: that it was corrected, and the answer.
        assert place.written(ticket)[0] == before[0] + (2 if verb == "correct" else 1), (who, answer)
        if kind == "crisis":
            place.hear("psych", f"回复 {ticket.number} 结束了")


@pytest.mark.parametrize("way", ["press", "words", "quotation"])
# What begins a form (prolong) writes nothing on the matter itself; its own tests hand it in, and others what takes an end back.
@pytest.mark.parametrize("verb", sorted(student.VERBS - {"show", "rate", "prolong", *unending.VERBS}))
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


# -- between the offer and the press


CHANGES: Final = ["moved", "duty ended", "deactivated"]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("way", ["press", "words", "quotation", "waiting words"])
def test_it_asks_again_for_the_right_when_the_button_is_pressed_wf_05_wf_07(
    tmp_path_factory: pytest.TempPathFactory, own_place: Place, change: str, way: str
) -> None:
    place = own_place
    ticket = make(place, "leave")
    offered = ways(ticket, "sign")
    if way == "waiting words":
        place.hear("counselor", press=f"t:{ticket.id}:refuse:{ticket.rev}")
    before = place.written(ticket)
    if change == "deactivated":
        place.activate("counselor", active=False)
    else:
        place.database.run(lambda session: place.end_duties(session, "counselor"))
    if change == "moved":
        place.database.run(lambda session: place.give_duty(session, "counselor", "counselor", "/S/civil/ce2301/"))
    answer = said(place, "counselor", offered.get(way, {"words": "材料不齐，先不批了"}))
    assert place.written(ticket) == before
    assert ticket.number not in answer
    assert place.ticket(ticket.number).status == "new"
    page = place.say("counselor", "详情 " + ticket.number)
    assert "家里有事" not in page.text
    if change == "moved" and way != "waiting words":
        assert is_refused(answer)


@pytest.fixture
def own_place(tmp_path: Any, sqlite_url: str) -> Iterator[Place]:
    place = Place(sqlite_url, tmp_path)
    yield place
    place.close()


def test_it_says_once_that_an_order_is_void_and_goes_on_wf_07(own_place: Place) -> None:
    ticket = make(own_place, "leave")
    own_place.hear("counselor", press=f"t:{ticket.id}:refuse:{ticket.rev}")
    own_place.hear("deputy", f"同意 {ticket.number}")
    assert "已经处理过了" in said(own_place, "counselor", {"words": "材料不齐"})
    assert "已经处理过了" not in said(own_place, "counselor", {"words": "你好"})


def test_it_cancels_an_order_by_word_even_after_something_else(own_place: Place) -> None:
    ticket = make(own_place, "leave")
    own_place.hear("counselor", press=f"t:{ticket.id}:reply:{ticket.rev}")
    own_place.hear("counselor", "待办")
    before = own_place.written(ticket)
    own_place.hear("counselor", "取消")
    assert own_place.written(ticket) == before


def test_it_gives_no_signature_to_whoever_only_takes_the_ticket_wf_05(own_place: Place) -> None:
    place = own_place
    ticket = make(place, "long_leave")
    place.hear("counselor", f"同意 {ticket.number}")
    ticket = place.ticket(ticket.number)
    assert ticket.assignee_id == "deputy"
    before = place.written(ticket)
    for words, told in 2 * (("接单", "这一步由王书记审批"), ("同意", "您已同意，不用再点")):
        assert told in said(place, "counselor", {"words": f"{words} {ticket.number}"})
    assert "这一步由王书记审批" in said(place, "counselor", {"press": f"t:{ticket.id}:take:{ticket.rev}"})
    assert place.written(ticket) == before
    place.hear("deputy", f"同意 {ticket.number}")
    assert place.ticket(ticket.number).back_at is not None


def test_it_lets_nobody_decide_on_a_matter_of_ones_own_wf_05(own_place: Place) -> None:
    place = own_place
    ticket = make(place, "leave")

    def make_own(session: Any) -> None:
        session.execute(update(Ticket).where(Ticket.id == ticket.id).values(requester_id="counselor"))

    place.database.run(make_own)
    before = place.written(ticket)
    for verb in ("sign", "refuse", "take", "reply", "ask"):
        for way, what in ways(ticket, verb).items():
            said(place, "counselor", what)
            if way != "quotation":
                assert place.written(ticket) == before
            before = place.written(ticket)
    kinds = place.database.read(
        lambda session: set(session.execute(select(Event.kind).where(Event.ticket_id == ticket.id)).scalars())
    )
    assert kinds <= {"opened", "added"}  # Words on a quoted matter of one's own are added to it, and decide nothing.


def test_it_hides_a_crisis_from_all_who_were_not_paged_cr(own_place: Place) -> None:
    place = own_place
    place.hear("owner", "我不想活了，药已经买好了")
    ticket = place.newest("crisis")
    for who in ROLES:
        listed = said(place, who, {"words": "待办"}) + said(place, who, {"words": f"详情 {ticket.number}"})
        assert ("药已经买好了" in listed) == (who in ("psych", "owner")), who
    told = place.database.read(
        lambda session: [
            row.account_id for row in session.execute(select(Outbox)).scalars() if row.ticket_id == ticket.id
        ]
    )
    assert set(told) == {place.forget_accounts("psych")}


def test_it_shows_a_crisis_to_a_lead_who_was_paged_while_leading(own_place: Place) -> None:
    place = own_place
    place.hear("owner", "我不想活了，药已经买好了")
    ticket = place.newest("crisis")
    assert "药已经买好了" not in said(place, "head", {"words": f"详情 {ticket.number}"})

    def page(session: Any) -> None:
        session.add(
            Event(id="e" * 22, ticket_id=ticket.id, rev=ticket.rev + 1, kind="escalated", at=place.now, to_id="head")
        )
        session.execute(update(Ticket).where(Ticket.id == ticket.id).values(rev=ticket.rev + 1))

    place.database.run(page)
    assert "药已经买好了" in said(place, "head", {"words": f"详情 {ticket.number}"})
    place.database.run(lambda session: place.end_duties(session, "head"))
    assert is_refused(said(place, "head", {"words": f"详情 {ticket.number}"}))


@pytest.mark.parametrize("verb", ["safe", "write", "", "zzz", "sign"])
def test_it_takes_the_crisis_buttons_from_their_owner_only(own_place: Place, verb: str) -> None:
    place = own_place
    leave = make(place, "leave")
    place.hear("owner", "我不想活了")
    ticket = place.newest("crisis")
    for who in ROLES:
        if who != "owner":
            before = place.written(ticket)
            answer = said(place, who, {"press": f"c:{ticket.id}:{verb}"})
            assert answer == said(place, who, {"press": f"c:{NOBODY}:{verb}"})
            assert place.written(ticket) == before
    untouched, before = place.written(leave), place.written(ticket)
    place.hear("owner", press=f"c:{leave.id}:{verb}")
    place.hear("owner", press=f"c:{ticket.id}:{verb}")
    assert place.written(leave) == untouched
    assert (place.written(ticket) != before) == (verb in ("safe", "write"))


# -- two deciders


@pytest.mark.parametrize("pair", [("sign", "refuse"), ("sign", "sign"), ("sign", "withdraw")])
def test_it_lets_one_of_two_deciders_win_and_tells_the_other_wf_02_wf_03(
    database_url: str, tmp_path: Any, pair: tuple[str, str]
) -> None:
    place = Place(database_url, tmp_path)
    # On PostgreSQL a student and a counselor at one ticket may wait for each other a second before one is tried again.
    slow = not place.database.is_sqlite and "withdraw" in pair
    rounds = LEAVES if SOAK else 3 if slow else ROUNDS // 3 if place.database.is_sqlite else ROUNDS // 10
    try:
        for number in range(rounds):
            one_round(place, pair, number)
        assert place.quarantined() == []
    finally:
        place.close()


def one_round(place: Place, pair: tuple[str, str], number: int) -> None:
    ticket = make(place, "leave")
    second = "owner" if pair[1] == "withdraw" else "deputy"
    wish = {"counselor": f"{WORDS[pair[0]]} {ticket.number} 一", second: f"{WORDS[pair[1]]} {ticket.number} 二"}
    answers: dict[str, str] = {}
    gate = threading.Barrier(2)

    def decide(who: str) -> None:
        gate.wait()
        answers[who] = said(place, who, {"words": wish[who]})

    order = list(wish) if number % 2 else list(reversed(wish))
    threads = [threading.Thread(target=decide, args=(who,)) for who in order]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    kinds = place.database.read(
        lambda session: [
            row.kind
            for row in session.execute(select(Event).where(Event.ticket_id == ticket.id).order_by(Event.rev)).scalars()
        ]
    )
    decisions = place.database.read(
        lambda session: list(
            session.execute(select(Approval.decision).where(Approval.ticket_id == ticket.id)).scalars()
        )
    )
    lost = sum(
        any(word in answer for word in ("已经处理过了", "已经不能撤回", "不需要审批")) for answer in answers.values()
    )
    if pair[1] == "withdraw" and kinds == ["opened", "approved", "withdrawn"]:
        return  # An approved leave may be taken back until it begins: one order, and both were told the truth.
    assert len(kinds) == 2, (kinds, answers)
    assert lost == 1, (kinds, answers)
    assert decisions in (["signed"], ["refused"], [""]), decisions
    assert (kinds[1] == "withdrawn") == (decisions == [""])


def test_it_hands_notices_to_nobody_who_may_not_see_the_ticket_az_01(own_place: Place) -> None:
    """Who was told of a ticket in the whole conversation: its requester, and those who answer for it."""
    place = own_place
    leave, repair = make(place, "long_leave"), make(place, "repair")
    place.hear("counselor", f"退回补充 {leave.number} 缺证明")
    place.hear("owner", f"补充 {leave.number} 证明在这里")
    place.hear("counselor", f"同意 {leave.number}")
    place.hear("deputy", f"同意 {leave.number}")
    place.hear("officer", f"回复 {repair.number} 修好了")
    allowed = {leave.id: {"owner", "counselor", "deputy"}, repair.id: {"owner", "officer"}}
    rows = place.database.read(lambda session: told_of(session, place))
    assert {row[0] for row in rows} == set(allowed)
    for ticket_id, who, words in rows:
        assert who in allowed[ticket_id], words
    assert notices.RULES


def told_of(session: Any, place: Place) -> list[tuple[str, str, str]]:
    from models.person import Account

    found = []
    for row in session.execute(select(Outbox)).scalars():
        address = session.get(Account, row.account_id)
        body = place.database.seal.open(f"outbox.body:{row.id}", row.body)  # type: ignore[union-attr]
        found.append((row.ticket_id, address.person_id, unpack(body)[0].text))
    assert directory.PULL == "webchat"
    return found
