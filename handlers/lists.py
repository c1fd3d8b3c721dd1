"""Lists of matters, a page at a time: what waits for a member of staff, what waits for the student, one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import String, bindparam, func, or_, select

from handlers import access, cards, directory, limits, signing, wording, worklist
from handlers.turn import Turn
from handlers.worklist import MOST, Line
from models.db import plain
from models.message import Choice, Reply
from models.person import Person
from models.ticket import OPEN, Event, Status, Ticket

Replies = tuple[Reply, ...]
PAGE: Final = 8  # matters listed at once; more do not fit into one plain message of 2,048 bytes
WORDS: Final = 200  # of a question that are looked through for names

_TAIL = (
    select(Ticket)
    .where(Ticket.status.in_(OPEN), Ticket.number.endswith(bindparam("tail")), access.REACHED)
    .where(or_(Ticket.requester_id.is_(None), Ticket.requester_id != bindparam("person")))
    .limit(2)
)
_MINE = (
    select(Ticket)
    .where(Ticket.requester_id == bindparam("person"), Ticket.private.is_(False))
    .order_by(Ticket.status.in_(OPEN).desc(), Ticket.opened_at.desc())
    .limit(PAGE)
    .offset(bindparam("start"))
)
# The words of a question hold the name of whoever asked for the matter.
_NAMED = (
    select(Ticket)
    .join(Person, Person.id == Ticket.requester_id)
    .where(access.REACHED, func.length(Person.name) > 1, Person.id != bindparam("person"))
    .where(bindparam("words", type_=String).contains(Person.name))
    .order_by(Ticket.status.in_(OPEN).desc(), Ticket.opened_at.desc())
    .limit(MOST)
)
_BEGINS = (
    select(Person.id, Person.name)
    .where(Person.kind == "student", func.length(Person.name) > 1)
    .where(func.substr(bindparam("words", type_=String), 1, func.length(Person.name)) == Person.name)
    .limit(20)
)
_REMINDED = select(Event.ticket_id).distinct().where(
    Event.ticket_id.in_(bindparam("tickets", expanding=True)), Event.kind.in_(("reminded", "escalated"))
)  # fmt: skip
_COUNT = select(func.count()).where(Ticket.requester_id == bindparam("person"), Ticket.private.is_(False))


def lasting(turn: Turn, late: timedelta) -> str:
    """How long something is overdue, in its largest whole unit: 35分钟, 2小时, 3天."""
    minutes = max(1, int(late.total_seconds()) // 60)
    if minutes < 60:
        return turn.say("lists.minutes", count=minutes)
    if minutes < 48 * 60:
        return turn.say("lists.hours", count=minutes // 60)
    return turn.say("lists.days", count=minutes // (24 * 60))


def waiting(turn: Turn, start: int = 0, none: str = "staff.nothing_waits") -> Reply:
    """What waits for the speaker (待办), and in a line of its own how much waits for students. none: the key of the
    heading where nothing waits."""
    found = worklist.lines(turn)
    todo = [line for line in found if worklist.owed(turn, line)]
    others = len(found) - len(todo)
    choice = Choice(label=turn.say("lists.theirs_way"), send="w:theirs:0", words=turn.say("lists.theirs_way"))
    ways = (choice,) if others else ()
    said = turn.say("lists.theirs_too", count=others) if others else ""
    if not todo:
        head = turn.say(none)
        return Reply(text=f"{head}\n{said}" if said else head, choices=ways)
    head = turn.say("staff.waiting", count=len(todo))
    return _page(turn, head, todo, start, ("waiting", "show"), said, ways)


def held(turn: Turn, start: int = 0) -> Reply:
    """What the speaker has in hand (/mine): taken or given to him, and owed."""
    return _half(turn, start, "held")


def queue(turn: Turn, start: int = 0) -> Reply:
    """What nobody has taken yet, or waits for the speaker to decide or accept (/queue)."""
    return _half(turn, start, "queue")


def _half(turn: Turn, start: int, name: str) -> Reply:
    """One half of what waits, and in a line of its own how much there is in the other."""
    found = worklist.lines(turn)
    todo = [line for line in found if worklist.owed(turn, line)]
    new = [line for line in todo if line.status == Status.new or line.assignee_id is None]
    shown = new if name == "queue" else [line for line in todo if line not in new]
    others = len(todo) - len(shown)
    word = turn.say(f"lists.not_{name}_way")
    ways = (Choice(label=word, send=f"w:{'held' if name == 'queue' else 'queue'}:0", words=word),) if others else ()
    said = turn.say(f"lists.not_{name}", count=others) if others else ""
    if not shown:
        head = turn.say(f"lists.{name}_none")
        return Reply(text=f"{head}\n{said}" if said else head, choices=ways)
    return _page(turn, turn.say(f"lists.{name}", count=len(shown)), shown, start, (name, "show"), said, ways)


def theirs(turn: Turn, start: int = 0) -> Reply:
    """What of the speaker's work waits for students: asked for more, or on leave until they return."""
    found = worklist.lines(turn)
    asked = [line for line in found if not worklist.owed(turn, line)]
    if not asked:
        return Reply(text=turn.say("lists.theirs_none"))
    return _page(turn, turn.say("lists.theirs", count=len(asked)), asked, start, ("theirs", "show"))


