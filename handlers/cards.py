"""The card of a ticket: what is known of one matter, for its student and for those who answer, with its buttons."""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import bindparam, select

from handlers import (
    abroad,
    behalf,
    card_asides,
    corrections,
    directory,
    extending,
    foreseen,
    limits,
    listed,
    listed_names,
    marks,
    offers,
    progressing,
    prolonged,
    signing,
    urging,
    wording,
)  # fmt: skip
from handlers.turn import Turn
from models.db import plain, seal_of
from models.item import Item
from models.message import Card, Choice
from models.person import Person
from models.ticket import Approval, Event, Resolution, SealedAnswer, Status, Ticket
from models.unit import known

VERBS = frozenset({"sign", "ask", "refuse", "take", "reply", "resolve", "extend", "priority", "show", "back", "withdraw", "fill", "helped",
                   "unhelped", "transfer", "assign", "note", "more", "escalate", "merge", "close", "bare", "urge", "rate", "delegate",
                   "send_back", "guardian_link", "guardian_phoned", "prolong", "correct", "recuse", "readmit", "nudge", "tag", "untag", "split",
                   "relate", "unrelate", "snooze", "unsnooze", "unreturn", "unwithdraw", "progress", "conclude", "unfinished", "tick", "untick", "line", "unline", "call_off", *behalf.VERBS})  # fmt: skip

_STYLES: Final = {**dict.fromkeys(("sign", "back", "helped", "fill", "acknowledge"), "main"),
                  **dict.fromkeys(("refuse", "withdraw", "object", "call_off"), "danger")}  # fmt: skip
SEALED: Final = "sealed"  # as what a unit knows the opened answers of a ticket (models.unit.known)
# Built once: these run several times in an ordinary turn.
_SEALED = select(SealedAnswer.id, SealedAnswer.field, SealedAnswer.value).where(
    SealedAnswer.ticket_id == bindparam("ticket")
)


who = marks.who  # how a person is called


def item_of(turn: Turn, ticket: Ticket) -> Item:
    """The item in the version that the ticket was opened under."""
    return turn.school.catalogue.item(turn.session, ticket.service, ticket.version)


def withheld(turn: Turn, ticket: Ticket) -> bool:
    """Whether answers, words and the student's name are not shown where this turn speaks."""
    return turn.abroad and abroad.stays_home(turn, ticket)


def student(turn: Turn, ticket: Ticket) -> str:
    """How whoever asked is called before staff: by name, where it may be said."""
    return turn.say("abroad.student") if withheld(turn, ticket) else who(turn, ticket.requester_id)


def answers_of(turn: Turn, ticket: Ticket) -> dict[str, Any]:
    """All answers, the sealed ones opened: only for a reader whom `access.visible` let in."""
    opened: dict[str, dict[str, Any]] = known(turn.session, SEALED)
    if ticket.id not in opened:
        rows, seal = plain(turn.session).execute(_SEALED, {"ticket": ticket.id}), seal_of(turn.session)
        opened[ticket.id] = {
            row.field: json.loads(seal.open(f"sealed_answer.value:{row.id}", row.value)) for row in rows
        }
    return {**ticket.answers, **opened[ticket.id]}


def pending(turn: Turn, ticket: Ticket, reader: Person | None = None) -> Approval | None:
    """The signature that is asked for now, None when none is; of several side by side the reader's, or the speaker's."""
    return signing.owed(turn, ticket, reader or turn.person)


def state(turn: Turn, ticket: Ticket, *, staff: bool = False) -> str:
    """Where the ticket stands, in words for its student or for staff."""
    if ticket.resolution and not ticket.is_open:
        back = "back" in turn.school.catalogue.service(ticket.service).marks and ticket.back_at is not None
        if back and ticket.answers.get(prolonged.BY):
            return turn.say("state.continued", number=ticket.answers[prolonged.BY])
        if back and ticket.resolution == Resolution.approved:
            return turn.say("state.returned")
        return turn.say(wording.ended(ticket.status, ticket.resolution, signed=bool(item_of(turn, ticket).approval)))
    if ticket.status == Status.waiting:
        if ticket.back_at:
            return turn.say("state.waiting_return")
        return turn.say("state.waiting_staff" if staff else "state.waiting")
    if is_signed_by_several(turn, ticket):
        last = signing.last_decision(turn, ticket)
        if last is not None:
            return turn.say("state.signed", by=who(turn, last.person_id), name=marks.owing(turn, ticket))
    return turn.say("state.new_staff" if staff and ticket.status == Status.new else f"state.{ticket.status}")


