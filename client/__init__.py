"""What bidders, custodians, the timekeeper and clerks run: an outsider to the service."""
