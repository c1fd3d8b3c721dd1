"""The command line, as an operator meets it: plain sentences, exit codes; what serves or ends runs as a process."""

from __future__ import annotations

import base64
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from bot.__main__ import version
from handlers.texts import text
from models.migrate import head
from tests.bot.operating import child, refused, right, succeeded, wrong
from tests.bot.test_importing import AREAS, DUTIES, PEOPLE
from tests.killing import PATIENCE, environment, free_port, write_config

LILEI = "2023010101"
NOW = "2026-06-10T09:00:00+08:00"
STOPS_IN = 3.0  # Seconds: what is promised of Ctrl-C.


class Serving:
    """A command that serves until it is told to stop."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self.address = ""
        assert process.stdout is not None
        for line in process.stdout:
            self.lines.append(line.rstrip())
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            self.address = self.address or (found.group(0) if found else "")
            if text("zh", "run.stop") in line:
                break

    def stop(self, by: int = signal.SIGINT) -> tuple[int, float, str]:
        """Send a signal; answers with the exit code, the seconds it took, and what was said meanwhile."""
        began = time.monotonic()
        self.process.send_signal(by)
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, time.monotonic() - began, out + err


@contextmanager
def serving(*words: str | Path, cwd: Path) -> Iterator[Serving]:
    """A command that serves, with its own child ended whatever happens."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *map(str, words)], cwd=cwd, env=environment(), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with process:
        try:
            yield Serving(process)
        finally:
            if process.poll() is None:
                process.kill()


def school(tmp_path: Path) -> Path:
    """A school on SQLite whose roster was imported."""
    config = write_config(tmp_path, f"sqlite:///{tmp_path / 'yizhan.db'}", free_port())
    for name, words in (("areas", AREAS), ("people", PEOPLE), ("duties", DUTIES)):
        (tmp_path / f"{name}.csv").write_text(words, encoding="utf-8")
    right("import", tmp_path, "--config", config, cwd=tmp_path)
    return config


# --- serving ----------------------------------------------------------------------------------------------------------


