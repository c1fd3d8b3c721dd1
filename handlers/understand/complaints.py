"""Whom of staff words complain of: names, surnames with titles and roles, and whether they are spoken to or spoken of.

A name alone is no complaint: 「韩老师您好，我想请假」 speaks to her, 「已经跟韩老师说过」 of her help. Where a complaint and a
name stand apart, or the words may be a mere question of hers (「韩老师没批」), both readings remain, and the student is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

from handlers.understand import offices
from handlers.understand.accused import Mention, Named, find_mentions

Says = Literal["about", "maybe", "to", ""]

_NOT: Final = re.compile(r"(?:不是|没有|并非|并不|不想|不要|不打算|没打算|没想|不会|别)(?:是|要|想|去|在|来)*$")
_VERB: Final = re.compile(
    r"投诉|举报|检举|控告|控诉|状告|揭发|告发|抗议|吐槽|差评|告(?![诉知别假白一])|\b(?:complain(?:t|ts|ing|ed|s)?|report(?:ing|ed|s)?|accus(?:e|ed|ing)|denounce)\b",
    re.IGNORECASE,
)
_WEAK_VERB: Final = re.compile(r"(?:反映|反馈|反应|批评)(?:一下|下)?$")
# What may stand between a complaint and whom it is about.
_BETWEEN: Final = re.compile(
    r"(?:一下|下|的|是|就是|我们?|咱们?|本|自己|这个|那个|这位|那位|某|名|叫|姓|负责|现任|学院|学校|院|系|班级?|里|辅导员|导员|班主任|老师|宿管"
    r"|[\s:：「“\"'‘《(（、]|about|against|on|of|my|our|the|a|teacher|counsell?or|secretary)*",
    re.IGNORECASE,
)
# Of the speaker's own school, up to whoever is named behind it.
_OURS: Final = r"(?:我们?|咱们?)?(?:的)?(?:学院|院|系|班)?(?:的)?(?:辅导员|导员|班主任|老师)?$"
_TO: Final = re.compile(
    r"(?:向|跟|和|与|同|找|请|问|告诉|联系|通过|托|转告|转给|发给|交给|报给|给|替|帮|陪|多亏)(?:了|过|一下)?"
    + _OURS
    + r"|\bdear\s+(?:my|our)?\s*$"
    r"|\b(?:talk|speak|spoke|spoken|said|say|wr[io]te|written|complain|report|told|tell|ask|contact|e?-?mail|mention)(?:e?d|ing)?\b(?:.{0,30}\b(?:to|with))?\s*(?:my|our)?\s*$",
    re.IGNORECASE,
)
# What is done to somebody to whom it is told; anything else that is done to or with somebody may be the very complaint.
_TELLS: Final = re.compile(
    r"\s*(?:都|也|已经|一起|那里|那边|去|来|昨天|今天|上次)*(?:$|了|过|[，,。！!？?；;\n]|说|讲|反映|反应|反馈|谈|沟通|汇报|报告|提|聊|投诉|举报|检举|商量|请示|打过?电话|发过?|写过?信|求助|申诉|打过?招呼|联系|交流|问"
    r"|咨询|帮|看|处理|解决|知道|转|约|见|that\b|about\b|how\b|why\b|yesterday|already|last\b|today|before|and\b|but\b|\.)",
    re.IGNORECASE,
)
_THANKS: Final = re.compile(
    r"(?:感谢|谢谢|多谢|表扬|夸|夸奖|点赞|祝|祝福|麻烦|辛苦|thank(?:s|ful)?(?: to)?|praise)\s*(?:一下|我们?的?|my|our)?\s*$",
    re.IGNORECASE,
)
_AGAINST: Final = re.compile(r"(?:对|针对|关于)" + _OURS)
_DISLIKE: Final = re.compile(r"^.{0,14}?(?:不满|有意见|意见很大|失望|有看法|的投诉|的意见|的做法|的态度|不公)")
# 「好凶」, 「好难」: no praise and no greeting.
_HARD: Final = "凶|过分|偏|坏|差|恶|烦|讨厌|严|狠|不|难|会骂|像"
_GOOD: Final = re.compile(
    r"^(?:一直|平时|总是|人|也|都)?(?:很|真|特别|非常|挺|太)?(?:好(?!意思|"
    + _HARD
    + r")|负责|耐心|热心|辛苦|帮|推荐|建议|同意了|批了|已经批|is (?:very )?(?:kind|nice|helpful)|helped)"
)
_PLACE: Final = re.compile(
    r"^(?:今天|现在|还)?(?:的)?(?:在吗|在么|在不在|办公室|办公楼|电话|邮箱|微信|班里?的|班上的|课上的|'s (?:office|class))"
)
_HARSH: Final = (
    r"不让|不准|不许|不允许|不肯|拒绝|拒不|辱骂|谩骂|骂|打人|打我|打了(?!电话|招呼|针|卡|个)|殴打|体罚|羞辱|侮辱|嘲笑|讽刺|歧视|性?骚扰|猥亵|威胁|恐吓"
    r"|刁难|为难|针对|冤枉|诬陷|陷害|乱收费|乱罚|收(?:了)?(?:我|我们|学生)?(?:的)?(?:钱|礼|红包)|索要|索贿|受贿|贪污|要钱|推诿|推卸|敷衍|不负责|不作为|失职|渎职"
    r"|态度.{0,3}(?:差|恶劣|不好|蛮横|凶)|偏心|偏袒|不公平|不公正|不公|打压|报复|pua|泄露|克扣|逼(?:我|迫|着)|强迫|强制|挪用|私吞|吼|滥用|徇私|造假|撒谎|骗"
    r"|冷暴力|送礼|送(?:了)?(?:钱|红包|购物卡)|被迫|行贿|好处费|回扣|包庇|袒护|指使|唆使|纵容|默许|串通|勾结|合伙|改成绩|吃拿卡要|黑箱|以权|孤立|排挤|阴阳怪气|穿小鞋|动手|推我|摸我|没收|won'?t let|will not let|doesn'?t let|does not let|didn'?t let|refuse[sd]?|shout(?:s|ed)?"
    r"|yell(?:s|ed)?|insult(?:s|ed)?|harass\w*|brib\w+|took (?:our|my) money|steal\w*|stole|cheat\w*|threaten(?:s|ed)?|bull(?:ies|ied)|humiliat\w+|discriminat\w+|is (?:very |so )?rude|was (?:very |so )?rude"
)  # fmt: skip
_DID: Final = re.compile(rf"^[^，,。]{{0,10}}?(?:{_HARSH})", re.IGNORECASE)
_ANY_HARSH: Final = re.compile(_HARSH, re.IGNORECASE)
_NEGATED: Final = re.compile(r"(?:没有?|从不|从没|从未|未|不会|不曾|never )$", re.IGNORECASE)
_SLOW: Final = re.compile(
    r"^[^，,。]{0,8}?(?:不同意|没同意|不批|没批|不给|没给|不签|没签|不理|没理|不回|没回|不管|没管|不帮|拖|不处理|没处理|不解决|没解决|卡着|压着|ignor(?:es|ed)|never (?:answers|replies)|has(?:n't| not) (?:answered|replied))",
    re.IGNORECASE,
)
_GREETS: Final = re.compile(
    r"^\s*(?:尊敬的|敬爱的|亲爱的|各位|dear|hi|hello|嗨|你好|您好|老师好|[，,\s])*$", re.IGNORECASE
)
_SPOKEN_TO: Final = re.compile(
    r"^\s*(?:$|[，,：:！!~～、]|您|你(?!们)|好(?!" + _HARD + r")|早(?!就|已|前|在)|晚上好|下午好|辛苦|打扰"
    r"|请(?!我们?吃|客)|麻烦|在吗|我|能|可以|可不可以|帮(?=我|忙|助|一)|,)"
)
_YOU: Final = re.compile(
    rf"(?:投诉|举报|控告|检举)(?:的就是)?[您你](?!们)|对[您你].{{0,6}}(?:不满|有意见|失望)|[您你](?:为什么|凭什么|怎么|总是?|老是?|一直|昨天|今天|上次)*(?:{_HARSH})",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(r"(?:可以|能|行|对|是|有)[^，。]{0,12}[吗么]|能不能|可不可以|是不是|会不会")
# After a greeting or a telling: what whoever was spoken to did then.
_TURNED: Final = re.compile(
    rf"^(?:.{{0,14}}?(?:她|他|ta\b|反而|却|竟|居然|[就反又]被)(?!们)|[，,：:]?\s*(?:这个?人|总是?|老是?|经常|一直|天天)?).{{0,8}}?(?:{_HARSH}|不理|不管|没管|受不了)",
    re.IGNORECASE,
)
# 「韩老师和王书记，我要举报」 has nobody else whom it could be about.
_THEN_COMPLAINS: Final = re.compile(
    r"[，,：:\s]*我们?(?:真的|现在|一定)?(?:要|想|得|必须)?(?:投诉|举报|检举|控告)(?:他们?|她们?)?[。！!\s]*$"
)
# What is no plain accusation, and may be one: whoever is named with it is asked about.
_SOURLY: Final = (
    r"过分|讨厌|不是人|区别对待|重男轻女|亲戚|给了别人|私自|私下|拿走|拿了(?:我|班)|偷|翻我|阴我|私活|跑腿|买东西|扣了|泄漏|差劲|太差|很差|恶心|变态|睡|坑|耍我|整我|卡我|乱|占便宜|不配|没人性|虚伪|好凶|很凶|太凶"
    r"|暧昧|调戏|纠缠|跟踪|吃饭|喝酒|抽成|倒卖|作弊|代签|不来|从来不|从没|太慢|不专业|甩锅|unfair|\bhit\b|touch|hate|terrible|awful|horrible|money|\bbad\b|worst|cruel|mean to|scream|lied|\blie[sd]?\b"
)
_SOUR: Final = re.compile(_SOURLY, re.IGNORECASE)
_SOUR_AT: Final = re.compile(
    r"(?:恨|讨厌|受不了|受够了?|忍受|烦透了?|想?换掉?|换个|罢免|怕|hate|stand|sick of)(?:我们?的?|my|our|\s)*$",
    re.IGNORECASE,
)
_GAPS: Final = re.compile(r"(?<=[\u4e00-\u9fff])[ \t\u3000]+(?=[\u4e00-\u9fff])")
_TRADITIONAL: Final = str.maketrans(
    "韓師書記輔導員長處舉報訴錢罵貪禮紅對與還體罰態導們個", "韩师书记辅导员长处举报诉钱骂贪礼红对与还体罚态导们个"
)
# What whoever was told did then, behind whatever it was that they were told.
_THEN_DID: Final = re.compile(
    rf"(?:[，,。；;](?:结果|但是?|可是?|而且|反而)?(?:他|她|ta\b)|\b(?:he|she|they)\b)(?!们|说).{{0,10}}?(?:{_HARSH}|不理|不管|没管|没理|闭嘴|ignor|nothing)",
    re.IGNORECASE,
)
# 「投诉他们」 are all who were named, told or not.
_THEM: Final = re.compile(
    r"(?:投诉|举报|检举|控告|告)(?:他们|她们|这[两几]|那[两几])|(?:report|complain about|accuse)\s+(?:them|both)",
    re.IGNORECASE,
)
# Anything of a complaint: nobody is asked for where none of it stands in the words.
_HINTS: Final = re.compile(
    rf"{_VERB.pattern}|{_HARSH}|{_SOURLY}|[師書導員處報訴錢罵貪罰]|恨|受不|受够|忍受|烦透|换|罢免|怕|sick|stand|反映|反馈|反应|批评|意见|不满|失望|看法|态度|不公|不同意|没同意|不批|没批|不给|没给|不签|没签|不[理回管帮]|没[理回管]|拖"
    r"|不处理|没处理|不解决|没解决|卡着|压着|ignor|never|has(?:n't| not)|罚|扣|赶|训|凶|讨厌|吵|没人|没有人|迟迟|一直[不没]|效率|踢皮球|nobody|争执|冲突|矛盾|纠纷|过节|过分|[说讲谈聊提处].{0,14}的(?:事|问题|情况|做法|行为)|礼|红包|钱|被",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_CLAUSE: Final = re.compile(r"[，,]")


# Of an office that is spoken to.
_YOU_ALL: Final = re.compile(
    rf"(?:投诉|举报|控告|检举)(?:的就是)?你们|对你们.{{0,6}}(?:不满|有意见|失望)|你们(?:为什么|凭什么|怎么|总是?|老是?|一直|这样|的人|的老师)*.{{0,4}}?(?:{_HARSH})",
    re.IGNORECASE,
)


class Reading(NamedTuple):
    """Whom words complain of for certain, and whom perhaps; by their ids."""

    sure: frozenset[str]
    unsure: frozenset[str]


def read_complaint(words: str, people: Sequence[Named], others: Iterable[str] = ()) -> Reading:
    """Whom of these people the words complain of. others: names that hold one of theirs and are somebody else's (韩梅梅)."""
    said: dict[str, set[Says]] = {}
    addressed: set[str] = set()
    words = _GAPS.sub("", words.translate(_TRADITIONAL))
    whole = frozenset(each.id for each in people if each.office)
    sentences = [match.group() for match in _SENTENCE.finditer(words)]
    loud = any(_complains(sentence) for sentence in sentences)
    for sentence in sentences:
        mentions = find_mentions(sentence, people, tuple(others))
        ends = [*(each.start for each in mentions[1:]), len(sentence)]
        for mention, end in zip(mentions, ends, strict=False):
            judge = _judge_office if mention.ids <= whole else _judge
            says = judge(sentence, mention, sentence[mention.end : end], loud=loud)
            if says == "to":
                addressed |= mention.ids
            for each in mention.ids:
                said.setdefault(each, set()).add("maybe" if says == "about" and each in mention.weak else says)
    sure = {each for each, found in said.items() if "about" in found}
    if addressed and _YOU.search(words):
        sure |= addressed - whole
    if addressed & whole and _YOU_ALL.search(words):
        sure |= addressed & whole
    them = _THEM.search(words) is not None
    unsure = {each for each, found in said.items() if "maybe" in found or (them and "" in found)} - sure
    return Reading(frozenset(sure), frozenset(unsure))


