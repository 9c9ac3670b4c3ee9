"""Somebody is away: their deputy hears in their place and is told so; without a deputy, the manager hears too."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from safeguarding.law.partnership import SharedMailbox
from safeguarding.law.period import Away
from safeguarding.law.person import Person
from safeguarding.notices.deputies import handed_over
from safeguarding.notices.notice import NoticeDraft, Occasion
from tasks.post.letters import write_letter
from tasks.record.sweep import sweep

DAY = date(2026, 12, 19)
AT = datetime(2026, 12, 19, 10, 0, tzinfo=UTC)
AWAY = {"from": "2026-12-18", "to": "2027-01-04"}


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


def draft(person, channel="email", occasion=Occasion.DECISION_OWED):
    """A notice of one event."""
    return NoticeDraft(
        reference="CSPR-2026-003",
        occasion=occasion,
        person=person,
        channel=channel,
        key=f"CSPR-2026-003:4:{occasion.value}",
        not_before=AT,
        context={"reference": "CSPR-2026-003", "stage": "Decision"},
    )


def heard(drafts):
    """Who hears over which channel, and for whom."""
    return sorted((d.person, d.channel, d.context.get("in_place_of", "")) for d in drafts)


def test_the_deputy_hears_in_the_place_of_whoever_is_away(with_people):
    """Over the channels that the deputy wants, and the partner who is away hears nothing."""
    book = with_people(council={"away": AWAY}, chair={"deputy_for": "council"})
    words = "the delegated safeguarding partner (local authority)"
    assert [("chair", "email", words)] == heard(handed_over([draft("council")], book.partnership, DAY))


def test_a_deputy_who_is_told_anyway_hears_once_and_of_what_matters_more(with_people):
    """Told of the step in their own right, they owe the decision in another's."""
    book = with_people(council={"away": AWAY}, chair={"deputy_for": "council"})
    own = draft("chair", occasion=Occasion.STEP_TOLD)
    for drafts in ([draft("council"), own], [own, draft("council")]):
        (only,) = handed_over(drafts, book.partnership, DAY)
        assert ("chair", Occasion.DECISION_OWED) == (only.person, only.occasion)


def test_one_deputy_for_two_hears_once_for_both(with_people):
    """Two partners away, one deputy: one message that names both, by role."""
    book = with_people(
        council={"away": AWAY}, dcs={"away": AWAY}, chair={"deputy_for": "council"}, boss={"deputy_for": "dcs"}
    )
    (one, other) = handed_over([draft("council"), draft("dcs")], book.partnership, DAY)
    assert {"chair", "boss"} == {one.person, other.person}
    both = with_people(council={"away": AWAY}, police={"away": AWAY}, chair={"deputy_for": "council"})
    drafts = handed_over([draft("council"), draft("police")], both.partnership, DAY)
    assert {"chair", "police", "manager"} == {d.person for d in drafts}


def test_without_a_deputy_the_manager_hears_too(with_people):
    """Whoever is away has the letter as well; the manager has a copy that says why."""
    book = with_people(council={"away": AWAY})
    words = "the delegated safeguarding partner (local authority), who is away and has no deputy"
    assert [
        ("council", "email", ""),
        ("manager", "email", words),
        ("manager", "teams", words),
    ] == heard(handed_over([draft("council")], book.partnership, DAY))


def test_a_deputy_who_is_away_too_is_no_deputy(with_people):
    """Then the manager hears; and if it is the manager who is away, somebody of her unit would."""
    book = with_people(council={"away": AWAY}, chair={"deputy_for": "council", "away": AWAY})
    people = {d.person for d in handed_over([draft("council")], book.partnership, DAY)}
    assert {"council", "manager"} == people
    alone = with_people(manager={"away": AWAY}, boss={"roles": ["agency_director", "business_unit"]})
    assert {"manager", "boss"} == {d.person for d in handed_over([draft("manager")], alone.partnership, DAY)}


@pytest.mark.parametrize(
    ("day", "person"),
    [(date(2026, 12, 17), "council"), (date(2026, 12, 18), "chair"), (date(2027, 1, 4), "chair")],
    ids=["the day before", "the first day", "the last day"],
)
def test_an_absence_has_a_first_and_a_last_day(with_people, day, person):
    """Both are days of absence; on the day before and the day after, the partner hears."""
    book = with_people(council={"away": AWAY}, chair={"deputy_for": "council"})
    assert [person] == [d.person for d in handed_over([draft("council")], book.partnership, day)]


def test_a_missed_statutory_date_finds_the_deputy(casework, with_people, duties, london):
    """The partner is away when the rapid review is missed: the deputy hears at one minute past midnight."""
    book = with_people(council={"away": AWAY}, chair={"deputy_for": "council"})
    casework.opens("CSPR-2026-003", duties["rapid_review"]())
    sweep(casework.engine, book, london(2026, 12, 19, 0, 1))
    told = {row.person: row for row in casework.sent()}
    assert "council" not in told
    letter = write_letter("due_missed", told["chair"].context)
    assert "In place of the delegated safeguarding partner (local authority):" in letter.markdown


def test_an_absence_that_ends_before_it_begins_is_refused():
    """The file says so when it is loaded."""
    with pytest.raises(ValidationError, match="'to' is before 'from'"):
        Away.model_validate({"from": "2026-12-18", "to": "2026-12-17"})


def test_while_the_whole_unit_is_away_its_shared_mailbox_hears(with_people):
    """A lead without a deputy is away, and so is everybody of the unit: the mailbox that the unit shares hears too."""
    book = with_people(council={"away": AWAY}, manager={"away": AWAY}, unit={"away": AWAY})
    partnership = book.partnership
    shared = SharedMailbox(role="business_unit", email="unit@exampleshire.example")
    partnership = partnership.model_copy(update={"channels": (shared,)})
    told = heard(handed_over([draft("council")], partnership, DAY))
    away = "the delegated safeguarding partner (local authority), who is away and has no deputy"
    assert [("council", "email", ""), ("role:business_unit", "email", away)] == told
