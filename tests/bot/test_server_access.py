"""The matrix of the web server: every route, as its rule says, for everybody; and nothing without a rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route

from bot.access import CONSOLE, RULES, May, page
from bot.server import build
from tests.bot.website import HAN, LILEI, Site, enter, make_site, token_in


def _as(site: Site, who: str) -> Any:
    client = site.client(follow_redirects=False)
    if who in (LILEI, HAN):
        first = client.get("/")
        client.post("/chat/enter", data={"token": token_in(first.text), "person": who})
    elif who == "signed out":
        client.cookies.set("yizhan", "p" + "a" * 43)
    return client


def address(path: str) -> str:
    """An address for a route: of a file of the look, of a service, of a matter and a file that are not there."""
    parts = {"name": "app.css", "id": "0" * 22, "slug": "leave", "number": "QJ-0001-0001", "verb": "back"}
    for name, value in parts.items():
        path = path.replace(f"{{{name}}}", value)
    return path


@pytest.mark.parametrize("who", ["anonymous", LILEI, HAN, "signed out"])
def test_it_lets_everybody_where_the_route_says_and_nowhere_else_az_01(site: Site, who: str) -> None:
    site.closing.set()  # An open stream would not end by itself.
    for (method, path), rule in sorted(RULES.items(), key=lambda row: row[0]):
        if path.startswith("/probe"):
            continue
        client = _as(site, who)
        answer = client.request(method, address(path))
        if rule.may is May.bearer:
            assert answer.status_code == 404, path  # There is no token here, so there is no API.
        elif method == "POST":
            assert answer.status_code in (403, 415), path  # No token, no form: nothing is done for anybody.
        elif rule.may in CONSOLE:  # It has a cookie of its own, which nobody has here.
            assert answer.status_code == 303 or rule.may is May.guest, path
        elif who == "signed out" and rule.may is not May.anyone:
            # A one-time link is for whoever has none of these cookies: the dead one goes, and it is opened again.
            there = path if path == "/enter" else "/"
            assert (answer.status_code, answer.headers["location"]) == (303, there), path
        elif path == "/chat/stream":
            assert answer.status_code == 503
        elif path in (
            "/files/{id}",
            "/me/{number}",
            "/g/{code}",
            "/slip/{number}",
            "/slip/{number}/pdf",
            "/slip/{number}/{code}",
        ):
            assert answer.status_code == 404
        else:
            assert answer.status_code in (200, 204), path


def test_it_declares_a_rule_for_every_route_az_01(site: Site) -> None:
    routes = [route for route in site.app.routes if isinstance(route, Route)]
    assert len(routes) == len(site.app.routes)
    for route in routes:
        for method in route.methods or set():
            assert method == "HEAD" or (method, route.path) in RULES


def test_it_keeps_visitors_from_what_is_for_people(sqlite_url: str, tmp_path: Path) -> None:
    site = make_site(sqlite_url, tmp_path)

    async def secret(call: Any) -> Any:
        return call.web.page("deploy.html", call.lang)

    school: Any = None
    more = [page("/probe", secret, may=May.person)]
    app = build(site.settings, site.database, site.door, site.store, school, site.closing, more)
    site.app = app
    client = site.client()
    assert client.get("/probe").status_code == 403
    enter(client, LILEI)
    assert client.get("/probe").status_code == 200
    del RULES["GET", "/probe"]
    site.database.close()
