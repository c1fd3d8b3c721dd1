"""What is wrong with a settings file, said so that the person who wrote it can mend it: place, what, remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from pydantic_core import ErrorDetails

from bot.settings import values
from bot.settings.lines import Outline, Place
from handlers.texts import text, together
from models.item import KEY
from models.leave_rules import CLOCK

# pydantic's kinds of error on the left, the kind of value that was wanted (a text key) on the right.
WANTED = {
    "string_type": "kind_string",
    "path_type": "kind_string",
    "int_type": "kind_integer",
    "int_from_float": "kind_integer",
    "float_type": "kind_number",
    "bool_type": "kind_boolean",
    "tuple_type": "kind_list",
    "date_type": "kind_date",
    "dict_type": "kind_table",
    "model_type": "kind_table",
    "model_attributes_type": "kind_table",
    "bool_parsing": "kind_boolean",
    "int_parsing": "kind_integer",
    "float_parsing": "kind_number",
}
# The kinds that our own checks raise begin so, and are keys of the texts.
OWN = ("key_", "address_", "database_", "zone_", "network_", "window_", "item_", "secret_", "bot_", "web_", "proxy_",
       "hook_")  # fmt: skip
# The sentence about a form that words must have, by its pattern; nobody should have to read one.
PATTERNS = {
    values.PHONE: "phone_form", values.SLUG: "slug_form", values.HOST: "host_form",
    r"^[A-Z]{2}$": "prefix_form", KEY.pattern: "field_key_form", CLOCK: "item_noon",
}  # fmt: skip
BOUNDS = {
    "greater_than_equal": ("too_small", "ge"),
    "greater_than": ("too_small_or_equal", "gt"),
    "less_than_equal": ("too_large_number", "le"),
    "string_too_short": ("empty", "min_length"),
    "string_too_long": ("too_long", "max_length"),
}


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong. A mistake that is not fatal is a warning.

    `line` counts from 1 and is None where no line is to blame; `where` is the key ("server.port") or the
    environment variable; `what` and `remedy` are whole sentences; `file` is None for the settings file itself.
    """

    line: int | None
    where: str
    what: str
    remedy: str
    fatal: bool = True
    file: Path | None = None


class Mistakes(Exception):
    """The settings cannot be used; `mistakes` holds everything that was found, warnings too."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(
            "\n".join(f"{at.line or '-'}: {at.where}: {together(at.what, at.remedy)}" for at in self.mistakes)
        )


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that a misspelt one most likely means; None if none is near."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def spell(place: Place) -> str:
    """A place as people write it: ("crisis", "numbers", 1, "phone") → "crisis.numbers#2.phone" (rows count from 1)."""
    spelt = ""
    for part in place:
        spelt += f"#{part + 1}" if isinstance(part, int) else f".{part}"
    # A key may be any quoted string, escape sequences for terminals too.
    return "".join(char if char.isprintable() else "?" for char in spelt.removeprefix("."))[:120]


class Notes:
    """Collects mistakes while the settings are read. It knows the language, the lines, and what the environment set."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.outline = Outline()
        self.variables: dict[Place, str] = {}
        self.mistakes: list[Mistake] = []

    def say(self, key: str, **values: object) -> str:
        """A sentence of the table [check]."""
        return text(self.lang, f"check.{key}", **values)

    def add(self, place: Place, key: str, *, fatal: bool = True, remedy: str = "", **values: object) -> None:
        """Note a mistake at a place of the settings; it is told by the variable that set the place, else by its line.

        `key` names the sentence, `key_remedy` (or another `remedy`) the way out; both get the values.
        """
        variable = self._variable(place)
        line = None if variable else self.outline.line_of(place)
        self.add_at(line, variable or spell(place), key, fatal=fatal, remedy=remedy, **values)

    def add_at(
        self, line: int | None, where: str, key: str, *, fatal: bool = True, remedy: str = "", **values: object
    ) -> None:
        """Note a mistake at a line, or at no line."""
        way_out = self.say(remedy or f"{key}_remedy", **values)
        self.mistakes.append(Mistake(line, where, self.say(key, **values), way_out, fatal))

    def _variable(self, place: Place) -> str | None:
        for length in range(len(place), 0, -1):
            if place[:length] in self.variables:
                return self.variables[place[:length]]
        return None

    def add_error(self, section: str, error: ErrorDetails, known: dict[str, tuple[str, ...]], file: str = "") -> None:
        """Note what pydantic found in a section, or ("") in a whole file of that name.

        `known` has every table's keys, to suggest from.
        """
        place: Place = (section, *error["loc"]) if section else error["loc"]
        kind, context = error["type"], error.get("ctx") or {}
        if kind == "extra_forbidden":
            self.add_unknown(place, known)
        elif kind == "key_missing" or (kind == "missing" and section == "keys"):
            # A row of keys.previous has no variable of its own; the list has.
            self.add(place, "key_missing", variable="YIZHAN_" + "__".join(str(part).upper() for part in place[:2]))
        elif kind == "missing":
            self.add(place, "missing")
        elif kind in WANTED:
            wanted = WANTED[kind]
            given = self.say(_kind_of(error["input"]))
            self.add(place, "wrong_kind", remedy=f"{wanted}_remedy", wanted=self.say(wanted), given=given)
        elif kind in BOUNDS:
            key, name = BOUNDS[kind]
            self.add(place, key, bound=context[name])
        elif kind == "literal_error":
            self.add(place, "choice", choices=str(context["expected"]).replace(" or ", ", ").replace("'", '"'))
        elif kind == "string_pattern_mismatch":
            self.add(place, PATTERNS.get(context["pattern"], "pattern"))
        elif not place:
            self.add_at(None, file, kind if kind.startswith("item_") else "invalid", **context)
        elif kind.startswith(OWN):
            self.add(place, kind, **context)
        else:
            self.add(place, "invalid")

    def add_unknown(self, place: Place, known: dict[str, tuple[str, ...]]) -> None:
        """Note a key or section that nobody knows, with the known name that is nearest."""
        *above, name = place
        table = spell(tuple(part for part in above if isinstance(part, str)))
        siblings = known.get(table, ()) if above else tuple(part for part in known if "." not in part)
        near = nearest(str(name), siblings)
        if near:
            near = spell((*above, near))
        else:  # The right key in the wrong section, or before any section.
            near = next((f"{section}.{key}" for section, keys in known.items() for key in keys if key == name), None)
        if near:
            self.add(place, "unknown", remedy="unknown_near_remedy", near=near)
        else:
            self.add(place, "unknown")


def _kind_of(value: Any) -> str:
    """The text key of the kind of a value that TOML can hold."""
    if isinstance(value, bool):
        return "kind_boolean"
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (str, "kind_string"),
        (int, "kind_integer"),
        (float, "kind_number"),
        (date, "kind_date"),
        (time, "kind_time"),
        (list, "kind_list"),
        (dict, "kind_table"),
    )
    return next((key for kind, key in kinds if isinstance(value, kind)), "kind_other")
