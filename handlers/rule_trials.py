"""Which rules of its item would act on a ticket, and what they would do now: told, and nothing changed."""

from __future__ import annotations

from sqlalchemy import select

from handlers import cards, limits, rules, tickets, wording
from handlers.rule_answers import lasting
from handlers.turn import Turn
from models.deadline import Step
from models.message import Refused
from models.rules import BY_TIME, Rule
from models.ticket import Ticket


def trial(turn: Turn, number: str) -> list[str]:
    """A line for every rule of a ticket's item, in the turn's language: when it acts, whether its conditions hold, what
    it would do as things stand. Raises Refused for a number that there is not."""
    ticket = turn.session.execute(select(Ticket).where(Ticket.number == number.strip().upper())).scalar()
    if ticket is None:
        raise Refused("rules.unknown", number=number)
    item = cards.item_of(turn, ticket)
    title = item.title.to(turn.lang)
    ruled = rules.of(turn, ticket)
    if not ruled:
        return [turn.say("rules.none", number=ticket.number, title=title)]
    steps = {step.key.split(":")[1]: step for step in reversed(limits.coming(turn, ticket))}
    lines = [_line(turn, ticket, rule, steps.get(rule.name)) for rule in ruled]
    heading = turn.say("rules.heading", number=ticket.number, title=title)
    return [heading, *lines, turn.say("rules.nothing_changed")]


def _line(turn: Turn, ticket: Ticket, rule: Rule, step: Step | None) -> str:
    """step: the next of the rule's own, None where no time will make it act as things stand."""
    missed = rules.unmet(turn, ticket, rule.only, lambda: rules.tags_of(turn, ticket))
    held = turn.say("rules.unmet", what=turn.say(f"rules.unmet_{missed}")) if missed else turn.say("rules.held")
    acts = tickets.said(turn, list(tickets.plan(turn, ticket, rule)), trial=True)
    key = "rated_stars" if rule.stars is not None else rule.on
    after, _ = rule.limits()
    length = lasting(turn, after) if after is not None else ""
    on = turn.say(f"rules.on_{key}", stars=rule.stars or "", after=length)
    if rule.on not in BY_TIME:
        return turn.say("rules.line_happens", name=rule.name, on=on, held=held, acts=acts)
    if step is None:
        return turn.say("rules.line_not_now", name=rule.name, on=on, held=held, acts=acts)
    at = wording.moment(step.due_at, turn.lang, turn.school.zone, turn.today)
    return turn.say(
        "rules.line_warn" if step.kind == "warn" else "rules.line_due", name=rule.name, on=on, at=at, acts=acts
    )
