"""The digest: one a morning, of what needs its reader; never twice, never empty, never on a free day."""

from __future__ import annotations

from datetime import date

import pytest

from safeguarding.law.period import Away
from safeguarding.law.person import Person
from safeguarding.notices.digest import Look, OpenReview, digests, how_often, may_leave
from safeguarding.notices.notice import LONGEST_LIST, Occasion
from safeguarding.review.states import Stage, State, Track
from tasks.post.deliver import deliver_pending
from tasks.post.leads import LeadsTo
from tasks.post.letters import write_letter
from tasks.record.digests import write_digests
from tasks.store.session import writing

MONDAY = (2026, 12, 14)
"""A working Monday: the rapid review of the worked example is due on the Friday, the summaries were on the 9th."""


@pytest.fixture
def with_people(rulebook):
    """The small partnership with other choices for some of its people."""

    def change(**people):
        partnership = rulebook.partnership
        changed = tuple(
            Person.model_validate(person.model_dump(by_alias=True) | people.get(person.id, {}))
            for person in partnership.people
        )
        return rulebook.model_copy(update={"partnership": partnership.model_copy(update={"people": changed})})

    return change


def digest_rows(casework):
    """The digests of the outbox: whose, by which key."""
    kinds = ("digest", "weekly_summary")
    return [(row.occasion, row.person, row.key) for row in casework.sent() if row.occasion in kinds]


def test_the_manager_s_morning_opens_with_what_needs_her(casework_on_both, rulebook, duties, london, box, catcher):
    """
    On a Monday one review is due that Friday and one school is three days late. The manager has one letter, which
    opens with what is hers; both partners have their summary of the week. A second sweep writes nothing more.
    """
    casework = casework_on_both
    casework.opens("CSPR-2026-003", duties["rapid_review"](), duties["summary"]("school"), asks=("school",))
    now = london(*MONDAY, 9, 0)

    assert 3 == write_digests(casework.engine, rulebook, now)
    assert [0, 0] == [write_digests(casework.engine, rulebook, now) for _ in range(2)]
    assert [
        ("digest", "manager", "digest:2026-12-14"),
        ("weekly_summary", "council", "weekly_summary:2026-12-14"),
        ("weekly_summary", "police", "weekly_summary:2026-12-14"),
    ] == sorted(digest_rows(casework))

    deliver_pending(
        casework.engine,
        rulebook,
        box,
        now,
        "sender",
        leads=lambda *_: LeadsTo("http://127.0.0.1:4300/", "http://127.0.0.1:4200/runs"),
    )
    assert (2, 1) == catcher.caught, "one message each, over the first channel they want"
    letter = write_letter("digest", next(r.context for r in casework.sent() if r.occasion == "digest"))
    assert "All reviews · 2026-12-14 · 1 overdue, 1 this week" == letter.subject
    mine, _, others = letter.markdown.partition("**Overdue**")
    assert mine.startswith("**What needs me**")
    assert (
        "CSPR-2026-003 · Rapid review to the national Panel (C05) · due Fri 18 Dec 2026 · 4 working days left" in mine
    )
    assert "Agency summary: Testshire School (local) · due Wed 9 Dec 2026 · overdue by 3 working days" in others
    assert "waits for Testshire School" in others
    assert "Child F" not in letter.markdown


def test_each_working_day_has_its_own_digest_and_the_week_one_summary(casework, rulebook, duties, london):
    """From Saturday to Tuesday, every three hours: the manager hears on Monday and on Tuesday, the partners once."""
    casework.opens("CSPR-2026-003", duties["rapid_review"]())
    for day in (12, 13, 14, 15):
        for hour in range(0, 24, 3):
            write_digests(casework.engine, rulebook, london(2026, 12, day, hour))

    assert [
        ("digest", "manager", "digest:2026-12-14"),
        ("digest", "manager", "digest:2026-12-15"),
        ("weekly_summary", "council", "weekly_summary:2026-12-14"),
        ("weekly_summary", "police", "weekly_summary:2026-12-14"),
    ] == sorted(digest_rows(casework))
    assert {9} == {row.created_at.hour for row in casework.sent() if row.occasion == "digest"}


