"""Finds where the roster leaves a service item without anybody who answers or signs, and duty rosters with bare hours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from handlers import alarms
from handlers.directory import grid_name, up
from handlers.roster import ZONE
from handlers.roster_holes import Hole, holes
from handlers.texts import text
from models.grid import Duty, Grid, Shift
from models.item import Item
from models.person import Person

SOON: Final = timedelta(days=7)
LONG_OVER: Final = timedelta(days=90)  # a duty roster that ended before this was given up on purpose


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap: where (an item's slug, or an area's code) and in which table of sentences; values fill them."""

    where: str
    key: str
    values: Mapping[str, object]

    def what(self, lang: str) -> str:
        """What is missing, in one sentence."""
        return text(lang, f"gaps.{self.key}", **self.values)

    def remedy(self, lang: str) -> str:
        """What to do about it."""
        return text(lang, f"gaps.{self.key}_remedy", **self.values)


def find_gaps(
    session: Session, items: Iterable[Item], now: datetime, lang: str, zone: ZoneInfo = ZONE
) -> list[Gap]:  # fmt: skip
    """Every item whose office or role nobody holds, every duty roster that ran out or does so within 7 days or has bare
    hours in them, and how many open tickets nobody has.

    An area above that has somebody counts, as when a ticket looks for its people. lang: of the names; zone: of the instants.
    """
    held: dict[str, set[str]] = {}
    in_force = select(Duty.role, Duty.path).join(Person, Person.id == Duty.person_id).where(
        Person.active, Duty.from_at <= now, or_(Duty.until_at.is_(None), Duty.until_at > now)
    )  # fmt: skip
    for role, path in session.execute(in_force):
        held.setdefault(role, set()).add(path)
    offices = {grid.code: grid.path for grid in session.scalars(select(Grid).where(Grid.tree == "office"))}
    codes = set(session.execute(select(Grid.code)).scalars()) if any(item.live_for for item in items) else set()
    found: list[Gap] = []
    for item in sorted(items, key=lambda item: item.slug):
        found += _of_item(session, item, held, offices, lang)
        found += _of_live(item, codes, lang)
    found += [*_of_shifts(session, now, lang, zone), *_of_holes(session, now, lang, zone)]
    unowned = session.execute(select(func.count()).select_from(alarms.unowned().subquery())).scalar_one()
    return [*found, Gap("ticket", "unowned", {"count": unowned})] if unowned else found


def _of_item(
    session: Session, item: Item, held: Mapping[str, set[str]], offices: Mapping[str, str], lang: str
) -> Iterator[Gap]:
    name = item.title.en if lang == "en" and item.title.en else item.title.zh
    roles = {item.answers_by: "answers"}
    if item.tree == "office":
        path = offices.get(item.office)
        if path is None:
            yield Gap(f"{item.slug}.office", "office", {"item": name, "office": item.office})
        elif not _covers(held.get(item.answers_by, set()), path):
            said = {"item": name, "office": item.office, "role": item.answers_by}
            yield Gap(f"{item.slug}.answers_by", "office_role", said)
        roles = {}
    elif item.office and item.office not in offices:
        yield Gap(f"{item.slug}.office", "office", {"item": name, "office": item.office})
    yield from _of_routes(item, name, held, offices)
    yield from _of_rules(item, name, held, offices)
    wanted = {(role, ""): kind for role, kind in roles.items()}
    for signature in item.approval:
        if (signature.role, "") not in wanted or signature.tree:
            wanted.setdefault((signature.role, signature.tree), "signs")
    for (role, tree), kind in wanted.items():
        place = f"{item.slug}.{'answers_by' if kind == 'answers' else 'approval'}"
        holding = held.get(role, set())
        if not holding:
            yield Gap(place, f"{kind}_nobody", {"item": name, "role": role})
            continue
        bare = _bare(session, item, offices.get(item.office), kind, tree, holding)
        if bare:
            values: dict[str, object] = {
                "item": name,
                "role": role,
                "count": len(bare),
                "area": grid_name(session, bare[0], lang),
            }
            yield Gap(place, f"{kind}_areas", values)


