"""A visitor's browser: signed in, with everything the page complains about kept."""

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.opening.parties import Party
from tests.web.tender import token
from web.texts import Language

WIDE = 1280
NARROW = 320
LOOKS: Mapping[Language, dict[str, Any]] = {
    "zh-CN": {"scheme": "light"},
    "en": {"scheme": "dark", "width": NARROW},
}
"""How a page is looked at that has to be sound at its narrowest too."""
AXE = Axe()
_WATCH = """
window.cspReports = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.cspReports.push(event.violatedDirective + ' ' + event.blockedURI);
});
"""
_LOOK_OUT = """
([selector, text, name]) => {
  const eye = new MutationObserver(look);
  function look() {
    const found = [...document.querySelectorAll(selector)];
    if (!found.some((one) => one.textContent.includes(text))) return;
    eye.disconnect();
    document.documentElement.setAttribute(name, "");
  }
  const all = { subtree: true, childList: true, characterData: true, attributes: true };
  eye.observe(document, all);
  look();
}
"""


def look_out(page: Page, selector: str, text: str = "") -> Callable[[], None]:
    """Look out for what may be there for a moment only; returns what waits until it was there."""
    name = "data-seen-" + hashlib.sha256(f"{selector} {text}".encode()).hexdigest()[:8]
    page.evaluate(_LOOK_OUT, [selector, text, name])
    return lambda: expect(page.locator("html")).to_have_attribute(name, "")


@dataclass
class Visit:
    """One page, and what it said on its console."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def goto(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def check(self) -> None:
        """Fail on anything the browser or the policy complained about."""
        reports = self.page.evaluate("window.cspReports ?? []")
        assert [*self.complaints, *reports] == []

    def note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


class Served(Protocol):
    """Whatever runs a service."""

    @property
    def url(self) -> str: ...


def sign_in(context: BrowserContext, who: Party, service: Served) -> None:
    """Give a browser the session of somebody."""
    context.add_cookies([{"name": "kaibiao", "value": token(who), "url": service.url}])


@contextmanager
def visit(
    browser: Browser,
    service: Served,
    who: Party | None = None,
    *,
    width: int = WIDE,
    scheme: str = "light",
    language: str = "zh-CN",
    scripts: bool = True,
) -> Iterator[Visit]:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        locale=language,
        timezone_id="Asia/Shanghai",
        java_script_enabled=scripts,
    )
    context.add_init_script(_WATCH)
    if who is not None:
        sign_in(context, who, service)
    page = context.new_page()
    made = Visit(page, service.url)
    page.on("console", made.note)
    page.on("pageerror", lambda error: made.complaints.append(str(error)))
    yield made
    context.close()


def check_axe(made: Visit) -> None:
    """Fail on what keeps somebody from using the page."""
    found = AXE.run(made.page).response["violations"]
    grave = [
        f"{made.page.url} {one['id']}: {node['html']}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]
    assert grave == []


def verifies(page: Page, url: str, path: Path) -> None:
    """Fetch a record with its files from a page that may, and have the verifier find no fault."""
    answer = page.request.get(url)
    assert answer.ok
    path.write_bytes(answer.body())
    found = subprocess.run(
        [sys.executable, "-m", "verifier", path], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout
