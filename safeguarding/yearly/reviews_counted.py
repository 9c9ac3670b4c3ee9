"""
Referrals, decisions, reviews and publications of a year as figures, each with the reviews behind it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from safeguarding.dates.working_days import say
from safeguarding.registers.decisions import DecisionRow, decision_rows
from safeguarding.registers.publications import NOTHING, publication_rows
from safeguarding.review.states import Track
from safeguarding.yearly.course import ongoing
from safeguarding.yearly.figures import Behind, Figures, FigureTable, Sum
from safeguarding.yearly.known import NOTIFIED, RAPID_REVIEW_SENT, REFERRED, YearKnown

NO_ROUTE = "no learning route on record"
TITLES = {
    "Notification decided": "Decisions whether to notify",
    "Partners decided": "Decisions whether to carry out a review",
    "Not a serious case": "Referrals that were found to be no serious case",
    "Notification withdrawn": "Notifications that were withdrawn",
}
"""What the figures of a kind of decision are called; others are called as the history has them."""
CRITERIA = {
    "met": "Criteria met",
    "not met": "Criteria not met",
    "may be reviewed": "The law leaves the choice",
    "for another area": "For another area or board",
}


def key_of(*words: str) -> str:
    """Words as a key: small letters, digits and dashes."""
    return "-".join(re.sub(r"[^a-z0-9]+", "-", one.lower()).strip("-") for one in words)


def each(references: Iterable[str]) -> tuple[Behind, ...]:
    """Reviews as they stand behind a figure."""
    return tuple(Behind(one) for one in references)


def referrals(known: YearKnown, figures: Figures) -> list[FigureTable]:
    """What came in, what was decided on it, and where the criteria were not met by which way there is learning."""
    keys = [figures.add("referrals", "Referrals received", each(known.marked(REFERRED)))]
    if known.track is Track.CHILDREN:
        sent = "Notifications sent to the national Panel"
        keys.append(figures.add("notifications", sent, each(known.marked(NOTIFIED))))
        sent = "Rapid reviews sent to the national Panel"
        keys.append(figures.add("rapid-reviews", sent, each(known.marked(RAPID_REVIEW_SENT))))
    tables = [figures.table("What came in", "By the day on which it was received or sent.", keys, "What")]
    decided = [row for row in decision_rows(known.record) if row.criteria and known.period.holds(row.decided_on)]
    if not decided:
        return tables
    by_kind: dict[str, list[DecisionRow]] = defaultdict(list)
    for row in decided:
        by_kind[row.decision].append(row)
    keys = [key for kind, rows in sorted(by_kind.items()) for key in _decisions(kind, rows, figures)]
    about = "Every decision on the criteria that stands, by the day of the decision; a case may have several."
    tables.append(figures.table("Decisions", about, keys, "Decision"))
    refused = [row for row in decided if row.criteria == "not met"]
    if refused:
        tables.append(_learning_routes(refused, figures))
    return tables


def _decisions(kind: str, rows: Sequence[DecisionRow], figures: Figures) -> list[str]:
    title = TITLES.get(kind, kind)
    of = figures.add(key_of("decisions", kind), title, map(_decision, rows))
    by: dict[str, list[Behind]] = defaultdict(list)
    for row in rows:
        by[row.criteria].append(_decision(row))
    parts = [
        (key_of("decisions", kind, name), f"{title}: {words[:1].lower()}{words[1:]}", by[name])
        for name, words in CRITERIA.items()
        if name in by
    ]
    keys = figures.parted(of, parts)
    return [of, *keys]


def _decision(row: DecisionRow) -> Behind:
    return Behind(row.reference, f"line {row.line} of its record", row.outcome)


def _learning_routes(rows: Sequence[DecisionRow], figures: Figures) -> FigureTable:
    by: dict[str, list[Behind]] = defaultdict(list)
    for row in rows:
        by[row.learning_route or NO_ROUTE].append(_decision(row))
    of = figures.add("criteria-not-met", "Decisions that the criteria are not met", map(_decision, rows))
    parts = [(key_of("route", name), f"{name[:1].upper()}{name[1:]}", by[name]) for name in sorted(by)]
    keys = figures.parted(of, parts)
    by_kind = {key_of("decisions", row.decision, "not met") for row in rows}
    figures.sums.append(Sum(figures.there(sorted(by_kind)), (of,)))
    about = "Where the criteria are not met there may be learning all the same: the way that was chosen."
    return figures.table("Criteria not met, and how there is learning", about, [of, *keys], "Way")


def reviews(known: YearKnown, figures: Figures) -> list[FigureTable]:
    """Reviews at the beginning of the year, begun, concluded, ended otherwise, and ongoing at its end."""
    day_before, end = known.period.first - timedelta(days=1), known.until
    turns = {what: each(known.turned(what)) for what in ("begun", "opened again", "concluded", "ended")}
    keys = [
        figures.add("ongoing-before", "Ongoing at the beginning of the year", each(_ongoing(known, day_before))),
        figures.add("begun", "Begun in the year", turns["begun"]),
        figures.add("opened-again", "Opened again in the year, after their end", turns["opened again"]),
        figures.add("concluded", "Concluded in the year", turns["concluded"]),
        figures.add("ended", "Ended in the year without an accepted report", turns["ended"]),
        figures.add("ongoing", f"Ongoing on {say(end)}", each(_ongoing(known, end))),
    ]
    figures.sums.append(Sum(tuple(keys[:3]), tuple(keys[3:])))
    about = (
        "A review begins with the decision to arrange it, and concludes on the day on which its report was accepted. "
        "What concluding is, the Acts do not say where they were read: this is our own reading."
    )
    return [figures.table("Reviews", about, keys, "Reviews")]


def _ongoing(known: YearKnown, at_the_end_of: date) -> list[str]:
    return [name for name, turns in known.courses.items() if ongoing(turns, at_the_end_of)]


def publications(known: YearKnown, figures: Figures) -> list[FigureTable]:
    """What was published in the year, what was decided not to be, and what was published in the past 12 months."""
    rows = publication_rows(known.record, known.today)
    inside = [row for row in rows if known.period.holds(row.published_on or row.decided_on)]
    by: dict[str, list[Behind]] = defaultdict(list)
    for row in inside:
        by[row.what].append(Behind(row.reference, f"line {row.line} of its record"))
    published = [behind for what, found in by.items() if what != NOTHING for behind in found]
    of = figures.add("published", "Published in the year", published)
    parts = [(key_of("published", what), f"Published: {what}", by[what]) for what in sorted(by) if what != NOTHING]
    kinds = figures.parted(of, parts)
    recent = [Behind(row.reference, f"line {row.line} of its record") for row in rows if row.past_12_months]
    keys = [
        of,
        *kinds,
        figures.add("nothing-published", "Decided in the year to publish nothing", by.get(NOTHING, [])),
        figures.add("past-12-months", f"Published in the past 12 months, up to {say(known.today)}", recent),
    ]
    return [figures.table("Publications", "", keys, "Publications")]


def by_theme(items: Iterable[tuple[Sequence[str], Behind]]) -> Mapping[str, list[Behind]]:
    """Things by each of their themes; what has none by nothing."""
    found: dict[str, list[Behind]] = defaultdict(list)
    for themes, behind in items:
        for theme in themes or ("",):
            found[theme].append(behind)
    return found
