"""Who is to have leave beside the speaker, as words name them."""

from __future__ import annotations

import pytest

from handlers.understand.people import named_beside, speaks_for_many


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("我和韩梅梅一起请假，明天去比赛", "我 韩梅梅"),
        ("我跟赵敏、韩梅梅都要请假", "我 赵敏、韩梅梅"),
        ("帮我和韩梅梅请个假", "我 韩梅梅"),
        ("韩梅梅和我一起请假", "我 韩梅梅"),
        ("请公假 省赛 名单：韩梅梅 赵敏", "韩梅梅 赵敏"),
        ("我和老师请假了", ""),
        ("我和爸妈去旅游请假", ""),
        ("我跟辅导员请过假了", ""),
        ("请假 明天和室友去看病", ""),
        ("名单：韩梅梅 赵敏", ""),
    ],
)
def test_it_reads_who_goes_along(words: str, names: str) -> None:
    assert named_beside(words, "我")[0] == names


def test_it_takes_a_list_with_official_leave_for_the_lists_own() -> None:
    assert speaks_for_many("请公假 省赛 名单：韩梅梅 赵敏")
    assert not speaks_for_many("请公假 6月15日 省赛")
