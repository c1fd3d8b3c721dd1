"""What has to be shown for a leave that is still filled in, by its name and until when, so that nobody learns it afterwards."""

from __future__ import annotations

from typing import Any

from handlers import wording
from handlers.services.leave import stretches
from handlers.services.leave.spans import span_of
from handlers.turn import Turn
from models.leave_rules import LeaveRules


def line(turn: Turn, rules: LeaveRules, answers: dict[str, Any]) -> str:
    """The proof by its name and its last day; "" where none is asked for, or it is there already. On a channel whose
    messages leave the country it is not named, since its name tells the kind: only that it may come later."""
    if not answers.get("span") or answers.get("evidence"):
        return ""
    if turn.abroad:
        return turn.say("leave.evidence_later") if answers.get("evidence_due") == "later" else ""
    due = [
        each for each in rules.of(answers.get("kind")).evidence
        if each.when is None or each.when.holds(answers, turn.school.seasons)
    ]  # fmt: skip
    if not due:
        return ""
    words = turn.say("form.or").join(each.words.to(turn.lang) for each in due)
    if any(each.due == "now" for each in due):
        return turn.say("showing.now", words=words)
    until = stretches.shown_by(turn, due, span_of(turn, answers))
    zone = turn.school.zone
    at = wording.moment(wording.last_minute(until, zone), turn.lang, zone, turn.today)
    return turn.say("showing.until", words=words, at=at)
