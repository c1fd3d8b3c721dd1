"""Words about the paper that a form asks for: told from wishes and from questions."""

from __future__ import annotations

import pytest

from handlers.understand.papers import asks_photo, speaks_of_paper, without_photo


@pytest.mark.parametrize(
    "words",
    ["请假条", "病假条", "我有医院的病假条", "还没有证明", "诊断证明在家里", "医院证明晚点发", "证明找不到了", "盖章的通知", "照片", "I have a doctor's note",
     "certificate", "病历本"],
)  # fmt: skip
def test_it_hears_that_the_paper_is_meant(words: str) -> None:
    assert speaks_of_paper(words)


@pytest.mark.parametrize(
    "words",
    ["我要请三天假", "请病假", "明天要去医院开证明", "跳过", "没有", "取消，证明没有", "找老师", "6月15日去办证明", "", "看病" * 20 + "证明", "续假 有证明"],
)  # fmt: skip
def test_it_takes_no_other_wish_for_it(words: str) -> None:
    assert not speaks_of_paper(words)
    assert not speaks_of_paper(words, asks=True)


@pytest.mark.parametrize("words", ["证明可以之后补吗", "要交什么证明？", "病历怎么开", "which document do I need"])
def test_it_hears_a_question_apart(words: str) -> None:
    assert not speaks_of_paper(words)
    assert speaks_of_paper(words, asks=True)


@pytest.mark.parametrize(
    ("words", "left"),
    [("东园2号楼105 宿舍没有热水，没有照片", "东园2号楼105 宿舍没有热水"), ("没有照片，灯坏了", "灯坏了"), ("灯坏了 没拍照", "灯坏了"),
     ("the lamp is broken, no photo", "the lamp is broken"), ("墙上没有照片墙的灯", None), ("灯坏了", None), ("没有照片的证件怎么办", None)],
)  # fmt: skip
def test_it_reads_that_there_is_no_photo(words: str, left: str | None) -> None:
    assert without_photo(words) == left


def test_it_knows_a_question_for_a_photo_from_one_for_a_paper() -> None:
    assert [asks_photo(label) for label in ("照片", "Photo", "证明", "证明照片", "附件")] == [
        True,
        True,
        False,
        False,
        False,
    ]
