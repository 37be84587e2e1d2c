"""Who is who in an installation: organisations, accounts, keys; a record with tables beside it."""
