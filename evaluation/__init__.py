"""The evaluation; so far the one decision that the second envelope of a section waits for."""
