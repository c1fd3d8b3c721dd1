"""Tickets by the API: list, look, open for a student, and verbs on what the caller has seen."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import replace
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from bot.api.bodies import (
    Back,
    Before,
    Filter,
    Handing,
    MaybeWords,
    Merging,
    Opened,
    Refusing,
    Signing,
    Taking,
    Wish,
    Words,
)
from bot.api.frame import ROOT, Asked, Fault, Operation, Sent, Wrong, of_refusal, operation, pointer, said
from bot.forms import Stop
from handlers import deciding, portal
from handlers.texts import text
from handlers.views import record_shapes as shapes
from handlers.views import records
from handlers.views.records import Wanted
from models.message import Refused
from models.meta import audit

_ID: Final = re.compile(r"[0-9a-z]{22}", re.ASCII)
_TAG: Final = re.compile(r'"([0-9]{1,9})\.[0-9a-f]{16}"', re.ASCII)  # ours: the revision, a dot, a hash of the answer
_KEY: Final = re.compile(r'"?([\x21\x23-\x7e]{8,64})"?', re.ASCII)
CONDITION: Final = (404, 412, 422, 428)


async def page(asked: Asked) -> Response:
    """One page of tickets."""
    given: Filter = asked.query
    behind = _behind(given.cursor)
    wanted = Wanted(given.status, given.item, given.office, given.updated_since, given.overdue)
    sensitive = asked.bearer.sensitive

    def query(session: Any) -> tuple[tuple[shapes.Ticket, ...], str]:
        return records.page(asked.turn(session), wanted, behind, given.limit, sensitive=sensitive)

    rows, last = await asked.web.read(query)
    return said(shapes.Tickets(tickets=rows, next=_cursor(last) if last else None))


def _cursor(last: str) -> str:
    return base64.urlsafe_b64encode(f"1:{last}".encode()).decode().rstrip("=")


def _behind(cursor: str) -> str:
    """The id in a cursor; Wrong for one that we never gave."""
    if not cursor:
        return ""
    try:
        kind, _, last = (
            base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode().partition(":")
        )
    except (binascii.Error, ValueError):
        kind, last = "", ""
    if kind != "1" or not _ID.fullmatch(last):
        raise Wrong(400, "api.query", (Fault(pointer="#/cursor", detail="no cursor of ours"),))
    return last


async def show(asked: Asked) -> Response:
    """One ticket, with a tag by which it is asked again cheaply and acted on surely."""
    number, bearer = asked.number, asked.bearer
    query, before = asked.web.read, asked.query.before
    found = await query(lambda session: records.whole(
        asked.turn(session), number, before, sensitive=bearer.sensitive, acts=bearer.may_write
    ))  # fmt: skip
    if found is None:
        await _note(asked, "denied", number)
        raise Stop(404, "ticket.not_found")
    if found.private:
        await _note(asked, "opened", number)
    body = found.model_dump_json()
    tag = f'"{found.rev}.{hashlib.sha256(body.encode()).hexdigest()[:16]}"'
    # It may be kept by the caller, and is asked for anew each time.
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if tag in _tags(asked, "if-none-match"):
        return Response(None, 304, headers)
    return Response(body, 200, headers, media_type="application/json")


def _tags(asked: Asked, name: str) -> list[str]:
    """The tags of a condition; a weak one counts as the strong one that a cache made it of."""
    given = ",".join(asked.request.headers.getlist(name))
    return [each.strip().removeprefix("W/") for each in given.split(",")]


async def _note(asked: Asked, verb: str, number: str) -> None:
    """The audit keeps who looked at what is private, and who asked for what is not theirs, as on the console."""
    by = asked.bearer.person_id
    await asked.web.write(lambda session: audit(session, asked.now, by, verb, number))


async def open_(asked: Asked) -> Response:
    """Open a ticket for a student, once for one Idempotency-Key."""
    given: Wish = asked.body
    key = _KEY.fullmatch(asked.request.headers["idempotency-key"])
    if key is None:
        raise Stop(400, "api.needs_idempotency_key")
    wish = portal.Wish(given.student, given.item, given.answers, key[1])
    # Heard first and by itself, so that nothing that is wrong with the form undoes it.
    help_ = await _do(asked, lambda session: portal.hear(asked.turn(session), asked.bearer, wish))

    def unit(session: Any) -> tuple[Opened, bool]:
        turn = asked.turn(session)
        ticket, is_new = portal.open_for(turn, asked.bearer, wish)
        return Opened(**records.summary(turn, ticket).model_dump(), help=help_), is_new

    try:
        opened, is_new = await _do(asked, unit)
    except portal.Unfit as unfit:
        faults = (
            Fault(pointer=pointer(("answers", *filter(None, each.key.split("/")))), detail=each.said)
            for each in unfit.wrong
        )
        raise Wrong(422, "api.answers", tuple(faults), help_) from None
    headers = {"location": f"{ROOT}/tickets/{opened.number}"}
    return said(opened, 201 if is_new else 200, headers)


async def _do(asked: Asked, unit: Any) -> Any:
    try:
        return await asked.web.write(unit)
    except deciding.Unopened as doubt:
        # The question that the console and the chat ask, and how it is answered here.
        wrong = Wrong(409, doubt.key, (Fault(pointer="#/confirm", detail=text(asked.lang, "api.confirm")),))
        wrong.values = doubt.values
        raise wrong from None
    except Refused as refused:
        raise of_refusal(refused) from None


def _to(given: Any) -> str:
    """To whom, into what or to which step, as the verbs take it; "" for none of them."""
    step = getattr(given, "step", None)
    return f"step {step}" if step else getattr(given, "to", "") or getattr(given, "into", "")


def _verb(verb: str) -> Any:
    """The endpoint of one verb."""

    async def act(asked: Asked) -> Response:
        number, given = asked.number, asked.body
        revs = frozenset(int(found[1]) for each in _tags(asked, "if-match") if (found := _TAG.fullmatch(each)))
        deed = portal.Deed(
            verb.replace("-", "_"), getattr(given, "words", ""), _to(given),
            _deed_key(asked), same=getattr(given, "same", False), confirm=getattr(given, "confirm", False),
        )  # fmt: skip

        def unit(session: Any) -> shapes.Ticket:
            turn = asked.turn(session)
            return records.summary(turn, portal.act(turn, asked.bearer, number, deed, revs))

        try:
            return said(await _do(asked, unit))
        except deciding.Stale:
            raise Stop(412, "api.stale") from None
        except Stop as stop:
            if stop.key == "ticket.not_found":
                await _note(asked, "denied", number)
            raise

    return act


def _deed_key(asked: Asked) -> str:
    """The caller's own key of a verb, "" where none was sent; raises Stop for one that is none."""
    if "idempotency-key" not in asked.request.headers:
        return ""
    key = _KEY.fullmatch(asked.request.headers["idempotency-key"])
    if key is None:
        raise Stop(400, "api.needs_idempotency_key")
    return key[1]


