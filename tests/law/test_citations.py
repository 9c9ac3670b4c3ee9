"""Each number under its own name: what `check` says of a citation that a lawyer could not follow."""

from collections.abc import Callable
from pathlib import Path

import pytest
from driver.planted_rule import planted

import config
from safeguarding.errors import RulebookInvalid
from safeguarding.law.citation import NUMBERED, Confidence, Level
from safeguarding.law.rulebook import Rulebook

C16 = "children/publicly_available.yaml"
C13 = "children/advance_copy_full_report.yaml"
C10 = "children/quality_monitored.yaml"
LANDING = "https://www.gov.uk/government/publications/working-together-to-safeguard-children--2"


def test_regulations_without_their_number_are_a_fault(folder: Path) -> None:
    """«The 2018 Regulations» sends a reader through eighteen regulations and a schedule."""
    found = planted(folder, C16, "        provision: reg.17\n", "")
    said = found["publicly_available.yaml: editions[SI2018/789].citations[0].provision"]
    assert said.startswith("is missing: Child Safeguarding Practice Review") and "numbered provisions" in said


def test_words_quoted_from_nowhere_are_a_fault(folder: Path) -> None:
    """A partnership's checklist line under a citation of s.68 could not be seen for what it was."""
    found = planted(folder, C16, "        quote_from: the regulation\n", "")
    key = "publicly_available.yaml: editions[SI2018/789].citations[0].quote_from"
    assert {key: "is missing: in which text do the quoted words stand?"} == found


def test_a_level_above_its_best_source_is_a_fault(folder: Path) -> None:
    """Guidance that calls itself an Act."""
    found = planted(folder, C13, "level: guidance\n", "level: statute\n")
    assert {"advance_copy_full_report.yaml: level"} == set(found)
    assert "is 'statute', above the best source of edition WT20" in next(iter(found.values()))


def test_a_number_may_not_borrow_the_level_of_its_duty(folder: Path) -> None:
    """Twenty working days of our own under a regulation that says «at regular intervals»."""
    found = planted(folder, C10, "time_level: design_default\n", "")
    assert "is 'regulation', above the best source" in found["quality_monitored.yaml: level"]


def test_a_number_without_a_source_may_not_call_itself_guidance(folder: Path) -> None:
    """Tag D says that nobody set it, so its level is that of a design default."""
    old = "{source: OWN, sets: [time], confidence: D}"
    found = planted(folder, C10, old, old.replace("D}", "D, level: guidance}"))
    assert {"quality_monitored.yaml: editions[SI2018/789].citations[2].level"} == set(found)


def test_one_link_for_two_editions_of_guidance_is_a_fault(folder: Path) -> None:
    """The landing page shows whichever edition is the latest: it is the source of no other."""
    path = folder / "rules" / C13
    text = path.read_text("utf-8").replace(
        "confidence: K\n  - name: WT2023", f"confidence: K\n        address: {LANDING}\n  - name: WT2023"
    )
    path.write_text(text, "utf-8")
    found = planted(folder, C13, "confidence: K}", f"confidence: K, address: '{LANDING}'}}")
    key = "advance_copy_full_report.yaml: editions[WT2023].citations[0].address"
    assert key in found
    with pytest.raises(RulebookInvalid, match="stands for edition WT2018 too: one link cannot show two texts"):
        config.load(folder=folder)


def test_one_link_under_two_names_is_a_fault(folder: Path) -> None:
    """Working Together of 2018 and of 2023 at one address, in the register from which rules take it."""
    file = "sources/instruments.yaml"
    pinned = next(
        line
        for line in (folder / "rules" / file).read_text("utf-8").splitlines()
        if "2023_-_statutory_guidance" in line
    )
    other = next(line for line in (folder / "rules" / file).read_text("utf-8").splitlines() if "942454" in line)
    found = planted(folder, file, pinned, other)
    assert any("is one link for several texts: Working Together" in problem for problem in found.values())


A04 = "adults/information_supplied.yaml"
OWN_TIME = "      - {source: OWN, sets: [time], confidence: D}\n"
REG_17 = "https://www.legislation.gov.uk/uksi/2018/789/regulation/17/2018-06-29"
C13_2023 = "{source: WT2023, provision: chapter 5, sets: [duty, time, recipients], confidence: K}"


