"""A copy for the record (备案): whoever reads the matter anyhow reads it whole, others read nothing of what is sealed."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import tickets
from handlers.catalogue import Catalogue, made
from handlers.turn import School
from models import numbering
from models.db import seal_of
from models.message import unpack
from models.outbox import Outbox
from models.person import Account
from tests.builders import START, make_school, own_catalogue, person_of, turn_of

COPY = {"kind": "inform"}


def school_of(*chain: dict[str, Any]) -> School:
    item = made("filed", {
        "title": {"zh": "报备", "en": "Filing"}, "prefix": "BA", "limits": {"resolve": "2d"}, "answers_by": "counselor",
        "approval": list(chain), "fields": [
            {"key": "where", "type": "text", "ask": {"zh": "去哪？", "en": "Where?"}},
            {"key": "why", "type": "text", "ask": {"zh": "事由？", "en": "Why?"}, "sensitive": True},
        ],
    })  # fmt: skip
    return make_school(Catalogue([*own_catalogue().items.values(), item]))


def copied(session: Session, name: str) -> str:
    """The lines of the card that came with somebody's copy."""
    session.flush()
    numbering.give(session)
    mine = select(Outbox).join(Account, Account.id == Outbox.account_id)
    rows = session.execute(mine.where(Account.person_id == person_of(session, name).id).order_by(Outbox.id)).scalars()
    seal = seal_of(session)
    replies = [
        each for row in rows for each in unpack(seal.open(f"outbox.body:{row.id}", row.body)) if "备案" in each.text
    ]
    assert len(replies) == 1
    assert replies[0].card is not None
    return "\n".join(replies[0].card.lines)


@pytest.mark.parametrize(
    ("chain", "name", "reads"),
    [
        ([{"role": "counselor"} | COPY], "韩老师", True),  # who has the matter
        ([{"role": "counselor"}, {"role": "deputy-secretary"} | COPY], "王书记", False),
    ],
)
def test_it_copies_what_the_reader_may_read_and_names_nothing_else(
    session: Session, chain: list[dict[str, Any]], name: str, reads: bool
) -> None:
    school = school_of(*chain)
    school.catalogue.record(session, START)
    answers = {"where": "南门外", "why": "家里有事"}
    ticket = tickets.open_ticket(
        turn_of(session, "李雷", START, school=school), school.catalogue.items["filed"], answers
    )
    if len(chain) > 1:
        tickets.sign(turn_of(session, "韩老师", START, school=school), ticket)
    lines = copied(session, name)
    assert "南门外" in lines
    assert ("家里有事" in lines) is reads
    assert "内容加密" not in lines
