"""Repairs with rules of a school (自动规则), opened in a session or in a database of their own, and what happened to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import tickets
from handlers.catalogue import Catalogue, made
from handlers.turn import School
from models.db import Database
from models.item import Item
from models.ticket import Event, Ticket
from tests.builders import START, make_school, own_catalogue, turn_of

FORM: dict[str, Any] = {"what": "water", "where": "东园1号楼203", "detail": "漏水了"}
DO = {"tag": ["急"]}
LATE = {
    "name": "晚了", "on": "overdue", "target": "respond", "after": "0h",
    "then": {"give": {"who": "lead"}, **DO},
}  # fmt: skip
WAITS = {
    "name": "等太久", "on": "waiting", "after": "7d wall", "warn": "2d wall",
    "then": {"end": "close", "words": "七天没有补充，先结束。"},
}  # fmt: skip


def repair(*whens: dict[str, Any]) -> Item:
    """The repairs of the logistics office, with rules of a school, and with no reminders that would stand between."""
    body = own_catalogue().items["dorm-repair"].body()
    body["limits"] |= {"remind": (), "escalate": (), "follow_up": None}
    return made("dorm-repair", {**body, "slug": "dorm-repair", "when": list(whens)})


def school_of(item: Item, session: Session | None = None) -> School:
    cat = Catalogue([item, own_catalogue().items["consult"]])
    if session is not None:
        cat.record(session, START)
        session.flush()
    return make_school(cat)


def opened(session: Session, *whens: dict[str, Any], **answers: str) -> tuple[Ticket, School]:
    item = repair(*whens)
    school = school_of(item, session)
    ticket = tickets.open_ticket(turn_of(session, "李雷", school=school), item, {**FORM, **answers})
    return ticket, school


def begin(database: Database, *whens: dict[str, Any], opened_by: str = "李雷") -> tuple[str, School]:
    school = school_of(repair(*whens))
    database.run(lambda session: school.catalogue.record(session, START))

    def unit(session: Session) -> str:
        return tickets.open_ticket(
            turn_of(session, opened_by, school=school), school.catalogue.items["dorm-repair"], FORM
        ).id

    return database.run(unit), school


def happened(database: Database, ticket_id: str) -> list[str]:
    def query(session: Session) -> list[str]:
        rows = session.execute(select(Event.kind).where(Event.ticket_id == ticket_id).order_by(Event.rev))
        return [kind for kind in rows.scalars() if kind not in ("opened", "noted")]

    return database.read(query)


def do(database: Database, ticket_id: str, by: str, now: datetime, school: School, verb: Any, *words: str) -> None:
    def unit(session: Session) -> None:
        turn = turn_of(session, by, now, school=school)
        ticket = tickets.get(turn, ticket_id)
        assert ticket is not None
        verb(turn, ticket, *words)

    database.run(unit)