def complains(words: str) -> bool:
    """Whether words complain of anything at all, whoever is meant."""
    return any(_complains(match.group()) for match in _SENTENCE.finditer(words))


def may_complain(words: str) -> bool:
    """Whether words hold anything by which they could complain of somebody: a quick look, before anybody is asked for."""
    return _HINTS.search(words) is not None


def _complains(sentence: str) -> bool:
    """Whether a sentence complains of anything."""
    verb = _VERB.search(sentence)
    if verb is not None and not _NOT.search(sentence[: verb.start()]):
        return True
    return _is_harsh(sentence)


def _is_harsh(words: str) -> bool:
    """Whether words tell of something harsh that was done, and not that it never was."""
    return any(not _NEGATED.search(words[: match.start()]) for match in _ANY_HARSH.finditer(words))


def _judge(sentence: str, mention: Mention, rest: str, *, loud: bool) -> Says:
    """How somebody is mentioned: complained of, perhaps so, spoken to, or merely named. rest: up to the next who is named."""
    before, after = sentence[: mention.start], sentence[mention.end :]
    if _GREETS.match(before) and _SPOKEN_TO.match(after):
        return (
            "maybe" if _TURNED.match(rest) or (_THEN_COMPLAINS.match(after) and mention.ids != mention.weak) else "to"
        )
    clause, near = _CLAUSE.split(before)[-1], _CLAUSE.split(after)[0]
    praised = _THANKS.search(clause) or _GOOD.match(after) or _PLACE.match(after)
    if praised:
        return "maybe" if _is_harsh(near) else ""
    verb = next(iter([*_VERB.finditer(clause)][-1:]), None)
    if verb is not None and _NOT.search(clause[: verb.start()]):
        return "maybe" if _is_harsh(rest) else ""
    if verb is not None and _BETWEEN.fullmatch(clause[verb.end() :]):
        return "about"
    if _AGAINST.search(clause):
        return "about" if _DISLIKE.match(after) else "maybe" if loud else ""
    if re.search(r"(?:说|讲|反映|提到|谈|聊|处理|汇报)(?:了|过|一下)?(?:关于)?$", clause) and re.match(
        r"的(?:事|问题|情况|做法|行为|态度)", after
    ):
        return "about"
    if _TO.search(clause):
        return _told(clause, after, rest, loud=loud)
    return _done(sentence, clause, rest, verb is not None, loud=loud or _DID.match(after) is not None)


