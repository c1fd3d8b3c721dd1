"""What does not fit together in an item that can be read: all of it at once, each with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic_core import InitErrorDetails, PydanticCustomError

from handlers import limit_mistakes
from models.item import Item
from models.leave_rules import KindRules, LeaveRules

Place = tuple[str | int, ...]


def find(item: Item) -> Iterator[InitErrorDetails]:
    """Every contradiction of the rules with themselves and with the form, as pydantic tells mistakes."""
    for found in limit_mistakes.contradictions(item):
        yield _mistake(found.key, found.place, **found.values)
    yield from _rules(item)
    yield from _checklists(item)
    yield from _leave(item)


def _rules(item: Item) -> Iterator[InitErrorDetails]:
    """Rules that do what their item does not let them, that wait for what it never promises, or that would tell what is
    sealed."""
    names = [rule.name for rule in item.when]
    for row, rule in enumerate(item.when):
        place: Place = ("when", row)
        if names.index(rule.name) != row:
            yield _mistake("item_rule_twice", (*place, "name"), name=rule.name)
        if rule.items:
            yield _mistake("item_rule_items", (*place, "items"), name=rule.name)
        if item.urgent:
            yield _mistake("item_rule_urgent", place)
        if item.approval and (rule.then.give or rule.then.end):
            yield _mistake("item_rule_chain", (*place, "then"), name=rule.name)
        if rule.target and getattr(item.limits, rule.target) is None:
            yield _mistake("item_rule_promise", (*place, "target"), name=rule.name, target=rule.target)
        for key in rule.only.answers.fields() if rule.only.answers is not None else ():
            field = item.field(key)
            if field is not None and (field.sensitive or item.sensitive):
                yield _mistake("item_tag_sealed", (*place, "if", "answers"), field=key)


def _checklists(item: Item) -> Iterator[InitErrorDetails]:
    """Lists of one name, and lines that an end waits for which is none of theirs."""
    names = [each.name for each in item.checklist]
    for row, each in enumerate(item.checklist):
        place: Place = ("checklist", row)
        if names.index(each.name) != row:
            yield _mistake("item_checklist_twice", (*place, "name"), name=each.name)
        if (item.approval or item.urgent) and any(line.required for line in each.lines):
            yield _mistake("item_checklist_end", (*place, "lines"), name=each.name)
        for key in each.when.fields() if each.when is not None else ():
            field = item.field(key)
            if field is not None and (field.sensitive or item.sensitive):
                yield _mistake("item_tag_sealed", (*place, "when"), field=key)
    for row, rule in enumerate(item.when):
        if rule.then.checklist and rule.then.checklist not in names:
            place = ("when", row, "then", "checklist")
            yield _mistake("item_rule_checklist", place, name=rule.name, checklist=rule.then.checklist)


def _leave(item: Item) -> Iterator[InitErrorDetails]:
    """Every contradiction of the rules of leave with themselves and with the form."""
    rules = item.leave
    if rules is None:
        return
    field = item.field("kind")
    chosen = {option.key for option in field.options} if field is not None else set()
    shows = any(each.kind == "file" for each in item.fields)
    tables: list[tuple[Place, KindRules]] = [(("leave",), rules)]
    tables += [(("leave", "kinds", key), own) for key, own in rules.kinds.items()]
    for place, own in tables:
        yield from _lengths(rules, place, own)
        for total in own.total if "total" in own.model_fields_set else ():
            for kind in total.kinds:
                if kind not in chosen:
                    yield _mistake("item_leave_kind", (*place, "total"), kind=kind)
        for key in ("evidence", "back_evidence"):
            if getattr(own, key) and key in own.model_fields_set and not shows:
                yield _mistake("item_leave_evidence", (*place, key))


def _lengths(rules: LeaveRules, place: Place, own: KindRules) -> Iterator[InitErrorDetails]:
    """The least of a leave above its most, with what a kind takes from the general rules."""
    merged = rules.of(str(place[2])) if len(place) > 2 else own
    if merged.least > merged.most and {"least", "most"} & own.model_fields_set:
        key = "least" if "least" in own.model_fields_set else "most"
        yield _mistake("item_least", (*place, key), least=f"{merged.least:g}", most=f"{merged.most:g}")


def _mistake(code: str, place: Place, **values: str) -> InitErrorDetails:
    error = PydanticCustomError(code, code, dict(values) or None)
    return InitErrorDetails(type=error, loc=place, input=None)
