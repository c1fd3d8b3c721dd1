"""The rules in force (自动规则), in plain words: of every item for whoever leads, and of what they answer or sign for other staff."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import or_, select

from handlers import directory, powers, tags, wording
from handlers.duties import TAKES_PART_OF
from handlers.rule_answers import lasting
from handlers.texts import sentences
from handlers.turn import Turn
from models.chain import When
from models.grid import Duty, Grid
from models.item import Item
from models.message import Refused
from models.rules import Only, Rule, Then, To

_BOUNDS: Final = ("over", "at_least", "under", "at_most")


@dataclass(frozen=True, slots=True)
class Line:
    """One rule: when it acts, what must hold beside that, what it does, of which items it is where of several, and since when
    one that acts by time is in force, "" for the others."""

    name: str
    on: str
    only: tuple[str, ...]
    acts: tuple[str, ...]
    items: tuple[str, ...] = ()
    since: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The rules of one item, or those that several items have in common (title "")."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The page. count: of the rules on it. every: whether the reader sees the rules of all items."""

    groups: tuple[Group, ...]
    count: int
    every: bool


def page(turn: Turn) -> Page:
    """The rules that act now on what the speaker leads, answers or signs. Refused for whoever is not staff."""
    if turn.person is None or turn.person.kind != "staff":
        raise Refused("ticket.not_found")
    every = bool(powers.led(turn))
    having: dict[Rule, list[Item]] = {}
    for item in sorted(_items(turn, every=every), key=lambda each: (each.rank, each.slug)):
        for rule in item.when:
            having.setdefault(rule, []).append(item)
    shared: list[Line] = []
    own: dict[str, list[Line]] = {}
    for rule, items in having.items():
        line = _line(turn, rule, items)
        if len(items) > 1:
            shared.append(line)
        else:
            own.setdefault(items[0].title.to(turn.lang), []).append(line)
    groups = [Group("", tuple(shared))] if shared else []
    groups += [Group(title, tuple(lines)) for title, lines in own.items()]
    return Page(tuple(groups), len(having), every)


def _items(turn: Turn, *, every: bool) -> Iterator[Item]:
    """The items with rules that the speaker may read of: all of them, or those that one of their duties answers or signs."""
    ruled = [item for item in turn.school.catalogue.items.values() if item.when]
    if every or not ruled:
        yield from ruled
        return
    me = turn.person.id if turn.person is not None else ""
    mine = or_(Duty.person_id == me, Duty.person_id.in_(TAKES_PART_OF))
    in_force = Duty.from_at <= turn.now, or_(Duty.until_at.is_(None), Duty.until_at > turn.now)
    held = select(Duty.role, Duty.path).where(mine, *in_force).distinct()
    duties = [(role, path) for role, path in turn.session.execute(held, {"person": me, "now": turn.now})]
    rows = turn.session.execute(select(Grid.code, Grid.path).where(Grid.tree == "office")).all()
    offices = {row.code: row.path for row in rows}
    for item in ruled:
        place = offices.get(item.office, "") if item.tree == "office" else ""
        signs = {each.role for each in item.approval}
        if any(
            role in signs or (role == item.answers_by and place.startswith(path if place else ""))
            for role, path in duties
        ):
            yield item


def _line(turn: Turn, rule: Rule, items: list[Item]) -> Line:
    titles = tuple(item.title.to(turn.lang) for item in items) if len(items) > 1 else ()
    known = turn.school.catalogue.ruled_since
    came = [known[item.slug, rule.name] for item in items if (item.slug, rule.name) in known]
    since = wording.moment(min(came), turn.lang, turn.school.zone, turn.today) if came else ""
    only, acts = tuple(_only(turn, rule.only, items[0])), tuple(_acts(turn, rule.then))
    return Line(rule.name, _on(turn, rule), only, acts, titles, since)


def _on(turn: Turn, rule: Rule) -> str:
    """When it acts: what happens, or how long after what."""
    after, warn = rule.limits()
    if after is None:
        key = "rated_stars" if rule.stars is not None else rule.on
        return turn.say(f"rules_page.on_{key}", stars=rule.stars or "")
    values = {"after": lasting(turn, after), "target": turn.say(f"rules_page.target_{rule.target or 'any'}")}
    said = turn.say(f"rules_page.on_{rule.on}" if after.seconds else "rules_page.on_overdue_at_once", **values)
    return said + turn.say("rules_page.warned", warn=lasting(turn, warn)) if warn is not None else said


