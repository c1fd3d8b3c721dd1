"""Putting a school together: keys that fit, one process a file, a free port, true hours, and a log without values."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot import app, hours
from bot.door import places
from bot.settings import Settings, demo_settings
from bot.settings.shape import Keys
from bot.settings.values import new_key
from models import failpoint
from models.db import Away, Database
from models.message import Incoming, Refused
from models.meta import audit
from models.outbox import Sender
from models.worktime import add
from tests.killing import free_port


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return demo_settings(tmp_path)


def on(settings: Settings, **sections: dict[str, Any]) -> Settings:
    """The same settings with some values changed, a section each."""
    changed = {name: getattr(settings, name).model_copy(update=values) for name, values in sections.items()}
    return settings.model_copy(update=changed)


# --- put together -----------------------------------------------------------------------------------------------------


def test_it_puts_a_school_together_twice_alike(settings: Settings) -> None:
    at = datetime(2026, 6, 10, 1, tzinfo=UTC)
    said = []
    for _ in range(2):
        parts = app.put_together(settings, lambda: at)
        said.append(asyncio.run(parts.door.receive(Incoming("terminal", "x", "x:1", at, "你好"))))
        parts.database.close()
    assert said[0].fresh
    assert said[1] == replace(said[0], fresh=False)
    file = settings.database.sqlite_file
    assert file is not None
    assert file.stat().st_mode & 0o777 == 0o600


def test_it_refuses_keys_that_do_not_open_what_is_there(settings: Settings) -> None:
    app.put_together(settings).database.close()
    other = Keys.model_validate({name: new_key() for name in ("current", "index", "cookie")})
    with pytest.raises(Refused, match=r"run\.wrong_keys"):
        app.put_together(settings.model_copy(update={"keys": other}))
    rotated = other.model_copy(update={"previous": (settings.keys.current,), "index": settings.keys.index})
    app.put_together(settings.model_copy(update={"keys": rotated})).database.close()


def test_it_leaves_no_database_open_where_it_refuses_the_keys(settings: Settings) -> None:
    app.put_together(settings, lambda: datetime(2026, 6, 10, 1, tzinfo=UTC)).database.close()
    database = Database(settings.database.url.get_secret_value())
    database.run(lambda session: audit(session, datetime(2026, 6, 10, 1, tzinfo=UTC), None, "opened", "QJ-2606-0001"))
    database.close()
    before = set(threading.enumerate())
    for name, key in (("index", "wrong_index"), ("current", "wrong_keys")):
        other = settings.keys.model_copy(update={name: Keys.model_validate(dict.fromkeys(
            ("current", "index", "cookie"), new_key())).index})  # fmt: skip
        with pytest.raises(Refused, match=rf"run\.{key}"):
            app.put_together(settings.model_copy(update={"keys": other}))
    assert set(threading.enumerate()) <= before


def test_it_is_away_where_no_database_answers(settings: Settings) -> None:
    url = SecretStr(f"postgresql://127.0.0.1:{free_port()}/yizhan")
    with pytest.raises(Away):
        app.put_together(on(settings, database={"url": url}))


def test_it_takes_true_hours_and_shortens_limits_in_the_demo_only(settings: Settings) -> None:
    real = app.school_of(on(settings, demo={"enabled": False}))
    assert (real.clock.scale, real.demo) == (1.0, False)
    assert (app.school_of(settings).clock.scale, app.school_of(settings).demo) == (settings.demo.limit_scale, True)
    assert [hours._closing(each) for each in (clock_time(18), "24:00", "00:00")] == ["18:00", "24:00", "24:00"]
    holiday = datetime(2026, 6, 10, tzinfo=UTC).date()
    off = on(settings, calendar={"holidays": (holiday,)})
    nine, two_hours = datetime(2026, 6, 10, 1, tzinfo=UTC), timedelta(hours=2)
    assert add(hours.calendar_of(settings), nine, two_hours.total_seconds()) == nine + two_hours
    assert add(hours.calendar_of(off), nine, two_hours.total_seconds()) == nine + timedelta(days=1, hours=1)


# --- one process, one port --------------------------------------------------------------------------------------------


def test_it_lets_one_process_have_a_file(tmp_path: Path) -> None:
    file = tmp_path / "new" / "yizhan.db"
    with app.alone(file), pytest.raises(Refused, match=r"run\.file_taken"), app.alone(file):
        pytest.fail("two had the file")
    with app.alone(file), app.alone(None), app.alone(tmp_path / "other.db"):
        assert file.with_name("yizhan.db.lock").exists()


def test_it_finds_a_port_that_really_is_free(settings: Settings) -> None:
    demo = on(settings, server={"port": free_port()})
    # Both before anybody is served: a port that is only bound may be bound twice.
    first, second = app.listen(demo), app.listen(demo)
    with first, second:
        assert first.getsockname()[1] == demo.server.port
        assert demo.server.port < second.getsockname()[1] <= demo.server.port + app.PORTS
        with pytest.raises(Refused, match=r"run\.port_taken"):
            app.listen(on(demo, demo={"enabled": False}))
        with socket.create_connection(first.getsockname()[:2], timeout=5) as client:
            assert client.getpeername() == first.getsockname()


# --- serving ----------------------------------------------------------------------------------------------------------


def test_it_puts_everything_away_before_it_ends(settings: Settings) -> None:
    port = free_port()
    nobody = {"enabled": True, "token": SecretStr("1:nobody"), "api_base": f"http://127.0.0.1:{free_port()}"}
    telegram = settings.channels.telegram.model_copy(update=nobody)
    settings = on(settings, server={"port": port}, channels={"telegram": telegram})
    parts = app.put_together(settings)
    before = set(threading.enumerate())

    def interrupt() -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
            assert client.recv(12) == b"HTTP/1.1 200"
            os.kill(os.getpid(), signal.SIGINT)

    listener = app.listen(settings)
    asker = threading.Thread(target=interrupt)
    asker.start()
    began = time.monotonic()
    asyncio.run(app.serve(parts, listener, "1.2.3"))
    asker.join(10)
    assert time.monotonic() - began < 10
    assert set(threading.enumerate()) <= before
    assert parts.database._closing
    database = Database(settings.database.url.get_secret_value())
    assert database.read(lambda session: session.get(Sender, "telegram")) is not None, "its courier had begun"
    database.close()


# --- the log, and points of death -------------------------------------------------------------------------------------


def test_it_logs_places_and_no_values() -> None:
    try:
        int("李雷的手机号")
    except ValueError as caught:
        error = caught
        by_default = app._places_only(None, "", {"event": "x", "exc_info": True})
    for line in (by_default, app._places_only(None, "", {"event": "x", "exc_info": error})):
        assert "test_it_logs_places_and_no_values" in line["places"]
        assert "李雷" not in str(line)
        assert "exc_info" not in line
    assert places(error).startswith("ValueError\ntest_app.py:")
    assert app._places_only(None, "", {"event": "x"}) == {"event": "x"}


@pytest.fixture
def points(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What would have been killed."""
    killed: list[int] = []
    monkeypatch.setattr(os, "kill", lambda pid, by: killed.append(by))
    return killed


def test_it_dies_only_where_it_was_told_to(points: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    for point in failpoint.POINTS:
        failpoint.at(point)
    assert points == []
    monkeypatch.setattr(failpoint, "_name", "committed")
    monkeypatch.setattr(failpoint, "_left", 3)
    for point in ("received", "committed", "committed"):
        failpoint.at(point)
    assert points == []
    failpoint.at("committed")
    assert points == [signal.SIGKILL]
