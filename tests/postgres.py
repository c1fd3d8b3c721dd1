"""A throw-away PostgreSQL cluster for the tests: its own folder, its own socket, gone when the tests are."""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from tests.equipment import SOAK, find_postgresql

OWNER = "yizhan"
PATIENCE = 60.0  # Seconds until the cluster answers; on two busy cores it took up to 3.

# The shell keeps the cluster only as long as the tests hold its standard input open. Whatever ends them, be it the last
# test, Ctrl-C or kill -9, closes that pipe, and the shell stops the cluster by its id and removes the folder.
KEEPER = """
trap '' INT
"$1/postgres" -D "$2/data" </dev/null >"$2/log" 2>&1 &
postgres=$!
cat >/dev/null
kill -INT $postgres 2>/dev/null
wait $postgres
rm -rf "$2"
"""

# What a test changed beside rows: the shape of the tables, functions, settings, statistics. Rows of the catalogue are
# never changed in place but for the figures of ANALYZE, so the newest transaction and the number of rows tell.
SHAPE = " UNION ALL ".join(
    f"SELECT '{table}', count(*), max(xmin::text::bigint) FROM {table}"
    for table in (
        *(
            "pg_class",
            "pg_attribute",
            "pg_attrdef",
            "pg_constraint",
            "pg_index",
            "pg_proc",
            "pg_sequence",
            "pg_trigger",
        ),
        *("pg_type", "pg_namespace", "pg_extension", "pg_statistic", "pg_statistic_ext", "pg_policy", "pg_rewrite"),
        *("pg_largeobject_metadata", "pg_db_role_setting", "pg_auth_members", "pg_default_acl", "pg_event_trigger"),
    )
)
FIGURES = "SELECT sum(relpages), sum(reltuples) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
TABLES = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
GROWN = f"SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE oid::regclass::text IN ({TABLES})"
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
MOST_GROWN = 2 * 1024 * 1024  # Bytes of rows and of dead rows until a copy is cheaper than reading past them.

SHORT = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "jit": "off"}


@dataclass
class Copy:
    """One copy of a template. shape: its tables and the like when it was new; filled: its rows then, by table."""

    name: str
    template: str
    shape: list[tuple[Any, ...]] = field(default_factory=list)
    filled: dict[str, bytes] = field(default_factory=dict)


def _one(connection: psycopg.Connection[tuple[Any, ...]], query: str) -> int:
    found = connection.execute(query.encode()).fetchone()
    return int(found[0] or 0) if found else 0


