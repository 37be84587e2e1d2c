"""The key ceremony, the bids and the opening session, as pure rules."""
