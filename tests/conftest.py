"""What all tests share."""

import pytest
from hypothesis import settings

from tests import needs

# two cores are shared by many processes: how long one example takes says nothing
settings.register_profile("kaibiao", deadline=None)
settings.load_profile("kaibiao")


@pytest.fixture(scope="session")
def browser_packages() -> None:
    """What the browser's code is built with."""
    needs.browser_packages()
