"""
People come, go and are away, agencies merge and end: the reviews that they have a part in go on all the same.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from config.vacancies import warnings
from safeguarding.errors import TransitionRefused
from safeguarding.law.partnership import Agency
from safeguarding.law.person import Person
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.deputies import role_words, stand_ins
from safeguarding.notices.recipients import people_of
from safeguarding.review.states import State
from tasks.store import ledger, outbox
from tasks.store.tables import notices

ASKED = "hospital_trust"
DECEMBER = date(2026, 12, 1)


@pytest.fixture
def case(partnership: Any) -> Any:
    """A child review at the rapid review that waits for the hospitals, the police and children's social care."""
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification").take("decide_notification")
    asked = ["childrens_social_care", "police", ASKED]
    case.on(date(2026, 11, 27)).take("send_notification").on(date(2026, 11, 30))
    return case.take("open_rapid_review", agencies=asked)


def changed(
    rulebook: Rulebook, people: dict[str, Any] | None = None, agencies: dict[str, Any] | None = None
) -> Rulebook:
    """The example partnership with these people and agencies otherwise (None: without them)."""

    def those(kind: type[Any], before: Any, changes: dict[str, Any]) -> tuple[Any, ...]:
        there = {one.id: one.model_dump(mode="json", by_alias=True) for one in before}
        there = {name: {**there.get(name, {}), **(changes.get(name, {}) or {})} for name in {**there, **changes}}
        return tuple(kind.model_validate(one) for name, one in there.items() if changes.get(name, {}) is not None)

    it = rulebook.partnership
    update = {"people": those(Person, it.people, people or {}), "agencies": those(Agency, it.agencies, agencies or {})}
    return rulebook.model_copy(update={"partnership": it.model_copy(update=update)})


MERGED = {
    "people": {one: {"agency": "merged_trust"} for one in ("ellis_lead", "emery_director")},
    "agencies": {
        ASKED: {"until": "2026-11-30", "into": ["merged_trust"], "lead": None, "director": None},
        "merged_trust": {
            "id": "merged_trust",
            "name": "Exampleshire United Hospitals",
            "lead": "ellis_lead",
            "director": "emery_director",
            "from": "2026-12-01",
        },
    },
}


def only_it_is_waited_for(case: Any) -> None:
    """Everybody but the hospitals has answered."""
    for agency in case.review.waiting_on("information"):
        if agency != ASKED:
            case.take("record_return", agency=agency, purpose="information")


# --------------------------------------------------------------------------- agencies


@pytest.mark.parametrize("under", ["hospital_trust", "merged_trust"], ids=["its old name", "its new name"])
def test_a_return_is_recorded_under_the_old_or_the_new_name(case: Any, under: str) -> None:
    """Two trusts merge while a review waits for one of them: the request is settled as what it was asked as."""
    only_it_is_waited_for(case)
    case.records.rulebook = changed(case.records.rulebook, **MERGED)
    case.on(date(2026, 12, 3)).take("record_return", agency=under, purpose="information")
    assert () == case.review.waiting_on("information")
    assert [ASKED] == [r.agency for r in case.review.requests if r.agency in (ASKED, "merged_trust")]
    case.take("conclude_rapid_review")
    assert State.DECISION is case.review.state


@pytest.mark.parametrize("under", ["hospital_trust", "merged_trust"], ids=["its old name", "its new name"])
def test_a_merged_agency_is_excused_under_either_name(case: Any, under: str) -> None:
    """The reason for going on without it is taken, and the request ends as excused."""
    only_it_is_waited_for(case)
    case.records.rulebook = changed(case.records.rulebook, **MERGED)
    with pytest.raises(TransitionRefused, match="still waiting for Exampleshire Hospitals"):
        case.on(date(2026, 12, 3)).take("conclude_rapid_review", without=[])
    case.take("conclude_rapid_review", without=[{"agency": under, "reason": "Invented: the files are being moved."}])
    (request,) = [r for r in case.review.requests if r.agency == ASKED]
    assert "excused" == request.outcome


def test_an_agency_that_left_the_file_without_a_word_locks_nothing(case: Any) -> None:
    """Its id is gone and another has its name: returns go under either, and a refusal still calls it by its name."""
    only_it_is_waited_for(case)
    without = {**MERGED["agencies"], ASKED: None}
    without["merged_trust"] = {**without["merged_trust"], "name": "Exampleshire Hospitals"}
    case.records.rulebook = changed(case.records.rulebook, MERGED["people"], without)
    with pytest.raises(TransitionRefused, match="still waiting for Exampleshire Hospitals"):
        case.on(date(2026, 12, 3)).take("conclude_rapid_review", without=[])
    case.take("record_return", agency="merged_trust", purpose="information")
    assert () == case.review.waiting_on("information")


