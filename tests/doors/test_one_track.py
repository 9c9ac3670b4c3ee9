"""A partnership that reviews children only: nothing of the adults' track is offered, asked for or missed."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest
from driver.own_shape import OwnShape, record_of
from driver.terminal import Terminal

import config
from flows import beside_the_stages, what_if
from flows.server.registration import deployments
from safeguarding.errors import TransitionRefused
from safeguarding.law.rulebook import Rulebook
from safeguarding.shown.card import signed_form
from safeguarding.stages import STEPS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example's folder, which says that it runs reviews of children only and names nobody of the adults' group."""
    mine = tmp_path / "children"
    shutil.copytree(str(files("config").joinpath("partnership")), mine)
    (mine / "local_dates" / "adults.yaml").unlink()
    named = mine / "partnership.yaml"
    named.write_text(named.read_text("utf-8") + "tracks: [children]\n", "utf-8")
    documents = mine / "documents.yaml"
    documents.write_text(documents.read_text("utf-8").partition("  - title: Safeguarding adults")[0], "utf-8")
    people = mine / "people.yaml"
    people.write_text(
        people.read_text("utf-8").replace("[review_panel_chair, sar_group_chair]", "[review_panel_chair]")
    )
    return mine


@pytest.fixture
def book(folder: Path) -> Rulebook:
    """Its rulebook."""
    return config.load(folder)


def test_check_asks_for_nobody_and_nothing_of_the_other_track(
    folder: Path, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No vacancy of the adults' group chair is named, and no duty of the Care Act counted as unchecked."""
    monkeypatch.setenv("SAFEGUARDING_CONFIG", str(folder))
    code, out, _ = terminal("check")
    assert 0 == code
    assert "vacant" not in out and "A04" not in out and "C05" not in out.split("Unchecked")[0]
    _, listed, _ = terminal("rules", "list")
    assert "C05" in listed and "A02" not in listed


def test_a_referral_of_an_adult_is_refused(folder: Path, tmp_path: Path) -> None:
    """The form offers children alone, and another door is told which it may be."""
    records = record_of(folder, tmp_path)
    with pytest.raises(TransitionRefused, match="Track: choose one of the answers offered: 'children'"):
        OwnShape(records, "adults")
    assert "CSPR-2026-001" == OwnShape(records, "children").reference
    records.engine.dispose()


def test_no_account_and_no_report_of_the_other_track(
    folder: Path, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither is made or recorded: nobody would owe it, and nothing could be counted."""
    monkeypatch.setenv("SAFEGUARDING_CONFIG", str(folder))
    record_of(folder, terminal.home).engine.dispose()
    of, by = ("--track", "adults", "--year", "2025"), ("--as", "alex_example")
    account = str(terminal.home / "account")
    asked = (
        ("yearly-account", account, *of, *by),
        ("yearly-report", "published", *of, "--on", "2026-06-01", *by),
    )
    for words in asked:
        code, out, err = terminal(*words)
        assert 1 == code and "does no reviews of adults" in err, out + err
    assert not (terminal.home / "account").exists()


def test_no_form_and_no_deployment_of_the_other_track_is_offered(rulebook: Rulebook, book: Rulebook) -> None:
    """A children's partnership has every short form but those of adults; an adults' one has none about reviewers."""
    asked = signed_form(STEPS["open_referral"], None, book).model_json_schema()["properties"]["track"]
    assert "children" == asked["const"]
    adults = rulebook.model_copy(
        update={"partnership": rulebook.partnership.model_copy(update={"tracks": ("adults",)})}
    )
    of = {
        name: {one.command for one in beside_the_stages.short_forms(one_book)}
        for name, one_book in (("both", rulebook), ("children", book), ("adults", adults))
    }
    assert {"remove_reviewer", "appoint_reviewer"} <= of["both"] - of["adults"]
    assert of["children"] == {name for name in of["both"] if "children" in {t.value for t in STEPS[name].tracks}}
    names = {one.name for one in deployments(adults)}
    assert "Remove the reviewer" not in names and "Open a referral" in names
    (question,) = what_if.questions(adults)
    assert "notification_sent" not in str(question.form.model_json_schema())
