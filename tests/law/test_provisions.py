"""What `check` says of a provision that nobody read, of words from elsewhere, and of people the law does not name."""

import re
from pathlib import Path

import pytest
from driver.planted_rule import planted

import config
from config.provisions import not_there
from config.sources import read_sources
from safeguarding.errors import RulebookInvalid
from safeguarding.review.criteria import NO_PROVISION
from safeguarding.review.legal_tests import TABLES

C13B = "children/report_to_secretary_of_state_and_panel.yaml"
C14B = "children/report_and_improvements_to_secretary_of_state_and_panel.yaml"
C22 = "children/report_provided.yaml"
C03 = "children/looked_after_child_death.yaml"
C11 = "children/reviewer_request_in_writing.yaml"
C12 = "children/review_published.yaml"
C16 = "children/publicly_available.yaml"
C25 = "children/coroner_answered.yaml"
C24 = "children/information_supplied_to_panel.yaml"
A06 = "adults/advocate_arranged.yaml"
BOTH = "recipients: [secretary_of_state, national_panel]"
ADVICE = "  - Do not publish. Move the day of publication."


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "words"),
    [
        (
            C13B,
            "unit: calendar_days",
            "unit: working_days",
            "citations[0].quote",
            "says 7 days, and what is counted is no later than 7 working days before",
        ),
        (
            C16,
            "reg.17",
            "reg.99",
            "[0].provision",
            "'reg.99' is none of the provisions that were read (reg.1, ",
        ),
        (
            C22,
            "s.16F(3)(c)",
            "s.16Z(3)(c)",
            "[0].provision",
            "'s.16Z' is none of the provisions that were read",
        ),
        (
            C13B,
            "reg.16(1)",
            "reg.16(4)",
            "[0].provision",
            "reg.16(4) is not there: reg.16 has 2 numbered parts",
        ),
        (C16, "reg.17", "reg.17(1)", "[0].provision", "reg.17(1) is not there: reg.17 has no numbered parts"),
        (
            C13B,
            "quote_from: the regulation",
            "quote_from: Care Act 2014 s.44(1)",
            "[0].quote_from",
            "Care Act",
        ),
        (
            C13B,
            "quote_from: the regulation",
            "quote_from: Working Together 2018",
            "[0].quote_from",
            "Together",
        ),
        (C13B, "quote_from: the regulation", "quote_from: the section", "[0].quote_from", "«the section»"),
        (C13B, "quote_from: the regulation", "quote_from: reg.9(1)", "[0].quote_from", "«reg.9(1)»"),
        (C12, "quote_from: Trafford", "quote_from: the section of Trafford", "citations[1].quote_from", "has none"),
        (A06, "quote_from: s.68(1)", "quote_from: a partnership's checklist", "[0].quote_from", "or nowhere"),
        (
            C13B,
            BOTH,
            "recipients: [secretary_of_state, national_panel, ofsted]",
            "recipients",
            "has ofsted, whom",
        ),
        (
            C13B,
            "recipients: [secretary_of_state, national_panel]",
            "recipients: [national_panel]",
            "recipients",
            "lacks",
        ),
        (C16, "recipients: [public]", "recipients: [public, ofsted]", "recipients", "has ofsted, whom"),
        (
            C14B,
            "duty_holder: the safeguarding partners",
            "duty_holder: the local authority",
            "duty_holder",
            "puts the duty on the safeguarding partners",
        ),
        (
            C03,
            "duty_holder: the local authority looking after the child",
            "duty_holder: the police",
            "duty_holder",
            "puts the duty on the local authority looking after the child",
        ),
        (
            C13B,
            ADVICE,
            "  - {says: Move it., tag: V}",
            "on_miss[0].source",
            "is missing: tag V says that",
        ),
        (C11, "S.I. 2018/789 reg.14(3)", "S.I. 2018/789 reg.14(9)", "on_miss[0].source", "reg.14(9) is not there"),
        (C11, "S.I. 2018/789 reg.14(3)", "the Regulations", "on_miss[0].source", "names no instrument of"),
        (C24, "s.16D(2)", "s.16D(8)", "[0].provision", "s.16D has 5 numbered parts"),
    ],
    ids=[
        "plain days held as working days",
        "a regulation that there is not",
        "a section that there is not",
        "a paragraph that there is not",
        "a paragraph of what has none",
        "words of another Act",
        "words of guidance",
        "a section of regulations",
        "words of another regulation",
        "a section of guidance",
        "words of a partnership under an Act",
        "somebody whom the regulation does not name",
        "without somebody whom it names",
        "somebody beside the public",
        "a duty of others",
        "a duty of nobody named",
        "advice of the law without its place",
        "advice of a paragraph that there is not",
        "advice of no instrument",
        "a subsection that there is not",
    ],
)
def test_what_the_register_does_not_bear_out(file: str, old: str, new: str, key: str, words: str, folder: Path) -> None:
    """One slip in a copy of the rules: it is named under its key, and says what is wrong."""
    found = planted(folder, file, old, new)
    said = [problem for name, problem in found.items() if name.endswith(key)]
    assert [] != said, found
    assert any(words in problem for problem in said), found


