"""What members of a committee have not submitted yet.

Revision 0007, after applications.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "evaluation_drafts",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("project", "section", "account")),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
