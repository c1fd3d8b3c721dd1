"""Which rules (自动规则) an item has, and which of them hold for a ticket: conditions on answers, priority, tags and place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, select

from models.db import plain
from models.item import Item
from models.limits import Limits, Timed
from models.person import Person
from models.rules import Only, Rule
from models.sorting import Tag
from models.ticket import Ticket

if TYPE_CHECKING:
    from handlers.turn import Turn

ACTING: Final = "ruling"  # in the session's info while a rule acts: what a rule does starts no rule
TOGETHER: Final = "rule_told"  # the one kind of a rule's notices of which several are told in one message
_TAGS: Final = select(Tag.name).where(Tag.ticket_id == bindparam("ticket"))


def of(turn: Turn, ticket: Ticket) -> tuple[Rule, ...]:
    """The rules in force for a ticket: those that its item has now, as far as they fit the form under which it was opened.

    What is switched on or off counts at once, for what is open, too. An item that is in service no more keeps its rules.
    """
    catalogue = turn.school.catalogue
    own, today = catalogue.item(turn.session, ticket.service, ticket.version), catalogue.items.get(ticket.service)
    if today is None or today is own:
        return own.when
    derived = catalogue.service(ticket.service).derived
    return tuple(rule for rule in today.when if rule in own.when or fits(own, rule, derived))


def named(turn: Turn, ticket: Ticket, name: str) -> Rule | None:
    """The rule of a name that is in force for a ticket, None where there is none."""
    return next((rule for rule in of(turn, ticket) if rule.name == name), None)


def tags_of(turn: Turn, ticket: Ticket) -> frozenset[str]:
    """The tags of a ticket as rules ask for them."""
    return frozenset(plain(turn.session).execute(_TAGS, {"ticket": ticket.id}).scalars())


def unmet(turn: Turn, ticket: Ticket, only: Only, tags: Callable[[], frozenset[str]]) -> str:
    """Which of the conditions does not hold ("answers", "priority", "area", "tags", "without"); "" where all do."""
    if only.answers is not None and not only.answers.holds(ticket.answers, turn.school.seasons):
        return "answers"
    if only.priority and (ticket.priority or "normal") not in only.priority:
        return "priority"
    if only.area and not _stands_in(turn, ticket, only.area):
        return "area"
    if only.tags and not set(only.tags) <= tags():
        return "tags"
    return "without" if only.without and set(only.without) & tags() else ""


def _stands_in(turn: Turn, ticket: Ticket, codes: Sequence[str]) -> bool:
    """Whether the ticket stands in one of some areas, or is worked on there, or whoever asked for it lives or studies there."""
    asked = turn.session.get(Person, ticket.requester_id) if ticket.requester_id is not None else None
    theirs = (asked.academic_path, asked.residential_path) if asked is not None else ()
    paths = (ticket.path, ticket.handed_path, *theirs)
    return any(code in path.strip("/").split("/") for path in paths if path for code in codes)


def holds(turn: Turn, ticket: Ticket, rule: Rule) -> bool:
    """Whether all conditions of a rule hold now."""
    return not unmet(turn, ticket, rule.only, lambda: tags_of(turn, ticket))


def by_time(turn: Turn, ticket: Ticket) -> tuple[Timed, ...]:
    """The rules that act by time and whose conditions hold, tags aside (`sift`): nobody is asked for what nobody has.

    One that came while the ticket was open says since when it is in force: what was due before that is left alone.
    """
    found = []
    for rule in of(turn, ticket):
        timed = rule.timed()
        if timed is None or (timed.on == "unowned" and ticket.assignee_id is not None):
            continue
        if not unmet(turn, ticket, replace_tags(rule.only), frozenset):
            since = turn.school.catalogue.ruled_since.get((ticket.service, rule.name))
            later = since is not None and since > ticket.opened_at
            found.append(replace(timed, since=since) if later else timed)
    return tuple(found)


def replace_tags(only: Only) -> Only:
    """The same conditions but for the tags, which have to be read first."""
    return only.model_copy(update={"tags": (), "without": ()}) if only.tags or only.without else only


def sift(turn: Turn, ticket: Ticket, limits: Limits) -> Limits:
    """Limits with those rules only whose conditions hold by the ticket's tags, too; they are read where one asks for them."""
    if not any(timed.tags for timed in limits.timed):
        return limits
    there = tags_of(turn, ticket)
    kept = []
    for timed in limits.timed:
        rule = named(turn, ticket, timed.name)
        if rule is not None and set(rule.only.tags) <= there and not set(rule.only.without) & there:
            kept.append(timed)
    return replace(limits, timed=tuple(kept))


def spread(item: Item, rules: Sequence[Rule]) -> Item:
    """An item with those of the school's rules that fit it, after its own; a rule of its own keeps its name.

    As a part of the item they are kept with its version; what is open follows those of today (`of`).
    """
    own = {rule.name for rule in item.when}
    fit = [rule.model_copy(update={"items": ()}) for rule in rules if rule.name not in own and fits(item, rule)]
    return item.model_copy(update={"when": (*item.when, *fit)}) if fit else item


def fits(item: Item, rule: Rule, derived: Collection[str] = ()) -> bool:
    """Whether a rule of the school holds for an item: named or for all, with the fields that it asks for in the clear, and
    doing nothing that the item's own rules may not. derived: answers that no field asks for, which the item's code adds."""
    if item.urgent or (rule.items and item.slug not in rule.items):
        return False
    asked = rule.only.answers.fields() if rule.only.answers is not None else ()
    plainly = (key for key in asked if key not in derived)
    if any((field := item.field(key)) is None or field.sensitive or item.sensitive for key in plainly):
        return False
    if rule.then.checklist and all(each.name != rule.then.checklist for each in item.checklist):
        return False
    if rule.target and getattr(item.limits, rule.target) is None:
        return False
    return not (item.approval and (rule.then.give or rule.then.end))
