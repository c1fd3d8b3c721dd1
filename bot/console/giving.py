"""Handing several tickets of the inbox on at once: to whom is asked first, and it can be taken back for a moment."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.console.bulk import PICKED, picked
from bot.console.frame import ROOT, console_page, draw, go, inside
from bot.console.inbox import turn_of
from handlers import colleagues, giving
from handlers.deciding import BY_ID
from handlers.texts import text
from models.message import Refused

MOST_NAME = 40


async def give(call: Call) -> Response:
    """Ask to whom; once that is said, hand them on. A name that fits several is asked again, and nothing written is lost."""
    form = call.form
    if form.get("sure") != "1" or form.get("do") == "whom":
        return await _ask(call)
    to = form.get("to") or form.get("whom")[:MOST_NAME]
    picks, words = picked(call), form.get("words").strip()
    try:
        done = await call.web.write(lambda session: giving.give(turn_of(call, session), picks, to, words))
    except Refused as refused:
        return await _ask(call, 422, text(call.lang, refused.key, **refused.values))
    back = inside(form.get("back"))
    more = f"bulk={done.bulk}&moved=1" + (f"&left={len(done.left_out)}" if done.left_out else "")
    return go(f"{back}{'&' if '?' in back else '?'}{more}")


async def _ask(call: Call, status: int = 200, wrong: str = "") -> Response:
    form = call.form
    picks, whom = picked(call), form.get("whom")[:MOST_NAME]

    def query(session: Any) -> tuple[giving.Asked, list[tuple[str, str]], bool]:
        turn = turn_of(call, session)
        asked = giving.judge(turn, picks, whom)
        missed = bool(whom) and not asked.people
        # A name that fits nobody takes nobody away who may be chosen.
        offered = giving.judge(turn, picks).people if missed else asked.people
        return asked, [(f"{BY_ID}{each.person.id}", colleagues.describe(turn, each)) for each in offered], missed

    asked, people, missed = await call.web.read(query)
    fit = [each for each in asked.judged if not each.flag]
    return draw(
        call, "giving", status, fit=fit, left_out=[each for each in asked.judged if each.flag], people=people,
        count=len(fit), back=inside(form.get("back")), picks=" ".join(f"{each.pick.id}.{each.pick.rev}" for each in fit),
        to=form.get("to"), whom=whom, words=form.get("words").strip(), wrong=wrong,
        missed=missed,
    )  # fmt: skip


def routes() -> list[Route]:
    """The route of handing several on."""
    fields = ("do", "picks", "back", "sure", "to", "whom", "words")
    return [console_page(f"{ROOT}/bulk/give", give, ("POST",), fields=(*fields, *PICKED))]
