"""What doctor says of the inbox and of Telegram."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from bot import doctor
from bot.settings import Settings, demo_settings
from handlers.texts import text
from handlers.views.health import health
from models import inbox
from models.db import Database
from models.inbox import Arrived
from models.seal import Seal
from tests.fakes.telegram import TOKEN, Fault, TelegramFake
from tests.killing import free_port
from tests.models.outgoing import KEY, NOW

ZONE = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, Seal(KEY, index=b"i" * 32))
    yield database
    database.close()


def accept(database: Database, place: int, at: datetime, trace: str = "") -> None:
    arrived = Arrived(str(place), place, "1001", "李雷的话", trace=trace)
    database.run(lambda session: inbox.accept(session, "telegram", [arrived], at))


def test_it_says_what_lies_in_the_inbox_without_words(database: Database) -> None:
    assert text("zh", "doctor.inbox_empty") in list(doctor.report(database, "zh", ZONE))
    for place in (1, 2):
        accept(database, place, NOW + place * HOUR)
    accept(database, 3, NOW, "KeyError\ntaking.py:1 first\nreading.py:7 oldest")
    accept(database, 4, NOW + 3 * HOUR, "unreadable: newest")
    lines = list(doctor.report(database, "zh", ZONE))
    assert text("zh", "doctor.inbox", count=2, since=(NOW + HOUR).astimezone(ZONE)) in lines
    told = text(
        "zh", "doctor.quarantined", count=2, oldest="reading.py:7 oldest", newest="unreadable: newest",
        oldest_at=NOW.astimezone(ZONE), newest_at=(NOW + 3 * HOUR).astimezone(ZONE),
    )  # fmt: skip
    assert told in lines
    assert not any("李雷" in line or isinstance(line, doctor.Finding) for line in lines)
    assert database.read(health).inbox_waiting == 2


def settings(tmp_path: Path, api_base: str, token: str = TOKEN, **more: object) -> Settings:
    """A demo's settings with a bot of Telegram."""
    found = demo_settings(tmp_path / "var")
    values = {"enabled": True, "token": SecretStr(token), "api_base": api_base} | more
    telegram = found.channels.telegram.model_copy(update=values)
    return found.model_copy(update={"channels": found.channels.model_copy(update={"telegram": telegram})})


def look(
    tmp_path: Path, set_up: Callable[[TelegramFake], object], *, token: str = TOKEN, now: datetime = NOW, **more: object
) -> str:
    """The line on a bot in front of the fake of the Bot API."""

    async def run() -> list[str]:
        async with TelegramFake() as fake:
            set_up(fake)
            mine = settings(tmp_path, fake.base_url, token, **more)
            return await asyncio.to_thread(lambda: list(doctor.platforms(mine, "en", now)))

    (line,) = asyncio.run(run())
    assert TOKEN not in line
    return line


def test_it_asks_nobody_where_telegram_is_not_enabled(tmp_path: Path) -> None:
    assert list(doctor.platforms(demo_settings(tmp_path / "var"), "zh", NOW)) == []


def test_it_says_that_the_platform_answers_and_how_much_waits(tmp_path: Path) -> None:
    line = look(tmp_path, lambda fake: fake.person("李雷", 1001).start())
    assert not isinstance(line, doctor.Finding)
    assert line.startswith("Telegram: reachable, @")
    assert "polling, 1 updates" in line


def test_it_finds_a_token_that_is_refused(tmp_path: Path) -> None:
    line = look(tmp_path, lambda fake: None, token="1:AAAAAAAAAAAA")
    assert isinstance(line, doctor.Finding)
    assert line == text("en", "doctor.telegram_refused")


def test_it_finds_a_platform_that_is_not_reached_or_too_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = doctor.platforms(settings(tmp_path, f"http://127.0.0.1:{free_port()}"), "en", NOW)
    assert isinstance(line, doctor.Finding)
    assert line == text("en", "doctor.telegram_unreached")
    monkeypatch.setattr("bot.channels.telegram.client.LOOK_SECONDS", 0.2)
    begun = time.monotonic()
    line = look(tmp_path, lambda fake: fake.faults.add(Fault("hang", "getMe")))
    assert line == text("en", "doctor.telegram_late")
    assert time.monotonic() - begun < 5


def test_it_finds_a_webhook_that_is_not_as_the_settings_say(tmp_path: Path) -> None:
    def elsewhere(fake: TelegramFake) -> None:
        fake.webhook.url = "https://elsewhere.example.edu.cn/telegram"

    lines = (
        (look(tmp_path, elsewhere), "telegram_set"),
        (look(tmp_path, elsewhere, mode="webhook"), "telegram_other"),
        (look(tmp_path, lambda fake: None, mode="webhook"), "telegram_unset"),
    )
    for line, key in lines:
        assert isinstance(line, doctor.Finding)
        assert line.endswith(text("en", f"doctor.{key}"))


def test_it_finds_a_failure_of_the_last_hour_and_only_tells_an_older_one(tmp_path: Path) -> None:
    failed = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)

    def fail(fake: TelegramFake) -> None:
        fake.webhook.last_error, fake.webhook.last_error_at = "Connection\n refused", int(failed.timestamp())

    for late, wrong in ((timedelta(minutes=59), True), (HOUR, False)):
        line = look(tmp_path, fail, now=failed + late)
        assert isinstance(line, doctor.Finding) is wrong
        assert line.endswith(
            text("en", "doctor.telegram_error", at=failed.astimezone(ZONE), words="Connection refused")
        )
