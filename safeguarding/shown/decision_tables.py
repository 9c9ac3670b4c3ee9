"""
The legal tests in the printed rule book: each table row by row, as it is read, for a lawyer to review and sign.

Which duties a row begins is worked out from the rulebook, by the milestones that follow from the row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from safeguarding.law.citation import Confidence, Level
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.criteria import NO, Result, Row, Table
from safeguarding.review.legal_tests import TABLES
from safeguarding.review.states import STAGE_OF

FOLLOWS: dict[Result, str] = {
    Result.NOTIFY_PANEL: "The local authority notifies the national Panel.",
    Result.OTHER_AREA_NOTIFIES: "The authority of the other area notifies; it is told, and that is recorded.",
    Result.NOTIFY_SECRETARY_OF_STATE: "Notice of the death to the Secretary of State and Ofsted.",
    Result.NO_NOTIFICATION: "No notice is owed by this test.",
    Result.MANDATORY: "A review must be arranged.",
    Result.DISCRETIONARY: "A review may be arranged.",
    Result.NOT_A_SAR: "This section gives no review.",
    Result.ANOTHER_BOARD: "The board of that area decides; it is told, and that is recorded.",
    Result.LOCAL_REVIEW: "A local review is pointed to; the partners decide, with reasons.",
    Result.NO_LOCAL_REVIEW: "No local review is pointed to; the partners decide, with reasons.",
    Result.OPEN_CHOICE: "The partners choose, with reasons.",
    Result.SUITABLE: "May be appointed.",
    Result.NOT_SUITABLE: "Not appointed.",
    Result.ASK_FOR_INFORMATION: "Information is asked for first.",
}
"""What each result of a table means, as a sentence."""

HOW_READ = (
    "Each test is put as questions that are answered «yes», «no» or «not known», each with a reason. The rows are read "
    "from the top and the first that fits decides. Where a row above might fit, were something known that is not, and "
    "would say something else, information is asked for: «not known» never counts as «no». A finding is kept with its "
    "row and provision in the line of the decision; it is shown beside the decision, which is the partners' own. The "
    "duties that a row begins, and those without a clock that then apply, stand by number in the lists before; a "
    "notice that is owed keeps the case open. The national Panel's own test (S.I. 2018/789 reg.3) is the Panel's to "
    "apply, and has no table here."
)


def duties_of(row: Row, table: Table, rulebook: Rulebook) -> tuple[str, ...]:
    """
    The duties of the law that begin where a row is found, by the ids of their rules; none of them a local date.

    What a later milestone of the same row ends again is not among them.
    """
    begun: dict[str, None] = {}
    for mark in row.marks:
        ended = {rule.id for rule in rulebook.ended_by(mark, table.track)}
        started = [rule.id for rule in rulebook.started_by(mark, table.track) if rule.level is not Level.LOCAL]
        begun = dict.fromkeys([rule for rule in begun if rule not in ended] + started)
    return tuple(sorted(begun))


def untimed_duties_of(row: Row, table: Table, rulebook: Rulebook) -> tuple[str, ...]:
    """The duties of the law without a clock that apply where a row is found, by the ids of their rules."""
    tracks = ("both", table.track.value)
    ids = {
        rule.id
        for rule in rulebook.rules
        if rule.track_only and rule.level is not Level.LOCAL
        if rule.track in tracks and rule.starts in (*row.marks, *row.found)
    }
    return tuple(sorted(ids - set(row.without)))


def decision_tables(rulebook: Rulebook, sign: Callable[[str], str]) -> Iterator[str]:
    """The part of the document that holds the tables; `sign` draws the room for a signature under each."""
    yield '<h2 class="page">The legal tests</h2>'
    yield f"<p>{escape(HOW_READ)}</p>"
    for table in TABLES:
        rows = "".join(_row(row, table, rulebook) for row in (*table.rows, table.otherwise))
        head = (
            "<tr><th>Row</th><th>If</th><th>What follows, and why</th><th>Duties begun; the case</th><th>By</th></tr>"
        )
        yield (
            f'<section><h3><span class="id">{escape(table.number)}</span> {escape(table.name)}</h3>'
            f'<table class="citations tests"><thead>{head}</thead><tbody>{rows}</tbody></table>{sign(table.number)}'
            "</section>"
        )


def _row(row: Row, table: Table, rulebook: Rulebook) -> str:
    wanted = [f"{'<strong>not</strong>: ' if it == NO else ''}{escape(table.asks[q])}" for q, it in row.when.items()]
    if not row.when:
        wanted = ["in every other case" + (f", once this is known: {_known(table)}" if table.must_know else "")]
    tag = Confidence(row.confidence)
    sure = "sure" if tag is Confidence.V else "unsure"
    return (
        f"<tr><td>{escape(row.number)}</td><td>{';<br>and '.join(wanted)}</td>"
        f"<td><strong>{escape(FOLLOWS[row.result])}</strong> {escape(row.basis[:1].upper() + row.basis[1:])}.</td>"
        f"<td>{_duties(row, table, rulebook)}</td>"
        f'<td>{escape(row.provision)} <span class="tag {sure}">{tag.value}</span></td></tr>'
    )


def _duties(row: Row, table: Table, rulebook: Rulebook) -> str:
    """Which duties begin, and when; and to which states the case may come."""
    rules = duties_of(row, table, rulebook)
    untimed = untimed_duties_of(row, table, rulebook)
    begun = f"<strong>{escape(', '.join(rules))}</strong> {escape(table.begins)}." if rules else "No duty begins."
    begun += f" Without a clock: <strong>{escape(', '.join(untimed))}</strong>." if untimed else ""
    closed = " or ".join(state.words for state in row.ends_as if state not in STAGE_OF)
    goes_on = " or ".join(state.words for state in row.ends_as if state in STAGE_OF)
    case = [f"Goes on: {goes_on}."] if goes_on else []
    case += [f"Closes as: {closed}."] if closed else []
    return f"{begun} {escape(' '.join(case))}"


def _known(table: Table) -> str:
    return "; ".join(escape(asked) for question, asked in table.asks.items() if question in table.must_know)
