"""The service and the verifier make the same state hash of the same entries, all along."""

import io
from collections.abc import Callable

import pytest

from evaluation.state_hash import state_hash
from tests.opening.world import PROJECT, SECTION
from tests.project.whole import RULES
from tests.verifier.logbook import logbook, parts
from tests.verifier.stories import STORIES
from tests.verifier.told import Told
from verifier import fold
from verifier.report import Report
from verifier.state import State
from verifier.state_hash import state_hash as verified
from verifier.verify import verify_form

SALT = "5a" * 32
TOLD = ("evaluated", "clarified", "corrected", "enough", "paused", "evaluated_twice", "blind")


@pytest.mark.parametrize("story", [STORIES[name] for name in TOLD], ids=TOLD)
def test_every_entry_of_an_evaluation_makes_the_same_hash_on_both_sides(
    story: Callable[[], Told],
) -> None:
    world = story()
    read = verify_form(io.BytesIO(parts(logbook(world)).joined()), Report())
    assert read is not None
    ours, theirs, hashes = RULES.initial(PROJECT), State(PROJECT), set()
    for (event, stamp), entry in zip(world.record, read[1], strict=True):
        ours = RULES.evolve(ours, event, stamp)
        fold.apply(theirs, entry)
        found = ours.evaluation.evaluations.get(SECTION)
        if found is None:
            continue
        made = state_hash(found, ours.evaluation.rules[SECTION], SALT)
        assert made == verified(theirs.evaluations[SECTION], SALT), event.type
        hashes.add(made)
    assert len(hashes) > 20
