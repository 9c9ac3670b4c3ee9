"""
The command that publishes the public register as a static site.
"""

from __future__ import annotations

from pathlib import Path

from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import ActingPerson, At
from safeguarding.dates.london import london_date, now
from safeguarding.dates.working_days import say
from safeguarding.errors import SafeguardingError
from safeguarding.lifecycle import not_theirs
from safeguarding.review.events import Actor
from tasks.public_site.folder import look_at, write_site
from tasks.public_site.making import files_of
from tasks.record.reading import NAMED_AT_THE_MACHINE
from tasks.record.registers import note_taken_out

UNIT = frozenset({"business_manager", "business_unit"})
"""Who may publish it."""
WHAT = "the public register, with approved wordings and no other sealed word,"
"""What is noted as taken out, in words that stand before «of» and the review."""


class PublishingRefused(SafeguardingError):
    """Somebody asked to publish the register, and that is not theirs to do."""

    code = "publishing-refused"

    def __init__(self, unmet: tuple[str, ...]) -> None:
        super().__init__(f"The public register is not published: {'; '.join(unmet)}.", unmet)


def publish(folder: Path, /, *, person: ActingPerson, at: At = None, here: Here) -> Said:
    """
    Write the public register as a web site of plain files: what is published, with approved wordings and no other.

    ```
    safeguarding register publish site --as alex_example --demo
    ```

    Parameters
    ----------
    folder
        The folder of the site. It is made, or written anew where this command wrote it before.
    person
        Who publishes it: an id of the partnership's file, of the business unit. That they did is noted.
    """
    installation = here.installation()
    moment = installation.at(at, now())
    today = london_date(moment)
    rulebook = installation.rulebook.on(today)
    if unmet := not_theirs(UNIT, Actor(person=person), rulebook):
        raise PublishingRefused(tuple(unmet))
    look_at(folder)
    known = rulebook.partnership.person(person)
    with here.waiting("Reading the record, and writing the site"):
        files = files_of(installation.records, today)
        note_taken_out(installation.records, known.id, known.name, NAMED_AT_THE_MACHINE, WHAT, moment)
        untidy = write_site(folder, files)
    reviews = len([name for name in files if name.endswith(".html")]) - 2
    many = "1 publication is" if reviews == 1 else f"{reviews} publications are"
    words = [
        f"The public register is in {folder}, as it stands on {say(today)}: {many} public.",
        "Its first page is index.html; register.json is for programs, feed.xml for readers of feeds.",
        "Only wordings that somebody approved are in it. That you published it is noted: `safeguarding readings`.",
        *untidy,
    ]
    made = {"folder": str(folder), "as_of": today, "publications": reviews, "files": sorted(files)}
    return Said(words, made | {"said": untidy})
