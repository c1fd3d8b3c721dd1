"""The card of a ticket: what is known of one matter, for its student and for those who answer, with its buttons."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import bindparam, select

from handlers import directory, limits, wording
from handlers.turn import Turn
from models.db import plain, seal_of
from models.item import Item
from models.message import Card, Choice, Mark
from models.person import Person
from models.ticket import Approval, Event, Resolution, SealedAnswer, Status, Ticket

VERBS = frozenset({"sign", "ask", "refuse", "take", "reply", "show", "back", "withdraw", "fill", "helped", "unhelped"})

# Built once: these run several times in an ordinary turn.
_SEALED = select(SealedAnswer.id, SealedAnswer.field, SealedAnswer.value).where(
    SealedAnswer.ticket_id == bindparam("ticket")
)
_PENDING = (
    select(Approval)
    .where(Approval.ticket_id == bindparam("ticket"), Approval.decision == "")
    .order_by(Approval.step).limit(1)
)  # fmt: skip
_PENDING_ID = select(Approval.id).where(Approval.ticket_id == bindparam("ticket"), Approval.decision == "").limit(1)
_SIGNED = select(Approval.id).where(Approval.ticket_id == bindparam("ticket")).limit(1)


def item_of(turn: Turn, ticket: Ticket) -> Item:
    """The item in the version that the ticket was opened under."""
    return turn.school.catalogue.item(turn.session, ticket.service, ticket.version)


def answers_of(turn: Turn, ticket: Ticket) -> dict[str, Any]:
    """All answers, the sealed ones opened: only for a reader whom `access.visible` let in."""
    rows = plain(turn.session).execute(_SEALED, {"ticket": ticket.id})
    seal = seal_of(turn.session)
    opened = {row.field: json.loads(seal.open(f"sealed_answer.value:{row.id}", row.value)) for row in rows}
    return {**ticket.answers, **opened}


def pending(turn: Turn, ticket: Ticket) -> Approval | None:
    """The signature that is asked for now, None when none is."""
    return turn.session.execute(_PENDING, {"ticket": ticket.id}).scalar() if ticket.is_open else None


def state(turn: Turn, ticket: Ticket, *, staff: bool = False) -> str:
    """Where the ticket stands, in words for its student or for staff."""
    if ticket.resolution and not ticket.is_open:
        return turn.say(f"state.{ticket.resolution}")
    if ticket.status == Status.waiting:
        if ticket.back_at:
            return turn.say("state.waiting_return")
        return turn.say("state.waiting_staff" if staff else "state.waiting")
    return turn.say("state.new_staff" if staff and ticket.status == Status.new else f"state.{ticket.status}")


def names(turn: Turn, ticket: Ticket) -> str:
    """What identifies a ticket in an echo: student, number, and its dates where it has any."""
    item = item_of(turn, ticket)
    parts = [who(turn, ticket.requester_id), ticket.number]
    parts += [
        wording.answer(field, ticket.answers[field.key], turn.lang, turn.school.zone, turn.today)
        for field in item.fields
        if field.kind in ("span", "date") and ticket.answers.get(field.key)
    ]
    return " · ".join(part for part in parts if part)


def who(turn: Turn, person_id: str | None) -> str:
    """A person's name by id, "" for nobody."""
    if person_id is None:
        return ""
    # A unit says the same few names again and again; nothing of this outlives it.
    names_: dict[tuple[str, str], str] = turn.session.info.setdefault("names", {})
    if (person_id, turn.lang) not in names_:
        names_[person_id, turn.lang] = directory.name_of(turn.session.get(Person, person_id), turn.lang)
    return names_[person_id, turn.lang]


_TOLD = select(Event.id).where(Event.ticket_id == bindparam("ticket"), Event.to_id == bindparam("person")).limit(1)


def entitled(turn: Turn, ticket: Ticket) -> bool:
    """Whether the speaker reads what is sealed: who asked, who works on it or owns it, and who was told of it.

    Others whose duties reach the ticket see that it is there and how it stands, and may step in.
    """
    if turn.person is None:
        return ticket.requester_id is None
    if turn.person.id in (ticket.requester_id, ticket.assignee_id, ticket.owner_id):
        return True
    return plain(turn.session).execute(_TOLD, {"ticket": ticket.id, "person": turn.person.id}).first() is not None


