"""
Commands about the law's editions, the plan of a review and the calendars: read from the record, written nowhere in it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from config.settings import Settings
from flows.cli.said import Arguments, Said, rulebook_of
from safeguarding.dates.london import london_date, now
from safeguarding.dates.working_days import say
from safeguarding.duties import edition_moves
from safeguarding.errors import SafeguardingError
from safeguarding.law import editions_compared
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.plan import Plan, PlanLine, plan_from, plan_of, plan_until
from safeguarding.shown import calendar_file, diary, plan_picture
from safeguarding.shown.diary import DiaryEntry
from tasks.record.installation import Installation, open_installation

CANCELLED_SHOWN = timedelta(days=90)
"""For how long a calendar still carries what fell away, so that every diary that had it takes it out."""


class PlanUnclear(SafeguardingError):
    """Neither a review nor a rule with its day was given, or both were."""

    code = "plan-unclear"

    def __init__(self) -> None:
        super().__init__(
            "Say which plan: `safeguarding plan CSPR-2026-003`, or `safeguarding plan --rule C05 --from 2026-11-27` "
            "(the day its clock starts), or `--until 2026-12-18` (the day by which it must be done)."
        )


class NobodyOfThatName(SafeguardingError):
    """A person whom the partnership's file does not hold."""

    code = "no-such-person"

    def __init__(self, person: str) -> None:
        super().__init__(f"Nobody in the partnership's file has the id '{person}'.", person)


# --------------------------------------------------------------------------- editions


def list_rules(arguments: Arguments) -> Said:
    """Every rule by the edition in force on a day."""
    rulebook = rulebook_of(Settings())
    day = arguments.on or london_date(now())
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
        *_table(head, rows),
        "Tags: V read in the source; S a partnership's own page; V2 seen in a secondary source; K general knowledge, "
        "text not checked; D a design default. Read: somebody has read the live instrument for this product.",
    ]
    return Said(words, {"on": day, "rules": [entry.model_dump(mode="json") for entry in found]})


def diff_rules(arguments: Arguments) -> Said:
    """Two editions compared, rule by rule, in plain English."""
    rulebook = rulebook_of(Settings())
    before, after = (editions_compared.named(asked, rulebook) for asked in (arguments.before, arguments.after))
    found = editions_compared.difference(before, after, rulebook)
    words = list(found.summary)
    for change in found.changes:
        words += ["", f"{change.rule}  {change.title}  [{change.verdict}]", *(f"  - {s}" for s in change.sentences)]
    words += ["", f"Not compared, since they have neither edition: {', '.join(found.untouched) or 'none'}."]
    return Said(words, found.model_dump(mode="json") | {"summary": found.summary})


