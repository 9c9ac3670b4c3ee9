"""
The yearly reports themselves: that one was published, and to whom it was sent, as lines of the partnership's own chain;
and what is owed of them on a day.

An adult board's report is owed as soon as is feasible after 31 March (A07): no number of days is set, so none is late.
The children's is owed within twelve months of the last one (C19), or of the day on which this record began.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, StringConstraints

from safeguarding.dates.counting import add_months
from safeguarding.dates.london import london_date
from safeguarding.dates.working_days import in_days_words, say
from safeguarding.errors import TransitionRefused
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.lifecycle import not_theirs
from safeguarding.review import answers
from safeguarding.review.events import Actor, Event
from safeguarding.review.forms import Form, FormT, WebAddress
from safeguarding.review.states import Track
from safeguarding.review.step import MANAGERS
from safeguarding.yearly.period import APRIL, TwelveMonths, beginning_before, faults_of

PUBLISHED_FORM, SENT_FORM, TAKE_BACK_FORM = "publish_yearly_report", "send_yearly_report", "take_back_yearly_report"
"""The names of the forms."""
REPORT_PUBLISHED, REPORT_SENT = "yearly_report_published", "yearly_report_sent"
REPORT_TAKEN_BACK = "yearly_report_taken_back"
"""The kinds of their lines."""
LINES = (REPORT_PUBLISHED, REPORT_SENT, REPORT_TAKEN_BACK)
RULES = {Track.ADULTS: "A07", Track.CHILDREN: "C19"}
"""The rule by which the report of a track is owed."""
FEASIBLE = "as soon as is feasible: the Act sets no number of days"
REMIND_BEFORE = 2
"""Months before a report is late in which it is reminded of: our own standard."""
OURSELVES = "Reminded once a month: the program's own standard, no law."


WhyTakenBack = Literal["its year or month was wrong", "its track was wrong", "it was not published"]
"""Why it is taken back: the partnership's own chain is open, so there is a choice and nothing to write."""


class ReportOfYear(Form):
    """Of which yearly report: the track, and the twelve months that it is about."""

    track: Literal["adults", "children"] = Field(title="Track")
    year: int = Field(title="Year that begins in", ge=2015, le=2099)
    month: int = Field(default=APRIL, title="Month in which it begins", ge=1, le=12)


class ReportIs(ReportOfYear):
    """Something that happened to a yearly report, on a day."""

    on: date = Field(title="On")


class YearlyReportPublished(ReportIs):
    """The yearly report was published."""

    page: WebAddress = Field(default="", title="Its address on the web", description="If it has one.")


class YearlyReportSent(ReportIs):
    """The yearly report was sent to one of those to whom it goes."""

    to: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,60}$")] = Field(title="To whom")


class YearlyReportTakenBack(ReportOfYear):
    """What was recorded of a yearly report, that it was published and to whom it was sent, was not so."""

    why: WhyTakenBack = Field(title="Why")


class ReportKnown(NamedTuple):
    """A report that was published: of which twelve months, when, where, and when it went to whom."""

    track: Track
    period: TwelveMonths
    published_on: date
    page: str
    sent: dict[str, date]


class ReportOwed(NamedTuple):
    """Something that is owed of a yearly report."""

    track: Track
    rule: str
    words: str
    due_on: date | None
    """None where the law sets no number."""
    since: date
    to: tuple[str, ...] = ()
    """To whom it is still to be sent; none where it is to be published."""

    def late(self, today: date) -> bool:
        """Whether its day has passed; never where it has none."""
        return self.due_on is not None and self.due_on < today


def publish_report(
    raw: dict[str, Any], actor: Actor, now: datetime, rulebook: Rulebook, before: Sequence[Event]
) -> Event:
    """
    The line that a yearly report was published, after the lines `before` of the partnership's own chain.

    Raises TransitionRefused with every reason.
    """
    form, unmet, rulebook = _filled(YearlyReportPublished, raw, actor, now, rulebook, PUBLISHED_FORM)
    period = _period(form, unmet)
    if period is not None and form.on <= period.last:
        unmet.append(f"published on {form.on}, before the year ended on {period.last}")
    unmet += [] if period is None else _against_publishing(form, period, reports_of(before), rulebook)
    _refuse(unmet, PUBLISHED_FORM)
    return _line(REPORT_PUBLISHED, "Yearly report published", form, actor, now, rulebook, len(before) + 1)


