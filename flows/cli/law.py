"""
Commands about the law: is everything in order, when is a duty due, what changed from one edition to the next.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.own_steps import to_know
from config.vacancies import warnings
from flows.cli.dates import ReasonNeeded
from flows.cli.place import Here, Place
from flows.cli.said import Said, table
from flows.cli.typed import ActingPerson, At, Day, whole_file
from safeguarding.dates.london import london_date, now
from safeguarding.dates.working_days import say
from safeguarding.errors import Fault, RulebookInvalid, SafeguardingError
from safeguarding.law import editions_compared
from safeguarding.law.citation import Level
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.explain_rule import describe_due
from safeguarding.shown import rule_book

if TYPE_CHECKING:
    from safeguarding.duties.earlier_text import RanOn
    from safeguarding.duties.edition_moves import Move
    from tasks.record.installation import Installation


def check(*, connect: bool = False, here: Here) -> Said:
    """
    Load every rule, calendar, template, the partnership's file and the settings of mail and Teams; list every fault.

    ```
    safeguarding check --connect
    SAFEGUARDING_CONFIG=/path/to/yours safeguarding check
    ```

    Parameters
    ----------
    connect
        Ask each mail and Teams server that is set, and say what it said. No letter is sent, no card is posted.
    """
    from tasks.post.letters import Templates, check_templates
    from tasks.post.ways_tried import read_ways

    faults = check_templates(Templates(own=here.settings.own_templates))
    rulebook: Rulebook | None = None
    try:
        rulebook = here.rulebook
    except RulebookInvalid as invalid:
        faults = [*invalid.faults, *faults]
    faults += _against_the_record(rulebook, here) if rulebook is not None else []
    wrong, unset = read_ways(here.settings, rulebook.partnership if rulebook else None)
    faults += wrong
    if rulebook is None or faults:
        words = [f"{len(faults)} fault{'' if len(faults) == 1 else 's'}:", *(f"  {fault}" for fault in faults)]
        return Said(words, {"faults": [fault._asdict() for fault in faults]}, code=1)
    unchecked = [rule for rule in rulebook.rules_here if rule.edition_on(london_date(now())).caution]
    words = [
        f"{rulebook.label}: no fault.",
        f"{len(rulebook.rules_here)} rules, {len(rulebook.partnership.people)} people, "
        f"{len(rulebook.partnership.agencies)} agencies.",
        f"Bank holidays from {say(rulebook.calendar.first)} to {say(rulebook.calendar.last)}.",
        f"Unchecked law or invented length ({len(unchecked)} rules): {', '.join(rule.id for rule in unchecked)}.",
    ]
    if unrecorded := who_read_is_not_recorded(rulebook):
        rules = ", ".join(dict.fromkeys(rule for rule, _ in unrecorded))
        words.append(f"Who read it is not recorded of {len(unrecorded)} sources (rules: {rules}).")
    today = london_date(now())
    known = [*warnings(rulebook.partnership, today), *to_know(rulebook, today)]
    words += [f"To know: {line}." for line in known]
    if unset:
        words.append(f"Secrets that are not set, so that what goes over them waits: {', '.join(unset)}.")
    data = {"faults": [], "rulebook": rulebook.label, "unchecked": [rule.id for rule in unchecked], "unset": unset}
    data["to_know"] = known
    if not connect:
        return Said(words, data)
    return _asked_too(words, data, rulebook, here)


def who_read_is_not_recorded(rulebook: Rulebook) -> list[tuple[str, str]]:
    """Each source of the law that was read or seen by nobody who is named: its rule and its name."""
    return [
        (rule.id, one.name)
        for rule in rulebook.rules_here
        if rule.level is not Level.LOCAL
        for edition in rule.editions
        for one in edition.citations
        if one.read is None and one.read_words
    ]


def _against_the_record(rulebook: Rulebook, here: Place) -> list[Fault]:
    """What open work would lose by the file, where there is a record and it holds another file in force."""
    from tasks.record import partnership_file
    from tasks.store.whereabouts import NoRecord

    try:
        installation = here.installation(take_up=False)
    except (NoRecord, SafeguardingError):
        return []  # The file is checked wherever it lies; what is wrong with the record is said by `health`.
    return list(partnership_file.against(installation.records, rulebook, here.settings.partnership).refused)


def _asked_too(words: list[str], data: dict[str, Any], rulebook: Rulebook, here: Place) -> Said:
    """What the check found, and what each server said; exit code 1 if one of them would take no letter."""
    from tasks.post.ways_tried import try_ways

    with here.waiting("Asking the servers of mail and Teams"):
        ways = try_ways(here.settings, rulebook.partnership, now())
    words += [f"{way.name}: {'' if way.works else 'NOT usable: '}{way.words}." for way in ways]
    if not ways:
        words.append("No server of mail or Teams is set: nobody was asked.")
    return Said(words, data | {"connected": [asdict(way) for way in ways]}, code=0 if all(w.works for w in ways) else 1)


def due(rule: str, day: Day, /, *, here: Here) -> Said:
    """
    The day a duty falls due.

    ```
    safeguarding due C05 2026-11-27
    ```

    Parameters
    ----------
    rule
        The rule's id, such as C05, or its name.
    day
        The anchor's date, such as 2026-11-27; for a rule that counts backwards, the day of publication.
    """
    answer = describe_due(rule, day, here.rulebook)
    when = say(answer.due_on) if answer.due_on else "no day is counted"
    words = f"{answer.rule} {answer.title}: {when} ({answer.counts}, from {say(answer.anchored_on)})."
    return Said([words], answer.model_dump(mode="json"))


# --------------------------------------------------------------------------- editions


def list_rules(*, on: Day | None = None, here: Here) -> Said:
    """
    Every rule: edition in force, count, source, how far it is checked.

    ```
    safeguarding rules list --on 2020-01-01
    ```

    Parameters
    ----------
    on
        Another day than today.
    """
    rulebook = here.rulebook
    day = on or london_date(now())
    found = editions_compared.listed(rulebook, day)
    rows = [
        (
            entry.rule,
            entry.edition + (f" ({', '.join(entry.held_back)} held back)" if entry.held_back else ""),
            entry.counts,
            entry.confidence,
            "yes" if entry.checked else "no",
            entry.source,
        )
        for entry in found
    ]
    head = ("Rule", "Edition", "Count", "Tag", "Read", "Source")
    words = [
        f"Editions in force on {say(day)} ({rulebook.label}).",
        *table(head, rows),
        "Tags: V read in the source; S a partnership's own page; V2 seen in a secondary source; K general knowledge, "
        "text not checked; D a design default. Read: somebody has read the live instrument for this product.",
    ]
    return Said(words, {"on": day, "rules": [entry.model_dump(mode="json") for entry in found]})


def diff_rules(before: str, after: str, /, *, here: Here) -> Said:
    """
    Two editions compared, rule by rule, in plain English.

    ```
    safeguarding rules diff 2018 2023
    ```

    Parameters
    ----------
    before
        Such as 2018, WT2018 or the name of a local version.
    after
        Such as 2023.
    """
    rulebook = here.rulebook
    earlier, later = (editions_compared.named(asked, rulebook) for asked in (before, after))
    found = editions_compared.difference(earlier, later, rulebook)
    words = list(found.summary)
    for change in found.changes:
        words += ["", f"{change.rule}  {change.title}  [{change.verdict}]", *(f"  - {s}" for s in change.sentences)]
    words += ["", f"Not compared, since they have neither edition: {', '.join(found.untouched) or 'none'}."]
    return Said(words, found.model_dump(mode="json") | {"summary": found.summary})


def print_rules(file: Path, /, *, on: Day | None = None, over: bool = False, here: Here) -> Said:
    """
    The rule book as one page for printing: what a lawyer reviews and signs, and what to open next.

    ```
    safeguarding rules print rule-book.html
    ```

    Parameters
    ----------
    file
        The HTML file to write. It loads nothing from anywhere; print it from a browser.
    on
        Another day than today.
    over
        Write over a file that is there. Without it a copy that somebody signed stays as it is.
    """
    rulebook = here.rulebook
    day = on or london_date(now())
    if file.exists() and not over:
        there = f"{file} is there already, and nothing was written. Name another file, or write over it with --over."
        return Said([there], {"file": str(file), "written": False}, code=1)
    whole_file(file, rule_book.rule_book(rulebook, day))
    law = [rule for rule in rulebook.rules_here if rule.level is not Level.LOCAL]
    texts = rule_book.to_open(law, day)
    words = [
        f"{len(law)} duties of the law by the editions in force on {say(day)}, written to {file}.",
        f"{len(texts)} texts are still to be opened. First: {texts[0].instrument} ({len(texts[0].rules)} duties)."
        if texts
        else "Every text has been opened.",
    ]
    data = {"file": str(file), "on": day, "rules": [rule.id for rule in law]}
    return Said(words, data | {"to_open": [text.model_dump(mode="json") for text in texts]})


def adopt_edition(
    edition: str,
    /,
    *,
    note: bool = False,
    reason: str | None = None,
    person: ActingPerson | None = None,
    at: At = None,
    here: Here,
) -> Said:
    """
    Which open reviews could move to an edition, and which ran on another text. Changes nothing unless asked to note.

    ```
    safeguarding rules adopt 2026 --demo
    ```

    Parameters
    ----------
    edition
        Such as 2023.
    note
        Keep in each review that ran on another text that it did: it says so for good, after closing too.
    reason
        How it came to be known, in words that are sealed in the record.
    person
        Who notes it.
    at
        Another moment than now; a record marked as a simulation takes it.
    """
    installation = here.installation()
    name = editions_compared.named(edition, installation.rulebook)
    begins = editions_compared.takes_effect(name, installation.rulebook)
    if begins is None:
        rules = ", ".join(editions_compared.held_back(name, installation.rulebook))
        words = [
            f"{name} is held back for {rules}: its text has not been read, so no review can move to it.",
            "Whoever reads it gives each rule an edition with length and citations, and takes it out of its 'coming'.",
        ]
        return Said(words, {"edition": name, "held_back": True, "reviews": []}, code=1)
    with here.waiting("Counting the dates of every open review by that edition"):
        found = could_move(installation, name)
    words = _to_choose(name, begins, found)
    ran = ran_on(installation, name, here)
    words += [f"{reference}: {one.words}" for reference, lines in ran.items() for one in lines]
    other = counted_otherwise(installation, name)
    words += [
        f"{line} By the number that {name} had then: `safeguarding recompute` shows it with the rest, and moves it."
        for line in other
    ]
    noted: list[str] = []
    if ran and not note:
        words.append("None of this is noted yet. To keep it in each review for good: --note --reason TEXT --as PERSON.")
    elif ran:
        noted = _noted(installation, name, ran, reason, person, at)
        words.append(f"Noted in {len(noted)} reviews: {', '.join(noted)}. They say so from now on.")
    data = {
        "moves": [move.model_dump(mode="json") for moves in found.values() for move in moves],
        "ran_on": {reference: [one.model_dump(mode="json") for one in lines] for reference, lines in ran.items()},
        "noted": noted,
        "counted_otherwise": other,
    }
    return Said(words, {"edition": name, "held_back": False, "from": begins, **data})


def _to_choose(name: str, begins: date, found: dict[str, tuple[Move, ...]]) -> list[str]:
    """What could move, review by review, and how the partners say what they chose."""
    many = "" if len(found) == 1 else "s"
    words = [
        f"{name}, from {say(begins)}. {len(found)} open review{many} could move to it; until the partners choose, "
        "each keeps the edition in force on the day its clock started."
    ]
    for reference, moves in found.items():
        words += [f"{reference}:", *(f"  {move.words}" for move in moves)]
    if found:
        words.append(
            "For each review: `safeguarding do REF move_to_edition --form FILE --as PERSON`, with "
            f"edition: {name}, choice (move to it, or keep the edition it has), decided_on, reason, and rule if only "
            "one duty is meant."
        )
    return words


def ran_on(installation: Installation, edition: str, here: Place) -> dict[str, tuple[RanOn, ...]]:
    """The reviews, open or closed, with dates that ran on another text on account of this edition, not yet noted."""
    from safeguarding.duties import earlier_text

    names = [row.reference for row in installation.records.list()]
    reviews = (installation.records.read(name) for name in here.each(names, "Reading the reviews"))
    found = {r.reference: earlier_text.ran_on_another_text(r, installation.rulebook, edition) for r in reviews}
    return {reference: lines for reference, lines in found.items() if lines}


def counted_otherwise(installation: Installation, edition: str) -> list[str]:
    """The running dates that have this edition by name and were counted by another number of it, in sentences."""
    from safeguarding.duties import recounting

    return [
        f"{move.words}."
        for review in installation.records.open_reviews()
        for move in recounting.recounts(review, installation.rulebook)
        if move.edition == edition
    ]


def _noted(
    installation: Installation,
    edition: str,
    ran: dict[str, tuple[RanOn, ...]],
    reason: str | None,
    person: str | None,
    at: datetime | None,
) -> list[str]:
    """Take the step in each review, and say in which. Raises ReasonNeeded."""
    from safeguarding.review.events import Actor

    if not reason or not person:
        raise ReasonNeeded
    moment = installation.at(at, now())
    form = {"edition": edition, "noted_on": london_date(moment), "reason": reason}
    for reference in ran:
        installation.records.attempt(reference, "note_earlier_text", form, Actor(person=person), moment)
    return list(ran)


def could_move(installation: Installation, edition: str) -> dict[str, tuple[Move, ...]]:
    """The open reviews that could move to an edition, with what would change."""
    from safeguarding.duties import edition_moves

    reviews = installation.records.open_reviews()
    found = {review.reference: edition_moves.moves(review, edition, installation.rulebook) for review in reviews}
    return {reference: moves for reference, moves in found.items() if moves}
