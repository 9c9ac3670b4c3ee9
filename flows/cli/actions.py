"""
Commands about the actions of a review: list them, take in a plan from a file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from config import bounded_files
from config.encodings import Unreadable, letters
from flows.cli.form_file import LONGEST_PATH, FormUnreadable
from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import ActingPerson, At, shortly
from safeguarding.dates.london import london_date, now
from safeguarding.dates.working_days import say
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.events import Actor
from safeguarding.review.learnt import Action
from safeguarding.review.review import Review
from safeguarding.review.words import agency_name


def list_actions(reference: str | None = None, /, *, here: Here) -> Said:
    """
    The actions of a review, or of all: owner, day and how each stands. Their words stay sealed in the record.

    ```
    safeguarding actions list CSPR-2026-006 --demo
    ```

    Parameters
    ----------
    reference
        Of one review; of all unless given.
    """
    installation = here.installation()
    records = installation.records
    wanted = [reference] if reference else [row.reference for row in records.list()]
    reviews = [records.read(name) for name in wanted]
    words = [_line(review, action, installation.rulebook) for review in reviews for action in review.actions]
    data = [
        {"reference": review.reference, **action.model_dump(mode="json")}
        for review in reviews
        for action in review.actions
    ]
    return Said(words or ["No action has been agreed."], data)


def _line(review: Review, action: Action, rulebook: Rulebook) -> str:
    partnership = rulebook.partnership
    owner = partnership.known(action.owner)
    name = owner.name if owner is not None else action.owner
    agency = agency_name(action.agency, partnership)
    return f"{review.reference} {action.id}: {agency}, {name}, due {say(action.due_on)}: {action.status}"


def take_in(
    reference: str,
    file: Annotated[str, Parameter(metavar="FILE", allow_leading_hyphen=True)],
    /,
    *,
    person: ActingPerson,
    at: At = None,
    here: Here,
) -> Said:
    """
    Take in an action plan from a file: a table saved as CSV or text. All of it is recorded, or nothing.

    ```
    safeguarding actions import CSPR-2026-006 docs/forms/plan.csv --as alex_example --demo
    ```

    Parameters
    ----------
    reference
        The review.
    file
        One action a line: owner agency, owner, due on, what is to be done, how it will be seen.
    person
        Who records it: an id of the partnership's file.
    """
    installation = here.installation()
    moment = installation.at(at, now())
    raw = {"agreed_on": london_date(moment).isoformat(), "pasted": _read(file)}
    taken = installation.records.attempt(reference, "add_action_plan", raw, Actor(person=person), moment)
    review = taken.review
    added = [action for action in review.actions if action.id in taken.event.facts["numbers"]]
    words = [f"{review.reference}: {len(added)} actions taken in."]
    words += [_line(review, action, installation.rulebook) for action in added]
    return Said(words, [action.model_dump(mode="json") for action in added])


def _read(file: str) -> str:
    named = shortly(file, LONGEST_PATH)
    try:
        with Path(file).open("rb") as opened:
            return letters(bounded_files.within(opened.read(bounded_files.LARGEST + 1)))
    except OSError as missing:
        raise FormUnreadable(f"The plan {named} cannot be read: {missing.strerror}.", named) from None
    except Unreadable as wrong:
        raise FormUnreadable(f"The plan {named} cannot be used: {wrong}.", named) from None
    except ValueError:  # A null in its name.
        raise FormUnreadable(f"The plan {named} cannot be read: no file can have this name.", named) from None
