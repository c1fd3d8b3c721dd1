"""Giving several tickets of the inbox the same tags, or taking them off: which is asked first."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.console.bulk import PICKED, picked
from bot.console.frame import ROOT, console_page, draw, go, inside
from bot.console.inbox import turn_of
from handlers import tagging_many, tags
from handlers.texts import text
from handlers.views import inbox
from models.message import Refused


async def tag(call: Call) -> Response:
    """Ask which tags; once that is said, give them to all or take them off. Nothing written is lost."""
    form = call.form
    if form.get("do") not in tagging_many.VERBS:
        return await _ask(call)
    picks, verb, words = picked(call), form.get("do"), form.get("words")
    try:
        count = await call.web.write(lambda session: tagging_many.tag(turn_of(call, session), picks, verb, words))
    except Refused as refused:
        return await _ask(call, 422, text(call.lang, refused.key, **refused.values))
    back = inside(form.get("back"))
    return go(f"{back}{'&' if '?' in back else '?'}tagged={count}")


async def _ask(call: Call, status: int = 200, wrong: str = "") -> Response:
    picks = picked(call)

    def query(session: Any) -> tuple[tuple[inbox.Row, ...], tuple[str, ...]]:
        turn = turn_of(call, session)
        return inbox.rows_of(turn, [pick.id for pick in picks]), tags.in_use(turn)

    rows, in_use = await call.web.read(query)
    return draw(
        call, "tagging", status, rows=rows, count=len(rows), in_use=in_use, wrong=wrong, words=call.form.get("words"),
        back=inside(call.form.get("back")), picks=" ".join(row.pick for row in rows),
    )  # fmt: skip


def routes() -> list[Route]:
    """The route of tagging several."""
    return [console_page(f"{ROOT}/bulk/tag", tag, ("POST",), fields=("do", "picks", "back", "words", *PICKED))]
