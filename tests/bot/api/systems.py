"""Tokens and requests of another system, for the tests of the API."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.api.frame import Problem
from handlers import tokens
from models.meta import Audit
from tests.bad_inputs.cast import CAST
from tests.bad_inputs.place import Place, Said

REPAIR = {"what": "air", "where": "梅园3栋402", "detail": "不制冷，一直滴水"}
NUMBERS = {who: f"N{at:04}" for at, who in enumerate(CAST)}
STUDENT, FOREIGN = NUMBERS["owner"], NUMBERS["stranger"]


def token_of(place: Place, who: str, scope: str = "write", name: str = "", *, sensitive: bool = False) -> str:
    """A new token that speaks for one of the cast; answers with its secret."""
    made = name or f"{who.replace('_', '-')}-{scope}{'-all' if sensitive else ''}"

    def unit(session: Any) -> str:
        until_at = place.now + timedelta(days=30)
        return tokens.issue(session, made, NUMBERS[who], scope, until_at, place.now, sensitive=sensitive)

    return place.database.run(unit)


@dataclass
class System:
    """Another system with a token ("" for none): what it asks, and what it is answered."""

    place: Place
    token: str
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: bytes = b"", /, **headers: str) -> Said:
        """One request; the names of headers with _ for -."""
        sent = {name.replace("_", "-"): value for name, value in {**self.headers, **headers}.items()}
        given = {"authorization": f"Bearer {self.token}"} if self.token else {}
        return self.place.call(method, f"/api/v1{path}", "anonymous", given | sent, body)

    def get(self, path: str, **headers: str) -> Said:
        return self.ask("GET", path, **headers)

    def post(self, path: str, said: Any, **headers: str) -> Said:
        return self.ask("POST", path, json.dumps(said).encode(), content_type="application/json", **headers)

    def found(self, path: str, **headers: str) -> Any:
        """The JSON of a request that must succeed."""
        answer = self.get(path, **headers)
        assert answer.status == 200, answer.text
        return json.loads(answer.body)

    def tag(self, number: str) -> str:
        """The tag of a ticket as it is now."""
        return self.get(f"/tickets/{number}").headers["etag"]

    def act(self, number: str, verb: str, **said: Any) -> Said:
        """One verb on a ticket as it is now."""
        return self.post(f"/tickets/{number}/{verb}", said, if_match=self.tag(number))


def audited(place: Place, verb: str) -> list[str]:
    """What the audit log says of a verb."""
    wanted = select(Audit.thing).where(Audit.verb == verb).order_by(Audit.id)
    return list(place.database.read(lambda session: session.execute(wanted).scalars().all()))


def key_of(answer: Any) -> tuple[int, str]:
    """Status and key of a refusal, which says why in both languages."""
    assert answer.headers["content-type"] == "application/problem+json"
    told = Problem.model_validate_json(answer.body)
    assert told.status == answer.status
    assert told.zh != told.en
    assert told.detail in (told.zh, told.en)
    return answer.status, told.key


def opened(system: System, key: str, **more: Any) -> Any:
    """A repair that was opened for 李雷."""
    answer = system.post(
        "/tickets", {"item": "dorm-repair", "student": STUDENT, "answers": REPAIR | more}, idempotency_key=key
    )
    assert answer.status == 201, answer.text
    return json.loads(answer.body)
