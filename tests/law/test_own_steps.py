"""A partnership's own timetable: what no list takes away, what it may change, and which clocks give way to it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from driver.partnership import example_as_one, own_step, with_local

import config
from config.checks import _capped
from config.own_steps import to_know
from config.quoted_numbers import faults_of_quoted_time
from safeguarding.dates.counting import Unit
from safeguarding.duties.suspension import may_be_suspended
from safeguarding.errors import RulebookInvalid
from safeguarding.law.rulebook import Rulebook

TODAY = date(2026, 11, 23)
RELIED_ON = {
    "local.c.agency_summary_return",
    "local.x.imr_return",
    "local.x.factual_accuracy",
    "local.x.action_done",
    "local.x.impact_check",
    "local.x.action_impact_3",
    "local.x.action_impact_6",
    "local.x.action_impact_12",
    "local.x.action_impact_again",
    "local.x.deferral_review",
    "local.x.suspension_review",
    "local.x.carried_report",
    "local.x.carried_publication",
    "local.x.year_of_publication",
    "local.x.learning_read",
}
LETTERS = own_step("local.c.letters", 1, starts="notification_sent", settled_by="agency_request_sent")
SUMMARIES = own_step(
    "local.c.summaries",
    10,
    starts="agency_request_sent",
    counts_from="notification_sent",
    settled_by="agency_returned",
    ends=["agency_excused", "agency_refused", "rapid_review_sent", "notification_withdrawn"],
    per_subject=True,
    owner="agency_lead",
)


def loaded(path: Path, *local: dict[str, Any], **besides: Any) -> Rulebook:
    """The rulebook of a partnership whose whole `local` list is this."""
    return config.load(with_local(path, list(local), **besides))


def faults(path: Path, *local: dict[str, Any], **besides: Any) -> dict[str, str]:
    """What is wrong with it, by key."""
    with pytest.raises(RulebookInvalid) as caught:
        loaded(path, *local, **besides)
    return {fault.key: fault.problem for fault in caught.value.faults}


# --------------------------------------------------------------------------- what no list takes away


def test_a_list_of_ones_own_takes_nothing_away_that_the_program_relies_on(tmp_path: Path) -> None:
    """
    One step instead of the example's twenty: an action's day, a deferral and a suspension are chased all the same,
    on both tracks, and `check` names them.
    """
    rulebook = loaded(tmp_path, LETTERS)

    assert {"local.c.letters", *RELIED_ON} == {rule.id for rule in rulebook.rules if rule.id.startswith("local.")}
    for track in ("children", "adults"):
        for milestone, rule in [
            ("action_agreed", "local.x.action_done"),
            ("deferral_recorded", "local.x.deferral_review"),
            ("deadline_suspended", "local.x.suspension_review"),
            ("impact_check_agreed", "local.x.impact_check"),
            ("learning_shared", "local.x.learning_read"),
            ("report_requested", "local.x.imr_return"),
            ("accuracy_requested", "local.x.factual_accuracy"),
        ]:
            assert rule in {one.id for one in rulebook.started_by(milestone, track)}, (milestone, track)
    said = " ".join(to_know(rulebook, TODAY))
    assert [] == [rule for rule in RELIED_ON if rule not in said]
    assert "local.x.imr_return (within 30 working days, invented)" in said


def test_no_list_at_all_takes_nothing_away_either(tmp_path: Path) -> None:
    """A partnership that writes no step of its own."""
    assert {rule.id for rule in loaded(tmp_path).rules if rule.id.startswith("local.")} == RELIED_ON


def test_another_length_is_all_that_has_to_be_written(tmp_path: Path) -> None:
    """An agency's report in forty working days by our own procedure: id and edition; all else is the program's."""
    edition = {"name": "OUR2", "from": date(2020, 1, 1), "length": 40, "confidence": "S"}
    rulebook = loaded(tmp_path, {"id": "local.x.imr_return", "editions": [edition | {"citation": {"title": "Ours"}}]})
    rule = rulebook.rule("local.x.imr_return")

    assert "within 40 working days" == rule.counts_on(date(2026, 11, 27)).words
    assert ("report_requested", "report_returned", True) == (rule.starts, rule.settled_by, rule.per_subject)
    assert "local.x.imr_return" not in " ".join(to_know(rulebook, TODAY))


def test_what_makes_such_a_step_work_is_not_the_partnerships_to_change(tmp_path: Path) -> None:
    """An action's day that begins or ends with something else would be owed by nobody: every such key is named."""
    bent = {
        "id": "local.x.action_done",
        "starts": "action_plan_agreed",
        "settled_by": "action_updated",
        "ends": [],
        "per_subject": False,
        "track": "children",
    }
    found = faults(tmp_path, bent)

    assert {f"local[local.x.action_done].{key}" for key in bent if key != "id"} == set(found)
    assert (
        "is 'action_plan_agreed'; the program relies on 'action_agreed'" in found["local[local.x.action_done].starts"]
    )
    assert "is nothing; the program relies on at least action_withdrawn too" in found["local[local.x.action_done].ends"]


