"""The queue of approvals: one card, two big buttons, and the next card at once; made for a phone and for keys."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.access import Call
from bot.addresses import NUMBER
from bot.console.frame import ROOT, console_page, draw, go, refusal
from bot.console.inbox import TICKET, turn_of
from bot.console.phrases import of_school
from bot.forms import Stop, read_number, read_query
from bot.pages.words import linked, plain, size
from handlers import approving, deciding
from handlers.texts import text
from handlers.views import approvals
from models.base import ID_LENGTH
from models.message import Refused

HERE: Final = f"{ROOT}/approvals"
DONE: Final = frozenset({*approving.VERBS, "undo"})


class Writing(NamedTuple):
    """A decision that was not carried out: why, whether the card asks if one is sure, and what was written for which verb."""

    wrong: str = ""
    armed: bool = False
    box: str = ""
    words: str = ""


NOTHING: Final = Writing()


async def show(call: Call) -> Response:
    """The first card, the one that an address names, or the one beside it."""
    asked = read_query(call.request)
    step = 1 if "after" in asked else -1 if "before" in asked else 0
    number = asked.get("after", "") or asked.get("before", "") or asked.get("at", "")
    did, was, bulk = asked.get("did", ""), asked.get("was", ""), asked.get("bulk", "")
    return await _draw(call, number, step, did=did, was=was, bulk=bulk)


async def _draw(
    call: Call, number: str, step: int = 0, status: int = 200, *, did: str = "", was: str = "", bulk: str = "",
    writing: Writing = NOTHING,
) -> Response:  # fmt: skip
    """The page from a number on. did, was, bulk: what was decided last, and how it is taken back."""

    def query(session: Any) -> tuple[approvals.Queue, str]:
        turn = turn_of(call, session)
        return approvals.queue(turn, number, step, schools=of_school(call)), approvals.name_of(
            turn, was
        ) if NUMBER.fullmatch(was) else ""

    found, name = await call.web.read(query)
    known = bool(name) and did in DONE
    return draw(
        call, "approvals", status, view=HERE, found=found, said=_did(call, did, name, was) if known else "",
        undo=was if known and did != "undo" else "", bulk=bulk if len(bulk) == ID_LENGTH else "", writing=writing,
        left=_left(call, found.left), nothing=NOTHING, **_drawn(),
    )  # fmt: skip


def _drawn() -> dict[str, object]:
    """What the template of a card needs beside the card."""
    return {"here_": HERE, "ticket": TICKET, "size": size, "worded": approvals.WORDED}


def _did(call: Call, did: str, name: str, number: str) -> str:
    return text(call.lang, f"approvals.did_{did}", name=name, number=number)


def _left(call: Call, left: int) -> str:
    if left > approvals.MOST:
        return text(call.lang, "approvals.left_many", count=approvals.MOST)
    return text(call.lang, "approvals.left", count=left)


async def do(call: Call) -> Response:
    """One decision; the next card is the answer. What went on meanwhile is said, and nothing done to it."""
    number, verb = call.request.path_params["number"], call.request.path_params["verb"]
    if not NUMBER.fullmatch(number) or verb not in approving.VERBS:
        raise Stop(404, "error.not_found")
    rev, sure = read_number(call.form.get("rev")), call.form.get("sure") == "1"
    written, phrase = call.form.get("words").strip(), call.form.get("phrase")
    last = call.form.get("last")
    wants_parts = "application/json" in call.request.headers.get("accept", "")

    def unit(session: Any) -> tuple[str, str]:
        turn = turn_of(call, session)
        ahead = "" if wants_parts else approvals.following(turn, number)
        ready = approvals.ready_words(turn, number, verb, phrase, of_school(call))
        words = " ".join(part for part in (ready, written) if part)
        return approving.decide(turn, number, verb, rev, words, sure=sure), ahead

    try:
        bulk, following = await call.web.write(unit)
    except approving.Doubtful as doubt:
        wrong = text(call.lang, "approvals.look", why=text(call.lang, f"inbox.flag_{doubt.flag}"))
        if doubt.flag == "unopened":  # The sentence of the chat.
            name = await call.web.read(lambda session: approvals.name_of(turn_of(call, session), number))
            wrong = text(call.lang, "proof.unopened", names=name)
        return await _not_done(call, number, Writing(wrong, armed=True), parts=wants_parts)
    except deciding.Stale as stale:
        key = (
            "approvals.stale_by"
            if stale.since.by
            else "approvals.stale_what"
            if stale.since.what
            else "approvals.stale"
        )
        wrong = text(call.lang, key, number=number, **stale.since._asdict())
        return await _not_done(call, number, Writing(wrong), parts=wants_parts)
    except Refused as refused:
        if refused.key == "ticket.not_found":
            raise Stop(404, "error.not_found") from None
        writing = Writing(refusal(call.lang, refused), box=verb, words=written)
        return await _not_done(call, number, writing, parts=wants_parts, status=422)
    if wants_parts:
        return await _parts(call, last, did=verb, was=number, bulk=bulk)
    return go(
        f"{HERE}?did={verb}&was={number}"
        + (f"&at={following}" if following else "")
        + (f"&bulk={bulk}" if bulk else "")
    )


async def _not_done(call: Call, number: str, writing: Writing, *, parts: bool, status: int = 409) -> Response:
    """Why nothing was done, with the card as it stands now where it still waits for the reader."""
    if not parts:
        return await _draw(call, number, 0, status, writing=writing)
    found = await call.web.read(
        lambda session: approvals.queue(turn_of(call, session), number, most=1, schools=of_school(call))
    )
    again = found.cards if found.cards and found.cards[0].number == number else ()
    body = {"problem": writing.wrong, "card": _cards(call, again, writing), "left": _left(call, found.left)}
    return JSONResponse({**body, "none": not found.left}, status)


async def _parts(call: Call, last: str, *, did: str, was: str, bulk: str) -> Response:
    """What the script shows after a decision: the sentence, the count, and the card behind the last that it has."""

    def query(session: Any) -> tuple[approvals.Queue, str]:
        turn = turn_of(call, session)
        return approvals.queue(turn, last, 1, most=1, schools=of_school(call)), approvals.name_of(turn, was)

    behind, name = await call.web.read(query)
    body = {
        "said": _did(call, did, name, was), "number": was, "bulk": bulk, "left": _left(call, behind.left),
        "none": not behind.left, "card": _cards(call, behind.cards),
    }  # fmt: skip
    return JSONResponse(body)


def _cards(call: Call, cards: tuple[approvals.Card, ...], writing: Writing = NOTHING) -> str:
    return "".join(
        call.web.fragment(
            "console/approvals_card.html", call.lang, it=card, token=call.token, plain=plain, linked=linked, shown=False,
            writing=writing, **_drawn(),
        )
        for card in cards
    )  # fmt: skip


async def undo(call: Call) -> Response:
    """Take back what was decided last; its card is there again."""
    number, bulk = call.form.get("number"), call.form.get("bulk")
    if not NUMBER.fullmatch(number):
        raise Stop(404, "error.not_found")
    try:
        await call.web.write(lambda session: approving.take_back(turn_of(call, session), number, bulk))
    except Refused as refused:
        if refused.key == "ticket.not_found":
            raise Stop(404, "error.not_found") from None
        return await _draw(call, "", 0, 422, writing=Writing(text(call.lang, refused.key, **refused.values)))
    return go(f"{HERE}?at={number}&did=undo&was={number}")


def routes() -> list[Route]:
    """The queue's routes."""
    return [
        console_page(HERE, show),
        console_page(f"{HERE}/undo", undo, ("POST",), fields=("number", "bulk")),
        console_page(f"{HERE}/{{number}}/{{verb}}", do, ("POST",), fields=("rev", "sure", "phrase", "words", "last")),
    ]
