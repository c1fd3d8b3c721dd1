"""A student whose return staff booked says not to be back."""

from __future__ import annotations

from tests.builders import at
from tests.talking import Stage, as_rich


def test_it_tells_whoever_booked_the_return_and_ends_nothing(sqlite_url: str) -> None:
    with Stage(sqlite_url, poor=False) as stage:
        stage.say("李雷", "", "请事假 6月11日上午10点到6月12日晚上8点 家里有事 会离校")
        stage.say("李雷", "", "[提交]")
        stage.say("韩老师", "", "同意 QJ-2606-0001")
        stage.later(at("2026-06-11 12:00"))
        stage.say("李雷", "", "我还没回来呢")
        assert "登记你已返校" not in stage.text(), "nobody booked anything"
        stage.say("李雷", "", "取消")
        stage.say("王书记", "", "李雷回来了")
        stage.say("李雷", "", "我还没回来呢")
        assert "QJ-2606-0001 是王书记登记你已返校的。我已经告诉王书记" in stage.text()
        told = "\n".join(as_rich((reply,)) for reply in stage.told.get("王书记", []))
        assert "李雷说自己还没有回来" in told
        stage.say("王书记", "", "李雷没回来，登记错了")
        stage.say("李雷", "", "我的")
        assert "等销假" in stage.text()
