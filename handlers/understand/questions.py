"""Words that ask something, and so are no wish that could be filled in; and what of a matter they ask about."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from handlers.understand.asides import asks
from handlers.understand.remains import without_some_days

_WORD: Final = re.compile(
    r"什么|哪|怎么|怎样|如何|几点|几号|几天|多久|多少|谁|为什么|为啥|是不是|有没有|能不能|可不可以|要不要|会不会"
    r"|\b(?:what|which|when|where|who|how|why|is there|are there|do i|does|can i)\b",
    re.IGNORECASE,
)


def is_question(words: str) -> bool:
    """Whether words ask something (「明天有什么比赛」), with or without the mark of a question."""
    return asks(words) or _WORD.search(without_some_days(words[:400])) is not None


LONGEST: Final = 80  # characters: what is longer tells a story, and a person or a form hears it
# 用不用, 算不算, 行不行; and other ways of asking that need no mark.
_EITHER: Final = re.compile(
    r"([一-鿿])(?:不|没)\1|几(?:关|步|道|月|个?小时|个?工作日|个?(?:人|老师|领导|章|部门)|级|份|门|本|点|分|元|块|种|篇|页|号|次)|多长|多远|多晚|[么嘛没]$|要.{1,6}不$|[要是算].{1,8}还是.{1,8}$|咋|有啥(?!都)|啥(?:后果|材料|手续|意思|时候|条件|要求)|^(?:is|are|do|does|can|may|should|could|will)\b|流程|区别|步骤|规定(?!的?时间)|\b(?:may i|should i|could i|is it|are we)\b"
)
# Something is broken, and is told of: a wish, also where it ends with 「怎么办」 or 「什么时候能来」.
_BROKEN: Final = re.compile(
    r"坏了?|漏水|漏电|不亮|不制冷|不制热|不出水|冲不(?:下|走|掉|动)|插[排座]烧|烧坏|不凉|堵了?|堵塞|断了|(?<!几点)(?<!时候)(?:断网|断电|停电|停水)|跳闸|没电|没网|没水|没热水|掉了下来|打不开|关不上|上不了网|连不上|裂了|松了|(?<!能)不能用"
    r"|\b(?:broken|leaks?|leaking|(?:wo|ca|does ?)n.?t (?:close|open|lock|turn on|flush|shut)|does ?n.?t work|not working|blocked|stuck)\b"
)
# What is asked of whoever reads it to do it: a wish in the clothes of a question; and what is one unless it asks for a rule
# (「可以请假吗」 is a wish, 「还能请几天」 asks).
_REQUEST: Final = re.compile(
    r"帮(?:我|忙|大家|全班|他|她)|活人|真人|人工|装(?:回|上)|麻烦(?!问)|(?<!人)来(?:修|看|处理)|派人|(?<!多久)(?<!时候)(?<!小时)(?<!几天)有人(?:管|来|修|吗|在)"
    r"|我想?要?(?:报修|投诉)(?!问|教)|(?:给我|请)批|\bcan (?:someone|somebody|you)|\bcould (?:someone|somebody|you) (?!tell)"
)
# Somebody tells what is wanted; what is asked besides (「我要请三天假，找谁批」) is a question all the same.
_WANTED: Final = re.compile(
    r"我想?要?(?:请|申请|办|写)(?!问|教|[了过])|(?:我想|我要|想要?请|(?<![需不])要请(?!个?假(?:吗|么|不|嘛))|想申请|要申请)(?!问|知道|了解|咨询|请教|看看?(?:怎|什|几|哪|有))"
    r"|(?<!do )\bi (?:want|need|would like) (?!to (?:know|ask))"
)
_SOFT: Final = re.compile(
    r"能请|可以请|(?:能|可以)(?:离校|出校|回家|回去|不来|不去|早走|晚到)|能否请|申请(?:一下|吧|了)|\b(?:can|may|could) i (?:take|have|get|skip|miss|leave|go home|stay home|be excused)\b"
)
_NAMED_REPAIR: Final = re.compile(r"报修|维修|修理|repairs?(?! (?:it|this|that))")

# What of a matter is asked about, the narrow before the wide: the first that is found decides.
_ASPECTS: Final = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "late",
            (
                r"(?:忘(?:了|记)?|错过)(?:去|了)?销假|不(?:去|来|及时)?销假|没(?:有)?(?:按时|及时)?销假|(?:回来?|返校|到校)(?:得)?(?:算)?(?:晚|迟)|没(?:能)?赶(?:回|上车)|赶不回|晚(?:回|到|返)|(?:没|不|未)(?:有)?(?:能)?(?:按时|及时|准时)(?:回|返|到|销)"
                r"|迟到.{0,6}回|超假|[逾超]期|超时(?:未归|没回)|假超时|没回来.{0,6}到期|到期.{0,4}没(?!批)|[迟晚]了?[一二两三四五六七八九十半几0-9]+个?(?:小时|天|钟头|分钟).{0,2}[回返到销]|\b(?:come|am|be|get|return|back)\w* late\b|forgot to (?:sign|report|return)"
            ),
        ),
        (
            "back",
            r"销假(?!.{0,3}(?:成功|好了|完了|了吗|了没))|提前.{0,2}(?:回|返|销)|(?:回来|返校|回校|到校)了?(?:以后|之后|后)?(?:我|还)?(?:要|怎么|需要|该|得)(?!请假)|\b(?:sign back|report back|when i(?:'m| am)? (?:get |come )?back|end my leave)\b",
        ),
        ("guardian", r"家长|父母|爸妈|监护人|\b(?:parents?|guardians?)\b"),
        (
            "total",
            (
                r"请假(?:了|过)?(?:几|多少)(?:次|天|回)(?!假)|额度|还有(?:几|多少)(?:天|次).{0,4}假|(?:请(?:了|过|掉)|已经请|用(?:了|掉|过)|休(?:了|过)|还(?:能|可以)(?:再)?请|还剩|剩(?:下)?多?少?)(?:过|了|的)?.{0,6}(?:几|多少)|(?:几|多少)(?:天|次).{0,4}(?:请过|请了)"
                r"|how (?:many|much) (?!.*(?:ahead|advance))(?:days?|leaves?|times?).{0,20}(?:have i|did i|i have|left|taken|taken)"
            ),
        ),
        (
            "makeup",
            # What was lost is replaced (「学生证丢了怎么补」), and is no leave.
            r"补假|补请|没(?:有)?请假就(?:走|回家|离校|离开|出校|回去)|忘(?:了|记)请假|^(?!.*(?:丢|遗失|挂失|弄坏|卡|证坏)).*(?:还能|能不能|可以|怎么|能|可不可以)补(?!材料|交|证明|办|充|考|课|习|贴|助|证|选|录|款|卡|测)|(?:后面|之后|以后|回头)再?补(?!.*(?:材料|证明|病历))(?<!假单可以后面再补)|事后(?:请|补|申请)|过后补|后补|after the fact|\bafterwards\b",
        ),
        ("extend", r"续假|假不够|怎么续|延长|续几天|(?<!最)多请几天|再请几天|\b(?:extend|prolong|more days)\b"),
        (
            "most",
            r"假(?:有|给|能?休)(?:几|多少)天|(?:最长|最久)(?!.{0,6}(?:批|答|修|来|回|办))|(?:最多|至多|上限|限(?:制|额)).{0,10}(?:天|次|久|节|小时)?|(?<!修)一(?:次|学期|个月|周|年)(?:能|可以|可)?.{0,6}(?:几|多少)(?:天|次)|请多久|多久的假|(?:能|可以|可)请(?:几|多少)(?:天|次)(?!假)|给(?:几|多少)天|\b(?:at most|maximum|max|limit)\b",
        ),
        (
            "evidence",
            r"医院不给?开|开不[到出]|材料|证明|病历|假单(?=.{0,6}[补要交])|诊断|凭证|证件|附件|开什么证|要(?:交|带|提供|准备|上传)什么|什么手续|\b(?:papers?|documents?|proof|certificates?|evidence|doctor.?s note)\b",
        ),
        (
            "need",
            r"(?:要|需要|用|得|该)(?:不要|不用|不需要)?(?:请个?假|报备|说一声)(?:吗|么|不|嘛)?[?？]?$|(?:用|要|需)不(?:用|要|需要?)(?:请个?假|报备|说一声)",
        ),
        (
            "lead",
            r"提前|提早|当天|当日|临时|来得及|最晚|最迟|(?:什么时候|几时)(?:申请|请(?!的)|提交|报)|几天前|多久(?:之)?前|\b(?:ahead|advance|notice|beforehand|same day|at the latest)\b",
        ),
        (
            "count",
            r"(?:周末|周六|周日|双休|节假日|假期|放假|半天|法定|国庆|五一).{0,10}(?:算|计入|包括|包含)|(?:算|计)(?:不算|进|入|几天|作|多少)|怎么(?:算|计)|\b(?:count|counted|counts|include)\b",
        ),
        (
            "who",
            (
                r"谁|几级|哪一?级|几个(?:人|老师|领导|部门|章).{0,4}(?:批|签|审|同意|盖)|(?:要|得|经过?).{0,3}几个(?:人|老师|领导|部门)|(?:书记|辅导员|导员|院长|老师|学院|学生处).{0,3}(?:批|签|审|同意)吗|(?:都|要|得|谁)签|签吗|(?:考试周?|期末周?|考试(?:期间|那天)|节假日前?|节前).{0,6}(?:能|可以|让|准)|(?:考试周|期末周?|考试期间|节假日|(?:国庆|五一|端午|中秋|清明|元旦|春节|节|假期)(?:节|假期|放假)?(?:前|后)).{0,8}请假.{0,6}(?:规定|要求|特别|不一样|怎么样|难)|哪(?:个|位|一?级|些)?(?:老师|部门|领导|单位|人|办公室|科)|(?:归|由)(?:谁|哪)|负责|审批(?:人|权限|级)|签字|电话|联系方式|怎么联系|地址|办公室|在哪儿?办|去哪儿?办|去哪|在哪|哪里|几楼"
                r"|\b(?:who|whom|whose|where|phone|office|contact)\b"
            ),
        ),
        (
            "limits",
            (
                r"多久|多长时间|多快|几点(?:能|会)?(?:来|有人|上门)|几(?:天(?!假)|个?工作日|小时|个小时)(?:之?内|能|会|可以|才|回|批|修|有|来|办)?|(?:什么时候|啥时候|何时|几时)(?:能|会|可以|才)?(?:批|回|修|来|好|办|答|有|知道|出结果)|办理时限|时限"
                r"|\b(?:how long|how soon|how fast|how quickly)\b"
            ),
        ),
        (
            "how",
            r"怎么(?!还没|没|不|这么|看不|样)|(?<!会)怎样|如何|咋(?!还没)|流程|步骤|程序|在哪(?:里|儿)?(?:请|申请|报)|\bhow (?:do|can|to|should)\b|procedure|\bsteps?\b",
        ),
    )
)
_BACK: Final = re.compile(r"销假|回来|返校|回校|到校|归校|\b(?:get|come|am|be|return|report|sign)\w* (?:back|late)\b")
_ABOUT_LEAVE: Final = re.compile(
    r"假(?!如|设|装|期安排|的?吗|货|冒)|请了?(?:[0-9]+|[一二两三四五六七八九十半几]+|多少)(?:天|节)|(?:辅导员|导员|书记|老师)批(?:完|了|过)|(?:家长|父母|爸妈).{0,8}(?:确认|同意)|(?:parents?|guardians?).{0,12}(?:confirm|agree|sign)|\b(?:leaves?|days? off|absence)\b"
)
_ELSE: Final = re.compile(
    r"被发现|被抓|退学|怎么处[理罚分]|谁.{0,4}(?:请(?:了)?假|不在|没来)(?:了)?(?:吗|没)?[?？]?$|放假|寒假|暑假|假期安排|影响|旷课|算旷|奖学金|评优|综测|学分|放寒|放暑|工资|补贴|扣(?!工)|(?:填|写|选|请|传|交)错|撤回|撤销|取消|怎么改|如何改"
)
_WORD_OPEN: Final = re.compile(
    r"什么|哪|怎么|怎样|如何|咋|几(?:点|天|次|号|月|本|份|级|岁|分|元|块|时|楼|门)|多久|多少|多长|多远|谁|何时|啥|要钱|收费|免费吗|\b(?:what|which|when|where|who|how)\b"
)
_SUGGESTION: Final = re.compile(
    r"装|增设|增加|加(?!入)|多|改|放(?!假)|延长|开(?!始)|[给把让]|久一?点|短|取消|换|早一?点|晚一?点|建议|希望|反映|投诉|举报|提(?:个|一|点|意)|写封?信"
)
_DECISION: Final = re.compile(r"批|审|签字|同意|家长|父母|\b(?:approves?|signs?|decides?|parents?)\b")
_OWN: Final = re.compile(r"我的|我这|我那|my\b")


def _plain(words: str) -> str:
    return without_some_days(unicodedata.normalize("NFKC", words).lower().strip().replace("'", ""))


def puts_question(words: str) -> bool:
    """Whether words ask something and are no wish in its clothes: nothing is told to be broken, nobody is asked to do it.

    「报修多久有人来」 is one, 「网断了，什么时候能来修」 and 「明天下午可以请假吗」 are none.
    """
    plain = _plain(words)
    if len(words) > LONGEST or tells_of_damage(words) or not _asks(words, plain):
        return False
    if _REQUEST.search(plain):
        return False
    wanted = _SOFT.search(plain) or _WANTED.search(plain)
    return not wanted or _NO_WISH.search(plain) is not None or aspect_of(words) != ""


def _asks(words: str, plain: str) -> bool:
    if plain.endswith("呢") and not asks_openly(words):
        return _EITHER.search(plain) is not None  # 「交上去的意见呢」 asks after a matter of one's own.
    return is_question(words) or _EITHER.search(plain) is not None


def suggests(words: str) -> bool:
    """Whether a question wishes for a change (「可以给操场装灯吗」)."""
    return _SUGGESTION.search(_plain(words)) is not None


def asks_either(words: str) -> bool:
    """Whether words ask by offering both (「用不用说一声」), or openly."""
    return _EITHER.search(_plain(words)) is not None or asks_openly(words)


def asks_openly(words: str) -> bool:
    """Whether words ask for more than a yes (what, when, who, how …): 「可以给操场装灯吗」 wishes, 「怎么入党」 asks."""
    return _WORD_OPEN.search(_plain(words)) is not None


_ALLOWED: Final = re.compile(
    r"^(?:请问|老师|同学|[\s,，])*[^\s,，。;；]{0,14}(?:能不能|可不可以|能|可以|允许|准许?|让)[^\s,，。;；]{1,12}(?:吗|么|不|嘛)[\s?？]*$|^(?:请问|老师|[\s,，])*[^\s,，。;；]{0,14}(?:能不能|可不可以|让不让)[^\s,，。;；]{1,12}$"
)
_GRIEVED: Final = re.compile(
    r"太|很|好(?!吗)|老是|总|一直|管|处理|解决|整改|严|别|投诉|举报|反映|建议|意见|写信|查一?下|你们|学校能"
)


def asks_permission(words: str) -> bool:
    """Whether words only ask whether something is allowed (「图书馆能占座吗」), and complain of nobody who does it."""
    plain = _plain(words)
    return _ALLOWED.match(plain) is not None and not _GRIEVED.search(plain) and not suggests(words)


# Who asks what comes of it, or whether somebody works, wants no form (「请假超时会不会有处分」, 「维修师傅周末上班吗」); nor does
# who asks how things are and neither may nor can (「公假是不是要先交通知」).
_NO_WISH: Final = re.compile(
    r"处分|后果|记过|通报|违纪|扣分|罚|上班吗|上不上班|影响|行得通|还能批|有人接|最[晚迟早]|^(?:请问)?报修(?:能|可以|可不可以)"
)
_HOW_IT_IS: Final = re.compile(
    r"会不会|是不是|是否|有没有(?!人)|算不算|要不要|需不需要|用不用|[要会].{0,8}[吗么]$|([一-鿿])[不没]\1|还是.{1,8}$|几(?!天假)|多少|多久"
)
_ABLE: Final = re.compile(
    r"能|可以|可否|行(?:不行|吗|么|不$)|好吗|好不好|成吗|帮|麻烦|求|想|给我|让我|我要|我得|批我|准我|\b(?:can|could|may|please|need|want)\b"
)


def is_no_wish(words: str) -> bool:
    """Whether a question cannot be a wish for the thing that it names."""
    plain = _plain(words)
    closed = _HOW_IT_IS.search(plain.rstrip("?。 ")) is not None and _ABLE.search(plain) is None
    return (closed or _NO_WISH.search(plain) is not None) and puts_question(words)


def tells_of_damage(words: str) -> bool:
    """Whether words tell that something is broken, without the name of the service that mends it."""
    plain = _plain(words)
    return _BROKEN.search(plain) is not None and _NAMED_REPAIR.search(plain) is None


def aspect_of(words: str) -> str:
    """What of a matter a question is about: late, back, guardian, total, makeup, extend, most, evidence, need, lead, count, who,
    limits or how; "" where it is none of these, or about something that no rule of a matter says (「请假影响评奖吗」)."""
    plain = _plain(words)
    if len(words) > LONGEST or _ELSE.search(plain) or _REQUEST.search(plain) or tells_of_damage(words):
        return ""
    if not _asks(words, plain) or (_WANTED.search(plain) and not asks_openly(words.replace("几天假", ""))):
        return ""
    return next((name for name, pattern in _ASPECTS if pattern.search(plain)), "")


def names_leave(words: str) -> bool:
    """Whether words name leave in some way (「请五天假」, 「我的假」)."""
    return _ABOUT_LEAVE.search(_plain(words)) is not None


_LATE_HOME: Final = re.compile(
    r"^(?:老师|请问|我|今晚|今天|晚上|[\s,，])*(?:能不能|可不可以|可以|能)[^,，。]{0,6}(?:晚点|晚一?些|晚一点|迟点|晚)(?:儿)?(?:回|进)(?:宿舍|寝室?|楼)"
)


def asks_to_be_late(words: str) -> bool:
    """Whether somebody asks to come home to the dormitory late (「我能不能晚点回宿舍」), which a leave of a night is for."""
    return _LATE_HOME.search(_plain(words)) is not None


def comes_back(words: str) -> bool:
    """Whether words tell of coming back, of which only a leave is asked (「回来晚了怎么办」)."""
    return _BACK.search(_plain(words)) is not None


def names_decision(words: str) -> bool:
    """Whether words are about deciding (「出国要谁同意」)."""
    return _DECISION.search(_plain(words)) is not None


def is_own(words: str) -> bool:
    """Whether a question is about a matter of the speaker's own that may be open (「我的假多久能批」)."""
    return _OWN.search(_plain(words)) is not None


