"""Who works under whom: nobody is given, or sees, what somebody wrote about whoever leads them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import bindparam, or_, select

from handlers import duties
from handlers.turn import Turn
from models.grid import Duty

# Who leads by the post, whether or not silence climbs to them.
POSTS: Final = ("head", "dean", "deputy-dean", "secretary", "deputy-secretary", "community-head")
_HELD: Final = select(Duty.person_id, Duty.path, or_(Duty.leads, Duty.role.in_(POSTS))).where(
    Duty.person_id.in_(bindparam("ids", expanding=True)), duties.IN_FORCE
)


def below(turn: Turn, leaders: Iterable[str], among: Iterable[str]) -> frozenset[str]:
    """The ids of those among people who work under one of these leaders: by a duty in an area that the leader leads, and
    without leading that area, or one above it, themselves.

    Whoever leads the whole school has everybody under them. Of those who lead an area of their own only such count as
    stand in an area that the leader also answers for as its head: else nobody would be left to read a word about the head of the school.
    """
    leads, others = set(leaders), set(among)
    led: dict[str, list[str]] = {each: [] for each in leads}
    held: dict[str, list[tuple[str, bool]]] = {each: [] for each in others}
    for person_id, path, is_lead in turn.session.execute(_HELD, {"ids": list(leads | others), "now": turn.now}):
        if person_id in leads and is_lead:
            led[person_id].append(path)
        if person_id in others:
            held[person_id].append((path, bool(is_lead)))
    return frozenset(
        each for each in others
        if any(_is_under(held[each], paths) for leader, paths in led.items() if leader != each)
    )  # fmt: skip


def _is_under(held: list[tuple[str, bool]], led: list[str]) -> bool:
    for area in led:
        if any(is_lead and area.startswith(path) for path, is_lead in held):
            continue
        inside = [is_lead for path, is_lead in held if path.startswith(area)]
        if inside and not (_is_school(area) and any(inside)):
            return True
    return False


def _is_school(path: str) -> bool:
    return len(duties.up(path)) == 1