def _only(turn: Turn, only: Only, item: Item) -> Iterator[str]:
    """What must hold beside that, each in words."""
    if only.answers is not None:
        yield condition(turn, item, only.answers)
    comma = turn.say("rules_page.or")
    if only.priority:
        yield turn.say(
            "rules_page.only_priority", levels=comma.join(turn.say(f"priority.{each}") for each in only.priority)
        )
    if only.tags:
        yield turn.say("rules_page.only_tags", tags=tags.listed(only.tags))
    if only.without:
        yield turn.say("rules_page.only_without", tags=tags.listed(only.without))
    if only.area:
        found = turn.session.execute(select(Grid.code, Grid.path).where(Grid.code.in_(only.area)))
        names = {code: directory.grid_name(turn.session, path, turn.lang) for code, path in found}
        yield turn.say("rules_page.only_area", names=comma.join(names.get(each, each) for each in only.area))


def condition(turn: Turn, item: Item, when: When) -> str:
    """A condition on answers in words, with the titles and labels of the item's form."""
    parts = [condition(turn, item, each) for each in when.every]
    if when.some:
        parts.append(turn.say("rules_page.either").join(condition(turn, item, each) for each in when.some))
    if when.negated is not None:
        parts.append(turn.say("rules_page.not", what=condition(turn, item, when.negated)))
    if when.field:
        field, derived = item.field(when.field), f"rules_page.field_{when.field}"
        name = turn.say(derived) if derived in sentences(turn.lang) else when.field
        label = field.label(turn.lang) if field is not None else name
        labels = {each.key: each.label.to(turn.lang) for each in field.options} if field is not None else {}
        parts += [turn.say("rules_page.answer", field=label, what=what) for what in _compared(turn, when, labels)]
    return turn.say("rules_page.and").join(parts)


def _compared(turn: Turn, when: When, labels: dict[str, str]) -> Iterator[str]:
    """What one answer is compared with."""
    comma = turn.say("rules_page.or")
    for name in ("one_of", "none_of"):
        keys = getattr(when, name)
        if keys:
            yield turn.say(f"rules_page.{name}", words=comma.join(labels.get(each, each) for each in keys))
    for name in _BOUNDS:
        number = getattr(when, name)
        if number is not None:
            yield turn.say(f"rules_page.{name}", number=wording.number(number))
    if when.season:
        keys = [f"rules_page.season_{each.replace('-', '_')}" for each in when.season]
        known = sentences(turn.lang)
        names = [turn.say(key) if key in known else each for key, each in zip(keys, when.season, strict=True)]
        yield turn.say("rules_page.season", names=comma.join(names))
    if when.since:
        yield turn.say("rules_page.between", since=when.since, until=when.until)


def _acts(turn: Turn, then: Then) -> Iterator[str]:
    """What it does, in the order in which it does it."""
    if then.tag:
        yield turn.say("rules.act_tag", words=tags.listed(then.tag))
    if then.untag:
        yield turn.say("rules.act_untag", words=tags.listed(then.untag))
    if then.priority:
        yield turn.say("rules.act_priority", words=turn.say(f"priority.{then.priority}"))
    if then.checklist:
        yield turn.say("rules.act_checklist", words=then.checklist)
    if then.note is not None:
        yield turn.say("rules_page.act_note", words=then.note.to(turn.lang))
    if then.give is not None:
        yield turn.say("rules.act_give", words=_whom(turn, then.give), to="")
    for to in then.tell:
        yield turn.say("rules.act_tell", words=_whom(turn, to), to="")
    if then.end:
        yield turn.say(f"rules.act_{then.end}")
    if then.words is not None:
        yield turn.say("rules_page.act_words", words=then.words.to(turn.lang))


def _whom(turn: Turn, to: To) -> str:
    if to.office:
        path = directory.office_path(turn.session, to.office)
        return directory.grid_name(turn.session, path, turn.lang) if path is not None else to.office
    return wording.role(to.role, turn.lang) if to.role else turn.say(f"rules.who_{to.who}")
