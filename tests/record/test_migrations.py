"""The schema in the database is the one the code speaks of, and migrating again changes nothing."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, make_url, text

from record import engines
from record.migrations import migrate
from record.sql import SqlStore
from record.store import StoreAway
from record.tables import metadata


def differences(connection: Connection) -> list[object]:
    """Compare only the record's own tables; others have their own test."""

    def is_ours(_thing: object, name: str, kind: str, *_more: object) -> bool:
        return kind != "table" or name in metadata.tables

    options = {"include_object": is_ours}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, metadata))


def test_the_migrated_schema_is_the_one_of_the_tables(address: str) -> None:
    engine = engines.make(make_url(address))
    for _ in range(2):
        migrate(engines.for_writing(engine))
        with engine.connect() as connection:
            assert differences(connection) == []
            assert connection.execute(text("SELECT size FROM tree")).scalars().all() == [0]
    engine.dispose()


async def test_a_server_that_is_not_there_is_told(tmp_path: object) -> None:
    with pytest.raises(StoreAway):
        await SqlStore.open(f"postgresql://nobody@/none?host={tmp_path}")
