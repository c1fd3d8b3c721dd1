"""What one test compiles or reads, the next one need not: SQLAlchemy's statements, and the steps of the migrations."""

from __future__ import annotations

from typing import Any

import sqlalchemy
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from models import engines

_CACHES: dict[tuple[str, bool], dict[Any, Any]] = {}
_DIALECTS: dict[tuple[str, bool], Any] = {}
_STEPS: dict[str | None, ScriptDirectory] = {}
_READ = ScriptDirectory.from_config


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


def steps(config: Config) -> ScriptDirectory:
    """Alembic's own, but a folder of steps is read once: it loaded some seventy files at every look at the newest revision."""
    place = config.get_main_option("script_location")
    if place not in _STEPS:
        _STEPS[place] = _READ(config)
    return _STEPS[place]


def share() -> None:
    """Let everything in this process use both."""
    engines.create_engine = create_engine  # type: ignore[attr-defined]
    ScriptDirectory.from_config = steps  # type: ignore[method-assign]
