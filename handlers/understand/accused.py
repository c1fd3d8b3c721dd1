"""Who of staff is mentioned in words: by name, by surname and title or nickname, by role; and who is mentioned along with whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from handlers.understand import colleges
from handlers.understand.offices import NO_OFFICE, PLACE_LIKE

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
_EVERY: Final = "".join(sorted(_SURNAMES))
_TITLED: Final = "|".join(
    f"{title}(?![致师游航弹电入出演购向论])" if title == "导" else f"{title}(?!录)" if title.endswith("书记") else title
    for title in sorted(TITLES, key=len, reverse=True)
)
_OTHERS: Final = re.compile(
    r"(?:他们?|她们?|别人|别的?班|别的学院|隔壁班?|其他|其它|朋友|室友|前任?|以前|高中)(?:家|的)?(?:学院|院|系|班|老|那个)?(?:的)?$"
)
# What else a surname is said with: whoever is meant is asked about, since a student may be called so, too.
_NICK: Final = r"(?:姐|哥|辅|某某?|导员?|总|头儿?|叔|姨|嫂|大姐|大哥|大爷|大妈|阿姨|师傅|老板|领导|老头|sir|ls|laoshi)"
# Roles that several hold, or that may be anybody else's: whoever holds one here is asked about.
_WIDE: Final[dict[str, tuple[str, ...]]] = {
    "head": ("处长", "部长", "馆长", "主任", "领导"), "dean": ("领导",), "deputy-dean": ("领导",), "secretary": ("领导",),
    "deputy-secretary": ("领导",), "counselor": ("学院老师", "我们老师", "咱们老师", "带班老师", "年级老师"),
}  # fmt: skip
_CALLING: Final = re.compile(
    r"(?:^|(?<=投诉)|(?<=举报)|(?<=被)|(?<=个)|(?<=位)|(?<=些)|(?<=有)|(?<=[，,：:]))老师(?!们?好|您|你)"
)
_LATIN: Final = r"(?:ms|mrs|miss|mr|madam|sir|teacher|prof(?:essor)?|dr|counsell?or|secretary|director|dean|lao|xiao)"
# What joins two who are mentioned: a word of its own, or a comma where a longer row ends with such a word.
_LINK: Final = re.compile(
    r"(?:他们|等人?|们)?\s*(?:都|，|,)?\s*(?:[、/／&＆+＋]|和|跟|与|同|还有|以及|及其?|并|加上|连同|外加|包括|联合|联手|伙同|串通|勾结|或者?是?"
    r"|as well as|along with|together with|and|plus|or)\s*(?:另外|另一?[个位]|那[个位]|一个|他的?|她的?)?(?:我们?|咱们?|my|our|the|also)?\s*的?(?:学院|院|系|班|年级)?[里上]?的?"
    r"(?:辅导员|导员|班主任|老师|宿管)?\s*",
    re.IGNORECASE,
)
_COMMA: Final = re.compile(r"\s*[，,]\s*")
_TOLD_AFTER_COMMA: Final = re.compile(r"[，,]\s*(?:和|跟|与|同)")
_TELLING: Final = re.compile(
    r"(?:都|也|已经|一起)?(?:说|讲|反映|反应|反馈|谈|沟通|汇报|报告|提过|聊|商量|联系|打过?电话|发过?)"
)


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody of staff whom words may mean: the names in full, and the roles held where whoever writes belongs.

    office: it is an office as a whole; short: what it is called where nothing else can be meant (投诉后勤). college: it is a
    college, whose people are whoever leads it.
    """

    id: str
    names: tuple[str, ...]
    roles: frozenset[str] = frozenset()
    office: bool = False
    short: str = ""
    college: bool = False

    @property
    def surname(self) -> str:
        """The surname of the Chinese name, which may itself be no more than a surname and a title (韩老师)."""
        name = self.names[0] if self.names else ""
        return next((each for each in COMPOUND if name.startswith(each)), name[:1])


class Mention(NamedTuple):
    """Where people are mentioned; weak: those of whom it is not certain that they are meant (a nickname, a title not theirs)."""

    start: int
    end: int
    ids: frozenset[str]
    weak: frozenset[str] = frozenset()