def test_a_day_that_people_agree_stays_one(tmp_path: Path) -> None:
    """Three months for every action whatever was agreed for it: refused, by its key."""
    counted = {
        "id": "local.x.action_done",
        "counts": {"unit": "months"},
        "editions": [
            {"name": "O", "from": date(2020, 1, 1), "length": 3, "confidence": "D", "citation": {"title": "-"}}
        ],
    }
    assert ["local[local.x.action_done].counts.unit"] == list(faults(tmp_path, counted))


def test_an_old_list_that_repeats_such_a_step_in_full_still_loads(tmp_path: Path) -> None:
    """As a folder of an earlier version has them, with their names and all their keys."""
    whole = [config.read_relied_on(config.files("config"), []).written[key] for key in sorted(RELIED_ON)]
    assert RELIED_ON == {rule.id for rule in loaded(tmp_path, *map(dict, whole)).rules if rule.id.startswith("local.")}


def test_a_step_under_another_id_may_have_the_name_of_one_that_is_brought(tmp_path: Path) -> None:
    """A copied example whose id was changed and whose name was not."""
    own = own_step("local.x.mine", 5, name="action_done", starts="report_accepted", settled_by="action_plan_agreed")
    rulebook = loaded(tmp_path, own)
    assert ("local.x.mine", "local.x.action_done") == (
        rulebook.rule("action_done").id,
        rulebook.rule("local.x.action_done").id,
    )


# --------------------------------------------------------------------------- what gives way


def test_a_step_of_ones_own_is_counted_instead_of_the_programs(tmp_path: Path) -> None:
    """Devon's summaries until working day 10: no second clock of eight beside them, and `check` says so."""
    rulebook = loaded(tmp_path, LETTERS, SUMMARIES)

    assert ["local.c.summaries"] == [rule.id for rule in rulebook.started_by("agency_request_sent", "children")]
    assert any(
        "(local.c.agency_summary_return, within 8 working days, set by no source) gives way to your local.c.summaries"
        in line
        for line in to_know(rulebook, TODAY)
    )


def test_an_invented_number_of_a_duty_gives_way_and_the_duty_stays(tmp_path: Path) -> None:
    """
    Section 45 sets no time, and ten working days are this product's own: an adults' partnership that gives agencies
    twenty working days has that one clock. A04 is shown and cited, and an older row of it is still counted.
    """
    own = own_step(
        "local.a.appendix_two",
        20,
        starts="agency_request_sent",
        settled_by="agency_returned",
        ends=["agency_excused", "agency_refused"],
        per_subject=True,
        owner="agency_lead",
    )
    rulebook = loaded(tmp_path, own)

    assert ["local.a.appendix_two"] == [rule.id for rule in rulebook.started_by("agency_request_sent", "adults")]
    assert [True] == [rule.track_only for rule in rulebook.rules if rule.id == "A04"]
    assert not rulebook.rule("A04").track_only
    assert rulebook.rule("A04") == rulebook.on(date(2026, 11, 27)).rule("A04")
    assert ["local.c.agency_summary_return"] == [
        rule.id for rule in rulebook.started_by("agency_request_sent", "children")
    ]
    assert any("gives way to your local.a.appendix_two; the duty stays" in line for line in to_know(rulebook, TODAY))


def test_a_step_on_one_track_leaves_the_other_its_clock(tmp_path: Path) -> None:
    """Four weeks for the adults' agency reports: the children's are still counted by the program's own step."""
    own = own_step(
        "local.a.imr", 20, starts="report_requested", settled_by="report_returned", per_subject=True, stage="panel"
    )
    rulebook = loaded(tmp_path, own)

    assert ["local.x.imr_return"] == [rule.id for rule in rulebook.started_by("report_requested", "children")]
    assert ["local.a.imr"] == [rule.id for rule in rulebook.started_by("report_requested", "adults")]


