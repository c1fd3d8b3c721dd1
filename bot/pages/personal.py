"""Whom a student's page speaks for: the turn that it reads in, the units that it writes in, and a cry for help in its words."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, TypeVar, cast

from starlette.responses import RedirectResponse, Response

from bot.access import Call
from bot.door import MOST_HEARD, Door, clean
from handlers import signins
from handlers.crisis_words import look
from handlers.signins import Signed
from handlers.turn import School, Turn
from models.message import Incoming
from models.numbering import take_turn
from models.person import Account, Person

T = TypeVar("T")
CHANNEL: Final = "webchat"


def school_of(call: Call) -> School:
    """The school as the core sees it."""
    return cast("Door", call.web.door).school


def turn_of(call: Call, session: Any) -> Turn:
    """The turn of whoever the browser speaks for, in the page's language; for a stranger it has neither account nor
    person."""
    now, account, person = call.web.now(), None, None
    if call.signed is not None:
        account = session.get(Account, call.signed.account_id)
        person = session.get(Person, call.signed.person_id) if call.signed.person_id else None
    return Turn(session, school_of(call), now, now, account, person, call.lang, CHANNEL)


async def read(call: Call, query: Callable[[Turn], T]) -> T:
    """Look something up in the reader's turn."""
    return await call.web.read(lambda session: query(turn_of(call, session)))


async def write(call: Call, unit: Callable[[Turn], T]) -> T:
    """Change something in the speaker's turn; messages of the same account wait until it is done, as they do for each other."""

    def whole(session: Any) -> T:
        if call.signed is not None:
            take_turn(session, CHANNEL, call.signed.account_key)
        return unit(turn_of(call, session))

    return await call.web.write(whole)


async def known(call: Call) -> Call:
    """The same call with an account to keep something for; a browser that nobody knows yet gets one."""
    if call.signed is not None:
        return call
    cookie, now = call.cookie, call.web.now()
    signed: Signed = await call.web.write(lambda session: signins.visit(session, cookie, now, call.idle))
    return replace(call, signed=signed)


def go(path: str) -> Response:
    """Lead the browser on after a form."""
    return RedirectResponse(path, 303)


def cry_in(words: str) -> bool:
    """Whether words are a cry for help; looked for in as much as the door hears."""
    return bool(words) and look(clean(words[:MOST_HEARD])) is not None


async def cry(call: Call, words: str) -> Response:
    """A cry for help that was written into a form goes the way of every message, before anything else is done with it.
    The same words sent twice by a double click are heard once."""
    signed = call.signed
    if signed is None:
        message = "somebody who cries for help has an account by now"
        raise RuntimeError(message)
    now = call.web.now()
    digest = hashlib.sha256(f"{now:%Y%m%d%H%M}:{words}".encode()).hexdigest()[:24]
    key = f"{signed.account_key}:page:{digest}"
    await call.web.door.receive(Incoming(CHANNEL, signed.account_key, key, now, words, hint=call.lang))
    return go("/chat#end")
