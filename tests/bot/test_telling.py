"""How the commands know what they speak of: the demo's settings, and where it serves now."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.telling import known_address, settings_of

ELSEWHERE = "http://127.0.0.1:8017"


def test_it_knows_where_the_demo_serves_as_long_as_it_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    plain = settings_of(None)
    with known_address(plain, ELSEWHERE):
        assert settings_of(None).school.base_url == ELSEWHERE
    assert settings_of(None).school.base_url == plain.school.base_url


def test_it_takes_no_damaged_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    plain = settings_of(None)
    (tmp_path / "var" / "demo.address").write_text("rubbish", "utf-8")
    assert settings_of(None).school.base_url == plain.school.base_url


def test_it_keeps_no_address_for_a_school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    school = settings_of(None).model_copy(update={"demo": settings_of(None).demo.model_copy(update={"enabled": False})})
    with known_address(school, ELSEWHERE):
        assert not (tmp_path / "var" / "demo.address").exists()
