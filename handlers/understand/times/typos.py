"""Puts words of time right that an input method or a slip of the finger spoilt: 明添, 12好, 下舞."""

from __future__ import annotations

import re
from typing import Final

# What is put right has only one meaning where it stands, and as many characters as the right word: positions stay.
_SLIPS: Final[tuple[tuple[str, str], ...]] = (
    (r"(?<=[今昨])[添田夭舔]|(?<=[明后前])[添田夭](?!加|置|园|写|饭|径)", "天"),
    (r"(?<![姓同报署成闻著有出知])[名鸣](?=天(?:[早上下中晚凌请就要我去回到]|$))|(?<![\u4e00-\u9fff])[民冥](?=天[早上下中晚凌请])", "明"),
    (r"(?<![气时等症])候(?=天(?:[早上下中晚凌请就要我去回到,]|$))", "后"),
    (r"(?<![\u4e00-\u9fff])[金近](?=天[早上下中晚请])", "今"),
    (r"(?<![工写操动当叫看])作(?=天(?:[早上下中晚没请]|$))", "昨"),
    (r"(?<=[天日号上下中一二三四五六])[舞武吾悟](?=[请去要想到回有走没不我的,、和至\-~\d两一二三四五六]|$)", "午"),
    (r"(?<=[天号日一二三四六日][上下])[五无](?=[请去要想走没,]|$|有事|\d{1,2}[点:]|[一二三四五六七八九十]{1,2}点)", "午"),
    (r"(?<=周)无(?=[请去要想到回走没早上下中晚,、和至\-~]|$)", "五"),
    (r"(?<=[今昨明后]天)[完玩碗挽](?=上)", "晚"),
    (r"(?<=[天晚])(?<=[今昨明后]天晚)[商伤尚赏](?!场|心|口|员|品)", "上"),
    (r"(?<=早)[尚商伤]", "上"),
    (r"(?<=星)[其斯奇气](?=[一二三四五六日天末\d])", "期"),
    (r"(?<=礼)[败白百](?=[一二三四五六日天末\d])", "拜"),
    (r"(?<=[下本这上])[洲州舟粥](?=[一二三四五六日天末](?:$|[请去要想到回有走没不我早上下中晚,、和至\-~]))", "周"),
    (
        r"(?<=\d)[好浩昊耗](?=$|[到至\-~,、和请走回离早晚]|上午|下午|中午|凌晨|[就要想]|开始|[之以]?[前后])",
        "号",
    ),
    (r"(?<=\d)[曰目](?=$|[到至\-~,、和请走回离早晚]|上午|下午|中午|开始)", "日"),
    (r"(?<=\d)[店典电](?=$|[到至\-~半钟整前,、]|左右)", "点"),
    (r"(?<=[想要我])清(?=[今明后]天|假|[一两三半\d])", "请"),
    (r"(?<=请)[价甲加架贾](?=$|[,。、\d一二两三四五六七八九十半]|[可行吗]|到)", "假"),
)  # fmt: skip
_ANY: Final = re.compile("|".join(f"({shape})" for shape, _ in _SLIPS))
_RIGHT: Final = tuple(right for _, right in _SLIPS)


def mend(plain: str) -> str:
    """Plain words with such slips put right, one character for one."""
    return _ANY.sub(lambda found: _RIGHT[(found.lastindex or 1) - 1], plain)