def named_first(turn: Turn, words: str) -> tuple[frozenset[str], str]:
    """The ids of the students whose name begins the words, and that name; nobody and "" where none does."""
    if len(words) < 2:
        return frozenset(), ""
    found = turn.session.execute(_BEGINS, {"words": words[:WORDS]}).all()
    name = max((row.name for row in found), key=len, default="")
    return frozenset(row.id for row in found if row.name == name), name


def fitting(
    turn: Turn, verb: str, start: int = 0, *, every: bool = False, whom: frozenset[str] = frozenset(), name: str = ""
) -> Reply:  # fmt: skip
    """The open matters that a verb fits, as buttons that do it. every: it was said of all at once, which is never done.
    whom, name: only those of these requesters, who are called so."""
    found = worklist.lines(turn)
    able = [
        ticket for ticket in worklist.tickets(turn, found)
        if verb == "show" or _fits(turn, ticket, verb)
    ]  # fmt: skip
    picked = {ticket.id for ticket in able if not whom or ticket.requester_id in whom}
    fit = [line for line in found if line.id in picked]
    fit.sort(key=lambda line: not worklist.owed(turn, line))
    said = turn.say(f"verb.{verb}")
    if not fit and whom:
        return Reply(text=turn.say("loose.none_fits_whom", verb=said, name=name))
    if not fit:
        return Reply(text=turn.say("lists.none_fits", verb=said))
    key = "lists.one_by_one" if every else "staff.which_show" if verb == "show" else "staff.which"
    head = turn.say(key, count=len(fit), verb=said)
    return _page(turn, head, fit, start, (f"pick:{verb}", verb))


def _fits(turn: Turn, ticket: Ticket, verb: str) -> bool:
    """Whether a card offers a verb to the speaker; 转签, which stands on none, of a signature of one's own."""
    if verb == "delegate" and turn.person is not None:
        owed, me = signing.owed(turn, ticket, turn.person), turn.person
        return owed is not None and signing.may_sign(turn, ticket, owed, me) and signing.is_own(turn, ticket, owed, me)
    return verb in (*cards.staff_verbs(turn, ticket, turn.person), *cards.more_verbs(turn, ticket, turn.person))


def _page(
    turn: Turn, head: str, found: Sequence[Line], start: int, way: tuple[str, str], said: str = "", ways: tuple[Choice, ...] = (),
) -> Reply:  # fmt: skip
    """One page of a list of staff's. way: the list's own name in buttons, and the verb that its lines offer."""
    name, verb = way
    start = start if 0 <= start < len(found) else 0
    shown = found[start : start + PAGE]
    lines, choices = _drawn(turn, worklist.tickets(turn, shown), {line.id: line.until for line in shown}, verb)
    if len(found) > PAGE:
        lines.append(_place(turn, start, len(shown), len(found)))
    lines += [said] if said else []
    more = _next(turn, name, start + PAGE) if start + PAGE < len(found) else ()
    return Reply(text="\n".join([head, *lines]), choices=(*choices, *more, *ways))


def _drawn(
    turn: Turn, shown: Sequence[Ticket], until: Mapping[str, datetime | None], verb: str
) -> tuple[list[str], list[Choice]]:
    """A line and a button of each matter for whoever works on it; by when each is owed."""
    directory.meet(turn.session, [ticket.requester_id for ticket in shown])
    signing.read_ahead(turn, [ticket for ticket in shown if cards.is_signed_by_several(turn, ticket)])
    lines: list[str] = []
    choices: list[Choice] = []
    for ticket in shown:
        title = cards.item_of(turn, ticket).title.to(turn.lang)
        at = until[ticket.id]
        state = cards.state(turn, ticket, staff=True)
        if at is not None and at < turn.now:
            key = "lists.not_back" if ticket.back_at is not None else "lists.overdue"
            state = turn.say(key, state=state, late=lasting(turn, turn.now - at))
        lines.append(turn.say("staff.line", names=cards.names(turn, ticket), title=title, state=state))
        # The label names student, number and dates, so that nothing is decided by a number alone.
        label = turn.say("staff.pick", verb=turn.say(f"verb.{verb}"), number=ticket.number,
                         name="" if cards.withheld(turn, ticket) else cards.student(turn, ticket)).strip()  # fmt: skip
        dates = cards.dates(turn, ticket) if verb != "show" else ""
        label = turn.say("lists.dated", label=label, dates=dates) if dates else label
        choices.append(Choice(label=label, send=f"t:{ticket.id}:{verb}:{ticket.rev}"))
    return lines, choices


