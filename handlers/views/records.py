"""Tickets and items as other systems read them: by the reader's own duties, and never an answer or a word that is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.orm import aliased

from handlers import access, behalf, cards, checklists, corrections, directory, form_schema, limits, wording
from handlers.turn import Turn
from handlers.views import inbox_reach, stretch
from handlers.views import record_shapes as shapes
from models.base import first_id
from models.db import plain
from models.item import Item
from models.person import Person
from models.ticket import Event, Ticket
from models.unit import only_reads

# What the API does, as its addresses say it.
VERBS: Final = (
    "take", "reply", "progress", "conclude", "unfinished", "ask", "note", "transfer", "priority", "tag", "untag", "tick", "untick", "line", "resolve", "sign", "refuse",
    "send-back", "merge",
)  # fmt: skip
_ASKED, _WORKS = aliased(Person), aliased(Person)
_ROWS: Final = (
    select(Ticket, _ASKED, _WORKS, Event.at)
    .outerjoin(_ASKED, _ASKED.id == Ticket.requester_id)
    .outerjoin(_WORKS, _WORKS.id == Ticket.assignee_id)
    .outerjoin(Event, and_(Event.ticket_id == Ticket.id, Event.rev == Ticket.rev))
    .where(Ticket.id.in_(bindparam("ids", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets are asked for; "" and None leave a part open. status may be "open". since: changed then or later."""

    status: str = ""
    item: str = ""
    office: str = ""
    since: datetime | None = None
    overdue: bool | None = None


def page(
    turn: Turn, wanted: Wanted, behind: str, size: int, *, sensitive: bool
) -> tuple[tuple[shapes.Ticket, ...], str]:
    """One page of what the speaker may list, the newest first; and the id behind which the next begins, "" on the last.

    behind: the id that `page` answered with before, "" for the first. sensitive: with private tickets.
    """
    reach = inbox_reach.of(turn)
    conditions = _conditions(turn, wanted)
    conditions += [Ticket.id < behind] if behind else []
    conditions += [] if sensitive else [Ticket.private.is_(False)]
    values = {"person": turn.person.id if turn.person else "", "now": turn.now}
    if wanted.overdue:  # One stretch of the index of deadlines, rather than all tickets from the newest on.
        ids = reach.live(*conditions).order_by(Ticket.id.desc()).limit(size + 1)
    else:
        ids = reach.newest(size + 1, *conditions)
    found = list(plain(turn.session).execute(ids, values).scalars())
    shown = found[:size]
    return _rows(turn, shown), shown[-1] if len(found) > size else ""