def _judge_office(sentence: str, mention: Mention, rest: str, *, loud: bool) -> Says:
    """How an office is mentioned: as `_judge`, but that it is asked for its service more often than complained of, and that
    what is harsh elsewhere in the words says nothing of it."""
    del loud
    before, after = sentence[: mention.start], sentence[mention.end :]
    near = _CLAUSE.split(after)[0]
    if _GREETS.match(before) and _YOU_ALL.search(after):
        return "about"
    clause = _CLAUSE.split(before)[-1]
    if offices.WHERE_BEFORE.search(clause) or offices.WHERE.match(after):
        return ""
    said = _judge(sentence, mention, rest, loud=False)
    if said:
        # What an office forbids, fines or takes away it may do by its rules.
        ruled = (
            said == "about"
            and not _VERB.search(clause)
            and not _AGAINST.search(clause)
            and offices.BY_RULE.search(near)
        )
        return "maybe" if ruled and not _is_harsh(offices.BY_RULE.sub("", rest)) else said
    told = _TO.search(clause) is not None
    if (
        told
        or offices.SERVICE_BEFORE.search(clause)
        or offices.SERVICE.match(after)
        or _THANKS.search(clause)
        or _NOT.search(clause)
    ):
        return ""
    if (
        offices.BARE_VERB.search(sentence)
        or offices.IDLE.match(near)
        or (offices.GRUMBLES.search(near) and not _GOOD.match(after))
    ):
        return "maybe"
    # 「后勤处上次来修水管，师傅态度很差」: somebody of it, perhaps.
    return "maybe" if mention.ids != mention.weak and _is_harsh(rest) and not _PLACE.match(after) else ""


