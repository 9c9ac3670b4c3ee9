"""Reviews of known stories are found by what is so of them, and each says by what it was found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from flows.demo.answers import answer
from flows.demo.invented import police_dissent_by_deputy
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.proof import signed_in
from safeguarding.search.finding import MOST_REASONS, FoundReview, as_they_see, found
from safeguarding.search.known import SearchedReview
from safeguarding.search.wanted import SearchWanted, in_words, offered, read_wanted
from tasks.record.records import Records
from tasks.record.searching import OpenWords

ADULT = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}
BOTH = ["Secretary of State", "national Panel"]
UNIT, LEARNING = "alex_example", "robin_example"


def searched(records: Records, person: str = UNIT) -> list[SearchedReview]:
    """Every review, as somebody sees it."""
    partnership = records.rulebook.partnership
    every = OpenWords().of(records, records.list(), records.rulebook)
    return [as_they_see(one, partnership.person(person), partnership) for one in every]


def looks_for(records: Records, words: str = "", *, viewer: str = UNIT, **besides: str) -> Sequence[FoundReview]:
    """What somebody who sees every review finds; nothing of it is wrong."""
    there = searched(records, viewer)
    wanted, faults = read_wanted({"words": words, **besides}, offered(there, records.rulebook.partnership))
    assert {} == faults
    return [*found(there, wanted, records.rulebook.partnership)]


def why(reviews: Sequence[FoundReview]) -> list[tuple[str, int]]:
    """By what the one review was found, and in which lines."""
    (one,) = reviews
    return [tuple(reason) for reason in one.why]


@pytest.fixture
def published(partnership):
    """A child review decided on 2 March 2026 with a dissent, and published whole on 8 July 2026."""
    case = partnership.hears_of(date(2026, 2, 9)).take("assess_notification").take("decide_notification")
    case.take("send_notification").take("open_rapid_review").on(date(2026, 2, 27)).take("conclude_rapid_review")
    case.on(date(2026, 3, 2)).take("decide_review", positions=police_dissent_by_deputy()).later(10)
    case.take("commission_review").later(10)
    case.take("begin_drafting").on(date(2026, 5, 4)).take("submit_draft")
    case.take("sign_report", planned_on=date(2026, 7, 8)).take("send_report", to=BOTH)
    return case.on(date(2026, 7, 8)).take("publish")


@pytest.fixture
def both(published, partnership):
    """The same, and an adult's referral of August that was accepted."""
    partnership.hears_of(date(2026, 8, 10), **ADULT).take("accept_referral")
    return published


def test_it_is_found_by_whoever_has_a_part_in_it(both) -> None:
    """The chair, the reviewer, who spoke for a partner, who signed; the police's lead as whom one would call."""
    name = both.records.rulebook.partnership.person
    line = next(one.sequence for one in both.records.events(both.reference) if one.kind == "decided")
    decided = (f"person: {name('kelly_sample').name}, spoke for Police in «Partners decided»", line)
    assert decided in why(looks_for(both.records, person="kelly_sample"))
    for person, how in (("nico_specimen", "chair of the review panel"), ("pat_specimen", "lead reviewer")):
        assert f"person: {name(person).name}, {how}" in [
            said for said, _ in why(looks_for(both.records, person=person))
        ]
    assert "signed «Report accepted»" in str(looks_for(both.records, person="glenn_sample"))
    police = looks_for(both.records, person="casey_lead")
    assert 2 == len(police)
    assert "speaks for Exampleshire Police" in str(police)


def test_only_the_page_that_is_shown_is_told(both) -> None:
    """
    Two are found by a word, the newer first. Of the older, no sentence is at hand: that is met only where it is looked
    at. Each stands at its place, alone and in a page.
    """
    wanted, partnership = SearchWanted(words="police"), both.records.rulebook.partnership
    newer, older = found(searched(both.records), wanted, partnership)
    assert both.reference == older.head.reference and newer.why and older.why
    untold = [
        one._replace(lines=[line._replace(said=()) for line in one.lines])
        if one.head.reference == both.reference
        else one
        for one in searched(both.records)
    ]
    there = found(untold, wanted, partnership)
    assert 2 == len(there) and [newer] == there[:1] == [there[0]]
    with pytest.raises(IndexError):
        there[1:]


def test_whoever_only_recorded_a_step_has_no_part_in_the_review(both) -> None:
    """The business manager writes most lines: by her name nothing would be narrowed."""
    assert UNIT not in {person for one in searched(both.records) for person in one.people}


def test_it_is_found_by_an_agency_and_how_it_took_part(both) -> None:
    """Asked, by its id, its name or a word of it; the hospital's referral is an adult's."""
    for typed in ("police", "Exampleshire Police", "exampleshire POLICE", "Police"):
        assert 2 == len(looks_for(both.records, agency=typed))
    (said, line), *_ = why(looks_for(both.records, agency="hospital_trust", words="referred"))
    assert (said.startswith("words in «Referral received»"), line) == (True, 1)
    assert ("agency: Exampleshire Hospitals, referred it", 1) in why(looks_for(both.records, agency="Hospitals"))


