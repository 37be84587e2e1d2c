"""The append-only record of a project: entries, the store that keeps them, the log that proves them."""
