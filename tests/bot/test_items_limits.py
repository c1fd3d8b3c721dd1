"""What `check` says of limits that cannot be meant (errors), and of those that are hardly meant (warnings)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import items
from bot.settings import Settings
from tests.bot.test_items import GOOD, school

PLAIN = 'limits = { respond = "1d" }'


@pytest.mark.parametrize(
    ("limits", "where", "what", "fatal"),
    [
        ('respond = "5d"\nresolve = "2d"', "limits.respond", "答复时限 respond 比办结时限 resolve 还长", True),
        ('respond = "4h"\nremind = ["-9h"]', "limits.remind", "提醒 -9h 比所有时限都早", True),
        ('respond = "4h"\nresolve = "2d"\nremind = ["-9h"]', "limits.remind", "比其中一个时限还早", False),
        ('respond = "4h"\nremind = ["-1h", "-1h"]', "limits.remind", "两个相同的提醒", False),
        ('respond = "4h"\nescalate = ["+4h", "+0h"]', "limits.escalate", "没有一级比一级晚", True),
        ('respond = "4h"\nescalate = ["+0h", "+0h"]', "limits.escalate", "没有一级比一级晚", True),
        ('respond = "4h"\n[[limits.instead]]\npriority = "urgent"\nrespond = "3d"', "limits.instead#1.respond", "urgent 的 respond 比 normal 的还慢", False),
        ('respond = "4h"\n' + '[[limits.instead]]\npriority = "high"\nrespond = "2h"\n' * 2, "limits.instead#2", "有两行都是 high", True),
        ('respond = "4h"\nfollow_up = "soon"', "limits", "[limits] 里的 follow_up 写成「soon」", True),
        ('respond = "4h"\nescalate = ["-1h"]', "limits", "[limits] 里的 escalate 写成「-1h」", True),
        ('respond = "4h"\n[[limits.instead]]\npriority = "high"\nresolve = "0h"', "limits", "instead#1.resolve 写成「0h」", True),
    ],
)  # fmt: skip
def test_it_tells_limits_that_are_not_meant(tmp_path: Path, limits: str, where: str, what: str, fatal: bool) -> None:
    words = GOOD.replace(PLAIN + "\n", "") + f"[limits]\n{limits}\n"
    (found,) = items.mistakes(school(tmp_path, "hall.toml", words), "zh", rostered=True)
    assert (found.where, what in found.what, found.fatal) == (where, True, fatal), found
    (english,) = items.mistakes(demo(tmp_path), "en", rostered=True)
    assert english.what.isascii() or "“" in english.what


def demo(tmp_path: Path) -> Settings:
    """The same school again."""
    folder = tmp_path / "items"
    words = (folder / "hall.toml").read_text("utf-8")
    (folder / "hall.toml").unlink()
    folder.rmdir()
    return school(tmp_path, "hall.toml", words)


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        (PLAIN + "\n", "", "limits", "没有写 [limits]"),
        ('zh = "礼堂"', 'zh = "宿舍报修"', "title", "「宿舍报修」也是 dorm-repair 的名称或别名"),
        ('prefix = "LT"', 'prefix = "LT"\naliases = ["漏水"]', "aliases", "「漏水」也是 dorm-repair 的名称或别名"),
    ],
)
def test_it_warns_of_what_is_missing_and_of_two_of_a_name(
    tmp_path: Path, old: str, new: str, where: str, what: str
) -> None:
    assert old in GOOD
    (found,) = items.mistakes(school(tmp_path, "hall.toml", GOOD.replace(old, new)), "zh", rostered=True)
    assert (found.where, what in found.what, found.fatal) == (where, True, False), found


def test_it_is_content_with_rows_that_are_quicker(tmp_path: Path) -> None:
    rows = "".join(
        f'[[limits.instead]]\n{which}\nrespond = "{respond}"\n'
        for which, respond in (('priority = "high"', "2h"), ('priority = "urgent"', "30m"), ('area = "cs"', "6h"))
    )
    words = GOOD.replace(PLAIN + "\n", "") + f'[limits]\nrespond = "4h"\nresolve = "2d"\n{rows}'
    assert list(items.mistakes(school(tmp_path, "hall.toml", words), "zh", rostered=True)) == []
