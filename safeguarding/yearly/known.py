"""
What the figures of an account are counted from: what the registers know, of the reviews of one track, in one year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from safeguarding.law.themes import theme_words
from safeguarding.registers.known import RecordKnown
from safeguarding.registers.lines import StandingLine
from safeguarding.registers.recommendations import RecommendationRow
from safeguarding.review.learning_entries import FindingRecorded, LessonRecorded
from safeguarding.review.states import CLOSED_STATES, Track
from safeguarding.stages import STEPS
from safeguarding.yearly.course import BEGINS, CONCLUDES, Turn
from safeguarding.yearly.period import TwelveMonths

REFERRED, NOTIFIED, RAPID_REVIEW_SENT = "referral_received", "notification_sent", "rapid_review_sent"
OF_MARKS = (REFERRED, NOTIFIED, RAPID_REVIEW_SENT, *BEGINS, CONCLUDES)
LEARNT = ("lesson_recorded", "finding_recorded")
JUDGED = ("impact_seen", "quality_markers_assessed")
"""The entries that say what changed for an action, and how good a review was."""
IMPACT = ("closed", "impact_recorded")
"""The kinds of line that say what was seen to have changed."""
REOPENED = "reopened"
"""The status of an action that was not done after all: what was seen of it holds no more."""
HOLDING = (
    *(f'"name":"{mark}"' for mark in OF_MARKS),
    *(f'"entry":"{kind}"' for kind in (*LEARNT, *JUDGED)),
    *(f'"to":"{state.value}"' for state in sorted(CLOSED_STATES)),
    '"impact":',
    '"name":"reopened"',
    f'"status":"{REOPENED}"',
    '"name":"carried_in"',
)
"""What stands in the lines that are read for the account itself, beside those of the registers."""
DIVIDED = "; "


@cache
def kinds() -> frozenset[str]:
    """The kinds of line that are read for the account itself."""
    marked = {step.kind for step in STEPS.values() if step.marks & {*OF_MARKS}}
    ending = {step.kind for step in STEPS.values() if step.leads_to & CLOSED_STATES}
    return frozenset(
        {*marked, *ending, *LEARNT, *IMPACT, "action_impact_seen", "action_updated", *JUDGED, "carried_in", "reopened"}
    )


class Learnt(NamedTuple):
    """A lesson or a finding: of which review, its number and themes in words, the day."""

    reference: str
    number: str
    themes: tuple[str, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class YearKnown:
    """What is known of the reviews of one track, for an account of one year, as it stands on a day (London)."""

    record: RecordKnown
    track: Track
    period: TwelveMonths
    today: date
    agreed: Mapping[tuple[str, str], date]
    """When each action was agreed first, by its review and number, as it was put right; later ones moved its day."""
    courses: Mapping[str, Sequence[Turn]]
    """Of each review its turns."""
    recommendations: Sequence[RecommendationRow]
    lessons: Sequence[Learnt]
    findings: Sequence[Learnt]

    @property
    def until(self) -> date:
        """The last day of the year, or today where the year is not over."""
        return min(self.period.last, self.today)

    def marked(self, name: str) -> Iterator[str]:
        """The reviews of which a thing happened in the year: as often as it did."""
        for reference, line in self.lines():
            yield from (reference for mark in line.marks if mark.name == name and self.period.holds(mark.on))

    def lines(self) -> Iterator[tuple[str, StandingLine]]:
        """Every line that was read, with its review."""
        for reference in self.record.reviews:
            for line in self.record.lines.get(reference, ()):
                yield reference, line

    def turned(self, what: str) -> list[str]:
        """The reviews that began, concluded or the like in the year."""
        turns = ((name, one) for name, found in self.courses.items() for one in found)
        return [name for name, one in turns if one.what == what and self.period.holds(one.on)]

    def concluded(self) -> list[str]:
        """The reviews that concluded in the year, each once."""
        return list(dict.fromkeys(self.turned("concluded")))


def learnt_of(record: RecordKnown) -> tuple[list[Learnt], list[Learnt]]:
    """Every lesson and every finding that stands, by review and number."""
    lessons, findings = list[Learnt](), list[Learnt]()
    own = record.rulebook.partnership.themes
    for reference in record.reviews:
        for line in record.lines.get(reference, ()):
            for one in line.entries:
                if isinstance(one, LessonRecorded | FindingRecorded):
                    into, number = (lessons, one.lesson) if isinstance(one, LessonRecorded) else (findings, one.finding)
                    themes = tuple(theme_words(theme, own) for theme in one.themes)
                    into.append(Learnt(reference, number, themes, one.on))
    return lessons, findings


def themes_in(words: str) -> tuple[str, ...]:
    """Themes as a register writes them, apart."""
    return tuple(words.split(DIVIDED)) if words else ()
