"""What sections begin with, as administrators keep it.

Revision 0005, after inboxes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "section_templates",
        sa.Column("template", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "terms", "by")),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