def test_an_act_that_the_register_does_not_have_is_not_cited(folder: Path) -> None:
    """An instrument named in the rule itself would be held to no list of what was read."""
    other = "instrument: Adoption Act 1976\n        level: regulation\n        read: *read"
    path = folder / "rules" / C16
    read = "{day: 2026-11-25, by: us, where: a copy, state: as made}"
    text = path.read_text("utf-8").replace("source: SI2018/789", other.replace("*read", read))
    path.write_text(text, "utf-8")
    found = planted(folder, C16, "duty_holder:", "duty_holder: ")
    assert any("is not one of config/rules/sources/instruments.yaml" in problem for problem in found.values()), found


def test_what_has_no_clock_says_where_it_is_met(folder: Path) -> None:
    """A duty that is in the book alone, without a word that it is only told, would be taken for one that is chased."""
    path = folder / "rules" / A06
    lines = path.read_text("utf-8").splitlines(keepends=True)
    start, end = lines.index("met_here: >-\n"), lines.index("editions:\n")
    path.write_text("".join(lines[:start] + lines[end:]), "utf-8")
    with pytest.raises(RulebookInvalid, match="At which step or question is it met, or is it only told"):
        config.load(folder=folder)


def test_the_time_of_the_law_is_quoted(folder: Path) -> None:
    """Without its words nobody sees that seven days are not seven working days."""
    path = folder / "rules" / C16
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "quote" not in line), "utf-8")
    with pytest.raises(RulebookInvalid, match="the law sets the time, so quote the words in which it does"):
        config.load(folder=folder)


def test_every_row_of_every_decision_table_names_what_was_read(folder: Path) -> None:
    """The tables cite the same law as the rules: each provision of them is one that was read, with its parts."""
    sources = read_sources(folder, [])
    named = {f"{one.instrument} ": one.instrument for one in sources.instruments.values()}
    named |= {f"{m.group()} ": name for name in named.values() if (m := re.search(r"S\.I\. \d{4}/\d+", name))}
    wrong, seen = [], 0
    for table in TABLES:
        for row in (*table.rows, table.otherwise):
            if row.provision.startswith(NO_PROVISION):
                continue
            for cited in row.provision.split("; "):
                begins = next((begins for begins in named if cited.startswith(begins)), None)
                if begins is None:
                    assert not re.search(r"\b(?:s|reg|Sch)\.\d", cited), f"{table.number}: {cited}"
                    continue
                seen += 1
                provision = re.match(r"(?:s\.|reg\.|Sch\.)[^ ]+(?: para [^ ]+)?", cited.removeprefix(begins))
                known = sources.provisions_of(named[begins])
                if provision is None or not_there(provision.group().rstrip(":"), known):
                    wrong.append(f"{table.number} row {row.number}: {cited}")
    assert [] == wrong
    assert seen > 10


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (C16, "kind: minimum", "kind: maximum", "says a minimum, and what is counted is within 1 year"),
        (C25, "kind: maximum", "kind: minimum", "says no minimum, and what is counted is at least 56 calendar days"),
        (C25, "kind: maximum", "kind: aim", "is the law's own time, which is no aim"),
        (C13B, "direction: backward", "direction: forward", "says on which side of the day it lies"),
    ],
    ids=["a minimum as a last day", "a last day as a minimum", "the law as an aim", "before as after"],
)
def test_what_the_words_say_of_a_number_is_how_it_is_counted(
    file: str, old: str, new: str, words: str, folder: Path
) -> None:
    """The right number counted the wrong way: a year in public that may end before it is over."""
    assert any(words in problem for problem in planted(folder, file, old, new).values())
