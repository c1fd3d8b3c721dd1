"""To whom words are said is no part of them; what only looks like an address stays."""

from __future__ import annotations

import pytest

from handlers.understand.addressing import unaddressed
from handlers.understand.orders import read_becomes, read_order

BACK = {
    "退回给学生：缺材料": "缺材料", "退回给学生": "", "退回 BX-2606-0001 给学生：缺材料": "缺材料", "BX-2606-0001 退回给学生 缺材料": "缺材料",
    "退回学生补充：身份证": "身份证", "退回给同学，请补照片": "请补照片", "退回给他：缺材料": "缺材料", "退回给学生缺少签字": "缺少签字",
    "退回给学生补充材料": "补充材料", "退回补充给学生 请补医院证明": "请补医院证明", "send back to the student: photo missing": "photo missing",
    "退回 学生没签字": "学生没签字", "退回学生证复印件不清": "学生证复印件不清", "退回给学生会": "给学生会", "退回补充 请补医院证明": "请补医院证明",
}  # fmt: skip
SAID = {
    "给李雷：缺材料": "缺材料", "给李雷同学 缺材料": "缺材料", "李雷：修好了": "修好了", "学生：修好了": "修好了", "告诉学生，修好了": "修好了", "告诉他：明天来": "明天来",
    "学生你好，修好了": "学生你好，修好了", "李雷，修好了": "李雷，修好了", "告诉他明天来": "告诉他明天来", "给学生处打过电话了": "给学生处打过电话了",
    "学生证要带来": "学生证要带来", "李雷的材料：缺一份": "李雷的材料：缺一份",
}  # fmt: skip


@pytest.mark.parametrize("words", list(BACK))
def test_it_drops_to_whom_something_is_sent_back(words: str) -> None:
    order = read_order(words)
    assert order is not None
    assert (order.verb, order.words) == ("ask", BACK[words])


@pytest.mark.parametrize("words", list(SAID))
def test_it_drops_the_address_before_words_to_a_student(words: str) -> None:
    assert unaddressed(words, "李雷") == SAID[words]


def test_it_still_knows_the_steps_of_a_chain_and_corrections() -> None:
    for words in ("退回给韩老师：没核实", "退回上一步 没核实", "退回给第一步"):
        order = read_order(words)
        assert order is not None
        assert order.verb == "send_back"
    assert read_becomes("改为退回给学生：还要证明") == ("ask", "还要证明")
