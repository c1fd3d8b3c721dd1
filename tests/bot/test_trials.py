"""python -m bot limits and understand: what an office tries out, line for line."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import bot.trials  # noqa: F401 (its commands register themselves)
from bot.commands import cli

VECTORS = Path(__file__).parent.parent / "models" / "time_limits.json"
NINE_TO_FIVE = {"tz": "Asia/Shanghai", "hours": {"wed": [["09:00", "17:00"]], "thu": [["09:00", "17:00"]]}}


def run(*arguments: str, words: str = "") -> tuple[int, list[str]]:
    result = CliRunner().invoke(cli, [*arguments], input=words)
    return result.exit_code, result.stdout.splitlines()


def vector(**more: Any) -> dict[str, Any]:
    return {
        "id": "a",
        "kind": "due",
        "calendar": NINE_TO_FIVE,
        "start": "2026-06-10T08:00:00Z",
        "target_seconds": 3600,
    } | more


def written(tmp_path: Path, *vectors: Any) -> str:
    file = tmp_path / "vectors.json"
    file.write_text(json.dumps({"vectors": vectors}), encoding="utf-8")
    return str(file)


def test_it_agrees_with_every_vector_that_is_known() -> None:
    code, lines = run("limits", str(VECTORS))
    assert code == 0
    assert len(lines) == len(json.loads(VECTORS.read_text("utf-8"))["vectors"])
    assert all(line.endswith(" ok") and len(line.split()) == 4 for line in lines)


def test_it_reads_the_example_of_the_handbook() -> None:
    handbook = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
    example = re.search(r"```json limits\n(.*?)```", handbook, re.DOTALL)
    assert example is not None
    code, lines = run("limits", "-", words=example[1])
    assert (code, [line.split()[0] + line.split()[-1] for line in lines]) == (
        0,
        ["before-the-holidaysok", "over-noonok"],
    )


def test_it_calls_wrong_only_what_expects_something() -> None:
    expecting = {"id": "b", "kind": "due", "expected_due": "2026-10-08T02:00:00Z"}
    code, lines = run("limits", "-", words=json.dumps([{"id": "a"}, expecting]))
    assert (code, lines) == (
        1,
        [
            "a - unreadable -",
            "b 2026-10-08T02:00:00Z unreadable WRONG",
        ],
    )


def test_it_is_due_at_the_closing_instant(tmp_path: Path) -> None:
    # 16:00 in Shanghai and an hour: the office closes at 17:00, and a target that runs out then is due then.
    file = written(tmp_path, vector(expected_due="2026-06-10T09:00:00Z"), vector(id="b", target_seconds=3601))
    assert run("limits", file) == (
        0,
        ["a 2026-06-10T09:00:00Z 2026-06-10T09:00:00Z ok", "b - 2026-06-11T01:00:01Z ok"],
    )


def test_it_says_which_vector_is_wrong_and_tries_the_others(tmp_path: Path) -> None:
    wrong = vector(expected_due="2026-06-10T10:00:00Z")
    lame = vector(id="lame")
    del lame["start"]
    code, lines = run("limits", written(tmp_path, wrong, lame, 7, vector(id="fine")))
    assert code == 1
    assert [line.split()[0] + line.split()[-1] for line in lines] == ["aWRONG", "lame-", "3-", "fineok"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "是空的"),
        (b" \n", "是空的"),
        (b"null", "是空的"),
        (b"{", "第 1 行第 2 个字符"),
        (b"[1,\n 2", "第 2 行"),
        (b'{"vectors": 3}', "不是算例文件"),
        (b'{"vector": []}', "不是算例文件"),
        (b"[]", "一项都没有"),
        (b"7", "不是算例文件"),
        (b"\x00", "不是完整的 JSON"),
        (b"\xc4\xe3", "不是 UTF-8"),
        (b"[" * 5_000, "不是算例文件"),
    ],
)
def test_it_says_of_a_file_why_it_holds_no_vectors(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "vectors.json"
    file.write_bytes(content)
    result = CliRunner().invoke(cli, ["limits", str(file)])
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr


WEEKLY = {"tz": "Asia/Shanghai", "hours": {"wed": [["09:00", "17:00"]]}}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"start": "2026-06-10T08:00:00"}, "没有写时区"),
        ({"start": "2026-06-10 08:00"}, "没有写时区：2026-06-10 08:00"),
        ({"start": "2026-06-10\x1b 08:00 now"}, "2026-06-10 08:00 now"),
        ({"start": "yesterday"}, "不是时刻"),
        ({"start": 7}, "不是时刻"),
        ({"expected_due": "2026-06-10T08:00:00"}, "没有写时区"),
        ({"pauses": [["2026-06-10T08:00:00", None]]}, "没有写时区"),
        ({"pauses": [["2026-06-10T08:00:00Z", "2026-06-10T07:00:00Z"]]}, "结束比开始早"),
        ({"pauses": {"from": 1}}, "pauses 要写成"),
        ({"kind": "do"}, "due 或 elapsed"),
        ({"kind": None}, "缺少 kind"),
        ({"calendar": None}, "calendar 要写"),
        ({"calendar": {"tz": "Asia/Shanghai"}}, "缺少 calendar.hours"),
        ({"calendar": WEEKLY | {"tz": "Mars/Base"}}, "没有 Mars/Base 这个时区"),
        ({"calendar": WEEKLY | {"tz": "../../etc/passwd"}}, "这个时区"),
        ({"calendar": WEEKLY | {"hours": {"wed": [["9", "17"]]}}}, "wed 的时间写得不对"),
        ({"calendar": WEEKLY | {"hours": {"wed": [["09:00", "12:00"], ["11:00", "13:00"]]}}}, "wed 的时间写得不对"),
        ({"calendar": WEEKLY | {"hours": {"周三": [["09:00", "17:00"]]}}}, "hours 的时间写得不对"),
        ({"calendar": WEEKLY | {"holidays": ["10-01"]}}, "10-01 不是日期"),
        ({"calendar": WEEKLY | {"extra_workdays": {"2026-06-13": "someday"}}}, "2026-06-13 的时间写得不对"),
        ({"target_seconds": "3600"}, "要写秒数"),
        ({"target_seconds": True}, "要写秒数"),
        ({"target_seconds": -1}, "在 0 到 20 年之间"),
        ({"target_seconds": float("nan")}, "在 0 到 20 年之间"),
        ({"start": "9999-12-31T23:00:00Z"}, "日期太远"),
        ({"kind": "elapsed", "start": "0001-01-01T00:00:00Z", "end": "9999-12-31T00:00:00Z"}, "日期太远"),
        ({"kind": "elapsed", "end": None}, "缺少 end"),
    ],
)
def test_it_says_of_a_vector_why_it_cannot_be_reckoned(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    file = written(tmp_path, vector() | {"calendar": WEEKLY} | change, vector(id="fine"))
    result = CliRunner().invoke(cli, ["limits", file])
    wanted = change.get("expected_due", "-")  # Nothing is called wrong that expects nothing.
    first = f"a {wanted} unreadable {'-' if wanted == '-' else 'WRONG'}"
    assert result.stdout.splitlines() == [first, "fine - 2026-06-10T09:00:00Z ok"]
    assert result.exit_code == 1
    assert said in result.stderr
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+|Traceback", result.stderr)  # Not the words of the library.


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"target_seconds": 1e18}, "在 0 到 20 年之间"),
        ({"target_seconds": 6e8}, "不会到期"),
        ({"calendar": WEEKLY | {"hours": {}, "extra_workdays": {"2026-06-01": [["09:00", "17:00"]]}}}, "不会到期"),
    ],
)
def test_it_prints_a_stroke_for_what_is_never_due(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    never = vector() | {"calendar": WEEKLY} | change
    result = CliRunner().invoke(cli, ["limits", written(tmp_path, never)])
    assert (result.stdout.splitlines(), result.exit_code) == (["a - - ok"], 0)
    assert said in result.stderr
    result = CliRunner().invoke(cli, ["limits", written(tmp_path, never | {"expected_due": "2030-01-01T00:00:00Z"})])
    assert (result.stdout.splitlines(), result.exit_code) == (["a 2030-01-01T00:00:00Z - WRONG"], 1)


def test_it_remarks_what_is_odd_and_reads_the_standard_input() -> None:
    odd = vector(id="a b\x1b[2J", targt_seconds=3, note="said") | {"expected_due": "2026-06-10T09:00:00Z"}
    words = json.dumps([odd, vector(id="t"), vector(id="t", zzz=1)])
    result = CliRunner().invoke(cli, ["limits", "-"], input=words)
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["ab[2J", "t", "t"]
    assert "是不是想写 target_seconds" in result.stderr
    assert "zzz 没有用" in result.stderr
    assert "编号 t 出现了 2 次" in result.stderr
    assert "note" not in result.stderr


def test_it_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert run("limits", str(tmp_path / "nothing.json"))[0] == 1


def test_it_prints_what_it_makes_of_a_sentence() -> None:
    words = json.dumps(
        {"id": "t1", "text": "我想从明天下午到后天晚上请假回家看病", "context": "none"}, ensure_ascii=False
    )
    code, lines = run("understand", "--now", "2026-06-10T09:00:00+08:00", words=words)
    assert code == 0
    assert json.loads(lines[0]) == {
        "id": "t1", "intent": "leave.request", "start": "2026-06-11T14:00:00+08:00", "start_has_time": True,
        "end": "2026-06-12T22:00:00+08:00", "end_has_time": True, "duration_days": 1.5,
    }  # fmt: skip


def test_it_leaves_out_what_does_not_apply_and_says_why_it_asks() -> None:
    rows = [{"id": 1, "text": "宿舍3栋402灯坏了"}, {"id": 2, "text": "2月30日请假", "context": "form:leave"}]
    code, lines = run(
        "understand", "--now", "2026-06-10T09:00:00+08:00", words="\n".join(json.dumps(row) for row in rows) + "\n\n"
    )
    assert code == 0
    first, second = (json.loads(line) for line in lines)
    assert set(first) == {"id", "intent"}
    assert "ask" in second
    assert "start" not in second


def test_it_tells_of_a_line_that_it_cannot_read_and_goes_on() -> None:
    code, lines = run("understand", words='{"id": 1}\nnonsense\n[]\n' + json.dumps({"id": 9, "text": "你好"}))
    assert code == 1
    assert [json.loads(line)["id"] for line in lines] == [9]


def test_it_refuses_an_instant_that_is_none() -> None:
    assert run("understand", "--now", "yesterday")[0] == 1


def test_it_takes_an_instant_without_offset_for_the_schools_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        words = json.dumps({"id": 1, "text": "明天请假"}, ensure_ascii=False)
        _, lines = run("understand", "--now", "2026-06-10T23:30:00", words=words)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert json.loads(lines[0])["start"] == "2026-06-11T00:00:00+08:00"
