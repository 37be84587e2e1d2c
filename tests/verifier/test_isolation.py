import ast
import subprocess
import sys
from pathlib import Path

from tests.verifier.logbook import logbook, parts
from tests.verifier.stories import plain

VERIFIER = Path(__file__).resolve().parents[2] / "verifier"
WATCHED = """
import sys

def watch(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.system", "urllib.")):
        raise SystemExit("the verifier reached out: " + event)
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        raise SystemExit("the verifier wrote: " + str(arguments[0]))

sys.addaudithook(watch)
sys.dont_write_bytecode = True
from verifier.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


def test_the_verifier_imports_the_standard_library_and_cryptography_alone() -> None:
    names = set().union(*(imported(path) for path in VERIFIER.rglob("*.py")))
    assert names - set(sys.stdlib_module_names) == {"cryptography", "verifier"}
    assert not names & {"socket", "ssl", "http", "urllib", "asyncio", "subprocess", "time"}


def test_the_verifier_opens_no_socket_and_writes_no_file(tmp_path: Path) -> None:
    file = tmp_path / "export.tar"
    file.write_bytes(parts(logbook(plain())).joined())
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(file)],
        cwd=VERIFIER.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "The record holds." in done.stdout
