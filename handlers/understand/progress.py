"""Whether what staff write to a student is how far a matter is (进展) and no answer yet: 「已联系师傅，明天来修」."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# It has come to its end, unless that is what is waited for: 「还没修好」, 「修好后告诉你」.
_DONE: Final = re.compile(
    r"(?:修好|修完|办好|办完|办妥|处理好|处理完|处理妥|弄好|搞定|换好|装好|解决|恢复|完成|通过|妥当|到位|开好|(?:更换|安装|维修|处理|办理)完毕)(?:了|$|[,.;!，。；！、\s])"
    r"|(?:可以|能)正常使用|可以用了|已(?:经)?(?:修好|修复|解决|恢复|完成|办结|更换|换上|补发|退款|退回|发放|到账|开通)"
    r"|\b(?:is|are|was|been|it's|all)\s+(?:now\s+)?(?:done|fixed|solved|repaired|finished|resolved)\b|\bworks? again\b",
    re.IGNORECASE,
)
_NOT_DONE: Final = re.compile(
    r"(?:没有?|未)(?:能)?(?:完全|彻底)?(?:修好|办好|办完|处理[好完]?|解决|完成|恢复|到货|换好|弄好|装好)(?:了)?|(?:等|待)\S{0,8}?(?:好|完|完成|解决|恢复|通过)"
    r"|(?:好|完|完成|解决|恢复|通过|妥当)(?:了)?(?:以后|之后|后|再|会|就|马上|第一时间|我)|(?:预计|大概|大约|争取|力争|尽快|尽量|会|能|将|才能|前)\S{0,12}?(?:修好|办好|办完|处理|解决|完成|恢复|到货|换好)"
    r"|\bnot\s+(?:yet\s+)?(?:done|fixed|solved|finished)|\bwill be (?:done|fixed|finished|repaired)|\b(?:once|when|until|as soon as)\b",
    re.IGNORECASE,
)
_WORK: Final = r"(?:办理?|处理|修理?|维修|抢修|检修|排查|查|核实|核对|核查|了解|协调|联系|沟通|研究|跟进|采购|施工|走流程|走程序|解决|催|审核|商量|调货|调查)"
_PEOPLE: Final = r"(?:师傅|工人|维修|电工|水工|水电|物业|宿管|楼长|后勤|厂家|施工|网络中心|相关|有关|部门|同事|老师|人员|他们|人去|人来|人上门|对方|学院|负责|值班)"
_SOON: Final = r"(?:今天|今晚|今早|明天|明早|明晚|后天|大后天|上午|中午|下午|晚上|晚点|周[一二三四五六日天末]|星期[一二三四五六日天]|本周|这周|下周|月底|[0-9一二三四五六七八九十两]+\s*[点号天日时]|小时内|分钟内|尽快|马上|立刻|立即|这就|稍后|随后|待会儿?|等会儿?|一会儿?|过一会)"
_GOES: Final = r"(?:派人|派师傅|(?:去|来|上门)(?:修|看|换|检查|处理|维修|查)|上门|去(?:问|核实|了解|协调)|安排|处理|维修|抢修|更换|联系(?!我|老师|辅导员)|跟进|核实|答复|回复|给你(?:答复|回复|消息|结果|回话)|告诉你|通知你|有人(?:去|来)|过去(?:看|修|处理)?|过来(?:看|修|处理)|能?(?:修好|到货|换好|恢复|解决|办好|办完))"
_UNDER_WAY: Final = re.compile(
    rf"(?:正在?|还在|仍在|一直在|已经?在|我在|我们在|在)(?:抓紧|加紧|积极|全力)?{_WORK}(?:中|之中)?(?!的|好|完|过|人员|材料|大厅|窗口|指南|流程|手续时|期间|前|时|后)"
    rf"|{_WORK}(?:当?中)(?!心|的|，?请(?:到|带|携|先))"
    rf"|(?:已经?|刚刚?|刚才)(?:帮你|替你|给你|为你|把\S{{1,12}}?)?(?:联系(?!上)|派人|派单|派师傅|派了|转给|转到|转交|转达|转办|上报|报给|报修|反映|反馈|催了|催促|催过|催|下单|受理|登记|记录|提交(?:采购|申请|维修|给|到|了)|安排(?=$|[,.;!，。；！、\s]|{_PEOPLE}|{_SOON})(?!妥|好)|通知(?:了)?{_PEOPLE}|告诉{_PEOPLE}|和{_PEOPLE}\S{{0,4}}说|跟{_PEOPLE}\S{{0,4}}说)"
    rf"|(?:联系|通知|安排|派|叫|找)(?:了|好了)(?:{_PEOPLE}|人)"
    rf"|(?:师傅|工人|维修人员|维修工|电工|同事|后勤)\S{{0,6}}?(?:{_SOON}\S{{0,8}}?(?:到|来|去|过|修|看|上门)|(?:在路上|马上到|正赶|正在赶|过去了|出发))"
    r"|有(?:了)?(?:新的)?(?:进展|结果|消息|回复|答复|回音|眉目|情况)(?:了)?[,，]?(?:我|就|会|马上|立刻|立即|第一时间|再|都)*(?:在这里|及时)?(?:告诉|通知|联系|回复|答复|告知|跟|和|给|同步)"
    rf"|(?:我|我们)(?:先|再|马上|这就|尽快|去|来|会|帮你|替你|这边)*(?:{_WORK}|问|看|确认|反映|转达|安排)(?:一下|一问|清楚|到|完|好|后|之后)?[,，]?\S{{0,12}}?(?:再|后|就)?(?:告诉|回复|答复|联系|通知|给)你"
    r"|(?:我|我们)(?:先|马上|这就|尽快)(?:去|来)?(?:问|查|看|核实|联系|安排|处理|反映|了解|协调)"
    r"|(?:配件|零件|材料|设备|货)\S{0,6}?(?:还没到|没到|在路上|要等|已下单|正在|需要调)|等(?:配件|零件|到货|厂家|审批|批复|采购|上级|领导|对方|他们)"
    r"|(?:还没|还没有|尚未)(?:修好|办好|办完|处理完|处理好|解决|有结果|出结果|回复|完成|恢复|批下来|定下来|到货)"
    r"|(?:修好|办好|办完|处理好|处理完|换好|弄好|解决|恢复)(?:了)?(?:以?后|之后|就|再|我)\S{0,6}?(?:告诉|通知|联系|回复|跟你说|给你)"
    r"|\b(?:working on it|(?:is|are) (?:being )?(?:in progress|worked on|looked (?:at|into)|repaired)|looking into|(?:in|under) (?:progress|way|review)|on (?:his|her|the|their|its) way"
    r"|i(?:'ll| will)(?: \w+){0,3} (?:let you know|tell you|update|get back|check|find out|ask)|(?:have|has|i've|we've) (?:contacted|asked|ordered|informed|sent|forwarded|scheduled|called|reported|passed)"
    r"|(?:will|shall) (?:come|send|look|fix|visit|repair|be (?:there|fixed|repaired|sent))|not (?:yet )?(?:fixed|done|solved|finished))\b",
    re.IGNORECASE,
)
_PROMISED: Final = re.compile(rf"{_SOON}\S{{0,10}}?{_GOES}", re.IGNORECASE)
_WAITS: Final = re.compile(
    r"^(?:好的?|收到|嗯|你好|同学|您好|[,，。！!~\s])*(?:请|麻烦)?(?:你|您)?(?:再)?(?:稍等|稍候|等一下|等一等|稍等一下|耐心等待?|耐心等一下|别急|不要急|wait|one moment|hold on|please wait)",
    re.IGNORECASE,
)
# What the student is to do, or how things are done in general, is an answer.
_TO_DO: Final = re.compile(
    r"(?:^|[,，。；;：:！!\s])(?:请|麻烦|需要|须)?(?:你|您|同学|同学们|本人|大家)?(?:请|可以|需要|要|须|应当?|先|直接|自己|自行|再)*(?:到|来|去|带|携带|填写|登录|打开|关注|前往|拨打|咨询|找)\S*?(?:办公室|窗口|大厅|[0-9一二三四五六七八九十]+\s*[楼室号]|系统|网站|平台|公众号|材料|证件|身份证|学生证|电话|表)"
    r"|正在\S{1,6}的(?:同学|学生|人|业务|老师)|如果|若需|如需|有问题(?:再|请)|规定|办法|流程是|步骤|具体见",
)
_LONG: Final = 200  # who writes so much explains something


def is_progress(words: str) -> bool:
    """Whether words to a student say that something is under way, or will be done, and not that it is done or how it is.

    Where both may be meant it is no: the answer ends a matter as ever, and a press says otherwise.
    """
    plain = unicodedata.normalize("NFKC", words).strip()
    if not plain or len(plain) > _LONG:
        return False
    without = _NOT_DONE.sub(" ", plain)
    if _DONE.search(without):
        return False
    if _TO_DO.search(plain):
        return False
    return bool(_UNDER_WAY.search(plain) or _PROMISED.search(plain) or _WAITS.search(plain))
