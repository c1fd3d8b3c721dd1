"""The frame under the tests: databases are new each time, the network is out of reach, and nothing stays behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from tests import equipment
from tests.conftest import COLLECTED, Chromium
from tests.postgres import Cluster

ROOT = Path(__file__).parent.parent


def _tables(url: str) -> set[str]:
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(sa.text("create table left_behind (id int)"))
        return set(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()


@pytest.mark.parametrize("time_", [1, 2])
def test_it_gives_every_test_a_new_migrated_database(database_url: str, time_: int) -> None:
    tables = _tables(database_url)
    assert "alembic_version" in tables
    assert "ticket" in tables


def _run(url: str, *statements: str) -> list[tuple[object, ...]]:
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            return [tuple(row) for row in [connection.execute(sa.text(each)) for each in statements][-1]]
    finally:
        engine.dispose()


ROWS = "SELECT (SELECT count(*) FROM grid), (SELECT count(*) FROM person), (SELECT count(*) FROM alembic_version)"
GRID = (
    "INSERT INTO grid (id, tree, level, code, name, name_en, path) SELECT 'g' || n, 'office', 'office', n::text,"
    " repeat('x', 80), repeat('y', 120), '/' || n || '/' FROM generate_series(1, {rows}) n"
)
FILL = (
    GRID.format(rows=1),
    "DELETE FROM alembic_version",
)


def test_it_gives_a_used_database_again_without_what_was_written(postgresql: Cluster, postgresql_template: str) -> None:
    used = postgresql.borrow(postgresql_template)
    assert _run(postgresql.url(used.name), *FILL, ROWS) == [(1, 0, 0)]
    postgresql.give_back(used)
    again = postgresql.borrow(postgresql_template)
    assert (again is used) is not postgresql.durable  # The long form has a new copy for every test.
    assert _run(postgresql.url(again.name), ROWS) == [(0, 0, 1)]
    postgresql.give_back(again)


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE left_behind (id int)",
        "DROP TABLE credential",
        "ALTER TABLE person ADD COLUMN left_behind int",
        "ALTER TABLE person DISABLE TRIGGER ALL",
        "CREATE INDEX left_behind ON person (name)",
        "CREATE FUNCTION left_behind() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ANALYZE person",
        GRID.format(rows=15_000),
    ],
)
def test_it_gives_no_database_again_that_was_changed_in_more_than_a_few_rows(
    postgresql: Cluster, postgresql_template: str, change: str
) -> None:
    used = postgresql.borrow(postgresql_template)
    _run(postgresql.url(used.name), change, "SELECT 1")
    postgresql.give_back(used)
    assert postgresql.borrow(postgresql_template).name != used.name


def test_it_gives_no_database_again_that_somebody_is_still_in(postgresql: Cluster, postgresql_template: str) -> None:
    used = postgresql.borrow(postgresql_template)
    somebody = psycopg.connect(postgresql.url(used.name).replace("+psycopg", ""))
    postgresql.give_back(used)
    assert postgresql.borrow(postgresql_template).name != used.name
    somebody.close()


def test_it_gives_an_empty_database_to_those_who_migrate(empty_postgresql_url: str) -> None:
    assert _tables(empty_postgresql_url) == {"left_behind"}


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80, 0, 0), ("elsewhere.example", 443)])
def test_it_keeps_the_network_out_of_reach(address: tuple[object, ...]) -> None:
    # The event that a socket raises, without the socket: were the guard gone, nothing would leave the machine either.
    with pytest.raises(PermissionError, match="start a fake"):
        sys.audit("socket.connect", None, address)


def test_it_looks_up_no_names() -> None:
    with pytest.raises(PermissionError, match=r"elsewhere\.example"):
        sys.audit("socket.getaddrinfo", "elsewhere.example", 443, 0, 0, 0)


def test_it_reaches_loopback() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as connection:
        assert connection.getpeername() == server.getsockname()


@pytest.mark.skipif(equipment.find_postgresql() is None, reason=equipment.HOW_TO_GET["PostgreSQL"])
def test_it_leaves_no_cluster_behind_when_the_tests_are_killed() -> None:
    program = (
        "from tests.postgres import Cluster; import time; c = Cluster(); print(c.folder, flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    folder = Path(child.stdout.readline().strip())
    child.stdout.close()
    postmaster = int((folder / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])
    child.send_signal(signal.SIGKILL)
    child.wait()
    give_up_at = time.monotonic() + 30
    while folder.exists() and time.monotonic() < give_up_at:
        time.sleep(0.02)
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(postmaster, 0)


def test_it_drives_the_browser(chromium: Chromium) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.executable_path, args=chromium.args)
        page = browser.new_page()
        page.set_content("<h1>驿站</h1>")
        assert page.inner_text("h1") == "驿站"
        browser.close()


def test_it_enforces_the_same_coverage_that_the_settings_name() -> None:
    import tomllib

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["coverage"]["report"]["fail_under"] == equipment.COVERAGE_GATE


def test_it_holds_the_whole_run_to_that_coverage() -> None:
    """A gate that costs time is soon left out; make test is what everybody runs, and CI."""
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\ntest:")[2].partition("\n\n")[0]
    assert "$(COVERAGE)" in recipe
    assert "-m tests.equipment)" in recipe, "It says from which percentage on."


def test_it_leaves_no_case_to_the_long_form_by_a_name_that_none_bears(request: pytest.FixtureRequest) -> None:
    cases = request.config.stash[COLLECTED]
    files = {str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py")}
    if files <= {
        case.partition("::")[0] for case in cases
    }:  # A part of the tests, run alone, tells nothing of the rest.
        assert equipment.idle(cases) == []


def test_it_finds_names_that_no_case_bears() -> None:
    cases = [
        "tests/handlers/test_inbox.py::test_it_lists[postgresql-1]",
        "tests/test_matrix.py::test_it_asks[postgresql]",
    ]
    idle = equipment.idle(cases)
    assert "test_matrix.py [postgresql" not in idle
    assert "test_inbox.py" not in idle
    assert {"test_sweep_kills.py [sqlite", "racing", "test_talks.py"} <= set(idle)


def test_it_watches_the_first_cases_of_what_mirrors_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equipment, "WATCH_FEW", True)
    case = "tests/handlers/test_form.py::test_it_asks[sqlite-1]"
    assert [equipment.is_watched(case, number) for number in (0, equipment.FIRST_CASES)] == [True, False]
    assert equipment.is_watched("tests/test_talks.py::test_it_goes_as_the_file_says[sqlite-english-rich]", 99)
    for other in (
        "tests/handlers/test_form.py::test_it_asks[postgresql-1]",
        "tests/test_talks.py::test_it_goes_as_the_file_says[sqlite-english-poor]",
        "tests/test_matrix.py::test_it_lets_in[student]",
        "tests/bot/test_door.py::test_it_answers[sqlite]",
    ):
        assert not equipment.is_watched(other, 0), other
    assert not equipment.is_watched(case, 0, ["browser", "chromium"])
    monkeypatch.setattr(equipment, "WATCH_FEW", False)
    assert equipment.is_watched(other, 99), "Whoever asks for coverage has all of it."
