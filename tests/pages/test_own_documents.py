"""A partnership's own procedures stand where they are needed: at the page, the forms, the plan, the printed form."""

from __future__ import annotations

from driver.filling import Filler

from flows.artifacts.plan import page
from safeguarding.dates.london import london_date
from safeguarding.questions.plan import plan_of
from safeguarding.shown.referral_form import referral_form

RAPID, PANEL, ADULT = "CSPR-2026-007", "CSPR-2026-002", "SAR-2026-004"
PROCEDURE = 'href="https://exampleshire.example/procedures/serious-incidents"'
POLICY = "Safeguarding adults review policy and guidance"
KEPT = "Business unit, shared drive, Policies, folder 4"


def test_a_review_names_those_of_its_stage(manager: Filler) -> None:
    """An address is a link; what is kept elsewhere says where. Another stage's and another track's are not there."""
    assert PROCEDURE in manager.visitor.get(f"/reviews/{RAPID}").text
    assert PROCEDURE not in manager.visitor.get(f"/reviews/{PANEL}").text
    assert f"{POLICY} ({KEPT})" in words(manager, f"/reviews/{ADULT}")


def test_the_forms_that_lead_on_name_them(manager: Filler) -> None:
    """Also where a referral is typed in; not where something is recorded beside the stages."""
    assert PROCEDURE in manager.visitor.get(f"/reviews/{RAPID}/do/conclude_rapid_review").text
    assert PROCEDURE in manager.visitor.get("/reviews/new/do/open_referral?track=children").text
    assert POLICY in words(manager, "/reviews/new/do/open_referral?track=adults")
    assert PROCEDURE not in manager.visitor.get(f"/reviews/{RAPID}/do/record_meeting").text


def test_the_plan_and_the_printed_form_name_them(manager: Filler, installation, clock) -> None:
    """The plan those of every stage that it reaches; in Prefect too; on paper with where each is kept."""
    review, rulebook = installation.records.read(RAPID), installation.rulebook
    plan = plan_of(review, rulebook, london_date(clock.at))
    assert "Local serious incident procedure" in [one.title for one in plan.documents]
    assert "(<https://exampleshire.example/procedures/serious-incidents>)" in page(plan, rulebook.calendar)
    assert f"Our own document for it: {POLICY}: {KEPT}" in referral_form(rulebook.partnership)


def words(manager: Filler, path: str) -> str:
    """A page as it is read."""
    manager.visitor.get(path)
    return manager.visitor.words
