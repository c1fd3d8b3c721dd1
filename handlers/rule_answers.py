"""Answers to questions about an item that are worked out from its own rules: who answers, where, by when, and what is asked.

Nothing here is typed text that could go stale: a changed rule, area or duty changes the answer with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, Final

from handlers import directory, kindred, limits, live, on_call, signers, tickets, wording
from handlers.turn import Turn
from handlers.understand.questions import aspect_of, comes_back, names_decision, names_leave
from handlers.understand.rule_words import asks_parents, tells_missed
from handlers.understand.slots import pick
from models.chain import Planned, When, plan
from models.item import Item
from models.limits import WORKDAY_SECONDS, Limit

NAMED: Final = 100.0  # the catalogue's score from which a service's name or alias stands in the words
LEAVE: Final = "leave"  # the code of items of leave
_COMING: Final = frozenset({"late", "back"})  # aspects of coming back
_DAYS_AHEAD: Final = 10  # days in which an office that is ever open opens
_DAY: Final = timedelta(days=1)


def meant(turn: Turn, words: str) -> Item | None:
    """The item whose rules a question is about: by its name, else the leave that it names in some way; None for none."""
    offered = turn.school.catalogue.offered()
    found = turn.school.catalogue.find(words, 1)
    if found and found[0][1] >= NAMED:
        return kindred.closer(found[0][0], words, offered)
    aspect = aspect_of(words)
    leave = next((item for item in offered if item.code == LEAVE), None)
    if leave is None or not aspect:
        return None
    parents = aspect == "guardian" and asks_parents(words)
    missed = aspect == "makeup" and tells_missed(words)
    if parents or missed or names_leave(words) or (aspect in _COMING and comes_back(words)):
        return leave
    kinds = leave.field("kind")
    # A kind alone (「出国要谁同意」) means the leave only where it is about deciding: 出国 is more than a leave.
    if kinds is None or not (aspect == "need" or (aspect in ("who", "guardian") and names_decision(words))):
        return None
    return leave if pick(kinds, words, loosely=False) else None


def answer(turn: Turn, item: Item, aspect: str, words: str) -> str | None:
    """The answer to what is asked about an item, and whence it is; None where its rules do not say.

    aspect: as `handlers.understand.questions.aspect_of` names it. Where the item is not live for the speaker: how it is done
    there today, and no promise of ours.
    """
    if not_here := live.elsewhere(turn, item, turn.person):
        return not_here
    said = turn.school.catalogue.service(item.slug).told(turn, aspect, words) or _ANSWERS.get(aspect, _nothing)(
        turn, item
    )
    if said is None:
        return None
    basis = (
        item.basis.to(turn.lang)
        if item.basis is not None
        else turn.say("told.rules_of", title=item.title.to(turn.lang))
    )
    return f"{said}\n{turn.say('told.source', source=basis)}"


def _nothing(_turn: Turn, _item: Item) -> str | None:
    return None


def who(turn: Turn, item: Item) -> str:
    """Who answers for an item where the speaker stands: the person, the office, and the telephone."""
    lines = [_answers(turn, item)]
    if item.approval:
        lines = [turn.say("told.signed_by", title=item.title.to(turn.lang), names=signed_by(turn, item, {}))]
    return "\n".join([*lines, *(phone(turn, item) or [turn.say("told.no_phone")])])


def _answers(turn: Turn, item: Item) -> str:
    path = tickets.place(turn, item)
    mine = turn.person.id if turn.person is not None else None
    office = directory.grid_name(turn.session, path, turn.lang)
    values = {
        "title": item.title.to(turn.lang),
        "office": office,
        "role": wording.role(item.answers_by, turn.lang, office),
    }
    person = directory.responsible_for(turn.session, path, item.answers_by, turn.now, mine)
    # A visitor who is not known has no counselor yet, and an office may have nobody at the moment.
    if person is None or (turn.person is None and item.tree != "office"):
        return turn.say("told.answered_by_role" if item.tree == "office" else "told.answered_by_yours", **values)
    return turn.say("told.answered_by", name=directory.name_of(person, turn.lang), **values)


def phone(turn: Turn, item: Item) -> list[str]:
    """The line with the telephone of whoever is on duty there; [] where none was entered."""
    number = on_call.duty_line(turn.session, tickets.place(turn, item))
    return [turn.say("duty.line", phone=number)] if number else []


def signed_by(turn: Turn, item: Item, answers: dict[str, Any]) -> str:
    """Who signs a request with these answers, in order: names with their roles, or roles alone to who is not known."""
    planned = [each for each in plan(item.approval, answers, turn.school.seasons) if each.kind == "sign"]
    path = tickets.place(turn, item)
    steps: dict[int, list[str]] = {}
    modes: dict[int, str] = {}
    for each in planned:
        steps.setdefault(each.step, []).append(_signer(turn, item, each, path, answers))
        modes[each.step] = each.mode
    joined = [turn.say(f"told.{modes[step]}").join(dict.fromkeys(names)) for step, names in steps.items()]
    return turn.say("told.then").join(joined) or turn.say("told.nobody_signs")


def _signer(turn: Turn, item: Item, planned: Planned, path: str, answers: dict[str, Any]) -> str:
    role = wording.role(planned.role, turn.lang)
    if turn.person is None:
        return role
    barred = signers.concerned(turn, item, turn.person.id, answers)
    asked = signers.ask(turn, path, planned.role, barred)
    name = directory.name_of(asked.person, turn.lang)
    return turn.say("told.signer", name=name, role=role) if name else role


def when(turn: Turn, item: Item) -> str | None:
    """By when an item is answered and settled: its limits in words, the office's hours, and what that makes of now."""
    path = tickets.place(turn, item)
    promised = item.limits.limits("normal", path)
    both = [
        turn.say(f"told.{name}", length=lasting(turn, limit))
        for name, limit in (("respond", promised.respond), ("resolve", promised.resolve))
        if limit is not None
    ]
    if not both:
        return None
    lines = [turn.say("told.promised", title=item.title.to(turn.lang), both=turn.say("told.comma").join(both))]
    counted = {limit.clock for limit in (promised.respond, promised.resolve) if limit is not None}
    if "work" in counted and (hours := open_hours(turn, path)):
        lines.append(turn.say("told.hours", hours=hours))
    at = wording.soon(limits.before(turn, item, path), turn.now, turn.lang, turn.school.zone)
    lines.append(turn.say("told.if_now", at=at))
    if promised.before is not None:
        lines.append(turn.say("told.before_begin", length=lasting(turn, promised.before)))
    return "\n".join(lines)


