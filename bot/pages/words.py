"""Turns words into safe markup: all escaped, addresses clickable, hidden characters visible, dates in one piece."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from markupsafe import Markup, escape

ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
TRAILING: Final = ".,;:!?)]'"
# Characters that turn the writing direction or show nothing; joiners stay, since emoji and Persian need them.
HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]"
)


# Chinese may break between any two characters, and a date that does is hard to read. Whole are: a day with its weekday
# and its time, a time alone, the same in English, the number of a ticket, and in a list a short name with its number.
_CLOCK = "[0-9]{1,2}:[0-9]{2}"
_TIME = rf"{_CLOCK}(?:\u2013{_CLOCK})?"  # 08:00, 08:00–17:00
_DAY = "[0-9]{1,2}\u6708[0-9]{1,2}\u65e5(?:\uff08\u5468[^\uff09]\uff09)?"
_DAYS = "Mon|Tue|Wed|Thu|Fri|Sat|Sun"
_MONTHS = "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
WHOLE: Final = re.compile(
    # A day with its hours from to fills a line of a phone: these are two pieces.
    rf"(?:[0-9]{{4}}\u5e74)?{_DAY}(?: ?{_CLOCK}(?!\u2013))?"
    rf"|[\u4eca\u660e\u540e\u6628]\u5929 {_TIME}"
    rf"|(?:(?:{_DAYS}),? )?[0-9]{{1,2}} (?:{_MONTHS})\b(?: [0-9]{{4}}\b(?!:)|,? {_CLOCK}(?!\u2013))?|{_TIME}|\b[A-Z]{{1,6}}-[0-9]{{4}}-[0-9]{{4,8}}\b"
    r"|(?:(?<=\u3001)|^)[^\s\u3001\uff08\uff09&;]{1,4}\uff08[0-9A-Za-z]{3,12}\uff09(?=\u3001|$)"
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