def test_a_number_of_the_law_never_gives_way(tmp_path: Path) -> None:
    """A step of our own between the notification and the rapid review's sending: C05 runs as ever."""
    own = own_step("local.c.sent", 14, starts="notification_sent", settled_by="rapid_review_sent")
    rulebook = loaded(tmp_path, own)
    assert {"C05", "local.c.sent"} == {rule.id for rule in rulebook.started_by("notification_sent", "children")}


def test_the_example_keeps_every_clock(rulebook: Rulebook) -> None:
    """Nothing gives way where the list names the program's steps itself."""
    assert () == rulebook.given_way
    assert RELIED_ON <= {entry["id"] for entry in example_as_one()["local"]} | {
        f"local.x.{name}"
        for name in (
            "action_done",
            "year_of_publication",
            "learning_read",
            "impact_check",
            *("action_impact_3", "action_impact_6", "action_impact_12", "action_impact_again"),
            "deferral_review",
            "suspension_review",
            "carried_report",
            "carried_publication",
        )
    }


# --------------------------------------------------------------------------- weeks


def test_an_agency_has_three_weeks_and_no_invented_day_breaks_first(tmp_path: Path) -> None:
    """Devon's adults: asked on Monday 30 November 2026, due on Monday 21 December, and A04 runs no clock beside it."""
    own = own_step(
        "local.a.appendix_two",
        3,
        starts="agency_request_sent",
        settled_by="agency_returned",
        per_subject=True,
        counts={"unit": "weeks"},
    )
    rulebook = loaded(tmp_path, own)
    (rule,) = rulebook.started_by("agency_request_sent", "adults")
    assert ("local.a.appendix_two", date(2026, 12, 21)) == (
        rule.id,
        rule.due_on(date(2026, 11, 30), rulebook.calendar),
    )


def test_quoted_weeks_are_read(tmp_path: Path) -> None:
    """The words that are quoted for a time say its number: four weeks are not three."""
    own = own_step("local.a.imr", 3, starts="report_requested", settled_by="report_returned", counts={"unit": "weeks"})
    own["editions"][0] |= {"confidence": "V", "quote": "within four weeks of the request"}
    rule = loaded(tmp_path, own).rule("local.a.imr")
    (edition,) = rule.editions
    said = list(faults_of_quoted_time(edition.number, edition, rule))
    assert [("quote", "says 4 weeks, and what is counted is within 3 weeks")] == said
    assert [] == list(faults_of_quoted_time(edition.number, edition.model_copy(update={"length": 4}), rule))


# --------------------------------------------------------------------------- windows


def test_a_window_that_is_none_is_named(tmp_path: Path) -> None:
    """It begins after it ends, stands under the wrong key, counts back, or belongs to a day that people agree."""
    between = {"starts": "notification_sent", "settled_by": "progress_checked"}
    late = own_step("local.c.late", 5, **between)
    late["editions"][0]["earliest"] = 6
    misplaced = own_step("local.c.misplaced", 5, **between, counts={"unit": "working_days", "earliest": 2})
    back = own_step("local.c.back", 5, **between, counts={"unit": "working_days", "direction": "backward"})
    back["editions"][0]["earliest"] = 2
    agreed = own_step("local.c.agreed", None, **between, counts={"unit": "agreed_date"})
    agreed["editions"][0]["earliest"] = 2

    found = faults(tmp_path, late, misplaced, back, agreed)

    assert {"late", "misplaced", "back", "agreed"} == {key.split(".")[2].rstrip("]") for key in found}
    said = " ".join(found.values())
    assert "the window begins (6) after it ends (5)" in said
    assert "'earliest' stands beside the 'length' of an edition" in said
    assert "a window ('earliest') belongs to a count forward with a last day" in said


