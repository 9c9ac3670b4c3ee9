"""Actions are given other days and owners, and a whole plan is taken in at once (cases 58 and 60)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from safeguarding.errors import TransitionRefused
from tasks.store.tables import actions

HEADED = """Action\tOwner agency\tLead\tBy when\tHow it will be seen
Name a lead for absence in every school\tSchools and early years\tJules Example\t18/12/2026\tAn audit
See each child alone\tpolice\tcasey_lead\t2027-01-29\tA sample of fifty records
"""


@pytest.fixture
def decided(case):
    """A child review that was decided on Wednesday 16 December 2026."""
    return case.on(date(2026, 12, 1)).take("conclude_rapid_review").take("decide_review")


def rows(case):
    """The actions as the table for querying has them."""
    with case.records.engine.connect() as connection:
        return {row.action: row for row in connection.execute(actions.select())}


def test_an_actions_day_and_owner_change_and_both_stay(decided) -> None:
    """Case 58. The old date is superseded with its reason, the new owner hears of it, the old one is chased no more."""
    case = decided.take("add_action", due_on=date(2027, 1, 29)).later(3)
    moved = {"due_on": date(2027, 3, 31), "agency": "police", "owner": "casey_lead"}
    case.take("change_action", by="glenn_sample", action="A01", **moved)

    row = rows(case)["A01"]
    assert (date(2027, 3, 31), "police", "casey_lead") == (row.due_on, row.agency, row.owner)
    dates = [(d.due_on, d.ended) for d in case.review.duties if d.rule == "local.x.action_done"]
    assert [(date(2027, 1, 29), "superseded"), (date(2027, 3, 31), "")] == dates
    assert "casey_lead" in case.told("action_owned")
    line = case.records.events(case.reference)[-1]
    assert {"due_on": "2027-01-29", "agency": "education", "owner": "jules_lead"} == line.facts["was"]
    case.records.rebuild()
    assert rows(case)["A01"] == row
    case.on(date(2027, 4, 1)).sweep()
    assert {"casey_lead"} == {miss.person for miss in case.misses("local.x.action_done")} & {"casey_lead", "jules_lead"}


def test_only_the_owner_changes(decided) -> None:
    """Her day stays; whoever has it now is told of it."""
    case = decided.take("add_action", due_on=date(2027, 1, 29))
    case.take("change_action", action="A01", due_on=None, owner="casey_lead", agency="police")
    assert date(2027, 1, 29) == case.due("local.x.action_done", "A01")
    assert "casey_lead" in case.told("action_owned")


def test_a_change_that_changes_nothing_is_none(decided) -> None:
    """The same day again, a day that has passed, an action that is done: refused in words."""
    case = decided.take("add_action", due_on=date(2027, 1, 29))
    with pytest.raises(TransitionRefused, match="has this day, agency and owner already"):
        case.take("change_action", action="A01", due_on=date(2027, 1, 29))
    with pytest.raises(TransitionRefused, match="the new day Mon 30 Nov 2026 has passed"):
        case.take("change_action", action="A01", due_on=date(2026, 11, 30))
    case.take("update_action")
    with pytest.raises(TransitionRefused, match="A01 is verified: reopen it first"):
        case.take("change_action", action="A01", due_on=date(2027, 2, 26))


def test_a_plan_is_pasted_as_it_stands_in_the_table(decided) -> None:
    """Case 60. With headings, days as in Britain, names or ids: two actions, each with its clock and its own words."""
    case = decided.take("add_action_plan", pasted=HEADED)
    assert [
        ("A01", "education", "jules_lead", date(2026, 12, 18)),
        ("A02", "police", "casey_lead", date(2027, 1, 29)),
    ] == [(a.id, a.agency, a.owner, a.due_on) for a in case.review.actions]
    assert date(2027, 1, 29) == case.due("local.x.action_done", "A02")
    line = case.records.events(case.reference, unseal=True)[-1]
    assert "See each child alone" == line.sealed["actions.1.what"]
    assert "An audit" == line.sealed["actions.0.measure"]


@pytest.mark.parametrize("sign", [";", "|", ","])
def test_a_plan_of_a_saved_file_reads_alike(decided, sign: str) -> None:
    """As Excel saves it: semicolons or commas, a cell with the sign in quotes, empty cells at the end."""
    words = f'"Name a lead{sign} in every school"'
    text = sign.join(("education", "jules_lead", "18 Dec 2026", words, "An audit", "", "")) + "\r\n\r\n"
    case = decided.take("add_action_plan", pasted=text)
    line = case.records.events(case.reference, unseal=True)[-1]
    assert f"Name a lead{sign} in every school" == line.sealed["actions.0.what"]


def test_a_plan_pasted_out_of_word(decided) -> None:
    """No-break spaces, soft hyphens, a break inside a cell: read as it is seen. A sign of one font only is named."""
    text = "edu\u00adcation\tjules_lead\u00a0\t2027-01-29\tName a lead\vin every school\tAn\u00a0audit"
    with pytest.raises(TransitionRefused) as refused:
        decided.take("add_action_plan", pasted=text + "\npolice\ue000\tcasey_lead\t2027-01-29\tA\tB")
    assert "pasted from a table: holds a sign of one font only in its line 2, at letter 7" in str(refused.value)
    decided.take("add_action_plan", pasted=text)
    line = decided.records.events(decided.reference, unseal=True)[-1]
    assert ("Name a lead in every school", "An audit") == (
        line.sealed["actions.0.what"],
        line.sealed["actions.0.measure"],
    )


def plan_of(*measures: str, sign: str = "\t") -> str:
    """A plan with one action a line, of which these are the last cells."""
    lines = [("police", "casey_lead", "2027-01-29", f"Thing {n}", one) for n, one in enumerate(measures, start=1)]
    return "\n".join(sign.join(line) for line in lines)


def measures_of(case) -> list[str]:
    """How each action of the plan that was taken in last will be seen to be done."""
    sealed = case.records.events(case.reference, unseal=True)[-1].sealed
    return [sealed[f"actions.{n}.measure"] for n in range(len(case.review.actions))]


def test_a_quotation_mark_stays_where_it_was_typed(decided) -> None:
    """Words in quotation marks begin one cell, stand in the middle of another and end a third: each is as typed."""
    typed = ['"Think family" is asked about', 'Whether "why now" is asked', 'The audit of "was not brought"']
    assert measures_of(decided.take("add_action_plan", pasted=plan_of(*typed))) == typed


def test_a_cell_with_line_ends_stays_one_cell(decided) -> None:
    """A spreadsheet puts a cell with line ends in quotation marks, and marks inside twice; a day may be in it."""
    typed = ['"Two parts:\n2026-12-18\nand ""the second"""', "Audit"]
    assert measures_of(decided.take("add_action_plan", pasted=plan_of(*typed))) == [
        'Two parts: 2026-12-18 and "the second"',
        "Audit",
    ]


