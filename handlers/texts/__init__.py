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
_SPACED = re.compile(rf"(?P<before>(?<=[{HAN}]) )?\{{(?P<name>\w+)\}}(?P<after> (?=[{HAN}]))?")
_MARKS = "\u3002\uff01\uff1f\uff1b\uff0c\uff1a\u300d\uff09"
_FIRST, _LAST = slice(0, 1), slice(-1, None)
# A space beside a placeholder: its bit, the placeholder's name, and the end of the value that stands there.
Gap = tuple[int, str, slice]


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
    sentence, gaps = _table(lang if lang in LANGUAGES else "zh")[key]
    if not values:
        return sentence
    return (_close_up(sentence, gaps, values) if gaps else sentence).format_map(values)


def together(*said: str) -> str:
    """Sentences one after another: with a space between them, but behind a Chinese mark, which brings its own."""
    line = ""
    for each in (each for each in said if each):
        line += each if not line or line[-1] in _MARKS else f" {each}"
    return line


@cache
def _table(lang: str) -> Mapping[str, tuple[str, tuple[Gap, ...]]]:
    """Every sentence as a language has it, in Chinese where it has none, each with its gaps: a turn says thirty of them."""
    every = {**sentences("zh"), **sentences(lang)}
    return {key: (said, _gaps().get(said, ())) for key, said in every.items()}


@cache
def _gaps() -> Mapping[str, tuple[Gap, ...]]:
    """The sentences in which spaces part Chinese from placeholders, with these spaces; read once, since a page asks for
    some of them with every row."""
    found: dict[str, tuple[Gap, ...]] = {}
    for sentence in (each for lang in LANGUAGES for each in sentences(lang).values()):
        sides = [
            (at["name"], side)
            for at in _SPACED.finditer(sentence)
            for side, space in ((_FIRST, at["before"]), (_LAST, at["after"]))
            if space
        ]
        if sides:
            found[sentence] = tuple((1 << number, name, side) for number, (name, side) in enumerate(sides))
    return found


def _close_up(sentence: str, gaps: tuple[Gap, ...], values: Mapping[str, object]) -> str:
    """The sentence without the spaces that would stand between two Chinese characters."""
    shut = 0
    for bit, name, end in gaps:
        mark = str(values[name])[end]
        # HAN, as comparisons: a pattern takes five times as long, and nearly every line of a page comes by here.
        if "\u3001" <= mark <= "\uff60" and (mark <= "\u303f" or "\u3400" <= mark <= "\u9fff" or mark >= "\uff01"):
            shut |= bit
    return _without(sentence, shut) if shut else sentence


@cache
def _without(sentence: str, shut: int) -> str:
    """A sentence without these of its spaces, by their bits."""
    bit = 1

    def close(at: re.Match[str]) -> str:
        nonlocal bit
        kept = []
        for space in (at["before"], at["after"]):
            kept.append("" if space and shut & bit else space or "")
            bit <<= bool(space)
        return f"{kept[0]}{{{at['name']}}}{kept[1]}"

    return _SPACED.sub(close, sentence)
