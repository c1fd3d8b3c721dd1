"""What other systems do by a token: open a matter for a student, once, and the verbs of staff, on what they have seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import func, select

from handlers import (
    behalf,
    collisions,
    crisis,
    deciding,
    directory,
    form_schema,
    handing_in,
    serving,
    sheet,
    sorting,
    staff,
    stepping,
    tickets,
)
from handlers.crisis_words import look
from handlers.deciding import Stale
from handlers.sheet import Wrong
from handlers.tokens import Bearer
from handlers.turn import Turn
from models.grid import Grid
from models.item import Item
from models.message import Incoming, Refused
from models.meta import Audit, audit
from models.person import Person
from models.ticket import Event, Ticket

CHANNEL: Final = "api"
MOST_HEARD: Final = 65_536  # characters in which a cry for help is looked for, as at the door


KEYED: Final = "api_key"  # in the audit: a verb that was done under a key of the caller's
KEPT: Final = timedelta(
    days=1
)  # so long a verb is known again by its key; whoever got no answer asks again much sooner
LOOKED_AT: Final = 50_000  # of the newest entries of the audit


class Unfit(Exception):
    """Answers that cannot be taken: what is wrong with each, by its field ("" for the form as a whole)."""

    def __init__(self, wrong: list[Wrong]) -> None:
        super().__init__(len(wrong))
        self.wrong = wrong


@dataclass(frozen=True, slots=True)
class Wish:
    """A matter that another system wants to open: for whom, of which item, with which answers.

    key: the caller's own, 8 to 64 characters; it counts for one token and one student.
    """

    number: str
    slug: str
    answers: dict[str, Any]
    key: str

    def rest(self, bearer: Bearer) -> str:
        """What makes the form's key its own: 16 hex digits of the caller's key, and 12 of what it came with."""
        body = json.dumps([self.slug, self.answers], ensure_ascii=False, sort_keys=True)
        return f"{self.mine(bearer)}-{hashlib.sha256(body.encode()).hexdigest()[:12]}"

    def mine(self, bearer: Bearer) -> str:
        """The caller's key as it is kept."""
        return hashlib.sha256(f"{bearer.token_id}\0{self.key}".encode()).hexdigest()[:16]


def hear(turn: Turn, bearer: Bearer, wish: Wish) -> str:
    """Look at what a student wrote for a cry for help, and page the duty; the fixed help that is to be shown, "" for none.

    A unit of its own before `open_for`, so that it holds whatever is wrong with the form. A wish that was opened before
    is answered with the help and pages nobody again. Raises Refused as `open_for` for whom and what.
    """
    student, _ = _served(turn, bearer, wish)
    words = "\n".join(each for each in wish.answers.values() if isinstance(each, str))[:MOST_HEARD]
    alarm = look(words) if words else None
    if alarm is None:
        return ""
    theirs, rest = _of(turn, student), wish.rest(bearer)
    if handing_in.earlier(theirs, behalf.key_of(behalf.PORTAL, rest)) is not None:
        return crisis.help_text(turn.school, turn.lang, alarm).text
    replies = crisis.respond(theirs, Incoming(CHANNEL, student.number, rest, turn.now, words), alarm)
    return "\n".join(reply.text for reply in replies)


def open_for(turn: Turn, bearer: Bearer, wish: Wish) -> tuple[Ticket, bool]:
    """Open a matter for a student in the name of the token's person; the same key again gives the same ticket.

    Answers with the ticket and whether it is new. Raises Refused: a student or an item that is not this person's to
    serve, a key that came with another content; Unfit for the answers.
    """
    student, item = _served(turn, bearer, wish)
    theirs, rest = _of(turn, student), wish.rest(bearer)
    handing_in.wait_for(turn, student)
    before = handing_in.earlier(theirs, behalf.key_of(behalf.PORTAL, rest))
    if before is not None:
        return before, False
    if _is_used(turn, student, wish.mine(bearer)):
        raise Refused("api.key_reused")
    read = sheet.read(theirs, item, _inputs(turn, item, wish.answers, bearer), {}, {})
    if read.wrong:
        raise Unfit(read.wrong)
    ticket = serving.open_for(turn, wish.number, wish.slug, read.answers, behalf.PORTAL, rest)
    audit(turn.session, turn.now, bearer.person_id, "api_open", _thing(ticket.number, bearer))
    return ticket, True


def _of(turn: Turn, student: Person) -> Turn:
    """The turn in which the student's own matters count."""
    return replace(turn, person=student, channel=CHANNEL)


def _served(turn: Turn, bearer: Bearer, wish: Wish) -> tuple[Person, Item]:
    try:
        student = serving.student_of(turn, wish.number)
    except Refused:
        raise Refused("api.no_student") from None
    item = turn.school.catalogue.items.get(wish.slug)
    fits = item is not None and behalf.may_open(item) and form_schema.is_fillable(item, sensitive=bearer.sensitive)
    if item is None or not fits:
        raise Refused("api.no_item")
    return student, item


