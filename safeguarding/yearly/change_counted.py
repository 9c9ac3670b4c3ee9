"""
What changed, how good the reviews were by their markers, and who read what was learnt, in a year, as figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from safeguarding.registers.dissemination import dissemination_rows
from safeguarding.review.learning_entries import ActionMoved, ImpactSeen, QualityMarkersAssessed
from safeguarding.review.quality_markers import LISTS, QualityMarker
from safeguarding.yearly.figures import ALL, Behind, FigureRow, Figures, FigureTable, Sum
from safeguarding.yearly.known import IMPACT, REOPENED, YearKnown
from safeguarding.yearly.reviews_counted import key_of

SEEN = ("change seen", "no change seen", "too early to say")
ANSWERS = ("met", "partly", "not yet", "not applicable")


def change(known: YearKnown, figures: Figures) -> list[FigureTable]:
    """The impact of reviews and of actions, the quality markers, and dissemination."""
    return [*_impact(known, figures), *_markers(known, figures), *_dissemination(known, figures)]


def _impact(known: YearKnown, figures: Figures) -> list[FigureTable]:
    rows = []
    for name, words, seen in (
        ("impact", "Reviews whose impact was looked at", dict(_of_reviews(known))),
        ("action-impact", "Actions whose impact was looked at", _of_actions(known)),
    ):
        of = figures.add(name, words, [Behind(*thing, what) for thing, what in seen.items()])
        parts = [
            (key_of(name, what), f"{words}: {what}", [Behind(*thing) for thing, one in seen.items() if one == what])
            for what in SEEN
        ]
        rows.append(FigureRow(words, (of, *figures.parted(of, parts))))
    about = "Of each what was said last in the year. «No change seen» is a result too, and is reported."
    head = ("Impact", "Looked at", *(f"{one[:1].upper()}{one[1:]}" for one in SEEN))
    return [FigureTable(title="What changed", about=about, head=head, rows=tuple(rows))]


def _of_reviews(known: YearKnown) -> Iterator[tuple[tuple[str, str], str]]:
    for reference, line in known.lines():
        seen = line.event.facts.get("impact")
        on = line.answered("closed_on") or line.answered("on")
        if line.event.kind in IMPACT and isinstance(seen, str) and known.period.holds(on):
            yield (reference, ""), seen


def _of_actions(known: YearKnown) -> Mapping[tuple[str, str], str]:
    """What was seen last in the year of each action; nothing of one that was reopened since, by the end of the year."""
    seen: dict[tuple[str, str], str] = {}
    for reference, line in known.lines():
        for one in line.entries:
            if isinstance(one, ImpactSeen) and known.period.holds(one.on):
                seen[reference, one.action] = one.outcome
            elif isinstance(one, ActionMoved) and one.status == REOPENED and one.on <= known.period.last:
                seen.pop((reference, one.action), None)
    return seen


def _markers(known: YearKnown, figures: Figures) -> list[FigureTable]:
    """Of each marker what was found last in the year in each review that was looked at by it."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for reference, line in known.lines():
        for one in line.entries:
            if isinstance(one, QualityMarkersAssessed) and known.period.holds(one.on):
                for marker, answer in one.answers.items():
                    found[marker][reference] = answer
    if not found:
        return []
    markers = LISTS[known.track]
    rows = [_marker(one, found.get(one.id, {}), figures) for one in markers.markers]
    about = f"The partnership's own assessment by the {markers.name} ({markers.source}), as it was last in the year."
    head = ("Marker", "Reviews", *(f"{one[:1].upper()}{one[1:]}" for one in ANSWERS))
    return [FigureTable(title="Quality markers", about=about, head=head, rows=tuple(rows))]


def _marker(marker: QualityMarker, answers: Mapping[str, str], figures: Figures) -> FigureRow:
    of = figures.add(key_of(marker.id), f"{marker.words}: reviews looked at", [Behind(one) for one in answers])
    parts = [
        (
            key_of(marker.id, name),
            f"{marker.words}: {name}",
            [Behind(one) for one, answer in answers.items() if answer == name],
        )
        for name in ANSWERS
    ]
    return FigureRow(marker.words, (of, *figures.parted(of, parts)))


def _dissemination(known: YearKnown, figures: Figures) -> list[FigureTable]:
    sent = [row for row in dissemination_rows(known.record, known.today) if known.period.holds(row.sent_on)]
    if not sent:
        return []
    by: dict[str, dict[str, list[Behind]]] = defaultdict(lambda: defaultdict(list))
    for row in sent:
        by[row.what][row.state].append(Behind(row.reference, f"{row.sharing} {row.agency}"))
    states = sorted({row.state for row in sent})
    every = [(state, [one for found in by.values() for one in found[state]]) for state in states]
    total = _sent("sent", ALL, every, figures)
    rows = [
        _sent(key_of("sent", what), f"{what[:1].upper()}{what[1:]}", [(one, by[what][one]) for one in states], figures)
        for what in sorted(by)
    ]
    for place, of in enumerate(total.figures):
        figures.sums.append(Sum(tuple(row.figures[place] for row in rows), (of,)))
    about = "What was sent in the year to each agency, and what it has said of it up to now."
    head = ("What was sent", "To agencies", *(f"{one[:1].upper()}{one[1:]}" for one in states))
    return [FigureTable(title="Sharing what was learnt", about=about, head=head, rows=(*rows, total))]


def _sent(name: str, words: str, by: list[tuple[str, list[Behind]]], figures: Figures) -> FigureRow:
    said = f"Sent: {words}" if words != ALL else "Sent in the year to agencies"
    of = figures.add(name, said, [one for _, found in by for one in found])
    parts = [(key_of(name, state), f"{said}: {state}", found) for state, found in by]
    return FigureRow(words, (of, *figures.parted(of, parts)))
