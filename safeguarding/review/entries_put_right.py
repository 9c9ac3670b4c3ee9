"""
What a line holds, on the days as they were put right: the day of an entry is that of the mark made with it.

Whoever reads an entry reads it by this, so that a corrected day holds wherever it is read. An entry whose step made no
mark (a status that settles nothing, an acknowledgement) has the day that its line gave: no form puts that right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from safeguarding.review.events import (
    ENTERED_BY,
    AgencyAnswered,
    AgencyAsked,
    CopySent,
    DeferralMade,
    Entry,
    Event,
    Mark,
    MeetingHeld,
    ReasonGiven,
)
from safeguarding.review.learning_entries import (
    ActionAdded,
    ActionChanged,
    ActionMoved,
    FindingRecorded,
    ImpactSeen,
    LearningRead,
    LearningShared,
    LessonRecorded,
    QualityMarkersAssessed,
    RecommendationDecided,
    RecommendationRecorded,
    WordingsApproved,
    WordingsWithdrawn,
    WordingWritten,
)

_ASKED = {"information": "agency_request_sent", "report": "report_requested", "accuracy": "accuracy_requested"}
_RETURNED = {"information": "agency_returned", "report": "report_returned", "accuracy": "accuracy_returned"}
_ENDED = {"refused": "agency_refused", "excused": "agency_excused"}
_MOVED = {
    "verified": "action_verified",
    "superseded": "action_withdrawn",
    "withdrawn": "action_withdrawn",
    "reopened": "action_agreed",
}
_MEETINGS = ("rapid_review_meeting_held", "panel_meeting_held", "meeting_held")
_LOOKED = (
    *("action_impact_seen_at_3_months", "action_impact_seen_at_6_months", "action_impact_seen_at_12_months"),
    *("action_impact_seen_again", "action_impact_again_agreed"),
)

_OFSTED = "Ofsted"
_SENT = {
    True: ("copy_given", "advance_copy_sent_to_all", "report_provided"),
    False: ("copy_given", "advance_copy_sent", "report_provided"),
}
"""What dates a copy, to Ofsted or to somebody else: the first of these that its line made."""


class LineHeld(NamedTuple):
    """A line by what it holds: who signed it, and its entries on the days as they stand now."""

    line: int
    by: str
    made: tuple[Mark, ...]
    """Its marks as it made them."""
    said: tuple[Entry, ...]
    """Its entries as it said them."""
    entries: tuple[Entry, ...]
    entered_by: str = ""
    """Who typed it in at the pages for a meeting; empty where the signer did, or nobody can say."""

    @property
    def hands(self) -> frozenset[str]:
        """Everybody who had a hand in it: who signed it, and who typed it in."""
        return frozenset({self.by, self.entered_by} - {""})

    def put_right(self, stand: Sequence[Mark]) -> LineHeld:
        """The same where its marks stand on these days."""
        return self._replace(entries=put_right(self.said, self.made, stand))


def held_of(event: Event) -> LineHeld:
    """What a line holds, as it said it."""
    typed = str(event.facts.get(ENTERED_BY) or "")
    return LineHeld(event.sequence, event.actor.person, event.marks, event.entries, event.entries, typed)


def put_right(entries: Iterable[Entry], made: Sequence[Mark], stand: Sequence[Mark]) -> tuple[Entry, ...]:
    """
    The entries of a line, each on its day as it was put right; `made` are its marks as made, `stand` as they are now.

    Where several marks date one entry (an audit that met two looks, learning that went to several agencies) it has
    another day once none of them stands on the old one.
    """
    if list(made) == list(stand):
        return tuple(entries)
    return tuple(right for one in entries for right in _put_right(one, made, stand))


def _put_right(entry: Entry, made: Sequence[Mark], stand: Sequence[Mark]) -> Iterator[Entry]:
    match entry:
        case WordingsApproved() | WordingsWithdrawn():  # Each wording has a day of its own.
            for wording in entry.wordings:
                yield _on_its_day(entry.model_copy(update={"wordings": (wording,)}), made, stand)
        case _:
            yield _on_its_day(entry, made, stand)


def _on_its_day(entry: Entry, made: Sequence[Mark], stand: Sequence[Mark]) -> Entry:
    names, subjects = _dated_by(entry, {mark.name for mark in made})
    days = [
        now.on
        for before, now in zip(made, stand, strict=True)
        if before.name in names and before.subject in subjects and before.on == entry.on
    ]
    return entry if not days or entry.on in days else entry.model_copy(update={"on": days[-1]})


def day_of(names: Collection[str], subject: str, marks: Iterable[Mark], otherwise: date) -> date:
    """The day of one of these things of one agency or action, as it stands; where a line made none, another day."""
    return next((mark.on for mark in marks if mark.name in names and mark.subject == subject), otherwise)


def _dated_by(entry: Entry, made: Collection[str]) -> tuple[Collection[str], Collection[str]]:
    """
    The marks that date an entry of a line with marks of these names: their names, and of whom or what they are. None of
    an entry without any.
    """
    match entry:
        case AgencyAsked():
            return (_ASKED[entry.purpose],), (entry.agency,)
        case AgencyAnswered():
            return (_ENDED.get(entry.outcome, _RETURNED[entry.purpose]),), (entry.agency,)
        case MeetingHeld():
            return _MEETINGS, ("",)
        case ActionAdded() | ActionChanged():
            return ("action_agreed",), (entry.action,)
        case ActionMoved():
            return (_MOVED.get(entry.status, ""),), (entry.action,)
        case ImpactSeen():
            return _LOOKED, (entry.action,)
        case DeferralMade() | ReasonGiven():
            return ("deferral_recorded", "reason_given"), (entry.rule,)
        case CopySent():
            return [name for name in _SENT[entry.to == _OFSTED] if name in made][:1], ("",)
        case _:
            return _of_what_was_learnt(entry)


def _of_what_was_learnt(entry: Entry) -> tuple[Collection[str], Collection[str]]:
    match entry:
        case LessonRecorded():
            return ("lesson_recorded",), (entry.lesson,)
        case FindingRecorded():
            return ("finding_recorded",), (entry.finding,)
        case RecommendationRecorded():
            return ("recommendation_recorded",), (entry.recommendation,)
        case RecommendationDecided():
            return ("recommendation_decided",), (entry.recommendation,)
        case WordingWritten():
            return ("wording_written",), (entry.wording,)
        case WordingsApproved():
            return ("wording_approved",), entry.wordings
        case WordingsWithdrawn():
            return ("wording_withdrawn",), entry.wordings
        case QualityMarkersAssessed():
            return ("quality_markers_assessed",), (entry.assessment,)
        case LearningShared():
            return ("learning_shared",), tuple(f"{entry.sharing}:{agency}" for agency in entry.agencies)
        case LearningRead():
            return ("learning_read", "learning_reply_dropped"), (f"{entry.sharing}:{entry.agency}",)
        case _:  # A position is signed on the day of its line; an acknowledgement settles nothing.
            return (), ()
