"""python -m bot check: every mistake on a line of its own, a closing line, and the exit code."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import settings
from bot.check import check
from bot.settings import Mistake, Settings, surroundings
from tests.bot.test_settings import KEYS_IN_ENVIRONMENT, SECTION, write


def said(path: Path, lang: str = "en", environ: dict[str, str] = KEYS_IN_ENVIRONMENT) -> tuple[int, list[str]]:
    """The exit code and the lines."""
    out = io.StringIO()
    code = check(path, environ, lang, out)
    return code, out.getvalue().splitlines()


def test_it_prints_each_mistake_and_a_closing_line(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    database = f"[database]\nurl = 'sqlite:///{tmp_path}/var/yizhan.db'\n"
    path = write(tmp_path, f"[server]\nport = 'x'\nprot = 1\n{database}")
    code, lines = said(path)
    assert code == 1
    assert f"{path}:3: server.prot: There is no such setting. Did you mean server.port?" in lines
    assert any(line.startswith(f"{path}:2: server.port: This should be a whole number") for line in lines)
    assert lines[-1].startswith("Mistakes: 2, warnings: 2.")


def test_it_is_content_with_warnings(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    path = write(tmp_path, f"[database]\nurl = 'sqlite:///{tmp_path}/var/yizhan.db'\n")
    code, lines = said(path, "zh")
    assert code == 0
    assert any("（提醒）" in line and "crisis.numbers" in line for line in lines)
    assert lines[-1] == "设置可以用，有 2 处提醒。"


def test_it_asks_further_checkers_whatever_else_is_wrong(tmp_path: Path) -> None:
    asked: list[Settings] = []

    def look(found: Settings) -> Iterator[Mistake]:
        asked.append(found)
        yield Mistake(7, "limits.respond", "Too short.", "Lengthen it.", file=Path("items/leave.toml"))

    out = io.StringIO()
    broken = write(tmp_path, "[server]\nport = 'x'")
    assert check(broken, KEYS_IN_ENVIRONMENT, "en", out, [look]) == 1
    assert check(write(tmp_path, "= 1"), KEYS_IN_ENVIRONMENT, "en", out, [look]) == 1
    assert check(write(tmp_path, "[server]\nport = 1"), KEYS_IN_ENVIRONMENT, "en", out, [look]) == 1
    assert [found.server.port for found in asked] == [8000, 1]
    assert "items/leave.toml:7: limits.respond: Too short. Lengthen it." in out.getvalue().splitlines()


def test_it_prints_a_remark_that_counts_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    path = write(tmp_path, f"[database]\nurl = 'sqlite:///{tmp_path}/var/yizhan.db'\n")
    out = io.StringIO()
    assert check(path, KEYS_IN_ENVIRONMENT, "zh", out, [lambda _: ["还没有数据库。"]]) == 0
    lines = out.getvalue().splitlines()
    assert lines[0] == "还没有数据库。"
    assert lines[-1] == "设置可以用，有 2 处提醒。"


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("sqlite:///{folder}/none/yizhan.db", "does not exist"),
        ("sqlite:////proc/yizhan.db", "cannot be written"),
        ("sqlite:///{folder}/directory", "is not an ordinary file"),
        ("sqlite:///{folder}/open.db", "may change the database file (mode 0666)"),
    ],
)
def test_it_finds_a_database_that_cannot_work_here(tmp_path: Path, url: str, what: str) -> None:
    (tmp_path / "directory").mkdir()
    (tmp_path / "open.db").touch()
    (tmp_path / "open.db").chmod(0o666)
    code, lines = said(write(tmp_path, f"\n[database]\nurl = '{url.format(folder=tmp_path)}'"))
    assert code == 1
    assert any("config.toml:3: database.url: " in line and what in line for line in lines)


def test_it_finds_a_database_on_a_network_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"30 22 0:40 / {tmp_path.resolve()} rw - nfs4 server:/x rw\n", "utf-8")
    monkeypatch.setattr(surroundings, "MOUNTS", mounts)
    code, lines = said(write(tmp_path, f"[database]\nurl = 'sqlite:///{tmp_path}/yizhan.db'"))
    assert code == 1
    assert any("database.url: The database is on a network folder (nfs4)" in line for line in lines)


def test_it_finds_folders_that_are_missing_or_cannot_be_made(tmp_path: Path) -> None:
    content = "[services]\nfolders = [\n'nowhere']\n[store]\nfolder = '/proc/files'\n[backup]\nfolder = '/dev/null/x'"
    found = {(at.line, at.where, at.what) for at in settings.find(write(tmp_path, content), KEYS_IN_ENVIRONMENT, "en")}
    assert (3, "services.folders#1", "The folder nowhere does not exist.") in found
    assert (5, "store.folder", "The folder /proc/files can be neither written nor made.") in found
    assert (7, "backup.folder", "The folder /dev/null/x can be neither written nor made.") in found


def test_it_warns_of_files_that_others_may_read(tmp_path: Path) -> None:
    (tmp_path / "yizhan.db").touch(0o644)
    path = write(tmp_path, SECTION + f"[database]\nurl = 'sqlite:///{tmp_path}/yizhan.db'")
    path.chmod(0o644)
    code, lines = said(path, environ={})
    assert code == 0
    assert any("config.toml: (warning) The settings file holds keys" in line for line in lines)
    assert any("(warning) Everybody on this machine may read the database file (mode 0644)." in line for line in lines)
    path.chmod(0o600)
    assert not any("The settings file holds keys" in line for line in said(path, environ={})[1])
