"""What is asked of the child's daily life, or of what the adult wanted, at the pages of those who answer."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from driver.filling import Filler, boxes_of

from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date
from safeguarding.stages import STEPS
from tasks.record.installation import Installation

IN_RAPID_REVIEW, AT_PANEL = "CSPR-2026-007", "CSPR-2026-002"
IN_CONCLUSIONS = "Where do its conclusions speak of the child's daily life, or of what the adult wanted?"


def taken(installation: Installation, reference: str, step: str, **given: object) -> None:
    """A step, by whoever may take it, with the example's answers, at the moment of the last line."""
    records = installation.records
    now = records.events(reference)[-1].at
    raw = answer(step, records.read(reference), london_date(now), **given)
    records.attempt(reference, step, raw, signer(STEPS[step].by), now)


def test_the_table_of_agencies_says_what_a_return_tells(installation: Installation, manager: Filler) -> None:
    """Beside the day on which it came."""
    taken(installation, IN_RAPID_REVIEW, "record_return", agency="police", daily_life="no")
    manager.visitor.get(f"/reviews/{IN_RAPID_REVIEW}")
    assert "it does not tell of the child's daily life (asked" in manager.visitor.words


def test_a_row_for_the_check_of_a_draft_is_not_asked(installation: Installation, manager: Filler) -> None:
    """Whoever corrects facts says nothing of it; whoever gives information does."""
    taken(installation, IN_RAPID_REVIEW, "ask_agencies", agencies=["housing"], purpose="accuracy")
    manager.open(f"/reviews/{IN_RAPID_REVIEW}/do/record_return")
    kinds = boxes_of(manager.visitor.page.text).kinds
    assert "police_information-daily_life" in kinds
    assert "housing_accuracy-outcome" in kinds
    assert "housing_accuracy-daily_life" not in kinds
    manager.fill({"housing_accuracy": {"outcome": "returned"}}, "send")
    assert "/recorded/" in manager.visitor.path, manager.visitor.words


def test_the_report_s_form_does_not_call_it_optional(
    installation: Installation, somebody: Callable[[str], Filler]
) -> None:
    """Of a draft that said where it has it the conclusions must say so too: the form does not leave it open."""
    for step in ("begin_drafting", "submit_draft"):
        taken(installation, AT_PANEL, step)
    partner = somebody(signer(STEPS["sign_report"].by).person)
    partner.open(f"/reviews/{AT_PANEL}/do/sign_report")
    label = re.search(f"{re.escape(IN_CONCLUSIONS)}.{{0,60}}", html.unescape(partner.visitor.page.text), re.S)
    assert label is not None
    assert "(optional)" not in label.group(0)
