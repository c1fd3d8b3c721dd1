"""To whom a student may turn about a refusal: upwards of whoever refused, and to nobody who took part."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy.orm import Session

from handlers import refusals, student, tickets
from tests.builders import person_of
from tests.handlers.test_signing import TWO, Case


@pytest.mark.parametrize(
    ("signed", "handed_to", "by", "up"),
    [
        ((), "", "韩老师", "王书记"),
        (("韩老师",), "", "王书记", "学工部长"),
        (("韩老师",), "学工部长", "学工部长", None),  # 王书记, who handed it on, works under whoever refused.
        (("韩老师",), "", "李院长", "王书记"),
        (("韩老师", "王书记"), "", "李院长", "学工部长"),
    ],
)
def test_it_points_up_the_ladder_and_past_who_took_part(
    session: Session, signed: Sequence[str], handed_to: str, by: str, up: str | None
) -> None:
    case = Case(session, TWO)
    for name in signed:
        case.sign(name)
    if handed_to:
        tickets.delegate(case.by("王书记"), case.ticket, person_of(session, handed_to), "我出差")
    tickets.refuse(case.by(by), case.ticket, "考试周")
    to = refusals.above(case.by("李雷"), case.ticket, person_of(session, by).id)
    assert (to.name if to is not None else None) == up
    event = tickets.events_of(case.by("李雷"), case.ticket)[-1]
    offered = refusals.choices(case.by("李雷"), case.ticket, event, "requester")
    assert [choice.label for choice in offered] == ([f"向{up}反映"] if up else [])
    assert refusals.choices(case.by("李雷"), case.ticket, event, "assignee") == ()
    # Whoever looks at it later finds the same.
    later = student.show(case.by("李雷"), case.ticket, staff=False)[-1]
    assert [choice.label for choice in later.choices if choice.send.split(":")[2] == "raise"] == [
        choice.label for choice in offered
    ]
    more = refusals.more(case.by("李雷"), case.ticket, person_of(session, by).id)
    assert refusals.standing(case.by("李雷"), case.ticket) == more
    assert later.text.endswith(f"\n{more}" if more else "")
    assert not any("raise" in choice.send for choice in student.show(case.by(by), case.ticket, staff=True)[-1].choices)
