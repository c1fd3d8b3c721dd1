"""Which lines of a checklist words name: their numbers (「1 3」, 「第2项」), or all that is left (「全部」)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_ALL: Final = frozenset({"全部", "所有", "全", "都", "都好了", "全做完了", "all"})
_PLACE: Final = re.compile(r"(?<![0-9])[0-9]{1,2}(?![0-9])")
_ONLY_PLACES: Final = re.compile(r"(?:第?\s*[0-9]{1,2}\s*[项条]?[\s,，、;；和]*)+")


def read_all(words: str) -> bool:
    """Whether words mean every line that is left."""
    return words.strip().lower() in _ALL


def read_places(words: str) -> frozenset[int]:
    """The numbers that words consist of; none where they say anything else."""
    said = unicodedata.normalize("NFKC", words[:200]).strip()
    return frozenset(int(each) for each in _PLACE.findall(said)) if _ONLY_PLACES.fullmatch(said) else frozenset()