def _place(turn: Turn, start: int, shown: int, count: int) -> str:
    return turn.say("lists.place", first=start + 1, last=start + shown, count=count)


def _next(turn: Turn, name: str, start: int) -> tuple[Choice, ...]:
    word = turn.say("lists.next")
    return (Choice(label=word, send=f"w:{name}:{start}", words=word),)


def mine(turn: Turn, start: int, count: int) -> Reply | None:
    """The speaker's own matters, open ones first, the newest on top; None when there are none. count: `count_mine`."""
    if turn.person is None:
        return None
    start = start if 0 <= start < count else 0
    found = turn.session.execute(_MINE, {"person": turn.person.id, "start": start}).scalars().all()
    if not found:
        return None
    until = limits.promised_of(turn, [ticket for ticket in found if ticket.is_open])
    late = [each for each, due in until.items() if due is not None and due < turn.now]
    reminded = set(turn.session.execute(_REMINDED, {"tickets": late}).scalars()) if late else set()
    signing.read_ahead(turn, [ticket for ticket in found if cards.is_signed_by_several(turn, ticket)])
    lines, choices = [turn.say("mine.head", count=count)], []
    for ticket in found:
        title = cards.item_of(turn, ticket).title.to(turn.lang)
        at = wording.day(ticket.opened_at.astimezone(turn.school.zone).date(), turn.lang, turn.today)
        state, due = cards.state(turn, ticket), until.get(ticket.id)
        if due is not None and due < turn.now:
            key = "lists.answer_late_reminded" if ticket.id in reminded else "lists.answer_late"
            state = turn.say(key, state=state, late=lasting(turn, turn.now - due))
        elif due is not None:
            soon = wording.owed(due, turn.now, turn.lang, turn.school.zone)
            state = turn.say("lists.answer_by", state=state, at=soon)
        lines.append(turn.say("mine.line", number=ticket.number, title=title, state=state, at=at))
        label = turn.say("mine.see", number=ticket.number, title=title)
        choices.append(Choice(label=label, send=f"t:{ticket.id}:show:{ticket.rev}"))
    if count > PAGE:
        lines.append(_place(turn, start, len(found), count))
    more = _next(turn, "mine", start + PAGE) if start + PAGE < count else ()
    return Reply(text="\n".join(lines), choices=(*choices, *more))


def count_mine(turn: Turn) -> int:
    """How many matters the speaker ever had that a list shows."""
    if turn.person is None:
        return 0
    turn.session.flush()
    return int(plain(turn.session).execute(_COUNT, {"person": turn.person.id}).scalar_one())


def of_student(turn: Turn, words: str) -> Reply | None:
    """The matters, within the reach of a member of staff, of the students whose names stand in the words; None for none."""
    if turn.person is None or turn.person.kind != "staff":
        return None
    values = {"person": turn.person.id, "now": turn.now, "words": words[:WORDS]}
    found = turn.session.execute(_NAMED, values).scalars().all()
    if not found:
        return None
    names = turn.say("form.or").join(dict.fromkeys(cards.student(turn, ticket) for ticket in found))
    until: dict[str, datetime | None] = dict.fromkeys((ticket.id for ticket in found), None)
    until |= limits.promised_of(turn, [ticket for ticket in found if ticket.is_open])
    head = turn.say("lists.of_student", names=names, count=len(found))
    lines, choices = _drawn(turn, found[:PAGE], until, "show")
    return Reply(text="\n".join([head, *lines]), choices=tuple(choices))


def by_tail(turn: Turn, tail: str) -> Ticket | None:
    """The one open matter within the speaker's reach whose number ends so; None when none or several do."""
    if turn.person is None or not tail:
        return None
    values = {"person": turn.person.id, "now": turn.now, "tail": tail.upper()}
    found = turn.session.execute(_TAIL, values).scalars().all()
    return found[0] if len(found) == 1 else None
