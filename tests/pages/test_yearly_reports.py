"""The yearly reports themselves: what is owed from 1 April on, recorded at the pages, and reminded of once a month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from driver.filling import Filler
from driver.visitor import Clock, Visitor
from sqlalchemy import select

from safeguarding.errors import TransitionRefused
from safeguarding.review.events import Actor
from tasks.record import staff
from tasks.record.installation import Installation
from tasks.record.sweep_round import written_digests
from tasks.record.yearly_reports import reports_now, sentence_of
from tasks.store.session import reading
from tasks.store.tables import notice_facts, notices

Somebody = Callable[[str], Filler]
ALEX = Actor(person="alex_example")
OF_IT = (notices.c.occasion == "yearly_report", notices.c.channel == "email")
TO = [
    "local_authority_chief_executive",
    "local_authority_leader",
    "local_policing_body",
    "local_healthwatch",
    "health_and_wellbeing_board_chair",
]


@pytest.fixture
def april(clock: Clock) -> Clock:
    """Monday 12 April 2027, in the morning: the record began on 30 November 2026."""
    clock.at = datetime(2027, 4, 12, 10, 30, tzinfo=UTC)
    return clock


@pytest.fixture
def unit(april: Clock, somebody: Somebody) -> Visitor:
    """The business manager, signed in on that day."""
    return somebody("alex_example").visitor


def owed(installation: Installation, on: date) -> list[str]:
    """What is owed of the yearly reports on a day, in sentences."""
    found = reports_now(installation.records, installation.rulebook, on).owed
    return [sentence_of(one, installation.rulebook, on) for one in found]


def reminded(installation: Installation) -> list[tuple[str, str]]:
    """Who has a letter of the yearly reports by mail, and of what."""
    said = select(notices.c.person, notice_facts.c.context).join(
        notice_facts, (notice_facts.c.key == notices.c.key) & (notice_facts.c.variant == notices.c.variant)
    )
    with reading(installation.records.engine) as connection:
        rows = connection.execute(said.where(*OF_IT).order_by(notices.c.id)).all()
    return [(row.person, row.context["owed"]) for row in rows]


def test_the_boards_report_is_owed_from_the_first_of_april(installation: Installation) -> None:
    """On 31 March not yet; on 1 April it is, without a number of days; of the year before the record nothing is."""
    assert not [one for one in owed(installation, date(2027, 3, 31)) if "A07" in one]
    (one,) = [one for one in owed(installation, date(2027, 4, 1)) if "A07" in one]
    assert "1 April 2026 to 31 March 2027: to be published" in one
    assert "owed since Thu 1 Apr 2027, as soon as is feasible: the Act sets no number of days" in one


def test_the_childrens_report_is_counted_from_the_last_one(installation: Installation) -> None:
    """Twelve months from the day on which the record began; published on 30 June 2027, twelve months from then."""
    (one,) = [one for one in owed(installation, date(2027, 4, 1)) if "C19" in one]
    assert "this record began, which knows of none" in one and "due Tue 30 Nov 2027" in one
    raw = {"track": "children", "year": 2026, "on": date(2027, 6, 30)}
    staff.say_of_report(installation, "publish_yearly_report", raw, ALEX, datetime(2027, 7, 1, 9, tzinfo=UTC))
    sentences = [one for one in owed(installation, date(2027, 7, 1)) if "C19" in one]
    assert "due Fri 30 Jun 2028" in sentences[0]
    assert "to be sent to Child Safeguarding Practice Review Panel, What Works body" in sentences[1]


def test_what_stands_in_the_way_is_said_at_once(installation: Installation) -> None:
    """A partner, an adult year from May, a day to come, before the year ended; and somebody to whom it does not go."""
    now = datetime(2027, 4, 12, 9, tzinfo=UTC)
    partner = Actor(person="glenn_sample")
    with pytest.raises(TransitionRefused) as refused:
        raw = {"track": "adults", "year": 2026, "month": 5, "on": date(2027, 4, 13)}
        staff.say_of_report(installation, "publish_yearly_report", raw, partner, now)
    said = "; ".join(refused.value.unmet)
    assert "still to come" in said and "leave the month out" in said and "business manager" in said
    with pytest.raises(TransitionRefused, match="before the year ended"):
        raw = {"track": "adults", "year": 2026, "on": date(2027, 3, 31)}
        staff.say_of_report(installation, "publish_yearly_report", raw, ALEX, now)
    with pytest.raises(TransitionRefused, match="it goes to one of these: local_authority_chief_executive"):
        raw = {"track": "adults", "year": 2026, "on": date(2027, 4, 12), "to": "national_panel"}
        staff.say_of_report(installation, "send_yearly_report", raw, ALEX, now)
    with pytest.raises(TransitionRefused) as refused:
        raw = {"track": "adults", "year": 2026, "on": date(2027, 3, 31), "to": "national_panel"}
        staff.say_of_report(installation, "send_yearly_report", raw, ALEX, now)
    early, to_none, unknown = refused.value.unmet
    assert "sent on Wed 31 Mar 2027, before the year ended on Wed 31 Mar 2027" == early
    assert to_none.startswith("it goes to one") and "was published is not on record" in unknown


def test_nothing_is_sent_before_it_was_published(installation: Installation) -> None:
    """
    Sent on 12 April, and nobody recorded that the report was published; then it was, on the 9th: sent on the 8th it is
    refused, on the 9th taken. The day of publication is not moved past it. Another year's is not on record.
    """
    now, of = datetime(2027, 4, 12, 9, tzinfo=UTC), {"track": "adults", "year": 2026}
    sent = {**of, "to": "local_healthwatch"}
    with pytest.raises(TransitionRefused, match="was published is not on record: record that first"):
        staff.say_of_report(installation, "send_yearly_report", {**sent, "on": date(2027, 4, 12)}, ALEX, now)
    staff.say_of_report(installation, "publish_yearly_report", {**of, "on": date(2027, 4, 9)}, ALEX, now)
    with pytest.raises(TransitionRefused, match="sent on Thu 8 Apr 2027, before it was published on Fri 9 Apr 2027"):
        staff.say_of_report(installation, "send_yearly_report", {**sent, "on": date(2027, 4, 8)}, ALEX, now)
    staff.say_of_report(installation, "send_yearly_report", {**sent, "on": date(2027, 4, 9)}, ALEX, now)
    with pytest.raises(TransitionRefused, match="published on Mon 12 Apr 2027, after it was sent to Local Healthwatch"):
        staff.say_of_report(installation, "publish_yearly_report", {**of, "on": date(2027, 4, 12)}, ALEX, now)
    with pytest.raises(TransitionRefused, match="1 April 2025 to 31 March 2026 was published is not on record"):
        staff.say_of_report(installation, "send_yearly_report", {**sent, "year": 2025, "on": now.date()}, ALEX, now)


def test_the_childrens_reports_are_each_about_a_year_of_its_own(installation: Installation) -> None:
    """
    The report of April 2025 to March 2026 was published. One of January 2026 on would tell of three months twice; the
    one from April 2026 on follows. The same year said again is a day put right.
    """
    now, of = datetime(2027, 7, 1, 9, tzinfo=UTC), {"track": "children", "on": date(2027, 6, 30)}
    staff.say_of_report(installation, "publish_yearly_report", {**of, "year": 2025}, ALEX, now)
    for year, month in ((2026, 1), (2024, 5)):
        with pytest.raises(TransitionRefused, match="overlaps that of the report of 1 April 2025 to 31 March 2026"):
            raw = {**of, "year": year, "month": month}
            staff.say_of_report(installation, "publish_yearly_report", raw, ALEX, now)
    staff.say_of_report(installation, "publish_yearly_report", {**of, "year": 2025, "on": date(2027, 6, 29)}, ALEX, now)
    staff.say_of_report(installation, "publish_yearly_report", {**of, "year": 2026}, ALEX, now)
    staff.say_of_report(
        installation, "publish_yearly_report", {"track": "adults", "year": 2025, "on": now.date()}, ALEX, now
    )


def test_a_mistyped_month_is_taken_back_and_put_right(unit: Visitor, installation: Installation) -> None:
    """
    Published for September, sent, and April was meant: refused as overlapping; taken back with a reason at the page,
    April is taken. What is owed follows, the history keeps every line, and what is not on record cannot be taken back.
    """
    now, of = datetime(2027, 4, 12, 9, tzinfo=UTC), {"track": "children", "year": 2025}
    wrong, right = {**of, "month": 9}, {**of, "month": 4, "on": date(2027, 4, 9)}
    before = owed(installation, now.date())
    staff.say_of_report(installation, "publish_yearly_report", {**wrong, "on": date(2027, 4, 9)}, ALEX, now)
    sent = {**wrong, "on": date(2027, 4, 9), "to": "national_panel"}
    staff.say_of_report(installation, "send_yearly_report", sent, ALEX, now)
    with pytest.raises(TransitionRefused, match=r"overlaps that .* Take that one back first"):
        staff.say_of_report(installation, "publish_yearly_report", right, ALEX, now)
    fields = {"track": "children", "year": "2025", "month": "9", "to": "take_back_yearly_report"}
    unit.get("/yearly")
    assert 422 == unit.post("/yearly/reported", **fields).status_code and "Why" in unit.words
    unit.get("/yearly")
    unit.post("/yearly/reported", **fields, why="its year or month was wrong")
    assert before == owed(installation, now.date())
    with pytest.raises(TransitionRefused, match="is on record, so there is none to take back"):
        staff.say_of_report(
            installation, "take_back_yearly_report", {**wrong, "why": "it was not published"}, ALEX, now
        )
    staff.say_of_report(installation, "publish_yearly_report", right, ALEX, now)
    (known,) = reports_now(installation.records, installation.rulebook, now.date()).known
    assert ("2025-04", {}) == (known.period.name, known.sent)
    kinds = [line.kind for line in staff.history(installation) if line.kind.startswith("yearly_report")]
    said = "yearly_report_"
    assert [f"{said}published", f"{said}sent", f"{said}taken_back", f"{said}published"] == kinds


def test_published_and_sent_it_is_owed_no_more(unit: Visitor, installation: Installation) -> None:
    """At the page: published on 12 April, sent to each of five; then nothing of the adults' report is owed."""
    unit.get("/")
    assert "Annual report of the board, 1 April 2026 to 31 March 2027: to be published" in unit.words
    unit.get("/yearly")
    assert "Annual report of the board, 1 April 2026 to 31 March 2027: to be published" in unit.words
    fields = {"track": "adults", "year": "2026", "month": "4", "on": "2027-04-12"}
    unit.post("/yearly/reported", page="https://exampleshire.example/annual", **fields)
    unit.get("/yearly")
    assert "published on Mon 12 Apr 2027, https://exampleshire.example/annual" in unit.words
    assert "to be sent to Chief executive of the local authority" in unit.words
    for to in TO:
        unit.post("/yearly/reported", to=to, **fields)
        unit.get("/yearly")
    assert not [one for one in owed(installation, date(2027, 4, 12)) if "A07" in one]
    assert "to be sent" not in unit.words
    unit.get("/")
    assert "Annual report of the board" not in unit.words


