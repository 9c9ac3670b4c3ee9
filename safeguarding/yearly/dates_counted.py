"""
Timeliness of a year by duty: how many dates fell due, how many were kept, and of those missed how many have a reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from safeguarding.errors import LawNotFound
from safeguarding.law.rulebook import Rulebook
from safeguarding.registers.breaches import BreachRow, breach_rows
from safeguarding.registers.timeliness import LATE, DateRow, date_rows
from safeguarding.yearly.figures import ALL, Behind, FigureRow, Figures, FigureTable, Sum
from safeguarding.yearly.known import YearKnown
from safeguarding.yearly.reviews_counted import key_of

HEAD = ("Duty", "Fell due", "Kept", "Late, with a reason", "Late, without a reason")
OURS = "local."
"""How the id of a rule begins that is the partnership's own."""
NO_LAW = "Dates that no law sets (duties of law among them)"
OTHERS = ("the national Panel",)
"""Who owes something and is none of the partnership: by the words of the rule. Their dates are none of its own."""
NO_REASON = "without a reason"


def timeliness(known: YearKnown, figures: Figures) -> list[FigureTable]:
    """Two tables: the dates that an Act, regulations or guidance set, and the partnership's own; and the reasons."""
    rows = date_rows(known.record, known.today, ("met", *LATE))
    rulebook = known.record.rulebook
    rows = [row for row in rows if known.period.holds(row.due_on) and not owed_by_others(row.rule, rulebook)]
    late = {_same(row): row for row in breach_rows(known.record, rows)}
    tables = []
    for law, title in ((True, "Dates of law or guidance"), (False, NO_LAW)):
        of_it = [row for row in rows if row.law is law]
        if of_it:
            tables.append(_by_duty(title, of_it, late, figures, "law" if law else "own"))
    if late:
        tables.append(_reasons([row for row in rows if _same(row) in late], late, figures))
    return tables


def owed_by_others(rule: str, rulebook: Rulebook) -> bool:
    """Whether somebody outside the partnership owes it; of a rule that the rulebook has no more nobody knows."""
    try:
        return rulebook.rule(rule).duty_holder in OTHERS
    except LawNotFound:
        return False


def _same(row: DateRow | BreachRow) -> tuple[str, ...]:
    return (row.reference, row.rule, row.of, row.due_on.isoformat())


def _behind(row: DateRow, why: str = "") -> Behind:
    said = "kept" if row.state not in LATE else f"{row.state}, {why}" if why else row.state
    return Behind(row.reference, " ".join(filter(None, (row.rule, row.of, f"({row.occurrence})"))), said)


def _why(row: BreachRow) -> str:
    """The ground that is on record for a missed date; nothing where there is none."""
    return row.reason_ground or row.deferral_ground


def _by_duty(
    title: str, rows: Sequence[DateRow], late: dict[tuple[str, ...], BreachRow], figures: Figures, name: str
) -> FigureTable:
    by: dict[str, list[DateRow]] = defaultdict(list)
    for row in rows:
        by[row.rule].append(row)
    every = _row(name, ALL, rows, late, figures)
    by = dict(sorted(by.items(), key=lambda one: (one[0].startswith(OURS), one[0])))
    parts = [_row(key_of(name, rule), _titled(of[0]), of, late, figures) for rule, of in by.items()]
    for place in range(len(every.figures)):
        figures.sums.append(Sum(tuple(one.figures[place] for one in parts), (every.figures[place],)))
    about = (
        "By the day on which it fell due, as it stands now. What fell away or is still running is not counted, "
        "nor what the national Panel owes."
    )
    return FigureTable(title=title, about=about, head=HEAD, rows=(*parts, every), drawn="last row")


def _titled(row: DateRow) -> str:
    """What is owed, with the number of the rule where it has one."""
    return row.title if row.rule.startswith(OURS) else f"{row.title} ({row.rule})"


def _row(
    name: str, words: str, rows: Sequence[DateRow], late: dict[tuple[str, ...], BreachRow], figures: Figures
) -> FigureRow:
    kept, why, silent = list[Behind](), list[Behind](), list[Behind]()
    for row in rows:
        missed = late.get(_same(row))
        if missed is None:
            kept.append(_behind(row))
        elif ground := _why(missed):
            why.append(_behind(row, ground))
        else:
            silent.append(_behind(row, NO_REASON))
    of = figures.add(key_of(name, "due"), f"{words}: fell due", (*kept, *why, *silent))
    parts = [
        (key_of(name, "kept"), f"{words}: kept", kept),
        (key_of(name, "reason"), f"{words}: late, with a reason", why),
        (key_of(name, "no-reason"), f"{words}: late, without a reason", silent),
    ]
    keys = figures.parted(of, parts)
    return FigureRow(words, (of, *keys))


def _reasons(rows: Sequence[DateRow], late: Mapping[tuple[str, ...], BreachRow], figures: Figures) -> FigureTable:
    by: dict[str, list[Behind]] = defaultdict(list)
    for row in rows:
        ground = _why(late[_same(row)]) or NO_REASON
        by[ground].append(_behind(row, ground))
    of = figures.add("late", "Dates that were missed", [behind for found in by.values() for behind in found])
    parts = [(key_of("why", name), f"{name[:1].upper()}{name[1:]}", by[name]) for name in sorted(by)]
    keys = figures.parted(of, parts)
    for column, under in (("no-reason", [key_of("why", NO_REASON)]), ("reason", _with_a_reason(parts))):
        both = [key_of(name, column) for name in ("law", "own")]
        figures.sums.append(Sum(tuple(one for one in under if one in figures.made), figures.there(both)))
    about = "The ground that is on record for each date that was missed; what was said beside it is sealed."
    return figures.table("Why dates were missed", about, [of, *keys], "Ground")


def _with_a_reason(parts: Iterable[tuple[str, str, Iterable[Behind]]]) -> list[str]:
    return [key for key, _, _ in parts if key != key_of("why", NO_REASON)]
