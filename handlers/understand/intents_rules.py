"""The rules of the intent reader: an ordered table of patterns, the first that is found decides.

A pattern sees two lines: the text squeezed (no spaces, no punctuation) and, under it, the text folded, so Chinese
is written without gaps and English with them. The order is part of the rules: the narrow before the wide.
"""

from __future__ import annotations

from typing import Final

_LEAVE: Final = r"(?:请假|请的假|请得假|病假|事假|公假|丧假|假条|请个?.{0,3}假|leave)"
_CARD: Final = r"(?:校园卡|一卡通|学生证|饭卡|学生卡|水卡|身份证|(?<!银行)(?<!电话)(?<!优惠)卡)"
_ASK: Final = (
    r"(?:怎么|如何|咋|流程|规定|材料|证明|条件|要求|手续|几天|多久|谁批|谁签|最多|要什么|家长|旷课|扣|影响"
    r"|多少天|要不要|需不需要|提前多|哪里|在哪|允许|什么时候能|补假|几级)"
)

# Short texts that are only this and nothing more (compared with the whole of the squeezed line).
WHOLE: Final[tuple[tuple[str, str], ...]] = (
    (
        "thanks",
        (
            r"(?:好的?|嗯|ok|行|可以|知道了|收到|明白了?|太好了|非常|十分|真的|太)*(?:谢谢?|多谢|感谢|谢了|3q|thx"
            r"|thanks?|thankyou|thanku|ty|蟹蟹|辛苦了|辛苦啦)(?:你|您|老师|了|啦|大家|哈|呀|啊|辛苦|帮忙|帮助|somuch"
            r"|alot|verymuch|bye|再见|小助手|the)*|拜拜|再见|88|bye(?:bye)?|goodbye|晚安|没事了(?:谢谢)?|回聊|先这样"
            r"|gotit(?:thanks)?"
        ),
    ),
    (
        "greeting",
        (
            r"(?:你好|您好|老师好|老师您好|老师你好|在吗|在么|在不在|有人吗|有人在吗|hi+|hello+|hey+|嗨|哈喽|哈啰|早"
            r"|早安|早上好|上午好|中午好|下午好|晚上好|同学好|大家好|嘿|老师在吗|hellothere|goodmorning|goodafternoon"
            r"|goodevening|nihao|喂|yo|在|你在吗)(?:啊|呀|老师|小助手|机器人|there|teacher|哦|在吗|你好)*"
        ),
    ),
    (
        "broadcast.confirm",
        (
            r"(?:好的?|嗯|ok|已|老师|我)*(?:收到|已阅|已读|知悉|已知悉|知晓|roger|received)(?:了|啦|谢谢|老师|通知"
            r"|确认|ok|好的|thanks|已确认|会按时参加|会准时到)*|回复1|确认收到|notedthanks|noted"
        ),
    ),
    (
        "chitchat",
        (
            r"(?:哈|呵|嘿|嘻|h){2,}|6{2,}|emm+|lol|haha\w*|笑死(?:我)?了?|累死(?:我)?了?|好烦|烦死了?|好累|困死了?"
            r"|好无聊|无聊|哎+|唉+|啊+|呜+|无语|醉了|绝了|牛|nice|cool|wow|omg|饿死?了|好饿|好困|真棒|厉害|草|艹"
        ),
    ),
    (
        "unclear",
        (
            r"(?:from|on|at|in|the|dayafter|tomorrow|today|tonight|next|this|week|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?"
            r"|sun(?:day)?|morning|afternoon|evening|noon|night|to|until|till|for|and|an?|one|two|three|four|five|half|\d{1,2}(?:st|nd|rd|th)?|[ap]m|hours?|days?)+"
        ),
    ),
    ("unclear", r"\d{1,3}|[a-z]|[?。,]*|那个|这个|嗯那个|什么|啥|然后呢|[asdfghjklqwertzxcvbn]{5,9}"),
)

