"""Answers in a row on the embedded default: none meets a server error, each brings the right card."""

import pytest
from benchmarks.resumes import presses
from driver.page import Manager, System

pytestmark = pytest.mark.prefect

PRESSES = 30
"""Of which stock Prefect would turn away two, and one at least nine times in ten."""


def test_thirty_answers_in_a_row_meet_no_server_error(system: System) -> None:
    """
    Reviews go from stage to stage, and every third answer lies in the future and is refused: the same card then
    waits and says why. Each press ends with one card that waits, drawn from the review as it is. Stock Prefect answered
    about one in fourteen with «database is locked».
    """
    with Manager(system, looks_every=0.02) as manager:  # The next press comes as soon as it can.
        times, errors = presses(manager, PRESSES)

    assert [] == errors
    assert PRESSES == len(times[True]) + len(times[False])
