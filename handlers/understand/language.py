"""Which of the product's languages somebody writes in."""

from __future__ import annotations


def language_of(words: str) -> str:
    """ "en" for words in Latin letters without a Chinese character, else "zh": digits and signs tell nothing."""
    return "en" if not has_chinese(words) and any(mark.isalpha() and mark.isascii() for mark in words) else "zh"


def has_chinese(words: str) -> bool:
    """Whether a Chinese character stands in the words."""
    return any("\u3400" <= mark <= "\u9fff" or mark >= "\U00020000" for mark in words)
