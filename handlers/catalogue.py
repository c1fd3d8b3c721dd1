"""The service items: loads and checks them, finds them by words, and hands out the hooks of those with code."""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import guides, item_mistakes, ruled
from handlers import rules as ruling
from handlers.item_names import Index, fold
from models.guide import GuideFile
from models.item import Item
from models.message import Link, Refused, Reply
from models.meta import ItemVersion
from models.rules import Rule
from models.ticket import OPEN, Ticket

if TYPE_CHECKING:
    from handlers.turn import Turn
    from models.person import Person

__all__ = [
    "OWN", "Catalogue", "Service", "files", "fold", "load", "made", "read", "untranslated",
]  # fmt: skip
OWN: Final = Path(__file__).parent / "services"


class Service:
    """The hooks that an item's code may fill; an item without code has these, which do nothing.

    Hooks are called through the object that the catalogue hands out, so nothing below imports a service.
    """

    marks: tuple[str, ...] = ()  # further steps on the line of progress, such as "back"
    derived: tuple[str, ...] = ()  # answers that `derive` adds, which conditions may look at

    def __init__(self, item: Item) -> None:
        self.item = item

    def derive(self, turn: Turn, answers: dict[str, Any]) -> dict[str, Any]:
        """Answers that follow from the others, such as the days of a leave; merged into them."""
        return {}

    def check(self, turn: Turn, answers: dict[str, Any]) -> None:
        """Refuse answers that cannot be (Refused; the value `field` names the one to ask anew).

        Called whenever the form goes on, so answers may still be missing, and once more on opening.
        """

    def lines(self, lang: str, answers: dict[str, Any]) -> tuple[str, ...]:
        """More lines for the summary and the card."""
        return ()

    def shows(self, turn: Turn, answers: dict[str, Any]) -> str:
        """What has to be shown for it and until when, before it is handed in; "" for nothing."""
        return ""

    def weigh(self, turn: Turn, ticket: Ticket) -> tuple[str, ...]:
        """What whoever decides should know beside the form, a line each, of what the speaker may see."""
        return ()

    def totals(self, turn: Turn, person: Person) -> tuple[str, ...]:
        """What a student's page says of all matters of this item together, a line each, of what the speaker may see."""
        return ()

    def verbs(self, turn: Turn, ticket: Ticket) -> tuple[str, ...]:
        """What whoever decides may do besides, before a signature is given."""
        return ()

    def opened(self, turn: Turn, ticket: Ticket) -> None:
        """A ticket of this item was opened."""

    def signing(self, turn: Turn, ticket: Ticket) -> None:
        """Somebody is about to sign: refuse what cannot be yet (Refused), note what was looked at."""

    def signed(self, turn: Turn, ticket: Ticket) -> bool:
        """The last signature was given; True when the matter goes on (an approved leave waits for the return)."""
        return False

    def undone(self, turn: Turn, ticket: Ticket) -> None:
        """The approval of a ticket was taken back."""

    def resuming(self, turn: Turn, ticket: Ticket, ended_at: datetime) -> None:
        """Whoever asked takes back the own end of a matter: refuse what is in its way by now (Refused), and change nothing.
        ended_at: since when it has been over."""
        again = select(Ticket.number).where(
            Ticket.requester_id == ticket.requester_id, Ticket.service == ticket.service, Ticket.opened_at >= ended_at,
            Ticket.status.in_(OPEN),
        )  # fmt: skip
        other = turn.session.execute(again.limit(1)).scalar() if ticket.requester_id else None
        if other is not None:
            raise Refused("unend.asked_anew", number=ticket.number, other=other)

    def resumed(self, turn: Turn, ticket: Ticket, kind: str, ended_at: datetime) -> None:
        """The end of a ticket was taken back, which it had had since ended_at: so is what `closed` did. kind: "returned" or
        "withdrawn"."""

    def correcting(self, turn: Turn, ticket: Ticket, to: str) -> None:
        """Somebody wants to correct a decision: refuse what makes no sense any more (Refused), and change nothing. to:
        "sign", "refuse" or "ask", what it becomes."""

    def returning(self, turn: Turn, ticket: Ticket) -> None:
        """Refuse a return that cannot be yet (Refused)."""

    def slipping(self, turn: Turn, ticket: Ticket) -> Reply | None:
        """The question before a return that may be a slip of the finger; None where it is booked at once."""
        return None

    def coming_back(self, turn: Turn, ticket: Ticket) -> str:
        """How a return is booked, as it is told with the approval; "" where none is awaited."""
        return ""

    def withdrawing(self, turn: Turn, ticket: Ticket) -> bool:
        """Whether a matter that is approved and goes on may still be taken back."""
        return False

    def prolonging(self, turn: Turn, ticket: Ticket) -> dict[str, Any]:
        """The answers with which an approved matter goes on beyond its end (续假); Refused where it cannot."""
        raise Refused("leave.prolong_none")

    def made_up(self, turn: Turn, answers: dict[str, Any], span: dict[str, Any]) -> dict[str, Any] | None:
        """The answers with which a span that is over may be handed in ({} as they are); None where it may not."""
        return {} if datetime.fromisoformat(span["end"]) > turn.now else None

    def prolongs(self, turn: Turn, ticket: Ticket) -> bool:
        """Whether going on beyond its end is offered for a matter that waits for a return."""
        return False

    def flag(self, turn: Turn, ticket: Ticket) -> str:
        """Why a request is not approved among many at once, the end of a key "inbox.flag_…"; "" for an ordinary one."""
        return ""

    def due(self, turn: Turn, ticket: Ticket, step: str) -> None:
        """A step of the item's own came due."""

    def closed(self, turn: Turn, ticket: Ticket) -> None:
        """A ticket of this item ended."""

    def link(self, turn: Turn, ticket: Ticket) -> Link | None:
        """A page of the item's own that its requester is led to when the matter is approved."""
        return None

    def told(self, turn: Turn, aspect: str, words: str) -> str | None:
        """The answer to a question about this item that only its code can work out; None where it says nothing more.

        aspect: what is asked (handlers.understand.questions.aspect_of).
        """
        return None

    def hear(self, turn: Turn, command: str) -> tuple[Reply, ...] | None:
        """A command word that belongs to this item ("return"), or None when it does not."""
        return None