def _told(clause: str, after: str, rest: str, *, loud: bool) -> Says:
    """Somebody with whom something was done: told of it, or the very one who is complained of."""
    if re.match(r"^提.{0,3}意见|^.{0,2}差评", after):
        return "about"
    if _TELLS.match(after):
        gave = re.search(r"[给替帮陪](?:了|过)?$", clause) is not None and _is_harsh(clause)
        return "maybe" if gave or _TURNED.match(rest) or _THEN_DID.search(after) else ""
    return "maybe" if loud or re.match(r"^.{0,3}(?:吵|争执|冲突|矛盾|纠纷|闹翻|有过节)", after) else ""


def _done(sentence: str, clause: str, after: str, has_verb: bool, *, loud: bool) -> Says:
    """What somebody is said to have done."""
    if re.search(r"(?:没有|从没|never )$", clause):
        return ""
    did = _DID.match(after)
    if did is not None and not _NEGATED.search(after[: re.search(_HARSH, after, re.IGNORECASE).start()]):  # type: ignore[union-attr]
        return "maybe" if _ASKS.search(sentence) else "about"
    if re.search(r"被(?:我们?|咱们?)?(?:的)?(?:辅导员|导员|老师)?$", clause):
        return "about" if re.match(r"^.{0,6}(?:骂|打|罚|扣|批|训|赶|说|没收)", after) else "maybe"
    if _WEAK_VERB.search(re.sub(r"(?:我们?|咱们?)?(?:的)?(?:学院|院|系|班)?(?:的)?$", "", clause)):
        return "about"
    sour = _SOUR.search(_CLAUSE.split(after)[0]) or _SOUR_AT.search(clause)
    return "maybe" if has_verb or loud or sour or _SLOW.match(after) else ""


_YES: Final = frozenset({"是", "是的", "对", "对的", "嗯", "没错", "yes", "y", "ok"})
_NO: Final = frozenset({"不是", "不是的", "不", "否", "不对", "没有", "no", "n"})


def says_yes(words: str) -> bool | None:
    """Whether words are a yes or a no to whether it is about somebody; None for neither."""
    plain = words.strip().strip("。.!！~～").casefold()
    return True if plain in _YES else False if plain in _NO else None
