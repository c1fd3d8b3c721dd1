"""The words beside times that say what a time is of: a wish, a going, a coming back, something else."""

from __future__ import annotations

import re

# Between a point and its 到: a few words, but no new sentence.
LOOSE = re.compile(r"[^。]{0,14}")
OTHERS = re.compile(r"(?:,.*|请假)(?:他|她|室友|舍友|同学)|回来|返校|到校|[回返]了|就回")  # 我明天请假，他请到后天
# What ahead of a 到 tells of something else: 12号请假，家里装修到20号.
BECAUSE = re.compile(
    r"因为|由于|,(?!(?:[我想要都得会然后大概可能就再先准备打算一直持续请个下事病假休延续长待呆住玩在学校家里宿舍那这边]|外地|老家|医院|学习|实习|陪[^,]{0,3}|没好|不行|的话)*,?$)"
)
SOMEBODY = re.compile(
    r"(?<!和)(?<!跟)(?<!陪)(?<!送)(?<!接)(?<!带)(?:爸|妈|爷|奶|姥|外公|外婆|哥|姐|弟|妹|叔|舅|姨|姑|伯|室友|舍友|同学|朋友|对象|男友|女友|老师|导员|导师|教练|他|她)"
    r"(?:们|都|也|就|才|在|是|说|要|会)?$"
)
ARRIVES = re.compile(r",[^,]{0,3}我")
AILING = re.compile(r"发烧|生病|不舒服|疼|咳|吐|拉肚|感冒|骨折|受伤")
MOVED = re.compile(r"(?:改|换|挪|推迟|推后|顺延|提前|调整?)$")
# A coming back right behind a time, and one to class, which ends a leave before it.
COMES = re.compile(
    r"(?:[就才再能会要得可以应该估计大概左右早晚赶]|准时|按时){0,4}(?:(?:回来|返校|回校|返回|到校|回学校|返程|归校|归队|复课|销假|回(?=$|[,。了吧可行吗呢啊哈好谢]))(?!时间|日期)"
    r"|(?:正常|恢复|继续|照常)(?:来|去)?上课)"
)
CLASSES = re.compile(
    r"[^,。]{0,6}?(?:(?:回|返|到)[^,。不]{0,4}(?:上[^,。]{0,4}课|复课|上学|听课|考试)|(?:正常|恢复|继续|照常)(?:来|去)?上课|复课)"
)
# Words that say which of several times is the wish, which was taken back, and which are a going and a coming back.
CUE = re.compile(
    r"请(?!问|教|示|求|帮)|(?<!放)(?<![寒暑])(?<![交送补签写开](?=假[条单]))假|leave|day off|days off|不去|不在校|离校|外宿|不回(?!老?家)|不住[校宿寝]|缺勤|不能(?:去|来)?上课|上不了课?了"
)
GOING = re.compile(
    r"飞机|火车|高铁|动车|的车|车票|走|出发|离校|离开|前往|赴(?!约)|住|晚归|回趟?家|回趟?老家|去(?![世年])|动身|出去|出校|出门|[出离]的(?:校|门)|(?<![一发])起(?![床来])|开始|外出|leave|go"
)
RETURN = re.compile(
    r"(?! ?(?:and|then) )[^,。\d周号]{0,6}?(?<!不)(?:回(?![家去忆答复不]|老家|校[时日])|返(?!校?[时日])|到(?:校|学校|宿舍|寝)|归|come back|return|be back)|[就才再能会可以应该估计大概]{0,4}到(?=$|[,。])"
)
BACK = re.compile(
    r"(?:\bback|return(?:ing)?|(?:回来|回校|返校|返回|归校|返程|到校|结束|(?<![号日点天])截止|截止(?=时间|日期|:)|终止|(?<!截)止)(?:时间|日期)?[是为在]?)(?: on| by| at)?(?: the)?[: ]*$"
)  # ahead of its time: back Sunday
CLAUSE = re.compile(r"[,。]")
IF = re.compile(r"如果|要是|万一|不行|的话|\bif\b")
LONGER = re.compile(r"(?:续假?|延长?|延期)$")
WHOSE = re.compile(r"(?:[爸妈爷奶姥哥姐弟妹叔姨舅]|父母|家长|家人|同学|朋友|室友|快递|包裹)[^,。]{0,2}$")
LEAVES = re.compile(r"[就要]{0,2}(?:走(?![读廊进访路亲不])|出发|动身|启程|离校)")  # a going right behind its time
GOES = re.compile(rf"{LEAVES.pattern}|[就要]{{0,2}}(?:回家|回老家|出校|出门)")
ASIDE = re.compile(
    r"我?(?:[想要来先就]{0,3})(?:跟|向|和|找)(?:您|你|老师|导员|辅导员)|就?(?:能|可以|能不能|可不可以)?(?:帮我|给我|先)?批"
    r"|请的.{0,2}假|(?:的时候|那次)?我?(?:已经|刚|才|就|也)?请过|[就先]?不(?:用|想|要|需要)?请(?:假)?了"
)
ALSO = re.compile(r"[,的]?(?:也|同样|还是|一样|照旧)|,? ?(?:too|as well)\b")  # 明天请假，后天也是: both are meant.
UNLISTED = re.compile(r"(?:放|开学|考|截止|封|停|到期|毕业|结婚|生日|交|体检|面试|比赛|答辩|手术|演出)")
# Where one clause ends and another begins, in English by a joint as well.
BREAK = re.compile(r"[,。]|(?<=[a-z\d])\. (?=[a-z])|\b(?:and|so|because|but)\b")
# Words that say nothing of their own.
PLAIN_WORDS = re.compile(
    r"[ ,。的是在有想要我就也还那个这个请问老师您好和跟到从吧呢啊嗯可以行能不么谢麻烦哈吗帮下批准]*"
)
# What everybody has at that time: 请到6.15 8点上课来不及.
OF_ALL = re.compile(r"查[寝房宿]|熄灯|门禁|锁门|上课")
# What may stand behind a time of the day whose day is ahead of a comma: 周五，下午三点走. Other words are of something else
# that is on then: 想请12号，下午还要输液.
GOES_ON = re.compile(
    r"(?:的(?:火车|高铁|动车|飞机|航班|大巴|车)(?=[^,。]{0,2}(?:走|回|返|离|出发|到)))?[的 ]?(?:左右|上下|前后|[之以]?[前后]|开始|起|整){0,2}"
    r"(?:$|[,。()\-~到至、和跟或与及\d]|[我想要得就都也先该会能可以]{0,4}(?:请|走|回|离|返|出|动身|启程|归|去|来|不在|不[去来上回]|缺|休|[病事]?假|结束|截止|为止)|可|行|吧|吗|呢|有事|the|to|and|i )"
)
# What has its own time on a day of leave: 12号到13号，晚上七点的高铁.
EVENTS = re.compile(
    r"的?(?:手术|高铁|动车|火车|飞机|航班|车|船|票|号|面试|考|比赛|演出|课|会|讲座|输液|打针|复查|拆线|挂号|预约)|有|还[要得有]|再|给|交|送|补|上课|开[会始]"
    r"|查[寝房宿]|熄灯|门禁|锁门|截止|也|我?[都也还就]*(?:能|可以|会|照常|正常|没课)"
)
# What is handed in then: 下午给您送假条.
PAPERS = re.compile(r"[^,。请]{0,4}?[交给送补发带拿][^,。请]{0,4}?(?:假条|材料|证明|作业|报告|条子|病历|截图|论文)")


def clause_start(plain: str, place: int) -> int:
    """Where the clause begins that holds a place."""
    return max(plain.rfind(",", 0, place), plain.rfind("。", 0, place)) + 1
