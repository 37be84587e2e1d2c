"""The table of drafts: what members of a committee have not submitted yet; none of it is recorded.

A draft is its writer's own: nothing may be decided by it, and nobody else is shown it.
"""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from registry.tables import metadata

drafts = Table(
    "evaluation_drafts",
    metadata,
    Column("project", Text, primary_key=True),
    Column("section", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    # grows by one with each draft that is kept; a window that has not seen the last one is told
    Column("version", Integer, nullable=False),
    # JSON, marks and review as `web.drafts.DraftBody` reads them
    Column("content", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)
