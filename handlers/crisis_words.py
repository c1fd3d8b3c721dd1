"""The first look at every text: is somebody's life or safety at stake, and how loud must the alarm be?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Final, Literal, NamedTuple

from handlers import crisis_afar as afar
from handlers import crisis_context as context
from handlers import crisis_danger as danger
from handlers import crisis_peril as peril
from handlers import crisis_rules as rules
from handlers import crisis_veiled as veiled
from handlers.crisis_fold import TITLE_ENDS, TITLE_OPENS, fold, squeeze

Kind = Literal["self", "other", "danger"]
Level = Literal["page", "review"]

# How far back, in characters, a subject, a negation or a quoting word still belongs to the match.
_REACH: Final = 14
# So many matches of one rule are weighed; no message of a person has more, a hostile one might.
_MATCHES: Final = 400
# The words that are being read in the threads of this moment; nobody's words are kept for longer.
_JUST_READ: Final = 8


class Alarm(NamedTuple):
    """What was heard: kind, level, and the constant name of the rule (the only part that may be logged).

    kind: "self" the speaker's own life, "other" a third person's, "danger" fire, injury, violence, a missing person.
    level: "page" wakes the duty chain at once; "review" offers the fixed help softly and is read later.
    """

    kind: Kind
    level: Level
    rule: str


class _Compiled(NamedTuple):
    name: str
    voice: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None


def _compile(table: tuple[rules.Rule, ...]) -> tuple[_Compiled, ...]:
    return tuple(
        _Compiled(rule.name, rule.voice, re.compile(rule.pattern), re.compile(rule.unless) if rule.unless else None)
        for rule in table
    )


def _any_of(table: tuple[rules.Rule, ...]) -> re.Pattern[str]:
    # English patterns begin with a letter: one look ahead spares them at every Chinese character.
    latin = "|".join(f"(?:{rule.pattern})" for rule in table if rule.pattern.isascii())
    rest = "|".join(f"(?:{rule.pattern})" for rule in table if not rule.pattern.isascii())
    return re.compile(f"(?=[a-z])(?:{latin})|{rest}")


_SELF_TABLE: Final = rules.SELF_RULES + veiled.VEILED_RULES
_DANGER_TABLE: Final = danger.DANGER_RULES + peril.PERIL_RULES
_SELF: Final = _compile(_SELF_TABLE)
_SOFT: Final = _compile(context.SOFT_RULES)
_DANGER: Final = _compile(_DANGER_TABLE)
_OF_OTHERS: Final = re.compile(
    "himself|herself|themself|themselves|cut(?:s|ting)?(?:her|his|their)|(?:texted|sent|left)(?:me|us)asuicidenote|lockedh(?:im|er)self|[让叫]我(?:忘|别找)"
)
# One search over all patterns settles the ordinary sentence, which has none of them.
_ANY: Final = _any_of(_SELF_TABLE + context.SOFT_RULES + _DANGER_TABLE)


@lru_cache(maxsize=_JUST_READ)
def look(words: str) -> Alarm | None:
    """The loudest alarm in the words, or None. Door, dialogue and intents ask of the same words one after another.

    Deterministic, no network, never raises on a str, linear in the length. Order of loudness: own life, another's
    life, danger, each "page" before any "review". Tuned for recall: an alarm too many is accepted and counted.
    The levels and look-alikes follow the anchors on crisis handling in the project's facts.
    """
    text = squeeze(fold(words))
    if not text or not _ANY.search(text):
        return None
    text = context.BENIGN.sub("□", text)
    best: Alarm | None = None
    for alarm in _alarms(text):
        if alarm.level == "page":
            if alarm.kind != "danger":
                return alarm
            if best is None or best.level == "review":
                best = alarm
        elif best is None or best.rule == afar.RULE:
            # A relative's accident is a reason for leave only where nothing else is heard but a low mood.
            best = alarm if best is None or alarm.kind == "danger" else best
    return best


def _alarms(text: str) -> Iterator[Alarm]:
    for rule in _SELF:
        for match in islice(rule.pattern.finditer(text), _MATCHES):
            if not _taken_away(rule, text, match):
                yield _weigh(rule, text, match)
    for rule in _DANGER:
        for match in islice(rule.pattern.finditer(text), _MATCHES):
            # "有人" says that a person is there, whatever else the sentence is about.
            if "有人" in text or not _taken_away(rule, text, match):
                family = afar.is_reason(rule.name, text, match.start())
                level = "review" if family else _danger_level(rule, text, match)
                yield Alarm("danger", level, afar.RULE if family else rule.name)
    for rule in _SOFT:
        if rule.pattern.search(text):
            yield Alarm("self", "review", rule.name)


def _taken_away(rule: _Compiled, text: str, match: re.Match[str]) -> bool:
    if rule.unless is None:
        return False
    return rule.unless.search(text, max(0, match.start() - _REACH), match.end() + _REACH) is not None


def _danger_level(rule: _Compiled, text: str, match: re.Match[str]) -> Level:
    around = text[max(0, match.start() - 2 * _REACH) : match.end() + 2 * _REACH]
    far = danger.FAR_OR_PAST.search(around)
    far = None if far and far["far"] and afar.is_here(text, match.start()) else far
    quiet = rule.voice == "soft" or danger.TOPIC.search(around) or far
    return "review" if quiet or _in_title(text, match.start()) else "page"


def _weigh(rule: _Compiled, text: str, match: re.Match[str]) -> Alarm:
    """Whose words and whose life: decides kind and level of one match of a self-harm rule."""
    before = text[max(0, match.start() - _REACH) : match.start()]
    after = text[match.end() : match.end() + _REACH]
    if _in_title(text, match.start()):
        return Alarm("self", "review", "TITLE")
    if context.NEGATED.search(before):
        return Alarm("self", "review", "NEGATED")
    if context.QUOTED.search(before):
        return Alarm("self", "review", "QUOTED")
    if rule.voice == "act" and _is_topic(before, after):
        return Alarm("self", "review", "TOPIC")
    other = "我" not in match[0] and _is_other(before, after)
    return Alarm("other" if other or _OF_OTHERS.search(match[0]) else "self", "page", rule.name)


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return found[-1] if found else None


def _in_title(text: str, at: int) -> bool:
    opened = text.rfind(TITLE_OPENS, max(0, at - 40), at)
    return opened >= 0 and TITLE_ENDS not in text[opened:at] and TITLE_ENDS in text[at : at + 40]


def _is_topic(before: str, after: str) -> bool:
    if context.WANTING.search(before):
        return False
    if context.TOPIC_AFTER.search(after):
        return True
    found = _last(context.TOPIC_BEFORE, before)
    return found is not None and "我" not in before[found.end() :]


def _is_other(before: str, after: str) -> bool:
    if context.PERSON_AFTER.match(after):
        return True
    found = _last(context.PERSON, before)
    if found is None or context.ENGLISH_I.search(before):
        return False
    lead = before[: found.start()].rstrip("我的")
    return "我" not in before[found.end() :] and not lead.endswith(tuple(context.NOT_SUBJECT))
