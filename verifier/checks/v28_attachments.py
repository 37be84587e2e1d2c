"""V28.7: what a bidder attaches to its answer: how much, under which names, and of which size."""

from typing import Any

from verifier.entries import Entry
from verifier.scene import Scene

MIB = 1 << 20
MOST, LARGEST, TOGETHER = 10, 20 * MIB, 50 * MIB
"""Attachments of an answer; bytes of one, and of all of them."""
ENDINGS = (".pdf", ".png", ".jpg", ".jpeg", ".txt")
_NO_NAME = frozenset('/\\:*?"<>|')


def look(scene: Scene, entry: Entry) -> None:
    """Check what is attached to an answer; that a file is what its name says is V0.4."""
    attached: list[dict[str, Any]] = entry.message.get("attachments", [])
    seq, count = entry.seq, len(attached)
    scene.need("V28.7", seq, count <= MOST, f"{MOST} attachments at most", count)
    names = [one["name"] for one in attached]
    for name in names:
        scene.need("V28.7", seq, _is_safe(name), "the name of a file alone", name)
    alone = len({name.casefold() for name in names}) == count
    scene.need("V28.7", seq, alone, "a name of its own for each", names)
    sizes = [one["size"] for one in attached]
    holds = max(sizes, default=0) <= LARGEST and sum(sizes) <= TOGETHER
    scene.need("V28.7", seq, holds, f"{LARGEST} bytes each, {TOGETHER} in all, at most", sizes)
    for one in attached:
        part = scene.container.documents.get(one["sha256"])
        if part is None:
            scene.report.skip("V28.7", seq, "an attachment is not in the export")
        else:
            rests = ["document " + one["sha256"]]
            scene.equal("V28.7", seq, one["size"], part.size, rests)


def _is_safe(name: str) -> bool:
    """Tell whether a name is that of a file alone, on any system, and as it looks."""
    bare = name.isprintable() and name == name.strip() and not name.startswith(".")
    return bare and not set(name) & _NO_NAME and name.casefold().endswith(ENDINGS)