class Catalogue:
    """All items by slug, with their services; read-only once made."""

    def __init__(self, items: Iterable[Item], files: Iterable[tuple[str, GuideFile]] = ()) -> None:
        self.files = tuple(files)  # of guides that belong to no item
        self.items: dict[str, Item] = {item.slug: item for item in items}
        self.versions = {slug: item.version() for slug, item in self.items.items()}
        self.ruled_since: dict[tuple[str, str], datetime] = {}  # by item and rule: what `record` knows (handlers.ruled)
        self._services = {slug: _service(item) for slug, item in self.items.items()}
        self._old: dict[tuple[str, str], Item] = {}
        self._offered = sorted((item for item in self.items.values() if not item.hidden), key=lambda item: item.rank)
        self._index = Index(self._offered)
        self.guides = guides.collect(self.items.values(), self.files)

    def offered(self) -> list[Item]:
        """What a person may start, by rank."""
        return self._offered

    def service(self, slug: str) -> Service:
        """The hooks of an item; KeyError for an unknown one."""
        return self._services[slug]

    def find(self, words: str, most: int = 3) -> list[tuple[Item, float]]:
        """Items that the words may mean, best first; 100 and more means that a name or alias stands in them."""
        return self._index.find(words, most)

    def exact(self, words: str) -> Item | None:
        """The one item that bears the very words as its title or an alias."""
        return self._index.exact(words)

    def item(self, session: Session, slug: str, version: str) -> Item:
        """The item as it stood in a version; KeyError for one that was never in service here."""
        if self.versions.get(slug) == version:
            return self.items[slug]
        if (slug, version) not in self._old:
            row = session.get(ItemVersion, (slug, version))
            if row is None:
                raise KeyError((slug, version))
            self._old[slug, version] = Item.model_validate(row.body)
        return self._old[slug, version]

    def record(self, session: Session, now: datetime) -> None:
        """Write down every version that is in service, so that its tickets can be read for ever."""
        for slug, item in self.items.items():
            if session.get(ItemVersion, (slug, self.versions[slug])) is None:
                session.add(ItemVersion(service=slug, version=self.versions[slug], body=item.body(), at=now))
        self.ruled_since = ruled.note(session, self.items, now)