class Cluster:
    """A running PostgreSQL of our own, reached through a socket in its folder; nothing listens on a port."""

    def __init__(self, *, durable: bool = SOAK) -> None:
        """Make the cluster and start it. Durable means that a commit waits for the disk, as in production.

        Raises LookupError when PostgreSQL is not installed and RuntimeError with the end of its log when it does not start.
        """
        programs = find_postgresql()
        if programs is None:
            message = "PostgreSQL is not installed"
            raise LookupError(message)
        self.programs = programs
        self.durable = durable
        self.user = _unprivileged_user()
        self.folder = Path(tempfile.mkdtemp(prefix="yizhan-pg-"))
        if self.user:
            os.chown(self.folder, pwd.getpwnam(self.user).pw_uid, -1)
        self.numbers = count(1)
        self.shelf: list[Copy] = []
        self._initialise()
        self._start()

    def url(self, database: str = "postgres") -> str:
        """SQLAlchemy's address of one database of this cluster."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={quote(str(self.folder), safe='')}&port=5432"

    def create(self, template: str = "template1") -> str:
        """Make a new database as a copy of a template (nobody may be connected to that); returns its name."""
        name = f"test_{next(self.numbers)}"
        # Copying files is fast where nothing waits for the disk; with fsync the log is faster (no checkpoint).
        strategy = "WAL_LOG" if self.durable else "FILE_COPY"
        self.admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY {strategy}'.encode())
        return name

    def drop(self, name: str) -> None:
        """Remove a database, and whoever is still connected to it."""
        self.admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())

    def borrow(self, template: str) -> Copy:
        """A database that equals its template: one that was given back, emptied, or else a new copy.

        A copy costs the processor fifty times what emptying costs, and most tests write a few rows. The long form of the
        proofs has a new copy every time.
        """
        while self.shelf:
            used = self.shelf.pop()
            if used.template == template and not self.durable and self._empty(used):
                return used
            self.drop(used.name)
        new = Copy(self.create(template), template)
        if not self.durable:
            with self._inside(new.name) as connection:
                new.shape = self._shape(connection)
                new.filled = {table: self._rows(connection, table) for table in self._tables(connection)}
        return new

    def give_back(self, copy: Copy) -> None:
        """Keep a database for the next who borrows one."""
        self.shelf.append(copy)

    def _empty(self, copy: Copy) -> bool:
        """Bring a used copy back to its template's rows; False where more than rows was changed, or somebody is in it."""
        with self._inside(copy.name) as connection:
            connection.execute("SET session_replication_role = replica")  # No trigger, no foreign key is asked.
            if _one(connection, OTHERS) or self._shape(connection) != copy.shape or (
                _one(connection, GROWN) > MOST_GROWN
            ):  # fmt: skip
                return False
            connection.execute("; ".join(f"DELETE FROM {table}" for table in copy.filled).encode())
            for table, rows in copy.filled.items():
                if rows:
                    with connection.cursor().copy(f"COPY {table} FROM STDIN".encode()) as filling:
                        filling.write(rows)
            connection.execute(
                "SELECT setval(format('%I.%I', schemaname, sequencename), start_value, false) FROM pg_sequences"
            )
        return True

    def _inside(self, name: str) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(self.url(name).replace("+psycopg", ""), autocommit=True)

    def _shape(self, connection: psycopg.Connection[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return [*connection.execute(SHAPE.encode()).fetchall(), *connection.execute(FIGURES).fetchall()]

    def _tables(self, connection: psycopg.Connection[tuple[Any, ...]]) -> list[str]:
        return [table for (table,) in connection.execute(TABLES).fetchall()]

    def _rows(self, connection: psycopg.Connection[tuple[Any, ...]], table: str) -> bytes:
        with connection.cursor().copy(f"COPY {table} TO STDOUT".encode()) as reading:
            return b"".join(bytes(part) for part in reading)

    def stop(self) -> None:
        """Stop the cluster and remove its folder."""
        self.admin.close()
        self._end_keeper()

    def _initialise(self) -> None:
        # PostgreSQL's own messages are read below, so they are asked for in English.
        command = [self.programs / "initdb", "-D", self.folder / "data", "-U", OWNER, "--auth=trust", "--encoding=UTF8"]
        made = self._run([*map(str, command), "--locale=C", "--no-sync", "--no-instructions"])
        if made.returncode:
            raise RuntimeError(made.stderr)
        settings = {
            "listen_addresses": "''",
            "unix_socket_directories": f"'{self.folder}'",
            "port": "5432",
            "max_connections": "200",
            "max_wal_size": "'4GB'",
            "autovacuum": "off",
            **({} if self.durable else SHORT),
        }
        with (self.folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def _start(self) -> None:
        command = ["/bin/sh", "-c", KEEPER, "keeper", str(self.programs), str(self.folder)]
        self.keeper = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            start_new_session=True,  # Ctrl-C in the terminal is for pytest, not for the cluster under it.
            user=self.user,
            group=self._group(),
            extra_groups=[] if self.user else None,
        )
        give_up_at = time.monotonic() + PATIENCE
        while True:
            try:
                self.admin = psycopg.connect(self.url().replace("+psycopg", ""), autocommit=True)
            except psycopg.OperationalError:
                if time.monotonic() > give_up_at:
                    log = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
                    self._end_keeper()
                    message = f"PostgreSQL did not start: {log[-2000:]}"
                    raise RuntimeError(message) from None
                time.sleep(0.02)
            else:
                return

    def _end_keeper(self) -> None:
        if self.keeper.stdin:
            self.keeper.stdin.close()
        self.keeper.wait(timeout=PATIENCE)

    def _group(self) -> int | None:
        return pwd.getpwnam(self.user).pw_gid if self.user else None

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "LC_ALL": "C"}
        return subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=environment,
            user=self.user,
            group=self._group(),
            extra_groups=[] if self.user else None,
        )


def _unprivileged_user() -> str | None:
    """Whom PostgreSQL runs as: it refuses root, so root lends it to another user; None means ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    message = "PostgreSQL refuses to run as root, and neither the user postgres nor nobody exists here"
    raise RuntimeError(message)
