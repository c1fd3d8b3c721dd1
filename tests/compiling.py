"""What SQLAlchemy compiles in one test, the next one need not: engines of one kind of database share a dialect and a cache."""

from __future__ import annotations

from typing import Any

import sqlalchemy
from sqlalchemy import Engine

_CACHES: dict[tuple[str, bool], dict[Any, Any]] = {}
_DIALECTS: dict[tuple[str, bool], Any] = {}


def create_engine(url: Any, **options: Any) -> Engine:
    """SQLAlchemy's own, but a statement that an earlier engine of the same kind has compiled is found again.

    A new database for each test means a new engine for each, whose cache is empty: a third of what the core's tests spent
    was compiling the same statements. The cache is keyed by the dialect, so both are shared.
    """
    engine = sqlalchemy.create_engine(url, **options)
    kind = (engine.dialect.driver, options.get("hide_parameters", False))
    shared = _DIALECTS.get(kind)
    if shared is None or shared.server_version_info is None:
        # A dialect learns from the first connection of the engine that made it; one whose engine never had any knows nothing.
        _DIALECTS[kind] = shared = engine.dialect
    engine.dialect = shared
    engine.update_execution_options(compiled_cache=_CACHES.setdefault(kind, {}))
    return engine
