"""Answering several tickets of the inbox with the same words: how and with what is asked first."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.console.bulk import PICKED, picked
from bot.console.frame import ROOT, console_page, draw, go, inside
from bot.console.inbox import turn_of
from handlers import answering_many
from handlers.texts import text
from models.message import Refused


async def answer(call: Call) -> Response:
    """Ask how and with which words; once that is said, answer them all. Nothing written is lost."""
    form = call.form
    if form.get("sure") != "1" or form.get("do") == "which":
        return await _ask(call)
    picks, verb, words = picked(call), form.get("verb"), form.get("words").strip()
    try:
        done, at_once = await call.web.write(
            lambda session: answering_many.answer(turn_of(call, session), picks, verb, words)
        )
    except Refused as refused:
        return await _ask(call, 422, text(call.lang, refused.key, **refused.values))
    back = inside(form.get("back"))
    more = f"bulk={done.bulk}&answered=1"
    more += f"&said={at_once}" if at_once else ""
    more += f"&left={len(done.left_out)}" if done.left_out else ""
    return go(f"{back}{'&' if '?' in back else '?'}{more}")


async def _ask(call: Call, status: int = 200, wrong: str = "") -> Response:
    form = call.form
    picks = picked(call)
    verb = form.get("verb") if form.get("verb") in answering_many.VERBS else answering_many.VERBS[0]
    judged = await call.web.read(lambda session: answering_many.judge(turn_of(call, session), picks, verb))
    fit = [each for each in judged if not each.flag]
    return draw(
        call, "answering", status, fit=fit, left_out=[each for each in judged if each.flag], count=len(fit),
        verbs=answering_many.VERBS, verb=verb, back=inside(form.get("back")), words=form.get("words").strip(), wrong=wrong,
        # Another way to answer may fit others of them, so all stay picked.
        picks=" ".join(f"{each.pick.id}.{each.pick.rev}" for each in judged),
    )  # fmt: skip


def routes() -> list[Route]:
    """The route of answering several."""
    fields = ("do", "picks", "back", "sure", "verb", "words")
    return [console_page(f"{ROOT}/bulk/answer", answer, ("POST",), fields=(*fields, *PICKED))]
