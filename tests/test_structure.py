"""The house rules that no linter knows: sizes, first lines, layers, words that must not stand here."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = (
    "crypto",
    "record",
    "registry",
    "opening",
    "evaluation",
    "project",
    "rooms",
    "web",
    "client",
    "verifier",
)
LINES = 500
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "service", "handler", "misc"}


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


@pytest.mark.parametrize("path", tracked("*.py", "*.ts"), ids=lambda path: str(path.name))
def test_no_source_file_is_longer_than_the_limit(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in tracked(f"{package}/*.py")
        if ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None
        and path.read_text(encoding="utf-8").strip()
    ]
    assert silent == []


def test_no_module_hides_behind_a_name_that_says_nothing() -> None:
    vague = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in tracked(f"{package}/*.py")
        if set(path.relative_to(ROOT).with_suffix("").parts) & FORBIDDEN_NAMES
    ]
    assert vague == []


def test_the_layers_hold() -> None:
    script = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [str(script), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_project_speaks_of_itself_alone() -> None:
    machine_paths = re.compile(r"(?:^|[^A-Za-z0-9_.])/(?:work|root)/[a-z.]")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked("*.py", "*.ts", "*.md", "*.toml", "*.html", "*.json", "*.txt", "dev")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if machine_paths.search(line)
    ]
    assert found == []


def test_the_lock_names_no_download_address() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_nothing_is_left_for_later() -> None:
    # what is not done is not in the code, it is in README's limits
    marker = re.compile(r"\b(TO" r"DO|FIX" r"ME|X{3}|HA" r"CK)\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked("*.py", "*.ts", "*.html", "*.css")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if marker.search(line)
    ]
    assert found == []
