"""What the rules of an item do by themselves (自动规则): planned first, then done, and written down as done by the rule.

A rule does what staff may do, and no more: nobody gets a ticket, or hears of it, who is kept out, away or out of reach.
What a rule does starts no rule (rules.ACTING), so there is no chain and no loop: one deep, whatever the rules say.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import delete, select

from handlers import access, cards, checklists, collisions, directory, limits, receivers, recusals, rules, tags, wording
from handlers.tickets import checking
from handlers.tickets.climbing import above
from handlers.tickets.duplicates import tell_on
from handlers.tickets.record import record, write_out
from handlers.tickets.tagging import insert, put
from handlers.turn import Turn
from models.checklist import Checklist
from models.correction import Before
from models.grid import Grid
from models.item import Item
from models.message import Refused
from models.person import Person
from models.rules import Rule, To
from models.shape import Words
from models.sorting import Tag
from models.ticket import Event, Resolution, Status, Ticket
from models.timed import RULE, cause_of, told_key, told_until

STEPS: Final = frozenset({"rule", "warn"})  # kinds of steps that belong to rules


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a rule is about to do. kind: a key of Then. words: tags, a level, words. to, office: whom it means.
    why: the reason why it is not done, in words, "" where it is."""

    kind: str
    words: str = ""
    to: Person | None = None
    office: Grid | None = None
    why: str = ""


def follow(turn: Turn, ticket: Ticket, event: Event) -> None:
    """Something happened to a ticket whose item has rules: do what those say that wait for it and whose conditions hold.

    Conditions are looked at before any of them acts, so that their order decides nothing but who gives the ticket first.
    """
    acting = [rule for rule in rules.of(turn, ticket) if rule.starts_with(event.kind, event.key)]
    held = [rule for rule in acting if rules.holds(turn, ticket, rule)]
    for rule in held:
        _act(turn, ticket, rule, f"{RULE}:{rule.name}:{event.rev}")


def begin(turn: Turn, ticket: Ticket, item: Item, answers: dict[str, Any], kind: str) -> None:
    """What its item gives a new ticket once all of its opening is written: tags by the answers (`[[tag]]`), then what the
    rules say that wait for the opening. kind: of its first event."""
    seasons = turn.school.seasons
    fit = [each.name for each in item.tag if each.when is None or each.when.holds(answers, seasons)]
    if fit:
        put(turn, ticket, tuple(dict.fromkeys(fit))[: tags.MOST], None)
    if item.checklist:
        checking.begin(turn, ticket, item, answers)
    if not item.when:
        return
    held = [rule for rule in item.when if rule.starts_with(kind, "") and rules.holds(turn, ticket, rule)]
    for rule in held:
        _act(turn, ticket, rule, f"{RULE}:{rule.name}:{kind}")


def come_due(turn: Turn, ticket: Ticket) -> None:
    """Do what rules by time say that are due: one after another, each looked at once more before it acts.

    Each leaves an event that makes it due no more, so this ends.
    """
    while (step := next((each for each in limits.due_steps(turn, ticket) if each.kind in STEPS), None)) is not None:
        rule = rules.named(turn, ticket, step.key.split(":")[1])
        if rule is None:
            raise AssertionError(step.key)
        write_out(turn)  # Whoever is asked for next is asked of the database.
        if step.kind == "warn":
            _warn(turn, ticket, rule, step.key)
        else:
            _act(turn, ticket, rule, step.key)
    write_out(turn)


def _warn(turn: Turn, ticket: Ticket, rule: Rule, key: str) -> None:
    """Tell the student that the matter ends unless what was asked for comes; so long before it as the rule says."""
    _, warn = rule.limits()
    if warn is None:
        raise AssertionError(rule.name)
    asked = turn.session.get(Person, ticket.requester_id) if ticket.requester_id else None
    ends_at = limits.clock_of(turn, ticket).awake(limits.moved(turn, ticket, warn))
    told = told_until(limits.marks(turn, ticket), cause_of(key))  # By a rule that was called otherwise then.
    ends_at = max(ends_at, told) if told is not None else ends_at
    lang = (asked.lang if asked is not None else "") or "zh"
    words = wording.moment(ends_at, lang, turn.school.zone, turn.today)
    with _acting(turn, rule):
        record(replace(turn, person=None, account=None), ticket, "rule_warned", key=told_key(key, ends_at), words=words)


