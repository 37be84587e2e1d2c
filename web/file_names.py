"""What files are called when they are saved: names of any script, and nothing of folders."""

from urllib.parse import quote

from project.state import ProjectState

_NO_NAME = frozenset('/\\:*?"<>|')
"""What some system does not take in a file's name."""


def number_of(state: ProjectState) -> str:
    """Return what a project's files are named by."""
    return state.created.number if state.created else state.project


def saved_as(name: str) -> dict[str, str]:
    """Return the headers of what is to be saved under a name; RFC 6266 and RFC 8187.

    The name names no folder, whoever chose it.
    """
    name = "".join(c if c.isprintable() and c not in _NO_NAME else "_" for c in name).lstrip(".")
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_. ") else "_" for c in name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return {"content-disposition": disposition, "cache-control": "private, no-store"}
