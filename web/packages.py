"""What people take home: the verifier as one file, and the command line as a wheel.

    python -m web.packages OUT

The same sources give the same bytes on every machine: names are sorted, times fixed, nothing is
compressed. It must not fetch anything, and packs nothing that the service alone needs.
"""

import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
VERIFIER = "verifier.pyz"
WHOLE = ("client", "crypto", "evaluation", "opening", "project", "verifier")
"""Packages that go into the wheel as they are."""
RECORD = ("__init__.py", "errors.py", "events.py", "rules.py")
"""What the command line needs of `record`; the rest belongs to the service."""
BESIDE = ("LICENSE", "README.md", "pyproject.toml")
EPOCH = 315_532_800
"""1980-01-01, the first moment a ZIP file can name; seconds."""
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_MODE = (stat.S_IFREG | 0o644) << 16
_STAMP = ".made-of"
_BUILD = "import setuptools.build_meta as b, sys; b.build_wheel(sys.argv[1])"
_MAIN = b"""import sys

if sys.version_info < (3, 11):
    sys.exit("Python 3.11 or newer is needed.")

from verifier.__main__ import main

sys.exit(main())
"""


class NotBuilt(RuntimeError):
    """The build backend made no wheel; the message is what it said."""


def make(out: Path) -> None:
    """Make all packages in a folder, unless they are there, made of the same sources."""
    out.mkdir(parents=True, exist_ok=True)
    stamp, made_of = out / _STAMP, _digest(_sources())
    if stamp.exists() and stamp.read_text(encoding="ascii") == made_of:
        return
    with tempfile.TemporaryDirectory(prefix="kaibiao-packages-") as folder:
        made = [make_verifier(Path(folder)), make_wheel(Path(folder))]
        for old in (*out.glob("*.whl"), *out.glob("*.pyz")):
            old.unlink()
        for path in made:
            shutil.copyfile(path, out / path.name)
    stamp.write_text(made_of, encoding="ascii")


def make_verifier(out: Path) -> Path:
    """Make the verifier as one file, and return it: `python verifier.pyz FILE` runs it."""
    path = out / VERIFIER
    with path.open("wb") as file:
        file.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(_member("__main__.py"), _MAIN)
            for source in _modules("verifier"):
                archive.writestr(_member(_name(source)), source.read_bytes())
    return path


def make_wheel(out: Path) -> Path:
    """Make the wheel of the command line and return it.

    Raises:
        NotBuilt: the build backend refused.
    """
    with tempfile.TemporaryDirectory(prefix="kaibiao-wheel-") as folder:
        staged, built = Path(folder, "staged"), Path(folder, "built")
        built.mkdir()
        for source in _sources():
            target = staged / _name(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH), "PYTHONHASHSEED": "0"}
        done = subprocess.run(  # noqa: S603 - the build backend, on our own sources
            [sys.executable, "-c", _BUILD, str(built)],
            cwd=staged,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NotBuilt(done.stderr)
        (wheel,) = built.glob("*.whl")
        return _stored(wheel, out / wheel.name)


def _stored(wheel: Path, to: Path) -> Path:
    """Write a wheel again without compression, which differs between machines."""
    with zipfile.ZipFile(wheel) as packed, zipfile.ZipFile(to, "w") as archive:
        for one in packed.infolist():
            archive.writestr(_member(one.filename), packed.read(one))
    return to


def _member(name: str) -> zipfile.ZipInfo:
    """Return a member of an archive: of a fixed day, readable, not compressed."""
    member = zipfile.ZipInfo(name, _FIRST_DAY)
    member.external_attr = _MODE
    member.create_system = 3
    return member


def _sources() -> Iterator[Path]:
    """Give what the wheel is made of, in a fixed order."""
    for package in WHOLE:
        yield from _modules(package)
    yield from (ROOT / "record" / name for name in RECORD)
    yield from (ROOT / name for name in BESIDE)


def _modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def _name(source: Path) -> str:
    return source.relative_to(ROOT).as_posix()


def _digest(sources: Iterable[Path]) -> str:
    """Return what changes with the sources, and with this module."""
    whole = hashlib.sha256()
    for source in (*sources, Path(__file__)):
        whole.update(f"{source.name} {source.stat().st_size}\n".encode())
        whole.update(source.read_bytes())
    return whole.hexdigest()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m web.packages OUT")
    make(Path(sys.argv[1]))
