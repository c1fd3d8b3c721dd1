"""The Chinese shapes of clocks, parts of the day and lessons, in the order in which they are tried."""

from __future__ import annotations

from handlers.understand.times import makers as make
from handlers.understand.times import makers_lengths as lengths
from handlers.understand.times.shapes import CN, FREE, NO_COUNT, NUM, PART_WORDS, TO
from handlers.understand.times.tokens import Pattern, make_word

CLOCKS: tuple[Pattern, ...] = (
    (
        rf"[早晚](?:\d{{1,2}}|[{CN}]{{1,2}})[到至\-~]?[早晚](?:\d{{1,2}}|[{CN}]{{1,2}})(?![点:\d{CN}])",
        make_word("fuzzy"),
    ),
    (r"(?<!不[上了])早自习|早读|晨读|早操|早中晚|早午晚|一早一晚|早晚(?=都|各)", make_word("fuzzy")),
    (r"除(?![夕了草湿非])(?=[^,。]{1,10}外)", make_word("vague")),
    (rf"(一(?:整?个)?|半个)?(?:整个?)?({PART_WORDS})", make.make_part),
    (
        r"(?:(?<=[一二三四五六日天末号)当])|(?<=[今明后]儿)|(?<=[日天号一二三四五六]的)|(?<=[到至\-~])(?=[早晚](?:$|[请,。不走回的可行好吗吧谢]))|(?<=[./\-月]\d)|(?<=[./\-月]\d\d)|(?<=天后))([早晚])(?![点了些餐饭课退交会自读操]|到(?=[了校学宿教场岗家会,。 ]|$|半|几|\d{1,2}分|[二三四五]?十?[一二三四五六七八九]?分)|八(?!点))",
        make.make_part,
    ),
    (r"(?:(?<=走)|(?<=走,))(晚)(?=[回返])", make.make_part),  # 早上走，晚回来
    (rf"([早晚])(?=\d{{1,2}}[点:]|\d{{1,2}}{TO}\d{{1,2}}点|[{CN}]{{1,3}}点)", make.make_part),
    (rf"{FREE}{NUM}月(?=[号日])", make_word("fuzzy")),  # 6月号: a number was left out
    (
        r"午休|课间|课后|(?<=\d,)\d{1,2}(?=$|[请的。])|天[亮黑][之以]?[前后]|除了|除外|除去|刨去|不包[括含]|不含|不计|不算|[以之]外|(?:考(?=[前后][,。请想再就要回走我])|开学|放假|考试周?|期末周?|答辩|毕业|[寒暑]假|军训)[之以]?[前后](?![来天])|[早晚]些时候|(?:放学|下课|[早午晚]?饭)[之以]?[前后](?![天来])",
        make_word("vague"),
    ),
    (r"晚自习(?:结束|下课|放学|下了|之?后|之?前)", make_word("vague")),
    (r"(?<![点分半刻钟])(?<![:点]\d\d)晚自习", make.make_session),
    (rf"差({NUM}|一刻)(?:分钟?)?到?({NUM})点", make.make_quarter_to),
    (rf"({NUM})点钟?[差欠]({NUM}|一刻)分?(?!钟)", lambda groups: make.make_quarter_to(groups[::-1])),
    (
        (
            rf"{FREE}(?:^(?=一点$)|(?<=[午晨晚早天日号从到至\-~,在里夜于是一二三四五六末])|(?!一点(?![半钟整到至\-~前之左\d{CN}])))"
            rf"({NUM})(?:来?点钟?(?![一二三四五六七八九](?![十刻点分个位名节号月日人天小层楼班次两到至直会起])|\d(?=[能,。]))|时(?![间候长常]|不时))(?:过(?={NUM}分|[一二三]刻))?"
            rf"(?:(半)|([一二三1-3])刻钟?|([零〇][一二三四五六七八九\d]|[二三四五]?十(?:[一二三四五六七八九](?!直[到至]))?|\d{{1,2}}(?!\d)){NO_COUNT}分?"
            rf"|({NUM})分(?!钟)|整)?(?:多(?!少)|来钟)?"
        ),
        lambda groups: make.make_clock((groups[0], groups[1], groups[2], groups[3] or groups[4])),
    ),
    (r"(?<![\d.])(?<!\d:)(\d{1,2}) ?: ?(\d{2})(?::\d{2})?(?![\d:]) ?(?:([ap])\.?m(?![a-z\d])\.?)?", make.make_colon),
    (
        rf"(?<=[天午晚早上])([一二三四五六七八九十两]{{1,3}}):()()([零〇二三四五]?十?[一二三四五六七八九]?)(?=$|[^{CN}])",
        make.make_clock,
    ),
    (r"(?<=[天午晚早])(?:[01]\d|2[0-3])[0-5]\d(?![\d年])", make_word("vague")),
    (r"(?<=[早晚])[一二三四五六七八九十]{1,2}到[早晚][一二三四五六七八九十]{1,2}(?!点)", make_word("fuzzy")),
    (r"早八(?!点)", lengths.make_early_class),
    (r"(?:前|后|最后)(?:[一两二三四几\d]节)课?|(?<!第)[两几二三四]节课", make_word("fuzzy")),
    # 2节课 says how many, and not which.
    (
        rf"(?<![第有\d.、\-~到至和{CN}])(?:[1-9]|1[02]|[{CN}]|十[{CN}]?)个?[大小]?节(?:[^,。\d第请]{0, 4}课|(?=的?课|[假,。可行吗吧好谢]|$))",
        make_word("fuzzy"),
    ),
    (
        rf"(第)?({NUM}|[一二三四五六七八九]{{2,8}})(?:[、,\-~到至和]第?({NUM}))?(大)?节(?![日目约省假气奏])课?",
        lengths.make_lessons,
    ),
)
