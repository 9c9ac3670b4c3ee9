"""
Invented answers to the form of every step, for the demo, the tests and the benchmarks.

`answer` fills a form as a business manager of the example partnership might on a given day. Nobody here exists
and nothing here happened.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flows.demo import answers_beside, answers_to_closing, answers_to_decision
from flows.demo.invented import Answers, rest_dropped
from safeguarding.review.events import Actor
from safeguarding.review.review import Review
from safeguarding.stages import STEPS

ANSWERS = answers_to_decision.ANSWERS | answers_to_closing.ANSWERS | answers_beside.ANSWERS
"""A way to answer the form of every step."""

SIGNERS = ("robin_example", "alex_example", "glenn_sample", "dana_sample")
"""
The learning group for what it may do, for nobody verifies what they added; then the business manager, a delegated
partner, a lead partner: between them they may take every step.
"""


def answer(step: str, review: Review | None, today: date, **changes: Any) -> Answers:
    """A complete answer to a step's form, with these changes; whatever is still owed when it closes is dropped."""
    owed = {"still_owed": rest_dropped()} if "still_owed" in STEPS[step].form.model_fields else {}
    made = {**owed, **ANSWERS[step](review, today)}
    if step == "open_referral" and changes.get("track") == "adults":
        made["concern"] = "serious abuse or neglect of an adult"
    return {**made, **changes}


def signer(by: frozenset[str]) -> Actor:
    """Somebody of the example partnership who may take a step open to these roles."""
    roles = ("learning_group", "business_manager", "delegated_partner", "lead_partner")
    return Actor(person=next(person for person, role in zip(SIGNERS, roles, strict=True) if role in by))
