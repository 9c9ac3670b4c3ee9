"""
The command that begins what an earlier version did not: looks at actions, and the choice after a publication's year.
"""

from __future__ import annotations

from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import ActingPerson, At
from safeguarding.dates.london import now
from safeguarding.dates.working_days import say
from safeguarding.review.events import Actor
from safeguarding.review.words import rule_words


def begin_looks(*, accept: bool = False, person: ActingPerson | None = None, at: At = None, here: Here) -> Said:
    """
    Begin the looks at actions and the choice after a year, of what was verified or published before this version.

    Only days that are still to come begin. Without --accept it shows them and changes nothing.

    ```
    safeguarding begin-looks --demo
    ```

    Parameters
    ----------
    accept
        Begin them: a line of each review says so.
    person
        Who has them begun: somebody of the unit, by their id.
    """
    from tasks.record import begun_since

    installation = here.installation()
    moment, rulebook = installation.at(at, now()), installation.rulebook
    with here.waiting("Looking through every review"):
        found = begun_since.to_begin(installation.records, moment)
    data = {
        "begins": {reference: [row.model_dump(mode="json") for row in rows] for reference, rows in found.items()},
        "begun": [],
    }
    if not found:
        return Said(["Nothing is to begin: what was verified or published has its dates, or they have passed."], data)
    words = [
        f"{reference}: {rule_words(rulebook.rule(row.rule), row.subject, rulebook.partnership)}, {say(row.due_on)}"
        for reference, rows in found.items()
        for row in rows
    ]
    if not accept or person is None:
        return Said([*words, "Nothing was changed. To begin them: --accept --as PERSON."], data)
    with here.waiting("Beginning them, review by review"):
        taken = begun_since.begin(installation.records, [*found], Actor(person=person), moment)
    data["begun"] = [one.review.reference for one in taken]
    return Said([*words, f"Begun: {len(taken)} review{'' if len(taken) == 1 else 's'}, a line of each says so."], data)
