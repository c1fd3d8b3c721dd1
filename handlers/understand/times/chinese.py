"""The Chinese shapes of time, in the order in which they are tried."""

from __future__ import annotations

from handlers.understand.times import makers as make
from handlers.understand.times import makers_lengths as lengths
from handlers.understand.times.chinese_clocks import CLOCKS
from handlers.understand.times.festivals import NAMES
from handlers.understand.times.shapes import (
    AMOUNT,
    BESIDE,
    BESIDE_DAY,
    CN,
    EDGE,
    FESTIVALS,
    FREE,
    LENGTH,
    NUM,
    PART,
    SIDE,
    TERMS,
    TO,
    UNIT,
    WEEK,
)
from handlers.understand.times.tokens import Pattern, make_word

DAYS: tuple[Pattern, ...] = (
    (r"(?<=[日号末一二三四五六])这([两二三四五六七])()(天)()", lengths.make_length),  # 周六周日这两天
    # 一两点, 十二三号, 二三十号 and 十二十三号 come near a number.
    (
        r"(?:十?(?:一[两二]|[两二]三|三四|四五|五六|六七|七八|八九)|[一二][两二三]十|十[一二三四五六七八九]十[一二三四五六七八九]?)[点号日](?!楼)",
        make_word("fuzzy"),
    ),
    (rf"(?:(?<=[请假休])-|负){AMOUNT}个?半?(?:天|周|星期|小时|月)", make_word("fuzzy")),  # 请-1天 is no length.
    (r"(?<=[一二三四五六日天号午])(?:下课|放学)(?=就?[走离回,到至\-~]|$|出发|开始|起)", make_word("vague")),
    (r"(?:马上|立刻|立即|即刻|这就)[就要得]?(?=走|离校|出发|回家|动身|离开|出校|出门|出去|请)", make_word("now")),
    # 再下周一 may be the week after next, or "then next Monday"; of 下下下下周 nobody knows how many were meant.
    (rf"(?:(?:再|大)下{{1,3}}|下{{4,}}|上{{4,}})个?(?:{WEEK}[一二三四五六日天末]?|月)", make_word("fuzzy")),
    (rf"(?:[上下]个?(?:{WEEK}|月)|[明去前后今]年|[昨明]天)的?[今明昨]天", make_word("fuzzy")),
    (
        (
            rf"(?:(?:([今明后去])年|(?<!\d)(20\d\d)年)?(?:(?<![{CN}\d])|(?<=年))"
            rf"(?:(上上上|下下下|上上|下下|上|下|这|本|当)个?|(1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九]))月)份?[底末]?[的里]?的?(最后|第)一天"
        ),
        make.make_month_end,
    ),
    (
        rf"(?:([上这本下])个?|({NUM}))月份?的?(第[一二三四]|最后一?)个?{WEEK}([一二三四五六日天])",
        make.make_nth_weekday,
    ),
    (rf"整个({NUM})月份?|(?<![{CN}\d])({NUM})月份?(?:请个?假?)?(?:一?整个?月|全月)", make.make_whole_month),
    # Beside each other they are days: 20260618到20260620.
    (r"(?<!\d)(20\d\d)(\d\d)(\d\d)(?=[到至\-~]20\d{6}(?!\d))", make.make_full),
    (r"(?<=20\d\d[01]\d[0-3]\d[到至\-~])(20\d\d)(\d\d)(\d\d)(?!\d)", make.make_full),
    (r"(?<!\d)(20\d\d)(\d\d)(\d\d)(?=[上下中]午|[早晚]上|凌晨)", make.make_full),
    (r"(?<!\d)(20\d\d)(\d\d)(\d\d)(?!\d)", make.make_digits),
    (r"(?<![\d.])(2[4-9]|3[0-5])[-/.](\d{1,2})[-/.](\d{1,2})(?![\d.])[日号]?", make.make_full),
    (r"(?<![\d.])(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)(?:[日号]|t(?=\d\d:))?", make.make_full),
    (r"(?<![\d.])(\d{1,2})[-/.](\d{1,2})[-/.](20\d\d)(?!\d|[-/.]\d)", make.make_year_last),
    (rf"(?<!\d)(\d{{4}}|\d{{2}}|[{CN}]{{4}})年({NUM})月份?({NUM})(?!个)[日号]?", make.make_full),
    (rf"(?<!\d)(\d{{4}}|[{CN}]{{4}})年({NUM})月份?", make.make_month),
    (rf"[二两2]千[零〇]?(\d{{2}}|[{CN}]{{1,3}})年({NUM})月份?({NUM})(?!个)[日号]?", make.make_full),
    (rf"([今明后去来次]|下一|隔)年的?({NUM})月份?({NUM})(?!个)[日号]?", make.make_said_year),
    # Feasts of the moon's year, or days of the sun's: 三月三, 八月十五.
    (rf"(?<![{CN}年])(?:三月三|五月初?五|七月(?:七|半)|八月十五|九月九|二月二)(?![号日十到至\-~])", make_word("fuzzy")),
    (rf"{FREE}({NUM})月份?月?{EDGE}", make.make_edge),
    (rf"{FREE}({NUM})月份?({NUM})(?:[日号]|(?![\d点时天个周:岁人元块名次年小.]))", make.make_month_day),
    (rf"(上上上|下下下|上上|下下|上|下|这|本|当)个?月(?:的|份)?({NUM})[日号]", make.make_relative_month),
    (rf"(?:(上|下|这|本)个?(?:月的?(?=月))?)?月{EDGE}", make.make_relative_edge),
    (r"(?<!晚)(?<!早)(上上上|下下下|上上|下下|上|下|这|本)个?月", make.make_relative_month),
    (rf"{FREE}({NUM})月(?:份|(?=请|回|离|要|想|起|开始|[到至\-~]{NUM}月|[^\d]{{0,3}}节|$))", make.make_month),
    (r"(?<![\d.])\d{1,2}\.\d{2} ?[ap]m(?![a-z])", make_word("fuzzy")),  # a day or a clock
    # The day before the month, as written abroad: 18/6到20/6. Alone it may be a share.
    (
        r"(?<![\d./])(1[3-9]|2\d|3[01])/(0?[1-9]|1[0-2])(?=[到至\-~](?:1[3-9]|2\d|3[01])/(?:0?[1-9]|1[0-2])(?![\d./]))",
        make.make_day_month,
    ),
    (r"(?<=\d/\d[到至\-~])(1[3-9]|2\d|3[01])/(0?[1-9]|1[0-2])(?![\d./])", make.make_day_month),
    (
        r"(?<![\d./:])(?:1[3-9]|2\d|3[01])(?:/(?:0?[1-9]|1[0-2])(?=[请回走])|(?:\.(?:1\d|2\d|3[01]))+[号日])",
        make_word("fuzzy"),
    ),  # 15.16号
    (r"(?<![\d./])(?<!\d:)(\d{1,2})([./])(\d{1,2})(?![\d./:%个天小周])[日号]?", make.make_dotted),
    (r"(?<!\d)\d{1,2}\.\d{1,2}/\d{1,2}\.\d{1,2}(?![\d.])", make_word("fuzzy")),  # 6.12/6.13: or, and, or up to
    (rf"{FREE}({NUM})月份?[的里]({NUM})[号日]", make.make_month_day),
    (r"一天\x00\x00|昨今明|今明后|饭点|[早中午晚]饭(?:时间|的时候|时候|期间)", make_word("fuzzy")),
    # 6,12 may be written for 6.12, or be two numbers.
    (r"(?<![\d,.])(?:1[0-2]|[1-9])[,。](?:1\d|2\d|3[01])(?=[请到至\-~]|$)", make_word("fuzzy")),
    (rf"(?:(?<=[起共请假休])|(?<=[为假]期))(?:([{CN}]{{1,3}})|半)()(日)()(?=$|[,。的)假])", lengths.make_length),
    (
        rf"(?<![\d\-/.:])(\d{{1,2}})-(\d{{1,2}})(?=(?:[、,和及]{SIDE}{WEEK}[一二三四五六日天](?:的?第?))\d{{1,2}}-\d{{1,2}}节)",
        lambda groups: lengths.make_lessons(("第", groups[0], groups[1], None)),
    ),  # 周一3-4，周三5-6节
    # Beside each other they are days: 6-18到6-20.
    (
        r"(?<![\d\-/.:])(1[0-2]|[1-9])-([12]\d|3[01]|[1-9])(?=[到至~](?:1[0-2]|[1-9])-\d{1,2}(?![\d\-节]))",
        make.make_month_day,
    ),
    (r"(?:(?<=\d-\d[到至~])|(?<=\d-\d\d[到至~]))(1[0-2]|[1-9])-([12]\d|3[01]|[1-9])(?![\d\-节])", make.make_month_day),
    (r"(?<![\d\-/.:])(1[3-9]|2\d|3[01])(?=-\d{1,2}这?[两二三四五六七]天(?!气))", make.make_bare),  # 15-17三天
    (
        r"(?<![\d\-/.])(?<!\d:)(\d{1,2})-(\d{1,2})(?![\d\-/.:]|[号日点月时节天个周小句人次层门本张份遍岁位页题章栋])",
        make.make_dashed,
    ),
    (
        rf"{FREE}(\d{{1,2}})(?=(?:(?:{TO}|[、,和或与跟及 ]){{1,2}}\d{{1,2}}){{1,6}}(?:[号点]|日(?!游)|时(?!间)|这?[两二三四五六七]天(?!气)))",
        make.make_bare,
    ),
    (
        rf"{FREE}([{CN}]{{1,3}})(?=(?:(?:{TO}|[、和或与跟及])[{CN}]{{1,3}}){{1,6}}(?:[号点]|日(?!游)|时(?!间)))",
        make.make_bare,
    ),
    (rf"{FREE}({NUM})(?:号|(?<=\d)日(?![游常内])|(?<=[{CN}到至~、和\-][{CN}])日(?![游常内]))", make.make_dom),
    (r"(?<=\d[、,\-~到至和 ])(\d{1,2})(?=这?[两二三四五六七]天(?!气))", make.make_dom),  # 15、16两天
    # 12走15回: a going and a coming back whose numbers can only be days.
    (rf"{FREE}(\d{{1,2}})(?=走,?(?:\d{{1,2}})[号日]?[回返])", make.make_dom),
    (r"(?:(?<=[\d号日]走)|(?<=[\d号日]走,))(\d{1,2})(?=[回返])", make.make_dom),
    # 六日 alone may be a length or a weekend; beside another day, or a part of it, it is one.
    (
        (
            rf"{FREE}([{CN}]{{1,3}})日(?=(?:{TO}|[、和跟及与,])(?:[{CN}]{{1,3}}|\d{{1,2}})[日号]"
            rf"|(?:一?直?{TO})(?:\d|[这本下]|{WEEK}|[明后大])|起|一?早|[上中下]午|晚|凌晨|傍晚|\d{{1,2}}[:点])"
        ),
        make.make_dom,
    ),
    (rf"(?<=[从自])([{CN}]{{1,3}})日", make.make_dom),
    # The end of days off that no festival named, as in 节后第一天, is in a notice of the year.
    (rf"(?:过?节|收假|长假|假期(?:结束)?)之?[前后](?:的?第?{NUM}[天日]|(?=[再就才]?[回返走来]))", make_word("fuzzy")),
    (
        rf"[{CN}百]{{1,3}}[千万][{CN}千百]{{0,6}}个?(?:天(?!气)|周(?![一二三四五六日天末年岁边围刊长转])|小时|月)",
        make_word("fuzzy"),
    ),
    (
        rf"{SIDE}{WEEK}(?:[七八九〇零十][一二]?|[089])(?![点号月日节个:.时天年{CN}\d]|[到至~\-](?!周|星期|礼拜))",
        make.make_no_day,
    ),
    (r"前一[天晚日]|前夜|头一?天(?=[晚走去回出请])", make_word("fuzzy")),
    (
        rf"(?:开学|放假|考试|期末|答辩|毕业|[寒暑]假|军训)[之以]?的?[前后]的?(?:第|最后)?{AMOUNT}个?(?:天|周|星期|礼拜)",
        make_word("fuzzy"),
    ),
    (rf"提前(?:{AMOUNT}个?|半个?)(?:天|周|星期|小时|晚)", make_word("fuzzy")),  # 姐姐后天结婚，提前一天回去
    (rf"(?<=[周期拜][一二三四五六日天])上{WEEK}[一二三四五六日天](?=的)", make_word("fuzzy")),  # 周六上周三的课
    (rf"(?:调休|补班|补课|串休)的?[那这]?个?(?:{WEEK}[一二三四五六日天末]|天|日)", make_word("fuzzy")),
    (rf"{SIDE}{WEEK}[一二三四五六](?:或者?|还是|/)[一二三四五六日天](?![点{CN}])", make_word("fuzzy")),  # 周一或二
    (rf"{SIDE}{WEEK}的?{WEEK}([一二三四五六日天末])", make.make_weekday),
    (rf"{SIDE}{WEEK}([一二三四五六1-6]){TO}([二三四五六日天2-7])(?![点号日月时节个人:./\d{CN}])", make.make_weekdays),
    (rf"{SIDE}{WEEK}([一二三四五六](?:[、和][一二三四五六日])+)(?![点号月个时{CN}])", make.make_weekday),
    (
        rf"{SIDE}{WEEK}((?=[一二三四五六][二三四五六日])一?二?三?四?五?六?日?)(?![点号月节个时:语本文报]|[{CN}](?!天))",
        make.make_weekday,
    ),
    (
        rf"{SIDE}{WEEK}([一二三四五六天末](?!周(?![一二三四五六日天末])|整个?(?:周|星期|礼拜))|日(?![本语文报])|[1-7](?![\d.:个天点号]))",
        make.make_weekday,
    ),
    (
        rf"(?:{SIDE}{WEEK}|(?<=[到至\-~、和或]))(mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday|s|rs)?(?![a-z])",
        lambda groups: make.make_weekday(
            (groups[0], "一二三四五六日"["montuewedthufrisatsun".index(groups[1] or "") // 3])
        ),
    ),  # 下周mon
    (
        rf"(上上上|下下下|上上|下下|(?<![马网线路身])上|(?<!(?<![周期拜])一)下|这一?|本)个?{WEEK}(?:一整?周|一个?星期)?(?![围边内记]|的?[前后头][两三四]天)",
        make.make_week,
    ),
    (rf"{SIDE}双休日?", lambda groups: make.make_weekday((groups[0], "末"))),
    (rf"(?:[这本下]个?|当)?{WEEK}[之以]?内|[这本下当]个?月[之以]?内|\d{{4,}}天", make_word("fuzzy")),
    (
        rf"{SIDE}(?<![礼崇朝跪叩祭参结团答回求星膜])拜([一二三四五六])(?![下个位次叩九]|拜(?![二三四五六]))",
        make.make_weekday,
    ),
    (r"(今明|明后|昨今)(?:[两二]?[天日])?", make.make_offsets),
    (r"[赶改]明儿?个?|(?<!晌)[后下]晌|下晚儿?", make_word("fuzzy")),
    # 以前, 以后 and 目前 are other words, while 所以前天 and 可以后天 are not.
    (r"(大{1,4}前|(?<![之目大])(?<!(?<![所可])以)前|昨|今|明)(?:天|日|儿个?)", make.make_offset),
    (r"(大{1,4}后|(?<![之然今大])(?<!(?<![所可])以)后)(?:天|日|儿个|儿(?!子))(?!性)", make.make_offset),
    # 明个上午 is spoken for 明天上午; 说明个 and 前个星期 are other words.
    (rf"(?<![说证声发表申阐标注聪文透光小])(昨|今|明)个儿?(?!{UNIT})", make.make_offset),
    (rf"(?<![以之目最然今先午随从])(大{{0,4}}[前后])个儿?(?={BESIDE_DAY}|{NUM}点)", make.make_offset),
    (
        rf"(?:([明后])朝|([听寻琴])日(?![语本剧文元])|([昨寻])日子)(?=的?(?:{BESIDE_DAY}))",
        make.make_dialect,
    ),
    # 后晚 stands at the head or behind a joint: 课后晚上 and 然后早上 are other words.
    (r"(大{1,4}后|(?:^|(?<=[到至\-~,。、和从间])|(?<=[明今]晚))后)([早晚])上?(?![点餐饭期])", make.make_offset),
    (r"([昨今明])([早晚夜])[上里间]?(?![点餐饭])", make.make_offset),
    (r"(?<![说证声发表申阐标注聪文透光鲜黎])([昨今明])(上午|下午|中午|凌晨|傍晚)", make.make_offset),
    (r"(?<![以之目])(前)(晚)上?(?![点餐饭])", make.make_offset),
    (r"(今|即)日(?=起)", lambda groups: make.make_offset(("今", None))),
    (r"(?:当天|同一天|同日|当日|当(?=晚))", lambda groups: make.make_same((None,))),
    (r"(第二天|次日|隔天|翌日)", make.make_same),
    (rf"正月初[一二三四五六七八九十](?=[到至\-~](?!初|正月|大年)[{CN}]{{1,3}}(?![月号日点]))", make_word("fuzzy")),
    (r"(?:大年|正月|年)初([一二三四五六七八九十])", make.make_new_year),
    (
        r"(?:(?<=[到至\-~])|(?<![月年当最起])(?=初[一二三四五六七八九十](?:[到至\-~]|请|回|走)))初([一二三四五六七八九十])(?![中高级年班部学生物化数语英期步])",
        make.make_bare_new_year,
    ),
    (
        rf"(?:腊月|冬月|农历|阴历|正月(?!初))(?:[{CN}\d]{{1,3}}月)?[初廿]?[{CN}\d]{{0,3}}日?|冬至|腊八|年[底末初]|工作日|(?:{TERMS})(?=那[天日]|当[天日]|节气|前|后|请|回)",
        make_word("fuzzy"),
    ),
    (
        rf"(?<=[日号天末一二三四五六庆旦节秋午明夕宵诞阳])的?(?:[前后]的?{NUM}(?:天|周|个?星期|个月)|前后(?![排面门]))",
        make_word("fuzzy"),
    ),
    (
        rf"(?:(?<!是)最后|末|头)(?:的)?{NUM}天|(?:最后|头)一?个?(?:周|星期|礼拜)(?![一二三四五六日天末])|[上下这本]个?{WEEK}的?[前后头][两三四]天|(?<=[和及、与跟或者到至是])[前后]的?[一两三]天|一节(?:晚自习|[^,。\d第]{{0,4}}课)|(?<![周期拜\d月])(?:[二两三四五六七]|\d)个(?:上午|下午|早上|中午)|(?<![周期拜\d月])(?:[二两三四五六七]|\d)个?晚(?:上|(?![上点自会饭餐\d一二三四五六七八九十]))|(?:第[一二三四五]|最后一?|[两二三四五几](?=个))个?的?{WEEK}[一二三四五六日天末]",
        make_word("fuzzy"),
    ),
    (rf"(?:{FESTIVALS})节?[前后]天", make_word("fuzzy")),  # 端午后天: a word was left out, or a comma
    (rf"(?:([今明去])年的?)?({FESTIVALS}){BESIDE}", make.make_festival),
    (
        (
            rf"(?<![{CN}周双第])(五一|六一|十一)(?![月点号个班{CN}楼栋层岁次周星小:日年广路食人名级块元块位时])"
            rf"(?=节(?:日|假|放|前|后|当|那|回|请|期|$)|[1-9][号日]|假|放|期间|长假|小长假|回|去|请|想|要|前|后|出|当|那|到|至|-|$|,|。){BESIDE}"
        ),
        lambda groups: make.make_festival((None, *groups)),
    ),
)

OTHERS: tuple[Pattern, ...] = (
    (rf"{LENGTH}(?:之|以)?(后(?![天日儿])|(?<!请)前(?![往去面台天])|内)", lengths.make_later),
    (
        rf"(?:再|要)?(?<![请休去来住病回超走做待歇])过(?!两)({AMOUNT})个?()(天|周|星期|小时|钟头|分钟)()",
        lengths.make_later,
    ),
    (r"(?:再|要)?过(?:两天|两日)", make.make_about_offset),
    (
        r"那一个?(?:周|星期|礼拜)(?![一二三四五六日天])|(?:这[两几些三]天|[前这][两几][天日]|过[几些]天|改天|改日|过阵子|过段时间|好?几天后|接下来几天|未来几天)|第(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:教学)?周(?:的?(?:周|星期)?[一二三四五六日天])?",
        lengths.make_few_days,
    ),
    (r"(?<![\d.a-z])\d{1,2}[dh](?![a-z\d])", make_word("fuzzy")),  # 3d
    (r"(?:一整天|整天|全天|整日|一整日)", make_word("allday")),
    (
        rf"(?:([一两二三四五六七八九][两二三四五六七八九])|几(?!月)|十来|好几|数|个把)个?(?:天(?!气)|小时|钟头|{WEEK}|月|分钟)",
        lengths.make_few,
    ),
    (r"[十三五]天半个?月|一年半载|[一三]年[两五]年", make_word("fuzzy")),
    (rf"{FREE}{NUM}个?(?:周|星期|礼拜)[的里内]的?每?个?{WEEK}([一二三四五六日天])", make.make_recurring),  # 两周的周二
    (
        rf"{FREE}{NUM}(?:[、,和到至~\-]第?{NUM}){{1,4}}(?:教学)?周(?![一二三四五六日天末岁])",
        make_word("fuzzy"),
    ),  # 17、18周
    (rf"{FREE}{NUM}{TO}{NUM}个?(?:天(?!气)|小时|钟头|周(?![一二三四五六日天末])|分钟)", make_word("fuzzy")),
    (rf"{LENGTH}(?:时间)?", lengths.make_length),
    (rf"(?:(?<=[请休起始])|(?<=[请休病事]假))(半|[一二两三1-3])年(半)?(?![{CN}\d级前后内多底初])", lengths.make_years),
    (rf"(?<=[\-~到至、和])([{CN}]{{1,3}}|\d{{1,2}})(?=$|[ ,。)请的可行吗吧好谢]|{PART})", make.make_bare),
    (r"(?<=[\-~到至])(\d{1,2})(?![\d.:/点时号月日天节年栋楼个人\-%a-z])", make.make_bare),
    (
        rf"[单双隔]周(?=[周星礼的请一二三四五六日])|(?<![周期拜第\d])(?:一三五?|二四六?)(?=[上下]午|晚上|请|的课)|[每逢]个?{WEEK}(?:([一二三四五六日天](?![一二三四五六日、和]))|[一二三四五六日天末])?|每[天晚早月日](?!健康|打卡|填报|体温)|每个?(?:月|学期)|天天|每隔",
        make.make_recurring,
    ),
    (
        r"现在(?!(?:想|要|得|需要|打算|希望)?(?:改|延|推|提前|变|换|续|晚|早)|在|是|还|身|情|发|人|已|没|有|正|感|很|特|头|肚|胃|浑|高|烧|住|医|才|不|[来要想]?补)|此刻|这会儿",
        make_word("now"),
    ),
    (
        r"(?:一直|直)?(?<![收看听想遇迟得没提拿达感报找碰签见买抢轮赶])(?<!\x00)[到至](?!底|少|于|的[,。])|-{1,3}>?|~{1,3}",
        make_word("to"),
    ),
    (r"从|自(?![己习然动行])|打从", make_word("from")),
    (r"开始|算?起(?![床来诉码飞点])", make_word("since")),
    (r"最[快早](?!的)|不超过", make_word("fuzzy")),
    (r"之前|(?<![所可])以前|前(?![往去面台天后两几])", make_word("before")),
    (r"最晚|最迟|不晚于|不迟于|(?<![号日点天])截止到?", make_word("latest")),
    (r"之后|(?<![所可])以后|过后|(?<![然今最])后(?![天来面悔台])", make_word("after")),
    (
        r"以及|还有|加上?(?=[这下本]个?[周星礼]|[周星礼后]|明天|\d{1,2}[号日.月])|[和跟与及、]|\+(?!\d{3})",
        make_word("and"),
    ),
    (r"或者?|还是", make_word("or")),
)
CHINESE = (*DAYS, *OTHERS[:5], *CLOCKS, *OTHERS[5:])
# Characters that any of the above begins with, and those that are too common on their own, with what stands behind them.
FIRST = f"负百0-9{CN}俩仨廿卅今明后前昨大上下这本当月周星礼第次隔翌半再过整全几数每现此马立即到至\\-~从自起刨之以最截和跟与及还、或未接直差早腊冬农阴正最末头初晚即中午凌清傍黄夜深串晨双除"
FIRST += "+晌加逢饭"
FIRST += "".join(sorted({name[0] for name in NAMES if name[0] not in "教建妇儿青劳护母父感"}))
RARE = (
    "那一[周个星礼]|来年|个把|拜[一二三四五六]|寒假|暑假|军训|听[日朝]|寻[日朝]|琴日|毕业|赶明|改明|的[前后]|算起|不[超晚迟包含计算]|去年|要过|课[间后]|好几|考试|期末|改[天日]|补[班课]|饭[之以前后]|天[亮黑天]|年[初底末]|开[学始]|教师|建[党军]|妇女|儿童|青年|劳动|护士"
    "|工作日|母亲节|父亲节|感恩节|小暑|处暑|白露|寒露|霜降|惊蛰|谷雨|芒种|夏至|同[一日]|单周|调休|提前|放[假学]|读[前后]?|答辩|打从|节之?[前后]|收假|假期[前后结之]"
)
