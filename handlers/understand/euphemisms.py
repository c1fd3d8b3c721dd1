"""What is said round about, in the plain word for it: 「爷爷走了」 is a death, 「今晚不回宿舍」 a night out of the dormitory."""

from __future__ import annotations

import re
from typing import Final

DEATH: Final = "去世"
NIGHT: Final = "夜不归宿"
ELDERS: Final = (
    r"(?:太|曾|外|老)?(?:爷爷?|奶奶?|姥姥|姥爷|外公|外婆|公公|婆婆|祖父|祖母)|老人家?|亲人|长辈|爸爸?|妈妈?|父亲|母亲"
    r"|大?(?:伯|叔|舅|姑|姨|婶)[伯叔舅姑姨妈父母]?|[哥姐弟妹]{1,2}"
)
_WHEN: Final = r"(?:刚刚?|昨天|昨晚|昨夜|今早|今天|早上|上午|中午|下午|晚上|凌晨|前天|夜里|已经|突然|忽然|还是|因病)"
# 「走了过来」, 「走了三公里」, 「走了我去车站送」 are steps: the word ends its clause, or what comes next is what it asks for.
_THEN: Final = (
    r"(?=$|[\s,，。.!！;；、?？~～…]|我?(?:要|想|需|得|请)|所以|[明后今]天|下周|这[几两]天|我?回(?:家|老家|去))"
)
_DIES: Final = re.compile(
    rf"(?:{ELDERS}){_WHEN}{{0,2}}(?:走了|没了|不在了|去了|过去了|离开(?:我们|人世|了我们)了?|没(?:能)?(?:挺|熬|抢救)过?来){_THEN}"
)
_VISIT: Final = re.compile(r"来看我|来学校|来过|送(?:他|她|走|站)|车站|机场|接(?:他|她|站)|陪(?:他|她)")
_GRAVE: Final = re.compile(
    r"去世|过世|离世|逝世|病故|亡故|身故|奔丧|葬礼|丧事|白事|追悼|出殡|下葬|passed away|funeral", re.IGNORECASE
)
_OUT: Final = re.compile(
    r"不回(?:来|去)?(?:宿舍|寝室?|公寓)|不回来?(?:住|睡|过夜)|不在(?:宿舍|寝室|学校|校内)(?:住|睡|过夜)|(?:在|去|到)?外面?(?:过夜|留宿|借宿)"
    r"|(?:今|明|当|后天?|周[一二三四五六日天])?(?:天|日)?晚上?(?:我)?(?:就|也|可能)?不回(?:来)?(?:了|学校|校)?(?=$|[\s,，。.!！;；])"
    r"|住(?:在|到)?(?:外面|朋友家|同学家|亲戚家|酒店|宾馆|旅馆|民宿)|(?:not|won't be) (?:coming )?back (?:to the dorm )?tonight"
    r"|(?:sleep|stay)(?:ing)? (?:over|out)\b",
    re.IGNORECASE,
)
# Home after the doors are shut: 「今晚12点才能回宿舍」, 「要晚点回宿舍」. What asks when they shut is none.
_LATE: Final = re.compile(
    r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})(?:点|:\d\d)(?:半|多|钟|左右|以?后|之后|前后|才|才能|能|可以|再|\s)*(?:回|到|进)(?:宿舍|寝室?|公寓|楼)"
    r"|(?:晚|迟)(?:一?点儿?|一?些|很多)(?:才|再|能|可以)*(?:回|到|进)(?:宿舍|寝室?|公寓|楼)|(?:回|到|进)(?:宿舍|寝室?|公寓|楼)(?:会|要|可能|得)*(?:很晚|晚点|晚一点|晚些|比较晚)"
    r"|(?:back|return)(?: to (?:the |my )?(?:dorm|dormitory))? (?:late|after midnight)",
    re.IGNORECASE,
)
_SHUTS: Final = re.compile(r"几点|怎么|关门|门禁|锁门|吗|么$|[?？]|投诉|查寝|昨")
# 离校 that begins the words is the wish itself; behind another it says where one is meanwhile.
_LEAVES: Final = re.compile(r"^(?:老师|我|想|要|申请|报备?|[\s,，])*离校(?=[\s,，\d]|[今明后下这周本]|$)")
LEAVING: Final = "离校申请"
_DAYTIME: Final = re.compile(r"中午|白天|上午|午休|午饭")


def tells_of_a_death(words: str) -> bool:
    """Whether the words say that somebody has died, plainly or round about."""
    return _GRAVE.search(words) is not None or (_DIES.search(words) is not None and _VISIT.search(words) is None)


def plain(words: str) -> str:
    """The words with the plain ones behind them for what was said round about; as they are where nothing was."""
    found = [words]
    if tells_of_a_death(words):
        found.append(DEATH)
    if tells_late_home(words) or (_OUT.search(words) is not None and _DAYTIME.search(words) is None):
        found.append(NIGHT)
    if _LEAVES.search(words) is not None:
        found.append(LEAVING)
    return " ".join(found)


def tells_late_home(words: str) -> bool:
    """Whether the words tell of coming home late in the evening, and ask nothing about the doors."""
    return _LATE.search(words) is not None and _DAYTIME.search(words) is None and _SHUTS.search(words) is None
