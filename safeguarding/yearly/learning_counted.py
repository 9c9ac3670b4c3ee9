"""
What was learnt in a year and what came of it: lessons, findings, recommendations, actions and impact as figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from safeguarding.dates.london import london_date
from safeguarding.law.themes import theme_words
from safeguarding.registers.known import ClockKnown
from safeguarding.registers.recommendations import RecommendationRow
from safeguarding.review.learnt import DONE, Action
from safeguarding.review.words import agency_name
from safeguarding.yearly.figures import ALL, Behind, FigureRow, Figures, FigureTable, Sum
from safeguarding.yearly.known import Learnt, YearKnown, themes_in
from safeguarding.yearly.reviews_counted import by_theme, key_of

AGREED, VERIFIED = "action_agreed", "action_verified"
NO_THEME = "No theme on record"
BY_AGENCY = ("Agency", "Actions", "Ended", "Open", "Overdue", "Not overdue")
THEMES_HEAD = ("Theme", "Lessons", "Findings", "Recommendations", "Actions")


def learning(known: YearKnown, figures: Figures) -> list[FigureTable]:
    """Lessons, findings and recommendations of the year; recommendations by decision; actions; themes; impact."""
    period = known.period
    lessons = _items([one for one in known.lessons if period.holds(one.on)])
    findings = _items([one for one in known.findings if period.holds(one.on)])
    made = [row for row in known.recommendations if period.holds(row.made_on)]
    recommended = [(themes_in(row.themes), _recommendation(row)) for row in made]
    live = actions_of_the_year(known)
    acted = [(themes, behind) for themes, behind, _ in live]
    totals = [
        figures.add("lessons", "Lessons recorded in the year", [one for _, one in lessons]),
        figures.add("findings", "Findings recorded in the year", [one for _, one in findings]),
        figures.add("recommendations", "Recommendations made in the year", [one for _, one in recommended]),
    ]
    actions = figures.add("actions", "Actions that were open at some time in the year", [one for _, one in acted])
    columns = [by_theme(one) for one in (lessons, findings, recommended, acted)]
    return [
        figures.table("What was learnt", "By the day on which it was recorded.", totals, "What"),
        *_decided(made, known, figures),
        *_actions(live, actions, known, figures),
        *_themes(columns, [*totals, actions], figures),
    ]


def _items(found: Sequence[Learnt]) -> list[tuple[Sequence[str], Behind]]:
    return [(one.themes, Behind(one.reference, one.number)) for one in found]


def _recommendation(row: RecommendationRow) -> Behind:
    return Behind(row.reference, row.recommendation, row.decision)


def _decided(made: Sequence[RecommendationRow], known: YearKnown, figures: Figures) -> list[FigureTable]:
    by: dict[str, list[Behind]] = defaultdict(list)
    for row in made:
        by[row.decision].append(_recommendation(row))
    parts = [(key_of("recommendations", name), f"{name[:1].upper()}{name[1:]}", by[name]) for name in sorted(by)]
    keys = [*figures.parted("recommendations", parts)]
    refused = [row for row in known.recommendations if not_implemented(row, known)]
    keys = [key for key, _, _ in parts]
    words = "Of any year: decided in the year that it will not be implemented"
    keys.append(figures.add("not-implemented", words, map(_recommendation, refused)))
    about = "The recommendations made in the year, by what was decided on them up to now."
    return [figures.table("Recommendations by decision", about, keys, "Decision")]


def not_implemented(row: RecommendationRow, known: YearKnown) -> bool:
    """Whether it was decided in the year that a recommendation will not be implemented."""
    return row.decision == "will not be implemented" and known.period.holds(row.decided_on)


# --------------------------------------------------------------------------- actions


def actions_of_the_year(known: YearKnown) -> list[tuple[Sequence[str], Behind, Action]]:
    """The actions agreed by the end of the year and not ended before its beginning, with the themes of each."""
    agreed, own = known.agreed, known.record.rulebook.partnership.themes
    verified = _verified_on(known.record.clocks)
    found: list[tuple[Sequence[str], Behind, Action]] = []
    for reference, review in known.record.reviews.items():
        opened = london_date(review.opened_at)
        for one in known.record.actions.get(reference, ()):
            on = agreed.get((reference, one.id), opened)
            ended = verified.get((reference, one.id), one.moved_on) if one.status == "embedded" else one.moved_on
            over = one.done and ended is not None and ended < known.period.first
            if on <= known.period.last and not over:
                themes = tuple(theme_words(theme, own) for theme in one.themes)
                found.append((themes, Behind(reference, one.id, one.status), one))
    return found


def _verified_on(clocks: Iterable[ClockKnown]) -> Mapping[tuple[str, str], date]:
    """
    When each action was verified last: what is embedded later had been done by then. The looks at it are counted from
    that day; one that was verified before there were looks met its own date on it.
    """
    found: dict[tuple[str, str], date] = {}
    met: dict[tuple[str, str], date] = {}
    for clock in clocks:
        key = clock.reference, clock.subject
        if clock.anchor == VERIFIED:
            found[key] = max(clock.anchored_on, found.get(key, clock.anchored_on))
        elif clock.anchor == AGREED and clock.ended == "settled" and clock.ended_on is not None:
            met[key] = max(clock.ended_on, met.get(key, clock.ended_on))
    return met | found


def _actions(
    live: Sequence[tuple[Sequence[str], Behind, Action]], of: str, known: YearKnown, figures: Figures
) -> list[FigureTable]:
    by_status: dict[str, list[Behind]] = defaultdict(list)
    by_agency: dict[str, list[tuple[Behind, Action]]] = defaultdict(list)
    for _, behind, one in live:
        by_status[one.status].append(behind)
        by_agency[one.agency].append((behind, one))
    parts = [(key_of("status", name), f"{name[:1].upper()}{name[1:]}", by_status[name]) for name in sorted(by_status)]
    keys = figures.parted(of, parts)
    about = "Actions agreed by the end of the year and not ended before it began, as they stand now."
    tables = [figures.table("Actions by status", about, [of, *keys], "Status")]
    if by_agency:
        tables.append(_by_agency(by_agency, live, of, known, figures))
        for whole, over in (("actions-ended", True), ("actions-open", False)):
            theirs = [key_of("status", name) for name in sorted(by_status) if (name in DONE) is over]
            figures.sums.append(Sum(figures.there(theirs), (whole,)))
    return tables


def _by_agency(
    by: Mapping[str, Sequence[tuple[Behind, Action]]],
    live: Sequence[tuple[Sequence[str], Behind, Action]],
    of: str,
    known: YearKnown,
    figures: Figures,
) -> FigureTable:
    partnership, today = known.record.rulebook.partnership, known.today
    every = (of, *progress("actions", "Actions", of, [(behind, one) for _, behind, one in live], today, figures))
    rows = []
    for agency, found in sorted(by.items(), key=lambda one: agency_name(one[0], partnership)):
        name, key = agency_name(agency, partnership), key_of("agency", agency)
        theirs = figures.add(key, f"{name}: actions", [one for one, _ in found])
        rows.append(FigureRow(name, (theirs, *progress(key, name, theirs, found, today, figures))))
    for place, total in enumerate(every):
        figures.sums.append(Sum(tuple(row.figures[place] for row in rows), (total,)))
    about = "Ended: done, replaced or withdrawn, by the table above. Overdue: open, and its day has passed."
    return FigureTable(
        title="Actions by agency", about=about, head=BY_AGENCY, rows=(*rows, FigureRow(ALL, every)), drawn="rows"
    )


def progress(
    key: str, name: str, of: str, found: Sequence[tuple[Behind, Action]], today: date, figures: Figures
) -> tuple[str, ...]:
    """
    How far actions are, as the keys of four figures: ended, open, and of those overdue and not overdue. An action that
    was withdrawn or replaced has ended as one that was done has, and is not said to be done.

    Each pair is all of what it is of, so that a number that is hidden is not told by taking one from another.
    """
    open_ones = [(behind, one) for behind, one in found if not one.done]
    ended, left = figures.parted(
        of,
        [
            (f"{key}-ended", f"{name}: ended", [behind for behind, one in found if one.done]),
            (f"{key}-open", f"{name}: open", [behind for behind, _ in open_ones]),
        ],
    )
    late = figures.parted(
        left,
        [
            (f"{key}-late", f"{name}: overdue", [behind for behind, one in open_ones if one.due_on < today]),
            (f"{key}-not-late", f"{name}: not overdue", [behind for behind, one in open_ones if one.due_on >= today]),
        ],
    )
    return (ended, left, *late)


def _themes(
    columns: Sequence[Mapping[str, list[Behind]]], totals: Sequence[str], figures: Figures
) -> list[FigureTable]:
    names = sorted({name for one in columns for name in one}, key=lambda name: (name == "", name))
    if not names:
        return []
    rows = []
    for name in names:
        words = name or NO_THEME
        cells = tuple(
            figures.add(key_of("theme", words, of), f"{words}: {of.lower()}", column.get(name, ()))
            for of, column in zip(THEMES_HEAD[1:], columns, strict=True)
        )
        rows.append(FigureRow(words, cells))
    for place, total in enumerate(totals):
        figures.sums.append(Sum(tuple(row.figures[place] for row in rows), (total,), overlaps=True))
    about = "A thing with several themes is counted under each; an action has those of what it is for."
    return [FigureTable(title="Themes", about=about, head=THEMES_HEAD, rows=tuple(rows), drawn="rows")]