def test_an_invented_number_may_not_carry_its_duty_s_level_unnamed(folder: Path) -> None:
    """Ten working days of our own stood as the Act's, with tag V, once nobody said who set them."""
    path = folder / "rules" / A04
    text = path.read_text("utf-8").replace(
        "time_level: design_default   # or the day that the request itself names\n", ""
    )
    path.write_text(text, "utf-8")
    found = planted(folder, A04, OWN_TIME, "")
    problem = found["information_supplied.yaml: editions[CARE2014].citations"]
    assert "none sets the time (within 10 working days): name its source, or OWN with tag D" in problem


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "words"),
    [
        (C13, C13_2023, C13_2023.replace("K}", "V}"), "[WT2023].citations[0].read", "Who, on which day, in which copy"),
        (
            C13,
            C13_2023,
            C13_2023.replace("K}", "V2}"),
            "[WT2023].citations[0].restated_by",
            "another source",
        ),
        (
            C13,
            C13_2023,
            C13_2023.replace("K}", "S}"),
            "[WT2023].citations[0].restated_by",
            "another source",
        ),
        (C16, f"        address: {REG_17}\n", "", "citations[0].address", "is missing: where is Child Safeguarding"),
        (C16, f"{REG_17}\n", f"{REG_17.rpartition('/')[0]}\n", "citations[0].address", "is not pinned to a day"),
        (C16, REG_17, f"{REG_17}?view=plain", "citations[0].address", "is not pinned to a day"),
        (C16, REG_17, "https://law.example/reg/17/2018-06-29", "citations[0].address", "is not pinned to a day"),
        (
            C16,
            "regulation/17/",
            "regulation/9/",
            "citations[0].address",
            "opens regulation 9, and the citation",
        ),
        (
            C16,
            "17/2018-06-29",
            "17/2030-01-01",
            "citations[0].address",
            "shows the text of Tue 1 Jan 2030, and",
        ),
        (C16, "17/2018-06-29", "17/2018-13-29", "citations[0].address", "is pinned to 2018-13-29, which is no day"),
        (C16, "17/2018-06-29", "17/2012-01-01", "citations[0].address", "was not in force (from Fri 29 Jun 2018)"),
        (C16, "provision: reg.17", "provision: see above", "citations[0].provision", "names no provision: write it as"),
        (C16, "length: 1", "length: 5", "citations[0].quote", "says 1 year, and what is counted is at least 5 years"),
        (C16, "a minimum of one year", "a minimum", "citations[0].quote", "is cited for the time and names none"),
        (
            C16,
            "from: 2018-06-29",
            "from: 2010-01-01",
            "citations[0].since",
            "is Fri 29 Jun 2018, and edition",
        ),
        (C16, "uksi/2018/789", "ukpga/2004/31", "citations[0].address", "is one link for several texts: Child"),
    ],
    ids=[
        "V without who read it",
        "V2 without who restates it",
        "S without whose page",
        "regulations without an address",
        "unpinned",
        "a view of the page",
        "another publisher",
        "another regulation",
        "a day to come",
        "no day",
        "a day before commencement",
        "a vague provision",
        "another number than the words",
        "words without a time",
        "older than its provision",
        "another instrument",
    ],
)
def test_what_a_lawyer_could_not_follow(file: str, old: str, new: str, key: str, words: str, folder: Path) -> None:
    """One slip in a copy of the rules: it is named under its key, and says what is wrong."""
    found = planted(folder, file, old, new)
    said = [problem for name, problem in found.items() if name.endswith(key)]
    assert [] != said, found
    assert any(words in problem for problem in said), found


@pytest.mark.parametrize("variant", ["#2018", "?edition=2018", "/"])
def test_one_page_under_three_addresses_is_still_one_page(variant: str, folder: Path) -> None:
    """A place on the page, a question to it or a stroke at its end opens no other text."""
    file = "sources/instruments.yaml"
    lines = (folder / "rules" / file).read_text("utf-8").splitlines()
    of_2018 = next(line for line in lines if "942454" in line)
    of_2023 = next(line for line in lines if "2023_-_statutory_guidance" in line)
    path = folder / "rules" / file
    path.write_text(path.read_text("utf-8").replace(of_2018, f"    address: {LANDING}{variant}"), "utf-8")
    found = planted(folder, file, of_2023, f"    address: {LANDING}")
    assert any("is one link for several texts: Working Together" in problem for problem in found.values())


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        (C16, "source: SI2018/789", "source: SI2018/798", "editions[SI2018/789].citations[0].source"),
        (C13, "coming: [WT2026]", "coming: [WT2062]", "coming"),
        (C13, "coming: [WT2026]", "coming: [WT2026, WT2026]", "coming"),
    ],
    ids=["no such instrument", "no such edition", "one edition twice"],
)
def test_a_name_that_the_register_does_not_have(file: str, old: str, new: str, key: str, folder: Path) -> None:
    """It is named under its key, and in the words of whoever wrote it."""
    found = planted(folder, file, old, new)
    assert any(name.endswith(f": {key}") for name in found)