def find_mentions(sentence: str, people: Sequence[Named], others: tuple[str, ...]) -> list[Mention]:
    """Who is mentioned where, in order; of names that overlap the longest counts, and those who are named in one breath
    (韩老师和王书记) are one mention, so that what is said of one is said of all."""
    offices, people = [each for each in people if each.office], [each for each in people if not each.office]
    found = [*_by_name(sentence, people), *_by_title(sentence, people), *_by_role(sentence, people)]
    found += [*_by_nickname(sentence, people), *_in_latin(sentence, people), *_by_calling(sentence, people)]
    found += find_offices(sentence, offices, [each.start for each in found])
    spans = [match.span() for name in others for match in re.finditer(re.escape(name), sentence)]
    found = [each for each in found if not any(a <= each.start and each.end < b for a, b in spans)]
    kept: dict[tuple[int, int], list[Mention]] = {}
    for each in sorted(found, key=lambda each: (each.start - each.end, len(each.weak))):
        inside = [span for span in kept if span[0] < each.end and each.start < span[1]]
        if not inside or (each.start, each.end) in kept:
            kept.setdefault((each.start, each.end), []).append(each)
    return _joined(sentence, [_united(kept[span]) for span in sorted(kept)])


# Whoever leads it, or all who work there, are the office; one of its people is not all of them.
_ALL_OF: Final = r"(?:的)?(?:处长|部长|科长|馆长|主任|领导们?|负责人|那[帮群些](?:人|老师)|(?:所有|全体|全部)(?:的)?(?:人|老师|员工))|长(?![期时久大得])"
_ONE_OF: Final = re.compile(r"(?:里|里面|那边|那里)?(?:的)?(?:有?(?:一|某)?[个位名]|某|那[个位])(?:姓.)?")
_PEOPLE_OF: Final = re.compile(r"(?:里|那边)?(?:的)?(?:人|老师|馆长|长|领导|工作人员|员工|管理员|阿姨|师傅|服务|态度)")
_SHORT_AFTER: Final = r"(?=的(?:人|老师|领导|服务|态度)|部门|那[边帮群]|工作人员|态度|不作为|推诿|敷衍|乱收费|不负责|踢皮球|$|[，,。！!；;])"
_SHORT_BEFORE: Final = r"(?<=投诉|举报|检举|控告)"


def find_offices(sentence: str, offices: Sequence[Named], starts: Sequence[int]) -> list[Mention]:
    """Which offices are mentioned as such. starts: where people are named; an office right before one (后勤处的韩老师) only
    says where somebody works. Of a short name, and of one person of an office, it is not certain."""
    found = []
    for each in offices:
        who = frozenset({each.id})
        for name in each.names:
            pattern = (
                rf"\b(?:the )?{re.escape(name)}\b"
                if name.isascii()
                else rf"{re.escape(name)}(?:{NO_OFFICE})(?:{_ALL_OF})?"
            )
            for match in re.finditer(pattern, sentence, re.IGNORECASE):
                after = sentence[match.end() :]
                if each.college and not colleges.is_meant(sentence[: match.start()], after):
                    continue
                links = re.match(r"(?:里|里面|那边)?的?(?:一个|那个|一位|那位)?", after)
                titled = len(match.group()) > len(name) and not name.isascii()
                if titled or match.end() + (links.end() if links else 0) not in starts:
                    place = PLACE_LIKE.search(name) and not _PEOPLE_OF.match(sentence[match.start() + len(name) :])
                    some = _ONE_OF.match(after) or (each.college and colleges.SOME_OF.match(after))
                    weak = who if place or some else frozenset[str]()
                    found.append(Mention(match.start(), match.end(), who, weak))
        short = re.escape(each.short)
        pattern = rf"{_SHORT_BEFORE}{short}(?=[^\w]|的?人|$)|{short}{_SHORT_AFTER}" if short else "(?!)"
        found += [Mention(*match.span(), who, who) for match in re.finditer(pattern, sentence)]
    return found


def _united(mentions: Sequence[Mention]) -> Mention:
    """Several as one, from the first to the last; certain is who is so in any of them."""
    ids = frozenset[str]().union(*(each.ids for each in mentions))
    certain = frozenset[str]().union(*(each.ids - each.weak for each in mentions))
    return Mention(min(each.start for each in mentions), max(each.end for each in mentions), ids, ids - certain)


