"""What a student's words are after: one of the known intents, or unclear with up to three guesses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from handlers.crisis_fold import fold, squeeze
from handlers.crisis_words import Alarm, look
from handlers.understand.asides import nod
from handlers.understand.intents_commands import command
from handlers.understand.intents_exemplars import EXEMPLARS
from handlers.understand.intents_exemplars_more import MORE_EXEMPLARS
from handlers.understand.intents_nearest import Nearest
from handlers.understand.intents_rules import RULES, WHOLE
from handlers.understand.intents_rules_more import MORE_RULES
from handlers.understand.times import ZONE, read_time, rest

__all__ = ["Intent", "command", "read_intent"]

# Likelihood under which a label is only a guess to offer, not an answer to act on. Of the examples, each tenth tried
# against the rest, 86 in 100 that pass it are right without any rule.
_THRESHOLD: Final = 0.3
# What ends a leave or touches data is done on plain words only, so it takes a nearer example.
_SURER: Final = 0.6
_DOES: Final = frozenset({"leave.return", "privacy", "leave.withdraw", "broadcast.confirm"})
# Labels that a single word of a place or a subject gives (食堂, 宿舍, 考试), and how likely the whole sentence must
# make another one to outweigh it; found by trying every tenth of the examples against the rest.
_WIDE: Final[Mapping[str, float]] = {
    "service.find": 0.3, "dorm": 0.4, "course": 0.5, "human": 0.5, "help": 0.5, "broadcast.question": 0.6, "oos": 0.6,
    "certificate": 0.6,
}  # fmt: skip
_BARE: Final = 4
_ANY_DAY: Final = datetime(2026, 6, 10, 9, tzinfo=ZONE)  # which words are a time does not depend on the day
_READ_CHARS: Final = 400
# Longer texts are never "only a thank-you"; the bound also keeps the repeated groups of those patterns cheap.
_SHORT: Final = 30

_WHOLE: Final = tuple((label, re.compile(pattern)) for label, pattern in WHOLE)
_RULES: Final = tuple((label, re.compile(pattern, re.MULTILINE)) for label, pattern in RULES + MORE_RULES)
_NEAREST: Final = Nearest(
    {
        label: [
            fold(one).strip() for one in re.split(r"[|\n]", f"{block}\n{MORE_EXEMPLARS.get(label, '')}") if one.strip()
        ]
        for label, block in EXEMPLARS.items()
    }
)

_OF_COMMAND: Final = {
    "menu": "help",
    "help": "help",
    "human": "human",
    "return": "leave.return",
    "duty": "contact",
    "cancel": "cancel",
    "confirm": "confirm",
    "deny": "deny",
    "bind": "bind",
    "unbind": "privacy",
    "unbind_all": "privacy",
    "web": "help",
    "language_en": "help",
    "language_zh": "help",
}
_CONFIRMS_NOTICE: Final = re.compile(
    r"1|(?:好的?|嗯|行|可以|ok|okay|老师|我|已|了|是的?|对)*(?:收到|已读|已阅|知道|明白|了解|确认|知悉|会去"
    r"|会到|会参加|能参加|没问题|ok|好的?|看到|roger|gotit|noted|confirmed?|received|yes|参加)(?:了|啦|的|谢谢"
    r"|老师|通知|会准时到|会按时参加|一定到|哈)*"
)
_ASKS: Final = re.compile(
    r"[?]|[吗呢么]$|几点|几楼|哪个|哪间|多长|截止|在哪|哪里|什么|多久|怎么|能不|可以不|必须|一定要|要不要|需要|可以.{0,8}吗|不能去"
    r"|去不了|参加不了|来不了|\b(?:what|when|where|which|can|must|do) ",
)
_RATES: Final = re.compile(
    r"^[1-5一二三四五]$|星|分$|满意|好评|差评|不错|一般|还行|还可以|很好|挺好|太慢|太差|[很挺真好]差|没解决|没用|没有用"
    r"|没(?:修|弄|办|搞)?好|解决了|有帮助|帮了|给力|很快|good|bad|great|helpful|solved|useless|stars?|没有解决|敷衍|点赞|👍|👎"
)
_STOPS: Final = re.compile(
    r"^(?!.*(?:不|别|没有?|怎么|如何|能|可以)(?:要|想)?(?:取消|退出))(?!.*吗$).{0,4}(?:算了|不弄了|不办了|不填了|不搞了|不想(?:弄|填|办|写|请)了|取消吧?|退出|不要了|先不(?:办|填"
    r"|弄)了?|stop|cancel|quit|forgetit|nevermind).{0,6}$"
)
# A no with the right answer behind it: 不对,是周四.
# Words to wait, and questions of a few words: neither a yes nor a no.
_WAITS: Final = re.compile(
    r"^(?:等一?下|等等|稍等|等会|慢着|wait|holdon)(?:还没好|啊|吧|哈|aminute|asecond){0,2}$|^(?:可以|行|好|对|是)(?:不(?:可以|行|好|对|是))?[吗么]$|^行不行$"
    r"|^(?:不|别|没有?|怎么|如何|能|可以)(?:要|想)?(?:取消|退出)吗?$"
)
_UNHEARD: Final = re.compile(r"^(?:我)?(?:不|没)(?!问题).{1,6}$")
_CORRECTS: Final = re.compile(r"^(?:不对|不是|错了|写错了|no|wrong)[,.!;: 了的]+.{0,16}$|^不[ ,].{1,16}$")
# A soft alarm that tells of a low mood, as against one that only names a topic.
_MOODS: Final = frozenset({"NEGATED", "HOPELESS"})


class Intent(NamedTuple):
    """A label of the intent list, how sure (0–1), and other labels worth offering, best first, three at most."""

    label: str
    score: float
    alternatives: tuple[str, ...] = ()


def read_intent(words: str, context: str = "none") -> Intent:
    """The intent of the words in a context: none, form:<service>, broadcast, ticket_open or ticket_closed.

    The crisis look comes first, then words that only the context explains, then short texts taken whole, then the
    rules, unless the whole sentence plainly says otherwise, then the likeliest label; under the threshold the answer is "unclear" with alternatives. Never raises.
    """
    alarm = look(words)
    if alarm is not None and alarm.level == "page":
        return _alarmed(alarm)
    text = fold(words[:_READ_CHARS]).strip()
    flat = squeeze(text)
    told = _by_context(words, flat, text, context) or _by_whole(words, flat)
    if told is not None:
        return Intent(told, 1.0)
    if alarm is not None and alarm.rule in _MOODS:
        return Intent("psych.counsel", 0.8, ("human",))
    return _by_rules(flat, text)


def _alarmed(alarm: Alarm) -> Intent:
    if alarm.kind == "danger":
        return Intent("safety.emergency", 1.0)
    return Intent("psych.crisis", 1.0)


def _by_context(words: str, flat: str, text: str, context: str) -> str | None:
    if context.startswith("form:"):
        said = command(words)
        if said in {"confirm", "deny", "cancel"}:
            return said
        if nod(words):
            return nod(words)
        if _STOPS.match(flat):
            return "cancel"
        if _WAITS.match(flat):
            return "unclear"
        return "deny" if _CORRECTS.match(text) else None
    if context == "broadcast":
        if len(flat) <= _SHORT and _CONFIRMS_NOTICE.fullmatch(flat) and not text.endswith("?"):
            return "broadcast.confirm"
        if len(flat) <= 40 and _ASKS.search(text) and not _has_own_wish(flat, text):
            return "broadcast.question"
        if _UNHEARD.match(flat):
            return "broadcast.question"
    if context == "ticket_closed" and len(flat) <= 40 and _RATES.search(text):
        return "rate"
    return None


def _has_own_wish(flat: str, text: str) -> bool:
    """Whether the words name a wish of their own, such as leave, beside the notice that was just sent."""
    found = _first_rule(flat, text)
    return found is not None and found.split(".")[0] in {"leave", "repair", "card", "departure", "privacy", "aid"}


def _by_whole(words: str, flat: str) -> str | None:
    for label, pattern in _WHOLE if len(flat) <= _SHORT else ():
        if pattern.fullmatch(flat):
            return label
    said = command(words)
    if said == "mine":
        return "leave.status" if "请假" in flat or "leave" in flat else "mailbox.status"
    if said is not None:
        return _OF_COMMAND.get(said, "unclear")
    return None if flat else "unclear"


def _only_time(text: str) -> bool:
    """Whether a text is a time and nothing else (「周五晚到周日晚」): it answers something, and is no wish of its own."""
    span = read_time(text, _ANY_DAY)
    return bool(span.covered) and not rest(text, span).strip("的请回吧啊呢嗯 ")


def _first_rule(flat: str, text: str) -> str | None:
    both = f"{flat}\n{text}"
    for label, pattern in _RULES:
        if pattern.search(both):
            return label
    return None


def _by_rules(flat: str, text: str) -> Intent:
    found = _first_rule(flat, text)
    near = _NEAREST.rank(text)
    others = tuple(label for label, score in near if label != found and score > 0.1)[:3]
    heard = near if len(flat) > _BARE else []  # a bare name (图书馆) is what its rule says
    if found and heard and heard[0][0] not in {found, *_DOES} and heard[0][1] >= _WIDE.get(found, 2):
        return Intent(near[0][0], near[0][1], (found, *others[1:])[:3])
    if found is not None:
        return Intent(found, 0.9, others)
    if near and near[0][0] != "leave.request" and len(flat) <= _SHORT and _only_time(text):
        return Intent("unclear", near[0][1], others)
    if near and near[0][1] >= (_SURER if near[0][0] in _DOES else _THRESHOLD):
        return Intent(near[0][0], near[0][1], others[1:])
    return Intent("unclear", near[0][1] if near else 0.0, others)
