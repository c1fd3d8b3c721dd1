"""Ready sentences (常用语): one's own to make, change and delete, and those that everybody has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, cast

from starlette.responses import Response
from starlette.routing import Route

from bot.access import Call
from bot.console.frame import ROOT, console_page, draw, go
from bot.console.inbox import turn_of
from bot.door import Door
from bot.forms import read_query
from handlers import phrases
from handlers.phrases import Ready
from handlers.texts import text
from models.message import Refused

PATH: Final = f"{ROOT}/phrases"
_ID: Final = re.compile(r"[0-9a-z]{22}", re.ASCII)


def of_school(call: Call) -> tuple[Ready, ...]:
    """The school's own sentences, as its settings have them."""
    return tuple(
        Ready(f"school{place}", each.name, each.words, each.service, each.verb)
        for place, each in enumerate(call.web.settings.console.phrases)
    )


async def show(call: Call) -> Response:
    """All sentences, and the form for a new one or for one that is changed."""
    changed = read_query(call.request).get("change", "")
    return await _draw(call, changed=changed if _ID.fullmatch(changed) else "")


async def _draw(call: Call, status: int = 200, *, changed: str = "", wrong: str = "", **given: str) -> Response:
    def query(session: Any) -> tuple[Sequence[Ready], Sequence[Ready], dict[str, str]]:
        turn = turn_of(call, session)
        return phrases.own(turn), phrases.common(turn, of_school(call)), phrases.example(turn)

    own, common, example = await call.web.read(query)
    written = next((each for each in own if each.id == changed), Ready("", "", ""))
    if wrong:
        written = Ready(changed, given["name"], given["words"], given["service"], given["verb"])
    items = cast("Door", call.web.door).school.catalogue.items
    titles = {slug: item.title.to(call.lang) for slug, item in items.items() if not item.hidden}
    return draw(
        call, "phrases", status, view=PATH, own=own, common=common, written=written, wrong=wrong, titles=titles,
        places=phrases.PLACES, boxes=phrases.BOXES, most=phrases.MOST_WORDS, most_name=phrases.MOST_NAME,
        filled=lambda words: phrases.fill(words, example),
    )  # fmt: skip


async def keep(call: Call) -> Response:
    """Keep a sentence. What is wrong with it is said beside it, and nothing that was written is lost."""
    given = {name: call.form.get(name) for name in ("name", "words", "service", "verb")}
    phrase_id = call.form.get("id") if _ID.fullmatch(call.form.get("id")) else ""
    try:
        await call.web.write(lambda session: phrases.keep(turn_of(call, session), **given, phrase_id=phrase_id))
    except Refused as refused:
        wrong = text(call.lang, refused.key, **refused.values)
        return await _draw(call, 422, changed=phrase_id, wrong=wrong, **given)
    return go(PATH, "phrase")


async def drop(call: Call) -> Response:
    """Delete a sentence."""
    await call.web.write(lambda session: phrases.drop(turn_of(call, session), call.form.get("id")))
    return go(PATH, "phrase_gone")


def routes() -> list[Route]:
    """The routes of ready sentences."""
    return [
        console_page(PATH, show),
        console_page(f"{PATH}/keep", keep, ("POST",), fields=("id", "name", "words", "service", "verb")),
        console_page(f"{PATH}/drop", drop, ("POST",), fields=("id",)),
    ]
