"""Alembic's entry: runs the revisions on the connection that models.migrate hands over."""

from alembic import context

from models.migrate import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True)
context.run_migrations()
