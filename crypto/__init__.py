"""Keys, sealing, proofs and the log's arithmetic: pure functions, apart from `random`."""