def card(turn: Turn, ticket: Ticket, *, staff: bool, whole: bool = True) -> Card:
    """The card of a ticket in the turn's language. Cards of one ticket share a key, so a later one replaces it.

    whole: with the sealed answers, for a reader who is entitled to them.
    """
    item = item_of(turn, ticket)
    answers = answers_of(turn, ticket) if whole else ticket.answers
    lines: list[str] = []
    if staff and ticket.requester_id:
        person = turn.session.get(Person, ticket.requester_id)
        place = directory.grid_name(turn.session, person.academic_path if person else None, turn.lang)
        lines.append(" · ".join(part for part in (who(turn, ticket.requester_id), place) if part))
    lines += wording.summary(item, answers, turn.lang, turn.school.zone, turn.today)
    if not whole and any(field.sensitive for field in item.fields):
        lines.append(turn.say("card.sealed"))
    lines += turn.school.catalogue.service(ticket.service).lines(turn.lang, ticket.answers)
    lines.append(turn.say("card.state", state=state(turn, ticket, staff=staff)))
    due = limits.promised(turn, ticket) if ticket.is_open else None
    if due is not None and ticket.status != Status.waiting:
        name = who(turn, ticket.assignee_id) or turn.say("card.nobody")
        at = wording.soon(due, turn.now, turn.lang, turn.school.zone)
        key = "card.overdue" if due < turn.now else "card.due_staff" if staff else "card.due"
        lines.append(turn.say(key, name=name, at=at))
    title = turn.say("card.title", title=item.title.to(turn.lang), number=ticket.number)
    return Card(
        key=f"t{ticket.number}", title=title, lines=tuple(lines), marks=_marks(turn, ticket), ticket=ticket.number
    )


def _marks(turn: Turn, ticket: Ticket) -> tuple[Mark, ...]:
    """The line of progress: handed in, decided or answered, back where a return is expected."""
    ended = not ticket.is_open
    decided = ended or ticket.back_at is not None
    name = who(turn, ticket.assignee_id)
    signatures = plain(turn.session).execute(_SIGNED, {"ticket": ticket.id}).first()
    second = turn.say("mark.decision" if signatures else "mark.answer", name=name)
    marks = [Mark(label=turn.say("mark.opened"), done=True), Mark(label=second, done=decided)]
    if ended and ticket.resolution in (Resolution.refused, Resolution.withdrawn):
        # The line ends here, and says so: a filled circle alone would look agreed.
        return (marks[0], Mark(label=state(turn, ticket), done=True))
    if "back" in turn.school.catalogue.service(ticket.service).marks:
        back = ended and ticket.back_at is not None and ticket.resolution == Resolution.approved
        marks.append(Mark(label=turn.say("mark.back"), done=back))
    return tuple(marks)


def choices(turn: Turn, ticket: Ticket, *, staff: bool) -> tuple[Choice, ...]:
    """What may be done with a ticket now, as buttons that carry its revision."""
    verbs = _staff_verbs(turn, ticket) if staff else _student_verbs(turn, ticket)
    styles = {
        "sign": "main",
        "refuse": "danger",
        "withdraw": "danger",
        "back": "main",
        "helped": "main",
        "fill": "main",
    }
    return tuple(
        Choice(
            label=turn.say(f"verb.{verb}"),
            send=f"t:{ticket.id}:{verb}:{ticket.rev}",
            words=f"{turn.say(f'verb.{verb}')} {ticket.number}",
            style=styles.get(verb, ""),
        )
        for verb in verbs
    )


def _staff_verbs(turn: Turn, ticket: Ticket) -> list[str]:
    if not ticket.is_open:
        return ["reply", "show"]
    if plain(turn.session).execute(_PENDING_ID, {"ticket": ticket.id}).first() is not None:
        return ["sign", "ask", "refuse", "reply", "show"]
    if ticket.status == Status.waiting and ticket.back_at:
        early = turn.school.catalogue.service(ticket.service).withdrawing(turn, ticket)
        return ["reply", "show"] if early else ["back", "reply", "show"]
    asks = [] if item_of(turn, ticket).urgent else ["ask"]  # Nobody sends a cry for help back for more.
    return (["take"] if ticket.status == Status.new else []) + ["reply", *asks, "show"]


def _student_verbs(turn: Turn, ticket: Ticket) -> list[str]:
    if ticket.status == Status.waiting and ticket.back_at:
        early = turn.school.catalogue.service(ticket.service).withdrawing(turn, ticket)
        return ["withdraw", "show"] if early else ["back", "show"]
    if ticket.status == Status.waiting:
        return ["fill", "withdraw", "show"]
    if ticket.is_open:
        return ["withdraw", "show"]
    if ticket.resolution == Resolution.answered and ticket.status == Status.resolved:
        return ["helped", "unhelped", "show"]
    return ["show"]
