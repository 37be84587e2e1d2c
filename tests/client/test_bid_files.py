"""`kaibiao expert files` and `read`: opened bids at a terminal, checked by their hashes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from tests.client.shown import BIDS, PROJECT, SECTION, Showing, showing

BASE = f"/api/projects/{PROJECT}/sections/{SECTION}/bids/{BIDS[0]}/files"
CONTENT = b"%PDF-1.7 the method"
WHERE = (PROJECT, BIDS[0])
THERE = ("--section", SECTION)


@contextmanager
def filed(content: bytes = CONTENT) -> Iterator[Showing]:
    """Show a bid of one file; what is listed is what was opened, whatever is sent."""
    hashed = sha256(CONTENT).hexdigest()
    row = {"n": 0, "path": "方案.pdf", "size": len(CONTENT), "sha256": hashed, "kind": "pdf"}
    with showing() as at:
        at.shown[BASE] = json.dumps({"bid": BIDS[0], "items": [row]}).encode()
        at.shown[f"{BASE}/0"] = content
        yield at


def test_the_files_are_listed_as_a_table_or_as_json(tmp_path: Path) -> None:
    with filed() as at:
        told = at.run(tmp_path, "expert", "files", *WHERE, *THERE).output
        plain = at.run(tmp_path, "expert", "files", *WHERE, *THERE, "--json").output
    assert "方案.pdf" in told
    assert json.loads(plain)["items"][0]["kind"] == "pdf"


def test_a_file_is_read_to_where_nothing_is_yet(tmp_path: Path) -> None:
    out = tmp_path / "one.pdf"
    with filed() as at:
        told = at.run(tmp_path, "expert", "read", *WHERE, "0", *THERE, "--out", str(out))
        assert told.exit_code == 0
        assert out.read_bytes() == CONTENT
        assert out.stat().st_mode & 0o777 == 0o600
        again = at.run(tmp_path, "expert", "read", *WHERE, "0", *THERE, "--out", str(out))
        assert again.exit_code != 0
        other = at.run(
            tmp_path, "expert", "read", *WHERE, "7", *THERE, "--out", str(tmp_path / "no")
        )
        assert other.exit_code != 0
    assert out.read_bytes() == CONTENT


def test_what_is_not_the_file_listed_is_not_kept(tmp_path: Path) -> None:
    out = tmp_path / "one.pdf"
    with filed(b"%PDF-1.7 another") as at:
        told = at.run(tmp_path, "expert", "read", *WHERE, "0", *THERE, "--out", str(out))
    assert told.exit_code != 0
    assert not out.exists()
