"""Which words ask whether somebody is there, and who."""

from __future__ import annotations

import pytest

from handlers.understand.presence import asks_there


@pytest.mark.parametrize(
    ("words", "who"),
    [("王书记在吗", "王书记"), ("请问韩老师现在在办公室吗", "韩老师"), ("韩老师今天在学校吗？", "韩老师"), ("书记在不在", ""), ("老师在吗", ""),
     ("有人吗", ""), ("喂，有人吗", ""), ("有没有老师在", ""), ("is Ms Han in?", "Ms Han"), ("anyone there?", ""),
     ("在吗", None), ("你在吗", None), ("图书馆在吗", None), ("李雷在吗", None), ("我不在学校", None), ("老师在开会吗", None),
     ("is the library open", None), ("are you there", None), ("", None)],
)  # fmt: skip
def test_it_reads_whom_somebody_asks_for(words: str, who: str | None) -> None:
    assert asks_there(words) == who
