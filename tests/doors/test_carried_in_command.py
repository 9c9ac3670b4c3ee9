"""A review that began before this record is carried in by one command, and shown for what is known of it."""

from __future__ import annotations

import contextlib
from pathlib import Path

from driver.terminal import Terminal

from flows.beside_the_stages import FLOWS, short_forms
from flows.cards.desk import Desk
from flows.demo.answers import answer
from safeguarding.dates.london import london_date, now
from tasks.record.installation import open_installation

FORM = Path(__file__).parents[2] / "docs" / "forms" / "carried_in.yaml"


def test_the_example_form_is_carried_in_and_shown(terminal: Terminal) -> None:
    """The form of the documents, as it stands: its reference, what is owed, since when, and what is not known."""
    code, out, err = terminal("carry-in", "--form", str(FORM), "--as", "alex_example")
    assert (0, "") == (code, err)
    assert "CSPR-" in out and "Carried in. Now at Action follow up" in out

    reference = next(word for word in out.split() if word.startswith("CSPR-"))
    shown = terminal("show", reference)[1]
    assert "Carried in: it began on Tue 1 Mar 2016, before this record" in shown
    assert "Its reference before: SCR 2016/1." in shown
    assert "Not known: the day on which a review was decided" in shown
    assert "local.x.action_done: Action done and verified (A01" in shown
    assert "Owed:" in shown
    assert "move_carried_in" in terminal("next", reference)[1]
    assert 0 == terminal("ledger", "verify")[0]


def test_a_form_with_slips_opens_nothing_and_names_each(terminal: Terminal, tmp_path: Path) -> None:
    """Before 2015, another track's guidance, an agency nobody knows: all at once, in the user's words."""
    form = tmp_path / "carried.yaml"
    text = FORM.read_text("utf-8").replace("2016-03-01", "2013-03-01").replace("track: children", "track: adults")
    form.write_text(text, "utf-8")
    code, _, err = terminal("carry-in", "--form", str(form), "--as", "alex_example")
    assert 1 == code
    assert "a review that began before Thu 1 Jan 2015 is not carried in" in err
    assert "is not of the track 'adults'" in err

    form.write_text(FORM.read_text("utf-8").replace("agency: police", "agency: nowhere"), "utf-8")
    code, _, err = terminal("carry-in", "--form", str(form), "--as", "alex_example")
    assert (1, True) == (code, "agency" in err.lower())
    assert "no review" in terminal("list")[1].lower() or "CSPR" not in terminal("list")[1]


def test_the_short_form_of_the_page_opens_a_review_and_asks_for_no_reference(terminal: Terminal) -> None:
    """Tried on first, which records nothing; sent, it is carried in; sent again, it is one review."""
    assert 0 == terminal("simulation")[0]
    with contextlib.closing(open_installation(now())) as installation:
        desk = Desk(installation)
        (form,) = [one.form for one in short_forms(installation.rulebook) if one.command == "carry_in"]
        assert "reference" not in form.model_fields and "carry_in" in FLOWS
        fields = answer("carry_in", None, london_date(now())) | {"signed_by": "alex_example", "attested": "declared"}
        assert [] == desk.unmet(None, "carry_in", dict(fields), None)
        assert () == tuple(installation.records.list())
        reference = desk.submit("carry_in", None, dict(fields), "one-token")
        assert reference == desk.submit("carry_in", None, dict(fields), "one-token")
        assert [reference] == [row.reference for row in installation.records.list()]
        said = desk.unmet(None, "carry_in", {**fields, "began_on": "2013-01-01"}, None)
        assert ["a review that began before Thu 1 Jan 2015 is not carried in"] == said
