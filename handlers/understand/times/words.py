"""Puts words into one shape for the grammar, reads Chinese numbers, and blanks what only looks like a time."""

from __future__ import annotations

import re
import unicodedata

from handlers.understand.times.typos import mend

# Written forms that mean the same to the grammar; one character each, so that positions stay easy to follow.
SAME = {
    **dict(
        zip(
            "週禮點號後兩個請節開鐘幾從間時國慶這後還補來過內兒氣當",
            "周礼点号后两个请节开钟几从间时国庆这后还补来过内儿气当",
            strict=True,
        )
    ),
    **dict.fromkeys("—–―−‐‑‒─﹣－➡→⟶", "-"),
    **dict.fromkeys("～〜∼˜﹏", "~"),
    **dict.fromkeys("，；;…⋯\n\r", ","),
    **dict.fromkeys("。！？!?", "。"),
    **dict.fromkeys("‘’`´", "'"),
    "○": "〇",
    "壹": "一",
    "貳": "二",
    "倆": "俩",
    "\x00": " ",
}
CJK = re.compile(r"[\u3005-\u3007\u3400-\u9fff]")
# Students write a space where print has a comma: 我妈周四做手术 想请明后两天. Between short pieces it means nothing.
PAUSE = re.compile(
    r"(?:(?<=[^\s,，。；;:：、()（）\-~—]{3})|(?<=[:：][\d\u4e00-\u9fff][\u4e00-\u9fff])|(?<=\d-\d\d)|(?<=\d[号日]))(?<!\d月)(?:(?<=[\u3400-\u9fff]) +(?=[\d\u3400-\u9fff])|(?<=\d) +(?=[\u3400-\u9fff]))"
    r"(?=[^\s,，。；;:：、()（）\-~—]{3}|[请想][假请]|[\d十][\d一二三四五六七八九十]?[号日]|\d\d?[:：]\d\d[查熄门锁断])"
)
# June 15 - 17
DASHED = re.compile(r"(?<=\d) +(?=[\-–—－~～] +\d)|(?<=\d [\-–—－~～]) +(?=\d)|(?<=\d[\-–—－~～]) +(?=\d)")
DROPPED = {"Cf", "Mn", "Me", "Cs"}


def _fold(char: str) -> str:
    """One character in its plain form: full-width to half-width, variants to one, marks without width to nothing."""
    if char in SAME:
        return SAME[char]
    if char < "\x7f":
        return " " if char < " " else char.lower()
    if "\u4e00" <= char <= "\u9fff":
        return char
    if unicodedata.category(char) in DROPPED:
        return ""
    if char.isspace():
        return " "
    plain = unicodedata.normalize("NFKC", char).lower()
    return "".join(SAME.get(part, part) for part in plain[:4])


def normalise(words: str) -> tuple[str, list[int]]:
    """The words in one shape, and for each of its characters the position it came from.

    Space between Chinese characters, or between one and a digit, means nothing and goes: 6 月 12 日 is 6月12日. Between
    longer pieces it is a pause, and becomes a comma.
    """
    plain: list[str] = []
    origin: list[int] = []
    gone: set[int] = set()
    if " " in words:
        words = PAUSE.sub(lambda found: "," + " " * (len(found.group()) - 1), words)
        gone = {place for found in DASHED.finditer(words) for place in range(*found.span())}
    for position, char in enumerate(words):
        if position in gone:
            continue
        for part in _fold(char):
            if part == " ":
                if not plain or plain[-1] == " " or CJK.match(plain[-1]):
                    continue
            elif plain and plain[-1] == " " and CJK.match(part):
                plain.pop()
                origin.pop()
            plain.append(part)
            origin.append(position)
    return mend("".join(plain)), origin


DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3}
TENS = {"廿": 20, "卅": 30}
ENGLISH = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
        ]
    )
} | {"a": 1, "an": 1, "twenty": 20, "thirty": 30}


def number(words: str) -> int | None:
    """The whole number that 12, 十二, 二〇二六, 廿三, 一百二十 or twelve says, or None."""
    if words.isascii():
        return int(words) if words.isdigit() and len(words) < 10 else ENGLISH.get(words)
    if all(char in DIGITS for char in words):
        return int("".join(str(DIGITS[char]) for char in words))
    total, digit, scale = 0, None, 1000
    for char in words:
        if char in DIGITS:
            if digit:
                return None  # 五十六两 is two numbers
            digit = DIGITS[char]
        elif char in TENS:
            total += TENS[char]
        elif char in "十百":
            if scale <= (10 if char == "十" else 100):
                return None  # 十二十 is two numbers
            scale = 10 if char == "十" else 100
            total += (1 if digit is None else digit) * scale
            digit = None
        else:
            return None
    return total + (digit or 0)


