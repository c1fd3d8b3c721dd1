"""The line of progress on a ticket's card: handed in, every signature and copy of the chain, the answer, the return."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

from sqlalchemy import bindparam, select

from handlers import directory, signing
from handlers.turn import Turn
from models.message import Mark
from models.person import Person
from models.ticket import Approval, Event, Resolution, Ticket

_UNANSWERED: Final = frozenset(
    {Resolution.refused, Resolution.withdrawn, Resolution.duplicate, Resolution.expired}
)  # ends at which nobody answered what was asked

_ANSWERED: Final = (
    select(Event.by_id)
    .where(Event.ticket_id == bindparam("ticket"), Event.kind == bindparam("kind"))
    .order_by(Event.rev.desc())
    .limit(1)
)


def who(turn: Turn, person_id: str | None) -> str:
    """A person's name by id, "" for nobody."""
    if person_id is None:
        return ""
    # A unit says the same few names again and again; nothing of this outlives it.
    names_: dict[tuple[str, str], str] = turn.session.info.setdefault("names", {})
    if (person_id, turn.lang) not in names_:
        names_[person_id, turn.lang] = directory.name_of(turn.session.get(Person, person_id), turn.lang)
    return names_[person_id, turn.lang]


def _is_returned_from(turn: Turn, ticket: Ticket, *, ended: bool) -> bool:
    """Whether a return belongs to the line: not of what was over when it was asked for (补假), nor of a list for others."""
    if "back" not in turn.school.catalogue.service(ticket.service).marks:
        return False
    end = (ticket.answers.get("span") or {}).get("end")
    over = bool(ticket.answers.get("made_up")) and end is not None and datetime.fromisoformat(end) <= turn.now
    return ticket.back_at is not None or not (ended or over)


def of(turn: Turn, ticket: Ticket, state: str) -> tuple[Mark, ...]:
    """Handed in, every signature or the answer, back where a return is expected. state: how the ticket stands in words."""
    ended = not ticket.is_open
    marks = [Mark(label=turn.say("mark.opened"), done=True)]
    lines = signing.steps(turn, ticket)
    signs = [line for line in lines if line.kind == "sign" and line.decision != "spared"]
    marks += [
        Mark(label=turn.say("mark.signed", name=_signer(turn, ticket, line)), done=True)
        for line in signs
        if line.decision == "signed"
    ]
    if ended and ticket.resolution in _UNANSWERED:
        # The line ends here, and says so: a filled circle alone would look agreed.
        return (*marks, Mark(label=state, done=True))
    for place, (_, beside) in enumerate(
        groupby((line for line in signs if not line.decision), key=lambda line: line.step)
    ):
        marks += _to_come(turn, ticket, list(beside), now=place == 0, done=ended)
    for line in lines:
        if line.kind == "inform":
            name = _name(turn, ticket, line)
            marks.append(Mark(label=turn.say("mark.copy", name=name), done=line.decision == "informed"))
    agreed = ended and ticket.resolution == Resolution.approved
    if not signs and not lines and (agreed or ticket.back_at is not None):  # Of a list, which was signed as a whole.
        by = turn.session.execute(_ANSWERED, {"ticket": ticket.id, "kind": "approved"}).scalar() or ticket.assignee_id
        marks.append(Mark(label=turn.say("mark.signed", name=who(turn, by)), done=True))
    elif not signs and not lines:
        by = (_answered_by(turn, ticket) if ended else None) or ticket.assignee_id
        marks.append(Mark(label=turn.say("mark.answer", name=who(turn, by)), done=ended))
    if _is_returned_from(turn, ticket, ended=ended):
        back = ended and ticket.back_at is not None and ticket.resolution == Resolution.approved
        marks.append(Mark(label=turn.say("mark.back"), done=back))
    return tuple(marks)


def _answered_by(turn: Turn, ticket: Ticket) -> str | None:
    """Who gave the answer, which a colleague of whoever has the matter may do; None for nobody."""
    return turn.session.execute(_ANSWERED, {"ticket": ticket.id, "kind": "resolved"}).scalar()


def _to_come(turn: Turn, ticket: Ticket, beside: Sequence[Approval], *, now: bool, done: bool) -> list[Mark]:
    """The marks of a step that is not through: one for each signature, or one for all where any one is enough."""
    if len(beside) == 1:
        # The first of these lies with whoever has the ticket; for a later one it is whoever would be asked today.
        name = who(turn, ticket.assignee_id) if now else ""
        return [Mark(label=turn.say("mark.decision", name=name or _name(turn, ticket, beside[0])), done=done)]
    names = [_name(turn, ticket, line) for line in beside]
    if beside[0].mode == "any":
        return [Mark(label=turn.say("mark.any", names=turn.say("signing.either").join(names)), done=done)]
    return [Mark(label=turn.say("mark.joint", name=name), done=done) for name in names]


def _signer(turn: Turn, ticket: Ticket, line: Approval) -> str:
    """Who signed, and for whom where it was somebody's stand-in (王老师（代韩老师）)."""
    name = who(turn, line.person_id)
    if line.person_id is None or line.decided_at is None:
        return name
    away = directory.acted_for(turn.session, line.person_id, ticket.path, line.decided_at, line.role)
    return turn.say("away.signed_for", by=name, name=directory.name_of(away, turn.lang)) if away is not None else name


def _name(turn: Turn, ticket: Ticket, line: Approval) -> str:
    """Who decides on a line or got its copy, or would if it were its turn now."""
    name = who(turn, line.person_id or line.to_id)
    name = name or signing.signer_name(turn, ticket, line)
    return name or turn.say("card.nobody")


def together(turn: Turn, ticket: Ticket) -> str:
    """All who owe a signature side by side and each must give it: 「由王书记、周老师各自」; "" where one person has it."""
    lines = signing.current(signing.steps(turn, ticket))
    if len(lines) < 2 or lines[0].mode == "any":
        return ""
    return turn.say("signing.each", names=turn.say("form.or").join(_name(turn, ticket, line) for line in lines))


def owing(turn: Turn, ticket: Ticket) -> str:
    """By whom a signature is owed now: one name, or those of all who sign side by side."""
    lines = signing.current(signing.steps(turn, ticket))
    if len(lines) < 2:
        return who(turn, ticket.assignee_id) or (
            signing.vacant(turn, lines[0].role) if lines else turn.say("card.nobody")
        )
    names = [_name(turn, ticket, line) for line in lines]
    return signing.beside(turn, names, lines[0].mode)
