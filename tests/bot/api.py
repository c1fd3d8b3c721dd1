"""Tokens and requests of another system, for the tests of the API."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from handlers import tokens
from tests.bad_inputs.place import CAST, Place, Said

NUMBERS = {who: f"N{at:04}" for at, who in enumerate(CAST)}


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
