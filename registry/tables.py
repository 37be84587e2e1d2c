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
    # where it began, for its owner's own list
    Column("address", Text, nullable=False, server_default=""),
    Column("device", Text, nullable=False, server_default=""),
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

devices = Table(
    "registry_devices",
    metadata,
    Column("keyid", Text, primary_key=True),
    Column("account", Text, nullable=False),
    # the kind of browser and system, as it said itself
    Column("device", Text, nullable=False),
)

passkeys = Table(
    "registry_passkeys",
    metadata,
    # SHA-256 of the credential's id, as events name it
    Column("passkey", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("credential", LargeBinary, nullable=False),
    # a COSE key
    Column("public_key", LargeBinary, nullable=False),
    # what authenticators know the account by: random, the same for all passkeys of an account
    Column("handle", LargeBinary, nullable=False),
    Column("counter", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("used", BigInteger, nullable=False),
)
Index("registry_passkeys_account", passkeys.c.account)

applications = Table(
    "registry_applications",
    metadata,
    # what administrators name it by
    Column("application", Text, primary_key=True),
    # of the reference: whoever has that is the applicant
    Column("reference_hash", LargeBinary, nullable=False, unique=True),
    Column("at", BigInteger, nullable=False),
    Column("address", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("email", Text, nullable=False),
    # open, approved or declined; the other three are empty while it is open
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided", BigInteger, nullable=False),
    Column("decider", Text, nullable=False),
)
Index("registry_applications_status", applications.c.status, applications.c.at)
