"""
The command that writes a review, one of its decisions or the working of its dates as a PDF.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Group, Parameter

from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import At, one_of
from safeguarding.dates.london import london_date, now
from tasks.bundle import zipped
from tasks.pdf import of_review

OF_WHAT = Group("Of what", validator=one_of)


def write(
    reference: str,
    file: Annotated[Path, Parameter(metavar="FILE")],
    /,
    *,
    decision: Annotated[int | None, Parameter(metavar="LINE", group=OF_WHAT)] = None,
    dates: Annotated[bool, Parameter(group=OF_WHAT)] = False,
    at: At = None,
    here: Here,
) -> Said:
    """
    A review's page as a PDF that prints and that a screen reader reads; or one decision, or how its dates were counted.

    ```
    safeguarding pdf CSPR-2026-005 review.pdf --demo
    safeguarding pdf CSPR-2026-005 dates.pdf --dates --demo
    ```

    Sealed words stay sealed. `safeguarding show` has the line of each decision.

    Parameters
    ----------
    reference
        The review.
    file
        The PDF to write; nothing may be there yet.
    decision
        The record of the decision on this line, and not the page.
    dates
        How each date was worked out, and not the page.
    """
    installation = here.installation()
    records, moment = installation.records, installation.at(at, now())
    review = records.read(reference)
    rulebook, simulation = installation.rulebook.on(london_date(moment)), records.identity().simulation
    seen = of_review.SeenReview(review, records.events(review.reference), rulebook, simulation)
    zipped.must_be_free(file)
    with here.waiting("Setting the pages"):
        if decision is not None:
            made = of_review.decision_pdf(seen, records, decision, moment)
        elif dates:
            made = of_review.dates_pdf(seen, moment)
        else:
            made = of_review.page_pdf(seen, moment)
    zipped.put(file, made)
    return Said([f"{file}: written, for your eyes only. Sealed words stay sealed."], {"file": str(file)})
