"""Taking a split back: until somebody works on the new ticket, whatever happens to the first, and it counts nowhere."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import limits, splitting, tally, tickets
from models.correction import standing
from models.message import Refused
from models.score import Score
from tests.builders import START, turn_of
from tests.handlers.test_splitting import HOUR, opened


def test_it_is_undone_though_the_first_went_on_and_counts_nowhere(session: Session) -> None:
    ticket = opened(session)
    by = turn_of(session, "后勤老师", START + HOUR)
    made = splitting.split(by, ticket, "dorm-repair", "网断了")
    kept = splitting.split(by, opened(session), "dorm-repair", "网断了")
    tickets.urge(turn_of(session, "李雷", START + HOUR), ticket)
    tickets.tag(turn_of(session, "后勤老师", START + HOUR), made, "网络")
    assert tickets.is_split(by, ticket, str(ticket.rev - 1))
    assert tickets.undo(by, ticket) == "split"
    assert made.resolution == "withdrawn"
    assert ticket.is_open
    assert [mark.kind for mark in standing(limits.marks(by, ticket))] == ["opened", "urged"]
    with pytest.raises(Refused) as refused:
        tickets.undo(by, ticket)
    assert refused.value.key == "undo.nothing"
    tally.score(by, [ticket.id, made.id, kept.id])
    scored = set(session.execute(select(Score.ticket_id)).scalars())
    assert scored == {ticket.id, kept.id}
