"""Runs the operator's commands as an operator types them: in this process for their words, in a child for the process."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from typing import NoReturn

import pytest
import structlog
from typer.testing import CliRunner

from bot import __main__, app, telling  # noqa: F401 (run, demo and talk register themselves)
from bot.commands import cli
from models.db import Database
from models.migrate import upgrade
from tests import builders
from tests.killing import PATIENCE, environment, write_config

Done = subprocess.CompletedProcess[str]


def furnished(folder: Path, url: str) -> Path:
    """A school's configuration in a folder, over a new database with the cast; where it lies."""
    config = write_config(folder, url, 8000)
    upgrade(url)
    database = Database(url, builders.new_seal())
    database.run(builders.settle)
    database.close()
    return config


def bot(*words: str | Path, cwd: Path, said: str = "", **more: str) -> Done:
    """Run one command to its end in this process, with the environment that `child` gives; a bug in it is raised here.

    The start of a child is more than a second of computing, and what it would add is tried by the tests that use `child`.
    """
    wanted = environment(**more)
    changed = {name: wanted.get(name) for name in {*os.environ, *wanted}}
    with chdir(cwd), pytest.MonkeyPatch.context() as patch:
        # A command that serves although it should have refused would never come back.
        patch.setattr(app, "serve", _refuse_to_serve)
        patch.setattr(telling, "_chosen", {"lang": ""})
        try:
            done = CliRunner(env=changed).invoke(cli, [*map(str, words)], input=said, catch_exceptions=False)
        finally:
            structlog.reset_defaults()  # The command's log goes to a stream that is closed now.
    return subprocess.CompletedProcess([*words], done.exit_code, done.stdout, done.stderr)


def _refuse_to_serve(*_: object) -> NoReturn:
    pytest.fail("The command began to serve.")


def child(*words: str | Path, cwd: Path, said: str = "", **more: str) -> Done:
    """Run one command to its end in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *map(str, words)], cwd=cwd, env=environment(**more), input=said, text=True,
        capture_output=True, check=False, timeout=PATIENCE,
    )  # fmt: skip


def succeeded(done: Done) -> str:
    """The output of a command that must have succeeded without a word on standard error."""
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def right(*words: str | Path, cwd: Path, said: str = "") -> str:
    """The output of a command that must succeed without a word on standard error."""
    return succeeded(bot(*words, cwd=cwd, said=said))


def wrong(*words: str | Path, cwd: Path) -> str:
    """The plain sentences of a command that must fail."""
    return refused(bot(*words, cwd=cwd))


def refused(done: Done) -> str:
    """The plain sentences of a command that must have failed."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr + done.stdout
