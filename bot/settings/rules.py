"""Rules between settings: what no single key can tell. Some are mistakes, some only warnings."""

from __future__ import annotations

import re
from datetime import date
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from bot.settings.lines import Place
from bot.settings.mistakes import Notes
from bot.settings.shape import NATIONAL_PHONES, Calendar, Channels, Crisis, Demo, School, Server, TelegramSettings
from bot.settings.terms import check_terms
from bot.settings.values import decode_key

MUST_SHOW = ("12356", "110", "120")
WEBHOOK_PORTS: Final = (443, 80, 88, 8443)  # those that the Bot API's documentation of setWebhook names
FREE: Final = 30  # messages a second of the whole bot that Telegram gives away (its FAQ on limits)


def check_keys_differ(raw: Any, notes: Notes) -> None:
    """No key may serve two purposes: who learns the cookie key must not read letters (ASVS 5.0 11.1)."""
    if not isinstance(raw, dict):
        return
    previous = raw.get("previous")
    rows: list[tuple[Place, Any]] = [(("keys", name), raw.get(name)) for name in ("current", "index", "cookie")]
    rows += [(("keys", "previous", n), one) for n, one in enumerate(previous if isinstance(previous, list) else [])]
    seen: dict[bytes, str] = {}
    for place, value in rows:
        try:
            key = decode_key(value)
        except PydanticCustomError:
            continue  # Told already, with the section.
        if key in seen:
            notes.add(place, "key_equal", other=seen[key])
        else:
            seen[key] = ".".join(str(part) for part in place[:2])


def check_together(found: dict[str, Any], notes: Notes) -> None:
    """The rules that need several sections; a rule is left out where a section that it needs did not pass."""
    school, server, demo = found.get("school"), found.get("server"), found.get("demo")
    if isinstance(school, School):
        _check_base_url(school, demo, notes)
        is_local = school.is_loopback and school.base_url.startswith("http:")
        if isinstance(server, Server) and not server.secure_cookies and not is_local:
            notes.add(("server", "secure_cookies"), "cookies_not_secure")
    if isinstance(found.get("channels"), Channels) and found["channels"].telegram.enabled:
        _check_telegram(found["channels"].telegram, school, notes)
    if isinstance(found.get("crisis"), Crisis):
        _check_numbers(found["crisis"], notes)
    if isinstance(found.get("calendar"), Calendar):
        for day in sorted(set(found["calendar"].holidays) & set(found["calendar"].workdays)):
            notes.add(("calendar", "workdays"), "day_twice", day=day.isoformat())
        _check_plan(found["calendar"], notes)
        check_terms(found["calendar"], notes)


def _check_plan(calendar: Calendar, notes: Notes) -> None:
    """Weeks of courses count from a term; a make-up day is told once, and is no holiday."""
    for row, course in enumerate(calendar.courses):
        if course.weeks and not calendar.terms:
            notes.add(("calendar", "courses", row, "weeks"), "weeks_termless")
            break
    seen: set[date] = set(calendar.holidays)
    for row, makeup in enumerate(calendar.makeup):
        if makeup.on in seen:
            notes.add(("calendar", "makeup", row, "on"), "makeup_twice", day=makeup.on.isoformat())
        seen.add(makeup.on)


def check_broken_channels(raw: Any, school: object, notes: Notes) -> None:
    """The rules of a bot whose section has a field of the wrong shape, so that one mistake hides no other."""
    mine = raw.get("telegram") if isinstance(raw, dict) else None
    if not isinstance(mine, dict):
        return
    wrong: set[str] = set()
    try:
        TelegramSettings.model_validate(mine)
    except ValidationError as error:
        wrong = {str(detail["loc"][0]) for detail in error.errors(include_url=False) if detail["loc"]}
    try:
        bot = TelegramSettings.model_validate({key: value for key, value in mine.items() if key not in wrong})
    except ValidationError:
        return
    if bot.enabled:
        _check_telegram(bot, school, notes, frozenset(wrong))


def _check_telegram(bot: TelegramSettings, school: object, notes: Notes, noted: frozenset[str] = frozenset()) -> None:
    """A bot needs its token; a webhook a secret that proves the caller, and an address that the platform reaches.

    noted: fields whose mistake is told already.
    """
    place: Place = ("channels", "telegram")
    token = bot.token.get_secret_value()
    if "token" not in noted and not re.fullmatch(r"[0-9]{1,20}:[A-Za-z0-9_-]{8,128}", token):
        notes.add((*place, "token"), "telegram_token")
    if not bot.name and "name" not in noted:
        notes.add((*place, "name"), "telegram_name", fatal=False)
    if bot.api_base.startswith("http:") and not _is_loopback(bot.api_base):
        notes.add((*place, "api_base"), "telegram_api_base")
    if bot.per_second > FREE:
        notes.add((*place, "per_second"), "telegram_pace", fatal=False, most=FREE)
    if bot.sensitive == "send":
        notes.add((*place, "sensitive"), "telegram_sends", fatal=False)
    if bot.mode == "webhook":
        # What the platform sends along: 1–256 of these characters (setWebhook, secret_token); short ones are guessed.
        secret = bot.webhook_secret.get_secret_value()
        if "webhook_secret" not in noted and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", secret):
            notes.add((*place, "webhook_secret"), "telegram_secret")
        own = bot.api_base != TelegramSettings().api_base
        if isinstance(school, School) and not own and not school.base_url.startswith("https:"):
            notes.add((*place, "mode"), "telegram_https")
        elif isinstance(school, School) and not own:
            port = urlsplit(school.base_url).port or 443
            if port not in WEBHOOK_PORTS:
                notes.add(("school", "base_url"), "telegram_port", port=port)


def _is_loopback(address: str) -> bool:
    """Whether a web address leads to this machine: over http the token in every path stays readable on the way."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _check_base_url(school: School, demo: object, notes: Notes) -> None:
    """Outside this machine only https: cookies are secure, so nobody could sign in over http."""
    is_demo = isinstance(demo, Demo) and demo.enabled
    if school.is_loopback:
        if not is_demo:
            notes.add(("school", "base_url"), "address_loopback", fatal=False)
    else:
        if school.base_url.startswith("http:"):
            notes.add(("school", "base_url"), "address_not_https")
        if is_demo:
            notes.add(("demo", "enabled"), "demo_public", fatal=False)


def _check_numbers(crisis: Crisis, notes: Notes) -> None:
    """The crisis answer needs the national numbers, and is better with a line of the school's own."""
    phones = {line.phone.replace(" ", "").replace("-", "") for line in crisis.numbers}
    missing = [phone for phone in MUST_SHOW if phone not in phones]
    if missing:
        notes.add(("crisis", "numbers"), "crisis_number_missing", fatal=False, phones=", ".join(missing))
    if phones <= NATIONAL_PHONES:
        notes.add(("crisis", "numbers"), "crisis_own_line_missing", fatal=False)
