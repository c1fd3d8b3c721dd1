"""Opening a matter for a student who calls or stands at the desk: the item, its form as one page, and a look at the whole."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, NamedTuple, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.console.frame import console_page, draw, go
from bot.console.inbox import turn_of
from bot.console.students import HERE, number_of
from bot.door import Door, clean
from bot.forms import Stop, read_query
from bot.lists import Rows
from bot.pages.files import keep_posted
from bot.pages.lists import read_posted
from bot.pages.words import size
from bot.web import Web
from handlers import behalf, directory, handing_in, list_files, live, serving, sheet
from handlers.sheet import Wrong
from handlers.texts import text
from handlers.views import sheet as sheets
from models.item import SLUG, Item
from models.message import Refused, Upload

MOST_ITEMS: Final = 40  # listed at once; the search finds the others
FIELDS: Final = ("key", "source", "kept", "seen", "do")
DOES: Final = frozenset({"", "check", "change", "hand_in"})


class Filled(NamedTuple):
    """What came of a posted form: the number of the ticket where it was opened, the form, and the whole to be looked at."""

    name: str
    number: str = ""
    form: sheets.Sheet | None = None
    summary: sheets.Summary | None = None
    files: tuple[Upload, ...] = ()
    kept: str = ""
    given: Mapping[str, str] = MappingProxyType({})  # what the form held, with those on an uploaded list


async def choose(call: Call) -> Response:
    """The items that may be opened for a student, or those that words find."""
    number, words = number_of(call), read_query(call.request).get("name", "")[:40]

    slug = read_query(call.request).get("not", "")

    def query(session: Any) -> tuple[str, list[tuple[str, str, bool]], str]:
        turn = turn_of(call, session)
        catalogue, student = turn.school.catalogue, serving.student_of(turn, number)
        found = [item for item, _ in catalogue.find(words, 20)] if words else catalogue.offered()
        fit = [item for item in found if behalf.may_open(item)][:MOST_ITEMS]
        listed = [(item.slug, live.label(turn, item, student), live.is_live(item, student)) for item in fit]
        asked = catalogue.items.get(slug)
        said = live.elsewhere(turn, asked, student) if asked is not None and behalf.may_open(asked) else ""
        return directory.name_of(student, call.lang), listed, said

    name, items, said = await call.web.read(_found(query))
    return draw(
        call, "student_items", view=HERE, whose=name, base=f"{HERE}/{number}", items=items, words=words, said=said
    )


async def show(call: Call) -> Response:
    """The empty form of an item for a student."""
    number = number_of(call)

    def query(session: Any) -> Filled | None:
        turn = turn_of(call, session)
        student, item = serving.student_of(turn, number), serving.item_of(turn, _slug(call.request))
        if not live.is_live(item, student):
            return None
        theirs = replace(turn, person=student)
        return Filled(directory.name_of(student, call.lang), form=sheets.sheet(theirs, item, {}))

    filled = await call.web.read(_found(query))
    if filled is None:
        return go(f"{HERE}/{number}/open?not={_slug(call.request)}")
    return _draw(call, filled, secrets.token_urlsafe(12), "")


async def fill(call: Call) -> Response:
    """The form as it was posted: looked over, changed again, or handed in; what is wrong is said beside its question."""
    number, form = number_of(call), call.form
    key, source, does = form.get("key"), form.get("source"), form.get("do")
    if not serving.REST.fullmatch(key) or does not in DOES:
        raise Stop(422, "error.key")
    given = {name: clean(value) for name, value in form.fields.items() if name not in (*FIELDS, "token")}
    new, bad, lists = await _keep_files(call, number)

    def unit(session: Any) -> Filled:
        turn = turn_of(call, session)
        student, item = serving.student_of(turn, number), serving.item_of(turn, _slug(call.request))
        theirs, name = replace(turn, person=student), directory.name_of(student, call.lang)
        keys = (behalf.key_of(each, key) for each in behalf.SOURCES)
        before = next((had for each in keys if (had := handing_in.earlier(theirs, each))), None)
        if before is not None:
            return Filled(name, before.number)
        kept = serving.kept_files(turn, form.get("kept"))
        held = {field: [*kept.get(field, []), *new.get(field, [])] for field in {*kept, *new}}
        filled, listed = list_files.into(theirs, item, given, lists)
        found = sheet.read(theirs, item, filled, {}, held)
        found.wrong = list_files.mistakes(found.wrong, bad, listed)
        if source not in behalf.SOURCES:
            found.wrong.insert(0, Wrong("", text(call.lang, "behalf.which_source")))
        seen = not found.wrong and form.get("seen") == handing_in.digest(found.answers)
        if does == "hand_in" and seen:
            try:
                opened = serving.open_for(turn, number, item.slug, found.answers, source, key)
            except Refused as refused:
                said = text(call.lang, refused.key, **refused.values)
                found.wrong.append(Wrong(str(refused.values.get("field", "")), said))
            else:
                return Filled(name, opened.number)
        files = tuple(file for uploads in held.values() for file in uploads)
        words = " ".join(f"{field}:{file.id}" for field, uploads in held.items() for file in uploads)
        if found.wrong or does == "change":
            drawn = {field: value for field, value in found.answers.items() if field not in held}
            return Filled(name, form=sheets.sheet(theirs, item, drawn, filled, found.wrong), files=files, kept=words)
        whole = sheets.summary(theirs, item, found.answers)
        return Filled(name, summary=whole, files=files, kept=words, given=filled)

    filled = await call.web.write(_found(unit))
    if filled.number:
        return go(f"{HERE}/{number}?did=opened&was={filled.number}")
    if filled.summary is not None:
        return draw(
            call, "student_check", view=HERE, it=filled.summary, whose=filled.name, key=key, source=source, kept=filled.kept,
            given=filled.given, base=f"{HERE}/{number}", slug=_slug(call.request),
        )  # fmt: skip
    wrong = filled.form is not None and bool(filled.form.mistakes)
    return _draw(call, filled, key, source, 422 if wrong else 200)


def _draw(call: Call, filled: Filled, key: str, source: str, status: int = 200) -> Response:
    return draw(
        call, "student_open", status, view=HERE, it=filled.form, whose=filled.name, key=key, source=source,
        kept=filled.kept, kept_files=filled.files, sources=behalf.SOURCES, base=f"{HERE}/{number_of(call)}", size=size,
        most_mb=call.web.settings.server.max_file_bytes // 1_048_576,
    )  # fmt: skip


def _found(query: Any) -> Any:
    """The same query, for which a student or an item out of reach is a page that is not there."""

    def asked(session: Any) -> Any:
        try:
            return query(session)
        except Refused as refused:
            if refused.key == "ticket.not_found":
                raise Stop(404, "error.not_found") from None
            raise

    return asked


def _slug(request: Request) -> str:
    slug: str = request.path_params["slug"]
    if not SLUG.fullmatch(slug):
        raise Stop(404, "error.not_found")
    return slug


def _item(web: Web, request: Request) -> Item:
    """The item of the address; Stop for one that is not opened for students."""
    item: Item | None = cast("Door", web.door).school.catalogue.items.get(_slug(request))
    if item is None or not behalf.may_open(item):
        raise Stop(404, "error.not_found")
    return item


def _inputs(web: Web, request: Request) -> tuple[frozenset[str], frozenset[str]]:
    """What the posted form of an item may hold: its inputs, and those of files and lists."""
    item = _item(web, request)
    return sheet.names(item), sheet.file_names(item) | list_files.names(item)


async def _keep_files(call: Call, number: str) -> tuple[Mapping[str, list[Upload]], list[Wrong], Mapping[str, Rows]]:
    """Keep the posted files in the speaker's name, once it is sure that the student may be served; what is wrong with them,
    and the rows of the lists among them."""
    if not call.form.files:
        return {}, [], {}

    def account(session: Any) -> str:
        turn = turn_of(call, session)
        serving.student_of(turn, number)
        return serving.own_account(turn)

    new, bad = await keep_posted(call, await call.web.write(_found(account)))
    lists, unread = await read_posted(call, _item(call.web, call.request))
    return new, [*bad, *unread], lists


def routes() -> list[Route]:
    """The routes of opening for a student."""
    one = f"{HERE}/{{number}}/open"
    return [
        console_page(one, choose),
        console_page(f"{one}/{{slug}}", show),
        console_page(f"{one}/{{slug}}/fill", fill, ("POST",), fields=FIELDS, more=_inputs),
    ]
