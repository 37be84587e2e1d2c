"""One-click verification: the verifier runs on an export, apart from the service, and is told back.

What each of its numbers means is said here, in the visitor's language: the verifier knows no
catalogue. Nothing must be checked here; the verifier is a program of its own, with bounds on its
time and memory, one at a time.
"""

import asyncio
import json
import resource
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import structlog
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from record.errors import Busy
from web import texts
from web.deps import ProjectId, ServicesDep, Who
from web.exports import exported
from web.problems import language_of
from web.settings import Rate

router = APIRouter(tags=["projects"])
_log = structlog.get_logger("web")

ROOT: Final = Path(__file__).parents[1]
"""Where the verifier's folder lies; it imports nothing else of it."""
SECONDS: Final = 120
MEMORY: Final = 2 << 30
SHOWN: Final = 200
"""How many findings are told; a broken record can have one for every entry."""
RATE: Final = Rate(burst=3, refill_ms=60_000)
_running = asyncio.Lock()


@router.post("/api/projects/{project}/verification")
async def verify(request: Request, services: ServicesDep, who: Who, project: ProjectId) -> Response:
    """Run the verifier on the export this visitor may have; its numbered checks are the answer."""
    pieces = await exported(services, who, project)
    services.rates.take("verification", who.account, RATE)
    if _running.locked():
        raise Busy("web.verifier_busy")
    async with _running:
        begun = services.clock.now()
        with tempfile.TemporaryDirectory(prefix="verify-") as folder:
            path = Path(folder) / "record.tar"
            with path.open("wb") as file:
                async for piece in pieces:
                    await asyncio.to_thread(file.write, piece)
            size = path.stat().st_size
            told = in_words(language_of(request), grouped(await _told(path)))
    return JSONResponse({**told, "at": begun, "size": size})


async def _told(path: Path) -> dict[str, Any]:
    """Return the outcome, as the verifier tells it.

    Raises:
        Busy: `web.verifier_failed`, it did not end in its time and memory.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "verifier",
        "--json",
        str(path),
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    with suppress(ProcessLookupError):
        resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.prlimit(process.pid, resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        async with asyncio.timeout(SECONDS):
            said, complaint = await process.communicate()
    except TimeoutError:
        raise Busy("web.verifier_failed") from None
    finally:
        # whatever ended the wait, a service that stops too, it must not run on
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode not in {0, 1}:
        _log.error(
            "the verifier failed", status=process.returncode, said=complaint[-2000:].decode()
        )
        raise Busy("web.verifier_failed")
    outcome: dict[str, Any] = json.loads(said)
    return outcome


def in_words(language: texts.Language, told: dict[str, Any]) -> dict[str, Any]:
    """Return an outcome with what each finding's check is about, and why one was not made."""

    def what(check: str) -> str:
        return texts.say(language, f"verified {check}")

    def why(one: dict[str, Any]) -> str:
        rests = one.get("rests", "")
        facts = {"check": rests, "what": what(rests)} if rests else {}
        return texts.say(language, f"because {one['kind']}", **facts)

    findings = [{**one, "what": what(one["check"])} for one in told["findings"]]
    left = [{**one, "what": what(one["check"]), "why": why(one)} for one in told["not_checked"]]
    return {**told, "findings": findings, "not_checked": left}


def grouped(told: dict[str, Any]) -> dict[str, Any]:
    """Count the checks by their first number, V0 to V34."""
    checks: dict[str, dict[str, int]] = {}

    def count(check: str, what: str, number: int = 1) -> None:
        group = checks.setdefault(check.partition(".")[0], {"passed": 0, "found": 0, "left": 0})
        group[what] += number

    for check, number in told["passed"].items():
        count(check, "passed", number)
    for one in told["findings"]:
        count(one["check"], "found")
    for one in told["not_checked"]:
        count(one["check"], "left")
    return {
        "holds": told["holds"],
        "checks": dict(sorted(checks.items(), key=lambda item: int(item[0][1:]))),
        "findings": told["findings"][:SHOWN],
        "not_checked": told["not_checked"][:SHOWN],
    }
