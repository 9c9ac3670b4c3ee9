"""Another day for publication, in the page: the positions that this does not ask for are left alone."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.demo.answers import answer
from safeguarding.dates.london import london_date
from safeguarding.review.states import State
from safeguarding.stages import STEPS

pytestmark = [pytest.mark.prefect, pytest.mark.browser]


def test_the_day_of_publication_moves_with_the_positions_left_empty(manager, until) -> None:
    """The three partners are asked only where the report is no longer published: their boxes may stay as they are."""
    demo = manager.demo
    today = london_date(datetime.now(UTC))
    references = [card.partition(" ")[0] for card in manager.waiting()]
    waiting = {State.PRE_PUBLICATION, State.PUBLICATION_DEFERRED}
    reference = next(one for one in references if demo.records.read(one).state in waiting)
    day = today + timedelta(days=40)

    card = manager.opens(reference)
    card.resume()
    asked = card.choose("Plan the day of publication")
    form = STEPS["plan_publication"].form
    asked.answer(form, answer("plan_publication", demo.records.read(reference), today, planned_on=day))
    asked.fill({"Signed by": "alex_example"})
    card.submit()
    until(
        lambda: demo.records.read(reference).happened("publication_planned_full") == day,
        40,
        "the day of publication is the new one",
    )
