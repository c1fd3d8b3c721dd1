"""What a student sees of the own matters: the list of what is open and of what was, and one matter's receipt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import func, select

from handlers import (
    binding,
    cards,
    corrections,
    doing,
    limits,
    listed_names,
    lists,
    notices,
    owing,
    recusals,
    refusals,
    talks,
    told_order,
    wording,
)
from handlers.turn import Turn
from handlers.views import stretch
from handlers.views.stretch import Stretch
from models.message import Link, Mark, Upload
from models.outbox import Attachment
from models.person import Account
from models.ticket import OPEN, Event, Resolution, Status, Ticket

PAGE: Final = 20  # closed matters of a page
SAID: Final = frozenset({"opened", "answered", "added", "reopened", "confirmed", "withdrawn", "returned"})
MOST_OPEN: Final = 60  # open ones that are shown; nobody may have so many (School.most_open)


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter: who has it now, by when what happens, and what may be done: (verb, label, style, needs words).
    link: a page of its own that is needed at hand (the slip of a leave)."""

    number: str
    title: str
    state: str
    on: str
    rev: int
    next: str
    late: str
    is_open: bool
    verbs: tuple[tuple[str, str, str, bool], ...]
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A half-filled form: how many of its questions have an answer."""

    slug: str
    title: str
    done: int
    count: int


@dataclass(frozen=True, slots=True)
class Mine:
    """Everything of one person. after: the number from which the next page of closed ones begins, "" for none."""

    name: str
    open: tuple[Matter, ...]
    closed: tuple[Matter, ...]
    count_closed: int
    after: str
    begun: tuple[Begun, ...]
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened: when, what, and the words said with it; mine: whether the reader said them."""

    at: str
    line: str
    words: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """One matter, whole: what was handed in, its line of progress, everything said, its files, and a page of its own.
    older: the revision before which more happened, 0 for nothing. owes: what is still to be shown for it, "" for nothing.
    why: why it was refused, by which rule, and who is next above; () for what was not."""

    matter: Matter
    opened: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    marks: tuple[Mark, ...]
    events: tuple[Told, ...]
    files: tuple[Upload, ...]
    link: Link | None = None
    older: int = 0
    is_newest: bool = True
    owes: str = ""
    why: tuple[str, ...] = ()


def mine(turn: Turn, after: str = "") -> Mine:
    """The reader's matters, open ones first, each list with the newest on top. after: the number of the last closed one
    that was shown; one that is not the reader's own begins at the top."""
    own = (
        select(Ticket).where(turn.own(), Ticket.private.is_(False)).order_by(Ticket.opened_at.desc(), Ticket.id.desc())
    )
    open_ = list(turn.session.execute(own.where(Ticket.status.in_(OPEN)).limit(MOST_OPEN)).scalars())
    over = own.where(Ticket.status.not_in(OPEN))
    count = turn.session.execute(select(func.count()).select_from(over.order_by(None).subquery())).scalar_one()
    last = turn.session.execute(over.where(Ticket.number == after)).scalar() if after else None
    if last is not None:
        earlier = (Ticket.opened_at < last.opened_at) | ((Ticket.opened_at == last.opened_at) & (Ticket.id < last.id))
        over = over.where(earlier)
    closed = list(turn.session.execute(over.limit(PAGE + 1)).scalars())
    return Mine(
        name=cards.who(turn, turn.person.id) if turn.person else "",
        open=tuple(replace(_matter(turn, ticket), link=_link(turn, ticket)) for ticket in open_),
        closed=tuple(_matter(turn, ticket) for ticket in closed[:PAGE]), count_closed=count,
        after=closed[PAGE - 1].number if len(closed) > PAGE else "", begun=begun(turn), channels=_channels(turn),
    )  # fmt: skip


def receipt(turn: Turn, number: str, before: int = 0) -> Receipt | None:
    """One matter by its number; None for one that is not there and for another's. before: the revision before which its
    events are shown, 0 for the newest."""
    ticket = turn.session.execute(select(Ticket).where(turn.own(), Ticket.number == number)).scalar()
    if ticket is None:
        return None
    course = stretch.of(turn, ticket, before)
    zone, item = turn.school.zone, cards.item_of(turn, ticket)
    answers = listed_names.named(turn, item, cards.answers_of(turn, ticket), staff=False, whole=True)
    facts = tuple(
        (field.label(turn.lang), wording.answer(field, answers[field.key], turn.lang, zone, turn.today))
        for field in item.fields
        if answers.get(field.key) is not None
    )
    statement = select(Attachment).where(Attachment.ticket_id == ticket.id).order_by(Attachment.at, Attachment.id)
    files = (Upload(row.id, row.name, row.kind, row.size) for row in turn.session.execute(statement).scalars())
    return Receipt(
        matter=_matter(turn, ticket), opened=wording.moment(ticket.opened_at, turn.lang, zone, turn.today), facts=facts,
        lines=(*turn.school.catalogue.service(ticket.service).lines(turn.lang, ticket.answers), *recusals.lines(turn, ticket)),
        marks=cards.card(turn, ticket, staff=False).marks,
        events=_events(turn, ticket, course), files=tuple(files), older=course.older, is_newest=course.is_newest,
        link=_link(turn, ticket), owes=owing.line(turn, ticket),
        why=_why(turn, ticket),
    )  # fmt: skip


