"""A page of paper: its lines are as wide as the paper, and break where people would break them."""

from __future__ import annotations

import pytest

from bot.pages.paper import _folded


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("2026年11月26日（周四）08:00 → 2026年11月27日（周五）17:00 · 共 2 天",
         ["2026年11月26日（周四）08:00 → 2026年11月27日（周五）17:00", "· 共 2 天"]),
        ("Scan to see whether this slip is valid now. What the scan shows counts.",
         ["Scan to see whether this slip is valid now. What the scan", "shows counts."]),
        ("一" * 40, ["一" * 31, "一" * 9]),
        ("a" * 70, ["a" * 62, "a" * 8]),
        ("", [""]),
    ],
)  # fmt: skip
def test_it_breaks_lines_between_words(words: str, lines: list[str]) -> None:
    assert _folded(words) == lines
