"""What a guard of leave says to the student: the whole sentence, with what is wrong, what the rule is and what to do next."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from handlers.turn import School
from models.message import Refused
from tests.builders import START, make_school, turn_of
from tests.handlers.leave_examples import DAYS, WHERE, have, school_of, span


def refused(session: Session, school: School, kind: str, start: str, end: str, lang: str = "zh") -> str:
    """The sentence with which a leave is refused. start, end: of 2026, or of 2027 after a "+"."""
    turn = turn_of(session, "李雷", START, school=school, lang=lang)
    days = span(start.lstrip("+"), end.lstrip("+"))
    later = {
        key: days[key].replace("2026", "2027") for key, words in (("start", start), ("end", end)) if words[0] == "+"
    }
    answers = {"kind": kind, "span": {**days, **later}, "reason": "有事"}
    if "where" in {field.key for field in school.catalogue.items["leave"].fields}:
        answers["where"] = "town"
    service = school.catalogue.service("leave")
    answers.update(service.derive(turn, answers))
    with pytest.raises(Refused) as caught:
        service.check(turn, answers)
    return turn.say(caught.value.key, **caught.value.values)


@pytest.mark.parametrize(
    ("rules", "kind", "start", "end", "said"),
    [
        ("", "internship", "06-11T00:00", "+06-12T00:00", "时间太远或太长了（最多一年以内）。请重新写时间；休学请找老师。"),
        ("", "sick", "+06-11T08:00", "+06-11T12:00", "时间太远或太长了（最多一年以内）。请重新写时间；休学请找老师。"),
        (DAYS, "bereavement", "06-15T00:00", "06-22T00:01", "丧假一次最多 7 天，这里是 8 天。请改时间，或换一种假；有困难请说「找老师」。"),
        (DAYS, "personal", "06-15T00:00", "06-29T12:00", "事假一次最多 14 天，这里是 15 天。请改时间，或换一种假；有困难请说「找老师」。"),
        ("", "sick", "06-11T08:00", "06-11T08:01", "从 6月11日（周四）08:00 到 6月11日（周四）08:01 只有几分钟，这么短不用请假。是写错了的话，请再写从几点到几点。"),
        (DAYS, "makeup", "06-06T08:00", "06-07T08:59", "开始时间（6月6日（周六）08:00）已经过去太久，不能在这里补。请点「找老师」说明情况。"),
    ],
)  # fmt: skip
def test_it_says_plainly_what_is_too_far_too_long_too_short_or_long_past(
    session: Session, rules: str, kind: str, start: str, end: str, said: str
) -> None:
    assert refused(session, school_of(rules) if rules else make_school(), kind, start, end) == said


def test_it_says_plainly_which_total_of_a_month_is_used_up(session: Session) -> None:
    have(session, WHERE, "night", ("06-03T22:00", "06-04T08:00"), ("06-05T22:00", "06-06T08:00"))
    said = refused(session, school_of(WHERE), "night", "06-12T22:00", "06-13T08:00")
    assert said == "公寓假一个月最多 2 次，这是第 3 次。请换一种假；确有需要请说「找老师」。"
    english = refused(session, school_of(WHERE), "night", "06-12T22:00", "06-13T08:00", "en")
    assert "2" in english
    assert "3" in english
    assert not any("一" <= each <= "鿿" for each in english.replace("「找老师」", "")), english


def test_it_says_plainly_which_total_of_a_term_is_used_up(session: Session) -> None:
    have(session, DAYS, "personal", ("04-01T00:00", "04-15T00:00"), ("05-01T00:00", "05-14T00:00"))
    said = refused(session, school_of(DAYS), "personal", "06-15T00:00", "06-17T00:00")
    assert said == "事假一学期最多 28 天，连这次是 29 天。请改时间，或换一种假；确有需要请说「找老师」。"
