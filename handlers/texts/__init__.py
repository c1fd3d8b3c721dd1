"""Every sentence the bot says and every label of a page: zh.toml and en.toml, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
FOLDER = Path(__file__).parent


@cache
def sentences(lang: str) -> Mapping[str, str]:
    """All sentences of one language as {"table.key": sentence}."""
    with (FOLDER / f"{lang}.toml").open("rb") as file:
        tables = tomllib.load(file)
    return {f"{table}.{key}": value for table, keys in tables.items() for key, value in keys.items()}


def text(lang: str, key: str, **values: object) -> str:
    """The sentence for a key in a language, with its {placeholders} filled.

    A language without the key falls back to Chinese; a key that nobody knows is a bug and raises KeyError.
    Values are put in as they are: a sentence from a user never becomes a format string.
    """
    sentence = sentences(lang if lang in LANGUAGES else "zh").get(key)
    if sentence is None:
        sentence = sentences("zh")[key]
    return sentence.format_map(values) if values else sentence