def _act(turn: Turn, ticket: Ticket, rule: Rule, key: str) -> None:
    """Plan, write down what is going to be done and what cannot be, and do it."""
    there = replace(turn, person=None, account=None, lang="zh")
    acts = list(plan(there, ticket, rule))
    words = there.say("rules.done", name=rule.name, acts=said(there, acts))
    with _acting(turn, rule):
        record(there, ticket, "automated", key=key, words=words, audience="staff")
        for act in acts:
            if not act.why:
                _do(there, ticket, rule, act)


@contextmanager
def _acting(turn: Turn, rule: Rule) -> Iterator[None]:
    """Within this, what is recorded starts no rule."""
    turn.session.info[rules.ACTING] = rule.name
    try:
        yield
    finally:
        turn.session.info.pop(rules.ACTING)


def said(turn: Turn, acts: list[Act], *, trial: bool = False) -> str:
    """What a rule does, in one line; what it cannot do with the reason. trial: nothing was tried, it is told beforehand."""
    stays = "rules.would_not" if trial else "rules.not_done"
    lines = []
    for act in acts:
        name = directory.name_of(act.to, turn.lang) if act.to is not None else ""
        line = turn.say(f"rules.act_{act.kind}", words=act.words, to=name)
        lines.append(turn.say(stays, act=line, why=act.why) if act.why else line)
    return turn.say("rules.and").join(lines) or turn.say("rules.nothing")


def plan(turn: Turn, ticket: Ticket, rule: Rule) -> Iterator[Act]:
    """What a rule would do to a ticket as it stands, in the order in which it does it; nothing is changed."""
    item, then = cards.item_of(turn, ticket), rule.then
    there = tags.of(turn, [ticket.id]).get(ticket.id, ()) if then.tag or then.untag else ()
    fresh = [name for name in dict.fromkeys(then.tag) if name not in there][: max(0, tags.MOST - len(there))]
    gone = [name for name in dict.fromkeys(then.untag) if name in there]
    if fresh:
        yield Act("tag", tags.listed(fresh))
    if gone:
        yield Act("untag", tags.listed(gone))
    if then.priority and ticket.is_open and then.priority != (ticket.priority or "normal"):
        yield Act("priority", turn.say(f"priority.{then.priority}"))
    if then.checklist and ticket.is_open and checking.may_lay(turn, ticket, _checklist(item, then.checklist)):
        yield Act("checklist", then.checklist)
    if then.note is not None:
        yield Act("note", then.note.to(turn.lang))
    if then.give is not None and ticket.is_open:
        yield from _given(turn, ticket, item, then.give)
    for to in then.tell:
        yield _told(turn, ticket, item, to)
    if then.end:
        yield Act(then.end, why=_stays(turn, ticket, item, then.end))


def _given(turn: Turn, ticket: Ticket, item: Item, to: To) -> Iterator[Act]:
    """To whom it would be given; nothing where they have it already."""
    if cards.pending(turn, ticket) is not None or ticket.back_at is not None:
        yield Act("give", _named(turn, to), why=turn.say("rules.why_signature"))
        return
    try:
        person, office = _meant(turn, ticket, item, to)
        refused = receivers.barred(turn, ticket, person) if person is not None else None
    except Refused as error:
        person, office, refused = None, None, error
    if refused is not None:
        yield Act("give", _named(turn, to), why=turn.say(refused.key, **refused.values))
    elif person is None:
        yield Act("give", _named(turn, to), why=turn.say("rules.why_nobody"))
    elif person.id != ticket.assignee_id:
        yield Act("give", to=person, office=office)


def _told(turn: Turn, ticket: Ticket, item: Item, to: To) -> Act:
    """Who would be told: only whoever may see the ticket, since a notice opens nothing."""
    try:
        person, _ = _meant(turn, ticket, item, to)
    except Refused as error:
        return Act("tell", _named(turn, to), why=turn.say(error.key, **error.values))
    if person is None:
        return Act("tell", _named(turn, to), why=turn.say("rules.why_nobody"))
    if not access.may_act(turn.session, person, ticket, turn.now):
        return Act("tell", _named(turn, to), why=turn.say("rules.why_sees", name=directory.name_of(person, turn.lang)))
    return Act("tell", to=person)


