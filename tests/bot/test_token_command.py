"""python -m bot token and webhooks: a token is shown once, listed without its secret, revoked; a webhook's state is said."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bot.__main__  # noqa: F401 (the program itself must know the command, not this test alone)
from bot.commands import cli
from bot.settings.values import new_key
from handlers import hooks
from models.db import Database
from tests.bot.operating import furnished


@pytest.fixture
def config(sqlite_url: str, tmp_path: Path) -> Path:
    """A school's configuration, and a database with the cast."""
    return furnished(tmp_path, sqlite_url)


def run(config: Path, *words: str, command: str = "token") -> tuple[int, str]:
    done = CliRunner().invoke(cli, [command, *words, "--config", str(config), "--lang", "en"])
    return done.exit_code, done.output


def test_it_makes_lists_and_revokes_tokens(config: Path) -> None:
    last = f"{datetime.now(UTC) + timedelta(days=90):%Y-%m-%d}"
    assert run(config) == (0, "There is no token yet, so there is no API.\n")
    made = run(config, "jw-2026", "--for", "T001", "--scope", "write", "--until", last)
    assert made[0] == 0
    secret = re.findall(r"^yz_[\w-]{43}$", made[1], re.MULTILINE)
    assert len(secret) == 1
    assert run(config) == (0, f"jw-2026 · 韩老师 (T001) · read and act · until {last} · never used · good\n")
    assert run(config, "jw-2026", "--for", "T001", "--until", last)[0] == 1
    assert run(config, "jw-2026", "--revoke")[0] == 0
    assert run(config)[1].endswith("· revoked\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("jw",), "--for"), (("jw", "--for", "T001"), "--until"), (("jw", "--for", "T001", "--until", "soon"), "--until"),
        (("jw", "--for", "T001", "--until", "2020-01-01"), "--until"), (("jw", "--revoke"), "no token called jw"),
    ],
)  # fmt: skip
def test_it_says_what_is_missing(config: Path, words: tuple[str, ...], said: str) -> None:
    status, output = run(config, *words)
    assert status == 1
    assert said in output
    assert "Traceback" not in output


HOOK = """
[[api.webhooks]]
name = "portal"
url = "{url}"
secret = "{secret}"
"""


def test_it_says_how_each_webhook_stands_and_takes_one_back(config: Path, sqlite_url: str) -> None:
    assert run(config, command="webhooks") == (
        1,
        "There is no webhook. Write [[api.webhooks]] into config.toml; see docs/api.md.\n",
    )
    with config.open("a", encoding="utf-8") as file:
        file.write(HOOK.format(url="https://portal.example.edu.cn/in", secret=new_key()))
    run(config)  # Any command that puts the program together makes its streams.
    assert run(config, command="webhooks") == (0, "Webhook portal: in use; 0 wait, 0 held.\n")
    database = Database(sqlite_url)
    database.run(lambda session: hooks.disable(session, "portal", "silent", datetime.now(UTC)))
    database.close()
    status, said = run(config, command="doctor")
    assert status == 1
    assert "! Webhook portal: disabled, since nothing arrived for a whole day; 0 wait, 0 held." in said
    assert run(config, "--enable", "portal", command="webhooks")[0] == 0
    assert run(config, command="webhooks") == (0, "Webhook portal: in use; 0 wait, 0 held.\n")
    assert run(config, "--enable", "other", command="webhooks")[0] == 1


@pytest.mark.parametrize(
    ("url", "said"), [("http://portal.example.edu.cn/in", "must be https"), ("https://a:b@portal/", "not well formed")]
)
def test_it_says_what_is_wrong_with_a_webhook(config: Path, url: str, said: str) -> None:
    with config.open("a", encoding="utf-8") as file:
        file.write(HOOK.format(url=url, secret=new_key()))
    status, output = run(config, command="check")
    assert status == 1
    assert said in output
    assert "a:b" not in output
