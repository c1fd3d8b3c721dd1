"""A question put to the rules of leave: of which kind, of how many days, and how what the rules say is laid out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from handlers import wording
from handlers.rule_answers import by_days, lasting
from handlers.turn import Turn
from handlers.understand.questions import asks_above, days_in
from handlers.understand.seasons import seasons_in
from handlers.understand.slots import pick
from models.item import Item
from models.leave_rules import KindRules, LeaveRules, limit

_STOPS: Final = "\u3002."  # a full stop, Chinese or not, which does not stand within a line


class Asked:
    """A question put to the rules: of which kind of leave, and of how many days, where it says so."""

    def __init__(self, turn: Turn, item: Item, rules: LeaveRules, words: str) -> None:
        self.turn, self.item, self.rules, self.days = turn, item, rules, days_in(words)
        self.is_above, self.seasons = asks_above(words), seasons_in(words)
        field = item.field("kind")
        self.options = field.options if field is not None else ()
        chosen = pick(field, words, loosely=False) if field is not None else None
        self.kind = chosen.key if chosen is not None else None

    def say(self, key: str, **values: object) -> str:
        """A sentence of the table [told]."""
        return self.turn.say(f"told.{key}", **values)

    @property
    def kinds(self) -> list[str]:
        """The kinds that are asked about: the one that is named, else all."""
        return [self.kind] if self.kind is not None else [option.key for option in self.options]

    def label(self, kind: str) -> str:
        """What a kind is called."""
        return next((each.label.to(self.turn.lang) for each in self.options if each.key == kind), kind)

    def of(self, kind: str) -> KindRules:
        """The rules of a kind."""
        return self.rules.of(kind)

    def lasting(self, words: str) -> str:
        """A stretch of the rules in words."""
        return lasting(self.turn, limit(words))

    def by_kind(self, say: Callable[[str], list[str]]) -> list[str]:
        """What is said of each kind, a line each: what most kinds say first and without a name, then those that differ."""
        said = {kind: say(kind) for kind in self.kinds}
        if self.kind is not None:
            return said[self.kind]
        usual, _ = Counter(tuple(lines) for lines in said.values()).most_common(1)[0]
        others: dict[tuple[str, ...], list[str]] = {}
        for kind, lines in said.items():
            if tuple(lines) != usual:
                others.setdefault(tuple(lines), []).append(self.label(kind))
        others_differ = len(set(map(tuple, said.values()))) > 1
        found = [self.say("usually", said=_bare(usual[0]))] if others_differ and len(usual) == 1 else list(usual)
        for rows, kinds in others.items():
            found.append(self.one(self.say("and").join(kinds), rows))
        return found

    def one(self, name: str, rows: Iterable[str]) -> str:
        """What is said of one kind, or of whatever else has a name, as one line."""
        return self.say("of_kind", kind=name, said=self.say("semicolon").join(_bare(row) for row in rows))

    def lines(self, at: list[float], say: Callable[[float], str]) -> list[str]:
        """What is said by length: of the length that is named, else of each stretch of lengths."""
        if self.days is not None:
            whole = int(self.days)
            above = self.is_above and self.days == whole + 0.5
            label = self.say("above", days=whole) if above else self.say("days", count=wording.number(self.days))
            return [self.say("tier", days=label, said=say(self.days))]
        rows = by_days(self.turn, at, say)
        return [self.say("tier", days=label, said=words) if label else words for label, words in rows]


def _bare(line: str) -> str:
    return line.removeprefix("· ").rstrip(_STOPS)


def headed(asked: Asked, key: str, lines: list[str], *more: str, **values: object) -> str:
    """A head line with the kind that is asked about, then the lines."""
    head = asked.say(
        key, kind=asked.label(asked.kind) if asked.kind else asked.item.title.to(asked.turn.lang), **values
    )
    return "\n".join([head, *lines, *(line for line in more if line)])