def adopt_edition(arguments: Arguments) -> Said:
    """Which open reviews could move to an edition, and what that would do to each date. Nothing is changed."""
    installation = open_installation(now())
    name = editions_compared.named(arguments.edition, installation.rulebook)
    begins = editions_compared.takes_effect(name, installation.rulebook)
    if begins is None:
        rules = ", ".join(editions_compared.held_back(name, installation.rulebook))
        words = [
            f"{name} is held back for {rules}: its text has not been read, so no review can move to it.",
            "Whoever reads it gives each rule its length and citation, and takes 'in_force: false' away.",
        ]
        return Said(words, {"edition": name, "held_back": True, "reviews": []}, code=1)
    found = could_move(installation, name)
    words = [
        f"{name}, from {say(begins)}. {len(found)} open review{'' if len(found) == 1 else 's'} could move to it; until "
        "the partners choose, "
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
    data = [move.model_dump(mode="json") for moves in found.values() for move in moves]
    return Said(words, {"edition": name, "held_back": False, "from": begins, "moves": data})


def could_move(installation: Installation, edition: str) -> dict[str, tuple[edition_moves.Move, ...]]:
    """The open reviews that could move to an edition, with what would change."""
    reviews = (installation.records.read(row.reference) for row in installation.records.list(open_only=True))
    found = {review.reference: edition_moves.moves(review, edition, installation.rulebook) for review in reviews}
    return {reference: moves for reference, moves in found.items() if moves}


# --------------------------------------------------------------------------- the plan


def plan(arguments: Arguments) -> Said:
    """The plan of a review, or of a rule from a day: as a table, and as a picture or a calendar file if asked."""
    made, rulebook, record = _plan(arguments)
    words = [f"{made.title}: {_span(made)}", *_table(HEAD, [_cells(line) for line in made.lines])]
    if arguments.svg is not None:
        _written(arguments.svg, plan_picture.draw(made, rulebook.calendar))
    if arguments.ics is not None:
        _written(arguments.ics, calendar_file.write(diary.planned(made, now()), record, made.title))
    words += [f"Written: {path}" for path in (arguments.svg, arguments.ics) if path is not None]
    return Said(words, made.model_dump(mode="json") | {"lines": [_line_data(line) for line in made.lines]})


HEAD = ("WD", "Do it by", "What", "Who", "Room", "Standing", "Rule")


def _plan(arguments: Arguments) -> tuple[Plan, Rulebook, str]:
    asked = (arguments.reference, arguments.rule and arguments.begins, arguments.rule and arguments.until)
    if sum(given is not None for given in asked) != 1:
        raise PlanUnclear
    today = london_date(now())
    if arguments.reference is not None:
        installation = open_installation(now())
        review = installation.records.read(arguments.reference)
        return (
            plan_of(review, installation.rulebook, today),
            installation.rulebook,
            installation.records.identity().id,
        )
    rulebook = rulebook_of(Settings())
    if arguments.begins is not None:
        return plan_from(arguments.rule, arguments.begins, rulebook, today), rulebook, "plan"
    return plan_until(arguments.rule, arguments.until, rulebook, today), rulebook, "plan"


def _span(made: Plan) -> str:
    if not made.lines:
        return "nothing is owed, so nothing is planned."
    return f"from {say(made.begins_on)} ({made.begins}) to {say(made.ends_on)}. WD: working days from the beginning."


def _cells(line: PlanLine) -> tuple[str, ...]:
    standing = f"done {say(line.ended_on)}, {line.standing}" if line.ended_on else line.standing
    limit = "" if line.plan_on == line.due_on else f" (limit {say(line.due_on)})"
    title = line.title + (f": {line.subject}" if line.subject else "")
    words = standing.replace("overdue", "OVERDUE") or ("" if line.recorded else "planned")
    return (str(line.number), say(line.plan_on) + limit, title, line.owner, line.slack_words, words, line.rule)


def _line_data(line: PlanLine) -> dict[str, Any]:
    return line.model_dump(mode="json") | {"slack_words": line.slack_words}


# --------------------------------------------------------------------------- calendars


def calendar(arguments: Arguments) -> Said:
    """The dates of every open review as an iCalendar file: everybody's, one person's, or the review panel's."""
    installation = open_installation(now())
    found = _entries(installation, arguments.review)
    name = installation.rulebook.partnership.name
    if arguments.person is not None:
        people = {person.id: person.name for person in installation.rulebook.partnership.people}
        if arguments.person not in people:
            raise NobodyOfThatName(arguments.person)
        found, name = diary.of_person(found, arguments.person), f"{name}: {people[arguments.person]}"
    elif arguments.panel:
        found, name = diary.of_panel(found), f"{name}: review panel"
    text = calendar_file.write(found, installation.records.identity().id, name, installation.settings.prefect_url)
    data = {"name": name, "entries": [entry.model_dump(mode="json") for entry in found]}
    if arguments.file is None:
        return Said([text.removesuffix("\n")], data)
    _written(arguments.file, text)
    return Said([f"{len(found)} dates written to {arguments.file}."], data)


def _entries(installation: Installation, reference: str | None) -> tuple[DiaryEntry, ...]:
    since = now() - CANCELLED_SHOWN
    rows = [row for row in installation.records.list() if row.open or row.stage_since >= since]
    wanted = [row.reference for row in rows] if reference is None else [reference]
    found = (
        entry for name in wanted for entry in diary.entries(installation.records.read(name), installation.rulebook)
    )
    kept = (entry for entry in found if not entry.cancelled or entry.changed_at >= since)
    return tuple(sorted(kept, key=lambda entry: (entry.day, entry.name)))


def _written(path: Path, content: str) -> None:
    # Whole or not at all, since a diary or a web server may be reading it; and the line ends as they are.
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(content, encoding="utf-8", newline="")
    draft.replace(path)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head))]
    lines = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in (head, *rows)]
    lines.insert(1, ["-" * width for width in widths])
    return ["  ".join(line).rstrip() for line in lines]


# --------------------------------------------------------------------------- the command line


def register(command: Any, menu: Any, a_day: Any) -> None:
    """These commands, for `flows.cli`."""
    inner = menu.add_parser("rules", help="The law and its editions.").add_subparsers(dest="rules", required=True)

    def rules(name: str, run: Any, words: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = inner.add_parser(name, help=words, description=words)
        made.add_argument("--json", action="store_true", help="answer in JSON")
        made.set_defaults(run=run)
        return made

    made = rules("list", list_rules, "Every rule: edition in force, count, source, how far it is checked.")
    made.add_argument("--on", type=a_day, metavar="DATE", help="another day than today")
    made = rules("diff", diff_rules, "Two editions compared in plain English.")
    made.add_argument("before", help="such as 2018, WT2018 or the name of a local version")
    made.add_argument("after", help="such as 2023")
    made = rules("adopt", adopt_edition, "Which open reviews could move to an edition, and to which dates.")
    made.add_argument("edition", help="such as 2023")
    made = command("plan", plan, "On which day each step has to be done, with the room that is left.")
    made.add_argument("reference", nargs="?", help="a review")
    made.add_argument("--rule", help="or a rule, such as C05, with --from or --until")
    made.add_argument("--from", dest="begins", type=a_day, metavar="DATE", help="the day its clock starts")
    made.add_argument("--until", type=a_day, metavar="DATE", help="the day by which it must be done")
    made.add_argument("--svg", type=Path, metavar="FILE", help="draw it as a picture as well")
    made.add_argument("--ics", type=Path, metavar="FILE", help="write it as a calendar file as well")
    made = command("calendar", calendar, "The dates of the reviews as an iCalendar file.")
    whose = made.add_mutually_exclusive_group()
    whose.add_argument("--person", metavar="ID", help="only what this person owes")
    whose.add_argument("--panel", action="store_true", help="only what belongs to the review panel")
    made.add_argument("--review", metavar="REF", help="only one review")
    made.add_argument("--file", type=Path, metavar="FILE", help="where to write it; otherwise it is printed")
