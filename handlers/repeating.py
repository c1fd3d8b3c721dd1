"""Whether a page sends a second time what the same person has just done from it: a double click, or a request that was sent again."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from handlers import access, collisions, corrections, directory, own_reminders, recusals, tags
from handlers.tickets.correcting import AFTER, REPLY
from handlers.turn import Turn
from models.correction import CORRECTED, read_fix
from models.message import Refused
from models.meta import audit
from models.person import Person
from models.recusal import Recusal
from models.sorting import OwnReminder
from models.ticket import Event, Ticket

WITHIN: Final = timedelta(minutes=1)  # a slow line and a second press; what comes later from an old page is meant
# What a verb leaves behind; a verb that is not here is only refused by its revision.
_LEFT: Final[dict[str, frozenset[str]]] = {
    "sign": frozenset({"signed", "cosigned", "approved"}), "refuse": frozenset({"refused"}), "ask": frozenset({"asked"}),
    "send_back": frozenset({"sent_back"}), "take": frozenset({"taken", "replied"}), "undo": frozenset({"undone"}),
    "reply": frozenset({"replied", "resolved"}), "progress": frozenset({"replied"}), "note": frozenset({"noted"}),
    "resolve": frozenset({"resolved", "replied"}), "conclude": frozenset({"resolved"}), "extend": frozenset({"extended"}),
    "priority": frozenset({"prioritised"}), "escalate": frozenset({"escalated"}), "close": frozenset({"closed"}),
    "transfer": frozenset({"transferred"}), "assign": frozenset({"assigned"}), "merge": frozenset({"merged"}),
    "back": frozenset({"returned"}), "snooze": frozenset({"snoozed"}), "unsnooze": frozenset({"unsnoozed"}),
    "tag": frozenset({"tagged"}), "untag": frozenset({"untagged"}), "relate": frozenset({"related"}),
    "unrelate": frozenset({"unrelated"}), "line": frozenset({"line_added"}), "split": frozenset({"split"}),
    "correct": frozenset({"corrected", "revised", "resolved"}), "recuse": frozenset({"recused", "kept_out"}),
    "readmit": frozenset({"readmitted"}),
}  # fmt: skip
_WORDLESS: Final = frozenset({"take", "undo", "back", "unsnooze"})


def done_already(turn: Turn, ticket: Ticket, verb: str, rev: int, words: str, to: str = "") -> bool:
    """Whether all that went on since a revision is this very deed of the speaker's own, done in the last minute.

    words and to: as the page sends them. What staff put in order among themselves meanwhile, and what time alone did, is no
    difference to a decision; any other deed, or one of somebody else, is, and the page is then out of date as ever.
    """
    if turn.person is None or verb not in _LEFT or not 0 < rev < ticket.rev:
        return False
    since = select(Event).where(Event.ticket_id == ticket.id, Event.rev > rev).order_by(Event.rev)
    events = list(turn.session.execute(since).scalars())
    mine = [each for each in events if each.by_id == turn.person.id and each.kind in _LEFT[verb]]
    mine = [each for each in mine if turn.now - each.at <= WITHIN and _same(turn, ticket, verb, each, words, to)]
    if not mine:
        return False
    first = mine[0]
    if first.kind in collisions.ASIDE:
        return True
    # One press is one instant: what it brought with it (who is asked next, what a rule did) carries the same.
    return all(each.at == first.at or not collisions.weighs(each.kind, each.key) for each in events)


def _same(turn: Turn, ticket: Ticket, verb: str, event: Event, words: str, to: str) -> bool:
    """Whether an event is what these words would do."""
    said, left = words.strip(), corrections.raw_of(turn, event).strip()
    if verb in _WORDLESS:
        return True
    if verb == "snooze":
        return _same_reminder(turn, ticket, said)
    if verb in ("tag", "untag"):
        try:
            return set(left.split()) == set(tags.listed(tags.read(said)).split())
        except Refused:
            return False
    if verb == "split":
        return _same_split(turn, left, to.strip(), said)
    if verb == "correct":
        return left == said and _same_correction(event, to.strip())
    if verb in ("recuse", "readmit"):
        return left == said and _same_person(turn, ticket, verb, event, to.strip())
    if verb in ("relate", "unrelate"):
        return bool(left) and left in said.upper()
    if verb == "merge":
        return bool(ticket.kept_id) and left == said
    if verb in ("transfer", "assign") and event.to_id != to.strip().removeprefix("p."):
        return False  # Only what names one person for certain is known to be the same.
    return left == said


def _same_reminder(turn: Turn, ticket: Ticket, said: str) -> bool:
    """「一小时后」 said twice within a minute is one reminder."""
    who = turn.person.id if turn.person else ""
    own = select(OwnReminder.remind_at).where(OwnReminder.ticket_id == ticket.id, OwnReminder.person_id == who)
    at = turn.session.execute(own).scalar()
    try:
        return at is not None and abs(own_reminders.when(turn, said) - at) <= WITHIN
    except Refused:
        return False


def _same_split(turn: Turn, number: str, slug: str, words: str) -> bool:
    """Whether what was split off went into this service with these words; any words where they are sealed or not known."""
    made = turn.session.execute(select(Ticket).where(Ticket.number == number)).scalar()
    if made is None or made.service != slug or not made.is_open:
        return False  # What was taken back again was no split.
    item = turn.school.catalogue.item(turn.session, made.service, made.version)
    sealed = item.sensitive or any(field.sensitive for field in item.fields)
    said = (each.strip() for each in made.answers.values() if isinstance(each, str))
    return not words or sealed or words in said


def _same_correction(event: Event, to: str) -> bool:
    """Whether a correction made this of a decision (`to` as tickets.correct takes it), or put other words in the place of these."""
    if event.kind == "resolved":
        return event.key == CORRECTED and to.startswith(REPLY)
    fix = read_fix(event.key)
    if fix is None:
        return False
    return fix.rev == int(to.removeprefix(REPLY) or 0) if to.startswith(REPLY) else fix.after == AFTER.get(to)


def _same_person(turn: Turn, ticket: Ticket, verb: str, event: Event, to: str) -> bool:
    """Whether it was this person who was kept out, or let in again; a name counts where it is the very name."""
    kept = recusals.of(turn, ticket)
    if verb == "readmit":
        return to.startswith("p.") and to.removeprefix("p.") not in kept
    then = select(Person).join(Recusal, Recusal.person_id == Person.id)
    out = turn.session.execute(then.where(Recusal.ticket_id == ticket.id, Recusal.at == event.at)).scalars()
    return any(to in (f"p.{person.id}", person.name, person.number) for person in out)


# -- in chat, where a button or an order comes without the revision that was seen


def split_lately(turn: Turn, ticket: Ticket, slug: str, words: str = "") -> str:
    """The number of what the speaker split off into a service, with these words or any, in the last minute; "" for none."""
    events = _mine(turn, ticket, "split")
    found = (corrections.raw_of(turn, each).strip() for each in events)
    return next((number for number in found if _same_split(turn, number, slug, words.strip())), "")


def corrected_lately(turn: Turn, ticket: Ticket, to: str = "", words: str = "") -> bool:
    """Whether the speaker corrected something into this, or with a reason that ends these words, in the last minute, and
    nothing has happened since."""
    events = _mine(turn, ticket, "correct")
    last = events[0].at if events else None
    after = select(Event.kind, Event.key).where(Event.ticket_id == ticket.id, Event.at > last) if last else None
    if after is None or any(collisions.weighs(row.kind, row.key) for row in turn.session.execute(after)):
        return False
    if to:
        return any(_same_correction(event, to) for event in events)
    left = (corrections.raw_of(turn, event).strip() for event in events)
    return any(each and words.strip().endswith(each) for each in left)


def unreached(turn: Turn, ticket: Ticket | None, verb: str) -> Refused:
    """The refusal of what is out of reach, which log and audit keep (ASVS 8.2.2): as of what does not exist; but whoever
    has just kept themselves out and does so again reads that."""
    if ticket is None or turn.person is None:
        return Refused("ticket.not_found")
    if verb == "recuse" and turn.person.id in recusals.of(turn, ticket) and _mine(turn, ticket, verb):
        return Refused("ticket.recused_self", number=ticket.number, name=directory.name_of(turn.person, turn.lang))
    access.refused(turn.person, ticket)
    # In chat the refusal is an answer, and the row stays; a page's refusal undoes its unit, and the page writes its own.
    audit(turn.session, turn.now, turn.person.id, "denied", ticket.number)
    return Refused("ticket.not_found")


def _mine(turn: Turn, ticket: Ticket, verb: str) -> list[Event]:
    """What a verb of the speaker's left behind in the last minute, the newest first."""
    if turn.person is None:
        return []
    kinds, since = _LEFT[verb], turn.now - WITHIN
    mine = select(Event).where(Event.ticket_id == ticket.id, Event.by_id == turn.person.id, Event.kind.in_(kinds))
    return list(turn.session.execute(mine.where(Event.at >= since).order_by(Event.rev.desc())).scalars())
