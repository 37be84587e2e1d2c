"""The record's tables, for SQLite and PostgreSQL alike; it must not know how they are filled."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

heads = Table(
    "heads",
    metadata,
    Column("project", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    # How many of the entries are in the log; only the sequencer moves it.
    Column("sequenced", BigInteger, nullable=False),
    CheckConstraint("sequenced <= seq", name="heads_sequenced"),
)
Index(
    "heads_waiting",
    heads.c.project,
    sqlite_where=heads.c.seq > heads.c.sequenced,
    postgresql_where=heads.c.seq > heads.c.sequenced,
)

entries = Table(
    "entries",
    metadata,
    Column("project", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("text", LargeBinary, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("place_salt", LargeBinary, nullable=False),
    Column("trace", LargeBinary, nullable=False),
    Column("trace_salt", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
)

commands = Table(
    "commands",
    metadata,
    Column("project", Text, primary_key=True),
    Column("command", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
)

leaves = Table(
    "leaves",
    metadata,
    Column("project", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    UniqueConstraint("position", name="leaves_position"),
    ForeignKeyConstraint(["project", "seq"], ["entries.project", "entries.seq"]),
)

nodes = Table(
    "nodes",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)

tree = Table(
    "tree",
    metadata,
    # One row, number 1: how many leaves the log has. A checkpoint is signed only for a size that
    # stands here, so a size is on disk before a signature for it exists.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("note", LargeBinary, nullable=False),
)
