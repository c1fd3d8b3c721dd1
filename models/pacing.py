"""How quickly a bot may speak after its platform asked it to wait: lanes that are silent, and a pace that recovers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy.orm import Session

from models.outbox import Lane, Sender

LONGEST_WAIT: Final = timedelta(hours=1)  # of a lane or a bot; one message waits longer if the platform asks
REPEATED: Final = timedelta(minutes=1)  # a second request to wait within it means that the pace is too high
LEAST: Final = 5.0  # messages a second, below which no bot is slowed


class Paced(Protocol):
    """What tells how quickly a bot may speak: a row of `Sender`, as an object or as plain columns."""

    @property
    def lanes(self) -> dict[str, Any] | None:
        """The instants before which lanes are silent."""

    @property
    def pace(self) -> float | None:
        """Messages a second since slowed_at."""

    @property
    def slowed_at(self) -> datetime | None:
        """When the platform last asked to wait."""


def silent(holder: Paced, now: datetime) -> list[Lane]:
    """The lanes that wait. One that would wait longer than LONGEST_WAIT was written before a clock was set back."""
    waits = ((lane, (holder.lanes or {}).get(str(int(lane)))) for lane in Lane)
    return [lane for lane, until in waits if until and now < datetime.fromisoformat(until) <= now + LONGEST_WAIT]


def pace(holder: Paced, per_second: float, now: datetime) -> float:
    """Messages a second: the channel's own number, or less for a while after the platform complained twice.

    It grows back by one message a second each minute.
    """
    if holder.pace is None or holder.slowed_at is None:
        return per_second
    minutes = max((now - holder.slowed_at).total_seconds(), 0.0) / 60
    return min(holder.pace + minutes, per_second)


def count_parts(session: Session, bot: str, fence: int, parts: int, per_second: float, now: datetime) -> None:
    """Take the turns of so many further parts, which went out with the first, from those that come next."""
    holder = session.get(Sender, bot, with_for_update=True)
    if holder is not None and holder.fence == fence:
        begins = holder.next_at if now < holder.next_at <= now + LONGEST_WAIT else now
        holder.next_at = begins + timedelta(seconds=parts / pace(holder, per_second, now))


def slow_down(holder: Sender, lane: Lane, until: datetime, per_second: float, now: datetime) -> None:
    """The platform asked a message of this lane to wait: so does the lane; asked again within a minute, the bot halves
    its pace. What was under way while the lane already waited is asked in the same breath, and counts once."""
    key = str(int(lane))
    waits = dict(holder.lanes or {})
    same = key in waits and now < datetime.fromisoformat(waits[key])
    if key not in waits or datetime.fromisoformat(waits[key]) < until:
        holder.lanes = {**waits, key: until.isoformat()}
    if same:
        return
    again = holder.slowed_at is not None and timedelta(0) <= now - holder.slowed_at < REPEATED
    holder.pace = max(LEAST, pace(holder, per_second, now) / 2) if again else pace(holder, per_second, now)
    holder.slowed_at = now
