"""How a picture of a guide comes about: pages are driven in a language, and an element is framed."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.guide_stage import Scene, served
from tests.browser.guide_table import Tabled
from tests.browser.shown import Shown
from tests.browser.visit import Visit, visit
from web.texts import Language, say

PATIENCE = 60_000
WIDTH = 1080
MARGIN = 16
TALL = 1150
"""What is taller is cut off there, as a screen would."""
LANGUAGES: Final[dict[Language, str]] = {"zh-CN": "zh", "en": "en"}
"""Language -> the folder of its guides."""
_BOX = """(element) => {
  const box = element.getBoundingClientRect();
  return { x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height };
}"""
_CHANGING = re.compile(r"(?i)\b[0-9a-f]{8,}\b|\d[\d.,:]*")
"""Hashes, keys, numbers and times: other ones each time, or on each machine."""


@dataclass
class Seat:
    """Somebody's browser in a scene.

    Args:
        made: the page.
        language: it is shown in.
        scene: what it shows; None for an empty installation.
        service: that shows it.
        folder: for files of the visitor.
    """

    made: Visit
    language: Language
    scene: Scene | None
    service: Shown
    folder: Path

    @property
    def page(self) -> Page:
        return self.made.page

    def say(self, sentence: str) -> str:
        return say(self.language, sentence)


Step = Callable[[Seat], None]


@dataclass(frozen=True)
class Picture:
    """One picture of the guides.

    Args:
        name: the role and what is shown, joined by a hyphen.
        scene: the moment of the tender, a method of `Tabled`; empty for a new installation.
        who: the account at the browser; empty for a visitor without one.
        path: the page; empty to go on where the picture before it ended.
        frame: the element that is shown.
        steps: what is done before.
        told: the elements whose text is compared, where in the frame something changes by itself.
    """

    name: str
    scene: str
    who: str
    path: str
    frame: str
    steps: tuple[Step, ...] = ()
    told: str = ""

    @property
    def role(self) -> str:
        return self.name.partition("-")[0]


@dataclass
class Taken:
    """A picture whose page stands ready."""

    picture: Picture
    page: Page

    @property
    def framed(self) -> Locator:
        return self.page.locator(self.picture.frame).first

    def text(self) -> str:
        """Return the visible text of the picture, without what is never the same twice."""
        if not self.picture.told:
            return settled(self.framed.inner_text())
        found = self.page.locator(self.picture.told).all_inner_texts()
        return settled(" ".join(found))

    def png(self) -> bytes:
        """Return the framed element as a picture, with a little of what is around it."""
        box = self.framed.evaluate(_BOX)
        size = self.page.viewport_size
        assert size is not None
        margin = MARGIN if box["width"] < size["width"] else 0
        left, top = max(0, box["x"] - margin), max(0, box["y"] - margin)
        clip = {
            "x": left,
            "y": top,
            "width": min(size["width"] - left, box["width"] + 2 * margin),
            "height": min(TALL, box["height"] + box["y"] - top + margin),
        }
        return self.page.screenshot(clip=clip, full_page=True, animations="disabled")  # type: ignore[arg-type]  # as the library names it


def settled(text: str) -> str:
    """Return a text without what differs from one time to the next, in single spaces."""
    return " ".join(_CHANGING.sub("#", text).split())


def taken(
    browser: Browser, pictures: Iterable[Picture], language: Language, folder: Path
) -> Iterator[Taken]:
    """Show picture after picture: a service for each scene, a browser for each person."""
    for name, of_scene in groupby(pictures, key=lambda one: one.scene):
        scene: Scene | None = getattr(Tabled(language=language), name)() if name else None
        here = folder / (name or "new")
        with served(scene, here) as service:
            for who, own in groupby(of_scene, key=lambda one: one.who):
                person = scene.person(who) if scene is not None and who else None
                with visit(browser, service, person, width=WIDTH, language=language) as made:
                    made.page.clock.set_fixed_time(service.services.clock.now() / 1000)
                    yield from _shown(Seat(made, language, scene, service, here), own)


def _shown(seat: Seat, pictures: Iterable[Picture]) -> Iterator[Taken]:
    for picture in pictures:
        if picture.path:
            seat.made.goto(picture.path)
        for step in picture.steps:
            step(seat)
        made = Taken(picture, seat.page)
        expect(made.framed).to_be_visible(timeout=PATIENCE)
        yield made
