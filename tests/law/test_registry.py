"""The rules as a whole: every one is cited, in order, known and owned. Each test names every offender."""

import re
from datetime import date
from importlib.resources import files

import pytest
import yaml

from safeguarding.dates.counting import Kind, Unit
from safeguarding.law.citation import Confidence, Level
from safeguarding.law.milestones import MILESTONES
from safeguarding.law.roles import ROLES
from safeguarding.law.rulebook import Rulebook
from safeguarding.questions.explain_rule import describe_due
from safeguarding.review.legal_tests import NOTIFICATION
from safeguarding.review.states import Stage
from safeguarding.stages import STEPS

CHILDREN = [f"C{n:02}" for n in range(1, 21)] + ["C08b", "C13b", "C14b", "N01", "N01b", "N02"]
SINCE = [
    "C03b",
    "C12b",
    "C21",
    "C22",
    "C23",
    "C24",
    "C25",
    "C25b",
    "C26",
    "C27",
    "C28",
    "C29",
    "C29b",
    "A06b",
    "A11",
    "A11b",
    "A12",
]
"""Duties that the instruments have and the reference lacks."""
ADULTS = [f"A{n:02}" for n in range(1, 11)]

LOCAL = [
    "local.c.referral_to_partner_huddle",
    "local.c.sin_copy_to_business_unit",
    "local.c.agency_request_out",
    "local.c.agency_summary_return",
    "local.c.progress_check",
    "local.c.rapid_review_meeting",
    "local.c.rr_draft_to_partners",
    "local.c.partner_signoff",
    "local.c.rr_to_panel",
    "local.c.panel_reply_expected",
    "local.a.agency_internal_qa",
    "local.a.referral_ack",
    "local.a.initial_chronology_return",
    "local.a.decision_meeting",
    "local.a.recommendation_to_decider",
    "local.a.outcome_to_referrer",
    "local.x.reviewer_appointed",
    "local.x.terms_of_reference",
    "local.x.imr_return",
    "local.x.combined_chronology",
    "local.x.panel_meeting_cycle",
    "local.x.first_draft",
    "local.x.factual_accuracy",
    "local.x.action_plan",
    "local.x.action_update_cycle",
    "local.a.rapid_time_sar",
]
"""Every local value of the statutory reference, section 2.4."""

CORE = {
    # The machine-readable core of the statutory reference, section 2.6, with its direction and kind in our words.
    "C01": (5, "working_days", "forward", "maximum", "K"),
    "C02": (5, "working_days", "forward", "maximum", "V2"),
    "C03": (5, "working_days", "forward", "maximum", "K"),
    "C05": (15, "working_days", "forward", "maximum", "V2"),
    "C10": (20, "working_days", "forward", "interval", "D"),
    "C12": (6, "months", "forward", "maximum", "V2"),
    "C13": (7, "working_days", "backward", "gate", "K"),
    "C14": (7, "working_days", "backward", "gate", "K"),
    "C16": (1, "years", "forward", "minimum", "V"),
    "A02": (6, "months", "forward", "aim", "V2"),
    "A04": (10, "working_days", "forward", "maximum", "D"),
}


def test_every_duty_of_the_reference_has_its_file(rulebook: Rulebook) -> None:
    """C01 to C20, N01, N02 and A01 to A10; C08 has a second half, and where guidance asks for more so has the law."""
    assert sorted(CHILDREN + [new for new in SINCE if new[0] == "C"]) == sorted(
        rule.id for rule in rulebook.rules if rule.track == "children" and rule.id[0] in "CN"
    )
    assert sorted(ADULTS + [new for new in SINCE if new[0] == "A"]) == sorted(
        rule.id for rule in rulebook.rules if rule.track in ("adults", "both") and rule.id[0] == "A"
    )


def test_every_local_value_of_the_reference_is_a_rule(rulebook: Rulebook) -> None:
    """Beside them, the agreed days, which no count can give, and what is our own: a publication's year, a word."""
    agreed = ("action_done", "deferral_review", "suspension_review", "impact_check")
    looks = ("action_impact_3", "action_impact_6", "action_impact_12", "action_impact_again")
    own = ("carried_report", "carried_publication", "year_of_publication", "learning_read")
    ours = {f"local.x.{name}" for name in (*agreed, *looks, *own)}
    assert {*LOCAL, *ours} == {rule.id for rule in rulebook.rules if rule.level is Level.LOCAL}


