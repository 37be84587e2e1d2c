"""The tables of drafts and page notes: a committee's members' own papers; none of it is recorded.

They are their writer's own: nothing may be decided by them, and nobody else is shown one.
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

page_notes = Table(
    "evaluation_page_notes",
    metadata,
    Column("project", Text, primary_key=True),
    Column("section", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    # the sealed bid whose package has the file: each envelope is one of its own
    Column("bid", Text, primary_key=True),
    # which file of the package, and which page of it from 1 on; 1 of what has no pages
    Column("file", Integer, primary_key=True),
    Column("page", Integer, primary_key=True),
    # what the file is called, so that a list of notes opens no package
    Column("path", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)
