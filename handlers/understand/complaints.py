"""Whom of staff words complain of: names, surnames with titles and roles, and whether they are spoken to or spoken of.

A name alone is no complaint: 「韩老师您好，我想请假」 speaks to her, 「已经跟韩老师说过」 of her help. Where a complaint and a
name stand apart, or the words may be a mere question of hers (「韩老师没批」), both readings remain, and the student is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

Says = Literal["about", "maybe", "to", ""]

ROLES: Final[dict[str, tuple[str, ...]]] = {
    "counselor": ("辅导员", "导员", "辅导老师", "班主任", "counselor", "counsellor"),
    "class-tutor": ("班主任", "班导师", "班导", "class tutor"),
    "deputy-secretary": ("副书记", "书记", "secretary"),
    "secretary": ("书记", "secretary"),
    "dean": ("院长", "dean"),
    "deputy-dean": ("副院长",),
    "keeper": ("宿管阿姨", "宿管老师", "宿管员", "宿管", "楼管阿姨", "楼管", "舍管", "dorm keeper"),
    "community-head": ("社区主任", "社区负责人"),
    "teacher": ("任课老师", "任课教师"),
    "supervisor": ("导师",),
}
# A title after a surname, and which roles it fits; none fits all: 老师 is said to everybody.
TITLES: Final[dict[str, frozenset[str]]] = {
    "老师": frozenset(), "教授": frozenset(), "辅导员": frozenset({"counselor"}), "导员": frozenset({"counselor"}),
    "导": frozenset({"counselor", "class-tutor", "supervisor"}), "班主任": frozenset({"counselor", "class-tutor"}),
    "副书记": frozenset({"deputy-secretary"}), "书记": frozenset({"secretary", "deputy-secretary"}),
    "副院长": frozenset({"deputy-dean"}), "院长": frozenset({"dean", "deputy-dean"}), "主任": frozenset({"head", "community-head"}),
    "处长": frozenset({"head"}), "部长": frozenset({"head"}), "科长": frozenset({"head", "officer"}), "馆长": frozenset({"head"}),
    "阿姨": frozenset({"keeper", "officer"}), "师傅": frozenset({"keeper", "officer"}),
}  # fmt: skip
COMPOUND: Final = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "司徒",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "夏侯",
    "端木",
    "南宫",
)
_SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏吕丁沈姚卢姜崔钟谭陆汪范廖贾韦邹孟熊秦邱尹薛闫段侯陶黎贺顾毛郝龚邵钱覃戴莫孔汤"
)
_TITLED: Final = "|".join(
    f"{title}(?![致师游航弹电入出演购向论])" if title == "导" else f"{title}(?!录)" if title.endswith("书记") else title
    for title in sorted(TITLES, key=len, reverse=True)
)
_OTHERS: Final = re.compile(
    r"(?:他们?|她们?|别人|别的?班|别的学院|隔壁班?|其他|其它|朋友|室友|前任?|以前|高中)(?:家|的)?(?:学院|院|系|班|老|那个)?(?:的)?$"
)
_NOT: Final = re.compile(r"(?:不是|没有|并非|并不|不想|不要|不打算|没打算|没想|不会|别)(?:是|要|想|去|在|来)*$")
_VERB: Final = re.compile(
    r"投诉|举报|检举|控告|控诉|状告|揭发|告发|抗议|吐槽|差评|告(?![诉知别假白一])|\b(?:complain(?:t|ts|ing)?|report(?:ing)?|accuse)\b",
    re.IGNORECASE,
)
_WEAK_VERB: Final = re.compile(r"(?:反映|反馈|反应|批评)(?:一下|下)?$")
# What may stand between a complaint and whom it is about.
_BETWEEN: Final = re.compile(
    r"(?:一下|下|的|是|就是|我们?|咱们?|本|自己|这个|那个|这位|那位|某|名|叫|姓|负责|现任|学院|学校|院|系|班级?|里|辅导员|导员|班主任|老师|宿管"
    r"|[\s:：「“\"'‘《(（、]|about|against|on|of|my|our|the|a|teacher|counsell?or|secretary)*",
    re.IGNORECASE,
)
_TO: Final = re.compile(
    r"(?:向|跟|和|与|同|找|请|问|告诉|联系|通过|托|转告|转给|发给|交给|报给|给|替|帮|陪|多亏|有)(?:了|过|一下)?(?:我们?|咱们?)?(?:的)?(?:学院|院|系|班)?(?:的)?"
    r"(?:辅导员|导员|班主任|老师)?$|(?:\bto|\bwith|\btold|\btell|\bask(?:ed)?|\bvia|\bcontact(?:ed)?|\bdear)\s+(?:my|our)?\s*$",
    re.IGNORECASE,
)
_THANKS: Final = re.compile(
    r"(?:感谢|谢谢|多谢|表扬|夸|夸奖|点赞|祝|祝福|麻烦|辛苦|thank(?:s|ful)?(?: to)?|praise)\s*(?:一下|我们?的?|my|our)?\s*$",
    re.IGNORECASE,
)
_AGAINST: Final = re.compile(
    r"(?:对|针对|关于)(?:我们?|咱们?)?(?:的)?(?:学院|院|系|班)?(?:的)?(?:辅导员|导员|班主任|老师)?$"
)
_DISLIKE: Final = re.compile(r"^.{0,14}?(?:不满|有意见|意见很大|失望|有看法|的投诉|的意见|的做法|的态度|不公)")
_GOOD: Final = re.compile(
    r"^(?:一直|平时|总是|人|也|都)?(?:很|真|特别|非常|挺|太)?(?:好(?!意思)|负责|耐心|热心|辛苦|帮|推荐|建议|同意了|批了|已经批|is (?:very )?(?:kind|nice|helpful)|helped)"
)
_PLACE: Final = re.compile(r"^(?:的)?(?:办公室|办公楼|电话|邮箱|微信|班里?的|班上的|课上的|'s (?:office|class))")
_HARSH: Final = (
    r"不让|不准|不许|不允许|不肯|拒绝|拒不|辱骂|谩骂|骂|打人|打我|打了(?!电话|招呼|针|卡|个)|殴打|体罚|羞辱|侮辱|嘲笑|讽刺|歧视|性?骚扰|猥亵|威胁|恐吓"
    r"|刁难|为难|针对|冤枉|诬陷|陷害|乱收费|乱罚|收(?:了)?(?:我|我们|学生)?(?:的)?(?:钱|礼|红包)|索要|索贿|受贿|贪污|要钱|推诿|推卸|敷衍|不负责|不作为|失职|渎职"
    r"|态度.{0,3}(?:差|恶劣|不好|蛮横|凶)|偏心|偏袒|不公平|不公正|不公|打压|报复|pua|泄露|克扣|逼(?:我|迫|着)|强迫|强制|挪用|私吞|吼|滥用|徇私|造假|撒谎|骗"
    r"|冷暴力|孤立|排挤|阴阳怪气|穿小鞋|动手|推我|摸我|没收|won'?t let|will not let|doesn'?t let|does not let|didn'?t let|refuse[sd]?|shout(?:s|ed)?"
    r"|yell(?:s|ed)?|insult(?:s|ed)?|harass(?:es|ed)?|threaten(?:s|ed)?|bull(?:ies|ied)|humiliat\w+|discriminat\w+|is (?:very |so )?rude|was (?:very |so )?rude"
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
    r"^\s*(?:$|[，,：:！!~～、]|您|你(?!们)|好|早|晚上好|下午好|辛苦|打扰|请|麻烦|在吗|我|能|可以|可不可以|帮|,)"
)
_YOU: Final = re.compile(
    rf"(?:投诉|举报|控告|检举)(?:的就是)?[您你](?!们)|对[您你].{{0,6}}(?:不满|有意见|失望)|[您你](?:为什么|凭什么|怎么|总是?|老是?|一直|昨天|今天|上次)*(?:{_HARSH})",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(r"(?:可以|能|行|对|是|有)[^，。]{0,12}[吗么]|能不能|可不可以|是不是|会不会")
_SENTENCE: Final = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_CLAUSE: Final = re.compile(r"[，,]")


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody of staff whom words may mean: the names in full, and the roles held where whoever writes belongs."""

    id: str
    names: tuple[str, ...]
    roles: frozenset[str] = frozenset()

    @property
    def surname(self) -> str:
        """The surname of the Chinese name, which may itself be no more than a surname and a title (韩老师)."""
        name = self.names[0] if self.names else ""
        return next((each for each in COMPOUND if name.startswith(each)), name[:1])


