"""The other legal tests, answered in every way: section 44 and the local review. The law is written here again."""

from __future__ import annotations

from itertools import product

from safeguarding.review.criteria import ADULT_REVIEW, LOCAL_REVIEW, Result, Table, decide
from safeguarding.shown.decided import decided_words

ANSWERS = ("yes", "no", "not known")


def every_way(table: Table) -> list[dict[str, str]]:
    """Every combination of answers to the questions of a table."""
    questions = sorted({question for row in table.rows for question in row.when})
    return [dict(zip(questions, given, strict=True)) for given in product(ANSWERS, repeat=len(questions))]


def worlds(answers: dict[str, str]) -> list[dict[str, bool]]:
    """Every way things may be that these answers leave open."""
    ways = [(True, False) if given == "not known" else (given == "yes",) for given in answers.values()]
    return [dict(zip(answers, way, strict=True)) for way in product(*ways)]


def test_section_44_is_mandatory_where_it_says_must_and_nowhere_else() -> None:
    """
    S.44(1) to (3): needs, cause for concern, and a death from abuse or neglect, or serious abuse or neglect of a living
    adult. What may be owed is never declined, what is not owed is never called mandatory, and what is known is decided.
    """
    for answers in every_way(ADULT_REVIEW):
        owed = {it["needs"] and it["concern"] and (it["died"] or it["alive"]) for it in worlds(answers)}
        result = decide(ADULT_REVIEW, answers).result
        if owed == {True}:
            assert result in (Result.MANDATORY, Result.ASK_FOR_INFORMATION), answers
        elif owed == {False}:
            assert result is not Result.MANDATORY, answers
        else:
            assert result is Result.ASK_FOR_INFORMATION, answers
        if "not known" not in answers.values():
            assert result is not Result.ASK_FOR_INFORMATION, answers


def test_a_death_makes_a_review_mandatory_though_it_is_not_known_what_else_was_done() -> None:
    """Dead of suspected neglect, needs and concern answered «yes»: whether there was abuse before is not waited for."""
    answers = {"needs": "yes", "concern": "yes", "died": "yes", "alive": "not known"}
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
