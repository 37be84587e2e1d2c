"""docs/api.md: every command in it is run, in order, against a real service."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crypto.receipts import check_receipt
from tests.needs import program
from tests.web import published
from tests.web.published import PROJECT, put_record
from tests.web.service import PASSWORD, Running, running
from tests.web.witness import SIGNER, witnessing

GUIDE = Path(__file__).parents[2] / "docs" / "api.md"
ACCOUNT = "alpha.wang"
NEXT = "--next block--"
NEEDED = ("curl", "openssl")


@dataclass(frozen=True)
class Followed:
    """What the guide's commands printed, block by block, and what they left in their folder."""

    printed: list[str]
    folder: Path

    def json(self, block: int, line: int = 0) -> Any:
        """Return what a block printed; answers of JSON follow one another without a break."""
        decoder, text, found = json.JSONDecoder(), self.printed[block].strip(), []
        while text:
            value, end = decoder.raw_decode(text)
            found.append(value)
            text = text[end:].lstrip()
        return found[line]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("service")
    put_record(folder, published.published())
    with witnessing() as (witness, url):
        key = SIGNER.verifier.encode()
        with running(folder, witness_url=url, witness_vkey=key) as started:
            witness.log = started.services.sequencer.log_key
            admin = started.first()
            started.join(admin, ACCOUNT, started.organisation(admin, "甲", "1"), "bidder")
            yield started


@pytest.fixture(scope="module")
def followed(service: Running, tmp_path_factory: pytest.TempPathFactory) -> Followed:
    for name in NEEDED:
        program(name)
    folder: Path = tmp_path_factory.mktemp("guide")
    blocks = re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    script = f"echo; echo '{NEXT}'\n".join(["set -euo pipefail\n", *blocks])
    told = {"KAIBIAO": service.url, "ACCOUNT": ACCOUNT, "PASSWORD": PASSWORD, "PROJECT": PROJECT}
    ran = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "NO_PROXY": "*", **told},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert ran.returncode == 0, (ran.stdout[-2000:], ran.stderr[-2000:])
    return Followed(ran.stdout.split(NEXT)[1:], folder)


def test_every_block_says_what_the_guide_says_it_does(followed: Followed) -> None:
    me, part, again, problem, receipt, _, _, _, view, ticket, out = range(11)
    assert followed.json(me)["account"] == ACCOUNT
    assert followed.json(part)["events"][0]["type"] == "opening.participant_bound"
    assert followed.json(again) == followed.json(part)
    assert followed.json(problem)["code"] == "command.malformed"
    assert any("txet" in place for place in followed.json(problem)["problems"])
    assert set(followed.json(receipt, 1)) == {"log", "witness", "service"}
    assert "hall" in followed.json(view)["channels"]
    assert followed.json(view, 1)["n"] == followed.json(view, 2)["n"]
    assert followed.json(ticket)["ticket"]
    assert followed.printed[out].strip() == ""


def test_the_receipt_fetched_by_the_guide_holds(followed: Followed) -> None:
    keys = followed.json(4, 1)
    receipt = (followed.folder / "receipt.json").read_bytes()
    checked = check_receipt(receipt, keys["log"], keys["witness"])
    assert checked.entry["command"] == "take-part-1"


def test_the_upload_goes_on_where_it_stopped(followed: Followed) -> None:
    answer = followed.printed[6].lower()
    assert " 204" in answer.splitlines()[1]
    assert "upload-offset: 300000" in answer
