"""Which language somebody writes in: a few letters tell nothing."""

from __future__ import annotations

import pytest

from handlers.understand.language import language_of


@pytest.mark.parametrize(
    ("words", "lang"),
    [
        ("asdfgh", "zh"), ("qj", "zh"), ("123", "zh"), ("😀", "zh"), ("asdf qwer", "zh"), ("", "zh"),
        ("hello", "en"), ("my light is broken", "en"), ("Leave please", "en"), ("I'm ill", "en"),
        ("I 想请假", "zh"), ("gdzie jest moje", "en"),
    ],
)  # fmt: skip
def test_it_needs_english_words(words: str, lang: str) -> None:
    assert language_of(words) == lang
