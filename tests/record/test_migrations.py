"""The schema in the database is the one the code speaks of, and migrating again changes nothing."""

import hashlib

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


def test_an_application_of_before_is_found_by_its_reference_and_named_by_an_id(
    address: str,
) -> None:
    engine = engines.make(make_url(address))
    names = ("address", "organisation", "code", "person", "account", "phone", "email")
    before = dict.fromkeys((*names, "status", "reason", "decider"), "said") | {
        "at": 1,
        "decided": 2,
    }
    migrate(engines.for_writing(engine), "0005")
    with engines.for_writing(engine).begin() as connection:
        for reference in ("7KQM2XRT9PWB", "222222222222"):
            fields = ", ".join(f":{name}" for name in ("reference", *before))
            into = f"registry_applications ({fields.replace(':', '')})"
            insert = text(f"INSERT INTO {into} VALUES ({fields})")  # noqa: S608 - of names above
            connection.execute(insert, {"reference": reference, **before})
    migrate(engines.for_writing(engine))
    with engine.connect() as connection:
        query = text("SELECT * FROM registry_applications")
        rows = {
            bytes(row["reference_hash"]): dict(row) for row in connection.execute(query).mappings()
        }
    engine.dispose()
    hashed = {hashlib.sha256(one).digest() for one in (b"7KQM2XRT9PWB", b"222222222222")}
    assert rows.keys() == hashed
    assert len({row["application"] for row in rows.values()}) == len(hashed)
    for row in rows.values():
        assert {name: row[name] for name in before} == before
        assert "reference" not in row


async def test_a_server_that_is_not_there_is_told(tmp_path: object) -> None:
    with pytest.raises(StoreAway):
        await SqlStore.open(f"postgresql://nobody@/none?host={tmp_path}")
