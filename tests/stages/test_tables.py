"""The other legal tests, answered in every way: section 44 and the local review. The law is written here again."""

from __future__ import annotations

from itertools import product

from safeguarding.review.criteria import Result, Table, decide
from safeguarding.review.legal_tests import ADULT_REVIEW, LOCAL_REVIEW
from safeguarding.shown.decided import decided_words

ANSWERS = ("yes", "no", "not known")


def every_way(table: Table) -> list[dict[str, str]]:
    """Every combination of answers to the questions of a table."""
    questions = sorted({question for row in table.rows for question in row.when})
    return [dict(zip(questions, given, strict=True)) for given in product(ANSWERS, repeat=len(questions))]


def worlds(answers: dict[str, str]) -> list[dict[str, bool]]:
    """Every way things may be that these answers leave open; nobody has died and is still alive."""
    ways = [(True, False) if given == "not known" else (given == "yes",) for given in answers.values()]
    found = [dict(zip(answers, way, strict=True)) for way in product(*ways)]
    return [it for it in found if not (it.get("died") and it.get("alive"))]


def of_section_44(it: dict[str, bool]) -> Result:
    """S.44(1): an adult in its area with needs; (2) and (3) the two conditions; (4) in any other case."""
    if not it["adult"]:
        return Result.NOT_A_SAR
    if not it["in_area"]:
        return Result.ANOTHER_BOARD
    if not it["needs"]:
        return Result.NOT_A_SAR
    return Result.MANDATORY if it["concern"] and (it["died"] or it["alive"]) else Result.DISCRETIONARY


def test_section_44_is_mandatory_where_it_says_must_and_nowhere_else() -> None:
    """
    Six questions, three answers each: what is certain is said, whatever else is not known; what may be owed is never
    declined, and asked for; and nothing is asked for that could change nothing.
    """
    for answers in every_way(ADULT_REVIEW):
        if answers["died"] == answers["alive"] == "yes":
            continue  # refused before any table is read
        said = {of_section_44(it) for it in worlds(answers)}
        found = decide(ADULT_REVIEW, answers)
        if len(said) == 1:
            assert {found.result} == said, answers
        else:
            assert found.result is Result.ASK_FOR_INFORMATION, answers
            assert all(answers[question] == "not known" for question in found.unknown), answers


def test_each_limb_of_the_section_has_its_own_row_and_basis() -> None:
    """A child, an adult of another board's area, one without needs: each is told which of the three it is."""
    met = {"adult": "yes", "in_area": "yes", "needs": "yes", "concern": "yes", "died": "yes", "alive": "no"}
    found = {limb: decide(ADULT_REVIEW, {**met, limb: "no"}) for limb in ("adult", "in_area", "needs")}
    of_another = {"adult": Result.NOT_A_SAR, "in_area": Result.ANOTHER_BOARD, "needs": Result.NOT_A_SAR}
    assert of_another == {limb: one.result for limb, one in found.items()}
    assert "under 18" in found["adult"].basis
    assert "not in the board's area" in found["in_area"].basis
    assert "no needs for care and support" == found["needs"].basis


def test_a_death_makes_a_review_mandatory_though_it_is_not_known_what_else_was_done() -> None:
    """Dead of suspected neglect, needs and concern answered «yes»: whether there was abuse before is not waited for."""
    limbs = ("adult", "in_area", "needs", "concern", "died")
    answers = dict.fromkeys(limbs, "yes") | {"alive": "not known"}
    assert Result.MANDATORY is decide(ADULT_REVIEW, answers).result


def test_a_local_review_is_found_only_of_a_serious_case_that_matters_to_the_area() -> None:
    """
    S.16F(1): serious child safeguarding cases which raise issues of importance in relation to the area. The table
    points to a review, or to none since the learning is captured, of no other; an unknown limb of it is asked for.
    """
    for answers in every_way(LOCAL_REVIEW):
        of_the_section = {it["serious_case"] and it["importance_to_area"] for it in worlds(answers)}
        found = decide(LOCAL_REVIEW, answers)
        if found.result in (Result.LOCAL_REVIEW, Result.NO_LOCAL_REVIEW):
            assert {True} == of_the_section, answers
        if len(of_the_section) == 2:
            assert found.result is Result.ASK_FOR_INFORMATION, answers
            assert set(found.unknown) & {"serious_case", "importance_to_area"}, answers


def test_a_line_of_an_earlier_version_gives_no_provision() -> None:
    """It kept a row and a basis and no provision: nothing is made up for it."""
    assert [] == decided_words({"result": "notify_panel", "row": "1-2", "basis": "as it was then", "unknown": []})
