"""How entries get under a head in SQLite and in PostgreSQL: the head decides, one lock, one go.

It must not begin or end a transaction: that is the writer's.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Insert, Update, bindparam, insert, text, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import DBAPICursor

from record.entries import Entry
from record.store import Append
from record.tables import commands, entries, heads


def _compiled(statement: Insert | Update) -> tuple[str, tuple[str, ...]]:
    """Return a statement's text for SQLite and the names of its values, in order."""
    compiled = statement.compile(dialect=sqlite.dialect(paramstyle="qmark"))
    return str(compiled), tuple(compiled.positiontup or ())


# Compiled once and given to the driver as they are: with SQLAlchemy's own execution around each,
# a commit of one entry takes twice as long.
_START_HEAD = _compiled(sqlite.insert(heads).on_conflict_do_nothing())
_MOVE_HEAD = _compiled(
    update(heads)
    .where(
        heads.c.project == bindparam("of"),
        heads.c.seq == bindparam("expected"),
        heads.c.leaf == bindparam("expected_leaf"),
    )
    .values(seq=bindparam("seq"), at=bindparam("at"), leaf=bindparam("leaf"))
)
_INSERT_ENTRIES = _compiled(insert(entries))
_INSERT_COMMANDS = _compiled(insert(commands))

# The update takes the row lock of each head, so numbers come without gaps in the order of
# commits; whoever waited for the lock sees the new head, does not match it and appends nothing.
_postgres = text("""
WITH asked AS (
  SELECT * FROM unnest(
    CAST(:h_project AS text[]), CAST(:h_expected AS bigint[]), CAST(:h_before AS bytea[]),
    CAST(:h_seq AS bigint[]), CAST(:h_at AS bigint[]), CAST(:h_leaf AS bytea[])
  ) AS a(project, expected, before, seq, at, leaf)
), held AS (
  SELECT heads.project FROM heads JOIN asked USING (project)
  WHERE heads.seq = asked.expected AND heads.leaf = asked.before
  ORDER BY heads.project FOR UPDATE OF heads
), moved AS (
  UPDATE heads SET seq = asked.seq, at = asked.at, leaf = asked.leaf
  FROM asked JOIN held USING (project)
  WHERE heads.project = asked.project
    AND heads.seq = asked.expected AND heads.leaf = asked.before
  RETURNING heads.project
), started AS (
  INSERT INTO heads (project, seq, at, leaf, sequenced)
  SELECT project, seq, at, leaf, 0 FROM asked WHERE expected = 0 ORDER BY project
  ON CONFLICT (project) DO NOTHING RETURNING project
), taken AS (
  SELECT project FROM moved UNION ALL SELECT project FROM started
), put AS (
  INSERT INTO entries (project, seq, text, salt, place_salt, trace, trace_salt, leaf)
  SELECT e.* FROM unnest(
    CAST(:e_project AS text[]), CAST(:e_seq AS bigint[]), CAST(:e_text AS bytea[]),
    CAST(:e_salt AS bytea[]), CAST(:e_place_salt AS bytea[]), CAST(:e_trace AS bytea[]),
    CAST(:e_trace_salt AS bytea[]), CAST(:e_leaf AS bytea[])
  ) AS e(project, seq, text, salt, place_salt, trace, trace_salt, leaf)
  JOIN taken USING (project)
), noted AS (
  INSERT INTO commands (project, command, digest, first, last)
  SELECT c.* FROM unnest(
    CAST(:c_project AS text[]), CAST(:c_command AS text[]), CAST(:c_digest AS bytea[]),
    CAST(:c_first AS bigint[]), CAST(:c_last AS bigint[])
  ) AS c(project, command, digest, first, last)
  JOIN taken USING (project)
)
SELECT project FROM taken
""")


def append_sqlite(connection: Connection, appends: Sequence[Append]) -> set[str]:
    """Append to different projects; return those whose head was as expected."""
    cursor = connection.connection.cursor()
    taken = [append for append in appends if _take_head(cursor, append)]
    entry_rows = [_entry_row(entry) for append in taken for entry in append.entries]
    _run(cursor, _INSERT_ENTRIES, entry_rows)
    _run(cursor, _INSERT_COMMANDS, _command_rows(taken))
    cursor.close()
    return {append.project for append in taken}


def append_postgres(connection: Connection, appends: Sequence[Append]) -> set[str]:
    """Append to different projects in one statement; return those whose head was as expected."""
    head_rows = [_head_row(append) for append in appends]
    entry_rows = [_entry_row(entry) for append in appends for entry in append.entries]
    values = {
        **_columns("h_", head_rows),
        **_columns("e_", entry_rows),
        **_columns("c_", _command_rows(appends)),
    }
    return set(connection.scalars(_postgres, values))


def _take_head(cursor: DBAPICursor, append: Append) -> bool:
    head, before = append.entries[-1].head, append.expected
    values: dict[str, Any] = {"seq": head.seq, "at": head.at, "leaf": head.leaf}
    if before.seq == 0:
        values |= {"project": append.project, "sequenced": 0}
        _run(cursor, _START_HEAD, [values])
    else:
        values |= {"of": append.project, "expected": before.seq, "expected_leaf": before.leaf}
        _run(cursor, _MOVE_HEAD, [values])
    return cursor.rowcount == 1


def _run(
    cursor: DBAPICursor,
    statement: tuple[str, tuple[str, ...]],
    rows: Sequence[dict[str, Any]],
) -> None:
    text_, names = statement
    cursor.executemany(text_, [[row[name] for name in names] for row in rows])


def _head_row(append: Append) -> dict[str, Any]:
    head, before = append.entries[-1].head, append.expected
    return {
        "project": append.project,
        "expected": before.seq,
        "before": before.leaf,
        "seq": head.seq,
        "at": head.at,
        "leaf": head.leaf,
    }


def _entry_row(entry: Entry) -> dict[str, Any]:
    return {
        "project": entry.project,
        "seq": entry.seq,
        "text": entry.text,
        "salt": entry.salts.leaf,
        "place_salt": entry.salts.place,
        "trace": entry.trace,
        "trace_salt": entry.salts.trace,
        "leaf": entry.leaf,
    }


def _command_rows(appends: Sequence[Append]) -> list[dict[str, Any]]:
    return [
        {
            "project": append.project,
            "command": row.command,
            "digest": row.digest,
            "first": row.first,
            "last": row.last,
        }
        for append in appends
        for row in append.commands
    ]


def _columns(prefix: str, rows: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    return {prefix + name: [row[name] for row in rows] for name in rows[0]}
