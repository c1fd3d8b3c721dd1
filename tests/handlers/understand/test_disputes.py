"""Words about a refusal say whether it is not accepted, raised, or to be handed in again."""

from __future__ import annotations

import pytest

from handlers.understand.disputes import read_dispute


@pytest.mark.parametrize(("words", "named", "said"), [
    ("我不服", False, "dispute"),
    ("我要申诉", False, "dispute"),
    ("申诉  ", True, "dispute"),
    ("再提交一次", False, "refile"),
    ("改好再提交", False, "refile"),
    ("我改一下重新申请", False, "refile"),
    ("向上反映", True, "raise"),
    ("我想向领导反映一下", False, "raise"),
    ("找老师", True, "appeal"),
    ("找老师", False, ""),
    ("我想再请两天", False, ""),
    ("反映一下食堂的问题", False, ""),
    ("身体不服输", False, ""),
    ("这个决定不公平，我要申诉", False, "dispute"),
    ("凭什么", False, "dispute"),
    ("凭什么？", False, "dispute"),
    ("凭什么不批我的假", False, "dispute"),
    ("凭什么不同意，我要向领导反映", False, "raise"),
    ("我觉得不公平", False, "dispute"),
    ("太不合理了！", False, "dispute"),
    ("我不接受这个结果，能不能再提交一次", False, "refile"),
    ("向王书记反映", True, "raise"),
    ("向高处长反映一下", True, "raise"),
    ("凭什么食堂涨价", False, ""),
    ("没解决", True, "dispute"),
    ("问题还是没有解决", True, "dispute"),
    ("没解决", False, ""),
    ("凭什么证件进楼", False, ""),
    ("食堂阿姨打菜不公平", False, ""),
    ("评奖学金不公平，我要投诉", False, ""),
])  # fmt: skip
def test_it_reads_what_is_wanted_about_a_refusal(words: str, named: bool, said: str) -> None:
    assert read_dispute(words, named=named) == said
