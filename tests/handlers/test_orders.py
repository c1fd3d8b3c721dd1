"""Verbs in words: which, about which number, and what else was said; and binding codes."""

from __future__ import annotations

import pytest

from handlers.understand.orders import Order, is_order, read_becomes, read_code, read_number, read_order

VERBS = {
    "sign": ["同意", "批准", "通过", "准假", "准了", "approve", "Agree"],
    "refuse": ["不同意", "驳回", "不批", "不批准", "拒绝", "decline", "Reject"],
    "ask": ["退回补充", "退回", "补充材料", "请补充", "send back"],
    "reply": ["回复", "答复", "reply"],
    "resolve": ["修好了", "办结", "处理好了", "办好了", "done", "Fixed", "resolved"],
    "theirs": ["等学生的", "waiting for students"],
    "take": ["接单", "受理", "take"],
    "back": ["销假", "代销假", "sign in", "sign back in"],
    "urge": ["催办", "remind them"],
    "correct": ["更正", "correct"],
    "show": ["详情", "查看", "details", "timeline"],
    "fill": ["补充", "add", "fill"],
    "withdraw": ["撤回", "撤销", "withdraw"],
    "helped": ["解决了", "已解决", "solved"],
    "unhelped": ["没解决", "未解决", "not solved"],
    "mine": ["待办", "待处理", "todo", "queue"],
}


@pytest.mark.parametrize(("verb", "words"), [(verb, words) for verb, said in VERBS.items() for words in said])
def test_it_knows_every_verb_with_a_number_before_or_after(verb: str, words: str) -> None:
    assert read_order(words) == Order(verb, "", "")
    assert read_order(f"{words} QJ-2606-0012") == Order(verb, "QJ-2606-0012", "")
    assert read_order(f"QJ-2606-0012 {words}") == Order(verb, "QJ-2606-0012", "")


@pytest.mark.parametrize(
    ("words", "number"),
    [("qj-2606-0012", "QJ-2606-0012"), ("QJ26060012", "QJ-2606-0012"), ("ＱＪ－２６０６－００１２", "QJ-2606-0012"),
     ("QJ 2606 0012", "QJ-2606-0012"), ("QJ-2606-00123", "QJ-2606-00123"), ("2606-0012", ""), ("AQJ-2606-0012", ""),
     ("QJ-2606-0012345", "")],
)  # fmt: skip
def test_it_reads_a_number_as_people_write_it(words: str, number: str) -> None:
    assert read_number(words) == number


@pytest.mark.parametrize(
    ("words", "order"),
    [("退回 QJ-2606-0012 请补医院证明。", Order("ask", "QJ-2606-0012", "请补医院证明。")),
     ("不同意，QJ-2606-0012：当天有考试", Order("refuse", "QJ-2606-0012", "当天有考试")),
     ("同意了 QJ-2606-0012！", Order("sign", "QJ-2606-0012", "")),
     ("回复 QJ-2606-0012 来我办公室", Order("reply", "QJ-2606-0012", "来我办公室")),
     ("把 QJ-2606-0012 同意了", Order("sign", "QJ-2606-0012", "")), ("给 BX-2606-0012 打五分", Order("rate", "BX-2606-0012", "五分")),
     ("请补充 QJ-2606-0012 医院证明", Order("ask", "QJ-2606-0012", "医院证明")),
     ("QJ-2606-0012", Order("show", "QJ-2606-0012", ""))],
)  # fmt: skip
def test_it_keeps_the_words_after_the_verb(words: str, order: Order) -> None:
    assert read_order(words) == order


@pytest.mark.parametrize(
    ("words", "order"),
    [("同意 0007", Order("sign", "", "0007", "0007", "")),
     ("0007 同意", Order("sign", "", "", "0007", "")),
     ("退回 2606-0007 请补证明", Order("ask", "", "2606-0007 请补证明", "2606-0007", "请补证明")),
     ("回复 1200元", Order("reply", "", "1200元")),
     ("回复 300 元", Order("reply", "", "300 元", "300", "元")),
     ("全部同意", Order("sign", "", "", every=True)),
     ("都不同意", Order("refuse", "", "", every=True)),
     ("approve all", Order("sign", "", "", every=True)),
     ("修好了 BX-2606-0001 换了灯管", Order("resolve", "BX-2606-0001", "换了灯管")),
     ("done with all of this", None)],
)  # fmt: skip
def test_it_reads_the_end_of_a_number_and_what_is_said_of_all(words: str, order: Order | None) -> None:
    assert read_order(words) == order


@pytest.mark.parametrize("words", ["", "我同意你的看法", "好的", "tomorrow", "taken", "addition", "不知道同意不同意",
                                   "请假", "askew"])  # fmt: skip
def test_it_hears_no_order_where_no_verb_leads(words: str) -> None:
    assert read_order(words) is None


@pytest.mark.parametrize(("words", "code"), [("绑定 ABCD2345", "ABCD2345"), ("绑定码：abcd-2345", "abcd-2345"),
                                             ("/start ABCD2345", "ABCD2345"), ("bind ABCD 2345", "ABCD 2345"),
                                             ("绑定", ""), ("我想绑定微信", ""), ("绑定 短", "")])  # fmt: skip
def test_it_reads_a_binding_code(words: str, code: str) -> None:
    assert read_code(words) == code


def test_it_leaves_words_as_they_were_written() -> None:
    order = read_order("延期 QJ-2606-0012 等家长回电话，周三答复")
    assert order == Order("extend", "QJ-2606-0012", "等家长回电话，周三答复")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("不同意 材料不实", ("refuse", "材料不实")),
        ("改为同意：补考取消了", ("sign", "补考取消了")),
        ("退回 请补证明", ("ask", "请补证明")),
        ("重新办理", ("take", "")),
        ("回复 周六上午", ("reply", "周六上午")),
        ("答复有误，应为周六", ("", "答复有误，应为周六")),
        ("to refuse wrong date", ("refuse", "wrong date")),
        ("Answering late, sorry", ("", "Answering late, sorry")),
    ],
)
def test_it_reads_what_a_decision_is_to_become(words: str, expected: tuple[str, str]) -> None:
    assert read_becomes(words) == expected


def test_it_takes_a_correction_without_a_number_for_no_order() -> None:
    assert not is_order("更正时间为周五")
    assert is_order("更正 QJ-2606-0012 不同意 看错了")
    order = read_order("correct QJ-2606-0012 refuse wrong date")
    assert order is not None
    assert (order.verb, order.number, order.words) == ("correct", "QJ-2606-0012", "refuse wrong date")
