"""Words as markup: nothing runs, nothing hides, and only real addresses are links."""

from __future__ import annotations

import re

import pytest

from bot.pages.words import is_address, linked, plain, size
from bot.web import STATIC


@pytest.mark.parametrize(
    ("words", "markup"),
    [
        ("<b>&'\"", "&lt;b&gt;&amp;&#39;&#34;"),
        ("a\u202eb", 'a<span class="hidden" title="RIGHT-TO-LEFT OVERRIDE">U+202E</span>b'),
        ("a\x00b", 'a<span class="hidden" title="control">U+0000</span>b'),
        ("第一行\n第二行\t完", "第一行\n第二行\t完"),
        ("👨‍👩‍👧‍👦 阿依古丽·买买提 𠮷", "👨‍👩‍👧‍👦 阿依古丽·买买提 𠮷"),
    ],
)
def test_it_escapes_and_shows_what_hides_tx_03(words: str, markup: str) -> None:
    assert plain(words) == markup


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("看 https://a.edu.cn/x?b=1&c=2。", "https://a.edu.cn/x?b=1&amp;c=2"),
        ("（http://a.cn）", "http://a.cn"),
        ("https://a.cn/x.", "https://a.cn/x"),
    ],
)
def test_it_links_addresses_tx_12(words: str, address: str) -> None:
    assert f'<a href="{address}" rel="noopener noreferrer" target="_blank">{address}</a>' in linked(words)


@pytest.mark.parametrize(
    "words", ["javascript:alert(1)", "data:text/html,x", "ftp://a.cn", "[x](javascript:alert(1))", "a.cn"]
)
def test_it_links_nothing_else_tx_12(words: str) -> None:
    assert "<a " not in linked(words)


def test_it_cannot_be_led_out_of_an_attribute() -> None:
    assert 'onmouseover="' not in linked('https://a.cn/"onmouseover="alert(1)')
    assert "<script>" not in linked("https://a.cn/<script>alert(1)</script>")


@pytest.mark.parametrize(
    ("url", "good"),
    [("/slip/1", True), ("https://a.cn/x", True), ("//evil.com", False), ("/\\evil.com", False), ("javascript:x", False),
     ("https://a.cn/ x", False), ("", False), ("data:x", False)],
)  # fmt: skip
def test_it_offers_real_addresses_only_tx_12(url: str, good: bool) -> None:
    assert is_address(url) is good


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("11月22日（周日）14:00 → 11月23日（周一）22:00", ["11月22日（周日）14:00", "11月23日（周一）22:00"]),
        ("2026年6月1日起，今天 12:33 前答复", ["2026年6月1日", "今天 12:33"]),
        (
            "11月22日（周日）08:00–17:00，2026年6月1日 08:00–09:00",
            ["11月22日（周日）", "08:00–17:00", "2026年6月1日", "08:00–09:00"],
        ),
        ("from Sun 22 Nov 14:00 to 23 Nov", ["Sun 22 Nov 14:00", "23 Nov"]),
        ("Thu 26 November 2026 08:00, 3 June 08:00–17:00", ["Thu 26 November 2026", "08:00", "3 June", "08:00–17:00"]),
        ("请假 QJ-2611-0001 已提交", ["QJ-2611-0001"]),
        ("赵一同（2023000000）、李雷（N0000）", ["赵一同（2023000000）", "李雷（N0000）"]),
        ("我有 3 本书，还了 12 本", []),
    ],
)
def test_it_keeps_dates_and_numbers_in_one_piece(words: str, whole: list[str]) -> None:
    shown = str(plain(words))
    assert re.findall('<span class="nb">(.*?)</span>', shown) == whole
    assert re.sub("<[^>]*>", "", shown) == words


@pytest.mark.parametrize("name", ["app.css", "console.css"])
def test_it_holds_them_together_in_what_every_page_loads(name: str) -> None:
    assert re.search(r"\.nb\b[^{}]*\{white-space:nowrap\}", STATIC[name][0].decode())


def test_it_tells_sizes_to_people() -> None:
    assert [size(count) for count in (1, 2048, 3_500_000)] == ["1 KB", "2 KB", "3.3 MB"]