def _of_routes(item: Item, name: str, held: Mapping[str, set[str]], offices: Mapping[str, str]) -> Iterator[Gap]:
    """Where `[[route]]` sends matters to an office that is not there, or where nobody has the role; a route by role alone
    stays in the item's own place and counts as such."""
    for row in item.route:
        role, path = row.answers_by or item.answers_by, offices.get(row.office)
        if row.office and path is None and not row.optional:
            yield Gap(f"{item.slug}.route", "route", {"item": name, "office": row.office})
        elif path is not None and not _covers(held.get(role, set()), path):
            yield Gap(f"{item.slug}.route", "office_role", {"item": name, "office": row.office, "role": role})
        elif not row.office and not held.get(role):
            yield Gap(f"{item.slug}.route", "answers_nobody", {"item": name, "role": role})


def _of_rules(item: Item, name: str, held: Mapping[str, set[str]], offices: Mapping[str, str]) -> Iterator[Gap]:
    """Whom `[[when]]` gives to or tells, and who is not there: an office that nobody wrote down, a role that nobody holds."""
    for rule in item.when:
        for to in (*rule.then.tell, *((rule.then.give,) if rule.then.give is not None else ())):
            if to.office and to.office not in offices:
                yield Gap(f"{item.slug}.when", "rule", {"item": name, "rule": rule.name, "to": to.office})
            elif to.role and not held.get(to.role):
                yield Gap(f"{item.slug}.when", "rule", {"item": name, "rule": rule.name, "to": to.role})


def _bare(
    session: Session, item: Item, office: str | None, kind: str, tree: str, holding: set[str]
) -> list[str]:  # fmt: skip
    """The areas of students for whom a role is looked for in vain, in order; as `signers.place` looks for it: who answers
    where the ticket stands; who signs in the tree that the signature names, else there or in the student's other tree."""
    if kind == "signs" and not tree and item.tree == "office" and office is not None and _covers(holding, office):
        return []
    first = tree or ("residential" if item.tree == "residential" else "academic")
    stands = (
        select(Person.academic_path, Person.residential_path).where(Person.kind == "student", Person.active).distinct()
    )
    found: set[str] = set()
    for academic, residential in session.execute(stands):
        own, other = (residential, academic) if first == "residential" else (academic, residential)
        looked = [own] if kind == "answers" or (tree and own) else [own, other]
        if own and not any(path and _covers(holding, path) for path in looked):
            found.add(own)
    return sorted(found)


def _covers(holding: set[str], path: str) -> bool:
    return any(each in holding for each in up(path))


def _of_shifts(session: Session, now: datetime, lang: str, zone: ZoneInfo) -> Iterator[Gap]:
    ends = select(Shift.path, Shift.role, func.max(Shift.ends_at)).group_by(Shift.path, Shift.role)
    for path, role, until in session.execute(ends.order_by(Shift.path, Shift.role)):
        if now - LONG_OVER < until <= now + SOON:
            values = {"area": grid_name(session, path, lang), "role": role, "until": until.astimezone(zone)}
            yield Gap(path.strip("/").rpartition("/")[2], "ran_out" if until <= now else "runs_out", values)


def _of_live(item: Item, codes: set[str], lang: str) -> Iterator[Gap]:
    """Colleges for which an item is to be live, and that are not there."""
    name = item.title.en if lang == "en" and item.title.en else item.title.zh
    for code in item.live_for:
        if code not in codes:
            yield Gap(f"{item.slug}.live_for", "live_for", {"item": name, "area": code})


def _of_holes(session: Session, now: datetime, lang: str, zone: ZoneInfo) -> Iterator[Gap]:
    """Rosters with hours in the next 7 days in which nobody is there; that one runs out is said by `_of_shifts`."""
    ends = select(Shift.path, Shift.role, func.max(Shift.ends_at)).group_by(Shift.path, Shift.role)
    last = {(path, role): until for path, role, until in session.execute(ends)}
    bare: dict[tuple[str, str], list[Hole]] = {}
    for hole in holes(session, now):
        if hole.from_at < last[hole.path, hole.role]:
            bare.setdefault((hole.path, hole.role), []).append(hole)
    for (path, role), found in bare.items():
        first = found[0]
        values = {
            "area": grid_name(session, path, lang), "role": role, "count": len(found),
            "from_at": first.from_at.astimezone(zone), "until_at": first.until_at.astimezone(zone),
        }  # fmt: skip
        yield Gap(path.strip("/").rpartition("/")[2], "holes", values)