def test_two_that_became_one_are_told_apart(case: Any) -> None:
    """Both were asked and both are now one: which of them answered has to be said, and is asked for by name."""
    merged = {**MERGED["agencies"], "police": {"until": "2026-11-30", "into": ["merged_trust"]}}
    case.records.rulebook = changed(case.records.rulebook, MERGED["people"], merged)
    with pytest.raises(TransitionRefused, match=r"choose which .* \(hospital_trust\) and .* \(police\)"):
        case.on(date(2026, 12, 3)).take("record_return", agency="merged_trust", purpose="information")
    case.take("record_return", agency="police", purpose="information")
    assert "police" not in case.review.waiting_on("information")


def test_whoever_took_over_is_chased_and_nobody_who_has_gone(case: Any) -> None:
    """After the merger the letter about the hospitals' summary goes to the merged trust's lead."""
    people = {"ellis_lead": {"until": "2026-11-30"}, "newcomer": {**NEWCOMER, "agency": "merged_trust"}}
    agencies = {**MERGED["agencies"], "merged_trust": {**MERGED["agencies"]["merged_trust"], "lead": "newcomer"}}
    case.records.rulebook = changed(case.records.rulebook, {**MERGED["people"], **people}, agencies)
    case.on(date(2026, 12, 14)).sweep()
    chased = case.told("reminder") | case.told("due_missed")
    assert "newcomer" in chased
    assert "ellis_lead" not in chased


def test_what_an_agency_without_successor_owes_is_heard_by_the_business_manager(rulebook: Rulebook) -> None:
    """A service that closed: nobody took over, and silence is not an answer."""
    book = changed(rulebook, agencies={"housing": {"until": "2026-11-30"}})
    assert ["lane_lead"] == ids(people_of("agency_lead", ["housing"], book.on(date(2026, 11, 30))))
    assert ["alex_example"] == ids(people_of("agency_lead", ["housing"], book.on(DECEMBER)))


def ids(people: Any) -> list[str]:
    """Who they are."""
    return [person.id for person in people]


# --------------------------------------------------------------------------- people

NEWCOMER = {
    "id": "newcomer",
    "name": "Newcomer Example",
    "email": "newcomer@hospital.example",
    "roles": ["agency_lead"],
    "from": "2026-12-01",
}


def test_whoever_left_signs_nothing_and_is_told_until_when_they_served(case: Any) -> None:
    """A partner's last day was the 30th: on the 1st the step is refused with the days of the file."""
    case.records.rulebook = changed(case.records.rulebook, {"alex_example": {"until": "2026-11-30"}})
    case.take("record_meeting", by="alex_example")
    with pytest.raises(
        TransitionRefused, match="Alex Example holds no role on this day: the file says until Mon 30 Nov 2026"
    ):
        case.on(DECEMBER).take("record_meeting", by="alex_example")


def test_a_role_that_rotates_is_held_by_its_days(rulebook: Rulebook) -> None:
    """The lead partner of the police changes on 1 April, in a file that was written long before."""
    book = changed(
        rulebook,
        {
            "eddie_sample": {"roles": [{"role": "lead_partner", "to": "2027-03-31"}]},
            "harper_sample": {"roles": ["delegated_partner", {"role": "lead_partner", "from": "2027-04-01"}]},
        },
    )
    before, after = (book.on(day).partnership.holders("lead_partner") for day in (date(2027, 3, 31), date(2027, 4, 1)))
    assert "eddie_sample" in ids(before)
    assert "harper_sample" not in ids(before)
    assert "harper_sample" in ids(after)
    assert "eddie_sample" not in ids(after)
    assert book.digest == book.on(date(2027, 4, 1)).digest


def test_a_vacant_chair_stops_nothing_and_is_said(case: Any) -> None:
    """Nobody is independent chair: the business manager hears what the chair would have, and `check` says so."""
    case.records.rulebook = changed(case.records.rulebook, {"morgan_specimen": None})
    case.on(date(2026, 12, 14)).sweep()
    assert ["alex_example"] == ids(people_of("independent_chair", [], case.records.rulebook))
    said = warnings(case.records.rulebook.partnership, DECEMBER)
    assert ["vacant: independent chair or scrutineer (independent_chair): Alex Example hears instead"] == said


