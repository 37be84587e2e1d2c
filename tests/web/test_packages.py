"""What is taken home: made the same way twice, working without this checkout, listed by its hash."""

import hashlib
import os
import shutil
import site
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.web.service import running
from web import offered, packages

FREE = ("crypto", "client", "evaluation", "opening", "project", "record", "verifier")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    packages.make(folder)
    return folder


def wheel(folder: Path) -> Path:
    (found,) = folder.glob("*.whl")
    return found


def alone(command: list[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program that must not find the checkout."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_same_sources_give_the_same_bytes(made: Path, tmp_path: Path) -> None:
    again = [packages.make_verifier(tmp_path), packages.make_wheel(tmp_path)]
    for path in again:
        assert path.read_bytes() == (made / path.name).read_bytes()


def test_what_is_there_is_not_made_again_and_what_is_stale_goes(tmp_path: Path) -> None:
    stale = tmp_path / "kaibiao-0.0.1-py3-none-any.whl"
    stale.write_bytes(b"")
    packages.make(tmp_path)
    assert not stale.exists()
    first = wheel(tmp_path).stat().st_mtime_ns
    packages.make(tmp_path)
    assert wheel(tmp_path).stat().st_mtime_ns == first


def test_the_wheel_holds_the_command_line_and_nothing_of_the_service(made: Path) -> None:
    with zipfile.ZipFile(wheel(made)) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
    assert {name.split("/")[0] for name in names} == set(FREE)
    record = {name for name in names if name.startswith("record/")}
    assert record == {f"record/{name}" for name in packages.RECORD}


def test_the_verifier_runs_as_one_file(made: Path, tmp_path: Path) -> None:
    (tmp_path / "record").write_bytes(b"no record")
    shutil.copy(made / packages.VERIFIER, tmp_path)
    done = alone([sys.executable, packages.VERIFIER, "record"], tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "FOUND V0.1" in done.stdout


@pytest.mark.slow
def test_the_wheel_works_in_an_environment_of_its_own(made: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "own", symlinks=True, with_pip=False)
    python = tmp_path / "own" / "bin" / "python"
    told = ["--no-deps", "--no-index", "--disable-pip-version-check", "--no-warn-script-location"]
    pip: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "-q",
        "--python",
        python,
        "install",
        *told,
        wheel(made),
    ]
    assert alone(pip, tmp_path).returncode == 0
    # what it depends on lies in the environment that runs the tests
    own = sysconfig.get_path("purelib", vars={"base": str(tmp_path / "own")})
    Path(own, "dependencies.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    kaibiao = python.with_name("kaibiao")
    helped = alone([kaibiao, "--help"], tmp_path)
    assert helped.returncode == 0, helped.stderr
    assert "verify" in helped.stdout
    (tmp_path / "record").write_bytes(b"no record")
    done = alone([kaibiao, "verify", "record"], tmp_path)
    assert (done.returncode, "FOUND V0.1" in done.stdout) == (1, True)
    missing = alone([kaibiao, "up", "--folder", "demo"], tmp_path)
    assert missing.returncode != 0
    assert "checkout" in missing.stdout + missing.stderr


def test_downloads_are_listed_with_the_hash_of_what_is_saved(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealer = tmp_path / "kaibiao-sealer.html"
    sealer.write_bytes(b"<!doctype html><title>sealer</title>")
    monkeypatch.setattr(offered, "PACKAGES", made)
    monkeypatch.setattr(offered, "SEALER", sealer)
    with running(tmp_path / "data") as service:
        page = service.http.get("/downloads", headers={"accept-language": "en"}).text
        for path in (made / packages.VERIFIER, wheel(made), sealer):
            answer = service.http.get(f"/downloads/{path.name}")
            assert answer.content == path.read_bytes()
            assert answer.headers["content-disposition"].startswith("attachment;")
            assert hashlib.sha256(answer.content).hexdigest() in page
            assert f"{len(answer.content):,}" in page
        sealing = service.http.get("/downloads/sealing.md")
        assert sealing.headers["content-type"] == "text/plain; charset=utf-8"
        for name in ("threats.md", "..%2FREADME.md", "manifest.json"):
            assert service.http.get(f"/downloads/{name}").status_code == 404
