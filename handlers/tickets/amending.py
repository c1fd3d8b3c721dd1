"""Changing what was asked for while it is open: the answers, what follows from them, and the signatures anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import delete

from handlers import cards, complaints, wording
from handlers.tickets import chain
from handlers.tickets.chain import Following
from handlers.tickets.extend import hurry, told
from handlers.tickets.record import record
from handlers.tickets.recusing import keep_out_by_words
from handlers.tickets.requester import seal_answers
from handlers.turn import Turn
from models.item import Item
from models.message import Refused
from models.ticket import SealedAnswer, Status, Ticket


def amend(turn: Turn, ticket: Ticket, changes: dict[str, Any]) -> None:
    """Change answers of an open matter. The ticket must be locked (`get`); the speaker is whoever asked.

    What follows from the answers is derived and checked anew. The chain is planned anew (`chain.renew`): signatures that
    were given do not count for other answers, and an approval that has not begun is none any more. The clock starts anew.
    Raises Refused for a matter that is settled or has begun, for what cannot be (key `field`), and when nothing changes.
    """
    service = turn.school.catalogue.service(ticket.service)
    if not ticket.is_open or (ticket.back_at is not None and not service.withdrawing(turn, ticket)):
        raise Refused("ticket.already", state=cards.state(turn, ticket))
    item, before = cards.item_of(turn, ticket), cards.answers_of(turn, ticket)
    answers = {**before, **changes}
    there = replace(turn, about=ticket)
    answers.update(service.derive(there, answers))
    service.check(there, answers)
    said = _changed(turn, item, before, answers)
    if not said:
        raise Refused("ticket.nothing_changed", number=ticket.number)
    _store(turn, ticket, item, answers)
    if ticket.back_at is not None:
        service.undone(turn, ticket)  # What followed from an approval that is none any more.
    ticket.back_at = None
    keep_out_by_words(turn, ticket, complaints.free_words(item, answers))
    anew = chain.renew(turn, ticket, item, answers)
    following = Following()
    if anew is not None:
        following = chain.go_on(turn, ticket, anew.gone)
        ticket.assignee_id = following.first.id if following.first is not None else ticket.assignee_id
    had = hurry(turn, ticket, item, answers)
    move = Status.in_progress if ticket.status == Status.waiting else None
    record(turn, ticket, "amended", by=turn.person, words=said, move=move)
    told(turn, ticket, had)
    for person in chain.ask_others(turn, ticket) if anew is None else ():
        record(turn, ticket, "invited", to=person)  # Whoever was asked may stand on the list by now.
    if anew is not None:
        chain.date(anew.lines, anew.gone, ticket.rev)
        chain.note(turn, ticket, following)
        chain.stamp((line for line, _ in following.copies), ticket.rev)
        if following.copies and not following.asked:
            chain.approve(turn, ticket, None, key=chain.REGISTERED)


def _changed(turn: Turn, item: Item, before: dict[str, Any], after: dict[str, Any]) -> str:
    """What changed, field by field: 「时间：6月11日 → 6月12日」."""
    zone = turn.school.zone
    parts = []
    for field in item.fields:
        old, new = before.get(field.key), after.get(field.key)
        if old != new:
            said = [wording.answer(field, value, turn.lang, zone, turn.today) for value in (old, new)]
            parts.append(turn.say("ticket.changed", label=field.label(turn.lang), old=said[0], new=said[1]))
    return turn.say("told.semicolon").join(parts)


def _store(turn: Turn, ticket: Ticket, item: Item, answers: dict[str, Any]) -> None:
    """Keep the answers, the sensitive ones sealed apart, as they were kept when the matter was opened."""
    secret = {field.key for field in item.fields if field.sensitive} | ({"words"} if item.sensitive else set())
    ticket.answers = {key: value for key, value in answers.items() if key not in secret and value is not None}
    turn.session.execute(delete(SealedAnswer).where(SealedAnswer.ticket_id == ticket.id))
    seal_answers(turn, ticket, {key: value for key, value in answers.items() if key in secret and value is not None})
    turn.session.flush()