def is_signed_by_several(turn: Turn, ticket: Ticket) -> bool:
    """Whether its state tells who signed so far: of a chain, once somebody has done anything."""
    return ticket.status != Status.new and len(item_of(turn, ticket).approval) > 1


def names(turn: Turn, ticket: Ticket) -> str:
    """What identifies a ticket in an echo: student, number, and its dates where it has any; abroad the number alone."""
    if withheld(turn, ticket):
        return ticket.number
    return " · ".join(part for part in (who(turn, ticket.requester_id), ticket.number, dates(turn, ticket)) if part)


def dates(turn: Turn, ticket: Ticket) -> str:
    """The days and spans that a ticket is about, "" where it has none or may not say."""
    if withheld(turn, ticket):
        return ""
    return " · ".join(
        wording.answer(field, ticket.answers[field.key], turn.lang, turn.school.zone, turn.today)
        for field in item_of(turn, ticket).fields
        if field.kind in ("span", "date") and ticket.answers.get(field.key)
    )


_TOLD = (
    select(Event.id)
    .where(Event.ticket_id == bindparam("ticket"), Event.to_id == bindparam("person"), Event.kind != "informed")
    .limit(1)
)


def entitled(turn: Turn, ticket: Ticket) -> bool:
    """Whether the speaker reads what is sealed: who asked, who works on it or owns it, and who was told of it.

    Others whose duties reach the ticket see that it is there and how it stands, and may step in.
    """
    if turn.person is None:
        return ticket.requester_id is None
    if turn.person.id in (ticket.requester_id, ticket.assignee_id, ticket.owner_id):
        return True
    if {ticket.assignee_id, ticket.owner_id} & directory.takes_part_of(turn.session, turn.person.id, turn.now):
        return True  # Whoever stands in decides, so he reads what there is to decide on.
    return plain(turn.session).execute(_TOLD, {"ticket": ticket.id, "person": turn.person.id}).first() is not None


def card(turn: Turn, ticket: Ticket, *, staff: bool, whole: bool = True, copy: bool = False, reader: Person | None = None) -> Card:  # fmt: skip
    """The card of a ticket in the turn's language. Cards of one ticket share a key, so a later one replaces it.

    whole: with the sealed answers, for a reader who is entitled to them; of a copy (备案) the others are not told that there
    are any. reader: who gets it, if not the speaker.
    """
    reader = reader or turn.person
    item = item_of(turn, ticket)
    elsewhere = withheld(turn, ticket)
    lines = [] if elsewhere else _told(turn, ticket, staff=staff, whole=whole, copy=copy)
    stands = state(turn, ticket)
    lines.append(turn.say("card.state", state=state(turn, ticket, staff=True) if staff else stands))
    if staff and ticket.priority != "normal":
        lines.append(turn.say("card.priority", level=turn.say(f"priority.{ticket.priority}")))
    lines += [] if elsewhere else card_asides.lines(turn, ticket, reader, staff=staff)
    approval = pending(turn, ticket, reader) if staff else None
    if approval is not None and not (reader and signing.may_sign(turn, ticket, approval, reader)):
        lines.append(turn.say("signing.now", name=marks.owing(turn, ticket)))
    due = limits.promised(turn, ticket) if ticket.is_open else None
    if due is not None and ticket.status != Status.waiting:
        name = marks.together(turn, ticket) or _with_whom(turn, ticket)
        at = wording.soon(due, turn.now, turn.lang, turn.school.zone)
        key = "card.overdue" if due < turn.now else "card.due_staff" if staff else "card.due"
        if not name:
            key = "card.overdue_unheld" if due < turn.now else "card.due_unheld"
        elif progressing.owes_end(turn, ticket):
            key = "card.overdue_end" if due < turn.now else "card.due_staff_end" if staff else "card.due_end"
        lines.append(turn.say(key, name=name, at=at))
        until = extending.until(turn, ticket)
        if until is not None and until != due:
            lines.append(turn.say("echoes.until", at=wording.soon(until, turn.now, turn.lang, turn.school.zone)))
        if not staff and limits.was_rushed(turn, ticket):
            key = "rush.card" if ticket.assignee_id != ticket.owner_id else "rush.card_kept"
            going = () if ticket.answers.get("extends") else foreseen.advice(turn, item, ticket.path)
            lines += [turn.say(key, at=at), *going]
    title = turn.say("card.title", title=item.title.to(turn.lang), number=ticket.number)
    lines += [turn.say("abroad.on_web")] if elsewhere else []
    return Card(
        key=f"t{ticket.number}", title=title, lines=tuple(lines), marks=marks.of(turn, ticket, stands), ticket=ticket.number,
        elsewhere=elsewhere, guarded=not elsewhere and abroad.stays_home(turn, ticket),
    )  # fmt: skip


