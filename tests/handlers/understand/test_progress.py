"""Words to a student that are progress, and those that are the answer: labelled by what a student would take them for."""

from __future__ import annotations

import pytest

from handlers.understand.orders import is_order, read_order
from handlers.understand.progress import is_progress

PROGRESS = """
正在办，有进展告诉你
李雷，「宿舍报修」BX-2606-0001 已收到，正在办。有进展我会在这里告诉你。
在处理了
正在处理中，请稍等
已联系师傅
已经联系维修师傅，明天上午上门
已安排师傅，下午去看
明天派人去
明天派人去修
师傅下午三点到
师傅在路上了
稍等，我问一下
收到，马上安排
已转给后勤处，有结果告诉你
已上报学校，正在协调
配件还没到，周五来换
还没修好，今晚继续修
预计周四修好
修好后告诉你
我先核实一下，下午回复你
正在和网络中心沟通，有消息第一时间通知你
周五来修
我们尽快处理
等配件，到货就换
问题还没解决，正在抢修
We are working on it
I have contacted the plumber, he will come tomorrow
"""
ANSWERS = """
正在办理的同学请到学工处一楼窗口
已安排妥当，问题解决了
修好了
已修好，请试一下
水管已经更换，可以正常使用了
已处理完毕
请到学工处办公室办理
明天上午带学生证来办公室找我
图书馆考试周开放到晚上十一点
可以，没有问题
奖学金下周三公布，在教务系统里查
考试已安排在周五下午三点
已联系上家长，情况属实
热水已恢复，如果还有问题再联系我
电工已经来过，灯换好了
你可以自己登录系统修改
好的
收到
不可以养猫，规定在学生手册第三章
处理结果：同意换寝
It is fixed now
The library is open until eleven
"""


@pytest.mark.parametrize("words", PROGRESS.split("\n")[1:-1])
def test_it_reads_words_on_the_way_as_progress(words: str) -> None:
    assert is_progress(words)


@pytest.mark.parametrize("words", ANSWERS.split("\n")[1:-1])
def test_it_reads_an_end_or_an_explanation_as_the_answer(words: str) -> None:
    assert not is_progress(words)


@pytest.mark.parametrize(
    ("words", "verb", "rest"),
    [
        ("进展 BX-2606-0001 已联系师傅", "progress", "已联系师傅"),
        ("BX-2606-0001 进展：明天上门", "progress", "明天上门"),
        ("更新进展 BX-2606-0001 等配件", "progress", "等配件"),
        ("progress BX-2606-0001 he comes tomorrow", "progress", "he comes tomorrow"),
        ("这就是答复 BX-2606-0001", "conclude", ""),
        ("还没办完 BX-2606-0001", "unfinished", ""),
    ],
)
def test_it_reads_the_orders_of_staff(words: str, verb: str, rest: str) -> None:
    order = read_order(words)
    assert order is not None
    assert (order.verb, order.number, order.words) == (verb, "BX-2606-0001", rest)


@pytest.mark.parametrize("words", ["进展怎么样了", "进展如何？", "进展到哪一步了", "有进展吗"])
def test_it_hears_no_order_where_progress_is_asked_about(words: str) -> None:
    assert read_order(words) is None
    assert not is_order("进展")  # Of a student it is a question.