def _meant(turn: Turn, ticket: Ticket, item: Item, to: To) -> tuple[Person | None, Grid | None]:
    """Whom a rule means now, and the office that they take it for. Raises Refused where an office has nobody."""
    if to.office:
        found = turn.session.execute(select(Grid).where(Grid.tree == "office", Grid.code == to.office)).scalar()
        if found is None:
            raise Refused("rules.why_office", code=to.office)
        has = turn.session.get(Person, ticket.assignee_id) if ticket.assignee_id is not None else None
        if has is not None and found.path in access.paths_of(turn.session, has, turn.now):
            return has, found
        return receivers.officer_of(turn, ticket, found), found
    if to.role:
        path, kept = ticket.handed_path or ticket.path, recusals.of(turn, ticket)
        return directory.responsible_for(
            turn.session, path, to.role, turn.now, ticket.requester_id, queue=True, about=kept
        ), None  # fmt: skip
    if to.who == "lead":
        return next(iter(above(turn, ticket)), None), None
    part = ticket.owner_id if to.who == "owner" else ticket.assignee_id
    return (turn.session.get(Person, part) if part else None), None


def _named(turn: Turn, to: To) -> str:
    if to.office:
        path = directory.office_path(turn.session, to.office)
        return directory.grid_name(turn.session, path, turn.lang) if path is not None else to.office
    return wording.role(to.role, turn.lang) if to.role else turn.say(f"rules.who_{to.who}")


def _checklist(item: Item, name: str) -> Checklist | None:
    return next((each for each in item.checklist if each.name == name), None)


def _stays(turn: Turn, ticket: Ticket, item: Item, end: str) -> str:
    """Why a matter is not ended by a rule, "" where it may be."""
    if end == "resolve" and item.checklist and checklists.left(turn, ticket):
        return turn.say("rules.why_checklist")
    if ticket.status != Status.waiting or ticket.back_at is not None:
        return turn.say("rules.why_not_waiting")
    return turn.say("rules.why_signature") if cards.pending(turn, ticket) is not None else ""


def _do(turn: Turn, ticket: Ticket, rule: Rule, act: Act) -> None:
    if act.kind == "tag":
        insert(turn, ticket, tags.read(act.words), None)
    elif act.kind == "untag":
        turn.session.execute(delete(Tag).where(Tag.ticket_id == ticket.id, Tag.name.in_(tags.read(act.words))))
    elif act.kind == "priority" and rule.then.priority:
        ticket.priority = rule.then.priority
        record(turn, ticket, "prioritised", audience="staff", key=f"{collisions.BY_RULE}priority:{ticket.priority}")
    elif act.kind == "checklist":
        found = _checklist(cards.item_of(turn, ticket), act.words)
        if found is not None:
            checking.lay(turn, ticket, found)
    elif act.kind == "note":
        record(turn, ticket, "noted", words=act.words, audience="staff", key=f"{collisions.BY_RULE}note")
    elif act.kind == "give" and act.to is not None:
        _give(turn, ticket, rule, act.to, act.office)
    elif act.kind == "tell":
        words = turn.say("rules.reason", name=rule.name)
        record(turn, ticket, "rule_told", to=act.to, words=words, audience="staff", key=f"{collisions.BY_RULE}tell")
    elif act.kind in ("close", "resolve"):
        _end(turn, ticket, act.kind, rule.then.words)


def _give(turn: Turn, ticket: Ticket, rule: Rule, person: Person, office: Grid | None) -> None:
    """As a transfer of staff's, or of what nobody has a giving out: history, limits and owner stay."""
    had = ticket.assignee_id is not None
    was = Before(Status(ticket.status), ticket.assignee_id, ticket.owner_id is not None).key
    ticket.assignee_id = person.id
    if office is not None:
        ticket.handed_path = None if ticket.path.startswith(office.path) else office.path
    else:
        ticket.handed_path = receivers.area_of(turn, ticket, person)
    ticket.owner_id = ticket.owner_id or person.id
    reason = turn.say("rules.reason", name=rule.name)
    record(turn, ticket, "transferred" if had else "assigned", to=person, words=reason, key=was)


def _end(turn: Turn, ticket: Ticket, kind: str, words: Words | None) -> None:
    """End what the student never answered: closed for good, or as answered, which the student may open again."""
    said_ = words.zh if words is not None else turn.say(f"rules.{kind}_words")
    if kind == "close":
        record(turn, ticket, "closed", words=said_, move=Status.closed, resolution=Resolution.expired)
        turn.school.catalogue.service(ticket.service).closed(turn, ticket)
    else:
        record(turn, ticket, "resolved", words=said_, move=Status.resolved, resolution=Resolution.answered)
    tell_on(turn, ticket, said_)
