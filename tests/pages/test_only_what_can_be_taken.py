"""Nothing is offered at the pages that would be refused whoever sent it and whatever they typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from driver.filling import Filler, boxes_of
from driver.visitor import Clock

from safeguarding.review.proof import signed_in
from safeguarding.stages.beside.recorded import DONE
from tasks.record.installation import Installation

TODAY = date(2026, 11, 30)
TO_DECIDE, CLOSED, ADULT = "CSPR-2026-006", "CSPR-2026-003", "SAR-2026-001"
Somebody = Callable[[str], Filler]


@pytest.mark.parametrize("reference", [TO_DECIDE, "CSPR-2026-002", CLOSED, ADULT])
def test_what_was_done_is_offered_where_it_can_have_been(
    installation: Installation, clock: Clock, manager: Filler, reference: str
) -> None:
    """Of each review what its track, its stage and its end permit, all of that, and not a thing besides."""
    manager.open(f"/reviews/{reference}/do/record_done")
    offered = boxes_of(manager.visitor.page.text).offered["something_else-what"]
    common = {"on": TODAY, "note": "Kept with the other board.", "receipt": "REF-1"}

    def refused(what: str) -> tuple[str, ...]:
        raw, alex = common | {"what": what}, signed_in("alex_example", "code")
        return tuple(installation.records.unmet(reference, "record_done", raw, alex, clock.at))

    assert {} == {what: why for what in offered if what and (why := refused(what))}
    assert [] == [what for what in DONE if what not in offered and not refused(what)]
    assert 3 < len(set(offered) - {""}) < len(DONE)


NOTIFICATION = "CSPR-2026-008"


def test_what_the_local_authority_decides_is_offered_to_nobody_else(somebody: Somebody) -> None:
    """The police's partner is led to no form that cannot be theirs, and hears whose it is; the council's is."""
    form = f"/reviews/{NOTIFICATION}/do/decide_notification"
    for person, theirs in (("glenn_sample", True), ("harper_sample", False)):
        visitor = somebody(person).visitor
        assert theirs is (f"Decide on {NOTIFICATION}" in (visitor.get("/") and visitor.words)), person
        assert theirs is (form in visitor.get(f"/reviews/{NOTIFICATION}").text), person
        assert (200 if theirs else 403) == visitor.get(form).status_code, person
    assert "«Decide whether to notify» is for: those who speak for the local authority" in visitor.words
    visitor.get("/")
    assert "Decide on CSPR-2026-006" in visitor.words, "what is the partners' own is still led to"


NOTHING = "There is nothing to choose from yet."
BY_CHOICE = {
    *("change_action", "update_action", "hand_over", "answer_coroner", "record_coroners_extension"),
    "end_information_request",
}


def test_a_form_with_nothing_to_choose_from_is_not_offered(installation: Installation, manager: Filler) -> None:
    """Of every review in the demo: no form that is led to lacks its choices; with an action its forms are led to."""
    seen: dict[str, set[str]] = {}
    for row in installation.records.list():
        page = manager.visitor.get(f"/reviews/{row.reference}").text
        seen[row.reference] = set(re.findall(rf'href="/reviews/{row.reference}/do/(\w+)"', page))
        for step in BY_CHOICE & seen[row.reference]:
            assert NOTHING not in manager.visitor.get(f"/reviews/{row.reference}/do/{step}").text, (row, step)
    assert not BY_CHOICE & seen[TO_DECIDE]
    acting = [row.reference for row in installation.records.list() if installation.records.read(row.reference).actions]
    assert any({"change_action", "update_action"} <= seen[reference] for reference in acting)
