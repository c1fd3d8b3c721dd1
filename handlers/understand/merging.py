"""Several matters that are to become one, as staff say it: 「合并 BX-2606-0002 0003 到 BX-2606-0001」."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from handlers.understand.orders import read_number

_ONE: Final = r"(?<![0-9A-Za-z-])(?:[A-Za-z]{2}\s*-?\s*\d{4}\s*-?\s*\d{4,6}|\d{4}-\d{3,6}|\d{3,6})(?![\dA-Za-z-])"
_AND: Final = r"(?:[\s,，、;；]|和|与|及|跟|同|以及|还有|and)+"
_LIST: Final = rf"{_ONE}(?:{_AND}{_ONE})*"
_ASKED: Final = r"[/\s]*(?:请|麻烦|帮忙|帮我|我要|我想|please\s)*\s*"
_INTO: Final = r"(?:合并到|并到|并入|[到进至入给]|into|to|with)"
_VERB: Final = r"(?:合并|并案|merge)"
_FORMS: Final = (
    # 「合并 甲 乙 到 丙」, with 丙 or without
    rf"^{_ASKED}{_VERB}\s*(?:工单|这[几两三四五]件)?[\s:：]*(?P<all>{_LIST})\s*(?:(?:都|一起)?{_INTO}\s*(?P<into>{_ONE})\s*(?:里|中|去)?)?(?P<rest>.*)$",
    # 「把 甲 乙 合并到 丙」, 「甲和乙合并成一件」
    rf"^{_ASKED}(?:把|将|对)?\s*(?P<all>{_LIST})\s*(?:这[几两三四五]件)?\s*(?:都|一起|全部)*\s*(?:{_VERB}\s*(?:[为成]一件|在一起|一下|起来)?(?:{_INTO}\s*(?P<into>{_ONE})\s*(?:里|中|去)?)?|(?:并到|并入)\s*(?P<there>{_ONE})\s*(?:里|中|去)?)(?P<rest>.*)$",
)
_READ: Final = tuple(re.compile(each, re.IGNORECASE | re.DOTALL) for each in _FORMS)
_VERBS: Final = re.compile(r"合并|并案|并入|并到|merge", re.IGNORECASE)
_EDGE: Final = re.compile(r"^[\s,，.。:：;；!！了吧]+|\s+$")


class Several(NamedTuple):
    """What is to become one: numbers or the ends of numbers, the one that goes on ("" where none is named), and the rest."""

    which: tuple[str, ...]
    into: str
    words: str


def read_several(words: str) -> Several | None:
    """At least three matters, or two of which none is named to go on; None for all else, also for one into another."""
    plain = " ".join(unicodedata.normalize("NFKC", words[:4000]).split())
    if not _VERBS.search(plain[:2000]):
        return None
    for place, form in enumerate(_READ):
        found = form.match(plain)
        if found is None:
            continue
        which = tuple(dict.fromkeys(_number(each) for each in re.findall(_ONE, found["all"])))
        into = _number(found["into"] or (found.groupdict().get("there") or ""))
        alone = place == 1 and len(which) == 2 and not into  # 「合并 甲 乙」 is 甲 into 乙, as it always was.
        if len({*which, into} - {""}) > 2 or alone:
            return Several(which, into, _EDGE.sub("", found["rest"]))
    return None


def _number(said: str) -> str:
    return read_number(said) or said.strip()
