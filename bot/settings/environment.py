"""Settings from the environment: YIZHAN_SECTION__KEY over the file, and secrets also from YIZHAN_SECTION__KEY_FILE."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, SecretBytes, SecretStr

from bot.settings.lines import Place
from bot.settings.mistakes import Notes, nearest
from bot.settings.shape import Settings

PREFIX = "YIZHAN_"
SECRETS: frozenset[Place] = frozenset(
    {
        ("keys", "current"),
        ("keys", "previous"),
        ("keys", "index"),
        ("keys", "cookie"),
        ("database", "url"),
        ("channels", "telegram", "token"),
        ("channels", "telegram", "webhook_secret"),
    }
)
MOST_SECRET_BYTES = 65_536


def overlay(data: dict[str, Any], environ: Mapping[str, str], notes: Notes) -> None:
    """Put what the environment says over what the file says, in place; mistakes go to the notes.

    An empty variable counts as one that is not set (compose files write `${PORT:-}`). A variable with YIZHAN_ but
    without a double underscore is only warned of: Kubernetes makes such names for a service called yizhan.
    """
    known = {_variable(place): place for place in known_places()}
    files = {f"{_variable(place)}_FILE": place for place in SECRETS}
    for name in sorted(environ):
        if not name.startswith(PREFIX) or not environ[name]:
            continue
        if name in files:
            secret = _from_file(files[name], name, environ, notes)
            if secret is not None:
                _put(data, files[name], secret, name, notes)
            continue
        place = known.get(name) or _place(name)
        if place is None:
            near = nearest(name.removeprefix(PREFIX), [each.removeprefix(PREFIX) for each in (*known, *files)])
            fatal = "__" in name
            if near:
                notes.add_at(
                    None, name, "unknown_variable", fatal=fatal, remedy="unknown_near_remedy", near=PREFIX + near
                )
            elif fatal:
                notes.add_at(None, name, "unknown_variable")
            continue
        _put(data, place, read_value(environ[name], annotation_of(place)), name, notes)


def known_places() -> list[Place]:
    """The place of every setting that is not a table: ("server", "port"), …, ("calendar", "hours", "mon")."""
    places: list[Place] = []

    def walk(model: type[BaseModel], above: Place) -> None:
        for name, field in model.model_fields.items():
            inner = field.annotation
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                walk(inner, (*above, name))
            elif get_origin(inner) is not dict:
                places.append((*above, name))

    walk(Settings, ())
    return places


def annotation_of(place: Place) -> Any:
    """The type of a setting; None if there is no such setting. Names below a dict (channels) are free."""
    inner: Any = Settings
    for part in place:
        if get_origin(inner) is dict:
            inner = get_args(inner)[1]
        elif isinstance(inner, type) and issubclass(inner, BaseModel) and part in inner.model_fields:
            inner = inner.model_fields[str(part)].annotation
        else:
            return None
    return inner


def _place(name: str) -> Place | None:
    """The place that a variable means, for what known_places cannot list: [channels.NAME]."""
    place = tuple(name.removeprefix(PREFIX).lower().split("__"))
    inner = annotation_of(place)
    is_table = inner is None or get_origin(inner) is dict or (isinstance(inner, type) and issubclass(inner, BaseModel))
    return None if is_table else place


def _variable(place: Place) -> str:
    return PREFIX + "__".join(str(part).upper() for part in place)


def read_value(raw: str, inner: Any) -> Any:
    """A variable's text as the value that the setting wants: strings as they are, everything else as TOML writes it.

    Lists may also be written with commas only. What cannot be read stays a string, which the shape then refuses.
    """
    if inner in (str, Path, SecretStr, SecretBytes) or get_origin(inner) is Literal:
        return raw
    try:
        read = tomllib.loads(f"value = {raw.strip()}")
    except (ValueError, RecursionError):
        read = {}
    if set(read) == {"value"} and not (get_origin(inner) is tuple and not isinstance(read["value"], list)):
        return read["value"]
    if get_origin(inner) is tuple and not raw.strip().startswith("["):
        return [_item(part.strip(), get_args(inner)[0]) for part in re.split(r"[,\n]", raw) if part.strip()]
    return raw


def _item(raw: str, inner: Any) -> Any:
    """One entry of a list written with commas: a date where dates are wanted, else text."""
    try:
        return tomllib.loads(f"value = {raw}")["value"] if getattr(inner, "__name__", "") == "date" else raw
    except ValueError:
        return raw


def _from_file(place: Place, name: str, environ: Mapping[str, str], notes: Notes) -> Any:
    """The secret in the file that NAME_FILE names; None after a mistake. A list of keys has one key a line."""
    if environ.get(name.removesuffix("_FILE")):
        notes.add_at(None, name, "secret_twice", other=name.removesuffix("_FILE"))
        return None
    try:
        with Path(environ[name]).open("rb") as file:
            content = file.read(MOST_SECRET_BYTES + 1)
        secret = "" if len(content) > MOST_SECRET_BYTES else content.decode("utf-8").strip()
        reason = "" if secret else notes.say("secret_not_text")
    except UnicodeDecodeError:
        secret, reason = "", notes.say("secret_not_text")
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it.
        secret, reason = "", getattr(error, "strerror", "") or type(error).__name__
    if not secret:
        # The variable's value is not shown: somebody may have put the secret itself there.
        notes.add_at(None, name, "secret_unreadable", reason=reason)
        return None
    if place == ("keys", "previous"):
        return secret.split()
    return secret


def _put(data: dict[str, Any], place: Place, value: Any, name: str, notes: Notes) -> None:
    """Set a value at a place. Where the file has no table on the way, that mistake is told instead."""
    table: Any = data
    for part in place[:-1]:
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            return
    table[place[-1]] = value
    notes.variables[place] = name
