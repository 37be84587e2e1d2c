"""Tables of what people are told: their inbox, addresses for e-mail, and mail still to be sent.

It must not hold anything a person's channels do not show; rows follow the record, by one writer.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from registry.tables import metadata

entries = Table(
    "inbox_entries",
    metadata,
    # derived from project, number and account, so that nothing is told twice
    Column("entry", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("project", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    # JSON, what the sentence says besides
    Column("facts", Text, nullable=False),
    Column("read", BigInteger),
)
Index("inbox_entries_account", entries.c.account, entries.c.at)

followed = Table(
    "inbox_followed",
    metadata,
    Column("project", Text, primary_key=True),
    # everything up to here has been told
    Column("seq", BigInteger, nullable=False),
)

addresses = Table(
    "inbox_addresses",
    metadata,
    Column("account", Text, primary_key=True),
    Column("address", Text, nullable=False),
)

outbox = Table(
    "inbox_outbox",
    metadata,
    # the inbox entry it repeats; its Message-ID is made of it
    Column("entry", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("sent", BigInteger),
)
Index("inbox_outbox_due", outbox.c.sent, outbox.c.due)
