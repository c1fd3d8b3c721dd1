"""What staff say with a student's name in the place of a number."""

from __future__ import annotations

import pytest

from handlers.understand.keeping import names_back
from handlers.understand.named_decision import read_decision
from handlers.understand.presence import asks_of_student


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("李雷的假不批，材料不全", ("李雷", "refuse", "材料不全")),
        ("李雷同学的请假我不同意。理由不充分", ("李雷", "refuse", "理由不充分")),
        ("不批李雷的病假，没有证明", ("李雷", "refuse", "没有证明")),
        ("驳回李雷的假", ("李雷", "refuse", "")),
        ("李雷的假同意", ("李雷", "sign", "")),
        ("李雷的假批了吗", None),
        ("李雷的假不批吗？", None),
        ("我的假不批", None),
        ("李雷的假不批的话怎么办", None),
        ("李雷的假条在哪", None),
    ],
)
def test_it_reads_a_decision_by_name(words: str, read: tuple[str, str, str] | None) -> None:
    found = read_decision(words)
    assert (tuple(found) if found else None) == read


@pytest.mark.parametrize(
    ("words", "names"),
    [("给李雷销假", ("李雷",)), ("帮李雷、韩梅梅销一下假", ("李雷", "韩梅梅")), ("替李雷办一下销假", ("李雷",)),
     ("把李雷的假销了", ("李雷",)), ("帮我销假", ()), ("给学生销假", ()), ("怎么给李雷销假", ()), ("给李雷销假了吗", ())],
)  # fmt: skip
def test_it_reads_for_whom_a_return_is_booked(words: str, names: tuple[str, ...]) -> None:
    assert names_back(words) == names


@pytest.mark.parametrize(
    ("words", "name"),
    [("李雷在校吗", "李雷"), ("李雷同学现在在学校吗？", "李雷"), ("李雷在哪", "李雷"), ("李雷离校了没有", "李雷"),
     ("你在吗", ""), ("谁在校", ""), ("有人在吗", ""), ("李雷在校表现怎么样", "")],
)  # fmt: skip
def test_it_reads_whether_somebody_is_here(words: str, name: str) -> None:
    assert asks_of_student(words) == name