def lasting(turn: Turn, limit: Limit) -> str:
    """A limit as people say it: 4 个工作小时, 2 个工作日, 3 天, 30 分钟."""
    work = limit.clock == "work"
    day = WORKDAY_SECONDS if work else 86_400
    if limit.seconds % day == 0:
        return turn.say("told.workdays" if work else "told.days", count=limit.seconds // day)
    if limit.seconds % 3600 == 0:
        return turn.say("told.workhours" if work else "told.hours_long", count=limit.seconds // 3600)
    return turn.say("told.minutes", count=max(1, round(limit.seconds / 60)))


def open_hours(turn: Turn, path: str) -> str:
    """The office hours of the next day on which an area is open, as 「8:00–12:00、14:00–18:00」; "" where none comes."""
    calendar, zone = turn.school.clock.at(path).calendar, turn.school.zone
    for ahead in range(_DAYS_AHEAD):
        spans = calendar.windows(turn.today + ahead * _DAY)
        if spans:
            local = [[f"{each.astimezone(zone):%H:%M}" for each in span] for span in spans]
            return turn.say("told.and").join(f"{start}–{end}" for start, end in local)
    return ""


def how(turn: Turn, item: Item) -> str:
    """How an item is asked for here: what the form wants, who decides, by when."""
    seasons = turn.school.seasons
    asked = [field.label(turn.lang) for field in item.fields if field.when is None or field.asked({}, seasons)]
    lines = [turn.say("told.how", title=item.title.to(turn.lang), fields=turn.say("told.and").join(asked))]
    if item.approval:
        lines.append(turn.say("told.how_signed", names=signed_by(turn, item, {})))
    at = wording.soon(limits.before(turn, item, tickets.place(turn, item)), turn.now, turn.lang, turn.school.zone)
    return "\n".join([*lines, turn.say("told.if_now", at=at)])


_ANSWERS: Final[dict[str, Callable[[Turn, Item], str | None]]] = {"who": who, "limits": when, "how": how}


def bounds(whens: Iterable[When | None]) -> list[float]:
    """The numbers of days at which conditions change, in order."""
    found: set[float] = set()

    def walk(each: When) -> None:
        if each.field == "days":
            found.update(
                number for number in (each.over, each.at_most) if number is not None
            )  # the last length below, and the first above
            found.update(number - 0.5 for number in (each.at_least, each.under) if number is not None)
        for part in (*each.every, *each.some, *((each.negated,) if each.negated else ())):
            walk(part)

    for each in whens:
        if each is not None:
            walk(each)
    return sorted(number for number in found if number > 0)


def by_days(turn: Turn, at: list[float], say: Callable[[float], str]) -> list[tuple[str, str]]:
    """What is said of each length of a leave, as (which lengths, what): neighbours that say the same are one."""
    said = [(bound, say(bound)) for bound in at] + [(None, say((at[-1] if at else 0) + 0.5))]
    found: list[tuple[float | None, str]] = []
    for bound, words in said:
        if found and found[-1][1] == words:
            found.pop()
        found.append((bound, words))
    labelled = []
    for number, (bound, words) in enumerate(found):
        if bound is not None:
            label = turn.say("told.up_to", days=wording.number(bound))
        else:
            last = found[number - 1][0] if number else None
            label = turn.say("told.above", days=wording.number(last)) if last is not None else ""
        labelled.append((label, words))
    return labelled