RULES: Final[tuple[tuple[str, str], ...]] = (
    (
        "privacy",
        (
            r"(?:删|删除|清除|清空|注销|导出|下载|抹掉).{0,5}(?:数据|信息|资料|账号|记录|聊天)|解绑|解除绑定|取消绑定"
            r"|隐私|(?:存|保存|记录|收集|留)了?.{0,4}(?:哪些|什么|啥).{0,6}(?:数据|信息|资料)?$|(?:谁"
            r"|哪些人).{0,4}(?:能|可以)看到.{0,4}(?:我|聊天|信息)|信息.{0,4}(?:泄露|安全)|delete.{0,8}(?:data|account)"
            r"|unbind|privacy|my data"
        ),
    ),
    (
        "mailbox.anonymous",
        (
            r"匿名|不留名|不(?:用|写|署)实?名|不(?:想|要|愿|希望|能|愿意)(?:让|被).{0,8}(?:知道|发现|看到|认出)"
            r"|别.{0,3}(?:说|透露|告诉|暴露).{0,6}(?:我|身份)|不(?:暴露|透露|公开)(?:我|身份|姓名)|会不会.{0,5}(?:知道"
            r"|发现)是?我|anonym|without (?:my )?name"
        ),
    ),
    (
        "bind",
        (
            r"绑定|绑个|换绑|认证|验证(?:身份|学号|码)|身份(?:验证|核验)|学号(?:怎么|绑|输|填|错|不对|是|提示|忘)"
            r"|我(?:的)?学号|^\d{8,13}$|\bbind\b|verify|verification|student (?:number|id number)|登不上小?助手"
            r"|换了?手机号|改手机号"
        ),
    ),
    (
        "safety.fraud",
        (
            r"诈骗|被骗|骗子|骗了|刷单|裸聊|裸照|裸贷|网贷|校园贷|套路贷|高利贷|催收|骚扰|偷拍|敲诈|勒索|流水|杀猪盘"
            r"|冒充|钓鱼|可疑|(?:先|要)交(?:押金|保证金|定金)|公检法|安全账户|虚假|scam|fraud|harass|loan.?shark"
            r"|phishing|(?:让|叫|要)我(?:转账|打钱|垫付|下载app)|注销校园贷|传销"
        ),
    ),
    (
        "leave.withdraw",
        (
            rf"不(?:用)?请(?:假)?了|(?:填错|写错|选错|弄错|搞错).{{0,8}}(?:{_LEAVE}|假)|"
            rf"(?:撤回|撤销|取消|收回|撤|作废).{{0,8}}(?:{_LEAVE}|假)|假.{{0,4}}(?:不请|取消|撤|不用"
            rf"|作废)|{_LEAVE}.{{0,12}}(?:填错|写错|选错|弄错|搞错|改一?下|改成|改到|改时间|修改|撤回|撤销|取消|不去了"
            rf"|不用了|换成)|(?:改|修改|更改|调整|变更).{{0,8}}(?:{_LEAVE}|假)|(?:withdraw|cancel|change|edit"
            rf"|take back).{{0,16}}leave|不用请假了"
        ),
    ),
    # 补假 and a night out are asked for in a word or two; a question about them is the rules' business.
    (
        "leave.request",
        (
            r"^(?:我|老师|您?好|你好|想要?|要|请|需要|申请|帮我|我要|能不能|麻烦)*补(?:请)?(?:个|一下|一?天)?(?:病|事|公)?假(?!.{0,12}(?:怎|咋|如何|流程|吗|可以|需要|什么"
            r"|材料|规定|多久|在哪|条件|忘))|^(?!.*(?:规定|怎么|处分|门禁|登记|吗)).*(?:[今明后]天?晚上?|晚上).{0,6}(?:晚归|夜不归|不归宿|(?<!不)住(?:在)?(?:校外|外面|家里|亲戚|同学家|酒店|宾馆))"
            r"|^(?:hi |hello |i |please |want |need |would like |to |take |a |be )*(?:leave|away) from\b"
        ),
    ),
    (
        "leave.extend",
        (
            r"续(?:个|一下|几天|[一两三\d]天)?假|(?:延长|延期|延|多请|再请|加请|顺延|多续).{0,6}(?:假|天)|再(?:休息|请"
            r"|多|续|加|休|待|住)[一二两三四五几半\d]+.{0,2}(?:天|日)|(?:回不来|回不去学校|回不了学?校|赶不回"
            r"|(?:到不了|回不到)(?:学校|校)"
            r"|没法(?:按时)?(?:返|回)校|不能按时(?:返|回)|推迟.{0,4}(?:返校|回校|回来)"
            r"|(?<![今明昨早])晚(?!上).{0,4}(?:返校|回校|回来"
            r"|回学校))|还(?:得|要|需)(?:再)?(?:住院|休息|待|请).{0,4}天|假.{0,4}不够|extend.{0,16}|more days"
            r"|extension|stay longer|晚[一两几\d]天回"
        ),
    ),
    # The letter of leave as it is taught: 「…请假两天，望批准」 asks for one, and does not ask what became of it.
    (
        "leave.request",
        (
            r"^(?=.*(?:假|走.{0,14}回))(?!.*销假).*(?:望|请|求|盼)(?:您|老师|领导|导员|辅导员|学院)?(?:能|能够|可以)?(?:予以|给予)?(?:批准|准假|准许|批假|准予|审批|同意|批复)"
            r"|(?:[周期拜][一二三四五六日天末]|[号日]|[今明后]天|[上下]午|晚上|点).{0,4}走.{0,14}(?:[周期拜][一二三四五六日天末]|[号日]|[今明后]天|[上下]午|晚上|点).{0,4}回"
        ),
    ),
    (
        "leave.howto",
        (
            rf"{_LEAVE}.{{0,10}}{_ASK}|(?:怎么|如何|咋|最多|提前多久|怎样).{{0,6}}(?:请|销|续|补)(?:病|事|公)?假"
            rf"|(?:销假|补假).{{0,6}}(?:怎么|流程|要|在哪|忘|可以|能|吗)|(?:要|需要|必须)(?:提前)?请假吗"
            rf"|不请假.{{0,6}}(?:会|怎)|{_ASK}.{{0,5}}请假条|how.{{0,24}}leave|leave (?:policy|rules?|process"
            rf"|procedure)|what.{{0,24}}leave|忘(?:记|了)?(?:了)?销假|补(?:个)?假"
        ),
    ),
    (
        "leave.return",
        (
            r"销(?:个|一下)?假|(?:我|已|已经|刚|刚刚|终于|提前|安全|平安)(?:已经?|刚刚?|就|都)?(?:回来|到校|返校|回校"
            r"|到学校|回学校|回到学校|回寝|到寝|到宿舍|回到宿舍|回宿舍|回到学校)(?:了|啦|$)|提前(?:返校|回校|回来)"
            r"|\b(?:am|'m|im) back\b|sign(?:ing)? back in|back (?:on|at|in|to) (?:campus|school|dorm)|returned to|end my leave"
        ),
    ),
    (
        "leave.status",
        (
            rf"(?:{_LEAVE}|(?<!放)(?<!寒)(?<!暑)假).{{0,10}}(?:批了|批没|批下|批准|没批|通过|审|进度|状态|到哪|下来"
            rf"|结果|同意|怎么样|好了|看了|驳回|拒|生效)|(?:批|审|通过|同意|驳回).{{0,6}}(?:{_LEAVE}|假)|(?:查"
            rf"|看).{{0,8}}(?:{_LEAVE}|请的?.{{0,3}}假|假(?!期))|(?:怎么|为什么|还)(?:还)?(?:没|不|被)(?:有)?(?:批|审批"
            rf"|驳回|同意)|批了(?:吗|没|么)|(?:is|was|has|check|status|why).{{0,20}}leave|leave.{{0,20}}(?:approved"
            r"|status|rejected|pending)|到谁(?:那|审)"
        ),
    ),
    (
        "departure.progress",
        (
            r"(?:一项|图书馆|后勤|财务|宿舍).{0,12}(?:已完成|变绿|未完成|未通过|已办|未办)|"
            r"(?:离校|毕业手续|退宿手续|会签|离校单|离校手续).{0,10}(?:差|进度|到哪|办完|办好|还有|没办|没盖|没签|状态"
            r"|几项|几个|完成|通过|卡在|显示|更新|未办)|(?:还差|还剩|还有|哪些|哪几).{0,8}(?:没办|手续|个?章|几项|部门"
            r"|没盖|没签).{0,5}(?:离校|没|$)|我的离校|(?:departure|clearance|graduation).{0,16}(?:status|progress|left"
            r"|missing)|(?:what|how).{0,16}left.{0,12}(?:clear|depart|graduat)"
        ),
    ),
    (
        "card.lost",
        (
            rf"{_CARD}.{{0,8}}(?:丢|掉了|掉在|不见|遗失|挂失|补办|被盗|被偷|找不到|找不着|补一?张|没了|坏了|消磁|冻结"
            rf"|解挂|刷不了|刷不出)|(?:丢|掉|遗失|挂失|补办|捡到|捡了|补|弄丢|落).{{0,6}}{_CARD}|lost.{{0,16}}(?:card"
            rf"|\bid\b)|card.{{0,16}}(?:lost|replac|missing|stolen)|replace.{{0,12}}card"
        ),
    ),
    (
        "departure.howto",
        (
            r"离校|退宿|休学|退学|转学|复学|保留学籍|档案|户口|户籍|报到证|派遣|三方协议|去向登记|(?:党|团)?组织关系"
            r"|党员关系|团关系|学位服|毕业(?:证|手续|生|后)|学位证|肄业|结业|leaving (?:school|university|college)"
            r"|graduat|depart(?:ure)?\b|clearance|drop ?out|suspend.{0,10}stud"
        ),
    ),
    (
        "leave.request",
        (
            r"^qj|^请假|请.{0,10}假(?!期|日)|病假|事假|公假|丧假|sick leave|(?:ask|apply|request|need|want|take"
            r"|like).{0,20}(?:leave\b|day off|days off)|leave (?:request|tomorrow|today|for)|(?:回|回趟|回一趟)(?:家"
            r"|老家|乡).{0,8}(?:一趟|几天|两天|办|看|参加)?|(?:来|去|上|到)不了.{0,4}课|不(?:去|能|来"
            r"|上)(?:上)?(?:课|早操|晚自习|早自习)|不能(?:去|来)?上课|不回(?:寝|宿舍|校|学校)|(?:在外|出去|外面"
            r"|校外).{0,4}(?:住|过夜)|外宿|外出|出校|去世|病危|葬礼|奔丧|住院|(?:做|动)(?:个)?(?:小)?手术"
            r"|发(?:高)?烧|感冒|肚子(?:疼|痛)|(?:去|要)(?:看病|医院|看医生|复查)|早退|(?:早点|提前|先)(?:回家|走|离校"
            r"|离开)|婚礼|(?:i'm|i am|im|feel(?:ing)?) (?:sick|ill)|fever|doctor.?s? appointment|hospital appointment"
            r"|去.{1,8}(?:面试|比赛|参赛|开会|考试|办事|旅游|参加.{0,6}(?:比赛|婚礼|活动))|不在(?:学校|校)"
            r"|课.{0,4}(?:来|去|上|到)不了|(?:胃|牙|头|腰|腿|肚子|嗓子|身体).{0,2}(?:疼|痛|不舒服|难受)"
            r"|面试.{0,6}(?:去|不在)|出(?:去)?(?:面试|比赛|参赛)"
        ),
    ),
    (
        "mailbox.status",
        (
            r"(?:投诉|反映|举报|建议|工单|(?<!短)(?<!微)(?<!通)信|留言|反馈|材料|问题|报修|意见|诉求|提交的|申请|单子"
            r"|事情|报的).{0,10}(?:怎么样|处理得|处理了|处理到|处理好|处理没|回复|结果|进度|进展|到哪|有消息|回音"
            r"|答复了|受理|下文|收到了?[吗没]|看了[吗没]|几天了|没动静|没人管|没人理)|(?:处理|回复|解决"
            r"|办理)得?(?:怎么样|到哪|了吗|了没|好了吗|没有)|还没(?:有)?(?:人)?(?:回|处理|答复|消息|解决)|没人(?:回"
            r"|理)|[a-z]{2}-?\d{4}-?\d{3,6}|催(?:一下|办|单|催)|(?:ticket|letter|complaint|request"
            r"|report).{0,20}(?:status|progress|update|answered|happen)|any (?:update|news|reply)|收到了?[吗没]"
            r"|有(?:结果|回复|消息|进展)了?[吗没么]|怎么样了"
        ),
    ),
    (
        "contact",
        (
            r"(?:辅导员|导员|班主任|书记|学工办|院办|学院办公室|楼长|网格员|保卫处|学生处|老师).{0,8}(?:是谁|是哪|电话"
            r"|联系方式|微信|手机号|号码|办公室|叫什么|邮箱|怎么联系|几点上班|在不在)|(?:谁|哪位|哪个|哪个老师)(?:是"
            r"|管|负责).{0,6}(?:辅导员|班主任|导员|我们)|值班|who.{0,12}(?:my |is my )?(?:counsel|advis|tutor)"
            r"|counsell?or.{0,16}(?:name|phone|number|who|contact|email)|duty|(?:phone|number|contact"
            r"|email) of.{0,12}(?:counsel|teacher)|(?:怎么|如何)(?:联系|找)(?:到)?.{0,6}(?:老师|辅导员|导员|班主任)"
            r"|(?:联系|找)不[到上].{0,4}(?:老师|辅导员|导员|班主任)"
        ),
    ),
)
