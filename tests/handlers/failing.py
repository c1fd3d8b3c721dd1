"""A student's leave on a far channel, and a courier of the test's own whose messages fail for whom it likes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from handlers import directory, notices, tickets, undelivered
from handlers.turn import Turn
from models import sending
from models.message import Reply
from models.outbox import Lane, Outbox
from models.person import Account
from models.sending import Outcome
from models.ticket import Ticket
from tests import builders
from tests.builders import CAST
from tests.faraway import FAR, Abroad
from tests.talking import as_rich

WORDS = "请把病历补上"


@contextmanager
def handed_in(url: str) -> Iterator[Abroad]:
    """李雷 has handed in a leave on the far channel, where everybody was seen last."""
    with Abroad(url, poor=False) as made:
        made.furnish()
        made.on(FAR, "李雷", "明天下午2点到4点请病假，看牙医")
        made.on(FAR, "李雷", "不离校")
        made.on(FAR, "李雷", "提交")
        carry(made, FAR)
        yield made


def carry(stage: Abroad, bot: str, closed: dict[str, str] | None = None) -> list[str]:
    """Send everything that waits on a bot; to the accounts of these keys it fails for good, for the reason given.

    The ids of those that failed.
    """
    closed = closed or {}

    def unit(session: Session) -> list[str] | None:
        fence = sending.lease(session, bot, "a courier", stage.now, 60)
        assert fence is not None
        claims = sending.claim(session, bot, fence, stage.now, 50, per_second=1e9)
        outcomes = [
            Outcome(each.id, "failed", closed[each.account], closed=closed[each.account])
            if each.account in closed
            else Outcome(each.id, "sent")
            for each in claims
        ]
        failed = sending.settle(session, bot, fence, outcomes, stage.now)
        undelivered.hear(session, stage.school, failed, stage.now)
        return failed if claims else None

    failed: list[str] = []
    while (more := stage.database.run(unit)) is not None:
        failed += more
        stage.now += timedelta(seconds=1)
    return failed


def told(stage: Abroad, who: str, channel: str) -> list[str]:
    """What somebody was told on a channel, each message as text."""
    return [as_rich((reply,)) for key, reply in stage.written(channel) if key == CAST[who].number]


def account(stage: Abroad, who: str, channel: str) -> Account:
    found = stage.database.read(
        lambda session: session.execute(
            select(Account).where(Account.channel == channel, Account.key == CAST[who].number)
        ).scalar()
    )
    assert found is not None
    return found


def bind(stage: Abroad, who: str, channel: str) -> None:
    """One more account of somebody, used less lately than the others but for the web page."""

    def unit(session: Session) -> None:
        person = builders.person_of(session, who)
        directory.account(session, channel, person.number, builders.START - timedelta(hours=1)).person_id = person.id

    stage.database.run(unit)


BLOCKED = {CAST["李雷"].number: "blocked"}


def verb(stage: Abroad, by: str, do: Any, *values: Any) -> None:
    """A verb on 李雷's newest matter; a name among the values is whoever is called so."""

    def unit(session: Session) -> None:
        turn = builders.turn_of(session, by, stage.now, school=stage.school)
        ticket = session.execute(select(Ticket).order_by(Ticket.id.desc()).limit(1)).scalar_one()
        do(turn, ticket, *(builders.person_of(session, each) if each in CAST else each for each in values))

    stage.database.run(unit)


def ask(stage: Abroad) -> None:
    """李雷 asks his counselor something, which has no signatures."""

    def unit(session: Session) -> None:
        turn = builders.turn_of(session, "李雷", stage.now, school=stage.school)
        tickets.open_ticket(turn, stage.school.catalogue.items["consult"], {"words": "想问助学金"})

    stage.database.run(unit)
    carry(stage, FAR)


def write(stage: Abroad, who: str, channel: str, words: str) -> str:
    """A message of no ticket to somebody's account; its row."""

    def unit(session: Session) -> None:
        turn = Turn(session, stage.school, stage.now, stage.now)
        to = session.get(Account, account(stage, who, channel).id)
        assert to is not None
        notices.send(turn, to, Reply(text=words), Lane.interactive, words)

    stage.database.run(unit)
    return stage.database.read(
        lambda session: session.execute(select(Outbox.id).where(Outbox.dedupe_key == words)).scalar_one()
    )


def close(stage: Abroad, who: str, channel: str) -> None:
    """What the platform says by itself when somebody blocks the bot: known before anything is sent."""
    key = CAST[who].number
    shut = update(Account).where(Account.channel == channel, Account.key == key).values(closed="blocked")
    stage.database.run(lambda session: session.execute(shut).close())