def _against_publishing(
    form: ReportIs, period: TwelveMonths, known: Iterable[ReportKnown], rulebook: Rulebook
) -> Iterator[str]:
    """No two reports of a track are about the same months; and none was sent before the day of its publication."""
    for one in known:
        if one.track != form.track:
            continue
        if one.period == period:
            early = [(rulebook.partnership.recipient(to).name, on) for to, on in one.sent.items() if on < form.on]
            if early:
                named = ", ".join(f"{name} on {on}" for name, on in early)
                yield f"published on {form.on}, after it was sent to {named}"
        elif one.period.first <= period.last and period.first <= one.period.last:
            yield (
                f"the year {period.words} overlaps that of the report of {one.period.words}, published on "
                f"{one.published_on}: each report is about twelve months of its own. Take that one back first if it "
                "was recorded wrongly"
            )


def send_report(raw: dict[str, Any], actor: Actor, now: datetime, rulebook: Rulebook, before: Sequence[Event]) -> Event:
    """
    The line that a yearly report was sent to somebody, after the lines `before` of the partnership's own chain.

    Raises TransitionRefused with every reason.
    """
    form, unmet, rulebook = _filled(YearlyReportSent, raw, actor, now, rulebook, SENT_FORM)
    period = _period(form, unmet)
    if period is not None and form.on <= period.last:
        unmet.append(f"sent on {form.on}, before the year ended on {period.last}")
    offered = recipients_of(Track(form.track), rulebook)
    if form.to not in offered:
        unmet.append(f"it goes to one of these: {', '.join(offered)}")
    unmet += [] if period is None else _against_sending(form, period, reports_of(before))
    _refuse(unmet, SENT_FORM)
    return _line(REPORT_SENT, "Yearly report sent", form, actor, now, rulebook, len(before) + 1)


def _against_sending(form: ReportIs, period: TwelveMonths, known: Iterable[ReportKnown]) -> Iterator[str]:
    """What is sent is the report that was published."""
    theirs = [one for one in known if one.track == form.track and one.period == period]
    if not theirs:
        yield f"that the report of {period.words} was published is not on record: record that first"
    elif form.on < theirs[-1].published_on:
        yield f"sent on {form.on}, before it was published on {theirs[-1].published_on}"


def take_back_report(
    raw: dict[str, Any], actor: Actor, now: datetime, rulebook: Rulebook, before: Sequence[Event]
) -> Event:
    """
    The line that takes back what is on record of a report, after the lines `before` of the partnership's own chain.

    The lines that it takes back stay, and are owed again. Raises TransitionRefused with every reason.
    """
    form, unmet, rulebook = _filled(YearlyReportTakenBack, raw, actor, now, rulebook, TAKE_BACK_FORM)
    period = _period(form, unmet)
    known = [(one.track, one.period) for one in reports_of(before)]
    if period is not None and (Track(form.track), period) not in known:
        unmet.append(f"no report of {period.words} is on record, so there is none to take back")
    _refuse(unmet, TAKE_BACK_FORM)
    return _line(REPORT_TAKEN_BACK, "Yearly report taken back", form, actor, now, rulebook, len(before) + 1)


def recipients_of(track: Track, rulebook: Rulebook) -> tuple[str, ...]:
    """To whom the report of a track is sent once it is published, by the ids of its rule."""
    return tuple(one for one in rulebook.rule(RULES[track]).recipients if one != "public")


REPORTINGS: dict[str, Callable[[dict[str, Any], Actor, datetime, Rulebook, Sequence[Event]], Event]] = {
    PUBLISHED_FORM: publish_report,
    SENT_FORM: send_report,
    TAKE_BACK_FORM: take_back_report,
}
"""What may be said of a yearly report, by the name of its form."""


def _filled(
    form: type[FormT], raw: dict[str, Any], actor: Actor, now: datetime, rulebook: Rulebook, name: str
) -> tuple[FormT, list[str], Rulebook]:
    today = london_date(now)
    rulebook = rulebook.on(today)
    filled, unmet = answers.read(form, raw, None, rulebook), not_theirs(MANAGERS, actor, rulebook)
    if isinstance(filled, list):
        raise TransitionRefused("the partnership", name, (*unmet, *filled))
    on, partnership = getattr(filled, "on", today), rulebook.partnership
    track = getattr(filled, "track", None)
    if track not in partnership.tracks:
        unmet.append(f"{partnership.name} does no reviews of {track}, so it owes no report of them")
    return filled, [*unmet, *([f"{on} is still to come: today is {today}"] if on > today else [])], rulebook


def _period(form: ReportOfYear, unmet: list[str]) -> TwelveMonths | None:
    wrong = faults_of(Track(form.track), form.year, form.month)
    unmet += wrong
    return None if wrong else TwelveMonths.beginning(form.year, form.month)


def _refuse(unmet: Sequence[str], name: str) -> None:
    if unmet:
        raise TransitionRefused("the partnership", name, tuple(in_days_words(words) for words in unmet))


def _line(
    kind: str, title: str, form: ReportOfYear, actor: Actor, now: datetime, rulebook: Rulebook, sequence: int
) -> Event:
    facts = form.model_dump(mode="json", exclude_defaults=True)
    return Event(sequence=sequence, at=now, actor=actor, kind=kind, title=title, facts=facts, edition=rulebook.digest)


# --------------------------------------------------------------------------- what is known, and what is owed


def reports_of(lines: Iterable[Event]) -> list[ReportKnown]:
    """Every report that was published and not taken back, in the order of their days; said twice, the last counts."""
    found: dict[tuple[str, str], ReportKnown] = {}
    sent: dict[tuple[str, str], dict[str, date]] = {}
    for line in lines:
        if line.kind not in LINES:
            continue
        facts = line.facts
        period = TwelveMonths.beginning(facts["year"], facts.get("month", APRIL))
        key = (facts["track"], period.name)
        if line.kind == REPORT_TAKEN_BACK:
            found.pop(key, None)
            sent.pop(key, None)
            continue
        on = date.fromisoformat(facts["on"])
        theirs = sent.setdefault(key, {})
        if line.kind == REPORT_SENT:
            theirs[facts["to"]] = on
        else:
            found[key] = ReportKnown(Track(facts["track"]), period, on, facts.get("page", ""), theirs)
    return sorted(found.values(), key=lambda one: (one.published_on, one.track))


def reports_owed(
    lines: Sequence[Event], began: date, rulebook: Rulebook, tracks: Iterable[Track], today: date
) -> list[ReportOwed]:
    """
    What is owed of the yearly reports of these tracks on a day (London). `began` is the day on which this record began:
    of a year that ended before it nothing is known, and nothing is chased.
    """
    known, owed = reports_of(lines), list[ReportOwed]()
    for track in tracks:
        rule, theirs = rulebook.rule(RULES[track]), [one for one in known if one.track is track]
        owed += _adults(rule, theirs, began, today) if track is Track.ADULTS else _children(rule, theirs, began, today)
        owed += _to_be_sent(rule, theirs, recipients_of(track, rulebook))
    return owed


def _adults(rule: Rule, known: Sequence[ReportKnown], began: date, today: date) -> list[ReportOwed]:
    done, owed = {one.period.name for one in known}, []
    for year in range(beginning_before(began), beginning_before(today) + 1):
        period = TwelveMonths.beginning(year)
        if period.last >= began and period.name not in done:
            words = f"{rule.title}, {period.words}: to be published"
            owed.append(ReportOwed(Track.ADULTS, rule.id, words, None, period.last + timedelta(days=1)))
    return owed


def _children(rule: Rule, known: Sequence[ReportKnown], began: date, today: date) -> list[ReportOwed]:
    since = known[-1].published_on if known else began
    length = rule.edition_on(today).length
    due = add_months(since, length) if length is not None else None
    why = "the last was published" if known else "this record began, which knows of none"
    words = f"{rule.title}: the next one to be published, counted from {say(since)}, when {why}"
    return [ReportOwed(Track.CHILDREN, rule.id, words, due, since)]


def _to_be_sent(rule: Rule, known: Sequence[ReportKnown], recipients: Sequence[str]) -> list[ReportOwed]:
    return [
        ReportOwed(one.track, rule.id, f"{rule.title}, {one.period.words}: to be sent", None, one.published_on, left)
        for one in known
        if (left := tuple(to for to in recipients if to not in one.sent))
    ]


def is_reminded(owed: ReportOwed, today: date) -> bool:
    """Whether it is time to remind of it: at once where no day is set, else some months before its day."""
    return owed.due_on is None or today >= add_months(owed.due_on, -REMIND_BEFORE)
