"""Reads a conversation of tests/talks line by line, and plays it on a stage."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot import render
from tests import builders
from tests.talking import Stage, Wrong

FOLDER: Final = Path(__file__).parent / "talks"
_CLOCK: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
_LATER: Final = re.compile(r"\+(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?")
_TURN: Final = re.compile(r"(?P<who>[^\s:：(←→]+)(?:\s*\((?P<how>[^)]*)\))?\s*[:：]\s*(?P<words>.*)")
_TOLD: Final = re.compile(r"(?P<who>\S+) ←(?P<no>!?)\s*(?P<words>.*)")
_STEP: Final = re.compile(r"\((?P<verb>[a-z]+)\s*(?P<words>.*)\)")


def play(path: Path, url: str, *, poor: bool) -> int:
    """Play a file from its first line to its last; Wrong names the line. Answers with the number of lines that held."""
    held = 0
    with Stage(url, poor) as stage:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        for number, line in enumerate(lines, 1):
            if not line or line.startswith("#"):
                continue
            try:
                _step(stage, line)
            except Wrong as wrong:
                message = f"{path.name}:{number}: {line}\n{wrong}"
                raise Wrong(message) from None
            held += 1
            if poor and stage.answer is not None and len(stage.answer.text.encode()) > render.POOR_BYTES:
                message = f"{path.name}:{number}: too long for a poor channel"
                raise Wrong(message)
    return held


def _step(stage: Stage, line: str) -> None:
    """One line of a file."""
    if line.startswith("→"):
        stage.expect(line.lstrip("→!").strip(), present=not line.startswith("→!"))
    elif _CLOCK.fullmatch(line):
        stage.later(builders.at(line))
    elif line.startswith("+") and (later := _LATER.fullmatch(line)):
        days, hours, minutes = (int(part or 0) for part in later.groups())
        stage.later(stage.now + timedelta(days=days, hours=hours, minutes=minutes))
    elif step := _STEP.fullmatch(line):
        _steps(stage)[step["verb"]](step["words"])
    elif told := _TOLD.fullmatch(line):
        stage.hear(told["who"], told["words"], present=not told["no"])
    elif said := _TURN.fullmatch(line):
        stage.say(said["who"], said["how"] or "", said["words"])
    else:
        message = "this line is none of the forms that tests/talks/README.txt names"
        raise Wrong(message)


def _steps(stage: Stage) -> dict[str, Callable[[str], None]]:
    return {"restart": stage.restart, "redeliver": stage.redeliver, "code": stage.issue, "tickets": stage.tickets,
            "timeline": stage.timeline, "keeper": stage.house, "rules": stage.adopt, "exams": stage.examine,
            "duty": stage.entrust}  # fmt: skip