def _link(turn: Turn, ticket: Ticket) -> Link | None:
    return turn.school.catalogue.service(ticket.service).link(turn, ticket)


def _why(turn: Turn, ticket: Ticket) -> tuple[str, ...]:
    """Why a matter was refused in the end, in the words of whoever did, with the rule and the way up."""
    event = refusals.last(turn, ticket)
    if event is None:
        return ()
    words, by = notices.words_of(turn, event), cards.who(turn, event.by_id) or turn.say("notice.bot")
    said = (turn.say("me.why_refused", name=by, words=words),) if words else ()
    more = refusals.standing(turn, ticket)
    return (*said, *(more.split("\n") if more else ()))


def begun(turn: Turn) -> tuple[Begun, ...]:
    """The forms that the reader has half filled in, here or in chat."""
    if turn.account is None and turn.person is None:
        return ()
    items = turn.school.catalogue.items
    found = []
    for draft in talks.peek(turn).drafts:
        item = items.get(draft.service)
        if item is not None and not item.hidden:
            done = sum(draft.answers.get(field.key) is not None for field in item.fields)
            found.append(Begun(item.slug, item.title.to(turn.lang), done, len(item.fields)))
    return tuple(found)


def _matter(turn: Turn, ticket: Ticket) -> Matter:
    next_, late = _next(turn, ticket)
    verbs = tuple(
        (verb, doing.label(turn, ticket, verb), style, doing.needs_words(verb))
        for verb, style in doing.verbs(turn, ticket)
    )
    on = wording.day(ticket.opened_at.astimezone(turn.school.zone).date(), turn.lang, turn.today)
    return Matter(
        number=ticket.number, title=cards.item_of(turn, ticket).title.to(turn.lang), state=cards.state(turn, ticket),
        on=on, rev=ticket.rev, next=next_, late=late, is_open=ticket.is_open, verbs=verbs,
    )  # fmt: skip


def _next(turn: Turn, ticket: Ticket) -> tuple[str, str]:
    """What happens next, by whom and by when; and how long that is overdue, "" where it is not."""
    name = cards.who(turn, ticket.assignee_id) or turn.say("card.nobody")
    zone = turn.school.zone
    if ticket.status == Status.waiting and ticket.back_at is not None:
        at = wording.owed(ticket.back_at, turn.now, turn.lang, zone)
        late = turn.now - ticket.back_at
        early = turn.school.catalogue.service(ticket.service).withdrawing(turn, ticket)
        said = turn.say("me.next_leave" if early else "me.next_back", at=at)
        return said, lists.lasting(turn, late) if late.total_seconds() > 0 else ""
    if ticket.status == Status.waiting:
        newest = (
            select(Event).where(Event.ticket_id == ticket.id, Event.kind == "asked").order_by(Event.rev.desc()).limit(1)
        )
        asked = turn.session.execute(newest).scalar()
        words = notices.words_of(turn, asked) if asked is not None else ""
        return turn.say("me.next_fill_words" if words else "me.next_fill", name=name, words=words), ""
    if ticket.status == Status.resolved and ticket.resolution == Resolution.answered:
        return turn.say("me.next_resolved", name=name), ""
    due = limits.promised(turn, ticket) if ticket.is_open else None
    if due is None:
        return turn.say("me.next_open" if ticket.is_open else "me.next_closed", name=name), ""
    at = wording.soon(due, turn.now, turn.lang, zone)
    if ticket.assignee_id is None:
        return turn.say("me.next_unheld", at=at), lists.lasting(turn, turn.now - due) if due < turn.now else ""
    if due < turn.now:
        return turn.say("me.next_late", name=name, at=at), lists.lasting(turn, turn.now - due)
    return turn.say("me.next_due", name=name, at=at), ""


def _events(turn: Turn, ticket: Ticket, course: Stretch) -> tuple[Told, ...]:
    """What happened in a stretch, oldest first, but for what is for staff alone."""
    found = []
    for event, to in told_order.of(turn, course.events):
        if event.audience == "staff":
            continue
        # What was said before anybody was bound has no name, and is the reader's own all the same.
        mine_ = event.by_id == ticket.requester_id if event.by_id is not None else event.kind in SAID
        by = turn.say("me.you") if mine_ else cards.who(turn, event.by_id) or turn.say("notice.bot")
        line = corrections.line(turn, ticket, event, by, to, course.gone)
        at = wording.moment(event.at, turn.lang, turn.school.zone, turn.today)
        words = corrections.words_read(turn, event, staff=False)
        found.append(Told(at, line, words, mine_))
    return tuple(found)


def _channels(turn: Turn) -> tuple[str, ...]:
    """Where the reader may write to the bot: the channels of all bound accounts."""
    if turn.person is None:
        return ()
    statement = select(Account.channel).where(Account.person_id == turn.person.id).distinct().order_by(Account.channel)
    return tuple(binding.channel_name(turn, channel).strip() for channel in turn.session.execute(statement).scalars())
