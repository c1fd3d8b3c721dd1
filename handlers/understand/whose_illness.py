"""Tells who is ill: leave to look after a relative, a roommate or a friend is no sick leave of the speaker."""

from __future__ import annotations

import re
from typing import Final

from handlers.understand.euphemisms import ELDERS

CARE: Final = "照顾家人"
_CLOSE: Final = (
    rf"(?:{ELDERS}|家里?人|家属|孩子|女儿|儿子|室友|舍友|同学|(?:男|女)?朋友|对象|老公|老婆|爱人|闺蜜|哥们|队友"
    r"|\b(?:mother|mom|mum|dad|father|parents?|brother|sister|grandm\w+|grandf\w+|grandpa|roommate|friend|classmate|wife|husband|child)\b)"
)
# What the speaker has in person; a place (医院) says nothing of whose illness it is.
_ILL: Final = (
    r"住院|住进|生病|病了|病倒|病重|重病|得病|犯病|发烧|高烧|感冒|手术|开刀|不舒服|骨折|摔伤|摔了|受伤|肚子疼|胃疼|头疼|拔牙|化疗|流感|中风|确诊"
    r"|\b(?:ill|sick|fever|surgery|operation|hospitali[sz]ed)\b"
)
_PLACE: Final = r"医院|看病|就诊|看医生|看急诊|急诊|复查|陪护|病房|ICU|\b(?:hospital|doctor)\b"
_WORDS: Final = re.compile(f"{_ILL}|{_PLACE}", re.IGNORECASE)
# 「奶奶突然住院」: nobody else comes between, and nothing that is done to the speaker.
_SUBJECT: Final = re.compile(
    rf"{_CLOSE}(?:[^\n,，。.;；!！?？我陪送带叫让催约给替帮传染]){{0,10}}?(?:{_ILL}|{_PLACE})"
    rf"|(?:{_ILL})的{_CLOSE}",
    re.IGNORECASE,
)
_LOOKED_AFTER: Final = re.compile(
    rf"(?:陪着?|陪同|陪护|照顾|照看|照料|护理|探望|看望|探视|送|带|接)(?:一下)?(?:我们?的?|咱)?(?:{_CLOSE}|[他她]|ta)"
    r"|\b(?:take care of|look(?:ing)? after|accompany(?:ing)?|visit(?:ing)?) (?:my|him|her)\b",
    re.IGNORECASE,
)
_SELF: Final = re.compile(
    rf"(?:我|自己|本人)(?:也|又|还|都|正|今|昨|明|天|早|晚|上|下|午|最近|这两天|突然|忽然|有点|有些|一直|因为|因|自己|刚刚?|做了?|要|得|在|身体|这边|[\s]){{0,8}}(?:{_ILL})"
    rf"|我[和跟与](?:我的?)?{_CLOSE}(?:都|一起|也|同时|[\s]){{0,3}}(?:{_ILL})"
    r"|传染"
    rf"|[陪送带让叫催帮给]着?我(?!们?的?{_CLOSE}).{{0,10}}?(?:{_ILL}|{_PLACE})"
    r"|\bi(?:'m| am| was| have| got| had)(?: a| an| been| also| feeling| very)* (?:ill|sick|fever|surgery|operation)\b",
    re.IGNORECASE,
)


def of_others(words: str) -> bool:
    """Whether the words tell of the illness of somebody close and of none of the speaker's own."""
    if _WORDS.search(words) is None or _SELF.search(words) is not None:
        return False
    return _SUBJECT.search(words) is not None or _LOOKED_AFTER.search(words) is not None


def without(words: str) -> str:
    """The words without the illness of somebody else, and what it asks for (照顾家人) behind them; else as they are."""
    return f"{_WORDS.sub(' ', words)} {CARE}" if of_others(words) else words
