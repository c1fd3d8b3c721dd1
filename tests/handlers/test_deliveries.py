"""What became of a reply stands behind its line on the timeline, for staff, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from handlers import cards, notices, tickets
from handlers.texts import LANGUAGES
from models.db import Database
from models.outbox import Outbox
from models.ticket import Ticket
from tests import builders
from tests.builders import leave_answers, own_catalogue, turn_of

FAR = "telegram"
STATES = (
    (FAR, "ready", "", "〔发送中〕", "[being sent]"),
    (FAR, "sending", "", "〔发送中〕", "[being sent]"),
    (FAR, "ready", "perhaps sent: timeout", "〔可能重复发送〕", "[perhaps sent twice]"),
    (FAR, "sent", "perhaps sent", "〔可能重复发送〕", "[perhaps sent twice]"),
    (FAR, "sent", "", "〔已送达 Telegram〕", "[delivered on Telegram]"),
    (FAR, "seen", "", "〔通知已读〕", "[notice read]"),
    (
        FAR,
        "held",
        "perhaps sent",
        "〔不知道是否送到，等人工确认〕",
        "[not known whether it arrived; somebody has to look]",
    ),
    (FAR, "failed", "blocked", "〔没有送到：对方停用了机器人〕", "[not delivered: they stopped the bot]"),
    (FAR, "failed", "deactivated", "〔没有送到：对方的账号已注销〕", "[not delivered: their account was deleted]"),
    (FAR, "failed", "no rights", "〔没有送到：平台不收〕", "[not delivered: the platform refused it]"),
    ("webchat", "ready", "", "〔等对方打开网页〕", "[waits for them to open the web page]"),
    ("webchat", "sent", "", "〔已显示〕", "[shown]"),
    ("webchat", "seen", "", "〔通知已读〕", "[notice read]"),
)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A leave of 李雷's to which 韩老师 has replied."""
    opened = Database(database_url, builders.new_seal())
    opened.run(lambda session: builders.settle(session, channel=FAR))

    def unit(session: Session) -> None:
        asks = turn_of(session, "李雷", channel=FAR)
        ticket = tickets.open_ticket(asks, own_catalogue().items["leave"], leave_answers())
        tickets.reply(turn_of(session, "韩老师", channel=FAR), ticket, "收到了")

    opened.run(unit)
    yield opened
    opened.close()


def lines(database: Database, lang: str, *, staff: bool = True) -> list[str]:
    def query(session: Session) -> list[str]:
        turn = turn_of(session, "韩老师" if staff else "李雷", channel=FAR, lang=lang)
        ticket = session.query(Ticket).one()
        return notices.timeline(turn, ticket, tickets.events_of(turn, ticket), staff=staff).splitlines()

    return database.run(query)  # The speaker's account is locked by looking it up.


@pytest.mark.parametrize(("channel", "status", "reason", "zh", "en"), STATES)
def test_it_says_what_became_of_a_reply(
    database: Database, channel: str, status: str, reason: str, zh: str, en: str
) -> None:
    database.run(
        lambda session: session.execute(
            update(Outbox).where(Outbox.event_rev == 2).values(bot=channel, status=status, reason=reason)
        )
    )
    for lang, said in zip(LANGUAGES, (zh, en), strict=True):
        opened, replied = lines(database, lang)
        assert replied.endswith(said)
        assert said not in opened


def test_it_says_nothing_of_it_to_the_student(database: Database) -> None:
    assert "发送中" not in "".join(lines(database, "zh", staff=False))


def test_it_says_nothing_of_what_the_student_did(database: Database) -> None:
    assert "发送中" not in lines(database, "zh")[0]


def test_it_marks_a_card_that_shows_what_is_sensitive(database: Database) -> None:
    def query(session: Session) -> list[tuple[bool, bool]]:
        turn, ticket = turn_of(session, "韩老师", channel=FAR), session.query(Ticket).one()
        strict = replace(turn, school=replace(turn.school, abroad=frozenset({FAR})))
        shown = [cards.card(each, ticket, staff=True) for each in (turn, strict)]
        return [(card.guarded, card.elsewhere) for card in shown]

    assert database.run(query) == [(True, False), (False, True)]