def load(
    folders: Sequence[Path] = (), off: Sequence[str] = (), guided: Sequence[Path] = (), rules: Sequence[Rule] = ()
) -> Catalogue:
    """The catalogue of our own items and those of the school's folders (a school's file wins over ours), with the guides
    of the folders `guided`. rules: of the whole school, each of which becomes part of the items that it fits.

    A file that cannot be read is left out, and `check` names it with everything that is wrong in it.
    """
    items: dict[str, Item] = {}
    for path in files(folders):
        item = read(path)
        # Hidden items are the bot's own ways out (a question to a person, the crisis lane) and cannot be switched off.
        if item is not None and (item.hidden or item.slug not in off):
            items[item.slug] = item
    ruled = (ruling.spread(item, rules) if rules else item for item in items.values())
    return Catalogue(ruled, guides.load(guided))


def read(path: Path) -> Item | None:
    """One item from its file; None where something is wrong with it (`python -m bot check` says what)."""
    try:
        return _understand(path.stem, path.read_text(encoding="utf-8"))
    except (OSError, ValueError, ImportError, AttributeError):
        return None


@lru_cache(maxsize=4096)
def _understand(slug: str, words: str) -> Item:
    """The item of a file's words, read once: an item cannot change, and a university has a thousand of them."""
    return made(slug, tomllib.loads(words))


def made(slug: str, data: dict[str, Any]) -> Item:
    """An item of the tables of its file. Raises pydantic's ValidationError, or ImportError where its code is missing."""
    item = Item.model_validate({**data, "slug": slug})
    _check_conditions(item, _service(item))
    return item


def _check_conditions(item: Item, service: Service) -> None:
    """Refuse conditions on answers that neither the form asks for nor the item's code derives."""
    known = {*(field.key for field in item.fields), *service.derived}
    wrong = [
        InitErrorDetails(
            type=PydanticCustomError(
                "item_when_field", "a condition names a field of the form: there is no '{field}'", {"field": name}
            ),
            loc=(table, row, *place),
            input=name,
        )
        for table, whens, place in (
            ("approval", [part.when for part in item.approval], ("when",)),
            ("fields", [part.when for part in item.fields], ("when",)),
            ("leave", item.leave.conditions() if item.leave is not None else [], ("when",)),
            ("checklist", [each.when for each in item.checklist], ("when",)),
            ("when", [rule.only.answers for rule in item.when], ("if", "answers")),
        )
        for row, when in enumerate(whens)
        for name in (when.fields() if when is not None else ())
        if name not in known
    ]
    wrong += item_mistakes.find(item)
    if wrong:
        raise ValidationError.from_exception_data("Item", wrong)


def files(folders: Sequence[Path]) -> list[Path]:
    """The files of our own items and then of the school's folders, the later of one name being in force."""
    return [path for folder in (OWN, *folders) for path in sorted(folder.rglob("*.toml"))]


def _service(item: Item) -> Service:
    if item.code is None:
        return Service(item)
    module = importlib.import_module(f"handlers.services.{item.code}")
    made: Service = module.SERVICE(item)
    return made


def untranslated(item: Item) -> list[str]:
    """Where its sentences still lack English."""
    said = [("title", item.title), ("about", item.about), ("elsewhere", item.elsewhere)]
    for field in item.fields:
        said += [(f"fields.{field.key}.ask", field.ask), (f"fields.{field.key}.title", field.title)]
        said += [(f"fields.{field.key}.hint", field.hint)]
        said += [(f"fields.{field.key}.options.{option.key}", option.label) for option in field.options]
    return [where for where, words in said if words is not None and not words.en]
