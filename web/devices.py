"""What kind of browser and system somebody comes with, as it says itself; nothing rests on it."""

import re

from starlette.requests import Request

LONGEST = 400
"""So much of a User-Agent is looked at."""
_BROWSERS = (
    (r"MicroMessenger/(\d+)", "WeChat"),
    (r"\bEdgA?/(\d+)", "Edge"),
    (r"\bFirefox/(\d+)", "Firefox"),
    (r"\b(?:Headless)?Chrome/(\d+)", "Chrome"),
    (r"Version/(\d+)[.\d]* (?:Mobile/\w+ )?Safari/", "Safari"),
)
_SYSTEMS = (
    (r"Windows", "Windows"),
    (r"OpenHarmony|HarmonyOS", "HarmonyOS"),
    (r"Android", "Android"),
    (r"iPhone|iPad", "iOS"),
    (r"Mac OS X", "macOS"),
    (r"CrOS", "ChromeOS"),
    (r"Linux", "Linux"),
)
_PROGRAM = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,39}/[0-9][0-9A-Za-z._-]{0,19}", re.ASCII)


def device_of(request: Request) -> str:
    """Return what a request comes from in a few words; empty where it says nothing we know."""
    return told(request.headers.get("user-agent", ""))


def told(user_agent: str) -> str:
    """Return a User-Agent in a few words, such as `Firefox 140, Windows`."""
    said = user_agent[:LONGEST]
    system = next((name for sign, name in _SYSTEMS if re.search(sign, said)), "")
    for sign, name in _BROWSERS:
        if found := re.search(sign, said):
            return ", ".join(part for part in (f"{name} {found[1]}", system) if part)
    program = _PROGRAM.match(said)
    return program.group() if program and not said.startswith("Mozilla/") else system
