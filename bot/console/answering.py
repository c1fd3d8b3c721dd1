"""Answering several tickets of the inbox with the same words: how and with what is asked first."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.console.bulk import PICKED, picked
from bot.console.frame import ROOT, console_page, draw, go, inside
from bot.console.inbox import turn_of
from bot.console.phrases import of_school
from handlers import answering_many, phrases
from handlers.texts import text
from models.message import Refused


async def answer(call: Call) -> Response:
    """Ask how and with which words; once that is said, answer them all. Nothing written is lost."""
    form = call.form
    if form.get("sure") != "1" or form.get("do") in ("which", "phrase"):
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
    form, schools = call.form, of_school(call)
    picks = picked(call)
    verb = form.get("verb") if form.get("verb") in answering_many.VERBS else answering_many.VERBS[0]
    written, chosen = form.get("words").strip(), form.get("phrase") if form.get("do") == "phrase" else ""

    def query(session: Any) -> tuple[answering_many.Look, str]:
        turn = turn_of(call, session)
        found = answering_many.look(turn, picks, verb, written, schools)
        words = "\n".join(filter(None, (written, *(each.words for each in found.ready if each.id == chosen))))
        return (answering_many.look(turn, picks, verb, words, schools) if words != written else found), words

    found, words = await call.web.read(query)
    judged = found.judged
    fit = [each for each in judged if not each.flag]
    return draw(
        call, "answering", status, fit=fit, left_out=[each for each in judged if each.flag], count=len(fit),
        verbs=answering_many.VERBS, verb=verb, back=inside(form.get("back")), words=words, wrong=wrong,
        ready=found.ready, sample=found.sample, places=phrases.places(),
        # Another way to answer may fit others of them, so all stay picked.
        picks=" ".join(f"{each.pick.id}.{each.pick.rev}" for each in judged),
    )  # fmt: skip


def routes() -> list[Route]:
    """The route of answering several."""
    fields = ("do", "picks", "back", "sure", "verb", "words", "phrase")
    return [console_page(f"{ROOT}/bulk/answer", answer, ("POST",), fields=(*fields, *PICKED))]
