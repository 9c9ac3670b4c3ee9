"""
The plan of each open review as a page in Prefect: the picture and the same as a table, linked from the review's card.
"""

from __future__ import annotations

from collections.abc import Iterable

from flows.artifacts import artifact
from flows.artifacts.artifact import Artifact
from safeguarding.dates.london import london_date, now
from safeguarding.dates.working_days import Calendar, say
from safeguarding.errors import SafeguardingError
from safeguarding.law.own_document import OwnDocument
from safeguarding.questions import plan as back_plan
from safeguarding.questions.plan_lines import Plan, PlanLine
from safeguarding.shown import plan_picture
from safeguarding.shown.escaped import escaped
from tasks.record.installation import Installation

PREFIX = "plan-"


def key(reference: str) -> str:
    """The page of a review's plan."""
    return PREFIX + reference.lower()


def link(reference: str) -> str:
    """For the description of the review's card."""
    return artifact.link(key(reference), "Plan, as a picture")


def drawn(installation: Installation, references: Iterable[str]) -> list[Artifact]:
    """The page of each of these reviews as it is today."""
    today, rulebook = london_date(now()), installation.rulebook
    found = []
    for reference in references:
        try:
            plan = back_plan.plan_of(installation.records.read(reference), rulebook, today)
        except SafeguardingError as fault:  # One review that cannot be planned must not stop the sweep.
            markdown = f"### {reference}\n\nNo plan can be made: {escaped(str(fault))}"
        else:
            markdown = page(plan, rulebook.calendar)
        found.append(artifact.page(key(reference), markdown))
    return found


def page(plan: Plan, calendar: Calendar) -> str:
    """The plan as a page: the picture, then every step in words."""
    if not plan.lines:
        return f"### {plan.title}\n\nNothing is owed at the moment, so nothing is planned."
    rows = "\n".join(_row(line) for line in plan.lines)
    return (
        f"### {plan.title}\n\n"
        f"![The plan of {plan.reference} as a picture; the table below says the same]"
        f"({plan_picture.data_uri(plan_picture.draw(plan, calendar))})\n\n"
        "| Do it by | Standing | What | Room | Who |\n| --- | --- | --- | --- | --- |\n"
        f"{rows}\n\n"
        "*What has not happened yet is planned as if each step before it were done on the last day for it.*"
        f"{''.join(map(_document, plan.documents))}"
    )


def _document(one: OwnDocument) -> str:
    """A document of the partnership's own, as a paragraph: a link where it has an address."""
    title = escaped(one.title)
    where = f"[{title}](<{one.address}>)" if one.address else f"{title}: {escaped(one.where)}"
    return f"\n\nOur own document for it: {where}"


def _row(line: PlanLine) -> str:
    what = escaped(f"{line.title}{f': {line.subject}' if line.subject else ''}")
    standing = f"done {say(line.ended_on)}, {line.standing}" if line.ended_on else line.standing
    limit = "" if line.plan_on == line.due_on else f" (limit {say(line.due_on)})"
    words = standing.replace("overdue", "**OVERDUE**") or "planned"
    name = f"**{what}** ({line.rule})" if line.statutory else what
    if not line.statutory and not line.rule.startswith("local."):
        name = f"{what} ({line.rule}, a day of our own)"
    return f"| {line.days}{limit} | {words} | {name} | {line.slack_words} | {escaped(line.owner)} |"