def test_the_rules_agree_with_the_machine_readable_core(rulebook: Rulebook) -> None:
    """
    Length, unit, direction, kind and tag of the first edition, as the reference states them; but for the days of C01
    and C03, which it calls read without saying by whom or where.
    """
    found = {}
    for name in CORE:
        rule = rulebook.rule(name)
        counts = rule.counts
        tag = rule.editions[0].length_tag
        found[name] = (counts.length, counts.unit.value, counts.direction.value, counts.kind.value, tag.value)
    assert CORE == found


def test_every_edition_is_cited_and_tagged(rulebook: Rulebook) -> None:
    """A rule without a source is no rule; a tag that is not law says so in words."""
    offenders = [
        f"{rule.id} {edition.name}"
        for rule in rulebook.rules
        for edition in rule.editions
        if not all(one.instrument.strip() and one.confidence.words for one in edition.citations)
    ]
    assert [] == offenders


def test_advice_with_a_tag_of_the_law_names_its_provision(rulebook: Rulebook) -> None:
    """«The rule says» stands only before words whose provision is named; all else is this product's suggestion."""
    law = [rule for rule in rulebook.rules if rule.level is not Level.LOCAL]
    said = [(rule.id, one) for rule in law for one in rule.on_miss]
    assert [] == [rule for rule, one in said if one.tag.may_be_called_law and not one.source]
    assert [] == [rule for rule, one in said if one.tag is Confidence.D and one.source]
    suggested = [rule.id for rule in law if any(line.startswith("This product suggests:") for line in rule.advice)]
    assert {"C01", "C03", "C05", "C12", "C25", "A04"} <= set(suggested)


def test_numbers_without_a_source_say_so(rulebook: Rulebook) -> None:
    """Where the reference marks a length as a design default, the length carries D and its caution is shown."""
    since = {"C03b", "C12b", "C21", "C22", "C23", "C24", "C26", "C29", "C29b", "A06b"}
    expected = since | {"C06", "C07", "C08", "C08b", "C10", "C15", "C18", "C20", "A04", "A10"}
    found = {
        rule.id
        for rule in rulebook.rules
        for edition in rule.editions
        if rule.level is not Level.LOCAL and edition.length_tag is Confidence.D
    }
    assert expected == found
    assert "a design default" in rulebook.rule("C10").editions[-1].caution


def test_what_an_act_imposes_begins_with_the_act_and_not_with_an_edition_of_guidance(rulebook: Rulebook) -> None:
    """To notify, to give notice of a death and to publish are owed from 29 June 2018, five days before guidance."""
    first = date(2018, 6, 29)
    assert {"C01": "s.16C(1)", "C03": "Sch.2 para 20(1)(a)", "C12": "s.16F(4)-(5)"} == {
        rule: rulebook.rule(rule).edition_on(first).duty.provision for rule in ("C01", "C03", "C12")
    }


def test_to_whom_it_goes_has_a_tag_of_its_own(rulebook: Rulebook) -> None:
    """The Act has the yearly report published; that the Panel and the What Works body have it too nobody has read."""
    edition = rulebook.rule("C19").editions[-1]
    assert (Confidence.V, Confidence.V) == (edition.confidence, edition.length_tag)
    assert "to whom it goes is in part text not yet checked: general knowledge of the instrument" == edition.caution
    words = describe_due("C19", date(2026, 11, 20), rulebook).words
    assert any(line.startswith("To whom it goes is in part: text not yet checked") for line in words)
    assert ("safeguarding_adults_board",) == rulebook.rule("C21").recipients


def test_a_duty_to_have_regard_to_guidance_makes_the_guidance_no_duty_of_the_act(rulebook: Rulebook) -> None:
    """Section 9(3) of the Act of 2004 has guidance on domestic homicide reviews regarded: it asks for no review."""
    assert Level.GUIDANCE is rulebook.rule("A12").level


def test_unchecked_law_is_never_called_law(rulebook: Rulebook) -> None:
    """K and D may not be shown as «the law says»; V, S and V2 may, citing their source."""
    assert {"V", "S", "V2"} == {str(tag) for tag in Confidence if tag.may_be_called_law}
    silent = [
        f"{rule.id} {edition.name}"
        for rule in rulebook.rules
        for edition in rule.editions
        if not edition.confidence.may_be_called_law and not edition.caution
    ]
    assert [] == silent


def test_nothing_is_marked_checked_until_somebody_has_read_it(rulebook: Rulebook) -> None:
    """No edition has been read in the live instrument for this product, so the release check lists every one."""
    assert sum(len(rule.editions) for rule in rulebook.rules) == len(rulebook.unchecked())


