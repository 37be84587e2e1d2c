"""The append-only record of a project: entries, their store, and the log that proves them."""
