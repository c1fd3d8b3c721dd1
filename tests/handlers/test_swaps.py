"""Shifts that change hands: asked for, agreed to, with one winner, and in chat by buttons."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import away_talk, directory, intake, shifts, swaps
from handlers.understand.absences import answers_swap
from models.absence import Swap
from models.db import Database
from models.message import MOST_PRESS, Incoming, Refused, Reply
from tests import builders
from tests.builders import START, person_of, turn_of
from tests.handlers.rostering import DAY, put, turns


def test_it_swaps_when_the_other_agrees(session: Session) -> None:
    rows = turns(session)
    mine, theirs = rows[4], rows[5]
    asked = swaps.ask(turn_of(session, "韩老师"), mine.id, person_of(session, "方老师"), theirs.id)
    with pytest.raises(Refused, match="not_found"):
        swaps.answer(turn_of(session, "王书记"), asked.id, accept=True)
    _, said = swaps.answer(turn_of(session, "方老师"), asked.id, accept=True)
    assert "换好了" in said
    assert (mine.person_id, theirs.person_id) == (person_of(session, "方老师").id, person_of(session, "韩老师").id)
    with pytest.raises(Refused, match="is_accepted"):
        swaps.answer(turn_of(session, "方老师"), asked.id, accept=True)


@pytest.mark.parametrize("what", ["moved", "begun", "removed", "withdrawn", "declined"])
def test_it_swaps_only_what_still_stands(session: Session, what: str) -> None:
    mine = turns(session)[4]
    asked = swaps.ask(turn_of(session, "韩老师"), mine.id, person_of(session, "方老师"))
    now = START
    if what == "moved":
        shifts.change(turn_of(session, "王书记"), mine.id, person_of(session, "王书记"), mine.starts_at, mine.ends_at)
    elif what == "begun":
        now = mine.starts_at
    elif what == "removed":
        shifts.remove(turn_of(session, "王书记"), mine.id)
    elif what == "withdrawn":
        swaps.withdraw(turn_of(session, "韩老师"), asked.id)
    else:
        swaps.answer(turn_of(session, "方老师"), asked.id, accept=False)
    keys = {"moved": "swap.too_late", "begun": "swap.too_late", "removed": "shift.gone",
            "withdrawn": "swap.is_withdrawn", "declined": "swap.is_declined"}  # fmt: skip
    with pytest.raises(Refused) as refused:
        swaps.answer(turn_of(session, "方老师", now), asked.id, accept=True)
    assert refused.value.key == keys[what]


def test_it_asks_no_stranger_and_of_no_shift_but_ones_own(session: Session) -> None:
    rows = turns(session)
    for name, shift, to in (
        ("韩老师", rows[4], "心理老师"),
        ("韩老师", rows[5], "方老师"),
        ("方老师", rows[4], "韩老师"),
    ):
        with pytest.raises(Refused):
            swaps.ask(turn_of(session, name), shift.id, person_of(session, to))
    with pytest.raises(Refused, match="begun"):
        swaps.ask(turn_of(session, "韩老师"), rows[0].id, person_of(session, "方老师"))
    assert session.execute(select(Swap)).first() is None


def test_it_gives_two_swaps_of_one_shift_one_winner(postgresql_url: str) -> None:
    database = Database(postgresql_url, builders.new_seal())
    try:
        ids = database.run(_two_swaps)
        futures = [
            database.submit(partial(_accept, name=name, swap_id=id_))
            for name, id_ in zip(("方老师", "王书记"), ids, strict=True)
        ]
        results = sorted(future.result() for future in futures)
        assert results[0] == "accepted"
        assert results[1] in ("swap.too_late", "swap.is_withdrawn")
    finally:
        database.close()


def _two_swaps(session: Session) -> list[str]:
    """Two requests for one shift, the second made as if the first had not been taken back."""
    builders.settle(session)
    mine = turns(session)[4]
    put(session, "王书记", START + 9 * DAY, 1)
    first = swaps.ask(turn_of(session, "韩老师"), mine.id, person_of(session, "方老师"))
    second = swaps.ask(turn_of(session, "韩老师"), mine.id, person_of(session, "王书记"))
    first.status = "asked"
    session.flush()
    return [first.id, second.id]


def _accept(session: Session, name: str, swap_id: str) -> str:
    try:
        return swaps.answer(turn_of(session, name), swap_id, accept=True)[0].status
    except Refused as refused:
        return refused.key


def test_it_is_swapped_in_chat_by_buttons(session: Session) -> None:
    turns(session)
    turn = turn_of(session, "韩老师")
    (listed, *_) = away_talk.hear(turn, "换班") or ()
    (whom,) = away_talk.press(turn, listed.choices[0].send)
    sends = {choice.label.partition(" ")[0]: choice.send for choice in whom.choices}
    assert list(sends) == ["请王书记代班", "请方老师代班", "和方老师换"]
    assert all(len(choice.send.encode()) <= MOST_PRESS for choice in (*listed.choices, *whom.choices))
    away_talk.press(turn, sends["请方老师代班"])
    other = turn_of(session, "方老师")
    *_, offered = away_talk.hear(other, "我的班") or ()
    assert [choice.label for choice in offered.choices] == ["同意换班", "不换"]
    assert "换好了" in away_talk.press(other, offered.choices[0].send)[0].text
    for send in (
        "w:shift:swap:x:yes",
        "w:shift:mine:x",
        "w:shift:away:0:0:",
        "w:shift:away:zzzzzzzz:1:",
        "w:shift:",
        "w:shift:ask:a:b",
    ):
        with pytest.raises(Refused):
            away_talk.press(other, send)


def hear(session: Session, name: str, words: str) -> tuple[Reply, ...]:
    turn = turn_of(session, name)
    replies = intake.answer(turn, Incoming(builders.RICH, builders.CAST[name].number, f"k{words}", START, words))
    assert turn.account is not None
    directory.end(session, turn.account, START)  # As the door does after every turn.
    session.flush()
    return replies


def test_it_hears_a_label_that_was_offered_some_messages_ago(session: Session) -> None:
    turns(session)
    (listed, *_) = hear(session, "韩老师", "换班")
    for words in ("待办", "现在谁值班", "菜单"):
        hear(session, "韩老师", words)
    (whom,) = hear(session, "韩老师", listed.choices[1].label)
    assert whom.choices[0].label == "请王书记代班"
    hear(session, "韩老师", "待办")
    assert "请谁来值" not in hear(session, "韩老师", listed.choices[0].label)[0].text  # A newer list took its place.
    (asked,) = hear(session, "韩老师", "请方老师代班")
    assert "已经问了方老师" in asked.text
    assert "已经问了" not in hear(session, "韩老师", "请方老师代班")[0].text


def test_it_gives_a_notice_words_and_no_numbers_that_a_later_list_would_take(session: Session) -> None:
    turns(session)
    hear(session, "韩老师", "换班")
    hear(session, "韩老师", "1")
    hear(session, "韩老师", "请方老师代班")
    (swap, shift, given), *_ = swaps.waiting(turn_of(session, "方老师"))
    notice = swaps.offer(turn_of(session, "方老师"), swap, shift, given, told=True)
    assert [choice.words for choice in notice.choices] == ["同意换班", "不换班"]
    assert "换好了" not in hear(session, "方老师", "1")[0].text
    assert "换好了" in hear(session, "方老师", "同意换班")[0].text
    assert "没有人在等您答复" in hear(session, "方老师", "同意换班")[0].text


@pytest.mark.parametrize(
    ("words", "accepts"),
    [("同意换班", True), ("好的，我同意和韩老师换班", True), ("愿意换", True), ("不换", False), ("不换班。", False), ("抱歉，这次不方便换", False),
     ("不同意换班", False), ("agree to swap", True), ("换班", None), ("可以换班吗", None), ("同意", None), ("不换宿舍", None)],
)  # fmt: skip
def test_it_reads_the_answer_to_a_swap(words: str, accepts: bool | None) -> None:
    assert answers_swap(words) == accepts


def test_it_offers_no_swap_for_a_shift_that_has_begun(session: Session) -> None:
    rows = turns(session)
    mine = [shift for shift in rows if shift.person_id == person_of(session, "韩老师").id][-1]
    theirs = [shift for shift in rows if shift.person_id == person_of(session, "方老师").id][1]
    swaps.ask(turn_of(session, "韩老师"), mine.id, person_of(session, "方老师"), theirs.id)
    assert len(swaps.waiting(turn_of(session, "方老师"))) == 1
    assert swaps.waiting(turn_of(session, "方老师", theirs.starts_at)) == []
    assert away_talk.hear(turn_of(session, "韩老师"), "我想换周五的班") is not None
