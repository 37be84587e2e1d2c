"""What a person needs of every page, looked at in the page: nothing cut, hidden, moving or foreign."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from tests.browser.visit import Visit
from web import texts

AXE = Axe()
LOOK = (Path(__file__).parent / "looking.js").read_text(encoding="utf-8").split("\n", 1)[1]
SAYS = "says "
FACT = re.compile(r"\\{\w*\\}")
DOUBLE = "document.documentElement.style.setProperty('font-size', '200%')"
USUAL = "document.documentElement.style.removeProperty('font-size')"
OURS_AS_DATA = frozenset({"时间见证", "timekeeper", "文件"})
"""Names in the staged projects that are words of ours besides."""


@dataclass(frozen=True)
class Foreign:
    """What a page in one language must not say: what only the other says, and names of sentences."""

    own: frozenset[str]
    whole: frozenset[str]
    with_facts: tuple[re.Pattern[str], ...]

    def has(self, said: str) -> bool:
        """Tell whether something on a page is such a sentence."""
        if said in self.own:
            return False
        return said in self.whole or any(one.fullmatch(said) for one in self.with_facts)


@cache
def foreign(language: str) -> Foreign:
    """Return what a page in a language must not say."""
    own = frozenset(texts.sentences("zh-CN" if language == "zh-CN" else "en").values())
    other = texts.sentences("en" if language == "zh-CN" else "zh-CN")
    strange = ({*other, *other.values()} - own) - OURS_AS_DATA
    facts = [one for one in strange if "{" in one]
    # a fact is a name, a number or a time: no sentence ends in it
    a_fact = r"(?:(?![.;:。；：]\s).)+"
    patterns = (FACT.sub(lambda _: a_fact, re.escape(one)) for one in facts if telling(one))
    return Foreign(own, frozenset(strange), tuple(re.compile(one) for one in patterns))


def telling(sentence: str) -> bool:
    """Tell whether a sentence has words besides its facts."""
    return bool(re.search(r"[a-z]{3}|[\u4e00-\u9fff]", re.sub(r"{\w*}", "", sentence)))


def faults(made: Visit, language: str) -> Iterator[str]:
    """Yield what is wrong with a page as it stands."""
    for one in made.page.evaluate(LOOK):
        if not one.startswith(SAYS):
            yield one
        elif foreign(language).has(one.removeprefix(SAYS)):
            yield "untranslated: " + one.removeprefix(SAYS)


def grave(made: Visit) -> Iterator[str]:
    """Yield what axe calls serious or critical."""
    for one in AXE.run(made.page).response["violations"]:
        if one["impact"] in {"serious", "critical"}:
            yield from (f"{one['id']}: {node['html'][:200]}" for node in one["nodes"])


def enlarged(made: Visit) -> Iterator[str]:
    """Yield what text of twice its size does to a page."""
    made.page.evaluate(DOUBLE)
    yield from (
        f"at 200 %: {one}"
        for one in made.page.evaluate(LOOK)
        if not one.startswith((SAYS, "moves"))
    )
    made.page.evaluate(USUAL)


def forced(made: Visit) -> Iterator[str]:
    """Yield what is lost where the visitor's own colours are forced on a page."""
    made.page.emulate_media(forced_colors="active")
    yield from (one for one in made.page.evaluate(LOOK) if "forced colours" in one)
    for _ in range(3):
        made.page.keyboard.press("Tab")
        lines = made.page.evaluate(
            "(({ outlineStyle, outlineWidth }) => [outlineStyle, parseFloat(outlineWidth)])"
            "(getComputedStyle(document.activeElement))"
        )
        if lines[0] == "none" or not lines[1]:
            told = made.page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
            yield f"no focus in forced colours: {told}"
    made.page.emulate_media(forced_colors="none")