def test_milestones_stages_and_roles_are_known(rulebook: Rulebook) -> None:
    """A misspelt anchor would be a clock that never starts."""
    used = {
        (rule.id, name)
        for rule in rulebook.rules
        for name in (rule.starts, rule.settled_by, rule.counts_from, *rule.ends, *rule.starts_options)
        if name
    }
    assert set() == {pair for pair in used if pair[1] not in MILESTONES}
    assert set() == {rule.id for rule in rulebook.rules if rule.owner not in ROLES or rule.stage not in tuple(Stage)}


def test_every_step_marks_what_the_rulebook_knows() -> None:
    """A step that marked a name of its own would start and settle nothing, silently."""
    marks = {mark for step in STEPS.values() for mark in step.marks}
    anything = {"*"}  # a step that corrects a date may mark any of them
    assert set() == marks - set(MILESTONES) - anything


def test_an_agency_gone_on_without_is_chased_no_more(rulebook: Rulebook) -> None:
    """Excused or refused, for a recorded reason: its clock ends without being called met."""
    waiting = {"agency_returned", "report_returned", "accuracy_returned"}
    asked = [rule for rule in rulebook.rules if rule.settled_by in waiting]
    assert 4 == len(asked)
    assert [] == [rule.id for rule in asked if not {"agency_excused", "agency_refused"} <= set(rule.ends)]


def test_every_clock_can_be_settled_and_every_miss_has_an_answer(rulebook: Rulebook) -> None:
    """A running statutory duty always says what to do when it is missed."""
    running = [rule for rule in rulebook.rules if not rule.track_only]
    assert [] == [rule.id for rule in running if rule.settled_by is None or rule.starts is None]
    assert [] == [rule.id for rule in running if rule.statutory and not rule.on_miss]


def test_what_has_no_count_has_no_clock(rulebook: Rulebook) -> None:
    """«Timely», a standing duty or a check at a gate are shown and never timed."""
    assert [] == [rule.id for rule in rulebook.rules if rule.counts.unit is Unit.NONE and not rule.track_only]
    assert {
        "C11",
        "C17",
        "C27",
        "C28",
        "A01",
        "A03",
        "A05",
        "A06",
        "A07",
        "A08",
        "A09",
        "A12",
        "local.a.rapid_time_sar",
    } == {rule.id for rule in rulebook.rules if rule.counts.unit is Unit.NONE}


def test_what_no_single_review_carries_is_shown_and_not_clocked(rulebook: Rulebook) -> None:
    """The national Panel's own duties and those of the partnership's year."""
    for name in ("N01", "N02", "C09", "C19", "A07", "A08"):
        assert rulebook.rule(name).track_only, name
    assert () == rulebook.started_by("year_ended", "children") + rulebook.started_by("year_ended", "adults")


@pytest.mark.parametrize(
    ("name", "length", "unit", "kind", "provision", "on", "due"),
    [
        ("N01b", 7, Unit.CALENDAR_DAYS, Kind.GATE, "reg.9(1)-(2)", date(2026, 5, 29), date(2026, 5, 22)),
        ("N02", 3, Unit.YEARS, Kind.MINIMUM, "reg.10", date(2026, 5, 29), date(2029, 5, 29)),
        ("C16", 1, Unit.YEARS, Kind.MINIMUM, "reg.17", date(2026, 5, 29), date(2027, 5, 29)),
    ],
)
def test_what_the_regulations_set_is_counted_and_called_so(
    name: str, length: int, unit: Unit, kind: Kind, provision: str, on: date, due: date, rulebook: Rulebook
) -> None:
    """S.I. 2018/789: its numbers of days and years, their day for a publication, their level, tag and first day."""
    rule = rulebook.rule(name)
    edition = rule.edition_on(on)
    assert (length, unit, kind, Level.REGULATION) == (
        rule.counts.length,
        rule.counts.unit,
        rule.counts.kind,
        rule.level,
    )
    assert (provision, Confidence.V, Confidence.V) == (edition.duty.provision, edition.confidence, edition.length_tag)
    assert ("SI2018/789", date(2018, 6, 29)) == (edition.name, rule.editions[0].from_day)
    assert rule.date_is_law
    assert due == rule.due_on(on, rulebook.calendar)


