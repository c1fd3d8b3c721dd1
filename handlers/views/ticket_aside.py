"""What staff keep beside a ticket, for its page: its tags and those in use, what belongs to it, and words to split off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import BindParameter, bindparam, cast, literal_column, null, or_, select, union_all

from handlers import cards, checklists, correcting, corrections, links, recusing_talk, sorting, splitting, tags, wording
from handlers.turn import Turn
from models.base import Instant
from models.db import plain
from models.sorting import OwnReminder, Tag, TicketLink
from models.ticket import Event, Ticket

# What such a box lets one choose from.
OFFERS: Final = {
    correcting.VERB: correcting.offered, splitting.VERB: splitting.offered, recusing_talk.OUT: recusing_talk.offered,
    recusing_talk.IN: recusing_talk.kept_out,
}  # fmt: skip
_NO_TALK: Final = frozenset({"tagged", "untagged", "retagged", "snoozed", "automated", "rule_warned", "checklist_added", "ticked",
                              "unticked", "line_added", "line_dropped", *links.NUMBERED})  # fmt: skip
ELSEWHERE: Final = frozenset({"show", *sorting.VERBS})  # verbs that the page offers in boxes of their own

_TICKET: BindParameter[str] = bindparam("ticket")
_ME: BindParameter[str] = bindparam("person")
_NEVER: Final = cast(null(), Instant()).label("at")
_MINE: Final = select(Tag.name).where(Tag.by_id == _ME).order_by(Tag.id.desc()).limit(50).subquery()
_ANY: Final = select(Tag.id).limit(1).subquery()
# All of it in one statement, since each costs a page more than what it reads.
_BESIDE: Final = union_all(
    select(literal_column("'tag'").label("what"), Tag.name.label("name"), _NEVER).where(Tag.ticket_id == _TICKET),
    select(literal_column("'mine'"), _MINE.c.name, _NEVER),
    select(literal_column("'any'"), _ANY.c.id, _NEVER),
    select(literal_column("'link'"), TicketLink.id, _NEVER).where(
        or_(TicketLink.ticket_id == _TICKET, TicketLink.other_id == _TICKET)
    ),
    select(literal_column("'own'"), OwnReminder.id, OwnReminder.remind_at).where(
        OwnReminder.ticket_id == _TICKET, OwnReminder.person_id == _ME
    ),
)


@dataclass(frozen=True, slots=True)
class Linked:
    """A ticket that belongs to the shown one: how ("from", "into", "related"), and what identifies it."""

    way: str
    number: str
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class Aside:
    """tags: of the ticket. in_use: others to choose from. links: to tickets that the reader may see. said: the student's
    words, where some of them are to be split off, "" else. remind_at: when the reader is reminded of it, "" for never.
    checks: the lines of its checklist; progress: how many of them are done, "3/5"."""

    tags: tuple[str, ...] = ()
    in_use: tuple[str, ...] = ()
    links: tuple[Linked, ...] = ()
    said: str = ""
    remind_at: str = ""
    may_snooze: bool = False
    checks: tuple[checklists.Shown, ...] = ()
    progress: str = ""


def in_line(
    turn: Turn, ticket: Ticket, event: Event, who: tuple[str, str], gone: frozenset[int], words: str
) -> tuple[str, str]:  # fmt: skip
    """The line and the words of an event as the page shows them: what names a tag, a number or a time is no talk, and stands
    in the line. who: the names of who did it, and of whom it goes to."""
    line = corrections.line(turn, ticket, event, *who, gone)
    bare = event.kind not in _NO_TALK or not words
    return (line, words) if bare else (line + turn.say("event.words", words=words), "")


def of(turn: Turn, ticket: Ticket, box: str = "") -> Aside:
    """What stands beside a ticket; whoever calls has asked access about it. box: the verb whose words are written."""
    me = turn.person.id if turn.person else ""
    rows = plain(turn.session).execute(_BESIDE, {"ticket": ticket.id, "person": me}).all()
    given = tuple(sorted(row.name for row in rows if row.what == "tag"))
    mine = [row.name for row in rows if row.what == "mine"]
    # What the speaker never tagged is looked for where he answers, if anybody tagged anything at all.
    in_use = mine or (tags.in_use(turn) if any(row.what == "any" for row in rows) else ())
    linked = tuple(
        Linked(each.way, each.ticket.number, cards.item_of(turn, each.ticket).title.to(turn.lang),
               cards.state(turn, each.ticket, staff=True))
        for each in (links.of(turn, ticket) if any(row.what == "link" for row in rows) else ())
    )  # fmt: skip
    said = splitting.said_by(turn, ticket) if box == splitting.VERB else ""
    at = next((row.at for row in rows if row.what == "own"), None)
    remind_at = wording.soon(at, turn.now, turn.lang, turn.school.zone) if at is not None else ""
    others = tuple(name for name in dict.fromkeys(in_use) if name not in given)[: tags.OFFERED]
    checks = checklists.lines(turn, ticket) if checklists.has(turn, ticket) else ()
    return Aside(given, others, linked, said, remind_at, ticket.is_open, checks, checklists.progress(checks))