def _named(verb: str) -> str:
    """The operationId of a verb: send-back → sendBackTicket."""
    first, *rest = verb.split("-")
    return first + "".join(each.title() for each in rest) + "Ticket"


_LIST = Operation("GET", "/tickets", "listTickets", "The tickets that the token's person may answer, the newest first.",
                  page, shapes.Tickets, query=Filter, refuses=(400,))  # fmt: skip
_ONE = Operation("GET", "/tickets/{number}", "getTicket", "One ticket with its answers, its course and its limits.", show,
                 shapes.WholeTicket, query=Before, takes=("if-none-match",), refuses=(304, 400, 404))  # fmt: skip
_OPEN = Operation("POST", "/tickets", "openTicket", "Open a ticket for a student; once for one Idempotency-Key.", open_,
                  Opened, body=Wish, writes=True, needs=("idempotency-key",), status=201, refuses=(200, 404, 422))  # fmt: skip
_ACT = Operation(
    "POST", "/tickets/{number}/", "", "", page, shapes.Ticket, writes=True, needs=("if-match",),
    takes=("idempotency-key",), refuses=CONDITION,
)  # fmt: skip
_VERBS: Final[tuple[tuple[str, type[Sent], str], ...]] = (
    ("take", Taking, "Accept a ticket as one's own work."),
    ("reply", Words, "Write to the student. Without signatures this is the answer, unless it reads as progress."),
    ("progress", Words, "Tell the student how far it is: the ticket stays open, and its time to the end runs on."),
    ("conclude", Taking, "What was told as progress last is the answer: resolved with the same words."),
    ("unfinished", Taking, "The reply that ended it was progress: it goes on. For two minutes, unless it was judged."),
    ("ask", Words, "Ask the student for something more; the clock stops until it comes."),
    ("note", Words, "Write a note that only staff read."),
    ("transfer", Handing, "Hand a ticket to another member of staff or to an office."),
    ("priority", Words, "Say how much it presses: low, normal, high or urgent; a reason may follow."),
    ("tag", Words, "Give a ticket tags, with spaces or commas between them."),
    ("untag", Words, "Take tags away from a ticket."),
    ("tick", Words, "Tick lines of its checklist: their places, such as 1 3, or all."),
    ("untick", Words, "Take a tick back."),
    ("line", Words, "Add a line to its checklist, for this ticket alone."),
    ("resolve", MaybeWords, "Say that it is done, with a sentence for the student or none."),
    (
        "sign",
        Signing,
        "Give the signature that is asked of the token's person; 409 where something is to be confirmed first.",
    ),
    (
        "refuse",
        Refusing,
        "Decide against it, with the reason that the student reads; 409 where it is somebody else's turn, to be confirmed.",
    ),
    (
        "send-back",
        Back,
        "Send it back to an earlier step in its chain of signatures (the one before), with the reason.",
    ),
    ("merge", Merging, "Close it as a duplicate of another ticket, which goes on for both."),
)


def routes() -> list[Route]:
    """The routes of tickets."""
    verbs = [
        replace(
            _ACT,
            path=_ACT.path + verb,
            name=_named(verb),
            about=about,
            endpoint=_verb(verb),
            body=body,
            refuses=(*CONDITION, 409) if body in (Signing, Refusing) else CONDITION,
        )
        for verb, body, about in _VERBS
    ]
    return [operation(each) for each in (_LIST, _ONE, _OPEN, *verbs)]