def _with_whom(turn: Turn, ticket: Ticket) -> str:
    """The name of whoever has it, and of whoever acts for him while he is away; "" where nobody has it."""
    name, acting = who(turn, ticket.assignee_id), directory.stand_in(turn.session, ticket.assignee_id, turn.now)
    if acting is None:
        return name
    return turn.say("away.acting", name=name, stand_in=directory.name_of(acting, turn.lang))


def _told(turn: Turn, ticket: Ticket, *, staff: bool, whole: bool, copy: bool) -> list[str]:
    """Who asked, what was answered, and what follows from it."""
    item, lines = item_of(turn, ticket), list[str]()
    answers = answers_of(turn, ticket) if whole else ticket.answers
    if staff and ticket.requester_id:
        person = turn.session.get(Person, ticket.requester_id)
        place = directory.grid_name(turn.session, person.academic_path if person else None, turn.lang)
        lines.append(" · ".join(part for part in (who(turn, ticket.requester_id), place) if part))
    if (opened := behalf.of(turn, ticket)) is not None:
        lines.append(turn.say(f"card.opened_{opened.source}", name=who(turn, opened.by_id)))
    answers = listed_names.named(turn, item, answers, staff=staff, by=ticket.requester_id)
    lines += wording.summary(item, answers, turn.lang, turn.school.zone, turn.today)
    if not (whole or copy) and any(field.sensitive for field in item.fields):
        lines.append(turn.say("card.sealed"))
    lines += turn.school.catalogue.service(ticket.service).lines(turn.lang, answers)
    return lines


def choices(turn: Turn, ticket: Ticket, *, staff: bool, reader: Person | None = None) -> tuple[Choice, ...]:
    """What may be done with a ticket now, as buttons that carry its revision. reader: who gets them, if not the speaker."""
    if not staff:
        return buttons(turn, ticket, _student_verbs(turn, ticket))
    reader = reader or turn.person
    verbs = staff_verbs(turn, ticket, reader)
    # A note, at least, is always among `more_verbs`: what else is there is worked out when it is asked for.
    return buttons(turn, ticket, [*verbs, "more"] if reader is not None else verbs)


def buttons(turn: Turn, ticket: Ticket, verbs: list[str]) -> tuple[Choice, ...]:
    """Verbs as buttons that carry the ticket's revision."""
    id_, number, rev = ticket.id, ticket.number, ticket.rev
    labels = [(verb, turn.say(f"verb.{verb}")) for verb in verbs]
    return tuple([
        Choice(label=label, send=f"t:{id_}:{verb}:{rev}", words=f"{label} {number}", style=_STYLES.get(verb, ""))
        for verb, label in labels
    ])  # fmt: skip


