"""Run by Alembic: carries the migrations out on the connection that ``migrate`` handed over."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
