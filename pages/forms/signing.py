"""
Who takes a step at the pages: whoever is signed in, by the proof of their session; or a meeting, entered from its
minutes by the unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pages.forms.offers import Option
from pages.forms.question import FormQuestion
from pages.forms.typed import Typed
from safeguarding.law.person import Person
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.answers import Wrong
from safeguarding.review.as_arranged import may_sign, signers
from safeguarding.review.events import Actor, Attestation
from safeguarding.review.proof import BY_SIGN_IN, signed_in
from safeguarding.review.review import Review
from safeguarding.review.step import MANAGERS, Step
from tasks.record.sign_in import HowProved

HOW, WHO, MINUTE = "signing-how", "signing-who", "signing-minute"
MYSELF, MEETING = "myself", "meeting"


class Signing(NamedTuple):
    """How a step may be signed by whoever is signed in."""

    person: Person
    proof: HowProved
    may: bool
    """Whether they may take the step themselves."""
    others: Sequence[Person]
    """For whom they may enter it from the minutes of a meeting."""

    @classmethod
    def of(cls, person: Person, proof: HowProved, step: Step, review: Review | None, rulebook: Rulebook) -> Signing:
        """Of a step as it is arranged on its track. The unit enters for meetings, and nobody else does."""
        partnership = rulebook.partnership
        there = partnership.known(person.id)
        reference = None if review is None else review.reference
        takes_part = there is not None and partnership.takes_part(there, reference)
        may = there is not None and takes_part and may_sign(there, step, partnership, review)
        enters = there is not None and bool(MANAGERS & set(there.roles))
        enters = enters and not step.own_sign_in
        others = [one for one in signers(step, review, rulebook) if one.id != person.id] if enters else []
        return cls(person, proof, may, others)

    @property
    def at_all(self) -> bool:
        """Whether there is a way for them to send this step."""
        return self.may or bool(self.others)

    def questions(self) -> tuple[FormQuestion, ...]:
        """What is asked of who takes the step; nothing where only they themselves can."""
        if not self.others:
            return ()
        people = tuple(Option(one.id, one.name) for one in self.others)
        needed = not self.may
        who = FormQuestion(WHO, "Who took it", "As the minutes say.", "one", needed, people)
        minute = FormQuestion(MINUTE, "Reference of the minute", "Such as SP/2026/11, item 4.", "line", needed)
        if needed:
            return (who, minute)
        ways = (
            Option(MYSELF, f"I do: {self.person.name}"),
            Option(MEETING, "It was taken in a meeting, and I enter it from the minutes"),
        )
        return (FormQuestion(HOW, "Who takes this step", "", "one", True, ways), who, minute)

    def actor(self, typed: Typed) -> tuple[Actor, list[Wrong]]:
        """Who signs, by what was typed, and what is wrong with that."""
        if self.may and typed.one(HOW) != MEETING:
            return signed_in(self.person.id, self.proof), self._of_a_meeting_after_all(typed)
        who, minute = typed.one(WHO), typed.one(MINUTE).strip()
        known = who in {one.id for one in self.others}
        wrong = [] if known else [Wrong((WHO,), "Who took it: choose who took the step")]
        wrong += [] if minute else [Wrong((MINUTE,), "Reference of the minute: is needed")]
        person = who if known else self.person.id
        return Actor(
            person=person, attestation=Attestation.MINUTED, minute=minute[:200], entered_by=self.person.id
        ), wrong

    def _of_a_meeting_after_all(self, typed: Typed) -> list[Wrong]:
        """Whoever names another or a minute and signs themselves meant one of the two."""
        if not self.others or not (typed.one(WHO) or typed.one(MINUTE).strip()):
            return []
        words = (
            "Who takes this step: you named somebody else or a minute, and yourself. Choose that it was taken in a "
            "meeting, or take out who took it and the reference of the minute"
        )
        return [Wrong((HOW,), words)]

    def words(self, typed: Typed) -> str:
        """Who signs and how that is known, as the check page says it."""
        if self.may and typed.one(HOW) != MEETING:
            return f"{self.person.name} ({BY_SIGN_IN[self.proof]})"
        name = next((one.name for one in self.others if one.id == typed.one(WHO)), "Not said yet")
        minute = typed.one(MINUTE).strip() or "(no reference yet)"
        return f"{name}, from the minutes {minute}; entered by {self.person.name}"
