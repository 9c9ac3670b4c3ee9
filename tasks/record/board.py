"""
The deadline board: everything owed in every open review, the most urgent first, and whom it waits for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, Engine, select

from safeguarding.dates.counting import Kind
from safeguarding.dates.standing import Standing, standing
from safeguarding.dates.working_days import say
from safeguarding.duties.suspension import suspended_standing
from safeguarding.errors import LawNotFound
from safeguarding.law.roles import ROLES
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.owed import Owed, due_in_words, owed_words
from safeguarding.notices.recipients import NOBODY_ELSE
from safeguarding.review.fold import fold
from safeguarding.review.review import Review
from safeguarding.review.words import agency_name
from tasks.store import ledger
from tasks.store.owed import load_owed
from tasks.store.session import reading
from tasks.store.tables import deadlines

OURSELVES = "ourselves"
"""Who sets a day that is the partnership's own."""
REVIEW = "Review"
"""The column of the reference, by which a row leads to its review."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One line of the deadline board."""

    reference: str
    stage: str
    owed: str
    due_on: date
    standing: Standing
    waiting_on: str
    rule: str
    due: str = ""
    """When it is due in words: the day, or a window."""
    pseudonym: str = ""
    """How the person is spoken of, where the partnership has it beside the reference."""
    set_by: str = OURSELVES
    """Whether law, guidance or the partnership itself sets the day."""

    def cells(self) -> dict[str, str | int]:
        """The line as the board shows it, column by column."""
        return {
            "Standing": self.standing.words.replace("overdue", "OVERDUE"),
            "Due": "not counted" if self.standing.state == "suspended" else self.due or say(self.due_on),
            REVIEW: self.reference + (f" ({self.pseudonym})" if self.pseudonym else ""),
            "What is owed": self.owed,
            "Day set by": self.set_by,
            "Waiting on": self.waiting_on,
            "Stage": self.stage,
            "Working days left": self.standing.working_days,
        }


# --------------------------------------------------------------------------- what the unit sees


def board(engine: Engine, rulebook: Rulebook, today: date) -> list[BoardRow]:
    """Everything that is owed, the most urgent first, with its standing on this day (London)."""
    with reading(engine) as connection:
        owed = load_owed(connection)
        still = _standing_still(connection)
    rows = sorted((_board_row(duty, rulebook, today) for duty in owed), key=lambda r: (r.due_on, r.reference, r.rule))
    held = [(duty, Owed.of(duty, review)) for review in still for duty in review.suspended()]
    return rows + [
        replace(_board_row(owed, rulebook, today), standing=suspended_standing(duty.stops[-1]))
        for duty, owed in sorted(held, key=lambda pair: pair[0].stops[-1].look_again_on)
    ]


def _standing_still(connection: Connection) -> list[Review]:
    """The reviews of which a local date is suspended: few, and read whole, for a suspension is no column."""
    held = select(deadlines.c.reference).where(deadlines.c.ended == "suspended").distinct()
    references = connection.execute(held.order_by(deadlines.c.reference)).scalars().all()
    return [fold(ledger.read(connection, reference)) for reference in references]


def _board_row(duty: Owed, rulebook: Rulebook, today: date) -> BoardRow:
    try:
        rule = rulebook.rule(duty.rule)
    except LawNotFound:
        # The rulebook has lost the rule. The duty is owed all the same, and is shown by its id.
        words, kind, owner, due, set_by = duty.rule, Kind.MAXIMUM, NOBODY_ELSE, "", OURSELVES
    else:
        words, kind, owner = owed_words(duty, rule, rulebook.partnership), rule.counts.kind, rule.owner
        words += _by_another_text(duty, rule)
        due = due_in_words(duty, rule, rulebook.calendar)
        set_by = rule.number_level.words if rule.date_is_law else OURSELVES
    return BoardRow(
        reference=duty.reference,
        stage=duty.stage.named(duty.track),
        owed=words,
        due_on=duty.due_on,
        standing=standing(duty.due_on, today, rulebook.calendar, kind=kind),
        waiting_on=_waiting_on(duty, owner, kind, rulebook),
        rule=duty.rule,
        due=due,
        set_by=set_by,
        pseudonym=duty.pseudonym if rulebook.partnership.pseudonyms.beside_reference else "",
    )


def _by_another_text(duty: Owed, rule: Rule) -> str:
    """Which edition counts a date whose day another one governs: it was chosen, or that one was taken in late."""
    try:
        governs = rule.edition_on(duty.anchored_on)
    except LawNotFound:
        return ""
    names = {edition.name for edition in rule.editions} - {governs.name, *governs.formerly}
    return f" (by the text of {duty.edition})" if duty.edition in names else ""


def _waiting_on(duty: Owed, owner: str, kind: Kind, rulebook: Rulebook) -> str:
    """Whom a duty waits for: the agency that owes it, else its owner, and what the owner may be waiting for."""
    if rulebook.partnership.is_agency(duty.agency):
        return agency_name(duty.agency, rulebook.partnership)
    whom = ROLES.get(owner, owner.replace("_", " "))
    # What is about a date (a deferral, a suspension), or is done at intervals, waits for no agency.
    if duty.agency or kind is Kind.INTERVAL or not duty.waiting_on:
        return whom
    names = ", ".join(agency_name(agency, rulebook.partnership) for agency in duty.waiting_on)
    return f"{whom} (no return yet from {names})"