@pytest.mark.parametrize(
    ("unit", "earliest", "length", "words"),
    [
        ("working_days", 2, 10, "on working days 2 to 10"),
        ("working_days", 14, 14, "on working day 14"),
        ("weeks", 2, 3, "between 2 and 3 weeks after"),
        ("months", 8, 9, "between 8 and 9 months after"),
    ],
)
def test_a_window_in_words(tmp_path: Path, unit: str, earliest: int, length: int, words: str) -> None:
    """As a flowchart says it."""
    own = own_step(
        "local.c.x", length, starts="notification_sent", settled_by="progress_checked", counts={"unit": unit}
    )
    own["editions"][0]["earliest"] = earliest
    assert words == loaded(tmp_path, own).rule("local.c.x").counts_on(date(2026, 11, 27)).words


def test_each_edition_has_its_own_window(tmp_path: Path) -> None:
    """A window that a later procedure brought: before it only the last day was set."""
    own = own_step("local.c.x", 10, starts="notification_sent", settled_by="progress_checked")
    later = {**own["editions"][0], "name": "OUR2", "from": date(2026, 4, 1), "earliest": 2, "length": 8}
    own["editions"] = [*own["editions"], later]
    rule = loaded(tmp_path, own).rule("local.c.x")
    assert ["within 10 working days", "on working days 2 to 8"] == [
        rule.counts_on(day).words for day in (date(2026, 3, 31), date(2026, 4, 1))
    ]


# --------------------------------------------------------------------------- held to the law, without being told


def test_a_step_that_falls_after_the_law_is_named_without_being_told(tmp_path: Path) -> None:
    """Sign-off on working day 16, and nothing in the file says that it serves C05: `check` names both days."""
    own = own_step("local.c.sign", 16, starts="notification_sent", settled_by="partners_signed_off")
    said = [line for line in to_know(loaded(tmp_path, own), TODAY) if "cannot be kept before" in line]
    assert 1 == len(said)
    assert said[0].startswith("sign (local.c.sign) cannot be kept before Rapid review to the national Panel (C05)")


def test_a_step_that_follows_from_others_is_named_too(tmp_path: Path) -> None:
    """Summaries until working day 10, the meeting six working days after the progress check on day 10: day 16."""
    check = own_step("local.c.check", 10, starts="notification_sent", settled_by="progress_checked")
    meeting = own_step("local.c.meeting", 6, starts="progress_checked", settled_by="rapid_review_meeting_held")
    in_time = {**meeting, "editions": [{**meeting["editions"][0], "length": 5}]}

    def late(*local: dict[str, Any]) -> list[str]:
        return [line for line in to_know(loaded(tmp_path, *local), TODAY) if "cannot be kept before" in line]

    assert [] == late(check, in_time)
    assert ["meeting (local.c.meeting)"] == [line.partition(" cannot")[0] for line in late(check, meeting)]


def test_the_folders_with_timetables_of_their_own_are_told_of_none(rulebook: Rulebook) -> None:
    """The example, and those under tests/partnerships: nothing is late."""
    folders = Path(__file__).parent.parent / "partnerships"
    every = [rulebook, *(config.load(folder) for folder in sorted(folders.iterdir()) if folder.is_dir())]
    assert [] == [line for book in every for line in to_know(book, TODAY) if "cannot be kept before" in line]


def test_which_date_of_the_law_a_step_serves(tmp_path: Path) -> None:
    """The one for the same thing, the one that ends it, the one that comes later; none from another day."""
    steps = {
        "local.c.told": ("became_aware", "partners_notified", "C02"),
        "local.c.asked": ("notification_sent", "agency_request_sent", "C05"),
        "local.x.terms": ("decided_to_initiate", "terms_of_reference_agreed", "C12"),
        "local.c.plan": ("report_accepted", "action_plan_agreed", None),
        "local.c.huddle": ("referral_received", "notification_decided", None),
    }
    local = [own_step(key, 1, starts=starts, settled_by=settled) for key, (starts, settled, _) in steps.items()]
    rulebook = loaded(tmp_path, *local)
    assert {key: law for key, (_, _, law) in steps.items()} == {
        key: rulebook.bound(rulebook.rule(key)) for key in steps
    }
    assert rulebook.bound(rulebook.rule("C05")) is None


# --------------------------------------------------------------------------- a length for what no law sets


A04 = {"rule": "A04", "length": 3, "unit": "weeks", "source": "Our protocol of 2024, page 5"}


