"""Which of the product's languages somebody writes in."""

from __future__ import annotations

import re
from typing import Final

_LATIN: Final = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
ENOUGH: Final = 3  # words in Latin letters are a sentence; fewer tell English only by a word that everybody knows
_KNOWN: Final = frozenset({
    "a", "absence", "ask", "back", "bed", "broke", "broken", "bye", "call", "can", "chat", "counsellor", "counselor",
    "dead", "die", "dorm", "dormitory", "emergency", "english", "fire", "from", "gas", "go", "hello", "help", "hey",
    "hi", "home", "hurt", "i", "ill", "in", "is", "kill", "leave", "light", "lock", "lost", "me", "medical", "menu",
    "my", "myself", "need", "no", "not", "ok", "okay", "out", "please", "repair", "request", "return", "room", "sad",
    "safe", "sick", "sign", "sorry", "start", "status", "stop", "suicide", "teacher", "thank", "thanks", "the", "to",
    "today", "tomorrow", "want", "water", "week", "what", "yes", "you",
})  # fmt: skip


def language_of(words: str) -> str:
    """ "en" for English words without a Chinese character, else "zh": a few letters, digits and signs tell nothing."""
    if has_chinese(words):
        return "zh"
    found = [word.lower() for word in _LATIN.findall(words)]
    return "en" if len(found) >= ENOUGH or any(word in _KNOWN for word in found) else "zh"


def has_chinese(words: str) -> bool:
    """Whether a Chinese character stands in the words."""
    return any("\u3400" <= mark <= "\u9fff" or mark >= "\U00020000" for mark in words)
