"""Openings recomputed in the browser's code, run in Node: Python's verdicts, and its own shares.

What a custodian's browser computes is taken by the same rules as what the command line computes.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from opening.commands import PostPartial
from opening.drawn import draw_commit, draw_result
from opening.messages import Partial
from tests.browser_unit import exports
from tests.browser_unit.exports import Export, exported, ordered
from tests.browser_unit.test_in_node import ROOT, built
from tests.forgeries import of_dropped_bids, of_old_keys
from tests.opening.parties import seeded
from tests.opening.world import FIRST

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("browser_packages")]
CUSTODIAN = 3


@pytest.fixture(scope="module")
def tests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("tests", tmp_path_factory.mktemp("tests"))


def run(file: Path, folder: Path) -> str:
    ran = subprocess.run(
        ["node", "--test", "--test-reporter=tap", str(file)],
        cwd=ROOT,
        env={**os.environ, "KAIBIAO_EXPORTS": str(folder), "NODE_OPTIONS": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert ran.returncode == 0, ran.stdout[-8000:]
    assert "\n# skipped 0\n" in ran.stdout
    return ran.stdout


def test_the_browser_says_of_every_record_what_pythons_client_says(
    tests: Path, tmp_path: Path
) -> None:
    exports.write(tmp_path, exports.exports())
    told = json.loads((tmp_path / "index.json").read_text())["exports"]
    refused = {one["name"] for one in told if not one["holds"]}
    assert len(refused) > 30
    dropped = {f"dropped/{name}" for name in of_dropped_bids.FORGERIES}
    old = {f"old/{name}" for name in of_old_keys.FORGERIES}
    assert {"record/withdrawn by another", *dropped, *old} <= refused
    run(tests / "opening.test.mjs", tmp_path)


def test_the_shares_that_the_browser_computes_are_taken_by_the_rules(
    tests: Path, tmp_path: Path
) -> None:
    world = ordered()
    share = f"{world.share(world.state.keys[FIRST], CUSTODIAN):064x}"
    asked = {"share": share, "i": CUSTODIAN, "draws": [draw()]}
    exports.write(tmp_path, iter([Export("ordered", exported(world))]), **asked)
    run(tests / "partials.test.mjs", tmp_path)
    payload = (tmp_path / "partial.json").read_bytes()
    message = Partial.read(payload)
    assert message.i == CUSTODIAN
    assert len(message.shares) == 3
    who = world.holder(CUSTODIAN)
    world.do(who.actor, PostPartial(message=who.sign_payload(Partial.payload_type(), payload)))
    assert set(world.session().partials) == {CUSTODIAN}


def draw() -> dict[str, Any]:
    """Return a draw with everything that follows from it."""
    name, root, values = "d" * 32, seeded("root"), ("0.95", "0.96", "0.97")
    secrets = [seeded("clerk"), seeded("bidder")]
    seed, result = draw_result(name, root, secrets, values)
    return {
        "draw": name,
        "root": root.hex(),
        "values": values,
        "secrets": [secret.hex() for secret in secrets],
        "commit": draw_commit(name, "clerk", secrets[0]).hex(),
        "seed": seed.hex(),
        "result": result,
    }
