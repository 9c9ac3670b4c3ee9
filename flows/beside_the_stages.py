"""
The flows beside the stages: one short form for each thing that may happen at any time.

The unit opens one in Prefect, presses Run and fills it in; an agency's return, an action, a corrected date. All are
made alike: the form is erased from Prefect, then the step is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prefect import Flow, State, flow
from pydantic import BaseModel, Field, create_model

from flows.cards import short_form
from flows.cards.short_form import ShortForm
from safeguarding.law.rulebook import Rulebook
from safeguarding.shown import card
from safeguarding.stages import STEPS


def _taking(step: str, name: str, words: str) -> Flow[..., Any]:
    """The flow of this name that takes a step; the words stand under it in Prefect."""

    async def take(form: dict[str, Any]) -> State[Any]:
        return await short_form.take(step, form)

    take.__name__, take.__qualname__, take.__doc__ = step, step, words
    made: Callable[..., Any] = flow(name=name, validate_parameters=False)(take)
    return made  # type: ignore[return-value]


open_referral = _taking(
    "open_referral",
    "Open a referral",
    "Somebody told the partnership of a child or an adult: the review begins.",
)
ask_agencies = _taking(
    "ask_agencies",
    "Ask agencies",
    "Ask agencies for information, a report, or a check of a draft.",
)
record_return = _taking(
    "record_return",
    "Record a return",
    "An agency answered; a nil return is an answer.",
)
acknowledge_request = _taking(
    "acknowledge_request",
    "Record an acknowledgement",
    "An agency said that it has a request. It is waited for and chased as before.",
)
record_meeting = _taking(
    "record_meeting",
    "Record a meeting",
    "A meeting of a review was held.",
)
record_done = _taking(
    "record_done",
    "Record something done",
    "Something owed was sent or done: it settles its clock.",
)
send_report = _taking(
    "send_report",
    "Record the report as sent",
    "The report went to the Secretary of State and the national Panel, with what went beside it.",
)
record_advance_copies = _taking(
    "record_advance_copies",
    "Record advance copies",
    "Who had a copy before it was published: the family, the reviewer, agencies, the press office.",
)
look_at_hold = _taking(
    "look_at_hold",
    "Look at the hold again",
    "Publication still waits: the hold was looked at, and is looked at again on another day.",
)
add_action = _taking(
    "add_action",
    "Add an action",
    "An action of the plan: its owner, its day, its measure.",
)
update_action = _taking(
    "update_action",
    "Update an action",
    "How an action stands, on what evidence.",
)
hand_over = _taking(
    "hand_over",
    "Hand over actions",
    "Somebody leaves: the actions of a review that they own pass to a successor. No date moves.",
)
change_action = _taking(
    "change_action",
    "Change an action",
    "An action has another day, owner or agency; what it was before stays, with the reason.",
)
check_action_impact = _taking(
    "check_action_impact",
    "Look at the impact of actions",
    "What actions that were verified have changed: seen, not seen, too early to say, and how it was looked at.",
)
add_action_plan = _taking(
    "add_action_plan",
    "Add many actions",
    "An action plan at once, pasted as a table: all of it is recorded, or nothing.",
)
record_lesson = _taking(
    "record_lesson",
    "Record a lesson",
    "What a review taught, at any time from the referral on: it can be acted on at once.",
)
record_finding = _taking(
    "record_finding",
    "Record a finding",
    "What a review found, and from which lessons.",
)
record_recommendation = _taking(
    "record_recommendation",
    "Record a recommendation",
    "What a review recommends, to whom, from which findings.",
)
decide_recommendation = _taking(
    "decide_recommendation",
    "Decide on a recommendation",
    "The partners accept a recommendation, or say why it will not be implemented.",
)
write_wording = _taking(
    "write_wording",
    "Write a wording to share",
    "What others may read of an item or the whole review, once somebody else reads and approves it at its page.",
)
withdraw_wordings = _taking(
    "withdraw_wordings",
    "Withdraw wordings",
    "Wordings are not shared any more, with the reason.",
)
assess_quality_markers = _taking(
    "assess_quality_markers",
    "Assess the quality markers of a child review",
    "How the review stands by the markers of NSPCC and SCIE: nothing waits for it.",
)
assess_adult_quality_markers = _taking(
    "assess_adult_quality_markers",
    "Assess the quality markers of an adult review",
    "How the review stands by the SAR Quality Markers: nothing waits for it.",
)
share_learning = _taking(
    "share_learning",
    "Share what was learnt",
    "A report, a briefing or a digest went to agencies: each is asked to say that it read or discussed it.",
)
record_learning_read = _taking(
    "record_learning_read",
    "Record who read what was shared",
    "Which agencies read or discussed what was sent to them, or that no word is wanted any more.",
)
request_information = _taking(
    "request_information",
    "Record a request for information",
    "Asked under section 16H, or by the national Panel under section 16D; whoever is asked must comply.",
)
end_information_request = _taking(
    "end_information_request",
    "Record what came of a request",
    "A request under section 16H or 16D was supplied, withdrawn or refused.",
)
record_coroners_report = _taking(
    "record_coroners_report",
    "Record a coroner's report",
    "A coroner's report to prevent other deaths came; the reply is owed within 56 days of its sending.",
)
record_coroners_extension = _taking(
    "record_coroners_extension",
    "Record the coroner's extension",
    "The coroner extended the time to reply. Nobody else can.",
)
answer_coroner = _taking(
    "answer_coroner",
    "Record the reply to the coroner",
    "The reply went to the coroner, or the coroner withdrew the report.",
)
remove_reviewer = _taking(
    "remove_reviewer",
    "Remove the reviewer",
    "The partners remove the reviewer, at any time before anything is published.",
)
appoint_reviewer = _taking(
    "appoint_reviewer",
    "Appoint another reviewer",
    "Another reviewer is appointed in the place of one who was removed.",
)
monitor_review = _taking(
    "monitor_review",
    "Record monitoring",
    "The partners looked at the time taken, the progress and the quality of a review (regulation 14).",
)
record_learnt_since = _taking(
    "record_learnt_since",
    "Record a death or status learnt since",
    "The child has died, or was looked after, as is known only now: notice of the death may be owed at once.",
)
give_reason = _taking(
    "give_reason",
    "Give the reason for a missed date",
    "Why a date was missed, after the event; also on a closed review.",
)
correct_date = _taking(
    "correct_date",
    "Correct a date",
    "A date in the record was wrong: both stay, and what was counted from it is counted again.",
)
take_back_step = _taking(
    "take_back_step",
    "Take back a wrong step",
    "A step ought not to have been taken: the review stands as before it, and nothing is erased.",
)
record_deferral = _taking(
    "record_deferral",
    "Record a deferral",
    "A statutory date will not be met: the reasons, to whom they went. The date stands.",
)
suspend_deadline = _taking(
    "suspend_deadline",
    "Suspend a local date",
    "A local date stands still, because somebody asked; what is left is kept to the day. Never a date of the law.",
)
carry_in = _taking(
    "carry_in",
    "Carry in a review that began before",
    "A review that began before this record, also under older law: where it stands, what is known, what is owed.",
)
record_own_milestone = _taking(
    "record_own_milestone",
    "Record a milestone of your own",
    "Something that your own procedure names has happened, or its day is planned.",
)
extend_deadline = _taking(
    "extend_deadline",
    "Extend a local date",
    "A local date gets more time, for a reason: never past the date of the law that it serves.",
)
keep_suspended = _taking(
    "keep_suspended",
    "Look at a suspension again",
    "A suspension was looked at and goes on, until another day.",
)
resume_deadline = _taking(
    "resume_deadline",
    "Resume a suspended date",
    "A suspended date goes on: what was left is counted from this day.",
)
recompute_dates = _taking(
    "recompute_dates",
    "Count the dates again",
    "Bank holidays or a number changed: the dates of one review that move take the place of the old ones.",
)
move_to_edition = _taking(
    "move_to_edition",
    "Move to another edition",
    "A later edition took effect and the partners chose it for one review: its clocks are counted again.",
)
note_earlier_text = _taking(
    "note_earlier_text",
    "Note that dates ran on another text",
    "An edition was taken in late, or its day was wrong: which dates of one review ran on the other text, for good.",
)
reopen = _taking(
    "reopen",
    "Reopen a review",
    "New information on a closed review: it goes on from where it was.",
)
record_impact = _taking(
    "record_impact",
    "Record the impact",
    "Did anything change? Looked at after the action plan and after closing.",
)
choose_after_year = _taking(
    "choose_after_year",
    "Choose what becomes of the publication",
    "At the end of its year: it stays public, moves to the archive, or is taken down.",
)
take_down = _taking(
    "take_down",
    "Take a publication down",
    "A published text leaves the public page, after its year or by a legal decision.",
)

propose_review_decision = _taking(
    "propose_review_decision",
    "Put a decision about a child to the partners",
    "What is proposed: each partner then signs their own position at the people's pages.",
)
propose_adult_decision = _taking(
    "propose_adult_decision",
    "Put a decision about an adult to the partners",
    "What is proposed: each partner then signs their own position at the people's pages.",
)
close_positions = _taking(
    "close_positions",
    "Close the positions",
    "No more positions are waited for: the decision stands as it was signed, or nothing is decided.",
)

FLOWS: dict[str, Flow[..., Any]] = {
    made.fn.__name__: made
    for made in (
        open_referral,
        carry_in,
        ask_agencies,
        record_return,
        acknowledge_request,
        record_meeting,
        record_done,
        send_report,
        record_advance_copies,
        look_at_hold,
        add_action,
        update_action,
        hand_over,
        change_action,
        check_action_impact,
        add_action_plan,
        record_lesson,
        record_finding,
        record_recommendation,
        decide_recommendation,
        write_wording,
        withdraw_wordings,
        assess_quality_markers,
        assess_adult_quality_markers,
        share_learning,
        record_learning_read,
        request_information,
        end_information_request,
        record_coroners_report,
        record_coroners_extension,
        answer_coroner,
        remove_reviewer,
        appoint_reviewer,
        monitor_review,
        record_learnt_since,
        give_reason,
        record_own_milestone,
        correct_date,
        take_back_step,
        record_deferral,
        suspend_deadline,
        extend_deadline,
        keep_suspended,
        resume_deadline,
        recompute_dates,
        move_to_edition,
        note_earlier_text,
        reopen,
        record_impact,
        choose_after_year,
        take_down,
        propose_review_decision,
        propose_adult_decision,
        close_positions,
    )
}
"""
The flow of every step that is not on a card, nor the pages' alone, nor taken by whoever reads sealed words first, since
Prefect is shown none. A test holds this to the steps declared so.
"""


def short_forms(rulebook: Rulebook) -> list[ShortForm]:
    """Every short form of the reviews that the partnership runs, its choices drawn from the partnership's file."""
    tracks = set(rulebook.partnership.tracks)
    return [
        ShortForm(command=step, flow=made, form=_form(step, rulebook), description=str(made.fn.__doc__))
        for step, made in FLOWS.items()
        if tracks & {track.value for track in STEPS[step].tracks}
    ]


def _form(step: str, rulebook: Rulebook) -> type[BaseModel]:
    signed = card.signed_form(STEPS[step], None, rulebook)
    if not STEPS[step].sources:  # It opens a review, which has no reference yet.
        return signed
    referenced = create_model(
        f"{step}_referenced",
        reference=(
            str,
            Field(title="Review", description="Its reference, such as CSPR-2026-003.", pattern=r"^[A-Z]+-\d{4}-\d+$"),
        ),
    )
    return create_model(step, __base__=(signed, referenced), __doc__=STEPS[step].form.__doc__)
