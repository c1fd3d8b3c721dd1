"""The likeliest intent by what its example sentences are made of: naive Bayes over characters, pairs and words."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

# Longer texts are compared by their beginning; what somebody wants stands there, and the cost stays bounded.
_READ_CHARS: Final = 160
_ALPHA: Final = 0.2  # what an unseen piece counts; tried between 0.05 and 0.5 by leaving one example out at a time
_SINGLE: Final = 0.8  # single characters are shared by half of the language
_PAIR: Final = 0.7  # two English words together, beside the words themselves
_COMMON: Final = frozenset(re.findall(r"\w+", "the a an i is to of my it in for me do on and can you what how at s m"))
_WORD: Final = re.compile(r"[a-z]+")
_OTHER: Final = re.compile(r"[^a-z\W\d_]")  # a digit tells no intent, and a sum or a key would look like one


def _pieces(text: str) -> dict[str, float]:
    """What a folded text is made of, each piece with its weight: characters and their pairs, English words and pairs."""
    clipped = text[:_READ_CHARS]
    signs = "".join(_OTHER.findall(clipped))
    found = dict.fromkeys(signs, _SINGLE)
    found |= dict.fromkeys((signs[at : at + 2] for at in range(len(signs) - 1)), 1.0)
    words = [word[:-1] if len(word) > 3 and word.endswith("s") else word for word in _WORD.findall(clipped)]
    found |= {f"{word} ": 0.3 if word in _COMMON else 1.0 for word in words}
    found |= {f"{first} {second}": _PAIR for first, second in itertools.pairwise(words)}
    return found


class Nearest:
    """Labels by their examples; only pieces that a label has seen cost anything when a text is ranked."""

    def __init__(self, examples: Mapping[str, Iterable[str]]) -> None:
        """`examples`: label → folded sentences. The tables are built once and never change."""
        seen: dict[str, Counter[str]] = {label: Counter() for label in examples}
        for label, sentences in examples.items():
            for sentence in sentences:
                seen[label].update(_pieces(sentence).keys())
        every = len(set().union(*seen.values()))
        # How much less an unseen piece costs a label with few examples, and what a seen one adds to each label.
        self._floor = {label: -math.log(sum(counts.values()) + _ALPHA * every) for label, counts in seen.items()}
        self._gain: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for label, counts in seen.items():
            for piece, count in counts.items():
                self._gain[piece].append((label, math.log((count + _ALPHA) / _ALPHA)))

    def rank(self, text: str, most: int = 4) -> list[tuple[str, float]]:
        """Up to `most` labels with how likely each is (0–1, together at most 1), best first; empty where no pair or word is known."""
        pieces = _pieces(text)
        known = sum(weight for piece, weight in pieces.items() if piece in self._gain)
        telling = any(weight == 1.0 for piece, weight in pieces.items() if piece in self._gain)
        total = sum(pieces.values())
        if not telling:
            return []
        gains: dict[str, float] = defaultdict(float)
        for piece, weight in pieces.items():
            for label, gain in self._gain.get(piece, ()):
                gains[label] += weight * gain
        scores = {label: gains[label] + total * floor for label, floor in self._floor.items()}
        top = max(scores.values())
        # Pieces are far from independent, so the evidence counts for half; what is unknown lowers the certainty.
        odds = {label: math.exp((score - top) / 2) for label, score in scores.items() if gains[label]}
        share = known / total / sum(odds.values())
        best = sorted(odds.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
        return [(label, odd * share) for label, odd in best]