def _joined(sentence: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Those who are joined by a word, as one; a comma joins what stands before a row that such a word has joined."""
    rows: list[list[Mention]] = []
    for each in reversed(mentions):
        between = sentence[each.end : rows[0][0].start] if rows else ""
        after = sentence[rows[0][-1].end :] if rows else ""
        told = _TOLD_AFTER_COMMA.match(between) and _TELLING.match(after)
        joins = bool(rows) and (not between.strip() or _LINK.fullmatch(between) is not None) and not told
        if rows and (joins or (len(rows[0]) > 1 and _COMMA.fullmatch(between))):
            rows[0].insert(0, each)
        else:
            rows.insert(0, [each])
    return [_united(row) for row in rows]


def _by_name(sentence: str, people: Sequence[Named]) -> Iterator[Mention]:
    for person in people:
        for name in person.names:
            pattern = re.escape(name) if not name.isascii() else rf"\b{re.escape(name)}\b"
            for match in re.finditer(pattern, sentence, re.IGNORECASE) if len(name) > 1 else ():
                title = re.match(rf"(?:{_TITLED})", sentence[match.end() :])  # 韩梅老师
                yield Mention(match.start(), match.end() + (title.end() if title else 0), frozenset({person.id}))


def _by_title(sentence: str, people: Sequence[Named]) -> Iterator[Mention]:
    for person in people:
        if not person.surname or person.surname.isascii():
            continue
        surname, who = re.escape(person.surname), frozenset({person.id})
        for match in re.finditer(rf"(?:{surname}({_TITLED})|姓{surname}的(?:{_TITLED})?)", sentence):
            title = match.group(1) or ""
            fits = TITLES.get(title, frozenset())
            sure = not fits or bool(fits & person.roles) or person.names[0].endswith(title)
            # A title that only others have at other places (张辅导员) is asked about where it fits nobody here.
            yield Mention(match.start(), match.end(), who, frozenset() if sure else who)


def _by_nickname(sentence: str, people: Sequence[Named]) -> Iterator[Mention]:
    """A surname as students say it among themselves: 老韩, 小韩, 韩姐, 韩某, H老师."""
    for person in people:
        if not person.surname or person.surname.isascii():
            continue
        name, who = re.escape(person.surname), frozenset({person.id})
        letter = _letter(person)
        pattern = rf"(?<![{name}])[老小阿大]{name}(?!同学|师|家){_NICK}?|{name}(?!导[致师游航弹电入出演购向论]|总是|头[发疼]){_NICK}|姓{name}的?"
        pattern += (
            rf"|{name}(?=(?:[、和与及]?[{_EVERY}]){{0,3}}(?:[两二三几]位|[两二三]人|[两三几]个|俩))"  # 韩、王两位
        )
        pattern += rf"|(?<![a-z]){letter}(?:老师|导|姐|哥|某|书记|主任|辅导员)" if letter else ""
        for match in re.finditer(pattern, sentence, re.IGNORECASE):
            yield Mention(match.start(), match.end(), who, who)


def _letter(person: Named) -> str:
    """The first letter of the surname as it is written in English, "" where nobody wrote one."""
    name = _latin_surname(person)
    return name[:1].lower()


def _latin_surname(person: Named) -> str:
    """韩老师, Ms Han → Han; 韩梅, Han Mei → Han."""
    english = next((name.split() for name in person.names if name.isascii() and name), [])
    titled = len(english) > 1 and re.fullmatch(_LATIN, english[0].rstrip("."), re.IGNORECASE) is not None
    return (english[-1] if titled or len(english) == 1 else english[0]) if english else ""


def _in_latin(sentence: str, people: Sequence[Named]) -> Iterator[Mention]:
    """A surname in Latin letters: Teacher Han, Mr. Han, Han laoshi, Han."""
    for person in people:
        name, who = _latin_surname(person), frozenset({person.id})
        if len(name) > 1:
            pattern = rf"\b(?:{_LATIN}\.?\s*)?{re.escape(name)}(?:\s?(?:laoshi|ls|sir|shuji|老师|导|姐))?\b"
            for match in re.finditer(pattern, sentence, re.IGNORECASE):
                if len(match.group()) > len(name) or match.group()[0].isupper():
                    yield Mention(match.start(), match.end(), who, who)


def _by_calling(sentence: str, people: Sequence[Named]) -> Iterator[Mention]:
    """「投诉老师」, 「有老师收钱」 may mean the counselor."""
    ids = frozenset(person.id for person in people if "counselor" in person.roles)
    for match in _CALLING.finditer(sentence) if ids else ():
        yield Mention(match.start(), match.end(), ids, ids)


def _by_role(sentence: str, people: Sequence[Named]) -> Iterator[Mention]:
    for role, words in [*ROLES.items(), *_WIDE.items()]:
        ids = frozenset(person.id for person in people if role in person.roles)
        weak = ids if words is _WIDE.get(role) else frozenset[str]()
        for word in words if ids else ():
            pattern = (
                f"(?<![辅副]){re.escape(word)}" if not word.isascii() else rf"\b(?:my|our|the)\s+{re.escape(word)}\b"
            )
            for match in re.finditer(pattern, sentence, re.IGNORECASE):
                before, after = sentence[: match.start()], sentence[match.end() :]
                named = before[-1:] in _SURNAMES and not before.endswith(("小", "老"))
                if not named and not _OTHERS.search(before) and not after.startswith(("助理", "培训", "招聘", "证")):
                    yield Mention(match.start(), match.end(), ids, weak)
