"""Nothing is offered at the pages that would be refused whoever sent it and whatever they typed."""

from __future__ import annotations

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
