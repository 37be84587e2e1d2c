"""What members of a committee note of single pages, for themselves.

Revision 0008, after drafts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

OWNER = ("project", "section", "account", "bid")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "evaluation_page_notes",
        *(sa.Column(name, sa.Text, primary_key=True) for name in OWNER),
        sa.Column("file", sa.Integer, primary_key=True),
        sa.Column("page", sa.Integer, primary_key=True),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
