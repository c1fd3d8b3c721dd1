"""What staff say of being away and of swapping shifts, in more words than the bare ones."""

from __future__ import annotations

import pytest

from handlers.understand import absences


@pytest.mark.parametrize(
    ("words", "kind", "name"),
    [
        ("换班", "swap", ""),
        ("我想和韩老师换班", "swap", "韩老师"),
        ("想跟王书记换一下班", "swap", "王书记"),
        ("能不能和韩老师调班", "swap", "韩老师"),
        ("我周五的班想和韩老师换班", "swap", "韩老师"),
        ("swap shifts with Han Mei", "swap", "Han Mei"),
        ("我的值班", "swap", ""),
        ("我明天到周五不在，韩老师代", "away", "韩老师"),
        ("我6月15日到6月20日出差，王书记代办", "away", "王书记"),
        ("我下周一到周五出差由王书记代", "away", "王书记"),
        ("我明天不在，有事交代", "away", ""),
    ],
)
def test_it_reads_who_is_meant(words: str, kind: str, name: str) -> None:
    found = absences.read(words)
    assert found is not None
    assert (found.kind, found.stand_in) == (kind, name)


@pytest.mark.parametrize("words", ["体育课换班", "和室友换宿舍", "我想和李雷换寝室", "换班主任", "想和老师谈换班级"])
def test_it_takes_no_other_change_for_a_swap(words: str) -> None:
    assert absences.read(words) is None
