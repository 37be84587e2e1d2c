"""What is done on a page before a picture of it, in words of the catalogue: true in each language."""

from playwright.sync_api import expect

from tests.browser.bidder import MIB, files
from tests.browser.guide_camera import PATIENCE, TALL, Seat, Step
from tests.browser.guide_stage import PASSPHRASE, kit_file
from tests.browser.visit import WIDE
from tests.opening.parties import Party
from tests.web.service import CODES, PASSWORD


def press(name: str) -> Step:
    """Press a button."""

    def step(seat: Seat) -> None:
        button = seat.page.get_by_role("button", name=seat.say(name), exact=True)
        button.first.click(timeout=PATIENCE)

    return step


def go(path: str) -> Step:
    """Go to another page."""

    def step(seat: Seat) -> None:
        seat.made.goto(path)

    return step


def follow(name: str) -> Step:
    """Follow a link."""

    def step(seat: Seat) -> None:
        seat.page.get_by_role("link", name=seat.say(name), exact=True).first.click()

    return step


def fill(label: str, chinese: str, english: str = "") -> Step:
    """Fill in a field."""

    def step(seat: Seat) -> None:
        text = english if english and seat.language == "en" else chinese
        seat.page.get_by_label(seat.say(label), exact=True).first.fill(text)

    return step


def tick(label: str) -> Step:
    """Tick a box."""
    return lambda seat: seat.page.get_by_role("checkbox", name=seat.say(label)).first.check()


def unfold(words: str) -> Step:
    """Open what is folded away under some words."""
    return lambda seat: seat.page.get_by_text(seat.say(words), exact=True).first.click()


def wait(selector: str, count: int = 0) -> Step:
    """Wait until something is there, so many times."""

    def step(seat: Seat) -> None:
        found = seat.page.locator(selector)
        if count:
            expect(found).to_have_count(count, timeout=PATIENCE)
        else:
            expect(found.first).to_be_visible(timeout=PATIENCE)

    return step


def heading(name: str) -> Step:
    """Wait until a heading is there."""

    def step(seat: Seat) -> None:
        found = seat.page.get_by_role("heading", name=seat.say(name), exact=True)
        expect(found.first).to_be_visible(timeout=PATIENCE)

    return step


def gone(words: str) -> Step:
    """Wait until some words are gone."""

    def step(seat: Seat) -> None:
        expect(seat.page.get_by_text(seat.say(words))).to_have_count(0, timeout=PATIENCE)

    return step


def widen(seat: Seat) -> None:
    """Look at the page on a wider screen."""
    seat.page.set_viewport_size({"width": WIDE, "height": TALL})


def look_at_entry(number: int) -> Step:
    """Move the replay to an entry."""

    def step(seat: Seat) -> None:
        seat.page.locator("#replay-at").fill(str(number))
        expect(seat.page.locator(".replay-say")).to_be_visible(timeout=PATIENCE)

    return step


def bring_files(seat: Seat) -> None:
    """Choose the files of a bid."""
    chosen = files(seat.folder / "files", MIB)
    seat.page.locator("input[type=file][multiple]").set_input_files(chosen)


def keep_receipt(seat: Seat) -> None:
    """Save the receipt as a file."""
    with seat.page.expect_download() as told:
        press("Save the receipt (JSON)")(seat)
    told.value.save_as(seat.folder / "receipt.json")


def bring_receipt(seat: Seat) -> None:
    """Give the saved receipt to the page."""
    seat.page.locator("#receipt-file").set_input_files(seat.folder / "receipt.json")


def open_kit(seat: Seat) -> None:
    """Open the second custodian's kit from its file."""
    assert seat.scene is not None
    holder: Party = seat.scene.custodians[1]
    path = kit_file(seat.service, holder.held, seat.folder)  # type: ignore[attr-defined]  # of a scene
    press("Open a kit from its file")(seat)
    seat.page.get_by_label(seat.say("The kit's file"), exact=True).set_input_files(path)
    fill("Passphrase", PASSPHRASE)(seat)
    press("Open the kit")(seat)
    wait(".kit .tag-green")(seat)


def begin_installation(seat: Seat) -> None:
    """Open the first page with the token that the service printed."""
    seat.page.goto(f"{seat.service.url}/first#{seat.service.services.first_token}")
    fill("Name of the organisation", "滨河市公共资源交易中心", "Binhe City Trading Centre")(seat)
    seat.page.locator("#code").fill(CODES[0])
    fill("Your name", "陈安", "Chen An")(seat)
    fill("Account name", "chen.an")(seat)
    fill("Password", PASSWORD)(seat)


def enter_agency(seat: Seat) -> None:
    """Enter the clerk's organisation."""
    agency = ("公正招标代理有限公司", "Gongzheng Tendering Agency Ltd.")
    fill("Name, as registered", *agency)(seat)
    seat.page.locator("#code").fill(CODES[1])
    press("Enter")(seat)


def press_about(name: str) -> Step:
    """Press a button that says what it is about."""
    return lambda seat: seat.page.get_by_role("button", name=seat.say(name)).first.click()


def pass_by_keys(seat: Seat) -> None:
    """Let a bid pass every item but the last one, which is left open."""
    items = seat.page.locator(".review-item")
    items.first.locator("input").first.focus()
    for _ in range(items.count() - 1):
        seat.page.keyboard.press("1")
    wait(".draft-state.is-saved")(seat)


def review_the_rest(seat: Seat) -> None:
    """Let every bid pass, and give the review of each."""
    while seat.page.locator(".review-item").count():
        pass_by_keys(seat)
        seat.page.locator(".review-item").last.locator("input").first.check()
        press("Give my review of this bid")(seat)
        expect(seat.page.locator(".review-item input:checked")).to_have_count(0, timeout=PATIENCE)


def mark_first(seat: Seat) -> None:
    """Give the marks of the first bid."""
    seat.page.locator('input[data-column="0"]').first.focus()
    for mark in ("21.5", "8.5", "9", "4"):
        seat.page.keyboard.type(mark)
        seat.page.keyboard.press("Enter")


def have_key(seat: Seat) -> None:
    """Make this browser's key, and let it count in the project."""
    press("Make this browser's signing key")(seat)
    press("Sign with this browser's key in this project")(seat)
    wait(".key-named .tag-green")(seat)
