"""A service that shows one evaluation and takes down what is posted: for tests of a member's seat."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from client import keys
from client.__main__ import app
from client.profile import Profile
from client.sealing import sha256
from crypto import signatures
from evaluation.marking import rule_hash
from evaluation.scoring.library import LIBRARY

PROJECT, SECTION = "ab" * 16, "s1"
BIDS = ("0a" * 16, "1b" * 16)
RULE = LIBRARY["mean_base"]
FACTS, PDF = b'{"v":1}', b"%PDF-"
KEY = signatures.p256_private_key(7)
_PATH = f"/api/projects/{PROJECT}/sections/{SECTION}"


def view(**changed: Any) -> dict[str, Any]:
    """Return what a member sees in the middle of things."""
    return {
        "section": SECTION,
        "step": "report",
        "rule": RULE.model_dump(mode="json", exclude_none=True),
        "rule_hash": rule_hash(RULE),
        "seat": "3",
        "chair": "1",
        "members": [
            {
                "seat": seat,
                "place": "评标室",
                "name": f"专家{seat}",
                "capacity": "expert",
                "standing": "confirmed",
            }
            for seat in "123"
        ],
        "progress": {"reviewed": {"1": 2, "3": 1}, "marked": ["1"]},
        "own": {"ties": [], "reviewed": [BIDS[0]], "marks_submitted": False},
        "bidders": ["甲公司", "乙公司"],
        "bids": [
            {"bid": bid, "organisation": "o", "name": name}
            for bid, name in zip(BIDS, ("甲公司", "乙公司"), strict=True)
        ],
        "to_vote": [{"bid": BIDS[0], "item": "duration"}],
        "votes": [{"bid": BIDS[0], "item": "grade", "voted": ["1", "2"]}],
        "failed": [BIDS[1]],
        "valid": [BIDS[0]],
        "report": {"facts": sha256(FACTS), "pdf": sha256(PDF), "signed": {"1": "agrees"}},
        **changed,
    }


@dataclass
class Showing:
    """The service as one member meets it."""

    server: str
    shown: dict[str, bytes]
    posted: list[dict[str, Any]] = field(default_factory=list)

    def show(self, told: dict[str, Any]) -> None:
        """Show another view from now on."""
        self.shown[f"{_PATH}/evaluation"] = json.dumps(told).encode()

    def ask(self, kind: str, *items: dict[str, Any]) -> None:
        """Show a bidder what it is asked: `clarifications` or `corrections`."""
        self.shown[f"{_PATH}/{kind}"] = json.dumps({"items": items}).encode()
        self.shown["/api/me"] = json.dumps({"organisation": {"organisation": "c0" * 16}}).encode()

    def run(self, folder: Path, *words: str, typed: str = "") -> Result:
        """Give a command at the command line, by somebody who holds `KEY`."""
        self.profile(folder)
        keys.save(folder / "signing.key", KEY, "passphrase")
        told = {"KAIBIAO_PASSPHRASE": "passphrase", "COLUMNS": "200"}
        return CliRunner().invoke(app, [*words, "--profile", str(folder)], input=typed, env=told)

    def profile(self, folder: Path) -> Profile:
        """Make a profile that is signed in here."""
        profile = Profile(folder, server=self.server, account="zhang")
        profile.save()
        profile.token = "t" * 64
        return profile


@contextmanager
def showing(**changed: Any) -> Iterator[Showing]:
    """Serve on the loopback, on a port that is free."""
    shown = {f"{_PATH}/report/json": FACTS, f"{_PATH}/report/pdf": PDF}
    posted: list[dict[str, Any]] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(shown.get(self.path))

        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self._answer(b'{"events":[]}')

        def log_message(self, *_: object) -> None:
            pass

        def _answer(self, content: bytes | None) -> None:
            self.send_response(404 if content is None else 200)
            self.send_header("content-length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        made = Showing(f"http://127.0.0.1:{serving.server_address[1]}", shown, posted)
        made.show(view(**changed))
        try:
            yield made
        finally:
            serving.shutdown()
