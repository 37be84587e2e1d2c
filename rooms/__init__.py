"""Rooms: live views of a project's record, one for each audience; they decide nothing."""
