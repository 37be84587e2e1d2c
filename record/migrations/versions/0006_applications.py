"""Applications have an id that is no secret, and their references are kept as hashes.

Revision 0006, after templates.
"""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_KEPT = ("address", "organisation", "code", "person", "account", "phone", "email", "status")
_MORE = ("reason", "decider")


def upgrade() -> None:
    """Make the table anew and put back what it held."""
    old = sa.table("registry_applications", *map(sa.column, ("reference", "at", "decided")))
    for name in (*_KEPT, *_MORE):
        old.append_column(sa.column(name))
    rows = [dict(row) for row in op.get_bind().execute(sa.select(old)).mappings()]
    op.drop_table("registry_applications")
    new = op.create_table(
        "registry_applications",
        sa.Column("application", sa.Text, primary_key=True),
        sa.Column("reference_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in _KEPT),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("decided", sa.BigInteger, nullable=False),
        sa.Column("decider", sa.Text, nullable=False),
    )
    op.create_index("registry_applications_status", "registry_applications", ["status", "at"])
    for number, row in enumerate(rows):
        row["application"] = f"{number:032x}"
        row["reference_hash"] = hashlib.sha256(row.pop("reference").encode()).digest()
    op.bulk_insert(new, rows)
