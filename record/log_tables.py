"""How the log grows in its tables; it must not hash or sign anything."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, insert, select, update

from crypto.merkle import Node
from record.store import Cosigned, LogMoved, Placed, Waiting
from record.tables import checkpoints, entries, heads, leaves, nodes, tree

_insert_leaves = insert(leaves)
_insert_nodes = insert(nodes)
_sequenced = (
    update(heads).where(heads.c.project == bindparam("of")).values(sequenced=bindparam("upto"))
)


def waiting(connection: Connection, limit: int) -> list[Waiting]:
    """Return entries that are not in the log; those of one project in order."""
    behind = (
        select(heads.c.project, heads.c.sequenced)
        .where(heads.c.seq > heads.c.sequenced)
        .order_by(heads.c.project)
        .limit(limit)
    )
    found: list[Waiting] = []
    for head in connection.execute(behind).all():
        query = (
            select(entries.c.seq, entries.c.leaf)
            .where(entries.c.project == head.project, entries.c.seq > head.sequenced)
            .order_by(entries.c.seq)
            .limit(limit - len(found))
        )
        rows = connection.execute(query)
        found += [Waiting(head.project, row.seq, bytes(row.leaf)) for row in rows]
        if len(found) == limit:
            break
    return found


def extend(
    connection: Connection,
    sizes: tuple[int, int],
    placed: Sequence[Placed],
    grown: Mapping[Node, bytes],
) -> None:
    """Extend the log from one size to another.

    Raises:
        LogMoved: it has another size.
    """
    moved = update(tree).where(tree.c.id == 1, tree.c.size == sizes[0]).values(size=sizes[1])
    if connection.execute(moved).rowcount != 1:
        raise LogMoved(sizes[0])
    if placed:
        rows = [{"project": p.project, "seq": p.seq, "position": p.position} for p in placed]
        connection.execute(_insert_leaves, rows)
        upto = {place.project: place.seq for place in placed}
        connection.execute(_sequenced, [{"of": name, "upto": seq} for name, seq in upto.items()])
    rows_of_nodes = [
        {"level": node.level, "position": node.number, "hash": value}
        for node, value in grown.items()
    ]
    connection.execute(_insert_nodes, rows_of_nodes)


def keep(connection: Connection, cosigned: Cosigned) -> None:
    """Keep a cosigned checkpoint, unless one of its size is there."""
    there = select(checkpoints.c.size).where(checkpoints.c.size == cosigned.size)
    if connection.execute(there).first() is None:
        connection.execute(insert(checkpoints).values(size=cosigned.size, note=cosigned.note))