def test_a_vacant_post_of_an_agency_is_covered_by_the_other(rulebook: Rulebook) -> None:
    """The hospitals' lead has left and is not replaced yet: the director hears, and with neither the manager."""
    book = changed(rulebook, agencies={ASKED: {"lead": None}})
    assert ["emery_director"] == ids(people_of("agency_lead", [ASKED], book))
    assert ["vacant: lead of Exampleshire Hospitals (hospital_trust): Emery Example hears instead"] == warnings(
        book.partnership, DECEMBER
    )
    neither = changed(rulebook, agencies={ASKED: {"lead": None, "director": None}})
    assert ["alex_example"] == ids(people_of("agency_lead", [ASKED], neither))


def test_who_leaves_hands_over_by_a_line_of_the_record(partnership: Any) -> None:
    """Jules owns an action and leaves: Jordan owns it from then on, its date stands, and Jordan hears of it."""
    case = partnership.hears_of(date(2026, 1, 12)).take("assess_notification").take("decide_notification")
    case.later(4).take("send_notification").later(1).take("open_rapid_review")
    for agency in case.review.waiting_on("information"):
        case.take("record_return", agency=agency, purpose="information")
    case.later(7).take("conclude_rapid_review").take("decide_review").take("add_action")
    due = case.review.actions[0].due_on
    with pytest.raises(TransitionRefused, match="the same person"):
        case.take("hand_over", successor="jules_lead")
    with pytest.raises(TransitionRefused, match="owns no action that is still to be done"):
        case.take("hand_over", leaver="jules_lead", successor="jordan_director").take(
            "hand_over", leaver="jordan_director", successor="jules_lead"
        ).take("update_action", status="withdrawn").take("hand_over", leaver="jules_lead", successor="jordan_director")
    (action,) = case.review.actions
    assert ("jules_lead", due, "withdrawn") == (action.owner, action.due_on, action.status)
    assert {"jordan_director", "jules_lead"} <= case.told("action_owned")
    line = next(one for one in case.records.events(case.reference) if one.kind == "actions_handed_over")
    assert {"Jules Example", "Jordan Example"} <= {one.name for one in line.named}


def test_of_an_action_whose_owner_is_gone_from_the_file_the_new_lead_hears(partnership: Any) -> None:
    """
    Jules owns an action of the schools and is taken out of the file, without a hand-over; Newcomer leads them now. The
    action's day passes: Newcomer is chased, nobody else of the schools, and nothing is written to Jules.
    """
    case = partnership.hears_of(date(2026, 1, 12)).take("assess_notification").take("decide_notification")
    case.later(4).take("send_notification").later(1).take("open_rapid_review")
    for agency in case.review.waiting_on("information"):
        case.take("record_return", agency=agency, purpose="information")
    case.later(7).take("conclude_rapid_review").take("decide_review").take("add_action")
    (action,) = case.review.actions
    assert ("jules_lead", "education") == (action.owner, action.agency)
    new = {**NEWCOMER, "from": "2026-01-12", "agency": "education"}
    people = {"jules_lead": None, "newcomer": new}
    case.records.rulebook = changed(case.records.rulebook, people, {"education": {"lead": "newcomer"}})

    case.on(action.due_on).later(1).sweep()

    told = {row.person for row in case.misses("local.x.action_done")}
    assert "newcomer" in told
    assert not {"jules_lead", "jordan_director"} & told


AWAY = {"away": {"from": "2026-11-30", "to": "2026-12-04"}}


@pytest.mark.parametrize("stands_in", ["the cover named for it", "her deputy", "nobody"])
def test_the_lead_of_an_agency_is_away_when_it_is_asked(stands_in: str, partnership: Any) -> None:
    """
    Housing is asked for its summary in the week its lead is away. The letter goes to whoever covers or deputises, in
    her place and said so; with neither she has it herself, and the business manager as well.
    """
    week = {"from": "2026-11-30", "to": "2026-12-04"}
    other = {"billie_example": {"deputy_for": "lane_lead"}} if stands_in == "her deputy" else {}
    if stands_in == "the cover named for it":
        week["cover"] = "billie_example"
    case = partnership.hears_of(date(2026, 11, 20)).take("assess_notification").take("decide_notification")
    case.records.rulebook = changed(case.records.rulebook, {"lane_lead": {"away": [week]}, **other})
    book = case.records.rulebook.partnership
    case.on(date(2026, 11, 27)).take("send_notification").on(date(2026, 11, 30))
    case.take("open_rapid_review", agencies=["housing"])
    query = outbox.FULL.where(notices.c.occasion == "agency_asked")
    with case.records.engine.connect() as connection:
        told = {row.person: row.context for row in connection.execute(query)}
    hears = {"alex_example", "lane_lead"} if stands_in == "nobody" else {"billie_example"}
    assert hears == set(told)
    assert all(role_words(book.known("lane_lead")) in str(told[person]) for person in hears - {"lane_lead"}), told


