"""Scoring again, from a rule, offers and marks alone; it must not know the record."""
