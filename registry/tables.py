"""The registry's tables: only what must not stand in a record; it must not know how they are used.

Who is who is folded from the registry's record. Here are password hashes, and tokens by their
hashes; each row changes in the transaction of the event that speaks of it, sessions without one.
"""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, Table, Text

metadata = MetaData()

credentials = Table(
    "registry_credentials",
    metadata,
    Column("account", Text, primary_key=True),
    # argon2id in its own text form, cost and salt included
    Column("password", Text, nullable=False),
    Column("changed", BigInteger, nullable=False),
)

sessions = Table(
    "registry_sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("account", Text, nullable=False),
    Column("begun", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
)
Index("registry_sessions_account", sessions.c.account)

invitations = Table(
    "registry_invitations",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("account", Text, nullable=False),
    Column("invitation", Text, nullable=False),
)
Index("registry_invitations_account", invitations.c.account)