class Reading(NamedTuple):
    """Whom words complain of for certain, and whom perhaps; by their ids."""

    sure: frozenset[str]
    unsure: frozenset[str]


class _Mention(NamedTuple):
    start: int
    end: int
    ids: frozenset[str]


def read_complaint(words: str, people: Sequence[Named], others: Iterable[str] = ()) -> Reading:
    """Whom of these people the words complain of. others: names that hold one of theirs and are somebody else's (韩梅梅)."""
    said: dict[str, set[Says]] = {}
    addressed: set[str] = set()
    sentences = [match.group() for match in _SENTENCE.finditer(words)]
    loud = any(_complains(sentence) for sentence in sentences)
    for sentence in sentences:
        for mention in _mentions(sentence, people, tuple(others)):
            says = _judge(sentence, mention, loud=loud)
            if says == "to":
                addressed |= mention.ids
            for each in mention.ids:
                said.setdefault(each, set()).add(says)
    sure = {each for each, found in said.items() if "about" in found}
    if addressed and _YOU.search(words):
        sure |= addressed
    unsure = {each for each, found in said.items() if "maybe" in found} - sure
    return Reading(frozenset(sure), frozenset(unsure))


def _complains(sentence: str) -> bool:
    """Whether a sentence complains of anything."""
    verb = _VERB.search(sentence)
    if verb is not None and not _NOT.search(sentence[: verb.start()]):
        return True
    return any(not _NEGATED.search(sentence[: match.start()]) for match in _ANY_HARSH.finditer(sentence))


