"""The small expressions that the Chinese shapes of time are made of: a number, a length, a week, what may stand beside a day."""

from __future__ import annotations

from handlers.understand.times.festivals import NAMES
from handlers.understand.times.makers import PART_OF

CN = "〇零一二两三四五六七八九十廿卅"
NUM = rf"(?:\d{{1,2}}|[{CN}]{{1,3}})"
AMOUNT = rf"(?:\d{{1,3}}(?:\.\d)?|[{CN}俩仨百]{{1,4}})"
FREE = rf"(?:(?<!\d)|(?=[{CN}]))(?<![百千万.])"  # A number is read from its first digit, and never from inside a larger one.
WEEK = r"(?:周|星期|礼拜)"
SIDE = r"(?:(上上上|下下下|上上|下下|(?<![马网线路身])上|(?<!(?<![周期拜])一)(?<!剩)下|下(?=个)|这一?|本|当)个?)?"
TO = r"(?:-|~|到|至)"
NO_COUNT = r"(?![号月天个点人名楼栋层节岁次周星小:日年])"  # What follows a number that is no minute.
LENGTH = (
    rf"{FREE}(?:({AMOUNT})个?(半)?|半个?)(天(?!气)|周(?![一二三四五六日天末年岁边围刊长转])|星期(?![一二三四五六日天])"
)
LENGTH += r"|礼拜(?![一二三四五六日天])|(?<=[个半])月(?![板牙刊湾])|小时|钟头|分钟)(半)?"
# The terms of the sun fall on other days each year; as words of the weather (大雪) they are no days.
TERMS = "夏至|立春|立夏|立秋|立冬|春分|秋分|惊蛰|谷雨|芒种|小暑|大暑|处暑|白露|寒露|霜降"
EDGE = r"(初|底|末|中旬|上旬|下旬|中(?![午秋旬间]))"
PART_WORDS = "|".join(sorted((word for word in PART_OF if len(word) > 1), key=len, reverse=True))
# 十一 and the like are festivals only where a holiday is meant; as numbers they are far too common.
FESTIVALS = "|".join(
    sorted((name for name in NAMES if name not in ("十一", "五四", "六一", "五一")), key=len, reverse=True)
)
BESIDE = rf"(?:节日?)?((?:小?长)?(?:放假|假期|假)(?=的?[前后](?:面|的)?第?{NUM}天)|(?:小?长)?(?:放假|假期))?(?:的?之?(前|后)(?:面|的)?第?({NUM})天|(当天|那天|那一天|当日|当(?=晚)))?"

# What is counted by 个 (前个星期), and what may stand behind the name of a day.
UNIT = r"(?:月|学期|周|礼拜|星期|小时|钟头|年级|班|人|晚自习|半天)"
PART = r"(?:早|上午|中午|下午|晚|凌晨|傍晚|夜)"
BESIDE_DAY = rf"{PART}|[请要想去回走来到得没不就也都我发开有休飞起坐,。、和跟至~\-]|$"