def test_the_deputy_of_a_deputy_hears(rulebook: Rulebook) -> None:
    """A is away and B, who deputises, is away too; B has a deputy C: C hears."""
    book = changed(
        rulebook, {"glenn_sample": AWAY, "jamie_sample": AWAY, "charlie_example": {"deputy_for": "jamie_sample"}}
    )
    glenn = book.partnership.person("glenn_sample")
    assert ["charlie_example"] == ids(stand_ins(glenn, book.partnership, DECEMBER))


def test_the_cover_named_for_an_absence_goes_before_the_deputy(rulebook: Rulebook) -> None:
    """For this week somebody else covers; away themselves, the deputy hears after all."""
    week = {"away": [{"from": "2026-11-30", "to": "2026-12-04", "cover": "billie_example"}]}
    book = changed(rulebook, {"glenn_sample": week})
    glenn = book.partnership.person("glenn_sample")
    assert ["billie_example"] == ids(stand_ins(glenn, book.partnership, DECEMBER))
    both = changed(rulebook, {"glenn_sample": week, "billie_example": AWAY})
    assert ["jamie_sample"] == ids(stand_ins(glenn, both.partnership, DECEMBER))


def test_a_circle_of_deputies_ends_and_is_said(rulebook: Rulebook) -> None:
    """Two who deputise for each other, both away: nobody of them stands in, and `check` names the circle."""
    book = changed(
        rulebook,
        {
            "billie_example": {**AWAY, "deputy_for": "charlie_example"},
            "charlie_example": {"deputy_for": "billie_example"},
        },
    )
    billie = book.partnership.person("billie_example")
    assert ["charlie_example"] == ids(stand_ins(billie, book.partnership, DECEMBER))
    assert any(
        "deputies in a circle: Billie Example, Charlie Example" in said for said in warnings(book.partnership, DECEMBER)
    )
    gone = changed(book, {"charlie_example": AWAY})
    assert [] == stand_ins(gone.partnership.person("billie_example"), gone.partnership, DECEMBER)


def test_one_person_leads_two_agencies_and_has_one_letter(case: Any) -> None:
    """Public health and housing have one lead: asked for both at once, they have one letter."""
    people = {"lane_lead": {"agencies": ["housing", "ambulance_service"]}, "hayden_lead": None}
    agencies = {"ambulance_service": {"lead": "lane_lead"}}
    case.records.rulebook = changed(case.records.rulebook, people, agencies)
    case.take("ask_agencies", purpose="report", agencies=["housing", "ambulance_service"], asked_on=case.today)
    with case.records.engine.connect() as connection:
        query = text("select count(*) from notices where person = 'lane_lead' and occasion = 'agency_asked'")
        assert 1 == connection.execute(query).scalar()


# --------------------------------------------------------------------------- names as they were


def test_the_ledger_says_who_it_was(case: Any) -> None:
    """An id is given to somebody else: the line keeps the name and the roles of its day, and its hash covers them."""
    case.take("record_meeting", by="alex_example")
    line = case.records.events(case.reference)[-1]
    named = line.who("alex_example")
    assert ("Alex Example", ("business_manager",)) == (named.name, named.roles)
    case.records.rulebook = changed(case.records.rulebook, {"alex_example": {"name": "Somebody Else"}})
    assert "Alex Example" == case.review.history[-1].name
    assert "Recorded by Alex Example (named on the form" in str(case.explained("C05"))
    with case.records.engine.connect() as connection:
        row = ledger.after(connection, case.reference, line.sequence - 1)[0]
    forged = row._asdict() | {"body": row.body.replace("Alex Example", "Somebody Else")}
    assert row.body != forged["body"]
    assert ledger.line_hash(row._asdict()) == row.hash != ledger.line_hash(forged)
    assert () == tuple(case.records.verify())