def _conditions(turn: Turn, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.status == "open":
        found.append(inbox_reach.OPEN_NOW)  # type: ignore[arg-type]
    elif wanted.status:
        found.append(Ticket.status == wanted.status)
    if wanted.item:
        found.append(Ticket.service == wanted.item)
    if wanted.office:
        items = turn.school.catalogue.items.values()
        found.append(Ticket.service.in_([item.slug for item in items if item.office == wanted.office]))
    if wanted.since is not None:
        # Ids of events begin with their instant, so what changed lately is one stretch of their primary key.
        found.append(Ticket.id.in_(select(Event.ticket_id).where(Event.id >= first_id(wanted.since))))
    if wanted.overdue is not None:
        late = and_(inbox_reach.OPEN_NOW, Ticket.owed_at.is_not(None), Ticket.owed_at < turn.now)
        found.append(late if wanted.overdue else ~late)
    return found


def _rows(turn: Turn, ids: Sequence[str]) -> tuple[shapes.Ticket, ...]:
    if not ids:
        return ()
    rows = {row[0].id: row for row in turn.session.execute(_ROWS, {"ids": list(ids)})}
    return tuple(shapes.Ticket(**_summary(turn, *rows[each])) for each in ids)


def summary(turn: Turn, ticket: Ticket) -> shapes.Ticket:
    """A ticket as a list shows it; whoever calls has asked access about it."""
    turn.session.flush()
    (row,) = turn.session.execute(_ROWS, {"ids": [ticket.id]})
    return shapes.Ticket(**_summary(turn, *row))


def _summary(turn: Turn, ticket: Ticket, asked: Person | None, works: Person | None, at: datetime) -> dict[str, Any]:
    item = cards.item_of(turn, ticket)
    return {
        "number": ticket.number, "rev": ticket.rev, "status": ticket.status, "resolution": ticket.resolution,
        "item": shapes.Which(slug=item.slug, title=_title(item.title)), "office": item.office or None,
        "requester": _who(turn, asked), "assignee": _who(turn, works), "priority": ticket.priority,
        "private": ticket.private, "opened_at": ticket.opened_at, "updated_at": at,
        "owed_at": ticket.owed_at, "back_at": ticket.back_at,
        "overdue": ticket.is_open and ticket.owed_at is not None and ticket.owed_at < turn.now,
    }  # fmt: skip


def _title(words: Any) -> shapes.Title:
    return shapes.Title(zh=words.zh, en=words.to("en"))


def _who(turn: Turn, person: Person | None) -> shapes.Who | None:
    return None if person is None else shapes.Who(number=person.number, name=directory.name_of(person, turn.lang))


def whole(
    turn: Turn, number: str, before: int = 0, *, sensitive: bool, acts: bool
) -> shapes.WholeTicket | None:  # fmt: skip
    """A ticket by its number; None for one that is not there, out of reach, or private where sensitive is not given.

    before: the revision before which its course is shown, 0 for the newest. acts: whether the reader may act on it, too.
    """
    ticket = turn.session.execute(select(Ticket).where(Ticket.number == number)).scalar()
    if ticket is None or turn.person is None or (ticket.private and not sensitive):
        return None
    if not access.may_act(turn.session, turn.person, ticket, turn.now):
        access.refused(turn.person, ticket)
        return None
    only_reads(turn.session)
    course = stretch.of(turn, ticket, before)
    named = [each for event in course.events for each in (event.by_id, event.to_id)]
    directory.meet(turn.session, [ticket.requester_id, ticket.assignee_id, *named])
    item = cards.item_of(turn, ticket)
    offered = [*cards.staff_verbs(turn, ticket, turn.person), *cards.more_verbs(turn, ticket, turn.person)]
    checks = checklists.lines(turn, ticket) if checklists.has(turn, ticket) else ()
    offered += ["untag"] if "tag" in offered else []
    offered += (["tick"] if checks else []) + (["untick"] if checks and ticket.is_open else [])
    offered += ["line"] if "tag" in offered and ticket.is_open else []
    sealed = ticket.private or any(field.sensitive for field in item.fields)
    row = turn.session.execute(_ROWS, {"ids": [ticket.id]}).one()
    return shapes.WholeTicket(
        **_summary(turn, *row), answers=_answers(turn, ticket, item),
        withheld=tuple(field.key for field in item.fields if field.sensitive),
        course=tuple(_happened(turn, ticket, event, course.gone) for event in course.events),
        checklist=tuple(
            shapes.Check(
                place=each.place, words=None if sealed and each.own else each.words, required=each.required, done=each.done
            )
            for each in checks
        ),
        older=course.older or None,
        limits=tuple(
            shapes.Promised(target=why.target, due_at=why.at)
            for why in (limits.explain(turn, ticket) if ticket.is_open else [])
        ),
        verbs=tuple(verb for verb in VERBS if acts and verb.replace("-", "_") in offered),
    )  # fmt: skip


def _answers(turn: Turn, ticket: Ticket, item: Item) -> tuple[shapes.Answer, ...]:
    zone = turn.school.zone
    return tuple(
        shapes.Answer(
            key=field.key, label=field.label(turn.lang), value=form_schema.shown(field, ticket.answers[field.key], zone),
            said=wording.answer(field, ticket.answers[field.key], turn.lang, zone, turn.today),
        )
        for field in item.fields
        if not field.sensitive and ticket.answers.get(field.key) is not None
    )  # fmt: skip


def _happened(turn: Turn, ticket: Ticket, event: Event, gone: frozenset[int]) -> shapes.Happened:
    by, to = (turn.session.get(Person, each) if each else None for each in (event.by_id, event.to_id))
    called = directory.name_of(by, turn.lang) if by is not None else turn.say("notice.bot")
    said = corrections.line(turn, ticket, event, called, directory.name_of(to, turn.lang), gone)
    words = corrections.words_of(turn, event) if event.sealed is None else ""
    return shapes.Happened(
        rev=event.rev, at=event.at, kind=event.kind, said=said, words=words or None, by=_who(turn, by),
        to=_who(turn, to), audience="staff" if event.audience == "staff" else "all",
    )  # fmt: skip


# -- items


def items(turn: Turn, *, sensitive: bool) -> tuple[shapes.Item, ...]:
    """Every item that students are offered. sensitive: whether the reader may send what is sealed."""
    return tuple(shapes.Item(**_item(turn, item, sensitive=sensitive)) for item in turn.school.catalogue.offered())


def item(turn: Turn, slug: str, *, sensitive: bool) -> shapes.WholeItem | None:
    """An item with its form; None for one that students are not offered. sensitive: with the fields that are sealed."""
    found = next((each for each in turn.school.catalogue.offered() if each.slug == slug), None)
    if found is None:
        return None
    withheld = tuple(each.key for each in found.fields if each.kind == "file" or (each.sensitive and not sensitive))
    return shapes.WholeItem(
        **_item(turn, found, sensitive=sensitive), respond=found.limits.respond, resolve=found.limits.resolve,
        form=form_schema.schema_of(found, sensitive=sensitive), withheld=withheld,
    )  # fmt: skip


def _item(turn: Turn, item: Item, *, sensitive: bool) -> dict[str, Any]:
    return {
        "slug": item.slug, "version": turn.school.catalogue.versions[item.slug], "title": _title(item.title),
        "about": _title(item.about) if item.about else None, "office": item.office or None,
        "opens": behalf.may_open(item) and form_schema.is_fillable(item, sensitive=sensitive),
    }  # fmt: skip