def test_a_week_that_begins_with_a_bank_holiday_has_its_summary_on_the_first_morning(
    casework, rulebook, duties, london
):
    """Boxing Day is kept on Monday 28 December 2026: the summary of that week leaves on the Tuesday."""
    casework.opens("CSPR-2026-003", duties["rapid_review"]())
    written = [write_digests(casework.engine, rulebook, london(2026, 12, day, 9, 15)) for day in (25, 28, 29, 30)]
    assert [0, 0, 3, 1] == written


def test_nothing_to_say_is_not_said(casework, rulebook, london):
    """An empty record on a Monday; and what begins to be owed that afternoon waits for the next morning."""
    now = london(*MONDAY, 9, 0)
    assert 0 == write_digests(casework.engine, rulebook, now)
    assert 0 == write_digests(casework.engine, rulebook, london(*MONDAY, 15, 0))
    assert [] == casework.sent()


def test_a_digest_of_yesterday_does_not_leave_today(casework, rulebook, duties, london):
    """The mail server was gone all Monday: on Tuesday only Tuesday's digest is sent."""
    casework.opens("CSPR-2026-003", duties["rapid_review"]())
    write_digests(casework.engine, rulebook, london(*MONDAY, 9, 0))
    write_digests(casework.engine, rulebook, london(2026, 12, 15, 9, 0))
    status = {row.key: row.status for row in casework.sent() if row.occasion == "digest"}
    assert {"digest:2026-12-14": "withdrawn", "digest:2026-12-15": "pending"} == status


def test_nor_does_it_where_the_sender_is_first(casework, rulebook, duties, london, box, catcher):
    """On Tuesday at nine the sender runs before any sweep: Monday's is withdrawn, and the week's summaries leave."""
    casework.opens("CSPR-2026-003", duties["rapid_review"]())
    write_digests(casework.engine, rulebook, london(*MONDAY, 9, 0))

    done = deliver_pending(casework.engine, rulebook, box, london(2026, 12, 15, 9, 0), "sender")

    assert (1, 2) == (done.withdrawn, done.delivered)
    status = {row.occasion: row.status for row in casework.sent() if row.occasion in ("digest", "weekly_summary")}
    assert {"digest": "withdrawn", "weekly_summary": "delivered"} == status
    assert {"digest:2026-12-14": "a later digest says how it stands"} == {
        row.key: row.reason for row in casework.sent() if row.status == "withdrawn"
    }


def test_a_failed_message_needs_the_manager(casework, rulebook, duties, london):
    """A letter was given up: it stands first in her morning."""
    casework.opens("CSPR-2026-003", duties["rapid_review"]())
    write_digests(casework.engine, rulebook, london(*MONDAY, 9, 0))
    with writing(casework.engine) as connection:
        connection.exec_driver_sql("UPDATE notices SET status = 'failed' WHERE person = 'police'")
    write_digests(casework.engine, rulebook, london(2026, 12, 15, 9, 0))
    today = next(row for row in casework.sent() if row.key == "digest:2026-12-15")
    first = today.context["needs_me"].split("\n")[0]
    assert "1 message could not be delivered: the delivery report says to whom and why" == first


def test_who_has_a_digest_is_the_partnership_s_choice(with_people):
    """The manager daily, the partners weekly, others none, unless the file says otherwise."""
    book = with_people(nurse={"digest": "daily"}, council={"digest": "none"})
    often = {person.id: how_often(person) for person in book.partnership.people}
    assert ("daily", "none", "weekly", "daily", "none") == tuple(
        often[person] for person in ("manager", "council", "police", "nurse", "boss")
    )


