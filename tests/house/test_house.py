"""The house keeps its rules; each is a function beside this file, whose first sentence says it."""

import pytest

from house import declared, order, others, private, time_and_place, words
from house.reading import House, Rule

RULES = (*order.RULES, *others.RULES, *private.RULES, *declared.RULES, *time_and_place.RULES, *words.RULES)


@pytest.fixture(scope="module")
def house() -> House:
    """The project as it stands."""
    return House()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps(house: House, rule: Rule) -> None:
    """Nothing in the project breaks it, and no exception to it is named that is none."""
    assert [] == rule(house)
