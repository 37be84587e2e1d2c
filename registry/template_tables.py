"""The table of templates, what sections begin with; no project must rest on what it holds."""

from sqlalchemy import BigInteger, Column, Table, Text

from registry.tables import metadata

templates = Table(
    "section_templates",
    metadata,
    Column("template", Text, primary_key=True),
    Column("name", Text, nullable=False),
    # JSON, as `web.kept_templates.Terms` writes it
    Column("terms", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    # the administrator's account
    Column("by", Text, nullable=False),
)
