"""What people are told, by inbox and e-mail.

Revision 0004, after people's devices and passkeys.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "inbox_entries",
        sa.Column("entry", sa.Text, primary_key=True),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("account", "project", "kind", "facts")
        ),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("read", sa.BigInteger),
    )
    op.create_index("inbox_entries_account", "inbox_entries", ["account", "at"])
    op.create_table(
        "inbox_followed",
        sa.Column("project", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "inbox_addresses",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
    )
    op.create_table(
        "inbox_outbox",
        sa.Column("entry", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("sent", sa.BigInteger),
    )
    op.create_index("inbox_outbox_due", "inbox_outbox", ["sent", "due"])
