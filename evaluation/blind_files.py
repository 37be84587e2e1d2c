"""What of a package is its blind part 暗标: the folder `blind/`, and how its files are named.

Pure, and all of it a matter of names; whoever packs or answers files asks it.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

FOLDER: Final = "blind/"
"""Where in a package the blind part lies."""
FILLER: Final = FOLDER + "filler"
"""Random bytes that whoever packs adds: without them a manifest's hash and a package's length,
which are published, would tell whose a blind file is."""
_PLAIN = re.compile(r"blind/([0-9]{1,3})\.(pdf|png|jpg|txt)", re.ASCII)


def is_blind(path: str) -> bool:
    """Return whether a file of a package belongs to its blind part."""
    return path.startswith(FOLDER)


def is_plain(path: str) -> bool:
    """Return whether a blind file has a name that tells nothing: a number, and what it is."""
    return _PLAIN.fullmatch(path) is not None


def shown(paths: Iterable[str]) -> Sequence[str]:
    """Return the blind files that are marked, by their numbers; one with another name is not."""
    plain = [(found, path) for path in paths if (found := _PLAIN.fullmatch(path)) is not None]
    return [path for found, path in sorted(plain, key=lambda one: (int(one[0][1]), one[1]))]


def unplain(paths: Iterable[str]) -> Sequence[str]:
    """Return the files of a blind part that nobody will be shown for their names."""
    return [path for path in paths if is_blind(path) and not is_plain(path) and path != FILLER]


def is_misplaced(path: str) -> bool:
    """Return whether a file lies in what looks like the folder of the blind part and is not it."""
    *folders, _ = path.split("/")
    if is_blind(path):
        return False
    return any(folder.strip().casefold() in {"blind", "暗标"} for folder in folders)


def neutral(alias: str, n: int, path: str) -> str:
    """Return under which name a blind file is answered, counted from 1."""
    return f"{alias}-{n}.{path.rpartition('.')[2]}"