def test_an_agency_s_lead_sees_their_own_and_nothing_else(casework, with_people, duties, london):
    """The nurse asked for a digest. The school's summary and the review itself are none of her business."""
    book = with_people(nurse={"digest": "daily"})
    casework.opens("CSPR-2026-003", *[duties["summary"](a) for a in ("hospital", "school")], duties["rapid_review"]())
    write_digests(casework.engine, book, london(*MONDAY, 9, 0))
    hers = next(row for row in casework.sent() if row.person == "nurse")
    assert "Your reviews" == hers.reference
    assert [
        "CSPR-2026-003 · Agency summary: Testshire Hospital (local) · due Wed 9 Dec 2026 · overdue by 3 working days"
    ] == hers.context["waiting_on_you"].split("\n")
    assert not {"overdue", "due_today", "this_week", "open_reviews"} & set(hers.context)


def test_a_decision_that_is_owed_waits_for_whoever_owes_it(rulebook, london):
    """A review stands at the decision: it is in the partners' summary, and not among what needs the manager."""
    review = OpenReview("CSPR-2026-004", Track.CHILDREN, Stage.DECISION, State.DECISION)
    made = digests(Look([], [review]), Occasion.WEEKLY_SUMMARY, rulebook, london(*MONDAY, 9))
    waiting = {draft.person: draft.context.get("waiting_on_you") for draft in made}
    words = "CSPR-2026-004 · a decision is owed · Decision"
    assert {"council": words, "police": words} == waiting
    assert [] == digests(Look([], [review]), Occasion.DIGEST, rulebook, london(*MONDAY, 9))


def test_a_deputy_reads_the_summary_of_whoever_is_away(casework, with_people, duties, london):
    """The council's partner is on leave and the chair is the deputy: the summary says in whose place it came."""
    away = Away.model_validate({"from": "2026-12-10", "to": "2026-12-14"}).model_dump(by_alias=True)
    book = with_people(council={"away": away}, chair={"deputy_for": "council"})
    casework.opens("CSPR-2026-003", duties["rapid_review"]())
    write_digests(casework.engine, book, london(*MONDAY, 9, 0))
    summary = next(row for row in casework.sent() if row.person == "chair")
    assert "weekly_summary:2026-12-14:council" == summary.key
    assert "the delegated safeguarding partner (local authority)" == summary.context["in_place_of"]
    assert "council" not in {row.person for row in casework.sent()}


def test_a_long_list_says_how_much_more_there_is(casework, rulebook, duties, london):
    """Forty reviews late: the letter stays readable, and the board has the rest."""
    for number in range(1, 41):
        casework.opens(f"CSPR-2026-{number:03d}", duties["rapid_review"](), pseudonym=f"Child {number}")
    write_digests(casework.engine, rulebook, london(2026, 12, 21, 9, 0))
    lines = next(row for row in casework.sent() if row.occasion == "digest").context["needs_me"].split("\n")
    assert LONGEST_LIST == len(lines)
    assert "and 25 more, on the deadline board" == lines[-1]


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        ((2026, 12, 14, 8, 59), False),
        ((2026, 12, 14, 9, 0), True),
        ((2026, 12, 14, 17, 59), True),
        ((2026, 12, 14, 18, 0), False),
        ((2026, 12, 12, 10, 0), False),
        ((2026, 12, 25, 10, 0), False),
    ],
    ids=["before nine", "at nine", "before six", "in quiet hours", "on a Saturday", "on Christmas Day"],
)
def test_a_digest_leaves_on_a_working_morning(rulebook, london, moment, leaves):
    """Or later the same day, if the machine was off at nine."""
    assert leaves == may_leave(london(*moment), rulebook)


def test_a_lost_rule_is_still_owed(casework, rulebook, duties, london):
    """The rulebook no longer has the local rule: its duty is shown by its id, and waits for the manager."""
    casework.opens("CSPR-2026-003", duties["summary"]("school"))
    book = rulebook.model_copy(update={"rules": tuple(r for r in rulebook.rules if r.id == "C05")})
    write_digests(casework.engine, book, london(*MONDAY, 9, 0))
    row = next(row for row in casework.sent() if row.occasion == "digest")
    assert "local.c.agency_summary" in row.context["overdue"]
    assert date(2026, 12, 14).isoformat() == row.context["day"]
