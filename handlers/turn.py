"""What every verb is handed: the school as configured, and the turn (who, when, in which unit of the database)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from handlers.catalogue import Catalogue
from handlers.texts import text
from handlers.understand.times.values import DEFAULT
from models.courses import Course
from models.deadline import Clock
from models.item import Words
from models.message import Choice
from models.person import Account, Person
from models.seasons import Days, Seasons, Term
from models.ticket import Ticket


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A number to call: its name, the number, and when somebody answers."""

    name: Words
    phone: str
    hours: Words


@dataclass(frozen=True, slots=True)
class Hook:
    """Another system that hears of events: its name, and of which events, items and offices; of all where there are none."""

    name: str
    events: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    offices: frozenset[str] = frozenset()

    def wants(self, event: str, item: str, office: str) -> bool:
        """Whether it hears of an event of a ticket."""
        wished = ((event, self.events), (item, self.items), (office, self.offices))
        return all(not those or each in those for each, those in wished)


@dataclass(frozen=True, slots=True)
class School:
    """One school as the core sees it, built once from the settings.

    most_open: tickets that one person may have open. reopen_days: how long after its end a matter may be reopened.
    most_reopens: how often, before it goes to the next one above. urge_days: working days between two urgings of one matter.
    undo_minutes: for how long a student takes back the own 销假 or 撤回, 0 for never. demo: invented people, limits shortened by clock.scale.
    abroad: the channels whose messages leave the country, where what an item keeps at home is not shown. telegram: the bot's user
    name there, for links to it. terms: with their exam weeks; named: the school's own seasons; near: how many working days
    before and after a public holiday count as near to it. lessons: the timetable by number, empty where none was told;
    courses: who gives which of them to which class; follows: whose plan a make-up day has (models.seasons.Seasons).
    hooks: the other systems that hear of events. seasons: which seasons a day lies in here, which follows from these.
    """

    name: Words
    zone: ZoneInfo
    base_url: str
    catalogue: Catalogue
    clock: Clock
    help_lines: tuple[HelpLine, ...]
    most_open: int = 20
    reopen_days: int = 7
    most_reopens: int = 2
    urge_days: int = 1
    undo_minutes: int = 10
    demo: bool = False
    abroad: frozenset[str] = frozenset()
    telegram: str = ""
    terms: tuple[Term, ...] = ()
    named: tuple[tuple[str, tuple[Days, ...]], ...] = ()
    near: int = 1
    lessons: Mapping[int, tuple[time, time]] = field(default_factory=dict)
    courses: tuple[Course, ...] = ()
    follows: tuple[tuple[date, date | int], ...] = ()
    hooks: tuple[Hook, ...] = ()
    seasons: Seasons = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out the seasons once: every condition on days asks for them."""
        found = Seasons(self.terms, dict(self.named), self.clock.calendar, self.near, self.zone.key, dict(self.follows))
        object.__setattr__(self, "seasons", found)


@dataclass(slots=True)
class Turn:
    """One unit of work: a message, a press, or a step of the sweep.

    now sets limits; said_at reads words such as 「明天」. account and person are who speaks; a sweep has neither.
    channel: where it is spoken: the speaker's, or that of whoever is told something. about: the ticket that is being
    changed, which does not stand in its own way.
    """

    session: Session
    school: School
    now: datetime
    said_at: datetime
    account: Account | None = None
    person: Person | None = None
    lang: str = "zh"
    channel: str = ""
    about: Ticket | None = None

    def __post_init__(self) -> None:
        if not self.channel and self.account is not None:
            self.channel = self.account.channel

    @property
    def abroad(self) -> bool:
        """Whether what is said here leaves the country."""
        return self.channel in self.school.abroad

    @property
    def lessons(self) -> Mapping[int, tuple[time, time]]:
        """The school's timetable; a common one where it told none, of which the grammar of times asks."""
        return self.school.lessons or DEFAULT

    def say(self, key: str, **values: object) -> str:
        """A sentence in the speaker's language."""
        return text(self.lang, key, **values)

    def to(self, lang: str, channel: str = "") -> Turn:
        """The same turn, speaking another language on another channel: what is told to somebody else."""
        return replace(self, lang=lang or "zh", channel=channel or self.channel)

    def was_offered(self, choice: Choice) -> bool:
        """Whether the last answer to the speaker showed this very button, so that it was pressed, or said in its words."""
        shown = self.account.offered if self.account is not None else []
        return any((label, send) == (choice.label, choice.send) for label, _, send in shown)

    @property
    def today(self) -> date:
        """The day that it is at the school now: what lies in another year is shown with its year."""
        return self.now.astimezone(self.school.zone).date()

    def own(self) -> ColumnElement[bool]:
        """The condition of the speaker's own tickets: the person's, or the account's while nobody is bound to it."""
        if self.person is not None:
            return Ticket.requester_id == self.person.id
        return Ticket.account_id == (self.account.id if self.account else "")

    @property
    def holder(self) -> str:
        """Whose half-filled forms these are: the person's, or the account's while nobody is bound to it."""
        if self.person is not None:
            return "p" + self.person.id
        if self.account is None:
            message = "nobody speaks in a sweep"
            raise ValueError(message)
        return "a" + self.account.id
