"""The nearest example sentence by weighted pairs of characters: small, own, without any package."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Final

# Longer texts are compared by their beginning; what somebody wants stands there, and the cost stays bounded.
_READ_CHARS: Final = 160


def _grams(text: str) -> Counter[str]:
    clipped = text[:_READ_CHARS]
    return Counter(clipped) + Counter(clipped[i : i + 2] for i in range(len(clipped) - 1))


class Nearest:
    """Cosine of TF-IDF vectors over single characters and pairs, through an inverted index."""

    def __init__(self, examples: Mapping[str, list[str]]) -> None:
        """`examples`: label → squeezed sentences. The index is built once and never changes."""
        pairs = [(label, _grams(sentence)) for label, sentences in examples.items() for sentence in sentences]
        seen = Counter(gram for _, grams in pairs for gram in grams)
        self._idf: dict[str, float] = {gram: math.log(1 + len(pairs) / count) for gram, count in seen.items()}
        self._unseen = math.log(1 + len(pairs))
        self._labels: list[str] = [label for label, _ in pairs]
        self._index: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, (_, grams) in enumerate(pairs):
            weights = self._weigh(grams)
            for gram, weight in weights.items():
                self._index[gram].append((number, weight))

    def _weigh(self, grams: Counter[str]) -> dict[str, float]:
        # Pairs say more than single characters, which are shared by half of the language.
        raw = {
            gram: (1 + math.log(count)) * self._idf.get(gram, self._unseen) * (1.0 if len(gram) == 2 else 0.5)
            for gram, count in grams.items()
        }
        length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
        return {gram: value / length for gram, value in raw.items()}

    def rank(self, squeezed: str, most: int = 4) -> list[tuple[str, float]]:
        """Up to `most` labels with their best cosine (0–1), best first."""
        scores: dict[int, float] = defaultdict(float)
        for gram, weight in self._weigh(_grams(squeezed)).items():
            for number, other in self._index.get(gram, ()):
                scores[number] += weight * other
        best: dict[str, float] = {}
        for number, score in scores.items():
            label = self._labels[number]
            if score > best.get(label, 0.0):
                best[label] = score
        return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
