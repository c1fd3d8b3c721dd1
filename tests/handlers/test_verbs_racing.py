"""Two verbs at one ticket in the same moment: one order, one effect, and the other hears why not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from handlers import deciding, tickets
from handlers.turn import Turn
from models.db import Database
from models.message import Refused
from models.ticket import OPEN, Ticket
from tests import builders
from tests.builders import START
from tests.equipment import SOAK
from tests.handlers.sweeping import SCHOOL, events, leave

REPAIR = {"what": "network", "where": "东园1号楼", "detail": "三楼没有网"}
ROUNDS = 100 if SOAK else 4
Unit = Callable[[Session], None]


def repair(database: Database, who: str = "李雷") -> str:
    item = SCHOOL.catalogue.items["dorm-repair"]
    return database.run(
        lambda session: tickets.open_ticket(builders.turn_of(session, who, school=SCHOOL), item, REPAIR).id
    )


def verb(by: str, ticket_id: str, do: Callable[..., Any], *words: Any) -> Unit:
    """A unit in which somebody does a verb; words that are functions are asked for what they stand for."""

    def unit(session: Session) -> None:
        turn = builders.turn_of(session, by, START, school=SCHOOL)
        ticket = tickets.get(turn, ticket_id)
        assert ticket is not None
        do(turn, ticket, *(each(turn) if callable(each) else each for each in words))

    return unit


def named(table: type[Ticket], key: str) -> Callable[[Turn], Any]:
    """A ticket by its id, in the unit that asks for it."""
    return lambda turn: turn.session.get(table, key)


def someone(name: str) -> Callable[[Turn], Any]:
    """One of the cast, in the unit that asks for them."""
    return lambda turn: builders.person_of(turn.session, name)


def director(session: Session) -> str:
    """The id of one of the two to whom a matter is handed."""
    return builders.person_of(session, "心理主任").id


def race(database: Database, *units: Unit) -> list[str]:
    """Run these at once; the keys of what was refused."""
    gate, refused = threading.Barrier(len(units)), []

    def work(unit: Unit) -> None:
        gate.wait()
        try:
            database.run(unit)
        except Refused as why:
            refused.append(why.key)

    threads = [threading.Thread(target=work, args=(unit,)) for unit in units]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return refused


def stands(database: Database, ticket_id: str) -> Ticket:
    found = database.read(lambda session: session.get(Ticket, ticket_id))
    assert found is not None
    return found


def test_it_never_merges_two_into_each_other(database: Database) -> None:
    for _ in range(ROUNDS):
        one, two = repair(database), repair(database, "韩梅梅")
        refused = race(
            database,
            verb("后勤老师", one, tickets.merge, named(Ticket, two)),
            verb("学工部长", two, tickets.merge, named(Ticket, one)),
        )
        assert len(refused) == 1
        assert refused[0] in ("merge.circle", "merge.ended")
        assert sorted(stands(database, each).status in OPEN for each in (one, two)) == [False, True]


def test_it_hands_a_matter_to_one_of_two(database: Database) -> None:
    for _ in range(ROUNDS):
        one = repair(database)
        race(
            database,
            verb("后勤老师", one, tickets.transfer, someone("心理主任")),
            verb("学工部长", one, tickets.transfer, someone("团委老师")),
        )
        given = [name for kind, name in events(database, one) if kind == "transferred"]
        has = stands(database, one).assignee_id
        assert (given[-1] == "心理主任") == (has == database.read(director))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("李雷", tickets.urge), ("后勤老师", tickets.resolve, "修好了")),
        (("李雷", tickets.withdraw), ("后勤老师", tickets.close, "广告")),
        (("李雷", tickets.withdraw), ("后勤老师", tickets.resolve, "修好了")),
    ],
    ids=["urge-resolve", "withdraw-close", "withdraw-resolve wf-03"],
)
def test_it_has_one_order_of_two_verbs_wf_03(database: Database, first: Any, second: Any) -> None:
    for _ in range(ROUNDS):
        one = repair(database)
        refused = race(
            database, verb(first[0], one, first[1], *first[2:]), verb(second[0], one, second[1], *second[2:])
        )  # fmt: skip
        ends = [kind for kind, _ in events(database, one) if kind in ("withdrawn", "closed", "resolved")]
        assert len(ends) == 1
        assert len(refused) <= 1


def test_it_rates_or_opens_again_and_never_both_at_the_end(database: Database) -> None:
    for _ in range(ROUNDS):
        one = repair(database)
        database.run(verb("后勤老师", one, tickets.resolve, "修好了"))
        race(database, verb("李雷", one, tickets.rate, 5), verb("李雷", one, tickets.reopen, "又坏了"))
        ticket = stands(database, one)
        kinds = [kind for kind, _ in events(database, one)]
        assert ticket.status == ("in_progress" if kinds[-1] == "reopened" else "closed"), kinds
        assert kinds[:2] != ["resolved", "resolved"]


@pytest.mark.parametrize("way", ["words", "page"])
def test_it_corrects_a_decision_once_when_two_do_it_wf_03(database: Database, way: str) -> None:
    """By words each finds what the other made of it; on the page the revision says that it went on."""
    for number in range(ROUNDS):
        one = leave(database, number)
        database.run(verb("韩老师", one, tickets.sign))
        shown = stands(database, one)

        def by(name: str, to: str, ticket: Ticket = shown) -> Unit:
            if way == "words":
                return verb(name, ticket.id, tickets.correct, "refuse", "看错了")

            def unit(session: Session) -> None:
                turn = builders.turn_of(session, name, START, school=SCHOOL)
                try:
                    deciding.decide(turn, ticket.number, "correct", ticket.rev, "看错了", to)
                except deciding.Stale:
                    raise Refused("stale") from None

            return unit

        refused = race(database, by("韩老师", "refuse"), by("王书记", "ask"))
        assert refused == ["correct.same" if way == "words" else "stale"]
        kinds = [kind for kind, _ in events(database, one)]
        assert kinds[:2] == ["approved", "corrected"]
        assert len(kinds) == 3


def test_it_corrects_what_is_taken_back_at_the_same_moment_in_one_order(database: Database) -> None:
    for number in range(ROUNDS):
        one = leave(database, number)
        database.run(verb("韩老师", one, tickets.sign))
        withdraws = verb("李雷", one, tickets.withdraw)
        refused = race(database, verb("韩老师", one, tickets.correct, "ask", "请补证明"), withdraws)
        kinds = [kind for kind, _ in events(database, one)][1:]
        assert kinds in (["withdrawn"], ["corrected", "asked", "withdrawn"]), kinds
        assert refused == (["correct.not_decided"] if kinds == ["withdrawn"] else [])
