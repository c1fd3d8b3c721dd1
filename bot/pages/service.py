"""The form of a service as one page: filled in, kept half-filled, looked over, and handed in exactly once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call, May, page
from bot.addresses import FILE
from bot.door import clean
from bot.forms import Stop, read_query
from bot.pages import home
from bot.pages.files import keep_posted
from bot.pages.lists import read_posted
from bot.pages.personal import cry, cry_in, go, known, read, school_of, write
from bot.pages.words import plain, size
from bot.web import Web
from handlers import half_filled, handing_in, list_files, live, sheet
from handlers.first_look import Look, beside
from handlers.sheet import Read, Wrong
from handlers.texts import text
from handlers.turn import Turn
from handlers.views import sheet as views
from models.db import Away
from models.item import SLUG, Item
from models.message import Refused

PATH: Final = "/services/"  # and the item's slug
DOES: Final = frozenset({"", "check", "keep"})


def item_of(call: Call) -> Item:
    """The item of the address; Stop for one that is not offered."""
    return _item(school_of(call).catalogue.items, call.request)


def _item(items: Mapping[str, Item], request: Request) -> Item:
    slug = request.path_params["slug"]
    item = items.get(slug) if SLUG.fullmatch(slug) else None
    if item is None or item.hidden:
        raise Stop(404, "error.not_found")
    return item


def inputs_of(web: Web, request: Request) -> tuple[frozenset[str], frozenset[str]]:
    """What the posted form of an item may hold: its inputs, and those of files."""
    item = _item(web.door.school.catalogue.items, request)  # type: ignore[attr-defined]
    return sheet.names(item), sheet.file_names(item) | list_files.names(item)


async def show(call: Call) -> Response:
    """The form as far as it was filled in, here or in chat; ?step=check shows the whole before it is handed in."""
    item, asked = item_of(call), read_query(call.request)
    key = asked.get("key", "")
    key = key if handing_in.KEY.fullmatch(key) else secrets.token_urlsafe(15)

    # A stranger may look at the form; it is asked who one is before it is handed in.
    said = (
        await read(call, lambda turn: live.elsewhere(turn, item, turn.person)) if item.live_for and call.signed else ""
    )
    if said:
        return call.web.page(
            "service_elsewhere.html", call.lang, title=item.title.to(call.lang), said=said, plain=plain
        )

    def query(turn: Turn) -> tuple[str, bool, views.Sheet, views.Summary | None, Look | None]:
        before = handing_in.earlier(turn, key)
        draft = half_filled.begun(turn, item) if turn.account is not None else None
        answers, typed = (dict(draft.answers), draft.typed) if draft is not None else ({}, {})
        seasons = turn.school.seasons
        whole = all(
            answers.get(field.key) is not None
            for field in item.fields if field.required and field.asked(answers, seasons)
        )  # fmt: skip
        summary = views.summary(turn, item, answers) if draft is not None and whole else None
        shown = views.sheet(turn, item, answers, typed=typed)
        first = beside(turn, item, answers, typed)
        return before.number if before else "", bool(answers or typed), shown, summary, first

    number, is_begun, shown, summary, first = await read(call, query)
    if number:
        return go(f"/me/{number}?did=before")
    if asked.get("step") == "check" and summary is not None:
        return await _check(call, summary, key, first, changed="changed" in asked)
    return _draw(call, shown, key, note=text(call.lang, "sheet.goes_on") if is_begun else "", first=first)


async def _check(
    call: Call, summary: views.Summary, key: str, first: Look | None, *, changed: bool
) -> Response:  # fmt: skip
    """The whole, with the button that hands it in, or for somebody unknown with the ways to say who one is."""
    bound = call.signed is not None and call.signed.person_id is not None
    people = await home.people(call) if call.web.settings.demo.enabled and not bound else {"students": [], "staff": []}
    return call.web.page(
        "check.html", call.lang, it=summary, slug=call.request.path_params["slug"], key=key, token=call.token, bound=bound,
        changed=changed, people=people["students"], plain=plain, message=secrets.token_urlsafe(12), first=first,
    )  # fmt: skip


def _draw(
    call: Call, shown: views.Sheet, key: str, status: int = 200, note: str = "", first: Look | None = None,
    *, is_kept: bool = False,
) -> Response:  # fmt: skip
    """The form. is_kept: it was just put aside, so nothing on it is unsaved."""
    most = call.web.settings.server.max_file_bytes // 1_048_576
    return call.web.page(
        "service.html", call.lang, status, it=shown, key=key, token=call.token, note=note, plain=plain, size=size, first=first,
        most_mb=most, bound=call.signed is not None and call.signed.person_id is not None, who=call.who, is_kept=is_kept,
    )  # fmt: skip


async def fill(call: Call) -> Response:
    """The form as it was posted: kept as far as it is good; what is not is said, and everything typed stays."""
    item, form = item_of(call), call.form
    key, does, drop = form.get("key"), form.get("do"), form.get("drop")
    if not handing_in.KEY.fullmatch(key):
        raise Stop(422, "error.key")
    if does not in DOES or (drop and not FILE.fullmatch(drop)):
        raise Stop(422, "error.press")
    given = {name: clean(value) for name, value in form.fields.items() if name in sheet.names(item)}
    call = await known(call)
    cries = await _heard(call, item, given)
    sent, bad = await keep_posted(call, call.signed.account_id if call.signed is not None else "")
    lists, unread = await read_posted(call, item)

    def unit(turn: Turn) -> tuple[str, Read, views.Sheet, Mapping[str, str]]:
        filled, listed = list_files.into(turn, item, given, lists)
        files = [*bad, *unread]
        before = handing_in.earlier(turn, key)
        kept = half_filled.answered(turn, item)
        found = sheet.read(turn, item, filled, _without(kept, drop), sent)
        found.wrong = list_files.mistakes(found.wrong, files, listed)
        if before is None:
            good = {name: value for name, value in found.answers.items() if does == "check" or value is not None}
            half_filled.keep(turn, item, good, filled)
        wrong = (
            found.wrong
            if does == "check"
            else [each for each in found.wrong if _typed(each, filled, [*files, *listed])]
        )
        return before.number if before else "", found, views.sheet(turn, item, found.answers, filled, wrong), filled

    number, found, shown, filled = await write(call, unit)
    if cries:
        return go("/chat#end")
    if number:
        return go(f"/me/{number}?did=before")
    if does == "check" and not found.wrong:
        return go(f"{PATH}{item.slug}?step=check&key={key}")
    if does == "check":
        return _draw(call, shown, key, 422)
    return _draw(call, shown, key, note=_kept(call.lang, item, found, filled), is_kept=True)


def _kept(lang: str, item: Item, found: Read, given: Mapping[str, str]) -> str:
    """What was put aside, by name; and what was typed there and is no answer yet, which stays as it was typed."""
    good = [field for field in item.fields if found.answers.get(field.key) is not None]
    others = [field for field in item.fields if field not in good]
    raw = [field for field in others if any(given[name].strip() for name in sheet.inputs_of(field, given))]
    comma = text(lang, "form.or")
    said = (
        [text(lang, "sheet.kept", count=len(good), fields=comma.join(each.label(lang) for each in good))]
        if good
        else []
    )
    said += [text(lang, "sheet.kept_raw", fields=comma.join(each.label(lang) for each in raw))] if raw else []
    apart = "" if lang == "zh" else " "  # Chinese sentences follow each other without a space.
    return apart.join([*said, text(lang, "sheet.kept_where")]) if said else text(lang, "sheet.kept_none")


async def _heard(call: Call, item: Item, given: Mapping[str, str]) -> bool:
    """Whether the form holds a cry for help that was not heard before; it is heard before anything of the form is kept."""
    loud = [words for words in given.values() if cry_in(words)]
    if not loud:
        return False

    def query(turn: Turn) -> list[str]:
        draft = half_filled.begun(turn, item)
        return [words for words in loud if draft is None or words not in draft.answers.values()]

    loud = await read(call, query)
    if loud:
        await cry(call, "\n".join(loud))
    return bool(loud)


def _typed(wrong: Wrong, given: Mapping[str, str], bad: Sequence[Wrong]) -> bool:
    """Whether something was entered that is wrong; what is only missing is no mistake of a form that is put aside."""
    name = f"{sheet.PREFIX}{wrong.key}"
    return wrong in bad or any(value for key, value in given.items() if key == name or key.startswith(f"{name}-"))


def _without(kept: dict[str, Any], file_id: str) -> dict[str, Any]:
    """What was answered before, without a file that is taken out."""
    if not file_id:
        return kept
    return {
        name: [file for file in value if file.get("id") != file_id] or None
        if isinstance(value, list) and all(isinstance(file, dict) for file in value)
        else value
        for name, value in kept.items()
    }


async def fill_away(call: Call) -> Response:
    """The database is away: nothing was kept; a cry for help is answered with the numbers all the same."""
    if any(cry_in(words) for words in call.form.fields.values()):
        numbers = call.web.settings.crisis.numbers
        return call.web.page("help.html", call.lang, 503, numbers=numbers, shown="")
    raise Away


async def hand_in(call: Call) -> Response:
    """Hand in what the page showed: once, whatever is clicked twice, reloaded or sent again from an old page."""
    item, key, seen = item_of(call), call.form.get("key"), call.form.get("seen")
    if not handing_in.KEY.fullmatch(key):
        raise Stop(422, "error.key")
    call = await known(call)

    def unit(turn: Turn) -> tuple[str, str]:
        before = handing_in.earlier(turn, key)
        answers = half_filled.answered(turn, item)
        if before is not None:
            return before.number, "before"
        if not answers or handing_in.digest(answers) != seen or turn.person is None:
            return "", "changed"
        ticket = handing_in.hand_in(turn, item, answers, key, about=call.form.get("about"))
        half_filled.drop(turn, item.slug)
        return ticket.number, "opened"

    try:
        number, did = await write(call, unit)
    except Refused as refused:
        return await _refused(call, item, key, refused)
    if not number:
        return go(f"{PATH}{item.slug}?step=check&key={key}&{did}=1")
    return go(f"/me/{number}?did={did}")


async def _refused(call: Call, item: Item, key: str, refused: Refused) -> Response:
    """What came to be wrong between the look and the click, beside its question; nothing was handed in."""
    wrong = [Wrong(str(refused.values.get("field", "")), text(call.lang, refused.key, **refused.values))]

    def query(turn: Turn) -> views.Sheet:
        draft = half_filled.begun(turn, item)
        return views.sheet(turn, item, draft.answers if draft is not None else {}, None, wrong)

    return _draw(call, await read(call, query), key, 422)


async def drop(call: Call) -> Response:
    """Let the half-filled form go."""
    item = item_of(call)
    if call.signed is not None:
        await write(call, lambda turn: half_filled.drop(turn, item.slug))
    return go("/me?did=dropped")


def routes() -> list[Route]:
    """The routes of a service's form."""
    one = f"{PATH}{{slug}}"
    return [
        page(one, show, ("GET",), May.visitor),
        page(f"{one}/fill", fill, ("POST",), May.visitor, fields=("key", "do", "drop"), more=inputs_of, away=fill_away),
        page(f"{one}/hand-in", hand_in, ("POST",), May.visitor, fields=("key", "seen", "about")),
        page(f"{one}/drop", drop, ("POST",), May.visitor),
    ]
