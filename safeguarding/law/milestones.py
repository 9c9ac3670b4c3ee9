"""
The named things that happen to a review and that start, settle or end a duty.

A rule may use no other name, so a misspelt anchor is a fault at load and not a clock that never starts.
"""

from __future__ import annotations

MILESTONES: dict[str, str] = {
    # referral
    "referral_received": "the referral reached the business manager",
    "referral_acknowledged": "the referrer was told that the referral had arrived",
    "became_aware": "the local authority became aware of the incident",
    "became_aware_looked_after_death": "the local authority became aware of the death of a looked-after child",
    "became_aware_care_leaver_death": "the local authority became aware of the death of a care leaver",
    "notification_decided": "the local authority decided whether to notify",
    "notification_sent": "the notification was sent to the national Panel",
    "partners_notified": "the safeguarding partners were told of the notification",
    "secretary_of_state_notified": "the Secretary of State and Ofsted were notified",
    "notification_withdrawn": "the notification was withdrawn",
    "sar_facts_known": "the partnership knew or suspected the facts of section 44",
    # rapid review and screening
    "screening_started": "screening began",
    "safety_concern_known": "a concern for somebody's immediate safety was known",
    "immediate_action_recorded": "the immediate action was recorded",
    "agency_request_sent": "the agency was asked for information",
    "screening_resumed": "screening was taken up again",
    "agency_excused": "the review went on without the agency, for a recorded reason",
    "agency_returned": "the agency answered (a nil return is an answer)",
    "agency_refused": "the agency refused",
    "chronologies_complete": "every agency's chronology was in",
    "progress_checked": "progress was checked",
    "rapid_review_meeting_held": "the rapid review meeting was held",
    "rapid_review_drafted": "the rapid review draft went to the partners",
    "partners_signed_off": "the three partners signed off the rapid review",
    "rapid_review_completed": "the rapid review was completed",
    "rapid_review_sent": "the rapid review was sent to the national Panel",
    # decision
    "panel_replied": "the national Panel replied",
    "recommendation_made": "the recommendation was made",
    "decided": "the partners decided",
    "decided_to_initiate": "the partners decided to initiate a review",
    "decision_told": "the national Panel, Ofsted and the Department for Education were told of the decision",
    "referrer_told": "the referrer was told of the decision",
    # commissioning
    "reviewer_appointed": "a reviewer was appointed",
    "reviewer_named": "the national Panel, Ofsted and the Department for Education were told the reviewer's name",
    "terms_of_reference_agreed": "the terms of reference were agreed",
    # panel
    "rescoped": "the review went back to commissioning, to be scoped again",
    "returned_to_review": "the draft went back for more review",
    "returned_to_drafting": "the report went back to drafting",
    "review_started": "the review began",
    "quality_monitored": "the partners monitored the time taken and the quality of the review",
    "reviewer_request_made": "the partners asked the reviewer for information or a draft",
    "report_requested": "the agency was asked for its report",
    "report_returned": "the agency's report was returned",
    "chronology_combined": "the chronologies were combined",
    "meeting_held": "a meeting was held",
    "panel_meeting_held": "the review panel met",
    "analysis_completed": "the analysis was completed",
    "first_draft_received": "the first draft was received",
    "accuracy_requested": "the agency was asked to check the draft for accuracy",
    "accuracy_returned": "the agency's check of the draft was returned",
    "final_draft_ready": "the final draft was ready",
    "report_accepted": "the report was accepted",
    # publication
    "publication_planned_full": "the planned day of publication of the full report",
    "publication_planned_improvements_only": "the planned day of publication of the improvements only",
    "advance_copy_sent": "the advance copies were sent",
    "decided_not_to_publish": "the partners decided not to publish",
    "justification_sent": "the reasons for not publishing were sent",
    "published": "it was published",
    "repository_sent": "the report was sent to the national library",
    "taken_down": "the publication was taken down",
    "publication_deferred": "publication was deferred",
    "deferral_recorded": "a deferral was recorded, with its reasons",
    "deferral_reviewed": "the deferral was looked at again",
    "deadline_suspended": "a local date was suspended",
    "suspension_reviewed": "the suspension was looked at again",
    "deadline_resumed": "the suspended date was resumed",
    "edition_kept": "the partners chose to keep the edition it had",
    "earlier_text_noted": "it was noted that a date had run on another text than that of its day",
    # action follow-up
    "action_plan_agreed": "the action plan was agreed",
    "action_agreed": "the action was agreed",
    "action_updated": "the action's progress was recorded",
    "action_withdrawn": "the action was withdrawn, with its reason",
    "action_verified": "the action was verified by another agency",
    "improvements_audited": "the improvements were audited",
    # the partnership's year, and the end
    "year_ended": "the partnership's year ended",
    "annual_report_published": "the yearly report was published",
    "discontinued": "the review was discontinued",
    "closed": "the review was closed",
    "reopened": "the review was opened again",
}
"""Each milestone with the words that an explanation uses for it."""
