"""Where sessions and keys come from, passkeys, and applications of organisations.

Revision 0003, after the registry's first tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the tables, and two columns to sessions that go on."""
    for name in ("address", "device"):
        op.add_column(
            "registry_sessions", sa.Column(name, sa.Text, nullable=False, server_default="")
        )
    op.create_table(
        "registry_devices",
        sa.Column("keyid", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
    )
    _passkeys()
    _applications()


def _passkeys() -> None:
    op.create_table(
        "registry_passkeys",
        sa.Column("passkey", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("credential", sa.LargeBinary, nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("handle", sa.LargeBinary, nullable=False),
        sa.Column("counter", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("used", sa.BigInteger, nullable=False),
    )
    op.create_index("registry_passkeys_account", "registry_passkeys", ["account"])


def _applications() -> None:
    op.create_table(
        "registry_applications",
        sa.Column("reference", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in (
                "address",
                "organisation",
                "code",
                "person",
                "account",
                "phone",
                "email",
                "status",
                "reason",
            )
        ),
        sa.Column("decided", sa.BigInteger, nullable=False),
        sa.Column("decider", sa.Text, nullable=False),
    )
    op.create_index("registry_applications_status", "registry_applications", ["status", "at"])