def test_a_request_by_section_45_is_nowhere_said_to_be_written(rulebook: Rulebook) -> None:
    """The section asks for no writing: neither the rule and its advice nor a form that asks says so."""
    rule = rulebook.rule("A04")
    asking = [STEPS[name].form for name in ("accept_referral", "ask_for_information", "ask_agencies")]
    said = [rule.title, rule.description, *rule.advice, *(str(form.model_json_schema()) for form in asking)]
    said += [str(one) for edition in rule.editions for one in edition.citations if one.quote]
    said += describe_due("A04", date(2026, 3, 3), rulebook).words
    assert any("section 45" in words for words in said)
    written = re.compile(r"\bin writing\b|\bwritten\b", re.IGNORECASE)
    assert [] == [words for words in said if written.search(words)]
    assert "The section asks for no writing and sets no time." == rule.editions[0].duty.note


def test_a_death_in_a_regulated_setting_is_said_to_be_local(rulebook: Rulebook) -> None:
    """Its duty was taken out of the Bill of 2017: the referral's question and the row say so, no rule does."""
    asked = STEPS["open_referral"].form.model_fields["concern"].description
    assert "A death in a regulated setting or service is taken up by local practice: no Act asks for it." == asked
    assert "A death in a regulated setting has no national duty of its own: local practice only" in (
        NOTIFICATION.otherwise.basis
    )
    assert [] == [rule.id for rule in rulebook.rules if "regulated setting" in f"{rule.title} {rule.description}"]


def test_each_milestone_starts_and_settles_what_the_reference_says(rulebook: Rulebook) -> None:
    """The anchors of the lifecycle, by id."""

    def ids(use: str, milestone: str, track: str) -> list[str]:
        found = getattr(rulebook, use)(milestone, track)
        return sorted(rule.id for rule in found if not rule.id.startswith("local."))

    assert ["C01", "C02"] == ids("started_by", "became_aware", "children")
    assert ["C03", "C03b"] == ids("started_by", "became_aware_looked_after_death", "children")
    assert ["C05"] == ids("started_by", "notification_sent", "children")
    assert ["C01"] == ids("settled_by", "notification_sent", "children")
    assert ["C03", "C04"] == ids("settled_by", "secretary_of_state_notified", "children")
    assert ["C05", "C07"] == ids("settled_by", "rapid_review_sent", "children")
    assert ["C08", "C12"] == ids("started_by", "decided_to_initiate", "children")
    assert ["A02"] == ids("started_by", "decided_to_initiate", "adults")
    assert ["A02"] == ids("settled_by", "report_accepted", "adults")
    assert ["A04"] == ids("started_by", "agency_request_sent", "adults")
    assert ["C16", "C18"] == ids("started_by", "published", "children")
    assert ["C10", "C12", "C12b", "C26"] == sorted(
        {*ids("settled_by", "published", "children"), *ids("ended_by", "published", "children")}
    )
    assert ["C01", "C02", "C05", "C07"] == ids("ended_by", "notification_withdrawn", "children")


def test_a_looked_after_childs_death_starts_no_rapid_review(rulebook: Rulebook) -> None:
    """T20: that awareness starts the notices of the death alone, and what settles them starts nothing."""
    assert ["C03", "C03b"] == [rule.id for rule in rulebook.started_by("became_aware_looked_after_death", "children")]
    assert () == rulebook.started_by("secretary_of_state_notified", "children")
    assert () == rulebook.started_by("parents_told", "children")


def test_the_two_six_months_are_two_rules(rulebook: Rulebook) -> None:
    """T16: the child's includes publication and is a limit; the adult's is completion, and an aim."""
    child, adult = rulebook.rule("C12"), rulebook.rule("A02")
    assert ("published", Kind.MAXIMUM) == (child.settled_by, child.counts.kind)
    assert ("report_accepted", Kind.AIM) == (adult.settled_by, adult.counts.kind)


def test_statutory_duties_are_told_from_local_ones(rulebook: Rulebook) -> None:
    """What an Act, regulations or guidance impose cannot be suspended; practice and local steps can."""
    assert {"C09", "C18", "A09", "A10"} == {
        rule.id for rule in rulebook.rules if not rule.statutory and rule.level is not Level.LOCAL
    }


def test_a_rule_is_found_by_id_in_any_case_and_by_name(rulebook: Rulebook) -> None:
    """«c05» at the command line is C05."""
    assert {"C05"} == {rulebook.rule(asked).id for asked in ("C05", "c05", " rapid_review_report ")}


def test_every_file_begins_by_saying_why() -> None:
    """A lawyer reads these files: each opens with a comment that names the duty and its convention."""
    silent = [
        file.name
        for track in ("children", "adults")
        for file in files("config").joinpath("rules", track).iterdir()
        if not file.read_text(encoding="utf-8").startswith(f"# {yaml.safe_load(file.read_text('utf-8'))['id'][:3]}")
    ]
    assert [] == silent
