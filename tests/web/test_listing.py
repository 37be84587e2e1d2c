"""Lists of projects while projects begin."""

import asyncio
from dataclasses import replace
from pathlib import Path

from record.desk import Desk
from tests.opening.world import PROJECT
from tests.web.scene import scene
from web.app import rules_for
from web.listing import all_states, nearness


def test_a_project_that_begins_meanwhile_breaks_no_list(tmp_path: Path) -> None:
    with scene(tmp_path) as here:
        found = here.service.services
        # a desk that knows nothing yet must read, and others go on while it does
        services = replace(found, desk=Desk(found.store, rules_for), known={PROJECT})

        async def while_one_begins() -> list[str]:
            listing = asyncio.create_task(all_states(services))
            await asyncio.sleep(0)
            assert not listing.done()
            services.known.add("f" * 32)
            return [state.project for state in await listing]

        assert here.service.do(while_one_begins()) == [PROJECT]


def test_what_comes_next_stands_before_what_is_over() -> None:
    deadlines = [100, 900, 400, 600]
    assert sorted(deadlines, key=lambda one: nearness(one, 500)) == [600, 900, 400, 100]
