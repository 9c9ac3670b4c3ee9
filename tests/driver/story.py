"""A review of the demo as its story goes on at the people's pages, with a clock that the test moves."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time

from driver.visitor import Clock, words_of
from driver.whole_review import Fills, FormTaken, take
from safeguarding.dates.london import LONDON, london_date
from safeguarding.review.review import Review
from safeguarding.review.states import State
from tasks.public_site.making import files_of
from tasks.record import sweep
from tasks.record.installation import Installation


class Story:
    """A review of the demo as its story goes on: each form is filled in at the pages on its day."""

    def __init__(
        self, installation: Installation, clock: Clock, somebody: Callable[[str], Fills], state: State, track: str
    ) -> None:
        self.installation, self.clock, self.somebody = installation, clock, somebody
        rows = installation.records.list()
        self.reference = next(row.reference for row in rows if (row.state, row.track) == (state, track))

    @property
    def today(self) -> date:
        """The day of the story."""
        return london_date(self.clock.at)

    def on(self, day: date) -> Story:
        """Time goes on to a morning."""
        self.clock.at = datetime.combine(day, time(10), LONDON)
        return self

    def take(self, step: str, **answers: object) -> str:
        """Fill in a form and send it; the page that says what was recorded."""
        given = answers.pop("table", answers)
        review = self.installation.records.read(self.reference)
        take(FormTaken(step, 0, given), self.reference, review, self.today, self.somebody)  # type: ignore[arg-type]
        return self.page

    @property
    def review(self) -> Review:
        """The review as the record has it."""
        return self.installation.records.read(self.reference)

    @property
    def page(self) -> str:
        """What the review's page says of its publication, to the business manager."""
        visitor = self.somebody("alex_example").visitor
        html = visitor.get(f"/reviews/{self.reference}").text
        found = re.search(r'<section aria-labelledby="publication">.*?</section>', html, re.S)
        return words_of(found.group(0)) if found else ""

    def swept(self) -> Story:
        """Time acts."""
        made = sweep.sweep(self.installation.records.engine, self.installation.rulebook, self.clock.at)
        assert () == made.faults
        return self

    def site(self) -> dict[str, str]:
        """The public register on this day, each page as it is read."""
        return {name: words_of(text.decode()) for name, text in files_of(self.installation.records, self.today).items()}

    def approved(self, item: str, words: str) -> None:
        """A wording is written by one person and approved by another."""
        self.take("write_wording", item=item, wording=words)
        number = self.installation.records.read(self.reference).wordings[-1].id
        self.take("approve_wordings", wordings=[number])
