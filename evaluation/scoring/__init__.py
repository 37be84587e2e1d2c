"""The scoring engine: rules as data, arithmetic exact, every value shown on a proof sheet.

It must not know a bidder, an account or the record: offers and marks go in, scores and proofs come
out, and whoever calls it says where they are from.
"""
