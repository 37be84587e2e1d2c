"""What alembic runs; the connection comes from `migrate` and its transaction stays there."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