def staff_verbs(turn: Turn, ticket: Ticket, reader: Person | None) -> list[str]:
    """What a member of staff may do with a ticket now; whose signature it is not, is not offered to decide."""
    if not ticket.is_open:
        return ["reply", "show"]
    approval = pending(turn, ticket, reader)
    if approval is not None:
        decides = reader is not None and signing.may_sign(turn, ticket, approval, reader)
        return ["sign", "ask", "refuse", "reply", "show"] if decides else ["reply", "show"]
    if ticket.status == Status.waiting and ticket.back_at:
        early = turn.school.catalogue.service(ticket.service).withdrawing(turn, ticket)
        return ["reply", "show"] if early else ["back", "reply", "show"]
    asks = [] if item_of(turn, ticket).urgent else ["ask"]  # Nobody sends a cry for help back for more.
    # Somebody in distress reads words from a person first, and hears of an end when there is one.
    ends = [] if item_of(turn, ticket).urgent and ticket.status == Status.new else ["resolve"]
    return (["take"] if ticket.status == Status.new else []) + ["reply", *ends, *asks, "show"]


def more_verbs(turn: Turn, ticket: Ticket, reader: Person | None) -> list[str]:
    """What a member of staff may do besides: offered one press further on, and on the ticket's page."""
    if reader is None:
        return []
    mends = ["correct"] if corrections.is_offered(turn, ticket) else []
    if not ticket.is_open:
        return [*progressing.turns(turn, ticket), *mends, "note", "tag", "relate"]
    approval = pending(turn, ticket, reader)
    gives = ["transfer"] if approval is None or signing.may_sign(turn, ticket, approval, reader) else []
    gives = ["assign", *gives] if ticket.assignee_id is None else gives
    item, moves = item_of(turn, ticket), ["extend"] if extending.is_offered(turn, ticket, reader) else []
    moves += ["priority"] if any(row.priority for row in item.limits.instead) else []
    ends = ["close"] if approval is None and ticket.back_at is None and not item.urgent else []
    asked = ticket.status == Status.waiting and ticket.back_at is None
    ups = ["nudge"] if asked else ["escalate"] if ticket.back_at is None and _leads(turn, ticket, reader) else []
    backs = ["send_back"] if gives and approval is not None and signing.is_after(turn, ticket, approval) else []
    asks = turn.school.catalogue.service(ticket.service).verbs(turn, ticket) if gives and approval is not None else ()
    parts = ["split"] if ends and ticket.requester_id is not None else []
    merges = ["merge"] if ticket.back_at is None and not ticket.private else []
    return [*backs, *progressing.verbs(turn, ticket), *asks, *gives, *moves, *ups, *mends, "note", *card_asides.recusing(turn, ticket, lead=lambda: _leads(turn, ticket, reader)), "tag", *(card_asides.ticking(turn, ticket) if item.checklist else ()), *merges, *parts, "relate", "snooze", *ends]  # fmt: skip


def _leads(turn: Turn, ticket: Ticket, reader: Person) -> bool:
    """Whether somebody leads where a ticket is, or above."""
    paths = [ticket.path, *([ticket.handed_path] if ticket.handed_path else [])]
    return directory.is_lead(turn.session, reader.id, paths, turn.now)


def _student_verbs(turn: Turn, ticket: Ticket) -> list[str]:
    opened = behalf.of(turn, ticket)
    asked = [] if opened is None or opened.said else ["acknowledge", "object"]
    return [*asked, *_own_verbs(turn, ticket)]


def _own_verbs(turn: Turn, ticket: Ticket) -> list[str]:
    if ticket.status == Status.waiting and ticket.back_at:
        early = turn.school.catalogue.service(ticket.service).withdrawing(turn, ticket)
        more = ["prolong"] if turn.school.catalogue.service(ticket.service).prolongs(turn, ticket) else []
        return ["withdraw", *listed.verbs(turn, ticket), "show"] if early else ["back", *more, "show"]
    if ticket.status == Status.waiting:
        # What is asked for is not read here, so it is not written here either.
        return ["withdraw", "show"] if withheld(turn, ticket) else ["fill", "withdraw", "show"]
    if ticket.is_open:
        return ["urge", "withdraw", "show"] if urging.is_offered(turn, ticket) else ["withdraw", "show"]
    return [*listed.verbs(turn, ticket), *offers.ended(turn, ticket), "show"]