def test_what_is_refused_at_the_page_is_said_there(unit: Visitor, installation: Installation) -> None:
    """A day to come and no day at all: said in words, and nothing is recorded."""
    for on in ("2027-04-13", "", "Canary"):
        unit.get("/yearly")
        answer = unit.post("/yearly/reported", track="adults", year="2026", month="4", on=on)
        assert 422 == answer.status_code and "There is a problem" in unit.words and "Canary" not in unit.page.text
    assert not reports_now(installation.records, installation.rulebook, date(2027, 4, 12)).known


def test_the_unit_is_reminded_once_a_month_until_it_is_recorded(installation: Installation) -> None:
    """April, twice swept: one letter; May: another; published: no more of that. At night none is written."""

    def swept(*at: int) -> list[tuple[str, str]]:
        written_digests(installation, datetime(*at, tzinfo=UTC))
        return [one for one in reminded(installation) if "Annual report of the board" in one[1]]

    assert [] == swept(2027, 4, 12, 2)
    first = swept(2027, 4, 12, 9)
    assert [("alex_example", "Annual report of the board, 1 April 2026 to 31 March 2027: to be published")] == first
    assert first == swept(2027, 4, 12, 10) == swept(2027, 4, 13, 9)
    assert 2 == len(swept(2027, 5, 4, 9))
    raw = {"track": "adults", "year": 2026, "on": date(2027, 5, 5)}
    staff.say_of_report(installation, "publish_yearly_report", raw, ALEX, datetime(2027, 5, 5, 9, tzinfo=UTC))
    *_, last = swept(2027, 6, 1, 9)
    assert "to be sent to Chief executive of the local authority" in last[1] and 3 == len(swept(2027, 6, 2, 9))


