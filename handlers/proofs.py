"""What has to be shown for a matter: owed until a day, given, checked by whoever decides first; every opening is logged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import bindparam, select
from sqlalchemy.exc import OperationalError

from handlers import cards, limits, owing, proof_readers, signing, tickets, vouchers, wording
from handlers.owing import KNOWN, is_owed, of
from handlers.tickets.record import record
from handlers.turn import Turn
from models.base import Instant
from models.message import Refused, Upload
from models.meta import Audit, audit
from models.numbering import contained
from models.proof import Proof
from models.ticket import Ticket
from models.unit import known

__all__ = ["ask", "check", "file_opened", "give", "has_opened", "is_owed", "lay", "lines", "look", "may_open", "of", "opened", "sweep",
           "unask", "unwaive"]  # fmt: skip

log = structlog.get_logger()
REMINDED: Final = timedelta(days=1)  # so long before its day the student is reminded
AHEAD: Final = timedelta(hours=1)  # when one that could not be told is tried again
BATCH: Final = 100
STATUSES: Final = ("owed", "given", "checked", "waived", "late")  # told apart by their first letters
_BEFORE: Final = "pf"
_OPENED: Final = "opened_file"
# Built once: the clock asks every few seconds, and nearly always in vain.
_NEAR: Final = (
    select(Proof)
    .where(Proof.status == "owed", Proof.due_at <= bindparam("near", type_=Instant()))
    .where((Proof.reminded_at.is_(None)) | (Proof.due_at <= bindparam("now", type_=Instant())))
    .order_by(Proof.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


def lay(turn: Turn, ticket: Ticket, due_at: datetime | None, *, given: bool) -> None:
    """Write down that something has to be shown: with the request, or by an instant."""
    status = "given" if given else "owed"
    if given:
        _nothing_to_come(ticket)
    made = Proof(ticket_id=ticket.id, status=status, due_at=None if given else due_at, at=turn.now)
    turn.session.add(made)
    turn.session.flush()
    known(turn.session, KNOWN)[ticket.id] = made


def ask(turn: Turn, ticket: Ticket, due_at: datetime, words: str) -> None:
    """Something more is to be shown by an instant, such as a ticket after the return; words say what. Whoever asked is told."""
    found = of(turn, ticket)
    before = _key(found)
    if found is None:
        lay(turn, ticket, due_at, given=False)
    else:
        if is_owed(turn, ticket):  # The one does not take the place of the other.
            words, due_at = (
                turn.say("beside.and").join((owing.words(turn, ticket), words)),
                max(due_at, found.due_at or due_at),
            )
        found.status, found.due_at, found.by_id, found.reminded_at, found.at = "owed", due_at, None, None, turn.now
    # Whoever signs back in is answered with it, and not told the same a moment later.
    own = turn.person is not None and turn.person.id == ticket.requester_id
    record(turn, ticket, "proof_asked", by=turn.person if own else None, words=words, key=before)


def _key(found: Proof | None) -> str:
    """How a proof stood before more was asked for, as an event's key: its status, the instants in hexadecimal seconds, and
    who looked at it; at most 48 characters."""
    if found is None:
        return f"{_BEFORE}:none"
    due, reminded, at = (
        f"{int(each.timestamp()):x}" if each else "" for each in (found.due_at, found.reminded_at, found.at)
    )
    return f"{_BEFORE}:{found.status[0]}:{due}:{bool(reminded):d}:{at}:{found.by_id or ''}"


def unask(turn: Turn, ticket: Ticket) -> None:
    """What was asked for on a return is asked for no more, since there was none: the proof stands as before it."""
    asked = [mark for mark in limits.marks(turn, ticket) if mark.kind == "proof_asked"][-1:]
    found = of(turn, ticket)
    if found is None or not asked or not asked[0].key.startswith(f"{_BEFORE}:"):
        return
    _, short, *rest = asked[0].key.split(":")
    if not rest:
        turn.session.delete(found)
        known(turn.session, KNOWN)[ticket.id] = None
    else:
        due, reminded, at, by_id = rest
        found.status = next(status for status in STATUSES if status[0] == short)
        found.due_at, found.at = _instant(due), _instant(at) or turn.now
        found.reminded_at, found.by_id = found.at if reminded == "1" else None, by_id or None
    turn.session.flush()


def _instant(seconds: str) -> datetime | None:
    return datetime.fromtimestamp(int(seconds, 16), UTC) if seconds else None


def unwaive(turn: Turn, ticket: Ticket, due_at: datetime | None) -> None:
    """What was waived because a matter was withdrawn is owed again: it was not to be withdrawn."""
    found = of(turn, ticket)
    if found is not None and found.status == "waived" and due_at is not None:
        found.status, found.due_at = "owed", due_at
        turn.session.flush()


def give(turn: Turn, ticket: Ticket, files: tuple[Upload, ...], words: str = "") -> None:
    """The student shows it, also after the matter is closed; whoever works on it is told."""
    found = of(turn, ticket)
    if found is None or found.status not in ("owed", "late") or not files:
        raise Refused("proof.not_owed", number=ticket.number)
    for file in files:
        tickets.attach(turn, ticket, file.id)
    found.status, found.due_at, found.by_id, found.at = "given", None, None, turn.now
    _nothing_to_come(ticket)
    record(turn, ticket, "proof_given", by=turn.person, words=words)
    vouchers.tell(turn, ticket)


def come_along(turn: Turn, ticket: Ticket, files: tuple[Upload, ...]) -> bool:
    """Files that answer what staff asked for are the proof that is owed as well, of which that answer tells; whether one was
    owed. The files are the ticket's already."""
    found = of(turn, ticket)
    if found is None or found.status not in ("owed", "late") or not files:
        return False
    found.status, found.due_at, found.by_id, found.at = "given", None, None, turn.now
    _nothing_to_come(ticket)
    turn.session.flush()
    vouchers.tell(turn, ticket)
    return True


