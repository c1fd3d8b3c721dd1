"""Session cookies of pages and console, and the tokens that bind a form to them."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from bot.web import Web

ANONYMOUS: Final = "v"  # a cookie that no person was ever signed in with begins so
PERSONAL: Final = "p"
STAFF: Final = "s"  # a console cookie that a member of staff signed in with
_COOKIE_LENGTH: Final = 44  # the letter and 32 random bytes in URL-safe base64


def cookie_name(web: Web, *, console: bool = False) -> str:
    """The session cookie's name; the prefix binds it to this host and to https. The console has a cookie of its own,
    so that being a student in the chat and staff at the desk are two things."""
    name = "yizhan-console" if console else "yizhan"
    return f"__Host-{name}" if web.settings.server.secure_cookies else name


def new_cookie(kind: str) -> str:
    """A cookie's value: its kind and 256 random bits."""
    return kind + secrets.token_urlsafe(32)


def read_cookie(web: Web, request: Request, *, console: bool = False) -> str:
    """The request's session cookie, "" when there is none or it has not our form."""
    value = request.cookies.get(cookie_name(web, console=console), "")
    kinds = (ANONYMOUS, STAFF) if console else (ANONYMOUS, PERSONAL)
    is_ours = len(value) == _COOKIE_LENGTH and value.isascii() and value[0] in kinds
    return value if is_ours else ""


def set_cookie(web: Web, response: Response, value: str, idle: timedelta, *, console: bool = False) -> None:
    """Give a browser its session cookie: out of scripts' reach, and not sent along from other sites' forms."""
    response.set_cookie(
        cookie_name(web, console=console), value, max_age=int(idle.total_seconds()), path="/", httponly=True,
        samesite="lax", secure=web.settings.server.secure_cookies,
    )  # fmt: skip


def clear_cookie(web: Web, response: Response, *, console: bool = False) -> None:
    """Take a browser's session cookie away."""
    response.delete_cookie(
        cookie_name(web, console=console), path="/", httponly=True, samesite="lax",
        secure=web.settings.server.secure_cookies,
    )  # fmt: skip


def token_for(web: Web, cookie: str) -> str:
    """The token that forms of this browser carry: 32 hex digits."""
    return keyed(web, "form", cookie)[:32]


def keyed(web: Web, purpose: str, value: str) -> str:
    """A word of 64 hex digits that only this service can make of a value."""
    key = web.settings.keys.cookie.get_secret_value()
    return hmac.new(key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()
