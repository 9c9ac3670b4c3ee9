"""
Requests for information that an Act says must be complied with: the partners' own, and those of the national Panel.

Section 16H of the Children Act 2004 lets a safeguarding partner ask any person or body, who must comply; section 16D
lets the national Panel ask, and whoever is asked must. Neither gives a time: the day is the one that the request names.
Either may be enforced by an injunction, and what is given may be used only for the purpose it was asked for. A usual
return of an agency is asked for in `agencies`; this is for a request that says by which section it is made.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from safeguarding.review.conditions import day_is_not_in_the_future
from safeguarding.review.events import Mark
from safeguarding.review.forms import Form, From, Ref, Sealed, SealedOptional
from safeguarding.review.review import Review
from safeguarding.review.step import ANY_STATE, CHILDREN, MANAGERS, OPEN_STATES, Attempt, Check, Outcome, Step

OURS, THE_PANELS = "section 16H: a safeguarding partner asks", "section 16D: the national Panel asks us"

MADE = {OURS: "information_requested", THE_PANELS: "panel_information_requested"}
MET = {OURS: "information_supplied", THE_PANELS: "panel_information_supplied"}
LETTERS = {OURS: "H", THE_PANELS: "D"}
"""How the number of a request begins: by the section under which it is made."""


class Request(Form):
    """A request under section 16H or section 16D: by which, until when, and what for."""

    under: Literal["section 16H: a safeguarding partner asks", "section 16D: the national Panel asks us"] = Field(
        title="Under", description="Whoever is asked must comply."
    )
    asked_on: date = Field(title="Asked on", description="Of the Panel's: the date of its request.")
    answer_by: date = Field(title="To be answered by", description="The day the request names: the Act gives none.")
    asked_of: SealedOptional = Field(default="", title="Of a partner's request: who is asked")
    purpose: Sealed = Field(
        title="What is asked for, and for which purpose", description="It may be used for no other."
    )
    reference: Ref = Field(default="", title="Reference of the request")


def whoever_is_asked_is_named(step: Attempt[Request]) -> Check:
    """A partner's request says of whom; the Panel's is made to this partnership."""
    return Check(step.form.under != OURS or bool(step.form.asked_of), "say which person or body is asked")


def there_is_time_to_answer(step: Attempt[Request]) -> Check:
    """The day for the answer is not before the request."""
    form = step.form
    return Check(form.answer_by >= form.asked_on, f"to be answered by {form.answer_by}, before it was asked")


def number_of_request(review: Review, under: str) -> str:
    """The number of the next request of this kind, within its review: H01, D02."""
    known = {mark.subject for mark in review.marks if mark.name == MADE[under]}
    return f"{LETTERS[under]}{len(known) + 1:02d}"


def request(step: Attempt[Request]) -> Outcome:
    """Number it, and chase it to its day."""
    form = step.form
    number = number_of_request(step.review, form.under)
    mark = Mark(name=MADE[form.under], on=form.asked_on, subject=number, due=form.answer_by)
    return Outcome(marks=(mark,), facts={"request": number})


REQUEST_INFORMATION = Step(
    name="request_information",
    title="Information requested under the Act",
    button="Record a request for information",
    tracks=CHILDREN,
    sources=OPEN_STATES,
    by=MANAGERS | {"delegated_partner", "lead_partner"},
    form=Request,
    needs=(whoever_is_asked_is_named, there_is_time_to_answer, day_is_not_in_the_future("asked_on")),
    does=request,
    kind="information_requested",
    days={
        "asked_on": ("information_requested", "panel_information_requested"),
    },
    marks=frozenset(MADE.values()),
    tells=("business_manager", "delegated_partner"),
    on_card=False,
)


class RequestEnded(Form):
    """What came of a request. What is received is used only for the purpose it was asked for (s.16D(4), s.16H(4))."""

    request: Annotated[str, From("information requests")] = Field(title="Which request", description="Such as H01.")
    outcome: Literal["supplied", "withdrawn by whoever asked", "refused"] = Field(title="What came of it")
    on: date = Field(title="On")
    kept_to_its_purpose: Literal["yes", "not yet", "nothing was received"] = Field(
        title="Is it marked and kept for that purpose only?"
    )
    note: SealedOptional = Field(
        default="", title="Note, or the reasons of a refusal and what the partners do about it"
    )


def what_is_received_is_kept_to_its_purpose(step: Attempt[RequestEnded]) -> Check:
    """Information that was supplied is marked for its purpose: it may be used for no other."""
    wrong = step.form.outcome == "supplied" and step.form.kept_to_its_purpose != "yes"
    law = "s.16D(4)" if _is_the_panels(step) else "s.16H(4)"
    words = f"mark what was supplied for the purpose of the request only: it may be used for no other ({law})"
    return Check(not wrong, words)


def a_refusal_of_ours_is_no_answer(step: Attempt[RequestEnded]) -> Check:
    """The partnership does not refuse the Panel: section 16D(2) says that it must comply, or the Panel withdraws."""
    wrong = step.form.outcome == "refused" and _is_the_panels(step)
    words = (
        "a request of the Panel must be complied with (s.16D(2)): supply it, or have it withdrawn; the Panel may apply "
        "for an injunction (s.16D(3))"
    )
    return Check(not wrong, words)


def _is_the_panels(step: Attempt[RequestEnded]) -> bool:
    return step.form.request.startswith(LETTERS[THE_PANELS])


def nobody_refused_before_they_were_asked(step: Attempt[RequestEnded]) -> Check:
    """A refusal ends no duty, which would say so itself: it is of the day on which the request was made, or later."""
    form = step.form
    made = step.review.happened(MADE[OURS], form.request) if form.outcome == "refused" else None
    return Check(made is None or form.on >= made, f"{form.request} was made on {made}, after {form.on}")


def a_refusal_says_what_follows(step: Attempt[RequestEnded]) -> Check:
    """Where somebody refuses the partners, the record says what they do: they may ask the court (s.16H(3))."""
    silent = step.form.outcome == "refused" and not _is_the_panels(step) and not step.form.note
    return Check(not silent, "say why it was refused, and whether the partners apply for an injunction (s.16H(3))")


def end_request(step: Attempt[RequestEnded]) -> Outcome:
    """Supplied, it is met. Withdrawn, nothing is owed. Refused, it stays owed, and the lead partners hear of it."""
    form = step.form
    under = next(under for under, letter in LETTERS.items() if form.request.startswith(letter))
    if form.outcome == "refused":
        refused = Mark(name="information_refused", on=form.on, subject=form.request)
        return Outcome(marks=(refused,), tells=("business_manager", "delegated_partner", "lead_partner"))
    name = MET[under] if form.outcome == "supplied" else "information_request_withdrawn"
    return Outcome(marks=(Mark(name=name, on=form.on, subject=form.request),))


END_INFORMATION_REQUEST = Step(
    name="end_information_request",
    title="Request for information answered",
    button="Record what came of a request",
    tracks=CHILDREN,
    sources=ANY_STATE,
    by=MANAGERS | {"delegated_partner", "lead_partner"},
    form=RequestEnded,
    needs=(
        what_is_received_is_kept_to_its_purpose,
        a_refusal_of_ours_is_no_answer,
        a_refusal_says_what_follows,
        nobody_refused_before_they_were_asked,
        day_is_not_in_the_future("on"),
    ),
    does=end_request,
    kind="information_request_ended",
    days={
        "on": (
            "information_supplied",
            "information_refused",
            "information_request_withdrawn",
            "panel_information_supplied",
        ),
    },
    follows={"information_refused": (MADE[OURS],)},
    marks=frozenset({*MET.values(), "information_request_withdrawn", "information_refused"}),
    tells=("business_manager",),
    on_card=False,
)

STEPS = (REQUEST_INFORMATION, END_INFORMATION_REQUEST)