def _nothing_to_come(ticket: Ticket) -> None:
    """Nothing is to be shown later any more, and the card does not say so."""
    if ticket.answers.get("evidence_due") == "later":
        ticket.answers = {key: value for key, value in ticket.answers.items() if key != "evidence_due"}


def check(turn: Turn, ticket: Ticket) -> None:
    """Write down that the speaker has found what was shown in order (材料已核验); who asked and who decides hear so.

    Whether the speaker may is asked by whoever calls (`vouching`, `proof_talk`).
    """
    found = of(turn, ticket)
    if found is None:
        raise Refused("vouch.nothing", number=ticket.number)
    found.status, found.due_at, found.at = "checked", None, turn.now
    found.by_id = turn.person.id if turn.person is not None else None
    _nothing_to_come(ticket)
    record(turn, ticket, "proof_checked", by=turn.person)


def look(turn: Turn, ticket: Ticket) -> None:
    """Whoever decides first has opened what was shown: later signers read that it was checked. Of what nobody opened they read
    that (`lines`)."""
    found = of(turn, ticket)
    if found is not None and found.status == "given" and turn.person is not None and has_opened(turn, ticket):
        found.status, found.by_id, found.at = "checked", turn.person.id, turn.now
        turn.session.flush()


def may_open(turn: Turn, ticket: Ticket) -> bool:
    """Whether the speaker opens the files of a ticket: of a sensitive one whoever reads its answers; where a proof was
    asked for only who asked, and whoever looks at it (`proof_readers`)."""
    item = cards.item_of(turn, ticket)
    sensitive = ticket.private or any(field.sensitive for field in item.fields)
    if sensitive and not cards.entitled(turn, ticket):
        return False
    if of(turn, ticket) is None or turn.person is None:
        return True
    return turn.person.id == ticket.requester_id or proof_readers.may(turn, ticket, turn.person)


