"""What a leave must not be: each guard refuses with one plain sentence that says what is wrong and what to do."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final

from handlers import begun, lengths, owned, wording
from handlers.services.leave import prolonging, stretches
from handlers.services.leave.facts import exceeded, reckon
from handlers.services.leave.spans import overlapping, span_of
from handlers.turn import Turn
from models.item import Item
from models.leave_rules import KindRules, LeaveRules, limit
from models.limits import WORKDAY_SECONDS
from models.message import Refused

# A lesson lasts 45 minutes: what is shorter than this is a slip of the pen, and would count as half a day.
SHORTEST: Final = timedelta(minutes=10)


def check(turn: Turn, item: Item, rules: LeaveRules, answers: dict[str, Any]) -> None:
    """Refuse what cannot be (Refused; its value `field` names the answer to ask anew). Answers may still be missing."""
    if "span" not in answers:
        return
    start, end = span_of(turn, answers)
    mine = rules.of(answers.get("kind"))
    if end <= start:
        zone, today = turn.school.zone, turn.today
        begins, ends = (wording.moment(each, turn.lang, zone, today) for each in (start, end))
        raise Refused("leave.no_length" if end < start else "leave.zero_length", field="span", start=begins, end=ends)
    if end - start < SHORTEST and not answers.get("extends"):
        begins, ends = (wording.moment(each, turn.lang, turn.school.zone, turn.today) for each in (start, end))
        raise Refused("leave.minutes_only", field="span", start=begins, end=ends)
    if (end - start).days > 365 or start - turn.now > stretches.from_(turn, rules.ahead, turn.now):
        raise Refused("leave.too_far", field="span")
    if mine.afterwards and begun.reported_from(turn.school, answers["span"]) > turn.now and not _is_today(turn, start):
        raise Refused("leave.not_gone", field="kind", kind=_label(turn, item, answers.get("kind")),
                      start=wording.day(start.date(), turn.lang, turn.today))  # fmt: skip
    if answers.get("extends"):
        prolonging.in_time(turn, mine, start)
    else:
        _in_time(turn, item, rules, mine, answers, start, end)
        _returned(turn, rules)
    other = overlapping(turn, start, end)
    if other is not None:
        raise Refused("leave.overlap", field="span", number=other.number,
                      span=wording.span(other.answers["span"], turn.lang, turn.school.zone, turn.today))  # fmt: skip
    if "kind" not in answers:
        return
    known = {**answers, **reckon(turn, item, rules, answers)}
    if not answers.get("extends"):
        _enough_ahead(turn, item, mine, known, start)
    _of_length(turn, item, mine, known)
    _within_totals(turn, item, mine, known)
    _shown(turn, item, known)


def _returned(turn: Turn, rules: LeaveRules) -> None:
    """The last leave was signed back in from, where the rules want that before another is asked for."""
    if not rules.return_first:
        return
    late = next((each for each in owned.open_of(turn) if each.back_at is not None and each.back_at <= turn.now), None)
    if late is not None and (turn.about is None or turn.about.id != late.id):
        raise Refused("leave.return_first", number=late.number)


def _in_time(
    turn: Turn, item: Item, rules: LeaveRules, mine: KindRules, answers: dict[str, Any], start: datetime, end: datetime
) -> None:
    """Not long past, and not over, unless the kind may be made up afterwards (补假)."""
    made_up = stretches.from_(turn, mine.made_up, end)
    if end <= turn.now - made_up or (end <= turn.now and not made_up):
        others = [key for key, own in rules.kinds.items() if stretches.from_(turn, own.made_up, end) >= turn.now - end]
        labels = [_label(turn, item, key) for key in others if key != answers.get("kind")]
        said = last(turn, answers, end)
        long_past = start < turn.now - max(stretches.from_(turn, mine.late, start), made_up)
        if long_past and not labels:
            begins = wording.start(answers["span"], turn.lang, turn.school.zone, turn.today)
            raise Refused("leave.long_past", field="span", start=begins)
        if labels and "kind" in answers:
            raise Refused("leave.past_kind", field="span", end=said, kinds=turn.say("form.or").join(labels))
        if labels:
            return  # Which kind it is, is still asked.
        raise Refused("leave.past", field="span", end=said)
    if end > turn.now and not _begun_in_time(turn, mine, start):
        labels = [_label(turn, item, key) for key in rules.kinds if _begun_in_time(turn, rules.of(key), start)]
        if labels and "kind" not in answers:
            return  # As above.
        begins = wording.start(answers["span"], turn.lang, turn.school.zone, turn.today)
        if labels:
            kinds = turn.say("form.or").join(labels)
            raise Refused("leave.begun_kind", field="span", start=begins, kinds=kinds)
        raise Refused("leave.long_past", field="span", start=begins)


def _begun_in_time(turn: Turn, mine: KindRules, start: datetime) -> bool:
    """Whether a leave that is still going on may be asked for: it began no longer ago than its kind may be late, or its kind
    may be made up (补假), which counts from its end: what may be asked for once it is over may be before."""
    return limit(mine.made_up).seconds > 0 or turn.now - start <= stretches.from_(turn, mine.late, start)


def _is_today(turn: Turn, start: datetime) -> bool:
    """Whether a leave begins today, by now: whoever writes 补假 in the middle of the day means the whole of it."""
    return start <= turn.now and start.date() == turn.today


def last(turn: Turn, answers: dict[str, Any], end: datetime) -> str:
    """The end of a leave as it was said: the last of whole days, or an instant."""
    if answers["span"].get("timed", (True, True))[1]:
        return wording.until(end, turn.lang, turn.school.zone, turn.today)
    return wording.day((end - timedelta(seconds=1)).date(), turn.lang, turn.today)


def made_up(turn: Turn, item: Item, rules: LeaveRules, answers: dict[str, Any]) -> dict[str, Any] | None:
    """What a leave that has begun or is over needs to be asked for all the same: {} nothing, {"kind": …} to be of the
    first kind that allows it; None where none does. Its kind may still be unanswered."""
    start, end = span_of(turn, answers)
    kind, ago = answers.get("kind"), turn.now - end
    if answers.get("extends") or turn.now < start:
        return {}
    field = item.field("kind")
    options = field.options if field else ()
    if end > turn.now:
        if _begun_in_time(turn, rules.of(kind), start):
            return {}
        others = [each.key for each in options if _begun_in_time(turn, rules.of(each.key), start)]
        return {"kind": others[0]} if others else None
    fits = [each.key for each in options if stretches.from_(turn, rules.of(each.key).made_up, end) > ago]
    if kind in fits or (kind is None and stretches.from_(turn, rules.made_up, end) > ago):
        return {}
    return {"kind": fits[0]} if fits else None


def _enough_ahead(turn: Turn, item: Item, mine: KindRules, known: dict[str, Any], start: datetime) -> None:
    """Asked for as long before it begins as its kind demands."""
    owed = [
        (stretches.from_(turn, each.before, turn.now), each.before)
        for each in mine.lead
        if each.when is None or each.when.holds(known, turn.school.seasons)
    ]
    if owed and start - turn.now < max(owed)[0]:
        length, words = max(owed)
        earliest = (turn.now + length).astimezone(turn.school.zone)
        first = wording.moment(earliest, turn.lang, turn.school.zone, turn.today)
        if not known["span"].get("timed", (True, True))[0]:  # A whole day begins at midnight.
            whole = earliest.date() + timedelta(days=1 if earliest.time() > time() else 0)
            day = wording.day(whole, turn.lang, turn.today)
            first = turn.say("leave.lead_whole", first=first, day=day) if whole != earliest.date() else day
        kind = _label(turn, item, known.get("kind"))
        raise Refused("leave.lead", field="span", kind=kind, ahead=lasting(turn, words), first=first)


def _of_length(turn: Turn, item: Item, mine: KindRules, known: dict[str, Any]) -> None:
    label, nights = _label(turn, item, known.get("kind")), mine.count == "nights"
    if known["days"] > mine.most:
        values = {"kind": label, "most": wording.number(mine.most), "days": wording.number(known["days"])}
        raise Refused(lengths.keyed("leave.too_long", nights=nights), field="span", **values)
    if known["days"] < mine.least:
        values = {"kind": label, "least": wording.number(mine.least), "days": wording.number(known["days"])}
        raise Refused(lengths.keyed("leave.too_short", nights=nights), field="span", **values)


def _within_totals(turn: Turn, item: Item, mine: KindRules, known: dict[str, Any]) -> None:
    for total, sum_ in exceeded(turn, mine, known, refuses=True):
        raise Refused(
            f"leave.total_{total.unit}_{total.per}", field="span", kind=_label(turn, item, known.get("kind")),
            sum=wording.number(sum_.of(total.unit)), most=wording.number(total.limit),
        )  # fmt: skip


def _shown(turn: Turn, item: Item, known: dict[str, Any]) -> None:
    """What has to be shown with the request is there, once it was asked for."""
    if known.get("evidence_due") != "now" or "evidence" not in known or known["evidence"]:
        return
    needed = [
        each for each in (item.leave or LeaveRules()).of(known.get("kind")).evidence
        if each.due == "now" and (each.when is None or each.when.holds(known, turn.school.seasons))
    ]  # fmt: skip
    words = turn.say("form.or").join(each.words.to(turn.lang) for each in needed)
    raise Refused("leave.evidence_now", field="evidence", words=words, kind=_label(turn, item, known.get("kind")))


def _label(turn: Turn, item: Item, kind: str | None) -> str:
    field = item.field("kind")
    option = field.option(kind) if field is not None else None
    return option.label.to(turn.lang) if option is not None else item.title.to(turn.lang)


def lasting(turn: Turn, words: str) -> str:
    """A stretch as people say it: 3 天, 4 小时, 3 个工作日."""
    found = limit(words)
    if found.clock == "work" and found.seconds % WORKDAY_SECONDS == 0:
        return turn.say("leave.ahead_workdays", count=found.seconds // WORKDAY_SECONDS)
    hours = round(found.seconds / 3600)
    return (
        turn.say("leave.ahead_days", count=hours // 24)
        if hours % 24 == 0
        else turn.say("leave.ahead_hours", count=hours)
    )
