"""The list of the guides' pictures; each is made in both languages, and compared with its page."""

from typing import Final

from tests.browser import guide_steps as do
from tests.browser.bidder import BID
from tests.browser.guide_camera import Picture
from tests.opening.world import PROJECT

HALL = f"/projects/{PROJECT}/hall/s1-1"
CLERK = f"/clerk/{PROJECT}"
DESK = f"/projects/{PROJECT}/desk/s1"
IN_HALL = do.wait(".line.is-up")

PICTURES: Final = (
    # a new installation
    Picture("administrator-first", "", "", "", "main .narrow", (do.begin_installation,)),
    Picture(
        "administrator-setup",
        "",
        "",
        "",
        "main .two",
        (do.press("Make the administrator"), do.wait("#setup-title")),
        # beside it stands how a loaded machine does
        told="[aria-labelledby=setup-title]",
    ),
    Picture(
        "administrator-invitation",
        "",
        "",
        "/admin/organisations",
        "#invitation",
        (
            do.enter_agency,
            do.gone("Loading …"),
            do.follow("Accounts"),
            do.fill("Person's name", "林静", "Lin Jing"),
            do.fill("Account name", "lin.jing"),
            do.tick("role clerk"),
            do.press("Open the account and make an invitation"),
            do.wait("#invitation input"),
        ),
    ),
    Picture("administrator-health", "", "", "/admin/health", "main .card", told="main .card th"),
    # before the notice
    Picture(
        "clerk-keys",
        "ceremonial",
        "clerk",
        f"{CLERK}/keys",
        ".clerk-step",
        (do.wait(".parties tbody tr", 4),),
    ),
    Picture(
        "custodian-join",
        "ceremonial",
        "custodian-2",
        "/custodian",
        "article.task",
        (do.wait("article.task .note"),),
    ),
    Picture("custodian-kit", "ceremonial", "custodian-2", "", ".kit", (do.press("Make a kit"),)),
    Picture("clerk-steps", "keyed", "clerk", CLERK, "[aria-labelledby=tasks]"),
    Picture(
        "clerk-notice",
        "keyed",
        "clerk",
        f"{CLERK}/notice",
        ".paper",
        (do.wait(".paper .fingerprint li", 8),),
    ),
    # while bids are taken
    Picture("public-start", "rehearsed", "", "/", "body", (do.wait("kb-left"),)),
    Picture("clerk-desk", "rehearsed", "clerk", "/clerk", ".card"),
    Picture(
        "clerk-preflight",
        "rehearsed",
        "clerk",
        f"{CLERK}/preflight",
        ".clerk-step",
        (do.wait(".tasks li"),),
    ),
    Picture(
        "bidder-tasks",
        "rehearsed",
        "bidder-1",
        "/bidder",
        "main .card",
        (do.wait("kb-countdown strong"),),
    ),
    Picture(
        "bidder-key",
        "rehearsed",
        "bidder-1",
        BID,
        "kb-bid .bid-step",
        (do.wait("kb-signing-key button"),),
    ),
    Picture(
        "bidder-words",
        "rehearsed",
        "bidder-1",
        "",
        "kb-bid",
        (
            do.press("Make this browser's signing key"),
            do.press("Sign with this browser's key in this project"),
            do.press("Begin"),
            do.press("Continue"),
            do.wait(".fingerprint li", 8),
        ),
    ),
    Picture(
        "bidder-form",
        "rehearsed",
        "bidder-1",
        "",
        "kb-bid",
        (
            do.press("The words are the same"),
            do.bring_files,
            do.press("Continue"),
            do.fill("Price in figures", "86543210.55"),
            do.press("Write it so"),
        ),
    ),
    Picture(
        "bidder-sealed",
        "rehearsed",
        "bidder-1",
        "",
        "kb-bid",
        (do.press("Continue"), do.press("Seal the bid"), do.heading("Sealed on this device")),
    ),
    Picture(
        "bidder-receipt",
        "rehearsed",
        "bidder-1",
        "",
        "kb-bid",
        (do.press("Sign and submit"), do.heading("Receipt")),
    ),
    Picture(
        "public-check",
        "rehearsed",
        "bidder-1",
        "",
        "kb-check",
        (
            do.keep_receipt,
            do.go("/check"),
            do.wait(".drop"),
            do.bring_receipt,
            do.heading("The receipt holds"),
        ),
    ),
    # in the session
    Picture(
        "custodian-release",
        "decrypting",
        "custodian-2",
        "/custodian",
        "kb-release",
        (do.open_kit, do.wait("kb-release .release-table tbody tr", 4)),
    ),
    Picture(
        "clerk-hall",
        "confirming",
        "clerk",
        HALL,
        "body",
        (do.widen, IN_HALL, do.wait(".opening-table .price", 3)),
        told=".hall-main",
    ),
    Picture("bidder-confirm", "confirming", "bidder-1", HALL, "kb-bidder-turn", (IN_HALL,)),
    Picture("supervisor-seat", "confirming", "supervisor", HALL, "kb-supervisor-seat", (IN_HALL,)),
    Picture(
        "supervisor-verify",
        "confirming",
        "supervisor",
        "",
        "kb-verification",
        (do.press("Verify now"), do.wait(".verdict")),
    ),
    Picture(
        "supervisor-replay",
        "confirming",
        "supervisor",
        "",
        "body",
        (do.press("Look back"), do.look_at_entry(60)),
        told=".hall-main",
    ),
    # at the committee's table
    Picture(
        "expert-commitment",
        "convened",
        "expert-5",
        DESK,
        ".panel",
        (do.have_key,),
    ),
    Picture(
        "expert-names",
        "convened",
        "expert-5",
        "",
        ".panel",
        (
            do.press("Sign the commitment"),
            do.tick("I have none"),
            do.press("Declare my ties"),
            do.wait(".names-list li", 3),
        ),
    ),
    Picture(
        "expert-review",
        "reviewing",
        "expert-5",
        DESK,
        ".panel",
        (do.wait(".review-item"), do.pass_by_keys),
    ),
    Picture(
        "expert-vote",
        "reviewing",
        "expert-5",
        "",
        ".panel",
        (do.review_the_rest, do.press_about("Open the vote"), do.wait(".vote .panel-actions")),
    ),
    Picture(
        "expert-marks",
        "marking",
        "expert-5",
        DESK,
        ".panel",
        (do.have_key, do.mark_first, do.wait(".draft-state.is-saved")),
    ),
    Picture(
        "expert-report",
        "reporting",
        "expert-5",
        DESK,
        ".panel",
        (do.have_key, do.wait(".signatures li", 5)),
    ),
    # afterwards
    Picture("public-minutes", "ended", "", f"/public/{PROJECT}", "#session-s1-1"),
)
