"""What every test of the clock needs: the calendar that the product ships."""

import pytest

import config
from safeguarding.clock import Calendar


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    """The bank holidays of England and Wales, 2018 to 2028."""
    return config.load().calendar