def test_a_duty_without_a_time_takes_ours(tmp_path: Path) -> None:
    """Three weeks for section 45's information: the duty is the Act's, the number ours, each cited as such."""
    rule = loaded(tmp_path, lengths=[A04]).rule("A04")
    edition = rule.edition_on(date(2026, 11, 30))

    assert "within 3 weeks" == rule.counts_on(date(2026, 11, 30)).words
    assert ("Our protocol of 2024, page 5", "S") == (edition.number.instrument, edition.length_tag)
    assert "Care Act 2014 s.45(1)" == edition.duty.name
    assert ("duty: Act of Parliament; time: the partnership's own procedure", False) == (
        rule.level_words,
        rule.date_is_law,
    )


def test_a_length_that_cannot_be_given_says_why(tmp_path: Path) -> None:
    """What a law sets, what is owed as soon as possible, what counts nothing, a step of ours, a slip, one twice."""
    asked = ["C05", "C08", "C23", "local.x.imr_return", "C99"]
    given = [{**A04, "rule": rule, "unit": "weeks"} for rule in asked] + [
        A04,
        A04,
        {**A04, "rule": "A10", "unit": "none"},
    ]
    found = faults(tmp_path, lengths=given)

    assert {f"lengths[{rule}].rule" for rule in [*asked, "A04", "A10"]} == set(found)
    assert "is set by statutory guidance: nobody here changes it" in found["lengths[C05].rule"]
    assert "as soon as possible" in found["lengths[C08].rule"]
    assert "give it another edition there" in found["lengths[local.x.imr_return].rule"]
    assert "more than one length" in found["lengths[A04].rule"]
    assert "takes no length" in found["lengths[A10].rule"]


def test_a_length_is_capped_by_the_law_that_follows_from_the_same_day(tmp_path: Path) -> None:
    """Were C08's a number of ours, seven months would run past the six of C12: refused, with both days."""
    book = config.load()
    counted = book.rule("C08").counts.model_copy(update={"unit": Unit.MONTHS, "length": 7})
    editions = tuple(one.model_copy(update={"length": 7}) for one in book.rule("C08").editions)
    told = book.rule("C08").model_copy(update={"counts": counted, "editions": editions})
    rules = [told if rule.id == "C08" else rule for rule in book.rules]
    (fault,) = _capped(told, rules, book.partnership, book.calendar, "mine.yaml")
    assert ("mine.yaml", "lengths[C08].length") == (fault.file, fault.key)
    assert "falls after C12" in fault.problem


def test_our_own_step_is_counted_instead_of_our_own_length(tmp_path: Path) -> None:
    """Both were written: one clock runs, that of the step."""
    own = own_step("local.a.appendix", 4, starts="agency_request_sent", settled_by="agency_returned", per_subject=True)
    rulebook = loaded(tmp_path, own, lengths=[A04])
    assert ["local.a.appendix"] == [rule.id for rule in rulebook.started_by("agency_request_sent", "adults")]


def test_a_clock_of_ours_for_a_duty_of_the_law_is_not_suspended(tmp_path: Path) -> None:
    """
    Our own forty working days of monitoring stand in the place of C10's twenty: regulation 14 asks for it all the same,
    and no trial stops it. What stands for no duty of the law may be suspended.
    """
    ours = {"starts": "review_started", "settled_by": "quality_monitored", "stage": "panel"}
    monitored = own_step("local.c.monitor", 40, **ours, counts={"unit": "working_days", "kind": "interval"})
    rulebook = loaded(tmp_path, LETTERS, monitored)

    why = may_be_suspended(rulebook.rule("local.c.monitor"), rulebook)
    assert "is the clock of Monitor the time taken and quality of the review (C10), a duty of regulations" in why
    assert "" == may_be_suspended(rulebook.rule("local.c.letters"), rulebook)


def test_monitoring_that_comes_after_the_review_is_named(tmp_path: Path) -> None:
    """Every five years, or every two thousand working days, of a review of six months: nobody would monitor it once."""
    for length, unit in ((5, "years"), (2000, "working_days")):
        long = {"rule": "C10", "length": length, "unit": unit, "source": "Our procedure"}
        said = " ".join(to_know(loaded(tmp_path, LETTERS, lengths=[long]), TODAY))
        assert "the review would be over before it is monitored once, and regulation 14" in said
    weeks = {"rule": "C10", "length": 8, "unit": "weeks", "source": "Our procedure"}
    assert "monitored once" not in " ".join(to_know(loaded(tmp_path, LETTERS, lengths=[weeks]), TODAY))