def test_the_register_itself_is_read_with_care(folder: Path) -> None:
    """A fault in it is named once, and not in each of the rules that cite it."""
    found = planted(folder, "sources/instruments.yaml", "level: guidance", "level: guidence")
    assert {"instruments.yaml"} == {name.partition(":")[0] for name in found}


def offenders(rulebook: Rulebook, fault: Callable[..., bool]) -> list[str]:
    """The citations of the law of which something is true, by rule and edition."""
    return [
        f"{rule.id} {edition.name}: {one.name}"
        for rule in rulebook.rules
        if rule.level is not Level.LOCAL
        for edition in rule.editions
        for one in edition.citations
        if fault(one)
    ]


def test_what_was_read_says_by_whom_when_and_in_which_copy(rulebook: Rulebook) -> None:
    """Whatever has tag V can be checked again in the same copy; of the rest it is said that nobody is named."""
    assert [] == offenders(rulebook, lambda one: one.confidence is Confidence.V and one.read is None)
    unnamed = offenders(rulebook, lambda one: one.read is None and one.read_words != "")
    assert [] != unnamed
    assert {"who read it is not recorded"} == {
        one.read_words
        for rule in rulebook.rules
        if rule.level is not Level.LOCAL
        for edition in rule.editions
        for one in edition.citations
        if f"{rule.id} {edition.name}: {one.name}" in unnamed and one.read is None and one.read_words
    }


def test_an_act_is_linked_at_the_day_it_is_cited_for(rulebook: Rulebook) -> None:
    """The publisher of legislation keeps every day's text, so the address names one; and it is never a whole Act."""
    unpinned = offenders(
        rulebook,
        lambda one: one.level in NUMBERED and not (one.address or "").rpartition("/")[2].startswith(("20", "enacted")),
    )
    assert [] == unpinned
    assert [] == offenders(rulebook, lambda one: LANDING == one.address)


def test_an_edition_that_nobody_has_read_is_held_once(rulebook: Rulebook) -> None:
    """Every rule that may change with it carries the same words, from one file."""
    notes = {edition.note for rule in rulebook.rules for edition in rule.editions if edition.name == "WT2026"}
    (note,) = notes
    assert "18 or 19 March 2026" in note


OWN_TIME = "      - {source: OWN, sets: [time], confidence: D}\n"


@pytest.mark.parametrize(
    ("file", "sets", "without"),
    [
        ("children/report_provided.yaml", "sets: [duty, recipients]", [OWN_TIME, "time_level: design_default\n"]),
        ("children/notice_of_death_established.yaml", "sets: [duty]", [OWN_TIME, "time_level: design_default\n"]),
        ("children/information_supplied_to_panel.yaml", "sets: [duty, recipients]", ["time_level: local\n"]),
    ],
    ids=["C22, at once", "C29, at once", "C24, the day that was agreed"],
)
def test_a_time_without_a_number_is_not_given_to_the_law_either(
    file: str, sets: str, without: list[str], folder: Path
) -> None:
    """
    An Act's section that says nothing of a time is cited for it, and the line that says «ours» is deleted: the same
    day would stand as the Act's own. It is named, as an invented number is.
    """
    path = folder / "rules" / file
    text = path.read_text()
    for line in without:
        assert line in text
        text = text.replace(line, "")
    path.write_text(text.replace(sets, sets.replace("[duty", "[duty, time"), 1))
    with pytest.raises(RulebookInvalid) as raised:
        config.load(folder=folder)
    said = [fault.problem for fault in raised.value.faults if fault.key.endswith("citations[0].quote")]
    assert ["does not set it: quote the words" in problem for problem in said] == [True]
