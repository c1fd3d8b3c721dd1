"""Words of somebody who leaves before the answer, asks whether one may, or has arrived: 「不等老师批了」, 「没批我能走吗」, 「到了」."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MOST: Final = 60  # characters; what is longer tells a story, of which going is one part
_UNANSWERED: Final = r"(?:(?:还|都|老师|辅导员|假|它|如果|要是|万一|一直)*(?:没|没有|未|不)(?:给)?(?:批|同意|答复|回复|审批)(?:下来|我|的话|了|之前|前)?|(?:批|同意|审批|答复)(?:下来)?(?:之前|以前|前))"
_GO: Final = r"(?:走|离校|出校|离开|出发|动身|回家|回老家|回去)"
_MAY: Final = r"(?:能不能|可不可以|能否|可以|能|是不是可以|是不是能|算不算)"
_ASKS: Final = re.compile(
    rf"(?:那|我|老师|请问|现在|[\s,，])*(?:什么时候|啥时候|几点|何时)(?:才|就)?{_MAY}(?:先|就)?{_GO}(?:吗|呢|啊|了|[\s?？])*"
    rf"|.{{0,16}}?{_MAY}(?:就)?先{_GO}(?:吗|么|不|啊|了吗|行吗|[\s?？])*"
    rf"|.{{0,12}}?(?:先{_GO}(?:了)?(?:行不行|行吗|可以吗|可不可以|好吗|会怎(?:么样|样)?|怎么办|算旷课吗))[\s?？]*"
    rf"|.{{0,10}}?{_UNANSWERED}[\s,，]*(?:我|就|也|还)*(?:{_MAY})?(?:就|先|自己|直接)*{_GO}(?:吗|么|不|了?(?:行不行|行吗|可以吗|会怎(?:么样|样)?|怎么办|算旷课吗))[\s?？]*"
)
_GOES: Final = re.compile(
    rf"(?:不等|等不(?:了|及|到))(?:老师|辅导员|导员|韩老师|您|你|审批|批|同意|答复)*(?:批|同意|答复|回复|审批)?(?:了|下来)?|我(?:就|得|要|只能|必须|现在|马上|已经|这就)*先(?:{_GO}|去(?:了)?医院|去看病)"
    rf"|(?:马上|现在|立刻|这就|正在|已经)(?:就|得|要|必须|在)*(?:往|去|赶|到|回)(?:了|往)?(?:医院|急诊|老家|家(?!里)|车站)|(?:已经|正)在(?:去|回|赶)(?:往)?.{{0,4}}(?:路上|车上)|先{_GO}了"
)
_THERE: Final = re.compile(
    r"(?:老师|我们?|人|已经?|刚刚?|现在|安全|平安|[\s,，。.!！~～])*(?:到|在)(?:了)?(?:医院|急诊|校医院|诊所|家|家里|老家|车站|机场|火车站|高铁上|车上|路上|火车上)(?:了|啦|咯)?(?:老师|[\s,，。.!！~～])*"
)
_ARRIVED: Final = re.compile(
    r"(?:老师|你好|您好|报告|我们?|人|已经?|刚刚?|现在|终于|都|安全|平安|顺利|出院了?|病好了?|痊愈了?|好了|考完了?|比赛(?:结束|完)了?|事情?(?:办完|处理完|忙完|弄完)了?|[\s,，。.!！~～])*"
    r"(?:到(?:了|啦|咯|学校|校|宿舍|寝室|楼下|校门口?)+|回(?:来|校|学校|宿舍|寝室)+(?:了|啦|咯)|返校(?:了|啦)|在(?:宿舍|寝室|学校)了)(?:老师|谢谢|上课了?|[\s,，。.!！~～])*"
)


def asks_to_go(words: str) -> bool:
    """Whether somebody asks if one may go before the answer (「没批我能走吗」, 「我能先走吗」)."""
    plain = _plain(words)
    return 0 < len(plain) <= MOST and _ASKS.fullmatch(plain) is not None


def goes_now(words: str) -> bool:
    """Whether somebody says to go without waiting for the answer (「要去医院 不等老师批了」, 「家里出事了我先走了」)."""
    plain = _plain(words)
    return 0 < len(plain) <= MOST and not asks_to_go(plain) and _GOES.search(plain) is not None


def is_there(words: str) -> bool:
    """Whether somebody says to be where they went, and nothing else (「到医院了」, 「在路上了」)."""
    plain = _plain(words)
    return 0 < len(plain) <= MOST and _THERE.fullmatch(plain) is not None


def says_arrived(words: str) -> bool:
    """Whether somebody says to be back and nothing else (「我出院了，回来了」, 「到了」); who has no leave may mean anything by it."""
    plain = _plain(words)
    return 0 < len(plain) <= MOST and _ARRIVED.fullmatch(plain) is not None


_VISIT: Final = re.compile(
    r"复诊|复查|就诊|看病|看医生|取药|拿药|开药|住院|心理治疗|做治疗|请.{0,4}假|[病事]假|\b(?:appointment|check-?up|leave)\b",
    re.IGNORECASE,
)


def names_visit(words: str) -> bool:
    """Whether words name a visit to a doctor or a leave, whatever illness it is for."""
    return _VISIT.search(_plain(words)) is not None


def _plain(words: str) -> str:
    return unicodedata.normalize("NFKC", words[: 4 * MOST]).strip()
