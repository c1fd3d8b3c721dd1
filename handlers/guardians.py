"""What parents say to a leave: asked by a one-time link without an account, or by telephone; never through the student."""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import access, cards, directory, lengths, limits, notices, signing, tickets, wording
from handlers.tickets.record import record
from handlers.turn import Turn
from handlers.understand.calls import call_time
from handlers.understand.slots import phone as phone_in
from models.base import new_id
from models.db import seal_of
from models.message import Link, Refused, Reply
from models.meta import audit
from models.outbox import Lane
from models.person import Person
from models.proof import Confirmation
from models.ticket import Ticket

VALID: Final = timedelta(days=3)  # as long as a link opens
CONFIRMED: Final = 2  # what the derived answer "guardian" (1: owed) becomes once parents have confirmed
PATH: Final = "/g/"
# Digits that come first or are as many as a telephone's are meant as one. A day or a clock beside words is none.
_DIGITS: Final = re.compile(r"^\s*[0-9]{3,}(?!\u5e74)|[0-9]{5,}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What parents read behind their link: of whom, what and when, who asks; answer "" while it is awaited.

    Days carry their year, since a link may be read around the new year. No word of the reason: it may tell of an illness,
    and it is the student's to tell.
    """

    student: str
    title: str
    facts: tuple[str, ...]
    teacher: str
    answer: str


def owed(turn: Turn, ticket: Ticket) -> bool:
    """Whether parents have to confirm and have not."""
    if not ticket.answers.get("guardian"):
        return False
    found = latest(turn.session, ticket)
    return found is None or found.answer != "yes"


def latest(session: Session, ticket: Ticket) -> Confirmation | None:
    """The asking that counts, None where nobody was asked."""
    statement = select(Confirmation).where(Confirmation.ticket_id == ticket.id, Confirmation.answer != "void")
    return session.execute(statement.order_by(Confirmation.at.desc(), Confirmation.id.desc()).limit(1)).scalar()


def lines(turn: Turn, ticket: Ticket) -> tuple[str, ...]:
    """How the parents' word stands, for signers; () where none is asked for."""
    if not ticket.answers.get("guardian"):
        return ()
    found = latest(turn.session, ticket)
    if found is None:
        return (turn.say("guardian.is_owed"),)
    at = wording.moment(found.answered_at or found.at, turn.lang, turn.school.zone, turn.today)
    key = {"yes": f"is_{found.how}", "no": "is_no"}.get(
        found.answer, "is_lapsed" if _lapsed(turn, found) else "is_asked"
    )
    said = turn.say(f"guardian.{key}", by=cards.who(turn, found.by_id), at=at)
    # Whoever signs later knows that they said no before they said yes.
    denied = [mark.at for mark in limits.marks(turn, ticket) if mark.kind == "guardian_denied"]
    if found.answer == "no" or not denied:
        return (said,)
    before = wording.moment(denied[-1], turn.lang, turn.school.zone, turn.today)
    return said, turn.say("guardian.was_no", at=before)


def _lapsed(turn: Turn, row: Confirmation) -> bool:
    """Whether a link was given that opens no more, and nobody answered it."""
    return not row.answer and row.until_at is not None and row.until_at <= turn.now


def guard(turn: Turn, ticket: Ticket) -> None:
    """Refuse a signature before parents confirmed; says how they are asked."""
    if not owed(turn, ticket):
        return
    found = latest(turn.session, ticket)
    if found is not None and found.answer == "no":
        raise Refused("guardian.denied", number=ticket.number)
    if found is not None and _lapsed(turn, found):
        raise Refused("guardian.lapsed", number=ticket.number)
    raise Refused("guardian.awaited" if found is not None else "guardian.first", number=ticket.number)


def offer(turn: Turn, ticket: Ticket, words: str = "") -> Reply:
    """A new one-time link for the parents, with the number that it goes to; links given before are void.

    words: a number that the counselor hands over; else the roster's. Raises Refused where there is none, and for the
    student's own number.
    """
    by = _decider(turn, ticket)
    number = _number(turn, ticket, words)
    code = secrets.token_urlsafe(24)
    row = _new(turn, ticket, by, number, "link")
    row.code, row.until_at = _digest(turn.session, code), turn.now + VALID
    turn.session.flush()
    record(turn, ticket, "guardian_asked", by=by)
    url = f"{turn.school.base_url.rstrip('/')}{PATH}{code}"
    link = Link(label=turn.say("guardian.link"), url=url, hand_over=True)
    name = cards.who(turn, ticket.requester_id)
    said = turn.say("guardian.hand_over", phone=number, name=name, days=VALID.days, number=ticket.number)
    return Reply(text=said, link=link)


def send(turn: Turn, ticket: Ticket, words: str = "") -> None:
    """The same from a page: the link goes to the counselor's own chat, since a page that is reloaded would make another."""
    reply = offer(turn, ticket, words)
    if turn.person is not None:
        address = directory.address(turn.session, turn.person, turn.now)
        notices.send(turn, address, reply, Lane.interactive, f"{new_id(turn.now)}:{address.id}", ticket)


def before_book(turn: Turn, ticket: Ticket, words: str) -> str:
    """Refuse what `book` would refuse anyway, before anything is asked; answers with the number that was called."""
    _decider(turn, ticket)
    return _number(turn, ticket, words)


def book(turn: Turn, ticket: Ticket, words: str) -> None:
    """Write down that the parents were called (已电话核实): when, by whom, which number, and that they agreed."""
    by = _decider(turn, ticket)
    number = _number(turn, ticket, words)
    called_at = _called(turn, words)
    row = _new(turn, ticket, by, number, "phone")
    row.answer, row.answered_at = "yes", called_at
    _confirmed(ticket)
    turn.session.flush()
    record(turn, ticket, "guardian_phoned", by=by, words=_masked(number, words))


def _masked(number: str, words: str) -> str:
    """Words of a call with enough of its number to know it by: the roster keeps numbers sealed, and the course is plain."""
    short = f"{number[:3]}****{number[-4:]}"
    # 「139 1234 5678」 and full-width digits are the same number.
    spread = re.compile(r"[\s-]*".join(f"[{digit}{chr(0xFF10 + int(digit))}]" for digit in re.findall("[0-9]", number)))
    said, count = spread.subn(short, words)
    return said if count else _with(short, words)


def _called(turn: Turn, words: str) -> datetime:
    """When the call was that words tell of: as they say, else now. Raises Refused for one that is still to come."""
    at = call_time(words, turn.now)
    if at is not None and at > turn.now:
        said = wording.moment(at, turn.lang, turn.school.zone, turn.today)
        raise Refused("guardian.call_ahead", at=said)
    return at or turn.now


def _confirmed(ticket: Ticket) -> None:
    """The card says from here on that parents have confirmed, and no more that they have to."""
    if ticket.answers.get("guardian"):
        ticket.answers = {**ticket.answers, "guardian": CONFIRMED}


def phoned(turn: Turn, ticket: Ticket, words: str) -> str:
    """The words of a call that was just written down, with the number that was called before them."""
    row = latest(turn.session, ticket)
    return words if row is None else _with(seal_of(turn.session).open(f"confirmation.phone:{row.id}", row.phone), words)


def _with(number: str, words: str) -> str:
    return words if phone_in(words) else f"{number} {words}".strip()


def find(session: Session, code: str, lock: bool = False) -> Confirmation | None:
    """The asking of a link, None for a code that nobody gave, that was replaced or let go."""
    statement = select(Confirmation).where(Confirmation.code == _digest(session, code), Confirmation.answer != "void")
    return session.execute(statement.with_for_update() if lock else statement).scalar()


def show(turn: Turn, code: str) -> Asked | None:
    """What parents read; None for a link that opens nothing (any more)."""
    row = find(turn.session, code)
    ticket = turn.session.get(Ticket, row.ticket_id) if row is not None else None
    if row is None or ticket is None or not _opens(turn, row, ticket):
        return None
    item, zone = cards.item_of(turn, ticket), turn.school.zone
    open_ones = [field for field in item.fields if field.kind in ("choice", "span", "date") and not field.sensitive]
    facts = [
        wording.line(field, wording.answer(field, ticket.answers[field.key], turn.lang, zone, date.min), turn.lang)
        for field in open_ones
        if ticket.answers.get(field.key) is not None
    ]
    if ticket.answers.get("days") is not None:
        facts.append(lengths.said(turn.lang, item, ticket.answers))
    student = turn.session.get(Person, ticket.requester_id) if ticket.requester_id else None
    return Asked(
        directory.name_of(student, turn.lang),
        item.title.to(turn.lang),
        tuple(facts),
        cards.who(turn, row.by_id),
        row.answer,
    )


def answer(turn: Turn, code: str, *, yes: bool) -> None:
    """What parents said behind their link, once; the counselor is told. Raises Refused for a link that opens nothing."""
    row = find(turn.session, code, lock=True)
    ticket = tickets.get(turn, row.ticket_id) if row is not None else None
    if row is None or ticket is None or row.answer or not _opens(turn, row, ticket):
        raise Refused("guardian.gone")
    row.answer, row.answered_at = "yes" if yes else "no", turn.now
    if yes:
        _confirmed(ticket)
    turn.session.flush()
    record(turn, ticket, "guardian_agreed" if yes else "guardian_denied", audience="all" if yes else "staff")


def _opens(turn: Turn, row: Confirmation, ticket: Ticket) -> bool:
    return bool(row.answer) or (ticket.is_open and row.until_at is not None and row.until_at > turn.now)


def _decider(turn: Turn, ticket: Ticket) -> Person:
    by = turn.person
    if by is None or not access.may_act(turn.session, by, ticket, turn.now):
        raise Refused("ticket.not_found")
    if not ticket.answers.get("guardian") or not ticket.is_open:
        raise Refused("guardian.needless", number=ticket.number)
    approval = signing.owed(turn, ticket, by)
    if approval is None or not signing.may_sign(turn, ticket, approval, by):
        raise Refused("ticket.not_yours_to_sign", name=cards.who(turn, ticket.assignee_id))
    return by


def _number(turn: Turn, ticket: Ticket, words: str) -> str:
    """The parents' number: in the words, else in the roster; never the student's own."""
    student = turn.session.get(Person, ticket.requester_id) if ticket.requester_id else None
    if student is None:
        raise Refused("guardian.needless", number=ticket.number)
    seal = seal_of(turn.session)
    kept = student.guardian_phone
    if phone_in(words) is None and _DIGITS.search(unicodedata.normalize("NFKC", words)):
        raise Refused("form.no_phone")  # A mistyped number must not become the roster's in silence.
    found = digits(phone_in(words) or (seal.open(f"person.guardian_phone:{student.id}", kept) if kept else ""))
    if not found:
        raise Refused("guardian.no_number", number=ticket.number)
    if student.phone and digits(seal.open(f"person.phone:{student.id}", student.phone)) == found:
        raise Refused("guardian.own_number")
    return found


def digits(number: str) -> str:
    """A telephone number by its digits, without China's own prefix: rosters write 139 1234 5678 and +86 139-1234-5678."""
    bare = re.sub("[^0-9]", "", number)
    return bare.removeprefix("86") if len(bare) > 11 else bare


def _new(turn: Turn, ticket: Ticket, by: Person, number: str, how: str) -> Confirmation:
    """A new asking, in the place of those before."""
    before = select(Confirmation).where(Confirmation.ticket_id == ticket.id)
    for old in turn.session.execute(before).scalars():
        old.answer = "void"
    row = Confirmation(id=new_id(turn.now), ticket_id=ticket.id, by_id=by.id, at=turn.now, how=how, answer="")
    row.phone = seal_of(turn.session).close(f"confirmation.phone:{row.id}", number)
    turn.session.add(row)
    audit(turn.session, turn.now, by.id, f"guardian_{how}", ticket.number)
    return row


def _digest(session: Session, code: str) -> str:
    return seal_of(session).index("confirmation.code", code[:64])