def test_it_is_found_by_where_it_stands_and_what_it_is_about(both) -> None:
    """Stage and state, track, coded answers; «closed» finds neither."""
    assert [("stage: Publication", 0)] == why(looks_for(both.records, stage="publication"))
    assert [("where it stands: published", 0)] == why(looks_for(both.records, stage="published"))
    assert [("stage: Screening", 0)] == why(looks_for(both.records, stage="screening", track="adults"))
    harm = [("what happened: serious harm", 2)]
    assert harm == why(looks_for(both.records, theme="What happened=serious harm"))
    assert [("method of the review: systems",)] == [one[:1] for one in why(looks_for(both.records, theme="systems"))]
    assert [] == looks_for(both.records, open="closed")
    assert 2 == len(looks_for(both.records, open="open"))


def test_it_is_found_by_what_it_taught(both) -> None:
    """The theme of its lesson: the other review, which has none, is not found."""
    both.take("record_lesson", themes=["neglect"])
    line = both.records.events(both.reference)[-1].sequence
    assert [("what was learnt: Neglect", line)] == why(looks_for(both.records, theme="What was learnt=Neglect"))


def test_it_is_found_by_its_days(both) -> None:
    """Decided in March, published in July, under way in June; the day itself counts, the day before does not."""
    decided = looks_for(both.records, when="decided", since="2026-03-02", until="2026-03-02")
    assert "decided on Mon 2 Mar 2026" == why(decided)[0][0]
    assert [] == looks_for(both.records, when="decided", since="2026-03-03")
    assert "published on Wed 8 Jul 2026" == why(looks_for(both.records, when="published"))[0][0]
    assert [] == looks_for(both.records, when="published", until="2026-07-07")
    assert [("under way since Mon 9 Feb 2026", 1)] == why(looks_for(both.records, until="2026-08-09"))
    assert 2 == len(looks_for(both.records, since="2026-08-10"))
    assert [("opened on Mon 10 Aug 2026", 1)] == why(looks_for(both.records, when="opened", since="2026-08-10"))
    assert [] == looks_for(both.records, when="closed")


def test_a_closed_review_is_under_way_until_it_closed(case) -> None:
    """Taken as no serious case three days after it was notified: on the day itself it is found, the day after not."""
    other = case.on(date(2026, 12, 3)).take("conclude_rapid_review").on(date(2026, 12, 4))
    other.take("decide_review", outcome="no local review: learning captured")
    assert not other.review.open
    assert 1 == len(looks_for(case.records, since="2026-12-04"))
    assert [] == looks_for(case.records, since="2026-12-05")
    assert "closed on Fri 4 Dec 2026" == why(looks_for(case.records, when="closed", open="closed"))[0][0]
    assert 1 == len(looks_for(case.records, theme="captured in the rapid review"))


def test_a_day_that_was_put_right_is_the_one_that_counts(both) -> None:
    """The decision was on the Sunday before: by the day that was wrong it is not found."""
    both.take("correct_date", what="decided", correct_on=date(2026, 3, 1))
    assert "decided on Sun 1 Mar 2026" == why(looks_for(both.records, when="decided", until="2026-03-01"))[0][0]
    assert [] == looks_for(both.records, when="decided", since="2026-03-02")


def test_all_words_stand_in_one_line(both) -> None:
    """«police» and «Pat» do, each, in different lines: together they are found nowhere."""
    assert looks_for(both.records, "police asked") and looks_for(both.records, "pat appointed")
    assert [] == looks_for(both.records, "appointed dissented")
    assert [] == looks_for(both.records, '"asked police"')


def test_a_reference_or_pseudonym_goes_with_words_of_a_line(both) -> None:
    """Of the two reviews in which the police were asked, the adult's."""
    assert 2 == len(looks_for(both.records, "police"))
    assert ["SAR-2026-001"] == [one.head.reference for one in looks_for(both.records, "sar police")]
    assert [("its reference or pseudonym", 0)] == why(looks_for(both.records, "SAR-2026-001"))
    assert ["SAR-2026-001"] == [one.head.reference for one in looks_for(both.records, "adult a")]


def test_a_pseudonym_typed_whole_is_that_one_alone(partnership) -> None:
    """«Child A» is not «Child AB», and no review in whose history an «a» stands."""
    for number in range(28):
        partnership.hears_of(date(2026, 3, 2 + number % 5)).take("assess_notification")
    assert {"Child A"} == {one.head.pseudonym for one in looks_for(partnership.records, "Child A")}
    assert {"Child AB"} == {one.head.pseudonym for one in looks_for(partnership.records, "child ab")}
    assert 28 == len(looks_for(partnership.records, "child"))