def _is_used(turn: Turn, student: Person, mine: str) -> bool:
    """Whether a key opened another matter of this student."""
    begins = handing_in.mark_of(behalf.key_of(behalf.PORTAL, mine))
    statement = select(Ticket.id).join(Event, Event.ticket_id == Ticket.id).where(
        Ticket.requester_id == student.id, Event.rev == 1, Event.key.startswith(begins, autoescape=True)
    )  # fmt: skip
    return turn.session.execute(statement.limit(1)).first() is not None


def _inputs(turn: Turn, item: Item, answers: dict[str, Any], bearer: Bearer) -> dict[str, str]:
    model = form_schema.model_of(item, sensitive=bearer.sensitive)
    try:
        # As JSON, since only there a strict model takes days and instants as the text that they are.
        read = model.model_validate_json(json.dumps(answers), strict=True)
    except ValidationError as error:
        found = form_schema.misfits(error, turn.lang)
        raise Unfit([Wrong("/".join(str(part) for part in where), what) for where, what in found]) from None
    return form_schema.inputs(item, read, turn.school.zone)


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb of handlers.deciding that another system asks for.

    to: of a transfer the number of a member of staff or the code of an office, of a merge the other ticket's number. key:
    the caller's own, "" for none, by which the same deed is known again for KEPT. same: two are the same, whatever places.
    confirm: whoever signs has seen what is asked before it (deciding.Unopened, deciding.Ahead).
    """

    verb: str
    words: str = ""
    to: str = ""
    key: str = ""
    same: bool = False
    confirm: bool = False

    def mark(self, bearer: Bearer, number: str) -> str:
        """How the audit keeps this very deed of this token."""
        body = json.dumps([bearer.token_id, self.key, self.verb, self.words, self.to, self.same], ensure_ascii=False)
        return f"{number} {hashlib.sha256(body.encode()).hexdigest()[:32]}"


def act(turn: Turn, bearer: Bearer, number: str, deed: Deed, revs: Collection[int]) -> Ticket:
    """Do it to a ticket, if it still stands at one of the revisions that the caller saw.

    Raises Refused ("ticket.not_found" too for what is out of reach, or private for this token; deciding.Unopened for what is
    to be confirmed), and Stale where it went on: a lost answer is so never done twice. With a key the very same deed again answers as the first time did.
    """
    ticket = tickets.by_number(turn, number)
    if ticket is not None and ticket.private and not bearer.sensitive:
        raise Refused("ticket.not_found")
    ticket = staff.reach(turn, ticket)
    aside = deed.verb == "note" or deed.verb in sorting.VERBS  # Not to be done twice, and not seen by collisions.
    if ticket.rev not in revs and (aside or all(collisions.went_on(turn, ticket, rev) for rev in revs)):
        if deed.key and _is_done(turn, bearer, deed.mark(bearer, number)):
            return ticket
        raise Stale(ticket.rev)
    if deed.verb == "merge":
        _before_merge(turn, bearer, deed.to)
        deciding.decide(turn, number, "merge", ticket.rev, deed.words, deed.to, deed.to if deed.same else "")
    else:
        to = _receiver(turn, deed.to) if deed.to else ""
        if deed.confirm and deed.verb == "sign":
            stepping.look(turn, ticket)  # Whoever is asked reads that somebody above signs in their place.
        deciding.decide(turn, number, deed.verb, ticket.rev, deed.words, to, number if deed.confirm else "")
    audit(turn.session, turn.now, bearer.person_id, f"api_{deed.verb}", _thing(number, bearer))
    if deed.key:
        audit(turn.session, turn.now, bearer.person_id, KEYED, deed.mark(bearer, number))
    return ticket


def _is_done(turn: Turn, bearer: Bearer, mark: str) -> bool:
    """Whether this token's person did the very same under the same key lately. Asked only of what went on meanwhile."""
    newest = select(func.max(Audit.id)).scalar_subquery()
    done = select(Audit.id).where(
        Audit.id > newest - LOOKED_AT, Audit.by_id == bearer.person_id, Audit.verb == KEYED, Audit.thing == mark,
        Audit.at > turn.now - KEPT,
    )  # fmt: skip
    return turn.session.execute(done.limit(1)).first() is not None


def _before_merge(turn: Turn, bearer: Bearer, number: str) -> None:
    """A private ticket is for a token that may not see it as if it were not there."""
    into = turn.session.execute(select(Ticket.private).where(Ticket.number == number)).scalar()
    if into and not bearer.sensitive:
        raise Refused(sorting.ELSEWHERE, number=number)


def _receiver(turn: Turn, to: str) -> str:
    """Whom an exact number or code names, as `decide` wants it. A student's number names nobody: names are not told here."""
    person = directory.by_number(turn.session, to)
    if person is not None and person.kind == "staff":
        return f"{deciding.BY_ID}{person.id}"
    office = select(Grid.id).where(Grid.tree == "office", Grid.code == to).limit(1)
    if turn.session.execute(office).first() is None:
        raise Refused("transfer.unknown", words=to)
    return to


def _thing(number: str, bearer: Bearer) -> str:
    return f"{number} {bearer.name}"[:64]