def opened(turn: Turn, ticket: Ticket, file_id: str) -> None:
    """Write down that a member of staff opened a file of a ticket (audit). Once the first signature is given, be it before
    the proof came or without a look at it, whoever is to look at it has checked it now."""
    if turn.person is None or turn.person.id == ticket.requester_id:
        return
    audit(turn.session, turn.now, turn.person.id, _OPENED, f"{ticket.number}:{file_id}")
    found = of(turn, ticket)
    if found is None or found.status != "given":
        return
    found.by_id = turn.person.id
    if proof_readers.is_decided(turn, ticket) and turn.person.id in proof_readers.ids(turn, ticket):
        found.status, found.at = "checked", turn.now
    turn.session.flush()


def file_opened(turn: Turn, number: str, file_id: str) -> None:
    """The same of a page, which knows the ticket by its number."""
    ticket = tickets.by_number(turn, number)
    if ticket is not None:
        opened(turn, ticket, file_id)


def has_opened(turn: Turn, ticket: Ticket) -> bool:
    """Whether the speaker has opened a file of a ticket since its proof was given."""
    found = of(turn, ticket)
    if found is None or turn.person is None or found.by_id is None:
        return False
    if found.by_id == turn.person.id:
        return True
    # Somebody else opened it last; the journal, which is long, knows who did before.
    mine = select(Audit.id).where(Audit.by_id == turn.person.id, Audit.verb == _OPENED, Audit.at >= found.at)
    return turn.session.execute(mine.where(Audit.thing.startswith(f"{ticket.number}:")).limit(1)).first() is not None


def _signer(turn: Turn, ticket: Ticket, found: Proof) -> str | None:
    """The id of whoever signed first after a proof was there; None while nobody has."""
    signed = [line for line in signing.steps(turn, ticket) if line.kind == "sign" and line.decision == "signed"]
    return next((each.person_id for each in signed if each.decided_at and each.decided_at >= found.at), None)


def lines(turn: Turn, ticket: Ticket) -> tuple[str, ...]:
    """How the proof stands, for signers; () where none is asked for."""
    found = of(turn, ticket)
    if found is None:
        return ()
    signer = _signer(turn, ticket, found) if found.status == "given" else None
    if signer is not None:
        return (turn.say("proof.is_unopened", by=cards.who(turn, signer)),)
    until = wording.last_minute(found.due_at, turn.school.zone) if found.due_at is not None else found.at
    at = wording.moment(until, turn.lang, turn.school.zone, turn.today)
    return (turn.say(f"proof.is_{found.status}", by=cards.who(turn, found.by_id), at=at),)


def sweep(turn: Turn, batch: int = BATCH) -> int:
    """Remind of proofs whose day is near, and tell of those whose day has passed; answers with how many. The clock calls
    it; any number of processes may."""
    values = {"now": turn.now, "near": turn.now + REMINDED, "most": batch}
    rows = turn.session.execute(_NEAR, values).scalars().all()
    count = 0
    for row in rows:
        try:
            with contained(turn.session):
                count += _step(turn, row)
        except OperationalError:
            raise
        except Exception:
            # The border of containment: one ticket that cannot be told of must not hold up all others.
            log.exception("proof_waits", ticket=row.ticket_id)
            row.due_at = turn.now + AHEAD
    return count


def _step(turn: Turn, row: Proof) -> int:
    ticket = tickets.get(turn, row.ticket_id)
    if ticket is None or row.due_at is None:
        return 0
    if ticket.resolution is not None and ticket.resolution != "approved":
        row.status, row.due_at = "waived", None  # Refused or taken back: nothing has to be shown for it.
        return 0
    if row.due_at <= turn.now:
        row.status, row.due_at, row.at = "late", None, turn.now
        record(turn, ticket, "proof_late")
    else:
        row.reminded_at = turn.now
        record(turn, ticket, "proof_due")
    return 1