def open_stream(stack: ExitStack, address: str) -> None:
    """A browser that signed in as the first student and listens."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(), urllib.request.ProxyHandler({}))
    page = stack.enter_context(opener.open(f"{address}/")).read().decode()
    token, person = (re.search(rf'name="{name}" value="(\w+)"', page) for name in ("token", "person"))
    assert token is not None
    assert person is not None
    form = f"token={token[1]}&person={person[1]}".encode()
    stack.enter_context(opener.open(f"{address}/chat/enter", form)).read()
    stream = stack.enter_context(opener.open(f"{address}/chat/stream"))
    assert stream.readline().startswith(b"retry:")


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_the_demo_at_once_with_open_streams(by: int, tmp_path: Path) -> None:
    with serving("demo", cwd=tmp_path) as served, ExitStack() as stack:
        assert text("zh", "run.try") in served.lines
        assert f"{served.address}/chat" in "\n".join(served.lines)
        for _ in range(3):
            open_stream(stack, served.address)
        code, seconds, said = served.stop(by)
    assert (code, said) == (0, "")
    assert seconds < STOPS_IN
    left = {path.name for path in (tmp_path / "var").iterdir()}
    assert not left & {"yizhan.db-wal", "yizhan.db-shm"}, "the database was closed, not dropped"


@pytest.mark.parametrize("after", [0.15, 0.3, 0.5, 0.8, 1.2, 1.8])
def test_it_stops_without_a_trace_while_it_starts(after: float, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo"], cwd=tmp_path, env=environment(), text=True, stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    time.sleep(after)  # The moment of the signal is what is tried, whatever the program does by then.
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors) == (0, "")
    assert "Traceback" not in said
    assert "Aborted" not in said


def test_it_takes_the_next_free_port_for_a_demo_only(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        url = f"sqlite:///{tmp_path / 'yizhan.db'}"
        said_first = wrong("run", "--config", write_config(tmp_path, url, port), cwd=tmp_path)
        assert said_first.strip() == text("zh", "run.port_taken", port=port)
        with serving("run", "--config", write_config(tmp_path, url, port, demo=True), cwd=tmp_path) as served:
            assert port < int(served.address.rpartition(":")[2]) <= port + 20
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{served.address}/healthz") as said:
                assert said.status == 200
            # A second server on the same file is told so, whichever port it would have.
            again = refused(child("run", "--config", tmp_path / "config.toml", cwd=tmp_path))
            assert again.strip() == text("zh", "run.file_taken", file="yizhan.db")
            assert served.stop()[0] == 0


def test_it_does_not_run_without_keys(tmp_path: Path) -> None:
    config = write_config(tmp_path, f"sqlite:///{tmp_path / 'yizhan.db'}", free_port())
    config.write_text(re.sub(r"(?m)^(current|index|cookie) = .*$", "", config.read_text("utf-8")), encoding="utf-8")
    said = wrong("run", "--config", config, cwd=tmp_path)
    assert [key for key in ("keys.current", "keys.index", "keys.cookie") if key in said] == [
        "keys.current",
        "keys.index",
        "keys.cookie",
    ]
    assert not (tmp_path / "yizhan.db").exists()


def test_it_does_not_run_with_the_keys_of_another_school(tmp_path: Path) -> None:
    config = school(tmp_path)
    other = write_config(tmp_path, f"sqlite:///{tmp_path / 'yizhan.db'}", free_port())
    assert other == config
    assert wrong("run", "--config", config, cwd=tmp_path).strip() == text("zh", "run.wrong_keys")


# --- talking ----------------------------------------------------------------------------------------------------------


def test_it_talks_in_a_pipe(tmp_path: Path) -> None:
    lines = "我想从明天下午到后天晚上请假回家看病\n找老师\n奖学金怎么申请？\n\x00\n"
    said = succeeded(child("talk", "--as", LILEI, "--now", NOW, cwd=tmp_path, said=lines))
    answers = said.rstrip("\n").split("\n\n")
    assert said.endswith("\n\n")
    assert "6月11日" in said
    assert "6月12日" in said
    assert re.search(r"ZX-2606-0001", said)
    assert len(answers) >= 4
    again = right("talk", "--as", LILEI, "--now", NOW, cwd=tmp_path, said="我的\n")
    assert "ZX-2606-0001" in again, "what was said before is still there"


def test_it_takes_more_lines_than_a_minute_allows_under_a_clock_that_stands(tmp_path: Path) -> None:
    said = right("talk", "--as", LILEI, "--now", NOW, cwd=tmp_path, said="值班\n" * 70)
    assert said.count("现在值班") == 70
    assert text("zh", "door.too_fast") not in said


def test_it_says_plainly_who_is_unknown_and_which_instant_is_none(tmp_path: Path) -> None:
    assert wrong("talk", "--as", "nobody", cwd=tmp_path).strip() == text("zh", "run.no_person", number="nobody")
    bad = wrong("talk", "--as", LILEI, "--now", "tomorrow", cwd=tmp_path)
    assert bad.strip() == text("zh", "run.bad_instant", value="tomorrow")


# --- settings, keys, schema, roster -----------------------------------------------------------------------------------


def test_it_checks_a_configuration(tmp_path: Path) -> None:
    config = write_config(tmp_path, f"sqlite:///{tmp_path / 'yizhan.db'}", free_port())
    done = child("check", "--config", config, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    config.write_text(config.read_text("utf-8").replace("port = ", "prot = "), encoding="utf-8")
    config.chmod(0o600)
    assert "server.prot" in wrong("check", "--config", config, cwd=tmp_path)
    assert "missing.toml" in wrong("check", "--config", tmp_path / "missing.toml", cwd=tmp_path)


def test_it_makes_keys(tmp_path: Path) -> None:
    lines = right("keys", cwd=tmp_path).splitlines()
    keys = [re.fullmatch(r'(current|index|cookie) = "(.{44})"', line) for line in lines]
    assert [key[1] for key in keys if key] == ["current", "index", "cookie"]
    assert {len(base64.b64decode(key[2])) for key in keys if key} == {32}
    assert len({key[2] for key in keys if key}) == 3


def test_it_migrates_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    config = write_config(tmp_path, f"sqlite:///{tmp_path / 'new' / 'yizhan.db'}", free_port())
    (tmp_path / "new").mkdir()
    first, second = (right("migrate", "--config", config, cwd=tmp_path) for _ in range(2))
    assert first == second
    assert (tmp_path / "new" / "yizhan.db").stat().st_mode & 0o777 == 0o600


def test_it_imports_binds_and_looks_after_a_school(tmp_path: Path) -> None:
    config = school(tmp_path)
    made = right("code", "202301", "--config", config, cwd=tmp_path)
    assert "李雷" in made
    assert wrong("code", "nobody", "--config", config, cwd=tmp_path).strip() == text(
        "zh", "run.no_person", number="nobody"
    )
    health = succeeded(child("doctor", "--config", config, cwd=tmp_path))
    assert text("zh", "doctor.audit") in health
    (tmp_path / "people.csv").write_text(PEOPLE.replace("cs2301", "nowhere"), encoding="utf-8")
    assert "people.csv:2" in refused(child("import", tmp_path, "--config", config, cwd=tmp_path))


def test_it_says_plainly_that_there_is_no_database_yet(tmp_path: Path) -> None:
    config = write_config(tmp_path, f"sqlite:///{tmp_path / 'yizhan.db'}", free_port())
    said = wrong("doctor", "--config", config, cwd=tmp_path)
    assert said.strip() == text("zh", "schema.other", found="-", wanted=head())
    assert not (tmp_path / "yizhan.db").exists()


def test_it_says_plainly_that_the_database_cannot_be_reached(tmp_path: Path) -> None:
    config = write_config(tmp_path, f"postgresql://127.0.0.1:{free_port()}/yizhan", free_port())
    for command in ("run", "migrate", "doctor"):
        said = wrong(command, "--config", config, cwd=tmp_path)
        assert text("zh", "schema.away") in said, command


# --- backup and restore -----------------------------------------------------------------------------------------------


def test_it_restores_what_it_saved(tmp_path: Path) -> None:
    right("talk", "--as", LILEI, "--now", NOW, cwd=tmp_path, said="找老师\n奖学金怎么申请？\n")
    succeeded(child("backup", "--to", tmp_path / "saved.tar.gz", cwd=tmp_path))
    keys = (tmp_path / "var" / "demo.keys").read_bytes()
    shutil.rmtree(tmp_path / "var")
    assert wrong("restore", tmp_path / "saved.tar.gz", cwd=tmp_path), "keys of its own open nothing"
    assert not (tmp_path / "var" / "yizhan.db").exists()
    (tmp_path / "var" / "demo.keys").write_bytes(keys)
    assert succeeded(child("restore", tmp_path / "saved.tar.gz", cwd=tmp_path))
    assert "ZX-2606-0001" in right("talk", "--as", LILEI, "--now", NOW, cwd=tmp_path, said="我的\n")
    assert wrong("restore", tmp_path / "saved.tar.gz", cwd=tmp_path), "what is there is not overwritten unasked"
    assert right("restore", "--replace", tmp_path / "saved.tar.gz", cwd=tmp_path)


def test_it_names_its_version_and_its_commands(tmp_path: Path) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+.*|0|Unreleased", version())
    done = child("--help", cwd=tmp_path, COLUMNS="200", NO_COLOR="1")
    names = "run demo talk check migrate import code keys backup restore doctor held"
    for command in names.split():
        assert re.search(rf"\b{command}\b", done.stdout), command
    assert list(tmp_path.iterdir()) == []
