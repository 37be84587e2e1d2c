"""All checks of one export, in order; it must not know how the outcome is told."""

from collections.abc import Callable
from typing import BinaryIO

from verifier import container, fold
from verifier.checks import (
    v01_log,
    v02_entries,
    v02_signers,
    v03_notice,
    v04_ceremony,
    v05_bids,
    v06_close,
    v07_order,
    v08_secrets,
    v09_shares,
    v10_results,
    v11_unlisted,
    v12_erasures,
    v13_seats,
    v14_stages,
    v15_draws,
    v16_minutes,
    v17_answers,
    v18_refusals,
    v19_stage,
    v20_rule,
    v21_committee,
    v22_chair,
    v23_review,
    v24_marks,
    v25_report,
    v26_signatures,
    v27_stage,
    v28_clarifications,
    v29_prices,
    v30_competition,
    v31_result,
    v32_pauses,
    v33_reevaluation,
    v34_blind,
)
from verifier.container import Container
from verifier.entries import Entry
from verifier.report import Report
from verifier.scene import Scene
from verifier.state import State

LOOKS: tuple[Callable[[Scene, Entry], None], ...] = (
    v02_signers.look,
    v13_seats.look,
    v03_notice.look,
    v04_ceremony.look,
    v05_bids.look,
    v06_close.look,
    v07_order.look,
    v08_secrets.look,
    v11_unlisted.look,
    v09_shares.look,
    v10_results.look,
    v12_erasures.look,
    v14_stages.look,
    v15_draws.look,
    v17_answers.look,
    v16_minutes.look,
    v18_refusals.look,
    v19_stage.look,
    v20_rule.look,
    v21_committee.look,
    v22_chair.look,
    v23_review.look,
    v28_clarifications.look,
    v29_prices.look,
    v30_competition.look,
    v24_marks.look,
    v34_blind.look,
    v27_stage.look,
    v33_reevaluation.look,
    v25_report.look,
    v26_signatures.look,
    v31_result.look,
    v32_pauses.look,
)
"""What looks at each entry, with what the entries before come to."""


def verify_form(file: BinaryIO, report: Report) -> tuple[Container, list[Entry]] | None:
    """Check all that needs no understanding of events: V0, V1 and V2 but the signatures."""
    try:
        parts = container.read(file, report)
    except container.Unreadable:
        return None
    checkpoints = v01_log.check(parts, report)
    entries = v02_entries.check(parts, checkpoints, report)
    v01_log.check_needed(checkpoints, [entry.index for entry in entries], report)
    return parts, entries


def verify(file: BinaryIO) -> Report:
    """Check an export and return the outcome.

    Args:
        file: the export, seekable.
    """
    report = Report()
    read = verify_form(file, report)
    if read is None:
        return report
    parts, entries = read
    scene = Scene(parts, report, State(parts.about["project"]))
    for entry in entries:
        if entry.readable:
            _look(scene, entry)
    v05_bids.finish(scene)
    v24_marks.finish(scene)
    v34_blind.finish(scene)
    v33_reevaluation.finish(scene)
    return report


def _look(scene: Scene, entry: Entry) -> None:
    try:
        for look in LOOKS:
            look(scene, entry)
        fold.apply(scene.state, entry)
    except Exception as error:  # noqa: BLE001 - what stops a check does not hold
        what = f"{type(error).__name__}: {error}"
        scene.need("V2.12", entry.seq, False, "an entry that can be checked", what)
        scene.report.blind(entry.seq)
