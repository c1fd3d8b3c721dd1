"""No word of what is sealed stands in the raw files of a database, nor in the log, after whole conversations."""

from __future__ import annotations

import asyncio
import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import make_url, text

from bot import app
from bot.door import Answer, Door
from bot.settings import demo_settings
from handlers import intake
from models.db import Database
from models.message import Incoming
from tests import builders
from tests.builders import CAST, RICH, at
from tests.models.filling import everything

# Words that stand nowhere else: a reason (sealed answer), a letter, a cry for help, and words that trip over a bug.
REASON = "去安定医院复诊CANARYREASON"
CRY = "我不想活了CANARYCRY"
LETTER = "食堂的饭菜CANARYLETTER"
HARM = "这一句会出错CANARYHARM"
SECRETS = (REASON, "CANARYREASON", CRY, "CANARYCRY", "CANARYLETTER", "CANARYHARM", "安定医院")


@dataclass
class Hand:
    """A clock set by hand."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


async def say(door: Door, clock: Hand, name: str, *lines: str) -> list[Answer]:
    """Lines of one of the cast, each answered."""
    answers = []
    for line in lines:
        clock.at += timedelta(seconds=20)
        press = line.removeprefix("> ") if line.startswith("> ") else ""
        incoming = Incoming(
            RICH, CAST[name].number, f"{name}-{clock.at:%H%M%S}", clock.at, "" if press else line, press
        )
        answers.append(await door.receive(incoming))
    return answers


def press_of(answer: Answer, label: str) -> str:
    """What the button with a label sends."""
    return next(choice.send for reply in answer.replies for choice in reply.choices if choice.label == label)


def converse(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[Answer]:
    """A leave with a sensitive reason, half a form, a cry for help with more words, and a message that trips."""
    clock = Hand(at("2026-06-10 09:00"))
    door = builders.make_door(database, builders.make_school(), clock)

    async def play() -> list[Answer]:
        heard = await say(door, clock, "李雷", "我想从明天下午到后天晚上请假", "病假", REASON, "会离校")
        heard += await say(door, clock, "李雷", "> " + press_of(heard[-1], "提交"))
        heard += await say(
            door, clock, "韩梅梅", CRY, "就在天台 CANARYCRY 请来", "我要请假", "明天一天", "事假", REASON
        )
        heard += await say(door, clock, "林涛", "青年信箱", "生活", LETTER)
        heard += await say(door, clock, "林涛", "> " + press_of(heard[-1], "提交"))

        def trip(*_: object) -> None:
            raise RuntimeError(HARM)

        with monkeypatch.context() as patch:
            patch.setattr(intake, "_route", trip)
            heard += await say(door, clock, "林涛", HARM)
        return heard

    return asyncio.run(play())


def raw(database: Database) -> bytes:
    """Every byte that the database keeps: the files of SQLite, every column of PostgreSQL."""
    if database.is_sqlite:
        name = Path(make_url(str(database.url)).database or "")
        return b"".join(path.read_bytes() for path in name.parent.glob(name.name + "*"))

    def read(session) -> bytes:  # type: ignore[no-untyped-def]
        names = session.execute(text("select tablename from pg_tables where schemaname = 'public'")).scalars().all()
        rows = [session.execute(text(f'select * from "{name}"')).all() for name in names]
        return b"\n".join(
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for table in rows for row in table for value in row
        )  # fmt: skip

    return database.read(read)


def test_it_keeps_what_is_sealed_out_of_the_files_and_the_log(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO()
    before = structlog.get_config()
    with redirect_stderr(out), redirect_stdout(out):
        app.set_up_log(demo_settings(tmp_path / "var"))
        for name, module in list(sys.modules.items()):  # New loggers, since those in use may write elsewhere.
            if name.startswith(("bot.", "handlers.", "models.")) and hasattr(module, "log"):
                monkeypatch.setattr(module, "log", structlog.get_logger())
        heard = converse(database, monkeypatch)
    structlog.configure(**before)
    said = "\n".join(reply.text + str(reply.card) for answer in heard for reply in answer.replies)
    assert "CANARYREASON" in said  # The summary shows it to its author, so the words did come in.
    rows = everything(database.url.render_as_string(hide_password=False))
    assert len(rows["ticket"]) >= 3
    assert len(rows["sealed_answer"]) >= 3
    assert any("quarantined" in row for row in rows["received"])
    kept = raw(database)
    assert "李雷".encode() in kept  # The proof looks at the right bytes: a name is no secret here.
    for secret in SECRETS:
        assert secret.encode() not in kept, secret
        assert secret.encode("utf-16-le") not in kept, secret
        assert secret not in out.getvalue(), secret
    assert "message_quarantined" in out.getvalue()
