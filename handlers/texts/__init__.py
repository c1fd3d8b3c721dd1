"""Every sentence the bot says and every label of a page: zh.toml and en.toml, read once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
FOLDER = Path(__file__).parent
# Chinese characters and Chinese punctuation, as a class of a pattern; written by number, since only texts hold Chinese.
HAN = r"\u3001-\u303f\u3400-\u9fff\uff01-\uff60"
_STARTS, _ENDS = re.compile(f"[{HAN}]"), re.compile(f"[{HAN}]$")
_SPACED = re.compile(rf"(?P<before>(?<=[{HAN}]) )?\{{(?P<name>\w+)\}}(?P<after> (?=[{HAN}]))?")


@cache
def sentences(lang: str) -> Mapping[str, str]:
    """All sentences of one language as {"table.key": sentence}."""
    with (FOLDER / f"{lang}.toml").open("rb") as file:
        tables = tomllib.load(file)
    return {f"{table}.{key}": value for table, keys in tables.items() for key, value in keys.items()}


def text(lang: str, key: str, **values: object) -> str:
    """The sentence for a key in a language, with its {placeholders} filled.

    A language without the key falls back to Chinese; a key that nobody knows is a bug and raises KeyError.
    Values are put in as they are: a sentence from a user never becomes a format string. A space that parts Chinese from
    the digits of a value (「最晚 14:00 前」) is left out beside a value that begins or ends in Chinese itself (「最晚今天」).
    """
    sentence = sentences(lang if lang in LANGUAGES else "zh").get(key)
    if sentence is None:
        sentence = sentences("zh")[key]
    if not values:
        return sentence
    return (_close_up(sentence, values) if key in _spaced() else sentence).format_map(values)


@cache
def _spaced() -> frozenset[str]:
    """The sentences in which a space parts Chinese from a placeholder."""
    found = sentences("zh").items()
    return frozenset(key for key, each in found if any(at["before"] or at["after"] for at in _SPACED.finditer(each)))


def _close_up(sentence: str, values: Mapping[str, object]) -> str:
    """The sentence without the spaces that would stand between two Chinese characters."""

    def close(at: re.Match[str]) -> str:
        value = str(values[at["name"]])
        before = "" if _STARTS.match(value) else at["before"] or ""
        after = "" if _ENDS.search(value) else at["after"] or ""
        return f"{before}{{{at['name']}}}{after}"

    return _SPACED.sub(close, sentence)
