"""The web chat: messages posted by a page, and the stream by which it hears answers and notices, in order, once."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Final

import structlog
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.access import Call, May, check_origin, page
from bot.cookies import ANONYMOUS, new_cookie, set_cookie
from bot.door import MOST_HEARD, clean
from bot.forms import Stop, of_refusal, read_number, read_query
from bot.guard import Pace, check_pace
from bot.lists import Rows, is_text, read_sent
from bot.streams import Stream, Streams
from bot.web import Web
from handlers import signins, streams
from handlers.crisis_words import look
from handlers.signins import Signed
from handlers.texts import text
from handlers.views import chat
from handlers.views.chat import Entry
from models.db import Away
from models.message import MOST_PRESS, MOST_TEXT, Incoming, Refused, Upload

log = structlog.get_logger()
KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
PRESS: Final = re.compile(rf"[\x21-\x7e]{{0,{MOST_PRESS}}}")
PING_SECONDS: Final = 15  # campus proxies cut what is silent for longer
RETRY_MS: Final = 5000


class WebChat:
    """The web chat's routes. pace counts the messages of an address, of which a cry for help is never refused."""

    def __init__(self, hub: Streams, pace: Pace) -> None:
        self._hub = hub
        self._pace = pace

    def routes(self) -> list[Route]:
        """Every route of the channel, with who may come."""
        fields = ("text", "press", "key", "seen", "quote")
        return [
            page("/chat/say", self.say, ("POST",), May.visitor, fields=fields, takes_file=True, away=self.say_away),
            page("/chat/stream", self.stream, ("GET",), May.visitor),
            page("/chat/poll", self.poll, ("GET",), May.visitor),
            page("/chat/seen", self.seen, ("POST",), May.visitor, fields=("seq",)),
        ]

    async def say(self, call: Call) -> Response:
        """One message or press: answered when the door has committed it; a page without script is sent back.

        What is refused is refused with a sentence; a page without script is shown its words again, to change and send.
        """
        try:
            return await self._take_in(call)
        except (Stop, Refused) as problem:
            stop = problem if isinstance(problem, Stop) else of_refusal(problem)
            words, lang = call.form.get("text"), call.lang
            if _wants_json(call.request) or not words:
                raise stop from None
        what, quote = text(lang, stop.key, **stop.values), call.form.get("quote")
        again = {"what": what, "words": words, "quote": quote, "token": call.token, "key": secrets.token_urlsafe(12)}
        response = call.web.page("again.html", lang, stop.status, **again)
        response.headers.update(stop.headers)
        return response

    async def _take_in(self, call: Call) -> Response:
        web, form = call.web, call.form
        if not is_cry(form.get("text")):
            check_pace(call.request, web.settings, self._pace)
        words, press, key = _checked(call)
        seen = read_number(form.get("seen"))
        signed, cookie = await self._speaker(call)
        now = web.now()
        delivery = _delivery_key(signed, key, call)
        upload, rows = await self._upload(call, signed, delivery)
        words = words or (form.file.name[:80] if form.file and rows and upload is None else "")  # It is shown so.
        sent = Incoming("webchat", signed.account_key, delivery, now, words, press, form.get("quote"), upload)
        answer = await web.door.receive(replace(sent, hint=call.lang, table=rows))
        if not answer.taken:
            if is_too_long(words):
                raise Stop(422, "error.too_long", most=MOST_TEXT, given=len(clean(words)))
            raise Stop(429, "door.too_fast", {"retry-after": str(RETRY_MS // 1000)})
        await self._acknowledge(web, signed, seen)
        if not _wants_json(call.request):
            response: Response = RedirectResponse("/chat#end", 303)
        else:
            seq, lang = answer.seq, answer.lang or call.lang
            found = await web.read(lambda session: chat.entry(session, signed.account_id, seq))
            items = [_item(web, entry, lang) for entry in found]
            response = JSONResponse({"entries": items, "who": _who(call, signed), "lang": lang})
        if cookie:
            set_cookie(web, response, cookie, call.idle)
        return response

    async def _upload(self, call: Call, signed: Signed, delivery: str) -> tuple[Upload | None, Rows]:
        """The file of a message, kept once, and its rows where it may be a list (plain text is nothing else, and not
        kept); raises Refused, but not where the words beside it are a cry for help."""
        file, web, words = call.form.file, call.web, call.form.get("text")
        if is_too_long(words) and not is_cry(words):
            return None, ()  # The door will not take the words, so nobody would ever see the file.
        if file is None or await web.read(lambda session: chat.is_known(session, "webchat", delivery)):
            return None, ()
        try:
            if is_text(file.name):
                return None, await read_sent(file.name, file.data)
            kept = await web.store.keep(file.data, file.name, signed.account_id, web.now())
            return kept, await read_sent(file.name, file.data)
        except Refused:
            if is_cry(words):
                return None, ()
            raise

    async def say_away(self, call: Call) -> Response:
        """The database is away: nothing was kept, the page sends again; a cry for help is answered all the same."""
        web, lang = call.web, call.lang
        replies = web.door.help_without_database(call.form.get("text"), lang)
        shown = web.draw(Entry(0, web.now(), None, replies), lang) if replies else ""
        headers = {"retry-after": "5"}
        if _wants_json(call.request):
            body = {"problem": text(lang, "error.away_what"), "retry": True, "html": shown}
            return JSONResponse(body, 503, headers)
        if not replies:
            raise Away
        response = web.page("help.html", lang, 503, replies=replies, numbers=web.settings.crisis.numbers, shown=shown)
        response.headers.update(headers)
        return response

    async def stream(self, call: Call) -> Response:
        """The account's stream from a number on, as server-sent events; 204 when there is no account yet."""
        check_origin(call.web, call.request)
        last = call.request.headers.get("last-event-id", "")
        after = read_number(last or read_query(call.request).get("after", ""))
        if call.web.closing.is_set():
            raise Stop(503, "error.closing", {"retry-after": "5"})
        if call.signed is None:
            return Response(status_code=204)
        opened = self._hub.open(call.signed.account_id)
        return StreamingResponse(
            self._events(call, call.signed, opened, after),
            media_type="text/event-stream",
            headers={"x-accel-buffering": "no"},
            background=BackgroundTask(self._hub.close, opened),
        )

    async def _events(self, call: Call, signed: Signed, stream: Stream, after: int) -> AsyncIterator[str]:
        web = call.web
        yield f"retry: {RETRY_MS}\n\n"
        try:
            while not stream.ended:
                stream.wake.clear()
                known, found = await self._look(call, signed, after)
                if not known:
                    return
                for entry in found:
                    item = json.dumps(_item(web, entry, call.lang), ensure_ascii=False)
                    yield f"id: {entry.seq}\ndata: {item}\n\n"
                    after = entry.seq
                await self._note_sent(web, signed, found)
                if len(found) >= chat.MOST:
                    continue
                try:
                    async with asyncio.timeout(PING_SECONDS):
                        await stream.wake.wait()
                except TimeoutError:
                    yield ": still here\n\n"
        except Away:
            # The page comes again by itself, and finds the same number to go on from.
            return
        finally:
            self._hub.close(stream)

    async def _look(self, call: Call, signed: Signed, after: int) -> tuple[bool, list[Entry]]:
        """Whether the browser still speaks for the account, and what is new in its stream."""
        now = call.web.now()

        def query(session):  # type: ignore[no-untyped-def]
            current = signins.recognise(session, call.cookie, now)
            if current is None or current.account_id != signed.account_id:
                return False, []
            return True, chat.entries(session, signed.account_id, after)

        found: tuple[bool, list[Entry]] = await call.web.read(query)
        return found

    async def poll(self, call: Call) -> Response:
        """What is new after a number, once, for pages whose stream is cut; and the token, for pages opened earlier."""
        after = read_number(read_query(call.request).get("after", ""))
        found: list[Entry] = []
        signed = call.signed
        if signed is not None:
            account_id = signed.account_id
            found = await call.web.read(lambda session: chat.entries(session, account_id, after))
            await self._note_sent(call.web, signed, found)
        items = [_item(call.web, entry, call.lang) for entry in found]
        return JSONResponse({"entries": items, "token": call.token, "who": call.who})

    async def seen(self, call: Call) -> Response:
        """The page has shown everything up to a number."""
        seq = read_number(call.form.get("seq"))
        if call.signed is not None:
            await self._acknowledge(call.web, call.signed, seq)
        return Response(status_code=204)

    async def _acknowledge(self, web: Web, signed: Signed, seq: int) -> None:
        """Note what was seen, with a write only where it changes something."""
        if not seq:
            return
        now, account_id = web.now(), signed.account_id
        if await web.read(lambda session: streams.is_behind(session, account_id, seq)):
            await web.write(lambda session: streams.note_seen(session, account_id, seq, now))

    async def _note_sent(self, web: Web, signed: Signed, found: list[Entry]) -> None:
        """Note that notices were written out, with a write only where it changes something."""
        if any(entry.is_fresh for entry in found):
            now, upto = web.now(), found[-1].seq
            await web.write(lambda session: streams.note_sent(session, signed.account_id, upto, now))

    async def _speaker(self, call: Call) -> tuple[Signed, str]:
        """Who speaks; a browser that nobody knows gets an account, and a cookie where it has none."""
        if call.signed is not None:
            return call.signed, ""
        cookie, now = call.cookie or new_cookie(ANONYMOUS), call.web.now()
        return await call.web.write(lambda session: signins.visit(session, cookie, now, call.idle)), cookie


def is_cry(words: str) -> bool:
    """Whether the words are a cry for help, which no limit may stop; looked for in as much as the door hears."""
    return bool(words) and look(clean(words[:MOST_HEARD])) is not None


def is_too_long(words: str) -> bool:
    """Whether the door refuses words for their length, unless they are a cry for help."""
    return len(words) > MOST_TEXT and len(clean(words[:MOST_HEARD])) > MOST_TEXT


def _checked(call: Call) -> tuple[str, str, str]:
    """The text, the press and the client's id of a message; raises Stop with what is wrong."""
    form = call.form
    words, press, key = form.get("text").strip(), form.get("press"), form.get("key")
    if not KEY.fullmatch(key):
        raise Stop(422, "error.key")
    if not PRESS.fullmatch(press):
        raise Stop(422, "error.press")
    if not PRESS.fullmatch(form.get("quote")):
        raise Stop(422, "error.quote")
    if not (words or press or form.file):
        raise Stop(422, "error.empty")
    return words, press, key


def _delivery_key(signed: Signed, key: str, call: Call) -> str:
    """The key of a delivery: nobody else's, and not that of another message sent from an old page with the same id."""
    form = call.form
    parts = [form.get("text").strip().encode(), form.get("press").encode(), form.file.data if form.file else b""]
    if form.get("quote"):
        parts.append(form.get("quote").encode())
    digest = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:12]
    return f"{signed.account_key}:{key}:{digest}"


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _who(call: Call, signed: Signed) -> str:
    return call.who if signed.person_id is not None else "visitor"


def _item(web: Web, entry: Entry, lang: str) -> dict[str, object]:
    """One entry as the page's script reads it."""
    return {"seq": entry.seq, "key": entry.key, "html": web.draw(entry, lang)}
