"""
How what was learnt, and what is done about it, is made of the entries of a review's lines.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from safeguarding.review.entries_put_right import LineHeld
from safeguarding.review.learning_entries import (
    ActionAdded,
    ActionChanged,
    ActionDayMoved,
    ActionMoved,
    FindingRecorded,
    HoldingTakenBack,
    ImpactSeen,
    LearningRead,
    LearningShared,
    LessonRecorded,
    QualityMarkersAssessed,
    RecommendationDecided,
    RecommendationRecorded,
    SubmissionTakenBack,
    WordingsApproved,
    WordingsWithdrawn,
    WordingWritten,
)
from safeguarding.review.learnt import Action, Lesson, QualityMark, Recommendation, ReviewFinding
from safeguarding.review.review import Review
from safeguarding.review.shared_learning import with_sharing
from safeguarding.review.wordings import with_wording

OF_LEARNING = (
    LessonRecorded
    | FindingRecorded
    | RecommendationRecorded
    | RecommendationDecided
    | WordingWritten
    | WordingsApproved
    | WordingsWithdrawn
    | QualityMarkersAssessed
    | LearningShared
    | LearningRead
    | ActionAdded
    | ActionMoved
    | SubmissionTakenBack
    | HoldingTakenBack
    | ActionChanged
    | ActionDayMoved
    | ImpactSeen
)


def with_learning(review: Review, entry: OF_LEARNING, line: LineHeld) -> dict[str, Any]:
    """What changes of a review by one more entry of this line."""
    match entry:
        case ActionAdded():
            return {"actions": (*review.actions, _action_added(review, entry, line))}
        case ActionMoved():
            return {"actions": tuple(_action_moved(action, entry, line.entered_by) for action in review.actions)}
        case ImpactSeen():
            seen = {"impact": entry.outcome, "impact_on": entry.on, "what_now": entry.what_now}
            return {"actions": tuple(_if_of(one, entry.action, seen) for one in review.actions)}
        case SubmissionTakenBack():
            return {"actions": tuple(_still_submitted(one, entry) for one in review.actions)}
        case HoldingTakenBack():
            return {"actions": tuple(_still_held(one, entry) for one in review.actions)}
        case ActionDayMoved():
            return {"actions": tuple(_day_moved(one, entry) for one in review.actions)}
        case ActionChanged():
            return {"actions": tuple(_action_changed(action, entry) for action in review.actions)}
        case LessonRecorded() | FindingRecorded() | RecommendationRecorded() | RecommendationDecided():
            return _learnt(review, entry)
        case WordingWritten() | WordingsApproved() | WordingsWithdrawn():
            return {"wordings": with_wording(review.wordings, entry, line)}
        case QualityMarkersAssessed():
            return {"quality_markers": _assessed(review.quality_markers, entry)}
        case LearningShared() | LearningRead():
            return {"shared": with_sharing(review.shared, entry)}


def _assessed(known: tuple[QualityMark, ...], entry: QualityMarkersAssessed) -> tuple[QualityMark, ...]:
    """What is known of each marker, with what was found now in the place of what was found before."""
    kept = tuple(one for one in known if one.marker not in entry.answers)
    found = {"assessment": entry.assessment}
    return kept + tuple(QualityMark(marker=marker, answer=said, **found) for marker, said in entry.answers.items())


def _learnt(
    review: Review, entry: LessonRecorded | FindingRecorded | RecommendationRecorded | RecommendationDecided
) -> dict[str, Any]:
    match entry:
        case LessonRecorded():
            return {"lessons": (*review.lessons, Lesson(id=entry.lesson, themes=entry.themes))}
        case FindingRecorded():
            found = ReviewFinding(id=entry.finding, lessons=entry.lessons, themes=entry.themes)
            return {"findings": (*review.findings, found)}
        case RecommendationRecorded():
            kept = entry.model_dump(include={"agency", "findings", "themes", "due_on"})
            made = Recommendation(id=entry.recommendation, **kept)
            return {"recommendations": (*review.recommendations, made)}
        case RecommendationDecided():
            decided = {"decision": entry.decision}
            return {
                "recommendations": tuple(
                    one.model_copy(update=decided) if one.id == entry.recommendation else one
                    for one in review.recommendations
                )
            }


_AS_ADDED = {"agency", "owner", "due_on", "recommendation", "lesson", "role", "priority", "blocked_by", "blocked"}


def _action_added(review: Review, added: ActionAdded, line: LineHeld) -> Action:
    """A new action, with the themes of what it is for."""
    recommended = (one.themes for one in review.recommendations if one.id == added.recommendation)
    learnt = (one.themes for one in review.lessons if one.id == added.lesson)
    themes = next(recommended, None) or next(learnt, ())
    who = {"added_by": line.by, "adding_entered_by": line.entered_by}
    return Action(id=added.action, themes=themes, **who, **added.model_dump(include=_AS_ADDED))


def _if_of(action: Action, number: str, update: dict[str, Any]) -> Action:
    return action.model_copy(update=update) if action.id == number else action


def _action_changed(action: Action, changed: ActionChanged) -> Action:
    if action.id != changed.action:
        return action
    update: dict[str, Any] = {"agency": changed.agency, "owner": changed.owner}
    if changed.owner != action.owner:
        update["owned_before"] = tuple(dict.fromkeys((*action.owned_before, action.owner)))
    if changed.agency != action.agency:
        update["had_before"] = tuple(dict.fromkeys((*action.had_before, action.agency)))
    update |= _on_another_day(action, changed.due_on)
    if changed.role is not None:
        update["role"] = changed.role
    if changed.priority:
        update["priority"] = changed.priority
    return action.model_copy(update=update)


def _day_moved(action: Action, moved: ActionDayMoved) -> Action:
    return _if_of(action, moved.action, _on_another_day(action, moved.due_on))


def _on_another_day(action: Action, due_on: date) -> dict[str, Any]:
    """The day of an action, with the one that it had first; to a later one it was moved once more."""
    if due_on == action.due_on:
        return {}
    first = {"first_due_on": action.first_due_on or action.due_on}
    return first | {"due_on": due_on, "postponed": action.postponed + (due_on > action.due_on)}


def _still_submitted(action: Action, taken_back: SubmissionTakenBack) -> Action:
    """An action with those who had submitted evidence of it in what was taken back: it binds them all the same."""
    if action.id != taken_back.action:
        return action
    return action.model_copy(update={"submitted_by": tuple(dict.fromkeys((*action.submitted_by, *taken_back.by)))})


def _still_held(action: Action, taken_back: HoldingTakenBack) -> Action:
    """An action with those who had it in what was taken back: they had it before all the same."""
    people, agencies = (*action.owned_before, *taken_back.people), (*action.had_before, *taken_back.agencies)
    before = {"owned_before": tuple(dict.fromkeys(people)), "had_before": tuple(dict.fromkeys(agencies))}
    return _if_of(action, taken_back.action, before)


def submits(moved: ActionMoved) -> bool:
    """Whether somebody submitted evidence of an action by it."""
    judged = moved.status in ("verified", "embedded")
    # A reference is evidence, whatever its grade and also at a reopening: the row has it from then on as the latest.
    # Who calls theirs «none» does not verify it either.
    given = moved.grade > 0 or moved.evidence or moved.status == "evidence submitted"
    return bool(moved.by and not judged and given)


def _submitted(action: Action, moved: ActionMoved, entered_by: str) -> dict[str, Any]:
    """Who has submitted evidence of an action, and who typed it in for them, with one submission more."""
    submitted, typed = [moved.by], [entered_by] if entered_by else []
    if moved.submits == "no":  # The rows that such a line made do not name its signer: they stand as they were made.
        submitted, typed = [], [moved.by, *typed]
    return {
        "submitted_by": tuple(dict.fromkeys((*action.submitted_by, *submitted))),
        "evidence_entered_by": tuple(dict.fromkeys((*action.evidence_entered_by, *typed))),
    }


_NOT_JUDGED: dict[str, Any] = {
    "verified_by": "",
    "grade": 0,
    "evidence": "",
    "impact": "",
    "impact_on": None,
    "what_now": "",
}
"""An action that was not done after all: what was found of it is in its history, and holds of it no more."""


def _action_moved(action: Action, moved: ActionMoved, entered_by: str) -> Action:
    if action.id != moved.action:
        return action
    if moved.status == "reopened":
        action = action.model_copy(update=_NOT_JUDGED)
    in_its_way = {"blocked": moved.blocked == "yes" and not moved.blocked_by, "blocked_by": moved.blocked_by}
    return action.model_copy(
        update={
            "status": moved.status,
            "grade": max(action.grade, moved.grade),
            "verified_by": moved.by if moved.status == "verified" else action.verified_by,
            "moved_on": moved.on,
            "evidence": moved.evidence or action.evidence,
            **(_submitted(action, moved, entered_by) if submits(moved) else {}),
            **(in_its_way if moved.blocked else {}),
        }
    )
