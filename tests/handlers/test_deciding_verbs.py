"""The verbs among staff on a ticket's page: the same as in chat, only to what the page showed, and only one's own undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from handlers import tickets
from handlers.deciding import Stale, decide
from models.message import Refused
from models.ticket import Ticket
from tests.builders import START, own_catalogue, person_of, turn_of


def opened(session: Session) -> Ticket:
    item = own_catalogue().items["consult"]
    return tickets.open_ticket(turn_of(session, "李雷"), item, {"words": "宿舍的网坏了"})


@pytest.mark.parametrize(
    ("verb", "words", "to"),
    [("transfer", "请看", "王书记"), ("escalate", "请快", ""), ("close", "广告", ""), ("merge", "", "other")],
)
def test_it_does_nothing_to_what_went_on_meanwhile(session: Session, verb: str, words: str, to: str) -> None:
    ticket, other = opened(session), opened(session)
    seen = ticket.rev
    tickets.urge(turn_of(session, "李雷"), ticket)
    by = "王书记" if verb == "escalate" else "韩老师"
    whom = other.number if to == "other" else to
    with pytest.raises(Stale) as stale:
        decide(turn_of(session, by), ticket.number, verb, seen, words, whom)
    assert stale.value.rev == seen
    assert ticket.rev == seen + 1
    decide(turn_of(session, by), ticket.number, verb, ticket.rev, words, whom)
    assert ticket.rev == seen + 2


@pytest.mark.parametrize("verb", ["transfer", "assign", "note", "escalate", "merge", "close"])
def test_it_answers_for_a_foreign_matter_as_for_none_wf_05(session: Session, verb: str) -> None:
    ticket = opened(session)
    for number in (ticket.number, "ZX-2001-9999"):
        with pytest.raises(Refused) as refused:
            decide(turn_of(session, "方老师"), number, verb, ticket.rev, "词", "王书记")
        assert refused.value.key == "ticket.not_found"
    assert ticket.rev == 1


def test_it_merges_into_nothing_foreign_by_number(session: Session) -> None:
    ticket = opened(session)
    foreign = tickets.open_ticket(turn_of(session, "林涛"), own_catalogue().items["consult"], {"words": "在吗"})
    for to in (foreign.number, "ZX-2001-9999", "没有"):
        with pytest.raises(Refused) as refused:
            decide(turn_of(session, "韩老师"), ticket.number, "merge", ticket.rev, "", to)
        assert refused.value.key == "related.elsewhere"
    assert (ticket.rev, foreign.rev) == (1, 1)


def test_it_is_handed_to_nobody(session: Session) -> None:
    ticket = opened(session)
    for to in ("", "火星处", "p." + "0" * 22, "p." + person_of(session, "李雷").id, "王书记和韩老师"):
        with pytest.raises(Refused):
            decide(turn_of(session, "韩老师"), ticket.number, "transfer", ticket.rev, "", to)
    assert ticket.rev == 1


def test_it_undoes_nobody_elses_step_wf_13(session: Session) -> None:
    ticket = opened(session)
    tickets.transfer(turn_of(session, "韩老师"), ticket, person_of(session, "后勤老师"))
    soon = START + timedelta(seconds=10)
    for other in ("王书记", "后勤老师", "学工部长", "方老师"):
        with pytest.raises(Refused) as refused:
            decide(turn_of(session, other, soon), ticket.number, "undo", ticket.rev)
        assert refused.value.key == ("ticket.not_found" if other == "方老师" else "undo.nothing")
    decide(turn_of(session, "韩老师", soon), ticket.number, "undo", ticket.rev)
    assert ticket.assignee_id == person_of(session, "韩老师").id
