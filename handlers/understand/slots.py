"""From a sentence to answers: which fields of an item it already fills."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, time, timedelta
from typing import Any, Final

from handlers.understand.asides import edge
from handlers.understand.clauses import letter_in, reason_in
from handlers.understand.euphemisms import DEATH, plain
from handlers.understand.naming import says
from handlers.understand.places import asks_where, is_place, place_in
from handlers.understand.times import Span, rest
from handlers.understand.times.values import DEFAULT
from handlers.understand.times.words import number
from handlers.understand.whose_illness import without
from handlers.understand.years import read_dated
from models.item import FormField, Item, Option

_PHONE: Final = re.compile(r"(?<!\d)(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)")
_AMOUNT: Final = re.compile(r"(?<![\dA-Za-z.-])-?\d{1,9}(?:\.\d{1,4})?(?![\dA-Za-z])", re.ASCII)
_SPELLED: Final = re.compile(r"[〇零一二两三四五六七八九十百]{1,6}")
_LEADING: Final = re.compile(
    r"^(?:[\s,，.。:：;；!！~～、]|老师好?|你好|您好|麻烦|请问|那个|等一下|等等|对了|另外|还有|顺便|我想要?|我要|我需要|想要|想|要|申请|帮我|办理?(?!事)|因为|由于|为了|"
    r"需要|从|到|至|请个?假|请(?=$|[\s,，])|的|了|吧|一下|i(?:'d| would) like(?: to)?|i want to|i want|i need to|i need|i have to|ask for|a |"
    r"(?:take|leave|please|because|for|to|from)\b)+",
    re.IGNORECASE,
)
_TRAILING: Final = re.compile(
    r"(?:[\s,，.。:：;；!！~～、]|请个?假|可以吗|行吗|好吗|谢谢(?:老师)?|吧|了吗|的|从|到|至|(?<![申邀])请|please)+$",
    re.IGNORECASE,
)
# What a whole sentence ends with that says nothing of the matter, and what may stand behind a word of command.
_POLITE_END: Final = re.compile(r"(?:[\s,，.。:：;；!！~～、]|可以吗|行吗|好吗|谢谢(?:老师)?|please)+$", re.IGNORECASE)
_COMMAND_END: Final = re.compile(r"$|[\s,，.。:：;；!！、\-—]|一下")
# Where a sentence falls into parts: at its commas, and at spaces between Chinese words.
_PARTS: Final = re.compile(r"([,，。;；、]+\s*|(?<=[^\x00-\x7f])\s+)")
# Words that say nothing of their own beside an option or a time (「我会」不离校, 大概明天「左右」).
_FILLERS: Final = re.compile(
    r"(?:我|会|要|就|在|是|人|也|都|可能|应该|去|这段时间|期间|这次|一直|大概|差不多|左右|开始|结束|为止|那天|当天|一天|全天|可以|行|吗|呢|"
    r"的|了|吧|啊|哈|呀|嗯|好|请|想|还是|那就|定|\bi(?:'ll| will| am)?\b|\b(?:will|be|it|is|about|around|ok|and|then|the)\b|[\W_])*",
    re.IGNORECASE,
)
_LENGTH: Final = re.compile(
    r"[\d一二两三四五六七八九十半几](?:个?(?:半|小时|钟头)|天)|[全整]天|\b(?:days?|hours?|weeks?)\b", re.IGNORECASE
)
_NOTHING: Final = re.compile(r"^[\W_]*$")
_BROKEN: Final = re.compile(r"坏了|报修|维修|故障|\bbroken\b|\brepair", re.IGNORECASE)
_WHY: Final = re.compile(r"事由|原因|理由|缘由|\breason\b|\bwhy\b", re.IGNORECASE)


def fill(
    item: Item,
    words: str,
    said_at: datetime,
    aliases: tuple[str, ...],
    lessons: Mapping[int, tuple[time, time]] = DEFAULT,
) -> dict[str, Any]:
    """The answers that a first sentence already gives; whatever is not certain is left to be asked.

    lessons: the school's timetable, by which 「第3-4节」 is a time; with the common one it is only asked about.

    A time that has two readings, or none, fills nothing: the form asks.
    """
    answers: dict[str, Any] = {}
    found_time = None
    for field in item.fields:
        if field.kind in ("span", "date") and found_time is None:
            found_time = read_dated(words, said_at, lessons=lessons)
            value = span_value(found_time) if field.kind == "span" else date_value(found_time)
            if value is not None and not (field.kind == "span" and _only_its_end(words, found_time)):
                answers[field.key] = value
        elif field.kind == "choice":
            option = pick(field, words, loosely=False)
            if option is not None:
                answers[field.key] = option.key
        elif field.kind == "phone":
            found = _PHONE.search(words)
            if found:
                answers[field.key] = found[1]
    answers |= _places(item, words)
    for field in item.fields:
        if field.fill == "rest":
            left = _rest_for(item, field, words, found_time, aliases)
            if left and not is_place(left) and field.least <= len(left) <= field.most:
                answers[field.key] = left
    return answers


_STARTS: Final = re.compile(r"到|至|从|自|起|[-—~～]|走|去|出发|离|\b(?:from|to|until|till|leave|go)\b", re.IGNORECASE)


def _only_its_end(words: str, time: Span) -> bool:
    """Whether words tell when somebody comes back and not from when on (「后天下午回来」): that fills no stretch."""
    return (
        edge(words) == "end"
        and time.start is not None
        and (time.end is None or (time.end - timedelta(seconds=1)).date() == time.start.date())
        and _STARTS.search(words) is None
    )


def _places(item: Item, words: str) -> dict[str, str]:
    """The building and room in a sentence, for the first question that asks for a place."""
    place = place_in(words)
    asking = (field for field in item.fields if field.kind == "text" and field.fill != "rest")
    where = next((field for field in asking if asks_where(f"{field.label('zh')} {field.label('en')}")), None)
    return {where.key: place} if place and where is not None and where.least <= len(place) <= where.most else {}


def _rest_for(item: Item, field: FormField, words: str, time: Span | None, aliases: tuple[str, ...]) -> str:
    """What is left of a sentence for a question that takes the rest: a letter, a clause that says why, or all of it."""
    if field.kind == "long":
        letter = letter_in(words)
        return remainder(letter, time if letter == words else None, aliases, item) if letter else ""
    left = remainder(words, time, aliases, item)
    if not left or not asks_why(field):
        return left
    return reason_in(rest(words, time) if time is not None else words, left)


def asks_why(field: FormField) -> bool:
    """Whether a question asks for a reason, by its label."""
    return _WHY.search(f"{field.label('zh')} {field.label('en')}") is not None


def remainder(words: str, time: Span | None, aliases: tuple[str, ...], item: Item | None = None) -> str:
    """What is left of a sentence without its time, the service's own names and the usual openings; "" for nothing.

    With an item, whatever only names one of its options (「不离校」) or questions (「类型 病假」) leaves as well; where the
    rest tells what is the matter, not why, it stays whole (`_whole`).
    """
    left = rest(words, time) if time is not None else words
    told = next((field for field in item.fields if field.fill == "rest"), None) if item is not None else None
    if item is not None and told is not None and not asks_why(told):
        return _whole(item, left, aliases)
    names = [alias for alias in aliases if len(alias) > 1]
    if item is not None:
        labels = [label for field in item.fields for option in field.options for label in option.labels]
        # 「Sick leave」 holds a name of the service, so it is one; 「空调」 holds none and stays in 「空调不制冷」.
        lowered = [name.lower() for name in names]
        names += [label for label in labels if any(map(label.__contains__, lowered))]
        left = _without_options(item, left, names)
    left = _without_names(left, names)
    left = re.sub(r"\s+", " ", re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", left)).strip()
    return "" if _NOTHING.match(left) or len(left) < 2 or _FILLERS.fullmatch(left) else left


def _whole(item: Item, words: str, aliases: tuple[str, ...]) -> str:
    """What somebody tells of a matter, as it was written: only a word of command before it (「报修，…」, "repair my desk")
    and what is said to be polite leave, never a name in the middle or at the end ("the light is broken").

    A name that tells what is the matter (「漏水」, "broken") is no word of command.
    """
    titles = f"{item.title.zh} {item.title.en}".lower()
    tells = [word.lower() for field in item.fields for option in field.options for word in option.words]
    names = [
        alias.lower() for alias in aliases if len(alias) > 1
        and (alias.lower() in titles or not (alias.isascii() or any(word in alias.lower() for word in tells)))
    ]  # fmt: skip
    left, previous = words, None
    while left != previous:
        previous, left = left, _POLITE_END.sub("", _LEADING.sub("", left))
        for name in sorted(names, key=len, reverse=True):
            if left.lower().startswith(name) and _COMMAND_END.match(left[len(name) :], 0):
                left = left[len(name) :]
    left = re.sub(r"\s+", " ", left).strip()
    labels = {label for field in item.fields for option in field.options for label in option.labels}
    bare = _NOTHING.match(left) or len(left) < 2 or _FILLERS.fullmatch(left) or left.lower() in labels
    return "" if bare else left


def _without_names(left: str, names: list[str]) -> str:
    """Without the names and the usual words at its ends."""
    # Cutting makes no name that was not there; mostly there is none of them.
    low = left.lower()
    names = sorted([each for each in names if each.lower() in low], key=len, reverse=True)
    previous = None
    while left != previous:
        previous, left = left, _TRAILING.sub("", _LEADING.sub("", left))
        # A name is cut off at the ends only: 「宿舍灯坏了」 without its middle says nothing.
        for name in names:
            if left[: len(name)].lower() == name.lower():
                left = left[len(name) :]
            elif left[-len(name) :].lower() == name.lower():
                left = left[: -len(name)]
    return left


def _without_options(item: Item, left: str, names: list[str]) -> str:
    """Without the parts that only name an option or a question; a letter is left as it was written."""
    rests = [field for field in item.fields if field.fill == "rest"]
    if not rests or rests[0].kind == "long":
        return left
    for name in sorted((each for each in names if each.lower() in left.lower()), key=len, reverse=True):
        left = re.sub(rf"请个?{re.escape(name)}", "", left, flags=re.IGNORECASE)
    after = item.fields[item.fields.index(rests[0]) :]
    labels = {label for field in item.fields for label in field.near_labels}
    # A choice that comes after the reason is about something else, so its words leave too; one before is explained by it.
    words = labels | {word.lower() for field in after for option in field.options for word in option.words}
    titles = {field.label(lang).lower() for field in item.fields for lang in ("zh", "en")}
    ends = [label for field in after for label in field.near_labels]
    parts = [_without_names(part, ends) if n % 2 == 0 else part for n, part in enumerate(_PARTS.split(left))]
    kept = [
        n for n in range(0, len(parts), 2) if not _only(parts[n], labels | titles) and not _FILLERS.fullmatch(parts[n])
    ]
    fewer = [n for n in kept if not _only(parts[n], words)]
    kept = fewer if any(not _FILLERS.fullmatch(_without_names(parts[n], names)) for n in fewer) else kept
    said = "".join(parts[n] + (parts[n + 1] if n + 1 < len(parts) else "") for n in kept)
    own = "|".join(re.escape(rests[0].label(lang)) for lang in ("zh", "en"))
    return re.sub(rf"^\s*(?:{own})\s*(?:[:：]|是(?!不))\s*", "", said, flags=re.IGNORECASE)


def names_option(field: FormField, words: str) -> bool:
    """Whether words are nothing but the name of an option of a choice, or nearly its name (「不会离校」)."""
    plain = unicodedata.normalize("NFKC", words[:60]).lower()
    return field.kind == "choice" and _only(plain, field.near_labels) and pick(field, words, loosely=False) is not None


def _only(part: str, names: AbstractSet[str]) -> bool:
    """Whether a part of a sentence is nothing but names and fillers, with one name at least."""
    left = part.lower()
    for name in sorted(names, key=len, reverse=True):
        left = left.replace(name, " ")
    return left != part.lower() and _FILLERS.fullmatch(left) is not None


def pick(field: FormField, words: str, *, loosely: bool) -> Option | None:
    """The one option that the words name or mean; None when none or several do. loosely: a part of a label counts."""
    folded = unicodedata.normalize("NFKC", words[:400]).lower().strip()
    exact = [option for option in field.options if folded in option.names]
    if len(exact) == 1:
        return exact[0]
    # Where it is asked what is broken, 「没热水」 denies nothing: that it is not there is what is broken.
    lacking = _BROKEN.search(f"{field.label('zh')} {field.ask.zh}") is not None

    def tell(words: str, names: Sequence[str]) -> bool:
        return any(says(words, name, lacking=lacking) for name in names if name in words)  # Most are not there at all.

    named = [option for option in field.options if tell(folded, option.labels)]
    if len(named) == 1:
        return named[0]
    told = without(plain(folded))
    meant = [option for option in field.options if tell(told, option.meant_by)]
    meant = [option for option in meant if DEATH in told and DEATH in option.words] or meant  # Whatever else is said.
    if len(meant) == 1 and not named:
        return meant[0]
    if loosely and not named and len(folded) > 1:
        parts = [option for option in field.options if any(folded in name for name in option.names)]
        return parts[0] if len(parts) == 1 else None
    return None


def span_value(time: Span) -> dict[str, Any] | None:
    """A from–to answer, as it is stored; None when the time is not certain or has no end."""
    if time.ask is not None or time.start is None or time.kind not in ("range", "point", "list"):
        return None
    end = time.end
    if end is None:
        if time.start_has_time or time.kind in ("list", "point"):  # 「周五前」 is a limit, and no day off
            return None
        end = time.start + timedelta(days=1)
    if time.kind == "point" and time.start_has_time and end <= time.start:
        return None
    return {
        "start": time.start.isoformat(), "end": end.isoformat(), "timed": [time.start_has_time, time.end_has_time],
    }  # fmt: skip


def says_length(words: str) -> bool:
    """Whether the words say how long (「一天」, "two days")."""
    return _LENGTH.search(words) is not None


def date_value(time: Span) -> str | None:
    """A day, as it is stored."""
    return time.start.date().isoformat() if time.ask is None and time.start is not None else None


def phone(words: str) -> str | None:
    """A telephone number in the words."""
    found = _PHONE.search(unicodedata.normalize("NFKC", words[:200]).replace(" ", ""))
    return found[1] if found else None


def amount(words: str) -> float | None:
    """A number in the words; None when there is none, or several. 「①」 and 「²」 are no numbers."""
    plain = "".join(mark if ord(mark) < 0xFF00 else unicodedata.normalize("NFKC", mark) for mark in words[:200])
    found = _AMOUNT.findall(plain)
    if not found:
        spelled = _SPELLED.findall(plain)
        read = number(spelled[0]) if len(spelled) == 1 else None
        return None if read is None else float(read)
    return float(found[0]) if len(found) == 1 else None
