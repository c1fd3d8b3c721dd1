"""Merging several at once: each left out with its reason, whoever asked told once, and one word that takes all back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers import approvals, merging_many, recusals, taking_back, tickets
from handlers.approvals import Pick
from handlers.talks import Talk
from handlers.understand.merging import read_several
from handlers.understand.orders import Order
from models.desk import Postponed
from models.message import Refused
from models.ticket import Resolution, Status, Ticket
from tests.builders import START, person_of, told, turn_of
from tests.handlers.test_merging import REPAIR, kinds, opened

STAFF = "后勤老师"
A, B, C, D = "BX-2606-0001", "BX-2606-0002", "BX-2606-0003", "BX-2606-0004"


def picks(*found: Ticket) -> list[Pick]:
    return [Pick(each.id, each.rev) for each in found]


def flags(session: Session, found: list[Ticket], into: str = "", by: str = STAFF) -> dict[str, str]:
    return {each.number: each.flag for each in merging_many.judge(turn_of(session, by), picks(*found), into).judged}


def test_it_merges_several_and_takes_all_back_unheard(session: Session) -> None:
    kept, hers, mine, second = opened(session), opened(session, "韩梅梅"), opened(session), opened(session, "韩梅梅")
    asked = merging_many.judge(turn_of(session, STAFF), picks(hers, mine, second, kept))
    assert asked.kept is not None
    assert (asked.kept.number, len(asked.may_stay), [each.flag for each in asked.judged]) == (kept.number, 4, [""] * 3)
    turn = turn_of(session, STAFF)
    done, into = merging_many.merge(turn, picks(hers, mine, second, kept), "", "一个路由器的事")
    session.flush()
    assert (into.id, len(done.approved), done.left_out) == (kept.id, 3, ())
    assert {each.resolution for each in (hers, mine, second)} == {Resolution.duplicate}
    assert told(session, "韩梅梅") == told(session, "李雷") == []
    assert approvals.take_back(turn_of(session, STAFF, START + timedelta(seconds=9)), done.bulk) == 3
    approvals.tell_postponed(turn_of(session, None, START + timedelta(seconds=20)))
    assert {(each.status, each.kept_id) for each in (hers, mine, second)} == {(Status.new, None)}
    assert kinds(session, kept)[-3:] == ["parted"] * 3
    assert told(session, "韩梅梅") == told(session, "李雷") == []


def test_it_tells_each_once_of_all_that_were_theirs(session: Session) -> None:
    kept, hers, second, mine = opened(session), opened(session, "韩梅梅"), opened(session, "韩梅梅"), opened(session)
    merging_many.merge(turn_of(session, STAFF), picks(kept, second, hers, mine))
    approvals.tell_postponed(turn_of(session, None, START + timedelta(seconds=20)))
    (to_her,) = told(session, "韩梅梅")
    assert to_her.startswith(f"{hers.number}、{second.number} 与另一件是同一件事")
    (to_him,) = told(session, "李雷")
    assert mine.number in to_him
    assert kept.number in to_him


def test_it_names_why_each_is_left_out(session: Session) -> None:
    kept, ended, hers = opened(session), opened(session, "韩梅梅"), opened(session, "韩梅梅")
    tickets.withdraw(turn_of(session, "韩梅梅"), ended)
    leave, foreign = opened(session, "韩梅梅", "leave"), opened(session, "林涛", "leave")
    by = "学工部长"
    assert flags(session, [kept, ended, hers, leave], by=by) == {
        ended.number: "ended", hers.number: "", leave.number: "merge_apart"
    }  # fmt: skip
    stale = merging_many.judge(turn_of(session, by), [*picks(kept), Pick(hers.id, hers.rev + 3)])
    assert [each.flag for each in stale.judged] == ["changed"]
    # What is out of reach is counted and not named, as if it were not there.
    asked = merging_many.judge(turn_of(session, STAFF), picks(kept, hers, foreign))
    assert (asked.gone, [each.number for each in asked.judged]) == (1, [hers.number])
    leaves = [leave, opened(session, "李雷", "leave")]
    assert list(flags(session, leaves, by=by).values()) == ["private"]  # A leave tells of health.
    with pytest.raises(Refused) as refused:
        merging_many.merge(turn_of(session, STAFF), picks(hers), foreign.number)
    assert refused.value.key == "merge_many.not_found"


def test_it_closes_no_circle_and_follows_a_chain(session: Session) -> None:
    first, second, third = opened(session), opened(session, "韩梅梅"), opened(session)
    tickets.merge(turn_of(session, STAFF), third, first)
    assert flags(session, [first, second], third.number) == {first.number: "merge_circle", second.number: ""}
    done, into = merging_many.merge(turn_of(session, STAFF), picks(first, second), third.number)
    assert (into.id, [each.number for each in done.approved]) == (first.id, [second.number])
    assert [each.flag for each in done.left_out] == ["merge_circle"]
    assert flags(session, [second, third], first.number) == dict.fromkeys([second.number, third.number], "merged_there")


def test_it_asks_about_other_places_and_leaves_out_what_is_about_whoever_has_the_other(session: Session) -> None:
    turn, kept, about = turn_of(session, STAFF), opened(session), opened(session, "韩梅梅")
    far = opened(session, "韩梅梅")
    far.answers = {**REPAIR, "where": "西园3号楼101"}
    assert flags(session, [kept, far]) == {far.number: merging_many.PLACES}
    assert [each.flag for each in merging_many.judge(turn, picks(kept, far), sure=True).judged] == [""]
    kept.assignee_id = person_of(session, "韩老师").id
    recusals.keep_out(turn, about, [str(kept.assignee_id)])
    assert flags(session, [kept, about])[about.number] == "merge_recused"


def test_it_takes_a_click_back_by_one_word_also_when_they_were_told(session: Session) -> None:
    kept, hers, mine = opened(session), opened(session, "韩梅梅"), opened(session)
    merging_many.merge(turn_of(session, STAFF), picks(kept, hers, mine))
    approvals.tell_postponed(turn_of(session, None, START + timedelta(seconds=20)))
    later = turn_of(session, STAFF, START + timedelta(seconds=60))
    replies = taking_back.hear(later, Talk(), Order("undo", "", ""), None)
    assert replies is not None
    assert f"{hers.number}、{mine.number}" in replies[0].text
    assert (hers.kept_id, mine.kept_id, hers.is_open) == (None, None, True)
    assert session.execute(select(func.count()).select_from(Postponed)).scalar() == 0
    assert len(told(session, "韩梅梅")) == 2  # That they were one, and that it goes on by itself.


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (f"合并 {B} {C} 到 {A}", ((B, C), A, "")),
        (f"合并 {B}、{C}、{D} 并入 {A}，同一个路由器", ((B, C, D), A, "同一个路由器")),
        (f"请把 {B} 和 {C} 合并到 {A}", ((B, C), A, "")),
        (f"{B} {C} 都并到 {A}", ((B, C), A, "")),
        (f"merge {B} and {C} into {A}", ((B, C), A, "")),
        ("合并 0002 0003 到 0001", (("0002", "0003"), "0001", "")),
        (f"合并 {A} {B} {C}", ((A, B, C), "", "")),
        (f"把 {A} 和 {B} 合并成一件", ((A, B), "", "")),
        (f"合并 {A} {B}", None),  # one into the other, as it always was
        (f"合并 {A} 到 {B}", None),
        (f"回复 {A} 与 {B} 合并处理，{C} 不用管", None),
        (f"备注 {A} 和 {B} {C} 可以合并", None),
        ("合并 301 宿舍", None),
        ("合并", None),
    ],
)
def test_it_reads_which_become_one(words: str, expected: tuple[tuple[str, ...], str, str] | None) -> None:
    assert read_several(words) == expected
