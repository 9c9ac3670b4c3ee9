"""
Commands about the law: is everything in order, when is a duty due, how is that day worked out.
"""

from __future__ import annotations

from config.settings import Settings
from flows.cli.said import Arguments, Said, rulebook_of
from safeguarding.dates.london import london_date, now
from safeguarding.dates.working_days import say
from safeguarding.errors import RulebookInvalid
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.explain_rule import describe_due
from tasks.post.letters import check_templates

# --------------------------------------------------------------------------- the law


def check(_: Arguments) -> Said:
    """Load everything that a partnership may change, and name every fault."""
    faults = list(check_templates())
    rulebook: Rulebook | None = None
    try:
        rulebook = rulebook_of(Settings())
    except RulebookInvalid as invalid:
        faults = [*invalid.faults, *faults]
    if rulebook is None or faults:
        words = [f"{len(faults)} faults:", *(f"  {fault}" for fault in faults)]
        return Said(words, {"faults": [fault._asdict() for fault in faults]}, code=1)
    unchecked = [rule for rule in rulebook.rules if rule.edition_on(london_date(now())).caution]
    words = [
        f"{rulebook.label}: no fault.",
        f"{len(rulebook.rules)} rules, {len(rulebook.partnership.people)} people, "
        f"{len(rulebook.partnership.agencies)} agencies.",
        f"Bank holidays from {say(rulebook.calendar.first)} to {say(rulebook.calendar.last)}.",
        f"Unchecked law or invented length ({len(unchecked)} rules): {', '.join(rule.id for rule in unchecked)}.",
    ]
    return Said(words, {"faults": [], "rulebook": rulebook.label, "unchecked": [rule.id for rule in unchecked]})


def due(arguments: Arguments) -> Said:
    """The day a duty falls due."""
    answer = describe_due(arguments.rule, arguments.date, rulebook_of(Settings()))
    when = say(answer.due_on) if answer.due_on else "no day is counted"
    words = f"{answer.rule} {answer.title}: {when} ({answer.counts}, from {say(answer.anchored_on)})."
    return Said([words], answer.model_dump(mode="json"))


def explain(arguments: Arguments) -> Said:
    """How that day is worked out."""
    answer = describe_due(arguments.rule, arguments.date, rulebook_of(Settings()))
    return Said(list(answer.words), answer.model_dump(mode="json"))
