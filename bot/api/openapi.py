"""The OpenAPI 3.1 document of the API, made from the same declarations as its routes and checks."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.api.frame import OPERATIONS, ROOT, Nothing, Operation, Problem

SHARED: Final = (401, 403, 429, 503)  # whatever is asked
_REF: Final = "#/components/schemas/{model}"
_PARTS: Final = {
    "number": (r"^[A-Z]{2}-[0-9]{4}-[0-9]{4,8}$", "The number of a ticket, such as QJ-2606-0001."),
    "slug": (r"^[a-z][a-z0-9-]{1,47}$", "The name of an item, such as leave."),
}
_HEADERS: Final = {
    "if-match": "The ETag of the ticket as it was seen (GET). Where it went on since, nothing is done: 412.",
    "if-none-match": "The ETag of the ticket as it is known; 304 while nothing of it changed.",
    "idempotency-key": "8 to 64 visible characters; the same key with the same body gives the same ticket, and does nothing twice.",
}


def document(base_url: str, school: str, version: str) -> dict[str, Any]:
    """The document. base_url: of the school; version: of the program."""
    models = _models()
    _, definitions = models_json_schema([(each, "validation") for each in models], ref_template=_REF)
    paths: dict[str, dict[str, Any]] = {}
    for each in OPERATIONS.values():
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Yizhan API, {school}", "version": version or "0",
            "description": "A token acts as one member of staff. Answers and words that are sealed never leave by the API.",
        },
        "servers": [{"url": base_url + ROOT}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": definitions.get("$defs", {}),
        },
    }  # fmt: skip


def _models() -> list[type[BaseModel]]:
    """Every model that stands in a body or an answer, once."""
    found: list[type[BaseModel]] = [Problem]
    for each in OPERATIONS.values():
        found += [model for model in (each.body, each.answers) if model is not None and model not in found]
    return found


def _operation(each: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": each.name, "summary": each.about, "parameters": _parameters(each), "responses": _responses(each),
    }  # fmt: skip
    if each.writes:
        found["description"] = "Needs a token for writing."
    if each.body is not None:
        found["requestBody"] = {"required": True, "content": _content(each.body)}
    return found


def _parameters(each: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name in re.findall(r"\{(\w+)\}", each.path):
        pattern, about = _PARTS[name]
        schema = {"type": "string", "pattern": pattern}
        found.append({"name": name, "in": "path", "required": True, "description": about, "schema": schema})
    asked = {} if each.query is Nothing else each.query.model_json_schema()["properties"]
    found += [{"name": name, "in": "query", "required": False, "schema": schema} for name, schema in asked.items()]
    for name in (*each.needs, *each.takes):
        is_needed = name in each.needs
        found.append({"name": name, "in": "header", "required": is_needed, "description": _HEADERS[name],
                      "schema": {"type": "string"}})  # fmt: skip
    return found


def _responses(each: Operation) -> dict[str, Any]:
    content = (
        _content(each.answers) if each.answers is not None else {"application/json": {"schema": {"type": "object"}}}
    )
    found: dict[str, Any] = {str(each.status): {"description": HTTPStatus(each.status).phrase, "content": content}}
    own = {*each.refuses, *SHARED, *((400, 413, 415, 422) if each.body is not None else ())}
    problem = {"application/problem+json": {"schema": {"$ref": _REF.format(model="Problem")}}}
    for status in sorted(own):
        found[str(status)] = {"description": HTTPStatus(status).phrase}
        if status != 304:
            found[str(status)]["content"] = problem if status >= 400 else content
    return found


def _content(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REF.format(model=model.__name__)}}}