N = r"(?:\d{1,6}|[〇零一二两三四五六七八九十百]{1,5})"
# Names: what 周五 and a teacher's title may hold between them that is a surname or a verb (周五张老师, 周三找老师), and what is
# hardly anything but the end of a name (周一鸣).
SURNAMES = "李王张刘陈杨赵黄吴徐孙马朱胡郭何林罗郑梁许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤高谢唐傅宋于"
BESIDE_TITLE = "找问见约和跟给请去向陪让被有没听送接是的因由帮等到在上与替代叫说看访为我他她你们各某本该新老任全体带教外课班主系院校辅指导同女男大小补考回来走想要会能"
NAMES = "立辉伟强勇超芳敏玲燕艳丽娟霞英慧静莉婕媛瑾瑜琦琴蕾菲欣悦佳嘉鸣帆诺涵铭鹏凯宇轩豪杰琪瑶萱雯楠婷娜泽浩宸霖琳妍怡颖倩莹薇睿昊磊涛"
# Each line is a kind of look-alike; what it matches is blanked out before any time is looked for.
LOOK_ALIKES = (
    r"\d{1,2}班\d{1,2}号(?![到至\-~请下上中早晚、和])",
    rf"(?:晚点|迟到|晚到|耽误|误点|延误|推迟)了?{N}个?半?(?:小时|分钟|刻钟)",
    # Labels and what they name: numbers of students, papers, phones, rooms.
    (
        r"(?:学号|工号|编号|证号|考号|座号|身份证号码?|号码|尾号|单号|订单号?|qq号?|微信号?|账号|卡号|密码|验证码|热线"
        r")[是为:# ]{0,3}[a-z0-9][a-z0-9\-]+|(?:电话|手机号?码?|房间号?|寝室号?|宿舍号?)[是为:# ]{0,3}[a-z0-9][a-z0-9\-]{2,}(?![号日\d])"
    ),
    rf"[挂排取叫抽](?:号|到|了)[是到]?{N}号|(?:(?<![,。假])还有|还剩|剩下?|余额|花了?|充值?了?|转了?|付了?|扣了?|欠了?|价格?|收费|得分|得了|视力|身高)[是为]?\d+\.\d+",
    r"生日[是为:]{1,2}(?:\d{2,4}年)?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:月|[./])(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})[日号]?|出生(?:日期|年月|时间)?[是于为在: ]{0,3}\d{2,4}[年\-/.]\d{1,2}[月\-/.]\d{1,2}[日号]?|\d{4}年\d{1,2}月\d{1,2}[日号]?(?:出生|生(?![病日]))",
    r"\d+\.\d+的?(?:绩点|均分|身高|视力|余额)|一点半点|[早中晚][午上]饭(?![之以]?[前后])",
    # Numbers too long for a time: phones and codes. Eight digits that are a day of this century stay.
    r"(?<!\d)(?:1[3-9]\d[- ]\d{4}[- ]\d{4}|0\d{2,3}-\d{7,8}|[48]00-?\d{3}-?\d{4})(?!\d)",
    r"(?<![\d.])(?:\d{9,}|\d{5,7}|(?!20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))\d{8})(?![\d年])",
    r"(?<![\d.:/\-])(?!20[2-4]\d)(?!(?<=[天午晚早])(?:[01]\d|2[0-3])[0-5]\d(?!\d|教|室|房|宿|寝|班|元|块|号))\d{3,4}(?![\d年.:/天]|-\d|分钟|个?小时)",
    r"(?<![a-z\d])(?!jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{1,5}-?\d{2,}[\da-z\-]*",
    r"(?<![\d\-/.:])\d{1,2}[-#]\d{3,4}(?![\d\-/.:年])|\d{1,2}-\d{1,2}(?=宿舍|寝|室|号楼)|(?<!提前)(?<![周期拜\d月])一晚(?![上点自会饭餐\d一二三四五六七八九十])",
    r"第{N}章第{N}节|比[例分值][为是约]{0,2} ?\d+:\d+|\d{1,2}:\d{1,2}(?:[赢输胜负]|领先|落后|战平)".replace("{N}", N),
    # Buildings, rooms, lines, classes, years of entry.
    (
        rf"(?<!月)(?<!年)(?:(?<!请){N}号宿舍|{N}号(?:楼|院(?!里|长)|线(?!上|下)|门(?!诊)|馆|桌|窗|机(?!场|票)|床|公寓|教学?[楼室]|食堂|店(?!里)|文件|厅|柜|墙|实验[楼室]"
        r"|电池|汽油|球(?!赛)|选手|车(?!票|站)|座(?!谈)|铺|房(?!东|租)|包厢|通知|令|公路|码头|站(?!岗)|厂(?!里)|舍|病[房床]|会议室|校区|位|字|电梯|[栋幢]|充电|洗衣|打印|饮水|淋浴|浴室|隔间|坑|快递|停车|泳道|跑道|考场|考点|报告厅|会议厅|场[地馆]|组(?!织)|[出入]口|口(?![试语])|站台|检票|登机|包间|水龙头|插座|灯))"
    ),
    rf"{N}(?:栋|幢|舍|楼|层|单元|室|班(?!会)|级|届|床(?!上)|食堂|教(?:学楼|室)|校区|路(?!上)|寝|斋)",
    # Money, shares, sizes, scores.
    rf"百分之{N}|(?:绩点|均分|(?:扣|加|得|考|涨|降)了?(?:我|了)?)[是有到为]?{N}点[一二三四五六七八九]分?",
    r"[¥￥$]\d+(?:\.\d+)?",
    r"\d+(?:\.\d+)?(?:%|元|块|万|版|代|km|kg|gb|mb|米|公里|斤|度|倍|折|岁|学分)|\d+\.\d+分",
    r"(?:版本|version|ver|release|考了|绩点|均分|gpa|v)[^\d,。]{0,2}\d+(?:\.\d+)+",
    # 一点 and N点 that count or compare; 一下 and 一些 are no words of time in the first place.
    r"(?<!十)一点(?:儿|点|也|都|不|没|小|事|钱|东西|时间|意见|建议|问题|希望|想法)",
    r"(?:有|早|(?<![今明昨后五六日天一二三四])晚|快|慢|好|差|大|小|多|少|近|高|低|轻|重|服|不|离)一点(?!半|钟|整|\d|[零二三四五]?十|到|前|左右|[一三]刻)",
    rf"(?:以下|如下|这|那|提|有)?{N}点(?=建议|意见|要求|问题|原因|理由|看法|想法|疑问|说明|希望|注意|请求)",
    r"一时(?=半会|想|之|兴|冲|糊|疏|没|找|忘|记|不|着急|大意)",
    rf"[两三]点一线|{N}点(?:钟?方向|名(?!单)|之间|[一二三四五六七八九]倍|{N}倍)",
    # Prices, sizes, fractions and names that are written like a day; a class and a seat in it; good wishes for a festival.
    r"\d+\.\d+ ?(?:包邮|大促|促销|晚会|声道|英?寸|毛|平米|码|女神节|秒杀|mm|ml|hz)|(?<![\d.])\d/\d的(?:同学|钱|人|学生|费用|学费|题|座位|床位|宿舍|内容)",
    r"(?<![a-z])(?:python|java|win|ios|android|office|matlab|spss|word|ubuntu|cuda|jdk|node|usb)[ -]?\d+(?:\.\d+)*",
    rf"(?<=[学理论语文史数高术础计构制图])[1-4]-[1-4](?![\d号日节])|{N}号(?=同学(?!聚|会|来|们|结|生日|毕业)|选手|学生)|{N}点{N}(?:元|块)",
    r"(?:端午|中秋|国庆|元旦|春节|圣诞|清明|教师|五一|劳动|元宵)节?(?:安康|快乐|愉快|放几天|放多久|放假(?:几天|多久|吗|安排|通知)|(?:怎么|什么时候|何时)放)|国庆(?=同学(?:的|在|说|是|[,。]|$)|老师)",
    r"(?:我叫|名叫|叫做?|姓名[是:]?|我是)[李王张刘陈杨赵黄吴徐孙马朱胡郭何高林罗郑梁](?:明天|国庆|夏至|立春|端阳|元旦|重阳|中秋|建军|昨天|晚)(?![请要想去不])",
    r"[李王张刘陈杨赵黄吴徐孙马朱胡郭何高林罗郑梁]明天天(?![气亮黑冷热晴阴色凉])",  # 李明 who does something every day
    rf"(?<![天日号午晚上早周期拜]){N}点(?=不明白|不清楚|不懂|疑惑|困惑|反馈(?!会)|补充|体会|感受|心得|收获|不足|经验|好处|坏处|提醒)|明天会更好|7天无理由",
    r"(?<![天日号一二三四五六今明昨后前])(?:早上|上午|中午|下午|晚上)(?=[^,。\d]{0,4}几点(?:[开关熄锁断供下]|才|就?能|可以|有|$))",
    rf"{N}个?(?:多|半)?(?:天|周|星期|礼拜|月|小时)(?:都|也|还|了)?(?:没(?!上课|去|来|到|回|请)|停|断)[^,。请假补]{{1,8}}(?=$|[,。])",
    r"(?:ddl|deadline|死线|提交|交稿)[是在为: ]{0,2}(?:下?个?(?:周|星期|礼拜)[一二三四五六日天]|(?:\d{1,2}月)?\d{1,2}[号日]|\d{1,2}[./]\d{1,2})(?=[,。])|(?<=[要得会])到(?=[^,。到]{1,9}才)",
    r"一个?(?:月|周|学期)的?(?:生活费|花费|话费|[水电]费|工资|伙食)|周末影院",
    r"(?:明天|后天|周[一二三四五六日天])见(?=$|[,。吧啦哦咯])|[周期][五六]餐厅|星期六便利|黑色星期五|(?:门牌|床|柜|工位|座位?|场地)号?[是为: ]{0,2}\d{1,2}-\d{1,3}",
    # How long an illness or a fault has lasted, which is the reason and no length of a leave: 发烧两天，明天请假.
    rf"(?:(?<=[烧疼痛冒病吐泻咳嗽肿晕炎])|(?<=肚子)|(?<=[停断漏][水电网])|(?<=舒服)|(?<=失眠))有?(?:{N}个?[多半]?(?:天|周|星期|礼拜|小时)|{N}个[多半]?月)(?!的?[病事]?假|病假|后(?!天)|前|内)",
    r"[(（]?包?[含括](?:周末|当[天日]|首尾)(?:在内)?[)）]?|(?<=[友学])(?:已经|都)?[一二两三四五六七八九十\d]{1,2}[天晚]没(?:回|来|见)|包[括含](?:双休|周末)|(?:跑了?|跑[进出]|用时|成绩[是为]?|测了?)\d+[.:]\d+",
    # Sayings and things that hold a word of time.
    r"三天两头|一天到晚|(?:24|二十四)个?小时(?=值班|值守|开放|营业|服务|热线|制|在线|自习|便利|自助|热水|供)|两夜|三夜|[一二两三]夜",
    rf"(?:每周|每天|每月|一周|一天|一个月){N}次",
    r"(?:等|找|搞|弄|说|想|排|折腾|修|打|联系|排队|疼|痛|吐|咳|烧|晕)了?半天(?!假)",
    rf"(?<!月)(?<!月的)第(?!二天|(?:(?<=[节庆午旦一秋明夕宵诞阳假][前后]第)|(?<=[节庆午旦一秋明夕宵诞阳假][前后]的第)){N}天){N}(?!\d|[〇零一二两三四五六七八九十百])(?!大?节|教?学?周|个?的?(?:周|星期|礼拜)|、|-|~|到|至|和)",
    r"[有那哪某每]一天|了一整?个?(?:上午|下午|晚上|早上)",
    rf"明日方舟|明日歌|周末(?:愉快|快乐)|七天无理由|三分钟热度|明日之星|昨日重现|今日说法|{N}日游|今日头条|今日校园|(?<![一二两三四五六七八九\d请个小大])半天(?=没|都|不|还没|才|也)|朝九晚五|七上八下|周[五六]福|周大福|下午茶|清明上河图|清明梦|后天(?:性|形成|培养|努力)|三天打鱼|两天晒网|春节?晚|双十一|双11",
    r"五一(?:广场|路|班|大道)|(?:国庆|清明|中秋)(?:路|街|月饼)|(?:早上|上午|中午|下午|晚上)好|早[点餐饭](?![之以]?[前后])|晚(?:[点餐饭霞]|(?<![今明昨前后]晚)会)(?!名|[之以]?[前后])|天气|礼拜堂|今天天气",
    (
        r"(?:我叫|名叫|姓名[是:]?|叫)周[\u4e00-\u9fff]{1,2}|我是周(?:[^一二三四五六日天末\d,。 ][\u4e00-\u9fff]?|[一二三四五六天](?![上下早中晚凌傍走回请去到的要想就开,。、和至才不没有也都那这出离一二三四五六日天\d]|$)[\u4e00-\u9fff])|"
        f"[{SURNAMES}]"
        r"周[一二三四五六](?=老师|同学(?!聚)|教授|书记|导员)|周[一天]?[\u4e00-\u9fff](?=老师|同学|教授|书记|院长|辅导员|导员|学长|学姐)"
        rf"|周[二三四五六日](?![{SURNAMES}{BESIDE_TITLE}])[\u4e00-\u9fff](?=老师|同学(?!聚|会|来|结)|教授|书记|院长|辅导员|导员|学长|学姐)"
        rf"|(?<![这本下上每])周[一二三四五六日天][{NAMES}](?=[和跟与说把也是在的,、。他她一都同了]|让我|带我|$)"
    ),
    # What is counted from or about a length, without asking for it: rules, experience, notice ahead.
    rf"(?:提前(?!.{{1,4}}(?:回|走|去|(?<!申)请|出发|离校|返|到(?!期)))|超过|不超过|少于|大于|小于|满|至少提前|不足){N}个?半?(?:天|周|日|月|小时|分钟|星期)",
    rf"{N}个?(?:天|周|日|月|小时|分钟|星期)(?:以上|以下|以内)",
    rf"(?<!请)(?<!假)(?<!休)了{N}个?(?:多|半)?(?:天|周|月(?!份?{N})|小时|分钟|星期)(?!的?[病事]?假)",
    rf"(?<!请)(?<!假)(?<!休){N}个?[半多]?(?:天|周|星期|礼拜|月|小时)了(?!吧)",
    r"(?<![请休起始下])(?<!请假)(?<!休假)(?<!病假)(?<!事假)(?:半年|一年|两年)|(?:半年|一年|两年)(?=级|前|后|内|多|以|来)|学年|7-11(?=便利|超市|店|门口|买|几点|关|开|营业|有)|[7七]天(?=酒店|连锁|宾馆)",
    r"(?:student|phone|mobile|room|order|account|card|id)(?: (?:number|no\.?|id|code))?(?: is|:)? ?#?\d[\d\-]{2,}|十点读书",
    r"今天(?:是|都|已经)+(?:\d{1,2}月)?(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})[号日]|(?:周|星期|礼拜)[一二三四五六日天])了?(?=[,。我那])",
    r"(?:那一?天|当天)(?:刚好|正好|恰好|又)?(?:就?是)?(?:周|星期|礼拜)[一二三四五六日天](?!的)|当[天日]去当[天日]回|当[天日](?:往返|来回)|(?:scored?|gpa(?: is| of)?|costs?|paid|weighs?) ?\d+\.\d+|wait(?:ing|ed) (?:for )?\w+ (?:days?|weeks?|months?|hours?)",
    rf"(?:最近|近|过去|之前|这){N}个?多?(?:天|周|星期|礼拜|月)(?:以?来|都|一直|总|老是?|里|内)",
    rf"(?:路程|路上|坐车|车程|单程|开车|火车|高铁|飞机)(?:就?是?|需?要|得|大概|坐|开)*{N}个?半?(?:多个?)?(?:天|小时|钟头)(?!后)",
    r"(?:train|flight|bus|drive|trip|journey|it)(?: ride)? takes? (?:about |around )?\w+ (?:hours?|days?)",
    r"how are you today|[一二三四两]点水",
    r"(?:体温|发烧|发热|高烧|低烧|烧)(?:到了?|是|有|都)?,?(?:3[5-9]|4[0-2])(?:\.\d+|度\d?|(?!\d))|(?:^|(?<=,))[1-9][.、)](?=[\u4e00-\u9fff]{2,6}[:是为])",
    rf"(?:这个?月|本月|上个?月|{N}月份?)的?(?=奖学金|助学金|饭卡|补助|补贴|生活费|工资|[水电网话房]费|账单|流量|房租|住宿费)",
    # Questions of how long something takes, and rules of how often.
    r"(?<!请)(?:需?要|得|大概)?(?:几|多少)个?(?:天|周|星期|小时|工作日)(?:才|就|左右|之?内)?(?:能|可以|会|才)(?![请回走去离])",
    r"一(?:天|周|个?星期|个月|学期|年)(?:之?内)?(?:最多|至多|可以|能|只能|限)(?=.{0,3}几)|最多(?:可以|能)?请?(?:几|多少)天",
)
_LOOK_ALIKE = re.compile("|".join(LOOK_ALIKES))
# A 周X that these verbs end is a weekday and somebody to see, no surname: 周三找老师.
_VERB = re.compile(r"[找问见约和跟给请去向陪让被]$")
_NAMED = re.compile(r"周[一天]?[\u4e00-\u9fff]$")


def blank(plain: str) -> str:
    """The words with every look-alike replaced by as many marks that no pattern matches."""

    def cover(match: re.Match[str]) -> str:
        words = match.group()
        if _NAMED.fullmatch(words) and (_VERB.search(words) or words[1:] in set("一二三四五六日天末")):
            return words
        return "\x00" * len(words)

    return _LOOK_ALIKE.sub(cover, plain)
