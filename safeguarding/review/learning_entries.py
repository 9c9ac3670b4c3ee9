"""
What a line says of what was learnt and of what is done about it: lessons, findings, recommendations, wordings, sharing,
actions and their impact. The words themselves are sealed.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from safeguarding.values import Frozen


class LessonRecorded(Frozen):
    """A lesson was learnt: about which themes, on which day (the words are sealed)."""

    entry: Literal["lesson_recorded"] = "lesson_recorded"
    lesson: str
    themes: tuple[str, ...]
    on: date


class FindingRecorded(Frozen):
    """Something was found: from which lessons, about which themes (the words are sealed)."""

    entry: Literal["finding_recorded"] = "finding_recorded"
    finding: str
    lessons: tuple[str, ...] = ()
    themes: tuple[str, ...]
    on: date


class RecommendationRecorded(Frozen):
    """Something was recommended: to which agency, or to somebody named in the sealed words; from which findings."""

    entry: Literal["recommendation_recorded"] = "recommendation_recorded"
    recommendation: str
    agency: str = ""
    findings: tuple[str, ...] = ()
    themes: tuple[str, ...]
    due_on: date | None = None
    on: date


class RecommendationDecided(Frozen):
    """The partners decided whether to implement a recommendation (the reasons are sealed)."""

    entry: Literal["recommendation_decided"] = "recommendation_decided"
    recommendation: str
    decision: Literal["accepted", "will not be implemented"]
    on: date


class WordingWritten(Frozen):
    """A wording was written that others may read once it is approved: of which item (the words are sealed)."""

    entry: Literal["wording_written"] = "wording_written"
    wording: str
    item: str
    """The lesson, finding, recommendation or action; `summary` for the review as a whole."""
    on: date


class WordingsApproved(Frozen):
    """Somebody who did not write them approved wordings: they may leave the record."""

    entry: Literal["wordings_approved"] = "wordings_approved"
    wordings: tuple[str, ...]
    on: date


class WordingsWithdrawn(Frozen):
    """Wordings may not be shared any more, or were never to be (the reason is sealed)."""

    entry: Literal["wordings_withdrawn"] = "wordings_withdrawn"
    wordings: tuple[str, ...]
    on: date


class QualityMarkersAssessed(Frozen):
    """The partnership looked at its own review by some of the quality markers (the reasons are sealed)."""

    entry: Literal["quality_markers_assessed"] = "quality_markers_assessed"
    assessment: str
    answers: dict[str, Literal["met", "partly", "not yet", "not applicable"]]
    """What was found of each marker that was looked at, by its id."""
    on: date


class LearningShared(Frozen):
    """Something of what was learnt went to agencies, each of which is asked for a word that it was read."""

    entry: Literal["learning_shared"] = "learning_shared"
    sharing: str
    what: str
    agencies: tuple[str, ...]
    on: date
    how: str
    answer_by: date


class LearningRead(Frozen):
    """An agency read or discussed what was sent to it, or nobody waits for its word any more."""

    entry: Literal["learning_read"] = "learning_read"
    sharing: str
    agency: str
    outcome: Literal["read", "discussed in team", "no reply wanted any more"]
    on: date
    people: int | None = None
    """How many people read or discussed it, where that was counted."""


class ActionAdded(Frozen):
    """An action was agreed: who owns it, by when, how it will be seen to have worked (the words are sealed)."""

    entry: Literal["action_added"] = "action_added"
    action: str
    agency: str
    owner: str
    due_on: date
    on: date
    recommendation: str = ""
    """The recommendation that it is for; empty where none was named."""
    lesson: str = ""
    """The lesson that it answers at once, before anything was recommended; empty where none was named."""
    role: str = ""
    """In which role its owner has it; empty where none was said, as on lines of earlier programs."""
    priority: str = ""
    blocked_by: tuple[str, ...] = ()
    """The actions that are done before it."""
    blocked: bool = False
    """Whether the sealed words say what else is in its way."""


class ActionMoved(Frozen):
    """An action's state changed; `grade` is that of the evidence: 1 assertion, 2 document, 3 data, 4 audit."""

    entry: Literal["action_moved"] = "action_moved"
    action: str
    status: str
    on: date
    grade: int = 0
    by: str = ""
    evidence: str = ""
    """The reference of the evidence, or where it is kept."""
    submits: Literal["", "no"] = ""
    """«no» at a reopening on lines of a program of 1 December 2026, whose rows name nobody for its evidence."""
    blocked: Literal["", "yes", "no"] = ""
    """Whether something is in its way; empty where that stays as it was."""
    blocked_by: tuple[str, ...] = ()


class SubmissionTakenBack(Frozen):
    """A step was taken back by which these people had submitted evidence of an action: they had it in their hands."""

    entry: Literal["submission_taken_back"] = "submission_taken_back"
    action: str = ""
    """The action; empty where its adding was taken back too, for its number is given to another."""
    recommendation: str = ""
    """Where its adding was taken back too: the recommendation that it was for. It binds on a later one for the same."""
    lesson: str = ""
    """The same of its lesson."""
    by: tuple[str, ...]
    on: date
    """The day (London) on which it was taken back."""


class HoldingTakenBack(Frozen):
    """A step was taken back by which these people or agencies had an action: they had it in their hands."""

    entry: Literal["holding_taken_back"] = "holding_taken_back"
    action: str = ""
    """The action; empty where its adding was taken back too, for its number is given to another."""
    recommendation: str = ""
    """Where its adding was taken back too: the recommendation that it was for."""
    lesson: str = ""
    """The same of its lesson."""
    people: tuple[str, ...] = ()
    """Who owned it; where its adding was taken back too, also who added it or typed that in."""
    agencies: tuple[str, ...] = ()
    on: date
    """The day (London) on which it was taken back."""


class ActionChanged(Frozen):
    """An action was given another day, owner or agency: as it is from then on."""

    entry: Literal["action_changed"] = "action_changed"
    action: str
    agency: str
    owner: str
    due_on: date
    on: date
    role: str | None = None
    """In which role the owner has it; None where that stays as it was."""
    priority: str = ""
    """Empty where it stays as it was."""


class ActionDayMoved(Frozen):
    """The day of an action is another one, because its clock moved. Earlier programs moved the clock alone."""

    entry: Literal["action_day_moved"] = "action_day_moved"
    action: str
    due_on: date
    on: date


class ImpactSeen(Frozen):
    """The impact of an action was looked at: what was seen, how, and what follows (the words are sealed)."""

    entry: Literal["impact_seen"] = "impact_seen"
    action: str
    outcome: str
    how: str
    on: date
    again_on: date | None = None
    """The day on which it is looked at again, where it is too early to say."""
    what_now: str = ""
    """What is done now, where no change is seen."""
