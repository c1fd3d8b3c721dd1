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
])  # fmt: skip
def test_it_reads_what_is_wanted_about_a_refusal(words: str, named: bool, said: str) -> None:
    assert read_dispute(words, named=named) == said
