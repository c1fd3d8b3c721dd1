"""What rules of an item would do to a ticket, told beforehand."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from handlers import rule_trials, tickets
from models.message import Refused
from tests.builders import START, turn_of
from tests.handlers.ruling import WAITS, opened


def test_it_says_what_rules_would_do_and_changes_nothing(session: Session) -> None:
    ticket, here = opened(
        session,
        {"name": "低分", "on": "rated", "stars": 2, "then": {"tag": ["低分"], "tell": [{"who": "lead"}]}},
        {"name": "晚了", "on": "overdue", "target": "respond", "after": "1h", "if": {"priority": ["high"]},
         "then": {"give": {"office": "psych"}}},
        {"name": "晚一点", "on": "overdue", "target": "respond", "after": "1h", "then": {"priority": "high"}},
        WAITS,
    )  # fmt: skip
    rev = ticket.rev
    lines = rule_trials.trial(turn_of(session, None, START, school=here), ticket.number)
    assert lines[1] == "· 低分：评价 2 星及以下时，条件都符合 → 加标签 #低分；告诉学工部长"
    assert lines[2] == "· 晚了：超期 1 个工作小时；现在不会到时间，但优先级不符合 → 转给心理老师"
    assert lines[3] == "· 晚一点：超期 1 个工作小时，6月10日（周三）16:00 → 优先级改为高"
    assert "结束，不再等补充（照现在的样子做不了：现在不是在等学生补充）" in lines[4]
    assert ticket.rev == rev
    tickets.ask(turn_of(session, "后勤老师", START, school=here), ticket, "哪一间？")
    lines = rule_trials.trial(turn_of(session, None, START, school=here, lang="en"), ticket.number)
    assert "the student is warned" in lines[4]
    with pytest.raises(Refused):
        rule_trials.trial(turn_of(session, None, START, school=here), "BX-0000-0000")
