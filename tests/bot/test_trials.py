"""python -m bot limits and understand: what an office tries out, line for line."""

from __future__ import annotations

import json
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
    assert [line.split()[0] + line.split()[-1] for line in lines] == ["aWRONG", "lameWRONG", "3WRONG", "fineok"]


@pytest.mark.parametrize("content", ["", "{", "[1, 2", '{"vectors": 3}', "7", "\x00", "[" * 5_000])
def test_it_refuses_a_file_that_holds_no_vectors(tmp_path: Path, content: str) -> None:
    file = tmp_path / "vectors.json"
    file.write_text(content, encoding="utf-8")
    code, lines = run("limits", str(file))
    assert (code, lines) == (1, [])


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