_DAYS: Final = re.compile(
    r"([0-9]+(?:\.5)?|半|十[一二三四五]?|[一二两三四五六七八九])(个半|半)?天(半)?(以上|多)?|([0-9]+) days?"
)
_MORE: Final = re.compile(r"超过|多于|大于|不止|(?:more than|over)\s")
_DIGITS: Final = "零一二三四五六七八九"


def days_in(words: str) -> float | None:
    """How many days a question names (「请五天假谁批」), half a day more where it asks about what lies above; else None."""
    plain = _plain(words)
    found = _DAYS.search(plain)
    if found is None:
        return None
    said = found[1] or found[5]
    if said == "半":
        count = 0.5
    elif said.startswith("十"):
        count = 10.0 + (_DIGITS.index(said[1]) if len(said) > 1 else 0)
    else:
        count = 2.0 if said == "两" else float(_DIGITS.index(said) if said in _DIGITS else said)
    above = found[4] or _MORE.search(plain[: found.start()])
    return count + (0.5 if found[2] or found[3] or above else 0)


def asks_above(words: str) -> bool:
    """Whether a question asks about more days than it names (「三天以上谁批」)."""
    plain = _plain(words)
    found = _DAYS.search(plain)
    return found is not None and bool(found[4] or _MORE.search(plain[: found.start()]))


_DIGIT: Final = re.compile(r"[0-9０-９]")
# The hundred commonest surnames stand before most titles; what is no surname (辅导员老师) stays as it is.
_CALLED: Final = re.compile(
    r"[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文]"
    r"[一-鿿]{0,2}?(?=老师|书记|主任|教授|导师|同学|学长|学姐|阿姨|师傅)"
)


def masked(words: str) -> str:
    """A question without what could name somebody: digits, and surnames before a title."""
    return _CALLED.sub("某", _DIGIT.sub("＊", " ".join(words.split())))
