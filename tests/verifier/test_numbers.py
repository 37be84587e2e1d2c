import re
from pathlib import Path

from tests.forgeries import (
    of_blind_parts,
    of_clarifications,
    of_pauses,
    of_prices,
    of_reevaluations,
    of_the_evaluation,
    of_the_log,
    of_the_record,
    of_the_result,
    of_the_story,
)

ROOT = Path(__file__).resolve().parents[2]
NUMBER = re.compile(r"V\d+\.A?\d+")
OUT_OF_REACH = {
    "V2.12",  # an entry in form that stops a check would be a mistake of the verifier
    "V10.2",  # two sets of shares whose proofs hold cannot disagree
}


def made() -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "verifier").rglob("*.py"))
    return {number for text in texts for number in re.findall(r'"(V\d+\.A?\d+)"', text)}


def told() -> set[str]:
    """Return the numbers in the table of checks, ranges written out."""
    text = (ROOT / "docs" / "record-format.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (V[^|]+) \|", text, re.MULTILINE)
    found = set()
    for row in rows:
        numbers = NUMBER.findall(row)
        if " to " in row:
            head, first = numbers[0].split(".")
            last = numbers[1].split(".")[1]
            numbers = [f"{head}.{number}" for number in range(int(first), int(last) + 1)]
        found |= set(numbers)
    return found


def test_every_check_is_in_the_document_and_every_one_there_is_made() -> None:
    assert made() == told()


def test_every_check_has_a_record_that_fails_it() -> None:
    modules = (
        of_the_log,
        of_the_record,
        of_the_story,
        of_the_evaluation,
        of_clarifications,
        of_blind_parts,
        of_pauses,
        of_prices,
        of_reevaluations,
        of_the_result,
    )
    tables = (module.FORGERIES for module in modules)
    forged = {row[0] for table in tables for row in table.values()}
    assert made() - forged == OUT_OF_REACH
