"""Turns words into safe markup: all escaped, addresses clickable, hidden characters visible, dates in one piece."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from markupsafe import Markup, escape

from handlers.texts.unbroken import WHOLE

ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
TRAILING: Final = ".,;:!?)]'"
# Characters that turn the writing direction or show nothing; joiners stay, since emoji and Persian need them.
HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]"
)


def plain(words: str) -> Markup:
    """Words as text: escaped, hidden characters shown as their number."""
    if HIDDEN.search(words) is None:  # As nearly always; a page of the inbox asks for this of every row.
        return _whole(words)
    return Markup("").join(_pieces(words))


def linked(words: str) -> Markup:
    """Words as text in which web addresses are links; only http and https ever become one."""
    parts: list[Markup] = []
    end = 0
    for match in ADDRESS.finditer(words):
        address = match.group().rstrip(TRAILING)
        parts.append(plain(words[end : match.start()]))
        parts.append(Markup('<a href="{0}" rel="noopener noreferrer" target="_blank">{0}</a>').format(address))
        end = match.start() + len(address)
    parts.append(plain(words[end:]))
    return Markup("").join(parts)


def is_address(url: str) -> bool:
    """Whether a link may be offered: a page of ours, or http(s) to somewhere; never a script or data."""
    if re.match(r"/(?![/\\])", url):
        return not HIDDEN.search(url)
    return bool(re.fullmatch(ADDRESS, url))


def size(count: int) -> str:
    """A file's size for people."""
    if count >= 1_048_576:
        return f"{count / 1_048_576:.1f} MB"
    return f"{max(1, round(count / 1024))} KB"


def _pieces(words: str) -> list[Markup]:
    parts: list[Markup] = []
    end = 0
    for match in HIDDEN.finditer(words):
        parts.append(_whole(words[end : match.start()]))
        letter = match.group()
        parts.append(
            Markup('<span class="hidden" title="{1}">U+{0:04X}</span>').format(
                ord(letter), unicodedata.name(letter, "control")
            )
        )
        end = match.end()
    parts.append(_whole(words[end:]))
    return parts


def _whole(words: str) -> Markup:
    """Words escaped, with what must not be broken between two lines held together; no piece holds what was escaped."""
    return Markup(WHOLE.sub(r'<span class="nb">\g<0></span>', str(escape(words))))  # noqa: S704
