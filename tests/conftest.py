"""What every test may ask for: a migrated database of either kind, a browser; and what none may have: the network."""

from __future__ import annotations

import gc
import ipaddress
import os
import shutil
import sys
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import structlog

from tests import equipment

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from models.db import Database
    from tests.bad_inputs.place import Place
    from tests.postgres import Cluster

LONG_RUN_SECONDS = 60.0  # A shorter run needs no account of its time.

gc.disable()  # Until all is collected; see pytest_collection_finish.

hypothesis.settings.register_profile("short", max_examples=500, deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile("soak", max_examples=2000, deadline=None, database=None)
hypothesis.settings.load_profile("soak" if equipment.SOAK else "short")

COLLECTED = pytest.StashKey[list[str]]()  # What this run found, also what waits for the long form.
WATCHED = pytest.StashKey[frozenset[str]]()  # What coverage watches of it, where it is asked for.


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let the long files begin, and leave the long forms out unless they are asked for."""
    config.stash[COLLECTED] = [item.nodeid for item in items]
    items.sort(key=lambda item: equipment.turn_of(item.nodeid))
    if not equipment.SOAK:
        short: list[pytest.Item] = []
        long: list[pytest.Item] = []
        for item in items:
            waits = item.get_closest_marker("soak") or equipment.is_long(item.nodeid)
            (long if waits else short).append(item)
        if long:
            config.hook.pytest_deselected(items=long)
            items[:] = short
    config.stash[WATCHED] = frozenset(_watched(items))


def pytest_collection_finish() -> None:
    """Spare the collector of garbage the thousands of cases and modules that stay until the end.

    It walked over all of them again and again, which was a tenth of what the tests computed.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def _watched(items: list[pytest.Item]) -> Iterator[str]:
    """The cases that coverage watches."""
    numbers: Counter[str] = Counter()
    for item in items:
        function = item.nodeid.partition("[")[0]
        # Hundreds of examples of a law run the same lines, each twice as slowly under coverage.
        is_law = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        few = is_law and equipment.WATCH_FEW
        if not few and equipment.is_watched(item.nodeid, numbers[function], getattr(item, "fixturenames", ())):
            yield item.nodeid
        numbers[function] += 1


def _coverage(config: pytest.Config) -> Any:
    """What begins and ends pytest-cov's measuring in this process; None where nobody asked for coverage."""
    plugin = config.pluginmanager.getplugin("_cov")
    return plugin.cov_controller if plugin else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Let coverage see in one worker alone what files do when imported.

    They do the same in every worker, and the process that hands out the cases runs none of our code.
    """
    control = _coverage(session.config)
    hands_out = session.config.pluginmanager.hasplugin("dsession")
    if control is not None and (hands_out or os.environ.get("PYTEST_XDIST_WORKER", "gw0") != "gw0"):
        control.pause()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let coverage look on, or look away, from a case's fixtures to their end."""
    control = _coverage(item.config)
    watched = item.nodeid in item.config.stash[WATCHED]
    if control is not None and control.started != watched:
        (control.resume if watched else control.pause)()
    return (yield)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say where the time of a long run went, so that whoever adds a test sees what it costs beside the others."""
    folders: dict[str, float] = defaultdict(float)
    files: dict[str, float] = defaultdict(float)
    for report in (each for reports in terminalreporter.stats.values() for each in reports):
        if isinstance(report, pytest.TestReport):
            path = Path(report.nodeid.partition("::")[0])
            folders[str(path.parent)] += report.duration
            files[path.name] += report.duration
    if sum(folders.values()) < LONG_RUN_SECONDS:
        return
    terminalreporter.section("seconds of all workers")
    for counted in (folders, files):
        most = sorted(counted.items(), key=lambda each: -each[1])[:12]
        terminalreporter.write_line(" · ".join(f"{name} {seconds:.0f}" for name, seconds in most))


# --- no network -------------------------------------------------------------------------------------------------------


def _refuse_the_world(event: str, values: tuple[Any, ...]) -> None:
    """Raise when Python is about to reach, or to look up, anything but this machine's loopback or a socket file."""
    if event in {"socket.connect", "socket.sendto"}:
        address = values[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = values[0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if name in {"localhost", "0.0.0.0", "::"}:
        return
    try:
        near = ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        near = False
    if not near:
        message = f"A test tried to reach {name}: tests talk to 127.0.0.1 only; start a fake from tests/fakes instead."
        raise PermissionError(message)


# An audit hook sees every socket of this process and, unlike a patched method, cannot be undone by mistake.
sys.addaudithook(_refuse_the_world)


# --- databases --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> None:
    """See tests/compiling.py."""
    from tests import compiling

    compiling.share()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every migration applied, to be copied."""
    from models import migrate

    path = tmp_path_factory.mktemp("template") / "yizhan.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Address of a new migrated SQLite file."""
    copy_database(sqlite_template, tmp_path)
    return f"sqlite:///{tmp_path / sqlite_template.name}"


def copy_database(file: Path, folder: Path) -> None:
    """Copy a SQLite file that nobody has open into a folder."""
    for source in file.parent.glob(file.name + "*"):  # The write-ahead log may stand beside it.
        shutil.copyfile(source, folder / source.name)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """The cluster of this run."""
    if equipment.find_postgresql() is None:
        pytest.skip(equipment.HOW_TO_GET["PostgreSQL"])
    from tests.postgres import Cluster

    cluster = Cluster()
    try:
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="session")
def postgresql_template(postgresql: Cluster) -> str:
    """Name of a database with every migration applied, to be copied."""
    from models import migrate

    name = postgresql.create()
    migrate.upgrade(postgresql.url(name))
    return name


@pytest.fixture
def postgresql_url(postgresql: Cluster, postgresql_template: str) -> Iterator[str]:
    """Address of a new migrated PostgreSQL database."""
    copy = postgresql.borrow(postgresql_template)
    yield postgresql.url(copy.name)
    postgresql.give_back(copy)


@pytest.fixture
def empty_postgresql_url(postgresql: Cluster) -> Iterator[str]:
    """Address of a new PostgreSQL database without any table, for tests of the migrations themselves."""
    name = postgresql.create()
    yield postgresql.url(name)
    postgresql.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Address of a new migrated database; a test that asks for it runs once on each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The invented school of tests/builders.py, open, in a new database of either kind; a file may have another."""
    from models.db import Database
    from tests import builders

    database = Database(database_url, builders.new_seal())
    database.run(builders.settle)
    yield database
    database.close()


@pytest.fixture(scope="module")
def shared_place(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One whole school for all tests of a file, for those that leave it as they found it."""
    from tests.bad_inputs.place import Place

    folder = tmp_path_factory.mktemp("school")
    copy_database(sqlite_template, folder)
    place = Place(f"sqlite:///{folder / sqlite_template.name}", folder)
    yield place
    place.close()


# --- browser ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chromium:
    """What playwright's launch() wants to know."""

    executable_path: str
    args: list[str]


@pytest.fixture(scope="session")
def chromium() -> Chromium:
    """Debian's browser: `playwright.chromium.launch(executable_path=chromium.executable_path, args=chromium.args)`."""
    path = equipment.find_chromium()
    if path is None:
        pytest.skip(equipment.HOW_TO_GET["Chromium"])
    return Chromium(str(path), list(equipment.CHROMIUM_ARGS))


@pytest.fixture(scope="module")
def browser(chromium: Chromium) -> Iterator[Browser]:
    """A running browser; tests/browsing.py opens its pages.

    One for a file and not for a worker: while playwright's driver runs, its event loop counts as the thread's own, and no
    test beside it could begin another.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.executable_path, args=chromium.args)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """The log as it is before anybody sets it up: what one test configures must not silence the next."""
    structlog.reset_defaults()
    # The default draws every local value of a trace, which took minutes where these hold a whole school.
    structlog.get_config()["processors"][-1].exception_formatter = structlog.dev.plain_traceback
    yield
    structlog.reset_defaults()
