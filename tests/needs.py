"""What the tests need of the machine.

`./dev test` installs all of it, so that what is missing is a failure that says what to do: a test
left out would look like one that holds.
"""

import os
import shutil
from pathlib import Path

import pytest

from web.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
FONT = "NotoSerifCJK-Regular.ttc"


def program(name: str) -> str:
    """Return where a program is; fails the test without it."""
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is not installed; run ./dev test once, it installs what is missing")
    return found


def as_root(*command: str | Path) -> list[str | Path]:
    """Return a command as root runs it; anybody else runs it with a sudo that asks for nothing."""
    return [*command] if os.geteuid() == 0 else [program("sudo"), "--non-interactive", *command]


def chinese_font() -> Path:
    """Return the font that minutes and receipts are set in; fails the test without it."""
    found = next(Settings().fonts_dir.rglob(FONT), None)
    if found is None:
        pytest.fail(f"{FONT} is not installed; run ./dev test once, it installs what is missing")
    return found


def browser_packages() -> None:
    """Fail the test where Node or the browser's packages are not installed."""
    program("node")
    if not (ROOT / "node_modules").is_dir():
        pytest.fail("node_modules is not there; run ./dev test once, it installs what is missing")