def test_the_lead_partners_hear_once_that_the_childrens_is_late(installation: Installation) -> None:
    """Due on 30 November 2027: reminded from 30 September on; a day late the lead partners hear, and once."""

    def told(*at: int) -> list[str]:
        written_digests(installation, datetime(*at, tzinfo=UTC))
        return [person for person, what in reminded(installation) if "Yearly report of the partnership" in what]

    assert [] == told(2027, 9, 29, 9)
    assert ["alex_example"] == told(2027, 9, 30, 9)
    assert "dana_sample" not in told(2027, 11, 30, 9)
    late = told(2027, 12, 1, 9)
    assert 1 == late.count("dana_sample")
    assert 1 == told(2028, 1, 4, 9).count("dana_sample")


def test_nothing_that_is_typed_breaks_it_or_comes_back(unit: Visitor, installation: Installation) -> None:
    """Another track, years that are none, a recipient that nobody is: refused in words, none of them shown again."""
    good = {"track": "adults", "year": "2026", "month": "4", "on": "2027-04-12"}
    for name, typed in (
        ("track", "Canary"),
        ("year", "Canary"),
        ("year", "9" * 40),
        ("month", "13"),
        ("to", "Canary of <b>"),
        ("to", "canary"),
        ("page", "http://canary.example/?who=me"),
    ):
        unit.get("/yearly")
        answer = unit.post("/yearly/reported", **{**good, name: typed})
        assert 422 == answer.status_code and "There is a problem" in unit.words, (name, typed)
        assert "canary" not in unit.page.text.lower(), (name, typed)
    assert not reports_now(installation.records, installation.rulebook, date(2027, 4, 12)).known
