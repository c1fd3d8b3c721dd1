"""What every page is handed: the parts of the program, and how a page is drawn from its template."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from starlette.responses import HTMLResponse

from bot.settings import Settings
from bot.store import Store
from handlers.texts import text
from handlers.views.chat import Entry
from models.db import Database
from models.message import Incoming, Reply

T = TypeVar("T")
PAGES: Final = Path(__file__).parent / "pages"
CONSOLE: Final = Path(__file__).parent / "console"  # its templates are "console/NAME.html"
TYPES: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


class Answered(Protocol):
    """What the door gives back for one message."""

    @property
    def seq(self) -> int:
        """The number of the exchange in the account's stream."""

    @property
    def lang(self) -> str:
        """The language that the account has after it, "" where nobody knows."""

    @property
    def taken(self) -> bool:
        """Whether the message was taken in; if not, the reply says why and nothing is kept."""

    @property
    def replies(self) -> tuple[Reply, ...]:
        """What was answered."""


class Doorway(Protocol):
    """The one way in, as far as the web chat knows it (bot/door.py)."""

    async def receive(self, incoming: Incoming) -> Answered:
        """Answer one message; raises models.db.Away when the database is away."""

    def help_without_database(self, words: str, lang: str) -> tuple[Reply, ...]:
        """The help that needs no database, when the words are a crisis; else ()."""


@dataclass(frozen=True)
class Web:
    """The parts that pages use. draw renders one entry of a stream as the list item that both page and stream show.

    staff_door: where a member of staff lands after choosing a name in the demo.
    """

    settings: Settings
    database: Database
    door: Doorway
    store: Store
    closing: asyncio.Event
    draw: Callable[[Entry, str], str]
    version: str = ""
    staff_door: str = "/chat#end"

    def now(self) -> datetime:
        """The present instant; the edge's only clock for pages."""
        return datetime.now(UTC)

    async def read(self, query: Callable[[Any], T]) -> T:
        """Run a query in a reading thread; raises Away."""
        return await asyncio.wrap_future(self.database.submit_read(query))

    async def write(self, unit: Callable[[Any], T]) -> T:
        """Run a unit atomically; raises Away."""
        return await asyncio.wrap_future(self.database.submit(unit))

    def page(self, name: str, lang: str, status: int = 200, **values: object) -> HTMLResponse:
        """A page from its template."""
        return HTMLResponse(self.fragment(name, lang, **values), status)

    def fragment(self, name: str, lang: str, **values: object) -> str:
        """A template's text. Templates have t('key'), lang, the school's name and the addresses of static files."""
        school = self.settings.school
        return ENVIRONMENT.get_template(name).render(
            t=partial(text, lang),
            lang=lang,
            school=school.name_en if lang == "en" else school.name,
            static=static_address,
            demo=self.settings.demo.enabled,
            **values,
        )


def _environment() -> Environment:
    return Environment(
        loader=ChoiceLoader([FileSystemLoader(PAGES), PrefixLoader({"console": FileSystemLoader(CONSOLE)})]), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False, cache_size=-1,
    )  # fmt: skip


ENVIRONMENT: Final = _environment()


def load_static() -> Mapping[str, tuple[bytes, str, str]]:
    """Every static file by name: bytes, media type, and eight digits of its hash, which its address carries."""
    found = {}
    for path in sorted((*(PAGES / "static").iterdir(), *(CONSOLE / "static").iterdir())):
        kind = TYPES.get(path.suffix[1:])
        if kind:
            data = path.read_bytes()
            found[path.name] = (data, kind, hashlib.sha256(data).hexdigest()[:8])
    return found


STATIC: Final = load_static()


def static_address(name: str) -> str:
    """The address of a static file; it changes with the file, so browsers may keep it for ever."""
    return f"/static/{name}?v={STATIC[name][2]}"
