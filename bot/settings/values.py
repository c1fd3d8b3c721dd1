"""The kinds of value that settings are made of: keys, addresses, networks and hours, each checked as it is read."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from dataclasses import dataclass
from datetime import time
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from itertools import pairwise
from typing import Annotated, Any, LiteralString, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, InstanceOf, SecretBytes, SecretStr
from pydantic_core import PydanticCustomError

KEY_BYTES = 32  # AES-256 and HMAC-SHA-256 both take 32 bytes.
# 32 random bytes hold about 30 different values; fewer than 16 does not happen by chance.
LEAST_DIFFERENT_BYTES = 16

T = TypeVar("T")
Several = Annotated[tuple[T, ...], Field(strict=False)]  # TOML gives lists; frozen settings keep tuples.


def _fail(kind: LiteralString, **context: Any) -> PydanticCustomError:
    """An error whose kind is a key of the table [check] in the texts; it never carries a secret."""
    return PydanticCustomError(kind, "the sentence for this is in the texts", context or None)


def new_key() -> str:
    """A fresh random key as the settings want it: 32 bytes in base64 (44 characters)."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")


def decode_key(value: object) -> bytes:
    """The 32 bytes of a key written in base64 (both alphabets, padding optional); bytes are taken as they are.

    Refuses what is too short, too long, or plainly not random (ASVS 5.0 11.2: at least 128 bits of security).
    """
    if isinstance(value, SecretBytes):
        value = value.get_secret_value()
    if isinstance(value, str):
        plain = value.strip().rstrip("=").replace("-", "+").replace("_", "/")
        if not plain:
            raise _fail("key_missing")
        try:
            value = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
        except (binascii.Error, ValueError):
            raise _fail("key_not_base64") from None
    if not isinstance(value, bytes):
        raise _fail("string_type")
    if len(value) != KEY_BYTES:
        raise _fail("key_length", given=len(value), wanted=KEY_BYTES)
    typed = all(32 <= byte < 127 for byte in value)
    if typed or len(set(value)) < LEAST_DIFFERENT_BYTES:
        raise _fail("key_guessable")
    return value


def _check_base_url(value: object) -> object:
    """A web address without path, query or user: what every link that the bot sends starts with."""
    if not isinstance(value, str):
        return value
    try:
        parts = urlsplit(value.strip())
        _ = parts.port  # A port that is no number shows only when it is asked for.
    except ValueError:
        raise _fail("address_form") from None
    plain = parts.path in ("", "/") and not parts.query and not parts.fragment and "@" not in parts.netloc
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain or not value.isprintable():
        raise _fail("address_form")
    return f"{parts.scheme}://{parts.netloc}"


def _check_database_url(value: object) -> SecretStr:
    """sqlite:///file or postgresql://user:password@host/name; memory and other databases are refused."""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if not isinstance(value, str):
        raise _fail("string_type")
    if value.startswith("sqlite:///"):
        place = value.removeprefix("sqlite:///")
        if not place or place.startswith(":memory:") or "?" in place or place.endswith("/") or "\x00" in place:
            raise _fail("database_sqlite_form")
        return SecretStr(value)
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise _fail("database_postgresql_form") from None
    if parts.scheme != "postgresql":
        raise _fail("database_kind")
    if not parts.path.strip("/"):
        raise _fail("database_postgresql_form")
    return SecretStr(value)


def _check_zone(value: object) -> object:
    """A name of the IANA time zone database, such as Asia/Shanghai."""
    if not isinstance(value, str):
        return value
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _fail("zone_unknown") from None
    return value


def _check_network(value: object) -> object:
    """An address or network of a proxy that is trusted; one that holds the whole internet is refused."""
    if isinstance(value, IPv4Network | IPv6Network):
        return value
    if not isinstance(value, str):
        raise _fail("string_type")
    try:
        network = ip_network(value) if "/" in value else ip_network(ip_address(value))
    except ValueError:
        raise _fail("network_form") from None
    if network.prefixlen == 0:
        raise _fail("network_all")
    return network


@dataclass(frozen=True, order=True)
class Window:
    """Office hours of a day: from `opens` to `closes`, local time of the school's zone, closes > opens."""

    opens: time
    closes: time


def _check_window(value: object) -> object:
    """A window written as "08:00-12:00"."""
    if isinstance(value, Window):
        return value
    if not isinstance(value, str):
        raise _fail("string_type")
    first, dash, last = (part.strip() for part in value.partition("-"))
    # The fixed form keeps a typing slip from becoming another hour.
    if not dash or len(first) != 5 or len(last) != 5:
        raise _fail("window_form")
    try:
        window = Window(time.fromisoformat(first), time.fromisoformat(last))
    except ValueError:
        raise _fail("window_form") from None
    if window.opens >= window.closes:
        raise _fail("window_order")
    return window


def order_windows(windows: tuple[Window, ...]) -> tuple[Window, ...]:
    """The windows of one day in order; windows that overlap are refused."""
    windows = tuple(sorted(windows))
    if any(before.closes > after.opens for before, after in pairwise(windows)):
        raise _fail("window_overlap")
    return windows


Key = Annotated[SecretBytes, BeforeValidator(decode_key)]
BaseUrl = Annotated[str, BeforeValidator(_check_base_url)]
DatabaseUrl = Annotated[SecretStr, BeforeValidator(_check_database_url)]
Zone = Annotated[str, BeforeValidator(_check_zone)]
Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(_check_network)]
Hours = Annotated[InstanceOf[Window], BeforeValidator(_check_window)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
SLUG = r"^[a-z0-9][a-z0-9-]{0,63}$"
HOST = r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$"
PHONE = r"^\+?[0-9][0-9 -]{1,19}$"
Slug = Annotated[str, Field(pattern=SLUG)]
HostName = Annotated[str, Field(pattern=HOST)]
Phone = Annotated[str, Field(pattern=PHONE)]


def _check_secret(value: object) -> object:
    """A secret word of printable ASCII without spaces; printing the settings never shows it."""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if not isinstance(value, str):
        raise _fail("string_type")
    if not all(33 <= ord(mark) < 127 for mark in value.strip()):
        raise _fail("secret_form")
    return SecretStr(value.strip())


def _check_bot_name(value: object) -> object:
    """A bot's user name, with or without the @; "" while nobody knows it."""
    if not isinstance(value, str):
        return value
    name = value.strip().removeprefix("@")
    if name and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{3,31}", name):
        raise _fail("bot_name")
    return name


def _check_web_path(value: object) -> object:
    """A path of our own: /telegram, /in/telegram. Nothing that our pages use."""
    if not isinstance(value, str):
        return value
    taken = ("chat", "static", "healthz", "help", "deploy", "console", "me", "files", "enter", "leave", "api")
    if not re.fullmatch(r"(/[A-Za-z0-9_-]{1,64}){1,4}", value) or value.split("/")[1] in taken:
        raise _fail("web_path")
    return value


def _check_proxy(value: object) -> object:
    """An http proxy's address, "" for none. It may hold a name and a password."""
    if not isinstance(value, str) or not value:
        return value
    try:
        parts = urlsplit(value.strip())
        _ = parts.port
    except ValueError:
        raise _fail("proxy_form") from None
    if parts.scheme != "http" or not parts.hostname:
        raise _fail("proxy_form")
    return value.strip()


Secret = Annotated[InstanceOf[SecretStr], BeforeValidator(_check_secret)]
BotName = Annotated[str, BeforeValidator(_check_bot_name)]
WebPath = Annotated[str, BeforeValidator(_check_web_path)]
ProxyUrl = Annotated[str, BeforeValidator(_check_proxy), Field(repr=False)]
