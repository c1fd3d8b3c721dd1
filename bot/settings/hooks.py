"""Rows of [[api.webhooks]]: which system hears of which events, at which address, signed with which key."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from bot.settings import values
from bot.settings.values import Several
from handlers.hooks import EVENTS


def _check_name(value: object) -> object:
    """At most 11 letters, digits and hyphens: it begins the name of its courier, "hook:…", whose column holds 16."""
    if isinstance(value, str) and not re.fullmatch(r"[a-z][a-z0-9-]{1,10}", value):
        raise PydanticCustomError("hook_name", "the sentence for this is in the texts")
    return value


def _check_url(value: object) -> object:
    """An address with a path and perhaps a query; without name, password and fragment."""
    if not isinstance(value, str):
        return value
    try:
        parts = urlsplit(value.strip())
        _ = parts.port
    except ValueError:
        raise _fail() from None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.fragment:
        raise _fail()
    if not value.isprintable() or len(value) > 500:
        raise _fail()
    return value.strip()


def _fail() -> PydanticCustomError:
    return PydanticCustomError("hook_url", "the sentence for this is in the texts")


class Webhook(BaseModel):
    """One system that hears of events. events, items, offices: which, all where there are none.

    private_address: whether it stands in the school's own network; only then may it have a private address, and http.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)

    name: Annotated[str, BeforeValidator(_check_name)]
    url: Annotated[str, BeforeValidator(_check_url), Field(repr=False)]
    secret: values.Key
    events: Several[Literal[EVENTS]] = ()  # type: ignore[valid-type]
    items: Several[values.Slug] = ()
    offices: Several[values.Slug] = ()
    private_address: bool = False

    @model_validator(mode="after")
    def _is_safe(self) -> Any:
        if not self.private_address and not self.url.startswith("https:"):
            raise PydanticCustomError("hook_http", "the sentence for this is in the texts")
        return self
