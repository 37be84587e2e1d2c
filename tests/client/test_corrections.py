"""Corrected prices at the command line: what each seat sends, what a bidder reads and signs."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.messages import CorrectionAnswer
from tests.client.shown import BIDS, PROJECT, SECTION, showing

ASKED, REASON = "3c" * 16, "单价与数量的乘积与合价不一致"
WHERE = (PROJECT, ASKED, "--section", SECTION)
PROPOSING = (
    "expert", "propose-correction", PROJECT, BIDS[0], "--section", SECTION, "--reason", REASON,
    "--minutes", "90",
)  # fmt: skip
ACTS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "propose_correction": (
        (*PROPOSING, "--ground", "words", "--price", "99"),
        {"bid": BIDS[0], "ground": "words", "price": 99, "reason": REASON, "period": 5_400_000},
    ),
    "vote_correction": (
        ("expert", "agree-correction", *WHERE, "--refuse"),
        {"correction": ASKED, "agrees": False},
    ),
    "check_prices": (("expert", "check-prices", PROJECT, "--section", SECTION), {}),
    "judge_competition": (
        ("expert", "judge-competition", PROJECT, "--section", SECTION, "--reason", REASON,
         "--lacking"),
        {"lacking": True, "reason": REASON},
    ),
}  # fmt: skip


def asked(**changed: Any) -> dict[str, Any]:
    """Return a corrected price as its bidder is shown it."""
    told = {
        "correction": ASKED,
        "bid": BIDS[0],
        "ground": "words",
        "read_out": 88_000_000,
        "price": 87_000_000,
        "due": 1_800_000_000_000,
        "status": "asked",
    }
    return told | changed


@pytest.mark.parametrize("name", ACTS)
def test_each_act_is_one_command(tmp_path: Path, name: str) -> None:
    words, fields = ACTS[name]
    with showing() as at:
        done = at.run(tmp_path, *words)
    assert done.exit_code == 0, done.output
    assert at.posted == [{"type": f"evaluation.{name}", "section": SECTION, **fields}]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((*PROPOSING, "--ground", "guess", "--price", "99"), "ground: "),
        ((*PROPOSING, "--ground", "words", "--price", "-1"), "price: "),
        ((*PROPOSING[:-1], "4", "--ground", "words", "--price", "99"), "greater than or equal"),
        (("expert", "agree-correction", *WHERE), "--agree"),
        (("expert", "agree-correction", PROJECT, "?", "--section", SECTION, "--agree"),
         "correction: "),
        (("expert", "judge-competition", PROJECT, "--section", SECTION, "--reason", REASON),
         "--lacking"),
        (("bidder", "confirm-correction", *WHERE), "--accept"),
    ],
)  # fmt: skip
def test_wrong_usage_is_told_and_nothing_is_sent(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    with showing() as at:
        at.ask("corrections", asked())
        done = at.run(tmp_path, *words)
    assert done.exit_code == 2
    assert told in done.output
    assert not at.posted


def test_a_bidder_lists_what_it_is_to_confirm(tmp_path: Path) -> None:
    items = [asked(), asked(correction="4d" * 16, status="expired")]
    with showing() as at:
        at.ask("corrections", *items)
        done = at.run(tmp_path, "bidder", "corrections", PROJECT, "--section", SECTION)
    assert json.loads(done.stdout) == {"items": items}


@pytest.mark.parametrize("accepts", [True, False])
def test_a_corrected_price_is_read_before_the_word_on_it_is_signed(
    tmp_path: Path, *, accepts: bool
) -> None:
    words = ("bidder", "confirm-correction", *WHERE, "--accept" if accepts else "--refuse")
    with showing() as at:
        at.ask("corrections", asked(correction="4d" * 16, price=1), asked())
        stopped = at.run(tmp_path, *words, typed="n\n")
        assert stopped.exit_code == 1
        assert not at.posted
        done = at.run(tmp_path, *words, typed="y\n")
    assert "words: 88000000 -> 87000000" in done.output
    (command,) = at.posted
    assert command["type"] == "evaluation.answer_correction"
    said = CorrectionAnswer.read(base64.b64decode(command["message"]["payload"]))
    assert (said.project, said.section, said.correction) == (PROJECT, SECTION, ASKED)
    assert (said.bid, said.price, said.accepts) == (BIDS[0], 87_000_000, accepts)


def test_what_nobody_asks_to_confirm_is_not_signed(tmp_path: Path) -> None:
    with showing() as at:
        at.ask("corrections", asked(correction="4d" * 16))
        done = at.run(tmp_path, "bidder", "confirm-correction", *WHERE, "--accept", "--yes")
    assert done.exit_code == 5
    assert "does not ask you to confirm this" in done.output
    assert not at.posted
