"""
What can be done with a review now, and by whom: the stage's steps first, then what may happen beside them, in groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from pages.can_be_done import BegunForm, CanBeDone, WhatNow
from pages.forms.signing import Signing
from safeguarding.law.period import TrackName
from safeguarding.law.person import Person
from safeguarding.law.rulebook import Rulebook
from safeguarding.lifecycle import steps_of
from safeguarding.review.as_arranged import TRACK, as_arranged
from safeguarding.review.choices import choices
from safeguarding.review.forms import source_of
from safeguarding.review.review import Review
from safeguarding.review.step import Step
from safeguarding.shown.card import steps_on_card
from safeguarding.shown.positions import may_answer, waits_for
from safeguarding.stages import STEPS
from tasks.record.new_reviews import NEW
from tasks.record.sign_in import HowProved
from tasks.store import drafts

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Agencies and information",
        (
            *("record_return", "acknowledge_request", "ask_agencies", "request_information"),
            "end_information_request",
        ),
    ),
    ("What was done", ("record_done", "record_meeting", "monitor_review", "send_report", "record_own_milestone")),
    ("Publication", ("record_advance_copies", "look_at_hold", "choose_after_year")),
    (
        "Actions",
        ("add_action", "add_action_plan", "update_action", "change_action", "hand_over", "check_action_impact"),
    ),
    (
        "Learning",
        (
            *("record_lesson", "record_finding", "record_recommendation", "decide_recommendation"),
            *("write_wording", "approve_wordings", "withdraw_wordings"),
            *("share_learning", "record_learning_read"),
        ),
    ),
    ("Quality", ("assess_quality_markers", "assess_adult_quality_markers")),
    (
        "Dates",
        (
            *("give_reason", "record_deferral", "extend_deadline", "suspend_deadline", "keep_suspended"),
            *("resume_deadline", "correct_date", "recompute_dates", "move_to_edition", "note_earlier_text"),
        ),
    ),
    (
        "Coroner and reviewer",
        (
            *("record_coroners_report", "record_coroners_extension", "answer_coroner"),
            *("remove_reviewer", "appoint_reviewer"),
        ),
    ),
    (
        "The partners' own positions",
        ("propose_review_decision", "propose_adult_decision", "sign_position", "close_positions"),
    ),
    ("Put right, and after the end", ("record_learnt_since", "take_back_step", "reopen", "record_impact", "take_down")),
)
"""The steps beside the stages, by what they are about. A test holds that each stands in one group."""


def what_now(review: Review, person: Person, proof: HowProved, rulebook: Rulebook) -> WhatNow:
    """What somebody may send now. `rulebook` is that of the day."""
    rulebook = rulebook.for_track(review.track.value)

    def theirs(steps: Iterable[Step]) -> tuple[CanBeDone, ...]:
        return tuple(_can(step, review) for step in steps if _is_theirs(step, review, person, proof, rulebook))

    on_card = theirs(steps_on_card(review))
    signed = theirs(step for step in steps_of(review) if step.own_sign_in)
    awaited = signed if waits_for(person, review, rulebook.partnership) else ()
    there = {step.name: step for step in steps_of(review, on_card=False)}
    useful = {name for name, step in there.items() if _has_something_to_choose(step, review, rulebook)}
    groups = ((title, theirs(there[name] for name in names if name in useful)) for title, names in GROUPS)
    return WhatNow(
        (*awaited, *(one for one in on_card if not one.way_out)),
        tuple(one for one in on_card if one.way_out),
        tuple((title, found) for title, found in groups if found),
    )


def new_reviews(person: Person, proof: HowProved, rulebook: Rulebook) -> tuple[CanBeDone, ...]:
    """The steps by which somebody may open a review."""
    found = (STEPS[name] for name in NEW)
    may = (
        step
        for step in found
        if Signing.of(person, proof, as_arranged(step, None, rulebook.partnership), None, rulebook).at_all
    )
    return tuple(one for step in may for one in _of_each_track(step, rulebook.partnership.tracks))


def _of_each_track(step: Step, tracks: Sequence[TrackName]) -> Iterator[CanBeDone]:
    """A way to open a referral for each track that there is, so that its form need not ask which; one to carry in."""
    at = f"/reviews/new/do/{step.name}"
    if step.name not in BY_TRACK or len(tracks) == 1:
        yield CanBeDone(step.name, step.button, step.title, at)
        return
    for track in tracks:
        yield CanBeDone(step.name, f"{step.button}: {OF_WHOM[track]}", step.title, f"{at}?{TRACK}={track}")


BY_TRACK = ("open_referral",)
OF_WHOM = {"children": "a child", "adults": "an adult"}


NEW_AT = {"": "new", "children": "new-child", "adults": "new-adult"}
"""
What stands in an address for the reference of a review that is not there yet: where its form is, and where, once one is
begun of the other track, that of each track has a place of its own.
"""
BESIDE = ":"
"""What stands between a step and the track of a form that has a place of its own, where its draft is kept."""


def begun_by(kept: Sequence[tuple[str, str, datetime]]) -> tuple[BegunForm, ...]:
    """The forms that somebody began and has not sent, by their words; of a step that there is no more none."""
    found = ((reference, *name.partition(BESIDE)[::2], saved_at) for reference, name, saved_at in kept)
    return tuple(
        BegunForm(
            f"{STEPS[step].button}: {OF_WHOM[track]}" if track in OF_WHOM else STEPS[step].button,
            "" if reference == drafts.NEW else reference,
            f"/reviews/{NEW_AT.get(track, NEW_AT['']) if reference == drafts.NEW else reference}/do/{step}",
            saved_at,
        )
        for reference, step, track, saved_at in found
        if step in STEPS
    )


def _is_theirs(step: Step, review: Review, person: Person, proof: HowProved, rulebook: Rulebook) -> bool:
    arranged = as_arranged(step, review.track.value, rulebook.partnership)
    if step.own_sign_in and not may_answer(person, review, rulebook.partnership):
        return False
    return Signing.of(person, proof, arranged, review, rulebook).at_all


def _has_something_to_choose(step: Step, review: Review, rulebook: Rulebook) -> bool:
    """Whether each list from which its form must be answered has something in it: without, nobody could send it."""
    needed = (source_of(info) for info in step.form.model_fields.values() if info.is_required())
    return all(choices(source, review, rulebook) for source in needed if source is not None)


def _can(step: Step, review: Review) -> CanBeDone:
    return CanBeDone(step.name, step.button, step.title, f"/reviews/{review.reference}/do/{step.name}", step.way_out)
