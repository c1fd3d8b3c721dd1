"""Since when each rule of an item that acts by time is in force: what was due before that is left alone.

Written down at the start of the program, beside the versions of items. A rule is another one when it acts on something
else, at another time or under other conditions; what it does then may be reworded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.item import Item
from models.meta import ItemVersion, Meta
from models.rules import Rule

NAME: Final = "rules"  # of the row in meta: {item: {rule: [mark, instant]}}
_TIMING: Final = {"on", "target", "after", "warn", "only"}


def mark(rule: Rule) -> str:
    """A word for on what, when and under which conditions a rule acts: twelve hex digits."""
    return hashlib.sha256(rule.model_dump_json(include=_TIMING).encode()).hexdigest()[:12]


def fingerprint(items: Mapping[str, Item]) -> str:
    """A word for all rules that act by time, "" where there are none; open matters are reckoned anew where it changes."""
    told = [[slug, rule.name, mark(rule)] for slug, item in sorted(items.items()) for rule in _timed(item)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16] if told else ""


def note(session: Session, items: Mapping[str, Item], now: datetime) -> dict[tuple[str, str], datetime]:
    """Write down the rules that act by time and are in force from here on; since when each is, by item and name.

    One that was taken out and comes back is new. Where nothing was written down yet, it is as old as the first version of
    its item that has it.
    """
    row = session.get(Meta, NAME, with_for_update=True)
    kept: dict[str, dict[str, list[str]]] = json.loads(row.value) if row is not None else {}
    told: dict[str, dict[str, list[str]]] = {}
    for slug, item in items.items():
        for rule in _timed(item):
            word = mark(rule)
            known, since = kept.get(slug, {}).get(rule.name, ("", ""))
            if known != word:
                since = (now if row is not None else _first(session, slug, rule, now)).astimezone(UTC).isoformat()
            told.setdefault(slug, {})[rule.name] = [word, since]
    if told != kept or row is None:
        session.merge(Meta(name=NAME, value=json.dumps(told, ensure_ascii=False).encode()))
    return {
        (slug, name): datetime.fromisoformat(since)
        for slug, rules in told.items()
        for name, (_, since) in rules.items()
    }  # fmt: skip


def _timed(item: Item) -> Iterable[Rule]:
    return (rule for rule in item.when if rule.after)


def _first(session: Session, slug: str, rule: Rule, now: datetime) -> datetime:
    """When the first version of an item came that has this very rule."""
    versions = select(ItemVersion.body, ItemVersion.at).where(ItemVersion.service == slug)
    having = [
        at
        for body, at in session.execute(versions)
        for row in body.get("when", ())
        if row["name"] == rule.name and mark(Rule.model_validate(row)) == mark(rule)
    ]
    return min(having, default=now)
