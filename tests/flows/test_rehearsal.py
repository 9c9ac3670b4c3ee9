"""A form is tried against the record before the page sends it: a refusal costs nobody what was typed."""

from datetime import timedelta

import pytest
from driver.page import Json, Manager

from flows.server.before_submit import TOO_LARGE

pytestmark = pytest.mark.prefect


def reasons(said: Json) -> str:
    """What the page would show under a question."""
    return " ".join(str(error) for found in said["errors"] for error in found["errors"])


def test_a_card_says_no_while_its_dialog_is_open(manager: Manager) -> None:
    """
    Two dates lie in the future. The page hears both reasons and shows them, as often as it asks; nothing is recorded,
    and the form that it has stays good.
    """
    reference = manager.opened_elsewhere(concern="learning request")
    manager.sweep()
    run = manager.card(reference)
    drawn, review = manager.asked(run), manager.read(reference)
    late = manager.today + timedelta(days=3)
    step = "close_not_serious"
    wrong = manager.form(run, step, review, manager.today, decided_on=late, acknowledged_on=late)

    for _ in range(3):
        said = manager.tried(drawn, wrong)

    assert said["valid"] is False
    assert "Refused, and nothing was changed" in reasons(said)
    assert 2 == reasons(said).count("•")
    assert review.version == manager.read(reference).version

    good = manager.form(run, step, review, manager.today)
    assert {"errors": [], "valid": True} == manager.tried(drawn, good)
    assert "ACCEPT" == manager.resume(run, good).json()["status"]
    assert manager.outcome(run).over


def test_a_form_that_is_not_whole_is_not_tried(manager: Manager) -> None:
    """What the page itself finds missing is shown under its question, and is no attempt at a step."""
    reference = manager.opened_elsewhere(concern="learning request")
    manager.sweep()
    run = manager.card(reference)
    review = manager.read(reference)
    sent = manager.form(run, "close_not_serious", review, manager.today)
    sent["step"].pop(f"close_not_serious__v{review.changed}__reason")

    said = manager.tried(manager.asked(run), sent)

    assert said["valid"] is False
    assert "Refused" not in str(said)
    assert review.version == manager.read(reference).version


def test_a_short_form_says_no_before_it_is_run(manager: Manager) -> None:
    """A review that the record does not hold, and a return that nobody asked for: shown in the form, no run made."""
    deployment = manager.deployment("record_return")
    drawn = deployment["parameter_openapi_schema"]
    form = manager.short_form(deployment, "record_return", manager.opened_elsewhere(concern="learning request"))

    unasked = manager.tried(drawn, form)
    form["form"]["reference"] = "CSPR-2019-404"
    unheld = manager.tried(drawn, form)

    assert "form" == unasked["errors"][0]["property"]
    assert "Refused, and nothing was changed" in reasons(unasked)
    assert "No review has the reference CSPR-2019-404" in reasons(unheld)


def test_a_referral_is_tried_before_there_is_a_review(manager: Manager) -> None:
    """A referral received next week is refused in the form; no reference is taken."""
    deployment = manager.deployment("open_referral")
    before = len(manager.system.installation.records.list())
    form = manager.short_form(deployment, "open_referral", None, received_on=manager.today + timedelta(days=7))

    said = manager.tried(deployment["parameter_openapi_schema"], form)

    assert "Refused, and nothing was changed" in reasons(said)
    assert before == len(manager.system.installation.records.list())


def test_a_stranger_who_signs_and_a_key_that_is_none_are_not_repeated(manager: Manager) -> None:
    """The page hears how many answers belong nowhere and who may sign; the words themselves are not said back."""
    deployment = manager.deployment("open_referral")
    form = manager.short_form(deployment, "open_referral", None)
    form["form"] |= {"nickname": "Violet", "signed_by": "Violet", "minute_reference": "Violet was hurt, twice [sic]"}
    loose = {"properties": {"form": {"$ref": "#/definitions/open_referral"}}, "definitions": {"open_referral": {}}}

    said = manager.tried(loose, form)

    assert said["valid"] is False
    for words in ("1 answer belongs to no question", "the signer is not in the partnership's file", "minute or paper"):
        assert words in reasons(said)
    assert "Violet" not in str(said)


def test_somebody_known_without_the_role_is_refused_on_a_raw_call(manager: Manager) -> None:
    """
    The form offers the names of those who decide; a call past the page signs as the lead of an agency, who is in the
    file and closes no referral. It is not taken, by neither spelling of the name: the same card waits, nothing changed.
    """
    reference = manager.opened_elsewhere(concern="learning request")
    manager.sweep()
    run = manager.card(reference)
    review = manager.read(reference)
    sent = manager.form(run, "close_not_serious", review, manager.today)
    (signed,) = (name for name in sent["step"] if name.endswith("__signed_by"))
    assert "jules_lead" in {person.id for person in manager.system.installation.rulebook.partnership.people}
    for spelt in ("jules_lead", "Jules Example (jules_lead)"):
        raw = {"step": {**sent["step"], signed: spelt}}
        assert manager.tried(manager.asked(run), raw)["valid"] is False
        answered = manager.resume(run, raw).json()
        assert "REJECT" == answered["status"], answered
    assert (run["id"], review.version) == (manager.card(reference)["id"], manager.read(reference).version)
    assert "ACCEPT" == manager.resume(run, sent).json()["status"]
    assert manager.outcome(run).over


def test_a_form_of_five_million_characters_is_not_looked_at(manager: Manager) -> None:
    """Not when it is checked, not when it is sent: the card waits as before, and nothing is in the record."""
    reference = manager.opened_elsewhere(concern="learning request")
    manager.sweep()
    run = manager.card(reference)
    sent = manager.form(run, "close_not_serious", manager.read(reference), manager.today)
    changed = manager.read(reference).changed
    sent["step"][f"close_not_serious__v{changed}__signed_by"] = "x" * 5_000_000

    assert {"valid": False, "errors": [TOO_LARGE]} == manager.tried(manager.asked(run), sent)
    answered = manager.resume(run, sent).json()

    assert ("REJECT", TOO_LARGE) == (answered["status"], answered["details"]["reason"])
    assert changed == manager.read(reference).version
    assert "PAUSED" == manager.card(reference)["state"]["type"]
