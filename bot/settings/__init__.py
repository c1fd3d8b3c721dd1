"""Settings: a TOML file and the environment become one frozen object, or a list of everything that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.settings.demo import demo_keys, demo_settings
from bot.settings.environment import overlay
from bot.settings.mistakes import Mistake, Mistakes, Notes
from bot.settings.reading import read
from bot.settings.rules import check_broken_channels, check_keys_differ, check_together
from bot.settings.shape import ChannelSettings, HelpLine, Keys, Settings, TelegramSettings
from bot.settings.surroundings import look_around
from bot.settings.values import Window, new_key

__all__ = [
    "ChannelSettings",
    "HelpLine",
    "Keys",
    "Mistake",
    "Mistakes",
    "Settings",
    "TelegramSettings",
    "Window",
    "demo_settings",
    "examine",
    "find",
    "load",
    "new_key",
    "survey",
]


def load(path: Path, environ: Mapping[str, str], lang: str = "zh") -> Settings:
    """The settings in a TOML file (UTF-8, at most 1 MiB) with the environment's on top.

    Raises Mistakes with everything that is wrong in one go, warnings too; warnings alone do not raise. Relative
    paths are relative to the working directory. With demo.enabled and no keys, the keys are those in demo.keys
    beside the SQLite file. Looks at no disk but the files named; `find` does.
    """
    notes = Notes(lang)
    settings, _ = _read(path, environ, notes)
    if settings is None:
        raise Mistakes(_sorted(notes))
    return settings


def find(path: Path, environ: Mapping[str, str], lang: str = "zh") -> list[Mistake]:
    """Everything that is wrong with the settings, and with the machine for them; fatal or not, by line."""
    return examine(path, environ, lang)[1]


def examine(path: Path, environ: Mapping[str, str], lang: str = "zh") -> tuple[Settings | None, list[Mistake]]:
    """What `load` gives (None where it raises) and what `find` gives."""
    settings, mistakes, _ = survey(path, environ, lang)
    return settings, mistakes


def survey(
    path: Path, environ: Mapping[str, str], lang: str = "zh"
) -> tuple[Settings | None, list[Mistake], Settings | None]:
    """What `examine` gives, and settings to look further with: what is wrong stands there at its default.

    Those are for looking only, never for running; None where the file cannot be read at all.
    """
    notes = Notes(lang)
    settings, sections = _read(path, environ, notes)
    seen = settings
    if settings is None and sections is not None:
        rest = {name: field.get_default(call_default_factory=True) for name, field in Settings.model_fields.items()}
        seen = Settings.model_construct(**(rest | sections))
    if seen is not None:
        look_around(seen, path, notes, sections or ())
    return settings, _sorted(notes), seen


def _read(path: Path, environ: Mapping[str, str], notes: Notes) -> tuple[Settings | None, dict[str, Any] | None]:
    """The settings, or None after a mistake; and the sections as far as they are right, None where nothing was read.

    Sections are checked one by one, so that one hides nothing of another.
    """
    data = read(path, notes)
    if data is None:
        return None, None
    overlay(data, environ, notes)
    known = _known_keys()
    for name in data:
        if name not in Settings.model_fields:
            notes.add_unknown((name,), known)
    found: dict[str, Any] = {}
    halves: dict[str, Any] = {}
    for name, field in Settings.model_fields.items():
        if name == "keys" and _wants_demo_keys(data):
            continue
        if name in data or field.is_required():
            _check_section(name, data.get(name, {}), found, notes, known)
            halves |= {} if name in found else _half(name, data[name]) if isinstance(data.get(name), dict) else {}
        else:
            found[name] = field.get_default(call_default_factory=True)
    check_keys_differ(data.get("keys"), notes)
    check_together(found, notes)
    if "channels" not in found:
        check_broken_channels(data.get("channels"), found.get("school"), notes)
    if any(mistake.fatal for mistake in notes.mistakes):
        return None, found | halves
    if "keys" not in found:
        found["keys"] = _keys_of_demo(found, notes.lang)
    return Settings(**found), found


def _check_section(name: str, raw: Any, found: dict[str, Any], notes: Notes, known: dict[str, tuple[str, ...]]) -> None:
    """Put the section among the found ones, or note what is wrong with it."""
    annotation: Any = Settings.model_fields[name].annotation
    try:
        found[name] = TypeAdapter[Any](annotation).validate_python(raw)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            notes.add_error(name, detail, known)


def _half(name: str, raw: dict[str, Any]) -> dict[str, Any]:
    """The section without the keys that are wrong, so that the others can be looked at; nothing where that is wrong too."""
    annotation: Any = Settings.model_fields[name].annotation
    adapter = TypeAdapter[Any](annotation)
    try:
        adapter.validate_python(raw)
    except ValidationError as error:
        wrong = {detail["loc"][0] for detail in error.errors(include_url=False) if detail["loc"]}
        try:
            return {name: adapter.validate_python({key: value for key, value in raw.items() if key not in wrong})}
        except ValidationError:
            return {}
    return {}


def _wants_demo_keys(data: dict[str, Any]) -> bool:
    """Whether this is a demo to which nobody gave a key."""
    demo, keys = data.get("demo"), data.get("keys", {})
    is_demo = isinstance(demo, dict) and demo.get("enabled") is True
    return is_demo and isinstance(keys, dict) and not any(keys.values())


def _keys_of_demo(found: dict[str, Any], lang: str) -> Keys:
    file = found["database"].sqlite_file
    folder: Path = file.parent if file else found["store"].folder
    folder.mkdir(parents=True, exist_ok=True)
    return demo_keys(folder, lang)


def _known_keys() -> dict[str, tuple[str, ...]]:
    """Every table with its keys: {"server": ("host", …), "calendar.hours": …, "crisis.numbers": …, …}."""
    known: dict[str, tuple[str, ...]] = {}

    def walk(inner: Any, name: str) -> None:
        if get_origin(inner) is tuple:
            walk(get_args(inner)[0], name)
        elif isinstance(inner, type) and issubclass(inner, BaseModel):
            known[name] = tuple(inner.model_fields)
            for key, field in inner.model_fields.items():
                walk(field.annotation, f"{name}.{key}")

    for name, field in Settings.model_fields.items():
        walk(field.annotation, name)
    return known


def _sorted(notes: Notes) -> list[Mistake]:
    return sorted(notes.mistakes, key=lambda mistake: (mistake.line or 0, mistake.where))
