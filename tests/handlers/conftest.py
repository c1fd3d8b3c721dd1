"""What tests of handlers ask for: a session over the settled school, in a transaction that is never committed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from models.db import sqlite_module
from tests import builders
from tests.compiling import create_engine


@pytest.fixture
def session(sqlite_url: str) -> Iterator[Session]:
    """A session in which the small school is settled."""
    url = make_url(sqlite_url).set(drivername="sqlite+pysqlite")
    engine = create_engine(url, module=sqlite_module())
    with engine.connect() as connection, Session(connection, expire_on_commit=False) as opened:
        opened.info["seal"] = builders.new_seal()
        builders.settle(opened)
        yield opened
        opened.rollback()
    engine.dispose()
