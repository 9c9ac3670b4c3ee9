"""
The commands about the yearly reports themselves: what is owed of them, that one was published, to whom it was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from cyclopts import Parameter

from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import ActingPerson, At, Day
from safeguarding.dates.london import london_date, now
from safeguarding.dates.working_days import say
from safeguarding.review.events import Actor
from safeguarding.review.states import Track
from safeguarding.yearly.period import APRIL
from safeguarding.yearly.reported import PUBLISHED_FORM, SENT_FORM, TAKE_BACK_FORM, WhyTakenBack


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class ReportNamed:
    """Of which yearly report something is recorded, and by whom."""

    track: Track
    """Of which reviews: adults or children."""
    year: int
    """The year in which the twelve months begin that it is about."""
    month: int = APRIL
    """The month in which they begin."""
    by: ActingPerson
    """Who records it: the unit."""
    at: At = None

    @property
    def answers(self) -> dict[str, Any]:
        """What every form asks."""
        return {"track": self.track.value, "year": self.year, "month": self.month}


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class ReportSpokenOf(ReportNamed):
    """The same, and on which day it was."""

    on: Day
    """The day on which it was published or sent."""

    @property
    def answers(self) -> dict[str, Any]:
        """What both forms ask."""
        return {"track": self.track.value, "year": self.year, "month": self.month, "on": self.on}


def owed(*, at: At = None, here: Here) -> Said:
    """
    What was published of the yearly reports, and what is owed of them.

    ```
    safeguarding yearly-report owed --demo
    ```
    """
    from tasks.record import yearly_reports

    installation = here.installation()
    today = london_date(installation.at(at, now()))
    found = yearly_reports.reports_now(installation.records, installation.rulebook, today)
    words = [f"{one.track.value}, {one.period.words}: published on {say(one.published_on)}." for one in found.known]
    words += [yearly_reports.sentence_of(one, installation.rulebook, today) for one in found.owed]
    data = {"published": [one._asdict() for one in found.known], "owed": [one._asdict() for one in found.owed]}
    return Said(words or ["Nothing is owed of the yearly reports."], data)


def published(report: ReportSpokenOf, *, page: Annotated[str, Parameter(metavar="ADDRESS")] = "", here: Here) -> Said:
    """
    Record that a yearly report was published, in the partnership's own chain.

    ```
    safeguarding yearly-report published --track children --year 2025 --on 2026-06-30 --as alex_example --demo
    ```

    Parameters
    ----------
    page
        Its address on the web, if it has one.
    """
    return _recorded(here, PUBLISHED_FORM, report, {"page": page}, "That it was published is on record")


def sent(report: ReportSpokenOf, *, to: Annotated[str, Parameter(metavar="RECIPIENT")], here: Here) -> Said:
    """
    Record that a yearly report was sent to one of those to whom it goes.

    ```
    safeguarding yearly-report sent --track children --year 2025 --to national_panel --on 2026-07-02 --as alex_example
    ```

    Parameters
    ----------
    to
        To whom: an id of its rule, such as local_healthwatch; another one names them all.
    """
    return _recorded(here, SENT_FORM, report, {"to": to}, "That it was sent is on record")


def take_back(report: ReportNamed, *, why: WhyTakenBack, here: Here) -> Said:
    """
    Take back what is on record of a yearly report: it was not so, such as a mistyped month. The history keeps both.

    ```
    safeguarding yearly-report take-back --track children --year 2025 --why "it was not published" --as alex_example
    ```

    Parameters
    ----------
    why
        The reason, which stands in the partnership's own chain.
    """
    return _recorded(here, TAKE_BACK_FORM, report, {"why": why}, "That it is taken back is on record")


def _recorded(here: Here, what: str, report: ReportNamed, besides: dict[str, Any], words: str) -> Said:
    from tasks.record import staff, yearly_reports

    installation = here.installation()
    moment = installation.at(report.at, now())
    staff.say_of_report(installation, what, report.answers | besides, Actor(person=report.by), moment)
    found = yearly_reports.reports_now(installation.records, installation.rulebook, london_date(moment))
    left = [yearly_reports.sentence_of(one, installation.rulebook, london_date(moment)) for one in found.owed]
    return Said([f"{words}.", *left], {"said": words, "owed": [one._asdict() for one in found.owed]})
