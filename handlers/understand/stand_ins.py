"""What staff say of who stands in for them: 「谁代我」, 「我的代办人是王书记」, 「王书记明天到周五代我」."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from handlers.understand.absences import TITLES, Wish

ASKS: Final = "stand_asked"
SETS: Final = "stand_set"
_MOST: Final = 60
_NOUN: Final = r"(?:代办|代理|代班|替班|代管|替岗|顶岗|顶班)(?:的?人|的?老师|者|员)?"
_FOR_ME: Final = r"(?:代|替|顶)(?:我|本人)(?:的?(?:班|岗|事|工作|学生))?(?:值?班|上班|办|办理|办事|代办|处理|管|签字?|一下|几天|一天)*"
_WHEN: Final = (
    r"(?:请问|那|现在|目前|今天|今晚|明天|后天|这几天|这段时间|这周|本周|下周|期间|我?不在的?时候|我?不在)*[,，]?"
)
_END: Final = r"(?:呢|啊|呀|吧|了|的|吗)*[\s?？。.!！~～]*"
_ASK: Final = re.compile(
    rf"{_WHEN}(?:是|由)?(?:谁|哪位(?:老师)?|哪个老师)(?:现在|目前|今天|在|来|会|能|正在|帮忙?)*{_FOR_ME}{_END}"
    rf"|{_WHEN}(?:我|本人)的?(?:事情?|工作|学生|班)?{_WHEN}(?:是|由|归)?(?:谁|哪位(?:老师)?)(?:在|来)?(?:代|替|顶|管|代办|代管|代理|办)(?:班|岗|着)?{_END}"
    rf"|{_WHEN}(?:谁|哪位)是(?:我|本人)的?{_NOUN}{_END}"
    rf"|(?:看|查|问)?一?下?{_WHEN}(?:我|本人)的?{_NOUN}{_WHEN}(?:是(?:谁|哪位)|有谁|是哪个|叫什么)?{_END}"
    r"|who(?:\s+is|'s|’s)?\s+(?:stands?|standing|covers?|covering|fills?|filling)(?:\s+in)?\s+for\s+me(?:\s+now)?[\s?.]*"
    r"|(?:who\s+is\s+)?my\s+(?:stand-?in|deputy|substitute)[\s?.]*",
    re.IGNORECASE,
)
_NAME: Final = r"(?P<{}>[^\s,，。;；?？谁哪吗我]{{2,8}}?)"
_TITLED: Final = rf"(?P<{{}}>[^\s,，。;；?？谁哪吗我]{{{{1,3}}}}(?:{'|'.join(TITLES)}))"
_TIME: Final = r"(?P<{}>[^?？谁吗代替顶]{{0,24}}?)"
_BE: Final = r"(?:改成|改为|换成|换为|定为|设为|设成|指定为?|就是|还是|是|为|由|请|找|选)"
_SET: Final = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        # 我的代办人（明天到周五）是王书记
        rf"(?:把|将)?(?:我|本人)?的?{_NOUN}{_TIME.format('when')}{_BE}{_NAME.format('name')}(?:来?(?:代|代办|当|担任))?{_END}",
        # 设王书记为我的代办人，让王书记当我的代办人
        rf"(?:设|指定|选|让|请|由|定){_NAME.format('name')}(?:来)?(?:为|当|做|作为|担任)(?:我|本人)?的?{_NOUN}{_END}",
        # 王书记是我的代办人
        rf"{_NAME.format('name')}(?:是|就是|当|做){_TIME.format('when')}(?:我|本人)的{_NOUN}{_END}",
        # （明天到周五）请王书记代我
        rf"{_TIME.format('when')}(?:请|让|由|找|麻烦|拜托|安排){_TITLED.format('name')}(?:来|帮忙?)?{_TIME.format('more')}{_FOR_ME}{_END}",
        rf"{_TIME.format('when')}(?:请|让|由|找|麻烦|拜托|安排){_NAME.format('name')}(?:来|帮忙?)?{_FOR_ME}{_END}",
        # （明天到周五）王书记代我，王书记明天到周五代我
        rf"{_TIME.format('when')}{_TITLED.format('name')}(?:来|会|帮忙?)?{_TIME.format('more')}{_FOR_ME}{_END}",
        r"my\s+(?:stand-?in|deputy|substitute)\s+(?:is|will\s+be)\s+(?P<name>[A-Za-z][\w.'’ -]{0,40}?)[\s.!]*",
    )
)


def read(words: str) -> Wish | None:
    """A question for one's stand-in (ASKS) or the naming of one (SETS, with the name as it was said and the words that may
    hold a time); None for other words. 「由王老师代」 beside 「我不在」 is read with the absence.
    """
    plain = unicodedata.normalize("NFKC", words[: 4 * _MOST]).strip().replace(" ", "" if not words.isascii() else " ")
    if not plain or len(plain) > _MOST:
        return None
    if _ASK.fullmatch(plain):
        return Wish(ASKS)
    for pattern in _SET:
        if found := pattern.fullmatch(plain):
            parts = found.groupdict()
            when = (parts.get("when") or "") + (parts.get("more") or "")
            return Wish(SETS, parts["name"].strip(), when)
    return None
