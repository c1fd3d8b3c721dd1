"""A student's own page: open matters and what may be done with them, half-filled forms, history, language, channels."""

from __future__ import annotations

import re
import secrets
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from bot.access import LANG_COOKIE, Call, May, page
from bot.addresses import NUMBER, ticket_number
from bot.door import clean
from bot.forms import Stop, read_number, read_query
from bot.pages.home import YEAR
from bot.pages.personal import CHANNEL, cry, cry_in, go, read, write
from bot.pages.words import linked, plain, size
from handlers import doing
from handlers.texts import sentences, text
from handlers.views import mine
from models.db import Away
from models.message import Incoming, Refused, Upload
from models.ticket import Ticket

VERB: Final = re.compile(r"[a-z_]{1,16}", re.ASCII)
FILES: Final = "files"  # beside the words of a verb


async def show(call: Call) -> Response:
    """Everything of one's own; ?after=NUMBER goes on with the history."""
    asked = read_query(call.request)
    after, did = asked.get("after", ""), f"me.did_{asked.get('did', '')}"
    found = await read(call, lambda turn: mine.mine(turn, after if NUMBER.fullmatch(after) else ""))
    return call.web.page(
        "me.html", call.lang, it=found, token=call.token, plain=plain, signed=call.signed, after=after,
        bound=call.signed is not None and call.signed.person_id is not None, message=secrets.token_urlsafe(12),
        did=text(call.lang, did) if did in sentences("zh") else "",
    )  # fmt: skip


async def one(call: Call) -> Response:
    """One matter's page: its receipt, what happens next, everything that was said."""
    asked = read_query(call.request)
    return await _draw(call, did=asked.get("did", ""), before=read_number(asked.get("before", "")))


async def _draw(
    call: Call, status: int = 200, *, did: str = "", box: str = "", words: str = "", wrong: str = "", before: int = 0,
    asked: doing.Asked | None = None,
) -> Response:  # fmt: skip
    number = ticket_number(call.request)
    found: mine.Receipt | None = await read(call, lambda turn: mine.receipt(turn, number, before))
    if found is None:
        raise Stop(404, "error.not_found")
    done = f"me.did_{did}" if f"me.did_{did}" in sentences("zh") else "me.did_any"
    return call.web.page(
        "matter.html", call.lang, status, it=found, token=call.token, plain=plain, linked=linked, size=size, box_asked=box,
        words=words, wrong=wrong, asked=asked, did=text(call.lang, done) if VERB.fullmatch(did) else "",
        asks=lambda verb: _asks(call.lang, verb, number), most_mb=call.web.settings.server.max_file_bytes // 1_048_576, stars=doing.STARS,
    )  # fmt: skip


def _asks(lang: str, verb: str, number: str) -> str:
    """What is asked for with a verb, in the sentence of the chat."""
    own = verb in (doing.ADD, doing.RATE)
    return text(lang, f"me.{verb}_words" if own else f"student.{verb}_words", number=number)


async def do(call: Call) -> Response:
    """One verb, by its button. Words stay where they were typed when it cannot be done; a button that was pressed twice
    shows how the matter stands now."""
    number, verb = ticket_number(call.request), call.request.path_params["verb"]
    if not VERB.fullmatch(verb) or call.signed is None:
        raise Stop(404, "error.not_found")
    rev, words, stars = read_number(call.form.get("rev")), clean(call.form.get("words")), call.form.get("stars")
    if cry_in(words):
        return await cry(call, words)
    try:
        incoming = await _message(call, number, words)
        sure = call.form.get("sure") == "yes"
        seen = await write(call, lambda turn: _seen(doing.do(turn, number, verb, rev, incoming, stars, sure=sure)))
    except doing.Asked as asked:
        return await _draw(call, box=verb, asked=asked)
    except doing.Stale:
        if not doing.needs_words(verb):
            return go(f"/me/{number}?did=stale")
        return await _draw(call, 409, box=verb, words=words, wrong=text(call.lang, "me.stale"))
    except Refused as refused:
        if refused.key == "ticket.not_found":
            raise Stop(404, "error.not_found") from None
        return await _draw(call, 422, box=verb, words=words, wrong=text(call.lang, refused.key, **refused.values))
    if verb == doing.AGAIN:
        return go(f"/services/{seen[1]}")
    # Words about a refusal opened a matter of their own, which is where they are answered.
    return go(f"/me/{seen[0] if verb in doing.ELSEWHERE else number}?did={verb}")


def _seen(ticket: Ticket) -> tuple[str, str]:
    return ticket.number, ticket.service


async def _message(call: Call, number: str, words: str) -> Incoming:
    """The words and files as a message; files are kept only for a matter that is the speaker's own. Raises Refused."""
    files: list[Upload] = []
    signed = call.signed
    if signed is None:
        raise Stop(404, "error.not_found")
    if call.form.files and await read(call, lambda turn: mine.receipt(turn, number)) is None:
        raise Refused("ticket.not_found")
    now, keep = call.web.now(), call.web.store.keep
    files += [await keep(each.data, each.name, signed.account_id, now) for each in call.form.files.get(FILES, ())]
    return Incoming(
        CHANNEL, signed.account_key, "", now, words, file=files[0] if files else None, more=tuple(files[1:])
    )  # fmt: skip


async def do_away(call: Call) -> Response:
    """The database is away: a cry for help is answered with the numbers all the same."""
    if cry_in(call.form.get("words")):
        return call.web.page("help.html", call.lang, 503, numbers=call.web.settings.crisis.numbers, shown="")
    raise Away


async def language(call: Call) -> Response:
    """Speak another language from now on, on this page and in chat."""
    lang = call.form.get("lang")
    if lang not in ("zh", "en"):
        raise Stop(422, "error.press")

    def unit(turn: Any) -> None:
        if turn.account is not None:
            turn.account.lang = lang

    await write(call, unit)
    moved = go("/me")
    moved.set_cookie(
        LANG_COOKIE, lang, max_age=YEAR, path="/", samesite="lax", secure=call.web.settings.server.secure_cookies,
        httponly=True,
    )  # fmt: skip
    return moved


def routes() -> list[Route]:
    """The routes of one's own matters."""
    papers = (frozenset[str](), frozenset({FILES}))
    return [
        page("/me", show, ("GET",), May.visitor),
        page("/language", language, ("POST",), May.visitor, fields=("lang",)),
        page("/me/{number}", one, ("GET",), May.visitor),
        page(
            "/me/{number}/{verb}", do, ("POST",), May.visitor, fields=("rev", "words", "stars", "sure"), more=lambda _web, _request: papers,
            away=do_away,
        ),
    ]  # fmt: skip
