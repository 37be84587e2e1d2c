"""The registry's tables: password hashes, sessions and invitations by the hash of their token.

Revision 0002, after the record's.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables of the registry."""
    op.create_table(
        "registry_credentials",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "registry_sessions",
        sa.Column("token_hash", sa.LargeBinary, primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("begun", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False),
    )
    op.create_index("registry_sessions_account", "registry_sessions", ["account"])
    op.create_table(
        "registry_invitations",
        sa.Column("token_hash", sa.LargeBinary, primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("invitation", sa.Text, nullable=False),
    )
    op.create_index("registry_invitations_account", "registry_invitations", ["account"])
