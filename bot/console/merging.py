"""Merging several tickets of the inbox into one: which goes on and what becomes of each is shown first."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.console.bulk import PICKED, picked
from bot.console.frame import ROOT, console_page, draw, go, inside
from bot.console.inbox import turn_of
from handlers import merging_many
from handlers.approvals import Done
from handlers.merging_many import Asked
from handlers.texts import text
from handlers.views import inbox
from models.message import Refused

MOST_NUMBER = 24


async def merge(call: Call) -> Response:
    """Ask which goes on; once that is said, merge the others into it. Nothing written is lost."""
    form = call.form
    # What was chosen since the page was made is shown once more before anything is done.
    if form.get("sure") != "1" or form.get("do") != "merge" or _into(call) != form.get("seen"):
        return await _ask(call)
    picks, into, words = picked(call), _into(call), form.get("words").strip()

    def unit(session: Any) -> Done:
        places = form.get("places") == "1"
        return merging_many.merge(turn_of(call, session), picks, into, words, sure=places)[0]

    try:
        done = await call.web.write(unit)
    except Refused as refused:
        return await _ask(call, 422, text(call.lang, refused.key, **refused.values))
    back = inside(form.get("back"))
    more = f"bulk={done.bulk}&merged=1" + (f"&left={len(done.left_out)}" if done.left_out else "")
    return go(f"{back}{'&' if '?' in back else '?'}{more}")


def _into(call: Call) -> str:
    """The number of the one that goes on: a written one counts before a chosen one, "" for the oldest."""
    return (call.form.get("other").strip() or call.form.get("into").strip())[:MOST_NUMBER]


async def _ask(call: Call, status: int = 200, wrong: str = "") -> Response:
    form, picks, into = call.form, picked(call), _into(call)
    sure = form.get("places") == "1"

    def query(session: Any) -> tuple[Asked, str, dict[str, str]]:
        turn, why = turn_of(call, session), ""
        try:
            found = merging_many.judge(turn, picks, into, sure=sure)
        except Refused as refused:
            found, why = merging_many.judge(turn, picks, sure=sure), text(call.lang, refused.key, **refused.values)
        ids = {each.pick.id for each in (*found.may_stay, *found.judged)}
        return found, why, {row.id: row.about for row in inbox.rows_of(turn, sorted(ids))}

    asked, why, about = await call.web.read(query)
    fit = [each for each in asked.judged if not each.flag]
    apart = sure or any(each.flag == merging_many.PLACES for each in asked.judged)
    return draw(
        call, "merging", 422 if why and not wrong else status, kept=asked.kept, may_stay=asked.may_stay, fit=fit, gone=asked.gone,
        left_out=[each for each in asked.judged if each.flag], count=len(fit), back=inside(form.get("back")),
        # Another one to go on may fit others of them, so all stay picked.
        picks=" ".join(f"{each.pick.id}.{each.pick.rev}" for each in dict.fromkeys((*asked.may_stay, *asked.judged))),
        words=form.get("words").strip(), other=form.get("other").strip()[:MOST_NUMBER], wrong=wrong or why, sure=sure,
        apart=apart, about=about, seen=into or (asked.kept.number if asked.kept else ""),
    )  # fmt: skip


def routes() -> list[Route]:
    """The route of merging several."""
    fields = ("do", "picks", "back", "sure", "into", "other", "places", "words", "seen")
    return [console_page(f"{ROOT}/bulk/merge", merge, ("POST",), fields=(*fields, *PICKED))]
