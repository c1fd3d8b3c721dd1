"""What may be opened by the API and with which form; whether the token works; and the OpenAPI document."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from starlette.responses import Response
from starlette.routing import Route

from bot.api.frame import Asked, Operation, operation, said
from bot.api.openapi import document
from bot.forms import Stop
from handlers.views import record_shapes as shapes
from handlers.views import records
from models.item import SLUG


class Health(BaseModel):
    """Whether the token works, what it may, and until when."""

    ok: bool
    version: str
    token: str
    scope: str
    sensitive: bool
    until_at: datetime


async def items(asked: Asked) -> Response:
    """Every item that students are offered."""
    sensitive = asked.bearer.sensitive
    found = await asked.web.read(lambda session: records.items(asked.turn(session), sensitive=sensitive))
    return said(shapes.Items(items=found))


async def item(asked: Asked) -> Response:
    """One item with its form as JSON Schema."""
    slug, sensitive = asked.request.path_params["slug"], asked.bearer.sensitive

    def query(session: Any) -> shapes.WholeItem | None:
        return records.item(asked.turn(session), slug, sensitive=sensitive)

    found = await asked.web.read(query) if SLUG.fullmatch(slug) else None
    if found is None:
        raise Stop(404, "api.no_item")
    return said(found)


async def health(asked: Asked) -> Response:
    """What the token is."""
    bearer = asked.bearer
    return said(Health(ok=True, version=asked.web.version, token=bearer.name, scope=bearer.scope,
                       sensitive=bearer.sensitive, until_at=bearer.until_at))  # fmt: skip


async def described(asked: Asked) -> Response:
    """The OpenAPI document of all operations."""
    settings = asked.web.settings.school
    body = document(settings.base_url, settings.name_en, asked.web.version)
    return Response(json.dumps(body, ensure_ascii=False), media_type="application/json")


def routes() -> list[Route]:
    """The routes of items, and of the API itself."""
    return [operation(each) for each in (
        Operation("GET", "/items", "listItems", "Every service item that students are offered.", items, shapes.Items),
        Operation("GET", "/items/{slug}", "getItem", "One item: promises, and its form as JSON Schema.", item,
                  shapes.WholeItem, refuses=(404,)),
        Operation("GET", "/health", "getHealth", "Whether the token works, and until when.", health, Health),
        Operation("GET", "/openapi.json", "getDocument", "This document.", described, None),
    )]  # fmt: skip
