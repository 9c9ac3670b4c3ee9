"""
What the law asks a yearly account to say of reviews, head by head, and which items of which reviews stand under each.

The heads of an adult board are those of rule A08 (Care Act 2014, Schedule 2, paragraph 4(1)(d) to (g)). Of section 16G
of the Children Act 2004 subsection (7) was read; a children's account has the same four under no number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from safeguarding.dates.working_days import say
from safeguarding.registers.recommendations import RecommendationRow
from safeguarding.review.impact import LOOKED_AT
from safeguarding.review.learnt import SUMMARY
from safeguarding.review.states import Track
from safeguarding.yearly.course import ongoing
from safeguarding.yearly.known import DIVIDED, Learnt, YearKnown, themes_in
from safeguarding.yearly.learning_counted import actions_of_the_year, not_implemented

GIVEN_UP = {"withdrawn": "withdrawn", "superseded": "replaced"}
"""The statuses of an action on which nothing more is owed and by which no finding was implemented, in words."""


class HeadLine(NamedTuple):
    """Something that the account says of a review: of which item, under which theme, and what is said besides."""

    reference: str
    item: str = ""
    """The item whose approved wording is said; empty where the review is only named."""
    theme: str = ""
    besides: str = ""
    owed: bool = True
    """Whether the account lacks something where the item has no approved wording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHead:
    """One head: its title with the provision, what it holds, what is said where it holds nothing."""

    title: str
    about: str
    nothing: str
    lines: Callable[[YearKnown], Sequence[HeadLine]]
    counts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The figures that its sentences would tell whoever counts them, by the kind of item: such as `R`."""


def heads_of(track: Track) -> tuple[LegalHead, ...]:
    """The heads of the account of a track, in their order."""
    adults = track is Track.ADULTS

    def titled(words: str, letter: str) -> str:
        return f"{words} (Sch.2 para 4(1)({letter}))" if adults else words

    own = (_OWN,) if adults else ()
    return (
        *own,
        LegalHead(
            title=titled("Findings of the reviews that concluded in the year", "d"),
            about="By theme: summaries, lessons, findings and recommendations, each in its approved wording.",
            nothing="No review concluded in the year, or none has an approved wording.",
            lines=_concluded,
            counts={SUMMARY: ("concluded",), "L": ("lessons",), "F": ("findings",), "R": ("recommendations",)},
        ),
        LegalHead(
            title=titled("Reviews ongoing at the end of the year", "e"),
            about="Reviews that had begun and had no accepted report, whether or not they began in the year.",
            nothing="None that is named here.",
            lines=_ongoing,
        ),
        LegalHead(
            title=titled("What was done to implement findings", "f"),
            about="Of recommendations that were accepted, of this year's reviews and of earlier ones: the actions.",
            nothing="No recommendation that was accepted has an approved wording.",
            lines=_implemented,
            counts={"R": ("recommendations-accepted",), "A": ("actions",)},
        ),
        LegalHead(
            title=titled("What it was decided not to implement, and why", "g"),
            about="Decided in the year. The reasons themselves are sealed: the approved wording is to give them.",
            nothing="No such decision has an approved wording, or there was none.",
            lines=_refused,
            counts={"R": ("not-implemented", "recommendations-will-not-be-implemented")},
        ),
    )


_OWN = LegalHead(
    title="The board's own account (Sch.2 para 4(1)(a) to (c))",
    about="These heads are of no review, and the record of reviews holds nothing of them.",
    nothing="The board writes them: see the last part of this draft.",
    lines=lambda known: (),
)


def _concluded(known: YearKnown) -> list[HeadLine]:
    concluded = set(known.concluded())
    lines = [HeadLine(one, SUMMARY) for one in known.concluded()]
    for found in (known.lessons, known.findings):
        lines += [line for one in found if one.reference in concluded for line in _learnt(one)]
    for row in known.recommendations:
        if row.reference in concluded:
            lines += [HeadLine(row.reference, row.recommendation, theme) for theme in themes_in(row.themes)]
    return lines


def _learnt(one: Learnt) -> Iterator[HeadLine]:
    yield from (HeadLine(one.reference, one.number, theme) for theme in one.themes)


def _ongoing(known: YearKnown) -> list[HeadLine]:
    end = known.until
    return [
        HeadLine(name, besides=f"is now at the stage «{known.record.reviews[name].stage.named(known.track)}».")
        if known.record.reviews[name].open
        else HeadLine(name, besides=f"was ongoing on {say(end)}, and is closed now.")
        for name, turns in known.courses.items()
        if ongoing(turns, end)
    ]


def _implemented(known: YearKnown) -> list[HeadLine]:
    status = {behind.same: action.status for _, behind, action in actions_of_the_year(known)}
    lines: list[HeadLine] = []
    for row in known.recommendations:
        theirs = [one for one in row.actions.split(DIVIDED) if (row.reference, one) in status]
        decided_now = known.period.holds(row.decided_on)
        if row.decision == "accepted" and row.made_on <= known.period.last and (theirs or decided_now):
            lines.append(HeadLine(row.reference, row.recommendation, besides=_how_far(row, theirs, status)))
            lines += [
                HeadLine(row.reference, one, besides=f"This action: {status[row.reference, one]}.", owed=False)
                for one in theirs
            ]
    return lines


def _how_far(row: RecommendationRow, actions: Sequence[str], status: dict[tuple[str, str], str]) -> str:
    if not actions:
        return "No action for it is on record."
    theirs = [status[row.reference, one] for one in actions]
    done = sum(one in LOOKED_AT for one in theirs)
    given_up = [f"{theirs.count(one)} {words}" for one, words in GIVEN_UP.items() if one in theirs]
    of = f"{done} of {len(actions)} {'action' if len(actions) == 1 else 'actions'}"
    return f"Done: {'; '.join([of, ', '.join(given_up)] if given_up else [of])}."


def _refused(known: YearKnown) -> list[HeadLine]:
    return [HeadLine(row.reference, row.recommendation) for row in known.recommendations if not_implemented(row, known)]
