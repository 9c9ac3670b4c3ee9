"""
Commands about the ledger: prove that nobody changed it, make the tables again, decide how long its text is kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import ActingPerson, At, Day, HowMany
from safeguarding.dates.london import now, say_moment
from safeguarding.duties import retention
from safeguarding.duties.retention import Ground
from safeguarding.review.events import Actor
from tasks.record import erasing, heads, nightly, reading
from tasks.store.readings import ReadingsWanted

Second = Annotated[str, Parameter(name="--second", metavar="PERSON")]


def verify(
    reference: str | None = None,
    /,
    *,
    against: Annotated[Path | None, Parameter(metavar="FILE")] = None,
    here: Here,
) -> Said:
    """
    Prove that no line was changed, removed or put in.

    Also that the record as a whole is as it was sealed, and that all that is read is what the ledger gives.

    ```
    safeguarding ledger verify --demo
    ```

    With a file of heads that left the machine earlier it finds also what a holder of the key did: a review taken back,
    removed or written again.

    Parameters
    ----------
    reference
        Of one review; of all unless given.
    against
        A file of heads: one that lies beside a backup, or in the folder `heads` of the home folder.
    """
    installation = here.installation()
    records = installation.records
    said = heads.read(against) if against is not None else None
    with here.waiting("Reading every line of the ledger"):
        if reference is None:
            broken = list(nightly.prove_and_note(installation, now()))
        else:
            broken = list(records.verify(reference))
        if said is not None:
            broken += records.with_keys(lambda connection, keys: list(heads.against(connection, keys, said)))
    if broken:
        data = [{"reference": b.reference, "sequence": getattr(b, "sequence", 0), "words": str(b)} for b in broken]
        return Said([str(line) for line in broken], {"broken": data}, code=1)
    chains = reference or f"{len(records.list())} reviews"
    words = [f"The ledger holds: {chains}: no line was changed, removed or put in."]
    if said is not None:
        words.append(f"It goes on from the heads of {said['at'][:10]}: {heads.in_a_line(said)}.")
    elif reference is None and (seal := records.seal()) is not None:
        words.append(f"It is sealed as a whole since {say_moment(seal.since)}.")
    return Said(words, {"broken": []})


def who_read_what(
    reference: str | None = None,
    /,
    *,
    person: Annotated[str, Parameter(metavar="PERSON")] = "",
    on: Day | None = None,
    first: HowMany = 200,
    here: Here,
) -> Said:
    """
    Who read which sealed words, when, and how it is known that it was they; the newest first.

    ```
    safeguarding readings CSPR-2026-005 --demo
    ```

    Parameters
    ----------
    reference
        Of one review; of all unless given.
    person
        By one person, by their id in the partnership's file.
    on
        On one day.
    first
        At most so many.
    """
    records = here.installation().records
    if reference is not None:
        records.read(reference)  # Raises NoSuchReview.
    wanted = ReadingsWanted(reference or "", person, on)
    found, count = reading.who_read(records, wanted, limit=max(0, min(first, 100_000)))
    lines = [reading.line_of(one) for one in found]
    words = [
        f"{line.number:5} {say_moment(line.at, weekday=True)} {line.who} read {line.what} of "
        f"{line.reference or 'every review'} "
        f"({line.texts}); known by {line.how}"
        for line in lines
    ]
    if count > len(lines):
        words.append(f"{count - len(lines)} earlier ones: ask for more with --first.")
    return Said(words or ["Nobody has read sealed words."], [line._asdict() for line in lines])


def rebuild(*, here: Here) -> Said:
    """
    Make the tables that are read (reviews, dates, rungs) again from the ledger. What was sent stays sent.

    ```
    safeguarding ledger rebuild --demo
    ```
    """
    records = here.installation().records
    with here.waiting("Making the tables again from the ledger"):
        count = records.rebuild()
    words = f"The tables were made again from the ledger, of {count} review{'' if count == 1 else 's'}."
    return Said([words], {"reviews": count})


def retain(
    reference: str,
    /,
    *,
    kept_as: Annotated[str, Parameter(name="--class", metavar="CLASS")],
    person: ActingPerson,
    second: Second,
    at: At = None,
    here: Here,
) -> Said:
    """
    Decide how long the free text of a review is kept. Until it is decided a review is on legal hold.

    ```
    safeguarding retain CSPR-2026-004 --class no_review --as alex_example --second morgan_specimen --demo
    ```

    Parameters
    ----------
    reference
        The review.
    kept_as
        A retention class of the partnership's file, or legal_hold.
    person
        Who decides: the business manager's id.
    second
        Who agrees: a lead, delegated or deputy partner, or the independent chair.
    """
    installation = here.installation()
    moment, rulebook = installation.at(at, now()), installation.rulebook
    taken = erasing.decide_retention(installation.records, reference, kept_as, Actor(person=person), second, moment)
    until = retention.kept_until(taken.review, rulebook.partnership)
    held = retention.class_of(taken.review, rulebook.partnership)
    how = "It is on legal hold" if held is None else f"Its text is kept {held.years} years from closing ({held.words})"
    words = f"{taken.review.reference}: {how}{f': until {until}' if until else ''}."
    data = {"reference": taken.review.reference, "class": kept_as, "until": until, "line": taken.event.sequence}
    return Said([f"{words} Line {taken.event.sequence} of the ledger says so."], data)


def erase(
    reference: str,
    /,
    *,
    ground: Ground,
    person: ActingPerson,
    second: Second,
    yes: bool = False,
    at: At = None,
    here: Here,
) -> Said:
    """
    Erase the free text of a closed review for good. Two named people sign.

    The references, dates and decisions stay, and the ledger still verifies. A review on legal hold is erased by order
    of a court only.

    ```
    safeguarding erase CSPR-2026-004 --ground "order of a court" --as alex_example --second morgan_specimen --demo
    ```

    Parameters
    ----------
    reference
        The review.
    ground
        Why it may be erased.
    person
        Who has it erased: the business manager's id.
    second
        Who agrees: a lead, delegated or deputy partner, or the independent chair.
    yes
        Do not ask: erase it.
    """
    installation = here.installation()
    review = installation.records.read(reference)
    if not yes:
        question = f"The free text of {review.reference} will be gone for good. Type {review.reference} to erase it:"
        here.confirm(question, review.reference, "Nothing was erased.")
    moment = installation.at(at, now())
    taken = erasing.erase_text(installation.records, review.reference, Actor(person=person), second, moment, ground)
    words = [
        f"{review.reference} ({review.pseudonym}): its free text is gone for good, on the ground '{ground}'. "
        f"Line {taken.event.sequence} of the ledger says so.",
        "What stays: references, dates, decisions and who took them. The ledger still verifies.",
        "Backups made before now still hold the text, with the master key, until they age out: see that they do.",
    ]
    return Said(words, {"reference": review.reference, "ground": ground, "line": taken.event.sequence})
