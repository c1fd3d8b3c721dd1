"""The API's document: one entry for each route, every reference resolved, and every real answer as it says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from bot.access import RULES, May
from bot.api import openapi
from bot.api.frame import OPERATIONS, ROOT, Nothing, Problem
from bot.forms import Stop
from handlers import form_schema
from handlers.catalogue import load
from tests.bad_inputs.place import Place
from tests.bot.api.systems import NUMBERS, System, token_of


@pytest.fixture
def written(shared_place: Place) -> dict[str, Any]:
    """The document as a caller reads it."""
    assert shared_place.app is not None, "The routes are declared with the application."
    return openapi.document("https://bot.example.edu", "Example University", "1.2.3")


def parts(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in a document."""
    if isinstance(node, dict):
        yield node
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from parts(each)


def test_it_describes_every_route_and_no_other(written: dict[str, Any]) -> None:
    declared = {(method, path) for (method, path), rule in RULES.items() if rule.may is May.bearer}
    described = {(method.upper(), ROOT + path) for path, each in written["paths"].items() for method in each}
    assert described == declared
    assert declared == {(each.method, ROOT + each.path) for each in OPERATIONS.values()}
    assert json.loads(json.dumps(written)) == written
    assert (written["openapi"], written["security"]) == ("3.1.0", [{"token": []}])


def test_it_is_whole(written: dict[str, Any]) -> None:
    schemas = written["components"]["schemas"]
    for each in parts(written):
        if "$ref" in each:
            assert each["$ref"].removeprefix("#/components/schemas/") in schemas
    names = [each["operationId"] for path in written["paths"].values() for each in path.values()]
    assert len(names) == len(set(names)) == len(OPERATIONS)
    for path, each in ((path, each) for path, methods in written["paths"].items() for each in methods.values()):
        named = [(one["in"], one["name"]) for one in each["parameters"]]
        assert len(named) == len(set(named))
        assert {name for where, name in named if where == "path"} == set(re.findall(r"\{(\w+)\}", path))
        assert each["summary"]
        assert {"401", "403", "429"} < set(each["responses"])
        assert any(status.startswith("2") for status in each["responses"])
        assert all(re.fullmatch(r"[2-5]\d\d", status) for status in each["responses"])


def test_it_says_what_is_really_answered(shared_place: Place) -> None:
    system = System(shared_place, token_of(shared_place, "officer", name="document"))
    number = shared_place.repair_of("owner").number
    seen = set()
    for name, each in OPERATIONS.items():
        path = each.path.replace("{number}", number).replace("{slug}", "dorm-repair")
        headers = {"if_match": system.tag(number)} if "if-match" in each.needs else {"idempotency_key": "document-1"}
        bodies = {"openTicket": {"item": "dorm-repair", "student": NUMBERS["owner"], "answers": {}},
                  "transferTicket": {"to": NUMBERS["head"], "words": "请办理"}, "takeTicket": {}}  # fmt: skip
        answer = (
            system.get(path)
            if each.method == "GET"
            else system.post(path, bodies.get(name, {"words": "好"}), **headers)
        )
        assert answer.status in (each.status, *each.refuses, 422, 404), (name, answer.text)
        if answer.status == each.status and each.answers is not None:
            strictly(each.answers).model_validate_json(answer.body)
            seen.add(name)
        elif answer.status >= 400:
            Problem.model_validate_json(answer.body)
    assert {"listTickets", "getTicket", "getItem", "listItems", "getHealth", "takeTicket"} <= seen
    assert all(each.query is Nothing or each.method == "GET" for each in OPERATIONS.values())


def strictly(model: type[BaseModel]) -> type[BaseModel]:
    """The same model that refuses what it does not declare."""
    made: type[BaseModel] = type(
        model.__name__, (model,), {"model_config": {"extra": "forbid"}, "__module__": __name__}
    )
    return made


def test_it_makes_a_schema_of_every_items_form() -> None:
    for item in load().items.values():
        for sensitive in (False, True):
            schema = form_schema.schema_of(item, sensitive=sensitive)
            assert schema["additionalProperties"] is False
            open_ = {field.key for field in item.fields if field.kind != "file" and (sensitive or not field.sensitive)}
            assert set(schema.get("properties", {})) == open_
            assert all("x-label" in each for each in schema.get("properties", {}).values())


def test_it_draws_what_went_wrong_before_any_operation_as_a_problem(shared_place: Place) -> None:
    for headers, status in (({"host": "elsewhere.example"}, 400), ({"content-length": "99999999999"}, 413)):
        answer = shared_place.call("POST", f"{ROOT}/tickets", "anonymous", headers)
        assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    assert Stop(404, "error.not_found").status == shared_place.call("GET", f"{ROOT}/nope").status
    assert shared_place.call("GET", "/apiary").headers["content-type"].startswith("text/html")
