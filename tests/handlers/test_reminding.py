"""Why a reminder comes: what is still owed, as the matter stands."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from handlers import reminding, tickets
from tests.builders import leave_answers, own_catalogue, turn_of

REPAIR = {"what": "network", "where": "东园1号楼", "detail": "三楼没有网"}


@pytest.mark.parametrize(
    ("slug", "has", "step", "said"),
    [
        ("leave", True, "remind:respond:0:1", "还没有答复"),
        ("leave", True, "remind:resolve:0:1", "还没有批"),
        ("leave", False, "remind:resolve:0:1", "还没有人接手"),
        ("dorm-repair", True, "remind:resolve:0:1", "还没有答复"),
        ("dorm-repair", False, "escalate:resolve:0:1", "还没有人接手"),
        ("taken", True, "escalate:resolve:0:1", "还没有办结"),
        ("taken", True, "remind:next:0:1", "学生又写了话，还没有答复"),
    ],
)
def test_it_says_what_is_owed_as_it_stands(session: Session, slug: str, has: bool, step: str, said: str) -> None:
    item = own_catalogue().items["dorm-repair" if slug == "taken" else slug]
    ticket = tickets.open_ticket(turn_of(session, "李雷"), item, leave_answers() if slug == "leave" else REPAIR)
    if slug == "taken":
        tickets.take(turn_of(session, "后勤老师"), ticket)
    if not has:
        ticket.assignee_id = None
    elif ticket.assignee_id is None:
        ticket.assignee_id = ticket.requester_id
    assert reminding.why(turn_of(session, "韩老师"), ticket, step) == said
