"""A browser at the console for tests, with its cookies and tokens, on the whole school of the matrix."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from handlers import entrances, passwords
from models.credential import Credential
from models.person import Person
from tests.bad_inputs.place import Place, Said

PASSWORD = "晴天 骑车 去看海 and back"
HASHED = passwords.keep(PASSWORD)


@dataclass
class Desk:
    """One browser: it keeps the console's cookie and posts forms with the token of the page that it last saw."""

    place: Place
    cookie: str = ""
    token: str = ""
    sent: list[str] = field(default_factory=list)

    def get(self, path: str) -> Said:
        return self._ask("GET", path, {}, b"")

    def post(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> Said:
        kind = {"content-type": "application/x-www-form-urlencoded"} | (headers or {})
        return self._ask("POST", path, kind, urlencode({"token": self.token} | fields).encode())

    def sign_in(self, number: str, password: str = PASSWORD, **more: Any) -> Said:
        self.get("/console/sign-in")
        return self.post("/console/sign-in/check", more.pop("headers", None), number=number, password=password, **more)

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Said:
        if self.cookie:
            headers = headers | {"cookie": f"yizhan-console={self.cookie}"}
        answer = self.place.call(method, path, "anonymous", headers, body)
        given = SimpleCookie(answer.headers.get("set-cookie", "")).get("yizhan-console")
        if given is not None:
            self.cookie = given.value
            self.sent.append(given.value)
        found = re.search(r'name="token" value="([0-9a-f]{32})"', answer.text)
        self.token = found.group(1) if found else self.token
        return answer


def number_of(place: Place, who: str) -> str:
    """The school number of somebody of the cast."""
    found = place.database.read(lambda session: session.get(Person, who.replace("_", "0")))
    assert found is not None
    return found.number


def give_password(place: Place, who: str) -> str:
    """Give somebody of the cast PASSWORD; answers with the number."""
    person_id = who.replace("_", "0")
    place.database.run(
        lambda session: session.merge(
            Credential(person_id=person_id, password=HASHED, recovery=[], totp_step=0, changed_at=place.now)
        )
    )
    return number_of(place, who)


def link(place: Place, who: str, kind: str = "enter") -> str:
    """What a new one-time link of somebody carries."""
    person_id = who.replace("_", "0")

    def unit(session: Any) -> str:
        return entrances.invite(session, session.get(Person, person_id), kind, place.now, None)

    made: str = place.database.run(unit)
    return made