def test_the_newest_comes_first_and_reasons_are_bounded(both) -> None:
    """Of many lines a few are named, and how many more there are."""
    assert ["SAR-2026-001", both.reference] == [one.head.reference for one in looks_for(both.records, "police")]
    said = [words for words, _ in why(looks_for(both.records, "2026", track="children"))]
    assert ["its reference or pseudonym"] == said
    many = [words for words, _ in why(looks_for(both.records, "on", track="children"))]
    assert MOST_REASONS + 1 == len(many) and many[-1].startswith("and ")


def test_what_is_sealed_is_found_by_no_open_search(both) -> None:
    """The reasons of the dissent and the summary of the referral are no words of the history."""
    events = both.records.events(both.reference, unseal=True)
    texts = {text for event in events for text in event.sealed.values() if len(text.split()) > 3}
    assert len(texts) > 5
    for text in texts:
        assert [] == looks_for(both.records, f'"{text[:60]}"'), text


def test_how_partners_have_signed_is_found_by_those_alone_who_see_it(case) -> None:
    """While a decision is proposed: the unit finds the dissent by its word, the learning group does not."""
    case.take("conclude_rapid_review").later(1).take("propose_review_decision", by=UNIT)
    raw = {"position": "dissent", "reasons": "The learning is already in hand."}
    case.records.attempt(case.reference, "sign_position", raw, signed_in("harper_sample", "code"), case.at)
    (said, line), *_ = why(looks_for(case.records, "dissents"))
    assert "words in «Position signed»: Police dissents, signed by Harper Sample; the reasons are sealed." == said
    assert [] == looks_for(case.records, "dissents", viewer=LEARNING)
    assert [("words in «Position signed»: Police signed a position.", line)] == why(
        looks_for(case.records, '"a position"', viewer=LEARNING)
    )


def test_who_signed_before_somebody_else_is_named_to_those_alone_who_see_it(case) -> None:
    """The police's deputy signed, and then their delegate in that place: others see that the delegate did."""
    case.take("conclude_rapid_review").later(1).take("propose_review_decision", by=UNIT)
    for person in ("kelly_sample", "harper_sample"):
        actor = signed_in(person, "code")
        case.records.attempt(
            case.reference, "sign_position", {"position": "agree"}, actor, case.at, case.review.version
        )
    parts = {viewer: searched(case.records, viewer)[0].people for viewer in (UNIT, LEARNING)}
    assert "kelly_sample" in parts[UNIT]
    assert [] == [part for part in parts[LEARNING].get("kelly_sample", ()) if part.line == case.review.version]


def test_how_it_is_known_who_signed_is_no_word_of_the_history(case) -> None:
    """By a code that was sent to a mailbox, as nearly every line: nobody looks for that."""
    raw = answer("record_meeting", case.review, case.today)
    case.records.attempt(case.reference, "record_meeting", raw, signed_in(UNIT, "code"), case.at)
    assert [] == looks_for(case.records, "mailbox") and looks_for(case.records, "meeting alex")


def partnership_of(case):
    """The partnership of the record."""
    return case.records.rulebook.partnership


def test_everything_wrong_is_said_at_once(both, rulebook: Rulebook) -> None:
    """Days that are none, exchanged ones, what there is no choice of; and nothing that was typed is repeated."""
    typed = {
        "words": "Wrenathorpe " * 12,
        "agency": "Wrenathorpe agency",
        "person": "Wrenathorpe person",
        "track": "Wrenathorpe track",
        "stage": "Wrenathorpe stage",
        "theme": "harm",
        "when": "Wrenathorpe when",
        "since": "2026-02-30",
        "until": "1810-01-01",
        "open": "ajar",
    }
    wanted, faults = read_wanted(typed, offered(searched(both.records), rulebook.partnership))
    assert {*typed} == {*faults}
    assert "Wrenathorpe" not in str(faults)
    assert "Exampleshire Police" in faults["agency"] and "What happened: serious harm" in faults["theme"]
    assert not wanted.anything or wanted.words
    _, exchanged = read_wanted({"since": "2026-03-02", "until": "2026-03-01"}, offered([], rulebook.partnership))
    assert {"until": "The last day is before the first: exchange them, or leave one of them empty"} == exchanged


def test_what_is_asked_is_said_in_words(both) -> None:
    """As it stands above what was found."""
    choices = offered(searched(both.records), partnership_of(both))
    typed = {"agency": "police", "stage": "publication", "when": "decided", "since": "2026-03-01", "open": "open"}
    wanted, _ = read_wanted(typed, choices)
    said = ["agency: Exampleshire Police", "stage: Publication", "open", "decided from Sun 1 Mar 2026"]
    assert said == in_words(wanted, choices)


def test_a_review_that_was_carried_in_is_found_by_its_reference_before(partnership) -> None:
    """People look for it as they called it: «SCR 2016/1»."""
    case = partnership.carries_in(date(2026, 3, 1), earlier_reference="SCR 2016/1")
    assert [case.reference] == [one.head.reference for one in looks_for(case.records, "SCR 2016/1")]
