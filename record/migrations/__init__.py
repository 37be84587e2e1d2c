"""The schema, step by step; run at start, by `migrate`.

Revisions of all packages stand in one line in `versions/`: 0001 is the record's, and whoever adds
tables (the registry, the web) adds a revision after the last one there. A revision names its
columns itself and imports nothing of the product, so it means the same for ever.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

_LOCK = 0x6B616962


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring a database to the newest schema, or to an older one, in one transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
