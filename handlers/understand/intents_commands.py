"""The words that mean the same at every step of every dialogue: menu, back, cancel, yes, no and their like."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from handlers.crisis_fold import fold, squeeze

_BEFORE: Final = (
    r"(?:请问|请|麻烦|帮我|给我|我要|我想要?|我需要|需要|那就?|嗯|哦|噢|额|呃|唉|哎|先|老师|你好|还是|直接"
    r"|can|could|you|i|want|wanna|to|would|like|just|hi|the|lets){0,4}?"
)
_AFTER: Final = (
    r"(?:一下下?|吧|呗|啦|了|啊|呀|哦|噢|哈|嘛|的|呢|谢谢你?|多谢|老师|please|pls|thanks|thankyou|now|plz|it"
    r"|谢了){0,3}"
)

# A day, and a part of it, of which somebody may ask who is on duty.
_WHEN: Final = (
    r"(?:现在|今[天晚夜日早]|明[天晚早日]|后天|大后天|昨[天晚夜]|前天|下*[这本]?个?(?:周|星期|礼拜)[一二三四五六日天末]?"
    r"|\d{1,2}月\d{1,2}[日号]|\d{1,2}[日号])的?(?:早上|上午|中午|下午|傍晚|晚上|夜里|半夜|凌晨|白天|晚)?的?"
)

# Order matters where one word could be two: "0" is the menu, "没有" skips a field, "结束" ends the dialogue.
_CORES: Final[tuple[tuple[str, str], ...]] = (
    ("menu", r"(?:返回|回到|打开|看看?|显示)?(?:主?菜单|首页|主页|功能列表)|0|menu|mainmenu|start|开始|showmenu|home"),
    (
        "restart",
        r"重新开始|从头(?:开始|再来|来过)|重来|重填|重新填写?|重新来(?:过|一遍)?|startover|restart|startagain|reset",
    ),
    ("go_on", r"继续(?:填写?|填报|办理?|请假|报修)?|接着(?:填写?|办理?)?|continue|goon|resume"),
    ("more", r"更多|还有呢?|下一页|more|showmore"),
    ("back", r"返回(?:上一步|上一级)?|(?:退回|回到?)?上一步|后退|back|goback|previous|回退"),
    ("undo", r"(?:撤回|撤销)(?:刚才的?|上一步|操作)?|undo|undothat"),
    ("unbind_all_now", r"(?:确认|确定)(?:解绑全部|全部解绑)(?:账号|账户)?|(?:confirm|yes)unbindall"),
    (
        "unbind_all",
        r"(?:解绑|解除绑定|取消绑定)(?:全部|所有)(?:的?(?:账号|账户))?|全部(?:解绑|解除绑定)|unbindall(?:my)?(?:accounts)?",
    ),
    ("unbind_now", r"(?:确认|确定)(?:解绑|解除绑定)|(?:confirm|yes)unbind"),
    ("keep_bound", r"(?:不|先不|别)要?(?:解绑|解除绑定)|(?:keep(?:it)?bound|dontunbind)"),
    (
        "unbind",
        r"(?:解绑|解除绑定|取消绑定)(?:(?:这个|我的)?(?:账号|账户|微信|telegram))?|unbind(?:this|my)?(?:account)?",
    ),
    (
        "cancel",
        (
            r"算了(?:不(?:用|办|弄|请|填)(?:了)?)?|取消(?:填写|填报|操作|办理)?|我?不(?:想)?(?:办|弄|填|搞|要弄|写|申请"
            r"|继续)了|退出|停止|停下|终止|放弃|别办了|cancel|quit|exit|stop|nevermind|forget|forgetabout|先不办|不办"
            r"|结束"
        ),
    ),
    (
        "help",
        (
            r"帮助|使用(?:帮助|说明)|help|helpme|(?:怎么|如何|咋)(?:使用|用)(?:你|这个)?|你(?:都)?(?:能|会"
            r"|可以)(?:帮我)?(?:干|做|办)(?:些|点)?(?:什么|嘛|啥|哪些(?:事|业务)?)(?:事情?)?|你有(?:什么|哪些|啥)功能"
            r"|能干嘛|能干啥|能做什么|有什么功能|(?:这里)?(?:可以|能)办(?:什么|哪些|啥)|whatcando|howtouse"
            r"|howdoesthiswork|what(?:can)?(?:you)?(?:can)?do|说明"
        ),
    ),
    (
        "mine",
        (
            r"我的(?:办事|办件|工单|申请|请假|进度|投诉|信件|事项|记录|单子|请假记录|信|报修)?|(?:查看?|查询"
            r"|看看?)?(?:一下)?(?:我的)?(?:办理|办事|申请)?进度(?:查询)?|(?:查看?|查询)我的(?:工单|申请|请假|办事)|my(?:tickets?|matters?)"
            r"|status|mystatus|myrequests?|mine|queue|待接单|myleaves?"
        ),
    ),
    (
        "human",
        (
            r"(?:找|转|要|联系|接|转接|呼叫)?(?:一?个)?(?:人工(?:客服|服务|台)?|真人|活人|客服)|(?:找|转|联系"
            r"|要找)(?:我的?|一?个)?(?:辅导员|导员|班主任|老师|人)|human|(?:talk|speak)(?:to)?(?:with)?(?:a)?(?:human"
            r"|person|someone|teacher|counsell?or|realperson|realhuman)|realperson|ahuman|arealperson|agent"
            r"|ask(?:a|my)?(?:teacher|counsell?or)"
        ),
    ),
    (
        "return",
        (
            r"(?:我)?(?:已经?|刚刚?|终于|现在)?(?:回来|到校|返校|回校|到学校|回到学校|回学校|回寝室?|到寝室?|到宿舍"
            r"|回宿舍)(?:已)?|(?:我)?(?:来|办)?(?:理)?销(?:个)?假|(?:我)?已(?:返校|到校|回校)|im?amback|imback|amback"
            r"|back(?:on|at)campus|im(?:back)?(?:at|on)(?:school|campus)|imbackatschool|backatschool|returned|sign(?:me)?backin"
        ),
    ),
    (
        "duty",
        (
            rf"(?:{_WHEN})?(?:是)?谁(?:在)?值(?:夜)?班|值班(?:电话|老师|表|人员|号码|手机)?(?:是(?:谁|多少))?"
            rf"|(?:{_WHEN})(?:的)?值班(?:老师|电话|表|安排)?(?:是(?:谁|多少))?|(?:{_WHEN})?(?:的)?(?:排班表|排班情况)|duty(?:phone|number)?"
            r"|who(?:is|s)onduty(?:now|today|tonight|tomorrow(?:night)?|(?:on)?(?:mon|tues|wednes|thurs|fri|satur|sun)day)?"
        ),
    ),
    (
        "bind",
        r"(?:怎么|怎样|如何|咋)?绑定(?:码|账号|账户|身份|学号|微信)?(?:在哪(?:里|儿)?|怎么(?:弄|绑|用))?|(?:howto|howdoi)?bind(?:ing)?(?:my|an)?(?:account|code)?",
    ),
    (
        "web",
        (
            r"(?:(?:怎么|怎样|如何|在哪里|在|去|到|打开|进入?|登录|登陆|上|用){0,4}网页(?:版|端|上|里){0,2}"
            r"(?:登录|登陆|打开|查看|看|的?(?:入口|链接|地址)|在哪(?:里|儿)?|怎么(?:登录|登陆|打开|进|看)){0,2}"
            r"|(?:openthe|open|loginto(?:the)?|signinto(?:the)?)?web(?:page|site|login|link))(?:[a-z]{2}\d{4,12})?"
        ),
    ),
    ("console", r"(?:打开|进入?|登录)?(?:网页(?:版)?|管理)?(?:工作台|控制台|后台)|(?:web)?console|openconsole"),
    (
        "language_en",
        (
            r"(?:切换?到?|换成?|改成?|说|用|切成?)?(?:英文|英语)(?:版|模式)?|(?:switch"
            r"|change)?(?:to)?(?:language(?:to)?)?english|inenglish|english|speakenglish"
        ),
    ),
    (
        "language_zh",
        (
            r"(?:切换?到?|换成?|改成?|说|用|切成?)?(?:中文|汉语|简体中文|普通话)(?:版|模式)?|(?:switch"
            r"|change)?(?:to)?(?:language(?:to)?)?chinese|chinese|inchinese"
        ),
    ),
    (
        "skip",
        r"跳过(?:这(?:一)?[步项题个])?|没有|无|暂无|没|不填|略过?|下一步|没(?:有|拍)?(?:照片?|图片?|相片)|skip|none|next|pass|不提供",
    ),
    (
        "confirm",
        (
            r"(?:好|好的|好滴|好哒|好嘞|好呀|行|可以|对|对的|是|是的|是滴|嗯|恩|昂|没错|没问题|ok|okay|okk|oki|yes"
            r"|yep|yeah|yup|y|sure|确认|确定|正确|提交|同意|就这样|就这么办|没毛病|要得|要|需要|right|correct"
            r"|thatsright|confirm|submit|goahead|fine|成|中|无误|信息无误|可|1确认|looksgood|lgtm|好){1,4}"
        ),
    ),
    (
        "deny",
        (
            r"(?!不错$)(?:不|不对|不是|不行|(?:先|还|暂时|暂)?(?:不要?|别|不想)(?:提交|交)|不[太大]对|好像不对|不是这样|notok|notyet|dontsubmit|不要|不用|不需要|no|nope|nah|错|错误|弄错|不可以|否|有误|写错|不确认|不同意|n|不好"
            r"|别|wrong|not?right|incorrect|notcorrect|thatswrong|不正确|不可|没问对|不必|非也|并不是){1,3}"
        ),
    ),
)
_COMMANDS: Final = tuple((name, re.compile(rf"{_BEFORE}(?:{core}){_AFTER}")) for name, core in _CORES)
_LONGEST: Final = 24
# Most words are none of them, and learn it by one look.
_ANY: Final = re.compile(rf"{_BEFORE}(?:{'|'.join(f'(?:{core})' for _, core in _CORES)}){_AFTER}")
# 嗯嗯嗯嗯 is 嗯嗯: runs are cut, so that nested repetitions in the patterns stay cheap.
_RUNS: Final = re.compile(r"(.)\1{2,}")
# The words that are being read in the threads of this moment, which several ask of one after another.
_JUST_READ: Final = 8
_THUMBS: Final = {"👍": "confirm", "👌": "confirm", "✅": "confirm", "👎": "deny", "❌": "deny"}


@lru_cache(maxsize=_JUST_READ)
def command(words: str) -> str | None:
    """The universal word that the text is, alone or nearly alone, or None.

    One of: menu, back, cancel, restart, help, mine, human, skip, confirm, deny, return, duty, bind, console, web,
    undo, unbind, unbind_now, unbind_all, unbind_all_now, keep_bound, go_on, more, language_en, language_zh. A question about a word (怎么销假) is none; neither is a longer wish that contains one (取消请假).
    """
    if len(words) > 4 * _LONGEST:
        return None
    folded = fold(words).strip()
    text = _RUNS.sub(r"\1\1", squeeze(folded))
    if not text:
        return _THUMBS.get(folded.rstrip("\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")[:1])
    if len(text) > _LONGEST or folded.endswith(("吗", "吗?", "吗?")) or _ANY.fullmatch(text) is None:
        return None
    # An asking mark turns 好的 into a question, but asking for help or for the duty stays what it is.
    asking = folded.endswith("?")
    for name, pattern in _COMMANDS:
        if pattern.fullmatch(text):
            return None if asking and name in {"confirm", "deny", "return", "skip"} else name
    return None
