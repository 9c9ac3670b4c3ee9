"""
The commands that share what was learnt: a digest of a period, a briefing of one review, a leaflet for families.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import ActingPerson, At, Day
from safeguarding.dates.london import london_date, now
from safeguarding.dates.working_days import say
from safeguarding.errors import SafeguardingError
from safeguarding.law.partnership import Partnership
from safeguarding.law.themes import THEMES
from safeguarding.review.concerned import Concerned
from safeguarding.review.states import Track
from safeguarding.review.who_sees import may_see, unit_of
from safeguarding.sharing.digest import DigestAsked, digest_page
from safeguarding.sharing.leaflet import POINTS, law_behind, leaflet_page
from tasks.export.folder import look_at, write_files
from tasks.record.reading import NAMED_AT_THE_MACHINE
from tasks.record.registers import EVERY_REVIEW, note_taken_out
from tasks.sharing.making import BRIEFING_TAKEN, DIGEST_TAKEN, files_of, make_briefing, make_digest

NOT_THEIRS = "a digest is made by somebody of the business unit: give their id with --as"
ON_TRACK = Annotated[Literal["adults", "children"], Parameter(name="--track")]


class SharingRefused(SafeguardingError):
    """Something was to be shared by somebody whose that is not, or that does not fit."""

    code = "sharing-refused"

    def __init__(self, unmet: tuple[str, ...]) -> None:
        super().__init__(f"Nothing was made: {'; '.join(unmet)}.", unmet)


def digest(
    folder: Path,
    /,
    *,
    first: Annotated[Day, Parameter(name="--from")],
    last: Annotated[Day, Parameter(name="--to")],
    theme: Annotated[tuple[str, ...], Parameter(metavar="THEME")] = (),
    track: ON_TRACK | None = None,
    person: ActingPerson,
    at: At = None,
    here: Here,
) -> Said:
    """
    What reviews taught in a period, by theme, as Word and HTML: the «Lessons Learnt Research Digest».

    ```
    safeguarding digest autumn --from 2026-09-01 --to 2026-12-31 --as alex_example --demo
    ```

    It holds approved wordings and nothing else that was typed. That you made it is noted.

    Parameters
    ----------
    folder
        The folder to make. It is not there yet, or is empty.
    first
        The first day of the period.
    last
        Its last day.
    theme
        Only this theme, by its id; it may be given several times.
    track
        Only reviews about children, or about adults.
    person
        Who makes it: an id of the partnership's file, of the business unit.
    """
    installation = here.installation()
    moment = installation.at(at, now())
    today, records = london_date(moment), installation.records
    rulebook = installation.rulebook.on(today)
    asked = DigestAsked(first, last, theme, Track(track) if track else None)
    acting = rulebook.partnership.known(person)
    tracks = unit_of(acting, rulebook.partnership) if acting is not None else frozenset()
    unmet = [*([] if tracks else [NOT_THEIRS]), *_unfit(asked, rulebook.partnership)]
    if unmet or acting is None:
        raise SharingRefused(tuple(unmet))
    look_at(folder)
    with here.waiting("Putting the digest together"):
        made = make_digest(records, rulebook, asked, tracks, today)
        page = digest_page(made, rulebook.partnership)
        simulation = records.identity().simulation
        files = files_of("digest", page, rulebook.partnership, moment, simulation=simulation)
        note_taken_out(records, person, acting.name, NAMED_AT_THE_MACHINE, DIGEST_TAKEN, moment, EVERY_REVIEW)
        written = write_files(folder, files)
    waiting = [f"{one.reference} {one.number}" for one in made.waiting]
    words = [
        f"The digest of {say(first)} to {say(last)} is in {folder}: {' and '.join(written)}, with {made.count} "
        f"approved wording{'' if made.count == 1 else 's'}.",
        *(
            [f"Not in it, since no wording is approved yet: {', '.join(waiting)}."]
            if waiting
            else ["Everything of the period has an approved wording."]
        ),
        "Read it before you send it on. That you made it is noted: `safeguarding readings` lists it.",
    ]
    return Said(words, {"folder": str(folder), "files": written, "items": made.count, "waiting": waiting})


def _unfit(asked: DigestAsked, partnership: Partnership) -> list[str]:
    known = [*THEMES, *(one.id for one in partnership.themes)]
    found = [f"the period ends on {say(asked.last)}, before it begins"] if asked.last < asked.first else []
    if unknown := sum(one not in known for one in asked.themes):
        named = "a theme is" if unknown == 1 else f"{unknown} themes are"
        found.append(f"{named} not known; known are {', '.join(known)}")
    return found


def briefing(
    reference: str,
    folder: Path,
    /,
    *,
    person: ActingPerson,
    at: At = None,
    here: Here,
) -> Said:
    """
    A seven-minute briefing of one review for teams, as Word and HTML: from approved wordings only.

    ```
    safeguarding briefing SAR-2026-002 briefing --as alex_example --demo
    ```

    What has no approved wording is left out and named here. That you made it is noted.

    Parameters
    ----------
    reference
        The review.
    folder
        The folder to make. It is not there yet, or is empty.
    person
        Who makes it: somebody who may see the review, by their id.
    """
    installation = here.installation()
    moment = installation.at(at, now())
    today, records = london_date(moment), installation.records
    review, rulebook = records.read(reference), installation.rulebook.on(today)
    acting = rulebook.partnership.known(person)
    if acting is None or not may_see(acting, Concerned.by(review), rulebook.partnership):
        raise SharingRefused(("a briefing is made by somebody of the partnership's file who may see the review",))
    look_at(folder)
    made = make_briefing(records, rulebook, review.reference, today)
    files = files_of("briefing", made.page, rulebook.partnership, moment, simulation=records.identity().simulation)
    note_taken_out(records, person, acting.name, NAMED_AT_THE_MACHINE, BRIEFING_TAKEN, moment, review.reference)
    written = write_files(folder, files)
    words = [
        f"The briefing of {review.reference} is in {folder}: {' and '.join(written)}.",
        *([f"Not approved yet, so not in it: {', '.join(made.not_approved)}."] if made.not_approved else []),
        *([f"Left out, since nothing is there for it: {', '.join(made.left_out)}."] if made.left_out else []),
        *([f"Its wordings have {made.words} words, more than two pages hold: shorten it."] if made.too_long else []),
        "Read it before you send it on. That you made it is noted: `safeguarding readings` lists it.",
    ]
    data = {"files": written, "not_approved": list(made.not_approved), "left_out": list(made.left_out)}
    return Said(words, {"folder": str(folder), "words": made.words} | data)


def leaflet(folder: Path, /, *, track: ON_TRACK, here: Here) -> Said:
    """
    A leaflet for families, in plain English, with your partnership's contacts: as Word and HTML.

    ```
    safeguarding leaflet leaflet --track children --demo
    ```

    Its words are this product's own: read them, and change the Word file, before you hand it out.

    Parameters
    ----------
    folder
        The folder to make. It is not there yet, or is empty.
    track
        For reviews about adults, or about children.
    """
    moment = now()
    today: date = london_date(moment)
    rulebook = here.rulebook.on(today)
    look_at(folder)
    page = leaflet_page(Track(track), rulebook, today)
    written = write_files(folder, files_of("leaflet", page, rulebook.partnership, moment, points=POINTS))
    words = [
        f"The leaflet is in {folder}: {' and '.join(written)}.",
        "Its words are this product's own, and no law: read them, and change them, before you hand it out.",
        *(f"Behind it: {one.name} ({one.confidence.words})." for one in law_behind(Track(track), rulebook, today)),
    ]
    return Said(words, {"folder": str(folder), "files": written})
