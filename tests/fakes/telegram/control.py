"""The control door /control/…: what a test in another process may do to the fake and ask of it, in JSON."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.world import Json, Sent

if TYPE_CHECKING:
    from tests.fakes.telegram.server import TelegramFake

ACTS = {
    "write", "start", "reply", "edit", "send_photo", "send_document", "send_album", "send_voice", "send_sticker",
    "send_location", "send_contact", "press", "react", "block", "unblock", "deactivate", "join",
}  # fmt: skip
GROUP_ACTS = {"turn_bot", "migrate", "open_topic", "delete_topic", "lose_topic"}


class Control:
    """One JSON object in, one out; a mistake is 400 with its words."""

    def __init__(self, fake: TelegramFake) -> None:
        self._fake = fake

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """POST /control/VERB with a JSON object; GET the same with its values in the query."""
        verb = request.path.removeprefix("/control").strip("/") or "statistics"
        raw = await request.read()
        try:
            wish: Json = dict(request.query) | (json.loads(raw) if raw else {})
            result = await self._do(verb, wish)
        except (ValueError, KeyError, TypeError, StopIteration, TimeoutError) as mistake:
            return web.json_response({"mistake": f"{type(mistake).__name__}: {mistake}"}, status=400)
        return web.json_response(result, dumps=lambda value: json.dumps(value, default=_json))

    async def _do(self, verb: str, wish: Json) -> Any:
        fake = self._fake
        match verb:
            case "act":
                return self._act(wish)
            case "group":
                owner = fake.person(user_id=int(wish.pop("owner")))
                return {"chat_id": fake.group(owner=owner, **wish).id}
            case "group_act":
                return self._group_act(wish)
            case "update":
                return {"update_id": fake.inject(wish["update"], queue=int(wish.get("queue", 0)))}
            case "poison":
                return {"update_id": fake.poison(**wish)}
            case "fault":
                return dataclasses.asdict(fake.faults.add(Fault(**wish)))
            case "clear_faults":
                fake.faults.clear()
            case "advance":
                fake.clock.advance(float(wish["seconds"]))
                fake.updates.wake()
            case "refuse":
                # The answer goes out first; then nobody listens for so long.
                asyncio.get_running_loop().call_later(0.02, self._refuse, float(wish.get("seconds", 1.0)))
            case _:
                return await self._ask(verb, wish)
        return {}

    async def _ask(self, verb: str, wish: Json) -> Any:
        fake = self._fake
        match verb:
            case "sent":
                return await self._sent(wish)
            case "answered":
                return fake.methods.answered
            case "commands":
                user = int(wish["user_id"])
                return fake.methods.commands_for(user, int(wish.get("chat_id", user)))
            case "requests":
                return fake.requests[-int(wish.get("last", 100)) :]
            case "deliveries":
                return [vars(delivery) for delivery in fake.webhook.deliveries]
            case "restart_numbering":
                return {"update_id": fake.updates.restart_numbering(wish.get("first"))}
            case "statistics":
                return fake.statistics()
        raise ValueError(verb)

    def _act(self, wish: Json) -> Any:
        """{"person": 1001, "name": "李雷", "verb": "write", …what the verb takes}; files are base64 in `content`, `photos`."""
        person = self._fake.person(wish.pop("name", "李雷"), int(wish.pop("person")))
        verb = wish.pop("verb")
        if verb not in ACTS:
            raise ValueError(verb)
        if "content" in wish:
            wish["content"] = base64.b64decode(wish["content"])
        if "photos" in wish:
            wish["photos"] = [base64.b64decode(photo) for photo in wish["photos"]]
        if verb in {"press", "reply", "react"}:
            chat = int(wish.pop("chat", 0)) or person.id
            wish["message"] = self._message(chat, int(wish.pop("message_id")))
        return getattr(person, verb)(**wish)

    def _group_act(self, wish: Json) -> Any:
        group = self._fake.find_group(int(wish.pop("chat_id")))
        verb = wish.pop("verb")
        if verb not in GROUP_ACTS:
            raise ValueError(verb)
        return getattr(group, verb)(**wish)

    def _message(self, chat: int, message_id: int) -> Sent:
        return next(one for one in self._fake.sent if (one.chat_id, one.message_id) == (chat, message_id))

    async def _sent(self, wish: Json) -> list[Json]:
        """{"chat_id", "since": how many are known, "at_least": wait for so many, "seconds"}."""
        chat, since = int(wish.get("chat_id", 0)), int(wish.get("since", 0))
        least = int(wish.get("at_least", 0))
        found = await self._fake.wait_for_sent(least, chat, float(wish.get("seconds", 5)))
        return [sent.json() for sent in found[since:]]

    def _refuse(self, seconds: float) -> None:
        async def close() -> None:
            await self._fake.refuse_connections()
            await asyncio.sleep(seconds)
            await self._fake.accept_connections()

        self._closing = asyncio.create_task(close())


def _json(value: Any) -> Any:
    if isinstance(value, Sent):
        return value.json()
    raise TypeError(value)
