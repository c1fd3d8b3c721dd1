"""A colleague as people address one: a surname with a title, at the beginning of words (「罗主任 请看看」), after 「给」 or without."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_TITLE: Final = r"(?:副)?(?:老师傅|老师|书记|主任|处长|院长|校长|部长|科长|所长|馆长|队长|班长|师傅|阿姨|辅导员|同志|教授|工(?=$|[\s,，。.:：;；请您帮去来再]))"
_TITLED: Final = re.compile(rf"(?P<surname>欧阳|司马|上官|诸葛|司徒|夏侯|皇甫|尉迟|公孙|慕容|令狐|[一-鿿]){_TITLE}")
_NAMED: Final = re.compile(r"[^\s,，。;；]+")
_TO: Final = re.compile(
    r"^[\s,，.。:：]*(?:转?交?给|转?交?到|转?交?至|转?交由|退?回给?|由|请|让|to\b)\s*", re.IGNORECASE
)

_GIVEN: Final = re.compile(r"^\s*(?:退?回|转|交|还)?(?P<to>给|到|至)\s*")


def read_titled(words: str) -> tuple[str, str]:
    """The surname of whoever is addressed at the beginning of words, and the words after: 「罗主任 请看」 → ("罗", " 请看");
    ("", words) where nobody is."""
    found = _TITLED.match(words)
    return (found["surname"], words[found.end() :]) if found else ("", words)


def after_to(words: str) -> str:
    """Words without the 「给」, 「到」, 「由」 or "to" that they begin with, and may stand before a name; as they are without one."""
    plain = unicodedata.normalize("NFKC", words)
    plain = plain if len(plain) == len(words) else words
    found = _TO.match(plain)
    return words[found.end() :] if found else words


def read_addressed(words: str) -> tuple[str, str]:
    """Whoever the words begin with, as they are called, and what is said after: 「给罗主任请看看」 → ("罗主任", "请看看").

    Without a title it is what stands before the first space or comma.
    """
    said = after_to(words.strip())
    surname, rest = read_titled(said)
    if not surname:
        found = _NAMED.match(said)
        surname, rest = (found[0], said[found.end() :]) if found else ("", said)
        return surname, rest.lstrip(" ,，.。:：;；\t\n")
    return said[: len(said) - len(rest)], rest.lstrip(" ,，.。:：;；\t\n")


def after_given(words: str) -> str:
    """What stands behind the 「给」 that words to be sent back begin with: 「给罗主任 请看」 → 「罗主任 请看」; "" without one."""
    found = _GIVEN.match(words)
    return words[found.end() :] if found else ""


def tells_where(words: str) -> bool:
    """Whether they begin with 「到」, which before an office tells the student where to go (「到学工处盖章」)."""
    found = _GIVEN.match(words)
    return found is not None and found["to"] == "到"
