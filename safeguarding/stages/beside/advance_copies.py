"""
Copies that go before publication to whoever is not owed one by law: the family, the reviewer, the press office.

Those to the Secretary of State, the national Panel and Ofsted are recorded where the duty is met, and there alone
(`report_sent`). A line of an earlier program may name the Panel: it met no duty by that.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from safeguarding.review.conditions import day_is_not_before, day_is_not_in_the_future
from safeguarding.review.copies import NOT_SAID, HowSent, sent_to
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, SealedOptional
from safeguarding.review.states import State
from safeguarding.review.step import BOTH, MANAGERS, Attempt, Check, Outcome, Step

ANOTHER = "somebody else"

To = Literal[
    "the adult or the family",
    "the lead reviewer",
    "practitioners who took part",
    "the agencies of the review",
    "the press office",
    "the coroner",
    "the police, for a criminal case",
    "somebody else",
]
What = Literal["the report", "an executive summary", "the information about the improvements", "a briefing"]


class CopiesGiven(Form):
    """Who had a copy before it was published, of what, and how it went. A line of its own each time."""

    to: Annotated[tuple[To, ...], Field(min_length=1, max_length=8)] = Field(
        title="To whom",
        description="What the Secretary of State, the Panel and Ofsted are owed: 'Record the report as sent'.",
    )
    what: Annotated[tuple[What, ...], Field(min_length=1, max_length=4)] = Field(title="What they had")
    on: date = Field(title="On")
    how: HowSent = Field(default=NOT_SAID, title="How it went")
    whom: SealedOptional = Field(default="", title="Who, and what they said of it")


def somebody_else_is_named(step: Attempt[CopiesGiven]) -> Check:
    """Whoever is none of these is named, in words that are sealed."""
    silent = ANOTHER in step.form.to and not step.form.whom
    return Check(not silent, "say who it is that had a copy")


def it_was_before_publication(step: Attempt[CopiesGiven]) -> Check:
    """A copy that went after it was public is no advance copy."""
    published = step.review.happened("published")
    here = step.review.state in (State.PUBLISHED, State.PUBLISHED_IMPROVEMENTS_ONLY)
    met = not here or published is None or step.form.on <= published
    return Check(met, f"a copy on {step.form.on} is none in advance: it was published on {published}")


def give(step: Attempt[CopiesGiven]) -> Outcome:
    """Keep each by itself. No clock waits for it."""
    form = step.form
    entries = sent_to(form.to, form.what, form.how, form.on)
    return Outcome(marks=(Mark(name="copy_given", on=form.on),), entries=entries)


RECORD_COPIES = Step(
    name="record_advance_copies",
    title="Advance copies recorded",
    button="Record advance copies",
    tracks=BOTH,
    sources=frozenset(
        {
            *(State.SIGN_OFF, State.ACCEPTANCE, State.PRE_PUBLICATION, State.PUBLICATION_DEFERRED, State.PUBLICATION),
            *(State.PUBLISHED, State.PUBLISHED_IMPROVEMENTS_ONLY, State.NOT_PUBLISHED),
        }
    ),
    by=MANAGERS | {"family_liaison", "review_panel_chair"},
    form=CopiesGiven,
    needs=(
        somebody_else_is_named,
        it_was_before_publication,
        day_is_not_in_the_future("on"),
        day_is_not_before("on", "final_draft_ready"),
    ),
    does=give,
    kind="copies_given",
    days={"on": ("copy_given",)},
    marks=frozenset({"copy_given"}),
    on_card=False,
)

STEPS = (RECORD_COPIES,)
