"""What the rules of leave say to questions: how far ahead, what to show, who signs, how much is left, how to come back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from handlers import rule_answers, wording
from handlers.lengths import keyed
from handlers.rule_answers import bounds, lasting, signed_by
from handlers.services.leave.counting import period
from handlers.services.leave.question import Asked, headed
from handlers.services.leave.spans import counted, heads, whole_of
from handlers.turn import Turn
from handlers.understand.rule_words import asks_formalities, asks_whether_allowed
from models.chain import conditioned
from models.item import Item
from models.leave_rules import Evidence, LeaveRules, Total, limit

_TOLD_HERE: Final = frozenset({"kind", "days", "raised"})  # what an answer about signers tells apart
_NEVER: Final = 366.0  # days, the most of a rule that says none


def told(turn: Turn, item: Item, rules: LeaveRules, aspect: str, words: str) -> str | None:
    """The answer to one aspect of a leave (handlers.understand.questions.aspect_of); None where no rule says."""
    found, asked = TOLD.get(aspect), Asked(turn, item, rules, words)
    if aspect == "evidence" and asked.kind is not None and asks_formalities(words):
        return "\n".join((_who(asked), _evidence(asked), _guardian(asked)))
    said = found(asked) if found is not None else None
    if said is None or aspect != "who" or not asks_whether_allowed(words):
        return said
    raised = [
        each for each in rules.raises for season in asked.seasons if any(season in name for name in each.when.seasons())
    ]
    return "\n".join((*(asked.say("allowed", why=each.why.to(turn.lang)) for each in raised[:1]), said))


def _who(asked: Asked) -> str:
    """Who signs, by kind and length (and by the choice of the form on which it hangs besides), and what asks for one tier
    more."""
    at = bounds(each.when for each in asked.item.approval)
    others = conditioned(asked.item.approval) - _TOLD_HERE
    fields = [field for field in asked.item.fields if field.key in others and field.kind == "choice"]

    def of(kind: str, more: dict[str, str] | None = None) -> list[str]:
        known = {"kind": kind, **(more or {})}
        return asked.lines(at, lambda days: signed_by(asked.turn, asked.item, {**known, "days": days}))

    if fields:
        rows = [(option.label.to(asked.turn.lang), {fields[0].key: option.key}) for option in fields[0].options]
        lines = [asked.one(label, of(asked.kind or "", more)) for label, more in rows]
    else:
        lines = asked.by_kind(of)
        known = {"kind": asked.kind or "", "days": asked.days or 0.5}
        higher = signed_by(asked.turn, asked.item, {**known, "raised": 1})
        if higher != signed_by(asked.turn, asked.item, known):
            lines += [
                asked.say("raised", why=each.why.to(asked.turn.lang), names=higher) for each in asked.rules.raises
            ]
    lines += _seasons(asked, told=not fields)
    open_ = others - {field.key for field in fields[:1]} or (fields and asked.rules.raises)
    also = asked.say("who_also") if open_ else ""
    return headed(asked, "who", lines, also, *rule_answers.phone(asked.turn, asked.item))


def _seasons(asked: Asked, *, told: bool) -> list[str]:
    """What the rules say of exam weeks and the days around holidays, to whoever asks about these. told: it stands above."""
    lines = []
    for season in asked.seasons:
        raised = [each for each in asked.rules.raises if any(season in name for name in each.when.seasons())]
        if not raised:
            lines.append(asked.say(f"season_none_{season}"))
        elif not told:
            lines += [asked.say("season", why=each.why.to(asked.turn.lang)) for each in raised]
    return list(dict.fromkeys(lines))


def _lead(asked: Asked) -> str:
    """How far ahead it is asked for; and until when it still may be."""

    def owed(kind: str, days: float) -> str:
        known: dict[str, Any] = {"kind": kind, "days": days}
        rows = [each.before for each in asked.of(kind).lead if each.when is None or _holds(asked, each.when, known)]
        most = max(rows, key=lambda words: limit(words).seconds, default="")
        return asked.say("lead", length=asked.lasting(most)) if most and limit(most).seconds else asked.say("lead_none")

    def of(kind: str) -> list[str]:
        return asked.lines(bounds(each.when for each in asked.of(kind).lead), lambda days: owed(kind, days))

    late = asked.of(asked.kind or "").late
    after = asked.say("lead_late", length=asked.lasting(late)) if limit(late).seconds else asked.say("lead_no_late")
    before = asked.item.limits.limits().before
    answered = asked.say("lead_answer", length=lasting(asked.turn, before)) if before is not None else ""
    return headed(asked, "lead_head", asked.by_kind(of), answered, after)


def _holds(asked: Asked, when: Any, known: dict[str, Any]) -> bool:
    return bool(when.holds(known, asked.turn.school.seasons))


def _evidence(asked: Asked) -> str:
    """What is to be shown, by kind and length, and by when."""

    def shown(row: Evidence) -> str:
        name = row.words.to(asked.turn.lang)
        if row.due == "now":
            return asked.say("evidence_now", words=name)
        key = "evidence_begun" if row.after == "begin" else "evidence_later"
        return asked.say(key, words=name, length=asked.lasting(row.within))

    def of(kind: str) -> list[str]:
        rows = asked.of(kind).evidence

        def say(days: float) -> str:
            known = {"kind": kind, "days": days}
            found = [shown(row) for row in rows if row.when is None or _holds(asked, row.when, known)]
            return asked.say("and").join(found) or asked.say("evidence_none")

        return asked.lines(bounds(row.when for row in rows), say)

    return headed(asked, "evidence_head", asked.by_kind(of))


def _guardian(asked: Asked) -> str:
    """Whose parents confirm, and how."""

    def of(kind: str) -> list[str]:
        rule = asked.of(kind).guardian

        def say(days: float) -> str:
            owes = rule is not None and (rule.when is None or _holds(asked, rule.when, {"kind": kind, "days": days}))
            return asked.say("guardian_yes" if owes else "guardian_no")

        return asked.lines(bounds([rule.when] if rule is not None else []), say)

    needs = any(asked.of(kind).guardian is not None for kind in asked.kinds)
    return headed(asked, "guardian_head", asked.by_kind(of), asked.say("guardian_how") if needs else "")


def _need(asked: Asked) -> str | None:
    """Whether there is a kind of leave for it, and who decides; None where no kind is named."""
    if asked.kind is None:
        return None
    return f"{asked.say('need', kind=asked.label(asked.kind))}\n{_who(asked)}"


def _total(asked: Asked) -> str:
    """How much leave the speaker has had this term, by kind, and how much of what the rules allow is left."""
    turn = asked.turn
    if turn.person is None:
        return asked.say("total_unknown")
    seasons = turn.school.seasons
    since = period(turn.today, "term", seasons)
    mine = [each for each in heads({}, counted(turn, turn.person.id)) if _falls(turn, each.answers, "term")]
    days = sum(float(each.answers.get("days") or 0) for each in mine)
    first = wording.day(since, turn.lang, turn.today)
    lines = [asked.say("total" if mine else "total_none", since=first, count=len(mine), days=wording.number(days))]
    kinds = Counter(str(each.answers.get("kind")) for each in mine)
    for kind, count in kinds.items():
        sum_ = sum(float(each.answers.get("days") or 0) for each in mine if str(each.answers.get("kind")) == kind)
        lines.append(asked.say("total_kind", kind=asked.label(kind), count=count, days=wording.number(sum_)))
    for kind in asked.kinds:
        lines += [line for rule in asked.of(kind).total if (line := _left(asked, kind, rule))]
    return "\n".join([*lines, asked.say("total_counts")])


def _falls(turn: Turn, answers: dict[str, Any], per: str) -> bool:
    seasons = turn.school.seasons
    return period(whole_of(turn, answers)[0].date(), per, seasons) == period(turn.today, per, seasons)


def _left(asked: Asked, kind: str, rule: Total) -> str:
    """How much of one total is used; "" for one of another kind that was never asked for."""
    turn, kinds = asked.turn, {kind, *rule.kinds}
    mine = counted(turn, turn.person.id) if turn.person is not None else []
    rows = [
        each for each in heads({}, mine)
        if str(each.answers.get("kind")) in kinds and _falls(turn, each.answers, rule.per)
    ]  # fmt: skip
    if not rows and asked.kind is None:
        return ""
    used = len(rows) if rule.unit == "times" else sum(float(each.answers.get(rule.unit) or 0) for each in rows)
    values = {
        "kind": asked.label(kind), "used": _amount(asked, rule, used), "most": _amount(asked, rule), "per": asked.say(f"per_{rule.per}"),
        "does": asked.say(f"beyond_{rule.do}"), "left": _amount(asked, rule, abs(rule.limit - used)),
    }  # fmt: skip
    return asked.say("total_over" if used > rule.limit else "total_left", **values)


def _amount(asked: Asked, rule: Total, count: float | None = None) -> str:
    return asked.say(f"amount_{rule.unit}", count=wording.number(rule.limit if count is None else count))


def _most(asked: Asked) -> str:
    """How long one leave may be, and how much they may add up to."""

    def of(kind: str) -> list[str]:
        mine = asked.of(kind)
        nights = mine.count == "nights"
        said = [asked.say(keyed("most", nights=nights), days=wording.number(mine.most))] if mine.most < _NEVER else []
        said += [asked.say(keyed("least", nights=nights), days=wording.number(mine.least))] if mine.least else []
        for rule in mine.total:
            per, does = asked.say(f"per_{rule.per}"), asked.say(f"beyond_{rule.do}")
            said.append(asked.say("most_total", per=per, most=_amount(asked, rule), does=does))
        return said or [asked.say("most_none")]

    return headed(asked, "most_head", asked.by_kind(of))


def _back(asked: Asked) -> str:
    """How a leave is ended, and what is to be shown then."""
    staff = asked.of(asked.kind or "").back_by == "staff"
    lines = [asked.say("back_staff" if staff else "back_word")]

    def of(kind: str) -> list[str]:
        rows = asked.of(kind).back_evidence
        return [
            asked.say("back_evidence", words=row.words.to(asked.turn.lang), length=asked.lasting(row.within))
            for row in rows
        ]

    lines += asked.by_kind(of) if asked.kinds else []
    watch = asked.item.limits.limits().back_remind
    ahead = [lasting(asked.turn, each.__class__(-each.seconds, each.clock)) for each in watch if each.seconds < 0]
    return "\n".join([*lines, *(asked.say("back_remind", length=length) for length in ahead[:1])])


def _late(asked: Asked) -> str:
    """What happens when nobody signs back in in time, and what to do."""
    promised = asked.item.limits.limits()
    lines = [asked.say("late")]
    for number, offset in enumerate(promised.back_escalate):
        role = promised.back_roles[number] if number < len(promised.back_roles) else ""
        name = wording.role(role, asked.turn.lang) if role else asked.say("late_above")
        lines.append(asked.say("late_step", length=lasting(asked.turn, offset), role=name))
    if asked.rules.short is not None:
        lines.append(asked.say("late_short"))
    extend = asked.of(asked.kind or "").extend_late
    lines.append(
        asked.say("late_extend", length=asked.lasting(extend)) if limit(extend).seconds else asked.say("late_no_extend")
    )
    return "\n".join(lines)


def _makeup(asked: Asked) -> str:
    """Whether a leave may be handed in afterwards, as which kind, and until when."""
    lines = []
    for option in asked.options:
        stretch = asked.of(option.key).made_up
        if limit(stretch).seconds:
            label = option.label.to(asked.turn.lang)
            lines.append(asked.say("makeup", kind=label, length=asked.lasting(stretch)))
            rows = asked.of(option.key).evidence
            words = asked.say("and").join(row.words.to(asked.turn.lang) for row in rows)
            lines.append(asked.say("makeup_shown", words=words) if rows else asked.say("makeup_unshown"))
    late = asked.rules.late
    begun = asked.say("makeup_begun", length=asked.lasting(late)) if limit(late).seconds else ""
    how = [asked.say("makeup_how", day=wording.day(asked.turn.today - timedelta(days=1), asked.turn.lang))]
    return "\n".join([*(lines + how if lines else [asked.say("makeup_none")]), *filter(None, [begun])])


def _extend(asked: Asked) -> str:
    """How more days are asked for."""
    mine = asked.of(asked.kind or "")
    lines = [asked.say("extend")]
    if limit(mine.extend_before).seconds:
        lines.append(asked.say("extend_before", length=asked.lasting(mine.extend_before)))
    late = limit(mine.extend_late).seconds
    lines.append(
        asked.say("extend_late", length=asked.lasting(mine.extend_late)) if late else asked.say("extend_no_late")
    )
    return "\n".join([*lines, asked.say("extend_tier")])


def _count(asked: Asked) -> str:
    """How a leave's days are counted."""

    def of(kind: str) -> list[str]:
        return [asked.say(f"count_{asked.of(kind).count.replace('-', '_')}", noon=asked.rules.noon)]

    return headed(asked, "count_head", asked.by_kind(of))


TOLD: Final[dict[str, Callable[[Asked], str | None]]] = {
    "who": _who, "need": _need, "lead": _lead, "evidence": _evidence, "guardian": _guardian, "total": _total, "most": _most,
    "back": _back, "late": _late, "makeup": _makeup, "extend": _extend, "count": _count,
}  # fmt: skip
