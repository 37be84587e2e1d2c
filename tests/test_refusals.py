"""Every refusal has a code that can be searched for, and the rules' own codes each have a test."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from record import errors

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("record", "registry", "opening", "evaluation", "project", "rooms", "web")
KINDS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.Refused)
}
CODE = re.compile(r"[a-z]+\.[a-z0-9_]+")
TESTED = (
    "project",
    "evaluation",
    "committee",
    "review",
    "marks",
    "report",
    "command",
    "correction",
    "competition",
    "prices",
)
"""Areas whose codes each need a test that names them."""


def refusals() -> Iterator[tuple[Path, ast.Call]]:
    """Yield every call in the source tree that makes a refusal."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and _name(node.func) in KINDS:
                    yield path, node


def _name(func: ast.expr) -> str:
    if isinstance(func, ast.Attribute):
        return func.attr
    return func.id if isinstance(func, ast.Name) else ""


def codes() -> set[str]:
    """Return every code that a refusal in the source tree has as a literal."""
    return {
        call.args[0].value
        for _, call in refusals()
        if call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


FROM_TABLES = {"project/phases.py"}
"""Where a code is looked up in a literal table beside the refusal."""


def test_every_refusal_has_a_literal_code() -> None:
    for path, call in refusals():
        literal = bool(call.args) and isinstance(call.args[0], ast.Constant)
        where = str(path.relative_to(ROOT))
        assert literal or where in FROM_TABLES, f"{where}:{call.lineno}"


def test_every_code_is_an_area_and_a_word() -> None:
    assert codes()
    for code in codes():
        assert CODE.fullmatch(code), code


@pytest.mark.parametrize("area", TESTED)
def test_every_code_of_the_rules_is_tested_by_name(area: str) -> None:
    tests = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("project", "evaluation")
        for path in (ROOT / "tests" / folder).glob("*.py")
    ).replace("\\", "")
    own = {code for code in codes() if code.startswith(area + ".")}
    assert own
    assert not {code for code in own if code not in tests}