@pytest.mark.parametrize("sign", ["\t", ";", ","])
@pytest.mark.parametrize("last", ["Audit", 'Audit of "home"', '"Audit" again', 'Audit at "home" again'])
def test_a_quotation_mark_that_is_not_closed_loses_no_action(decided, sign: str, last: str) -> None:
    """It opens a cell of the second line, and whatever follows would stand in that cell: nothing is taken, the line is
    named."""
    pasted = plan_of("Audit", '"Ten cases are read', "Audit", last, sign=sign)
    with pytest.raises(TransitionRefused) as refused:
        decided.take("add_action_plan", pasted=pasted)
    assert "line 2: a quotation mark opens and is not closed in its cell" in str(refused.value)
    assert not decided.review.actions


def test_no_line_is_lost_after_a_very_long_cell(decided) -> None:
    """A cell of more letters than a reader of tables takes by itself is named, and the actions beside it are not taken
    alone."""
    with pytest.raises(TransitionRefused, match=r"2: How it will be seen.* has 140,000 letters, and at most 20,000"):
        decided.take("add_action_plan", pasted=plan_of("Audit", "A" * 140_000, "Audit"))
    assert not decided.review.actions


def test_a_plan_with_faults_is_refused_whole_and_every_line_is_named(decided) -> None:
    """Nothing of it is recorded, each fault is said with its line and column, and nothing typed is repeated."""
    text = "\n".join(
        (
            "education\tjules_lead\t2027-01-29\tGood\tGood",
            "Nowhere Agency\tSecret Person\t29th\tGood\tGood",
            "police\tcasey_lead\t2027-01-29\tGood",
            "police\tcasey_lead\t2027-01-29\t\tGood",
        )
    )
    with pytest.raises(TransitionRefused) as refused:
        decided.take("add_action_plan", pasted=text)
    said = str(refused.value)
    for words in ("line 2, agency:", "line 2, owner:", "line 2, due:", "line 3: 4 columns", "line 4, what: is needed"):
        assert words in said
    assert "Nowhere" not in said and "Secret" not in said
    assert () == decided.review.actions


def test_a_heading_that_is_missing_is_named(decided) -> None:
    """A table without the owner's column, and one with a column that nobody knows."""
    with pytest.raises(TransitionRefused, match="the headings: there is no column for owner"):
        decided.take("add_action_plan", pasted="Agency\tDue\tAction\tMeasure\neducation\t2027-01-29\tA\tB")
    with pytest.raises(TransitionRefused, match="the headings: 1 are not known"):
        decided.take("add_action_plan", pasted=HEADED.replace("Lead\t", "Lead\tRAG\t"))


def test_a_plan_says_for_which_recommendation_each_action_is(decided) -> None:
    """As many plans have it, with a priority beside; empty at the end of a line too. One that is none is named."""
    decided.take("record_recommendation", findings=[], themes=["voice"])
    heads = "Agency\tOwner\tDue\tWhat\tMeasure\tPriority\tRecommendation\t"
    text = "\n".join(
        (
            heads,
            "education\tjules_lead\t2027-01-29\tA\tB\thigh\tr01\t",
            "police\tcasey_lead\t2027-01-29\tA\tB\t\t\t",
        )
    )
    wrong = f"{heads}\neducation\tjules_lead\t2027-01-29\tA\tB\turgent\tR07"
    with pytest.raises(TransitionRefused) as refused:
        decided.take("add_action_plan", pasted=wrong)
    assert "line 2, recommendation: this review has none of that number" in str(refused.value)
    assert "line 2, priority: give high, medium, low, or nothing" in str(refused.value)
    one, other = decided.take("add_action_plan", pasted=text).review.actions
    assert ("R01", ("voice",), "high") == (one.recommendation, one.themes, one.priority)
    assert ("", (), "") == (other.recommendation, other.themes, other.priority)


def test_a_plan_given_action_by_action(decided) -> None:
    """The form's own list, without a table; a day before the plan was agreed is named by its place in the list."""
    line = {"agency": "education", "owner": "jules_lead", "due_on": date(2027, 1, 29), "what": "A", "measure": "B"}
    early = line | {"due_on": decided.today - timedelta(days=1)}
    with pytest.raises(TransitionRefused, match="action 2 of the list"):
        decided.take("add_action_plan", pasted="", actions=[line, early])
    with pytest.raises(TransitionRefused, match="paste the plan"):
        decided.take("add_action_plan", pasted="")
    assert ("A01",) == tuple(a.id for a in decided.take("add_action_plan", pasted="", actions=[line]).review.actions)