def _judge(sentence: str, mention: _Mention, *, loud: bool) -> Says:
    """How somebody is mentioned: complained of, perhaps so, spoken to, or merely named."""
    before, after = sentence[: mention.start], sentence[mention.end :]
    if _GREETS.match(before) and _SPOKEN_TO.match(after):
        return "maybe" if re.match(rf"^[，,]\s*(?:{_HARSH})", after, re.IGNORECASE) else "to"
    clause = _CLAUSE.split(before)[-1]
    if _THANKS.search(clause) or _GOOD.match(after) or _PLACE.match(after):
        return ""
    verb = next(iter([*_VERB.finditer(clause)][-1:]), None)
    if verb is not None and _NOT.search(clause[: verb.start()]):
        return ""
    if verb is not None and _BETWEEN.fullmatch(clause[verb.end() :]):
        return "about"
    if _AGAINST.search(clause):
        return "about" if _DISLIKE.match(after) else "maybe" if loud else ""
    if _TO.search(clause):
        return "about" if re.match(r"^提.{0,3}意见|^.{0,2}差评", after) else ""
    return _done(sentence, clause, after, verb is not None, loud=loud)


def _done(sentence: str, clause: str, after: str, has_verb: bool, *, loud: bool) -> Says:
    """What somebody is said to have done."""
    did = _DID.match(after)
    if did is not None and not _NEGATED.search(after[: re.search(_HARSH, after, re.IGNORECASE).start()]):  # type: ignore[union-attr]
        return "maybe" if _ASKS.search(sentence) else "about"
    if re.search(r"被(?:我们?|咱们?)?(?:的)?(?:辅导员|导员|老师)?$", clause):
        return "about" if re.match(r"^.{0,6}(?:骂|打|罚|扣|批|训|赶|说|没收)", after) else "maybe"
    if _WEAK_VERB.search(re.sub(r"(?:我们?|咱们?)?(?:的)?(?:学院|院|系|班)?(?:的)?$", "", clause)):
        return "about"
    return "maybe" if has_verb or loud or _SLOW.match(after) else ""


def _mentions(sentence: str, people: Sequence[Named], others: tuple[str, ...]) -> list[_Mention]:
    """Who is mentioned where; of names that overlap the longest counts."""
    found = [*_by_name(sentence, people), *_by_title(sentence, people), *_by_role(sentence, people)]
    spans = [match.span() for name in others for match in re.finditer(re.escape(name), sentence)]
    found = [each for each in found if not any(a <= each.start and each.end < b for a, b in spans)]
    kept: dict[tuple[int, int], set[str]] = {}
    for each in sorted(found, key=lambda each: each.start - each.end):
        inside = [span for span in kept if span[0] < each.end and each.start < span[1]]
        if not inside or (each.start, each.end) in kept:
            kept.setdefault((each.start, each.end), set()).update(each.ids)
    return [_Mention(start, end, frozenset(ids)) for (start, end), ids in sorted(kept.items())]


def _by_name(sentence: str, people: Sequence[Named]) -> Iterator[_Mention]:
    for person in people:
        for name in person.names:
            pattern = re.escape(name) if not name.isascii() else rf"\b{re.escape(name)}\b"
            for match in re.finditer(pattern, sentence, re.IGNORECASE) if len(name) > 1 else ():
                title = re.match(rf"(?:{_TITLED})", sentence[match.end() :])  # 韩梅老师
                yield _Mention(match.start(), match.end() + (title.end() if title else 0), frozenset({person.id}))


def _by_title(sentence: str, people: Sequence[Named]) -> Iterator[_Mention]:
    for person in people:
        if not person.surname or person.surname.isascii():
            continue
        surname = re.escape(person.surname)
        for match in re.finditer(rf"(?:{surname}({_TITLED})|姓{surname}的(?:{_TITLED})?)", sentence):
            title = match.group(1) or ""
            fits = TITLES.get(title, frozenset())
            if not fits or fits & person.roles or person.names[0].endswith(title):
                yield _Mention(match.start(), match.end(), frozenset({person.id}))


def _by_role(sentence: str, people: Sequence[Named]) -> Iterator[_Mention]:
    for role, words in ROLES.items():
        ids = frozenset(person.id for person in people if role in person.roles)
        for word in words if ids else ():
            pattern = f"(?<![辅副]){re.escape(word)}" if not word.isascii() else rf"\b(?:my|our)\s+{re.escape(word)}\b"
            for match in re.finditer(pattern, sentence, re.IGNORECASE):
                before, after = sentence[: match.start()], sentence[match.end() :]
                named = before[-1:] in _SURNAMES and not before.endswith(("小", "老"))
                if not named and not _OTHERS.search(before) and not after.startswith(("助理", "培训", "招聘", "证")):
                    yield _Mention(match.start(), match.end(), ids)


_YES: Final = frozenset({"是", "是的", "对", "对的", "嗯", "没错", "yes", "y", "ok"})
_NO: Final = frozenset({"不是", "不是的", "不", "否", "不对", "没有", "no", "n"})


def says_yes(words: str) -> bool | None:
    """Whether words are a yes or a no to whether it is about somebody; None for neither."""
    plain = words.strip().strip("。.!！~～").casefold()
    return True if plain in _YES else False if plain in _NO else None
