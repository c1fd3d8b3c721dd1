"""The keys in the settings: weak ones are refused, none is ever shown, a demo makes its own."""

from __future__ import annotations

import base64
import logging
import sys
from pathlib import Path

import pytest
import structlog

from bot.settings import Mistakes, demo_settings, load, new_key
from tests.bot.test_settings import KEYS, SECTION, write


def weak_keys() -> list[tuple[str, str]]:
    """Values that are no key, each with what is said of it (SS-04)."""
    return [
        ("", "This key is missing."),
        ("c2hvcnQ=", "The key has 5 bytes and needs exactly 32."),
        (base64.b64encode(bytes(range(64))).decode(), "The key has 64 bytes"),
        ("change me please", "The key is not base64."),
        (base64.b64encode(bytes(32)).decode(), "can be guessed"),
        (base64.b64encode(b"0123456789abcdefghijklmnopqrstuv").decode(), "can be guessed"),
    ]


@pytest.mark.parametrize(("key", "what"), weak_keys())
def test_it_refuses_a_missing_short_or_guessable_key(tmp_path: Path, key: str, what: str) -> None:
    content = SECTION.replace(KEYS["index"], key)
    with pytest.raises(Mistakes) as refused:
        load(write(tmp_path, content), {}, "en")
    [mistake] = [mistake for mistake in refused.value.mistakes if mistake.fatal]
    assert (mistake.line, mistake.where) == (3, "keys.index")
    assert what in mistake.what
    assert not key or key not in str(refused.value)


def test_it_refuses_one_key_for_two_purposes(tmp_path: Path) -> None:
    content = SECTION.replace(KEYS["cookie"], KEYS["current"]) + f'previous = ["{new_key()}", "{KEYS["index"]}"]'
    with pytest.raises(Mistakes) as refused:
        load(write(tmp_path, content), {}, "en")
    told = [(at.line, at.where, at.what) for at in refused.value.mistakes if at.fatal]
    assert told == [
        (4, "keys.cookie", "This key is the same as keys.current."),
        (5, "keys.previous#2", "This key is the same as keys.index."),
    ]


def test_it_takes_url_safe_keys_and_old_ones(tmp_path: Path) -> None:
    raw = bytes(range(250, 256)) + base64.b64decode(new_key())[:26]
    key = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    settings = load(write(tmp_path, SECTION + f"previous = ['{key}']"), {})
    assert settings.keys.previous[0].get_secret_value() == raw


def test_it_never_shows_a_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    content = SECTION + f'previous = ["{new_key()}"]\n[database]\nurl = "postgresql://u:hunter2pass@h/x"'
    settings = load(write(tmp_path, content), {})
    sys.stdout.write(f"{settings} {settings!r} {settings.keys} {settings.database!r}")
    sys.stdout.write(f"{settings.model_dump()} {settings.model_dump_json()}")
    structlog.get_logger().error("settings.loaded", settings=settings)
    logging.getLogger("test").error("%s %r", settings, settings.keys)
    shown = capsys.readouterr().out + caplog.text
    raw = [key.get_secret_value() for key in (settings.keys.current, settings.keys.index, *settings.keys.previous)]
    assert "**********" in shown
    assert "hunter2pass" not in shown
    assert not any(key in shown for key in KEYS.values())
    assert not any(repr(key)[2:-1] in shown for key in raw)


def test_it_never_shows_a_secret_in_a_mistake(tmp_path: Path) -> None:
    content = SECTION.replace("current", "curent") + '[database]\nurl = "postgres://u:hunter2pass@h/x"'
    with pytest.raises(Mistakes) as refused:
        load(write(tmp_path, content), {"YIZHAN_KEYS__COOKY": KEYS["cookie"], "YIZHAN_KEYS__INDEX": "hunter3pass"})
    assert "keys.curent" in str(refused.value)
    assert not any(secret in str(refused.value) for secret in (*KEYS.values(), "hunter2pass", "hunter3pass"))


def test_it_keeps_what_goes_as_it_should_off_the_demos_screen(tmp_path: Path) -> None:
    log = demo_settings(tmp_path).log
    assert (log.form, log.level) == ("console", "warning")
    written = tmp_path / "config.toml"
    written.write_text('[demo]\nenabled = true\n[server]\nsecure_cookies = false\n[log]\nlevel = "info"\n', "utf-8")
    assert load(written, {}).log.level == "info"


def test_it_makes_a_demo_with_keys_that_stay(tmp_path: Path) -> None:
    first = demo_settings(tmp_path / "demo")
    again = demo_settings(tmp_path / "demo")
    assert first == again
    assert first.demo.enabled
    assert not first.server.secure_cookies
    assert first.database.sqlite_file == tmp_path / "demo" / "yizhan.db"
    assert (tmp_path / "demo" / "demo.keys").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in (tmp_path / "demo").iterdir()) == ["demo.keys"]
    assert demo_settings(tmp_path / "other").keys != first.keys


def test_it_says_so_when_the_keys_of_a_demo_are_damaged(tmp_path: Path) -> None:
    (tmp_path / "demo.keys").write_text('current = "x"', "utf-8")
    with pytest.raises(Mistakes) as refused:
        demo_settings(tmp_path, "en")
    assert refused.value.mistakes[0].file == tmp_path / "demo.keys"


def test_it_needs_no_keys_in_a_demo_only(tmp_path: Path) -> None:
    content = f"[database]\nurl = 'sqlite:///{tmp_path}/yizhan.db'\n[demo]\nenabled = "
    first = load(write(tmp_path, content + "true"), {})
    assert first.keys == load(write(tmp_path, content + "true\n[keys]\ncurrent = ''"), {}).keys
    with pytest.raises(Mistakes):
        load(write(tmp_path, content + "false"), {})


def test_it_serves_the_demo_where_the_environment_says(tmp_path: Path) -> None:
    assert demo_settings(tmp_path, environ={"YIZHAN_SERVER__PORT": "8123"}).server.port == 8123
    assert (
        demo_settings(tmp_path, environ={"YIZHAN_SERVER__PORT": ""}).server.port == demo_settings(tmp_path).server.port
    )
    for wrong in ("x", "0", "70000", "-1"):
        with pytest.raises(Mistakes, match="YIZHAN_SERVER__PORT"):
            demo_settings(tmp_path, environ={"YIZHAN_SERVER__PORT": wrong})
