"""The partnership's file and people at the command line: what a change would do, what is refused, who is away."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from driver.partnership import example_as_one
from driver.terminal import Terminal
from sqlalchemy import text

from config.relied_on import read_relied_on
from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date, now
from safeguarding.notices.recipients import people_of
from safeguarding.review.events import PARTNERSHIP
from safeguarding.stages import STEPS
from tasks.record import authenticators
from tasks.record.installation import Installation, open_installation

TRUST = "hospital_trust"


class Unit:
    """A partnership with its own file and a review that waits for the hospitals."""

    def __init__(self, terminal: Terminal, file: Path) -> None:
        self.terminal, self.file, self.data = terminal, file, example_as_one()
        self.save()
        with self.opened() as installation:
            self.reference = self._review(installation)

    def opened(self) -> Installation:
        """The record as a door opens it."""
        return open_installation(now())

    def save(self) -> None:
        """Write the file, as of a while ago: an editor is not still at it."""
        self.file.write_text(yaml.safe_dump(self.data, sort_keys=False), "utf-8")
        past = time.time() - 60
        os.utime(self.file, (past, past + len(self.file.read_bytes()) / 1000))

    def person(self, name: str) -> dict[str, Any]:
        """The entry of somebody in the file."""
        return next(one for one in self.data["people"] if one["id"] == name)

    def agency(self, name: str) -> dict[str, Any]:
        """The entry of an agency in the file."""
        return next(one for one in self.data["agencies"] if one["id"] == name)

    def _review(self, installation: Installation) -> str:
        records, today = installation.records, london_date(now())
        opened = records.open(answer("open_referral", None, today), signer(STEPS["open_referral"].by), now())
        reference = opened.review.reference
        asked = ["childrens_social_care", "police", TRUST]
        for step, changes in (
            ("assess_notification", {}),
            ("decide_notification", {}),
            ("send_notification", {}),
            ("open_rapid_review", {"agencies": asked}),
        ):
            raw = answer(step, records.read(reference), today, **changes)
            records.attempt(reference, step, raw, signer(STEPS[step].by), now())
        return reference

    def renamed(self) -> None:
        """The hospitals get another id, with the same name and the same people, and no word of what they were."""
        self.agency(TRUST)["id"] = "merged_trust"
        for name in ("ellis_lead", "emery_director"):
            self.person(name)["agency"] = "merged_trust"

    def returned(self, agency: str) -> tuple[int, str, str]:
        """A return of an agency is recorded at the command line."""
        form = self.terminal.form("record_return", agency=agency, purpose="information")
        return self.terminal("do", self.reference, "record_return", "--form", form, "--as", "alex_example")


@pytest.fixture
def unit(terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Unit:
    """A terminal whose partnership is a file of its own."""
    file = tmp_path / "ours.yaml"
    monkeypatch.setenv("SAFEGUARDING_PARTNERSHIP", str(file))
    return Unit(terminal, file)


# --------------------------------------------------------------------------- the file against the record


def test_an_id_does_not_pass_to_somebody_else(unit: Unit) -> None:
    """`glenn_sample` becomes another person: named with what to write, not taken up, and the old stays in force."""
    unit.person("glenn_sample").update(name="Somebody Else", email="new@council.example")
    unit.save()
    code, said, _ = unit.terminal("partnership", "changes")
    assert (1, True) == (code, "people[glenn_sample].id: was Glenn Sample and would be Somebody Else" in said)
    assert "formerly: [Glenn Sample]" in said
    code, said, _ = unit.terminal("check")
    assert (1, True) == (code, "people[glenn_sample].id" in said)
    code, _, noted = unit.terminal("list")
    assert (0, True) == (code, "The partnership's file is not taken up; the one before it stays in force" in noted)
    with unit.opened() as installation:
        assert "Glenn Sample" == installation.rulebook.partnership.person("glenn_sample").name

    unit.person("glenn_sample")["formerly"] = ["Glenn Sample"]
    unit.save()
    assert (0, True) == ((it := unit.terminal("partnership", "changes"))[0], "name is Somebody Else" in it[1])
    assert 0 == unit.terminal("check")[0]
    with unit.opened() as installation:
        assert "Somebody Else" == installation.rulebook.partnership.person("glenn_sample").name


def test_what_nobody_would_hold_any_more_is_said_with_the_changes(unit: Unit) -> None:
    """The director of children's services leaves, and nobody follows: what was vacant before is not said again."""
    unit.person("sam_sample")["until"] = "2026-01-31"
    unit.save()
    code, said, err = unit.terminal("partnership", "changes")
    assert 0 == code, said + err
    known = [line for line in said.splitlines() if line.startswith("To know: ")]
    assert 1 == len(known) and "director of children's services (local_authority_dcs): Alex Example hears" in known[0]


def test_a_name_or_an_address_may_change_by_itself(unit: Unit) -> None:
    """Glenn marries, and later moves to another address: each is told as a change and taken up."""
    unit.person("glenn_sample")["name"] = "Glenn Specimen"
    unit.save()
    assert 0 == unit.terminal("partnership", "changes")[0]
    with unit.opened():
        pass
    unit.person("glenn_sample")["email"] = "g.specimen@council.example"
    unit.save()
    code, said, _ = unit.terminal("partnership", "changes")
    assert (0, True) == (code, "Glenn Specimen (glenn_sample): email" in said)
    assert "council.example" not in said


@pytest.mark.parametrize("shared", [False, True], ids=["first the name", "a mailbox of two"])
def test_an_id_does_not_pass_to_somebody_else_by_and_by(unit: Unit, shared: bool) -> None:
    """Only the name changes, to one that shares no word; or one that does, in a mailbox that two people read."""
    if shared:
        unit.person("harper_sample")["email"] = unit.person("glenn_sample")["email"]
        unit.save()
        with unit.opened():
            pass
    unit.person("glenn_sample")["name"] = "Robin Sample" if shared else "Somebody Else"
    unit.save()
    code, said, _ = unit.terminal("partnership", "changes")
    assert (1, True) == (code, "people[glenn_sample].id: was Glenn Sample and would be" in said)
    unit.person("glenn_sample")["formerly"] = ["Glenn Sample"]
    unit.save()
    assert 0 == unit.terminal("partnership", "changes")[0]


def test_an_agency_that_is_the_same_under_another_name_and_with_other_people(unit: Unit) -> None:
    """The hospitals are called otherwise on the day on which both posts change: asked, and said with `formerly`."""
    unit.agency(TRUST).update(name="River Hospitals", lead="finley_lead", director="florian_director")
    for name, old in (("finley_lead", "ellis_lead"), ("florian_director", "emery_director")):
        unit.person(name)["agencies"] = [TRUST]
        unit.person(old).update(roles=["learning_group"], agency=None)
    unit.save()
    code, said, _ = unit.terminal("partnership", "changes")
    assert (1, True) == (code, f"is it the same, write 'formerly: [{TRUST}]' at it" in said), said
    unit.agency(TRUST)["formerly"] = [TRUST]
    unit.save()
    assert 0 == (it := unit.terminal("partnership", "changes"))[0], it
    assert (0, True) == ((done := unit.returned(TRUST))[0], "Agency's return recorded" in done[1])


def test_an_agency_whose_id_goes_is_named_with_what_waits_for_it(unit: Unit) -> None:
    """The hospitals vanish from the file while a review waits for them, and nothing in it looks like them."""
    unit.data["agencies"].remove(unit.agency(TRUST))
    for name in ("ellis_lead", "emery_director"):
        unit.data["people"].remove(unit.person(name))
    unit.save()
    code, said, _ = unit.terminal("partnership", "changes")
    assert 1 == code
    assert f"agencies[{TRUST}]: is gone, and Exampleshire Hospitals owes {unit.reference} (information)" in said
    assert (0, True) == ((done := unit.returned(TRUST))[0], "Agency's return recorded" in done[1])


@pytest.mark.parametrize("under", [TRUST, "merged_trust"], ids=["its old name", "its new name"])
def test_an_agency_under_a_new_id_goes_on(unit: Unit, under: str) -> None:
    """One new agency has the name of the one that went: said, taken up, and its return goes under either id."""
    unit.renamed()
    unit.save()
    code, said, _ = unit.terminal("partnership", "changes")
    assert (0, True) == (code, f"agency {TRUST} goes on as merged_trust" in said)
    assert (0, True) == ((done := unit.returned(under))[0], "Agency's return recorded" in done[1])
    with unit.opened() as installation:
        assert TRUST not in installation.records.read(unit.reference).waiting_on()
        (lead,) = people_of("agency_lead", [TRUST], installation.rulebook)
        assert "ellis_lead" == lead.id


def test_a_date_that_runs_cannot_be_taken_from_the_file(unit: Unit) -> None:
    """A local list of fewer rules: the one that an open review runs on is named, with the review."""
    unit.data["local"] = [rule for rule in unit.data["local"] if rule["id"] != "local.c.agency_summaries"]
    running = [rule for rule in example_as_one()["local"] if rule["id"].startswith("local.c.")]
    with unit.opened() as installation:
        mine = {duty.rule for duty in installation.records.read(unit.reference).running()}
    brought = read_relied_on(files("config"), []).rules
    gone = next(rule["id"] for rule in running if rule["id"] in mine and rule["id"] not in brought)
    unit.data["local"] = [rule for rule in unit.data["local"] if rule["id"] != gone]
    unit.save()
    code, said, _ = unit.terminal("partnership", "changes")
    assert (1, True) == (code, f"local[{gone}]: is gone, and runs in {unit.reference}" in said)


def test_before_the_first_review_a_file_may_become_anothers(
    terminal: Terminal, tmp_path: Path, monkeypatch: Any
) -> None:
    """Whoever tries the example first and then puts in their own people is not asked about invented ones."""
    assert 0 == terminal("simulation")[0]
    data = example_as_one()
    data["people"][0].update(name="Robin Real", email="robin@real.example")
    (tmp_path / "ours.yaml").write_text(yaml.safe_dump(data), "utf-8")
    monkeypatch.setenv("SAFEGUARDING_PARTNERSHIP", str(tmp_path / "ours.yaml"))
    assert 0 == terminal("partnership", "changes")[0]


def test_a_file_with_faults_leaves_the_old_in_force(unit: Unit) -> None:
    """Somebody saves half a file: steps go on by the one before it, and whoever asks is told why."""
    unit.file.write_text("people: [\n", "utf-8")
    code, said, noted = unit.returned("police")
    assert (0, True, True) == (code, "Agency's return recorded" in said, "ours.yaml: line" in noted)
    assert 1 == unit.terminal("check")[0]
    unit.save()
    assert "" == unit.terminal("list")[2]


def test_without_a_record_a_file_with_faults_is_refused_and_makes_none(
    terminal: Terminal, tmp_path: Path, monkeypatch: Any
) -> None:
    """Nothing was ever in force, so the faults are all there is to say."""
    (tmp_path / "ours.yaml").write_text("people: [\n", "utf-8")
    monkeypatch.setenv("SAFEGUARDING_PARTNERSHIP", str(tmp_path / "ours.yaml"))
    code, _, noted = terminal("simulation")
    assert (1, True) == (code, "ours.yaml: line" in noted)
    assert ["ours.yaml"] == [file.name for file in tmp_path.iterdir()]


# --------------------------------------------------------------------------- while the system runs


def test_a_running_system_takes_up_a_file_once_it_is_saved(unit: Unit) -> None:
    """No restart: the next look uses the new file; one that would harm is refused, and mended it is taken up."""
    with unit.opened() as installation:
        assert not looks(installation)
        unit.person("billie_example")["name"] = "Billie Specimen"
        unit.save()
        assert looks(installation)
        assert "Billie Specimen" == installation.records.rulebook.partnership.person("billie_example").name
        unit.data["people"].append({**unit.person("billie_example"), "id": "newcomer", "email": "no address"})
        unit.save()
        assert looks(installation)
        assert ["people[newcomer].email"] == [fault.key for fault in installation.refused]
        assert installation.rulebook.partnership.known("newcomer") is None
        unit.data["people"][-1]["email"] = "newcomer@exampleshire.example"
        unit.save()
        assert looks(installation)
        assert () == installation.refused
        assert "newcomer" == installation.rulebook.partnership.person("newcomer").id


def looks(installation: Installation) -> bool:
    """The next glance of a running system, a second later."""
    time.sleep(1.0)
    return installation.follow(now())


def test_a_file_that_was_saved_just_now_is_left_for_a_second(unit: Unit) -> None:
    """An editor writes several files one after the other: half of them is not a partnership."""
    with unit.opened() as installation:
        unit.person("billie_example")["name"] = "Billie Specimen"
        unit.file.write_text(yaml.safe_dump(unit.data), "utf-8")
        ahead = time.time() + 0.5
        os.utime(unit.file, (ahead, ahead - 0.2))
        installation.follow(now())
        assert "Billie Example" == installation.rulebook.partnership.person("billie_example").name
        time.sleep(1.5)
        assert installation.follow(now())
        assert "Billie Specimen" == installation.rulebook.partnership.person("billie_example").name


# --------------------------------------------------------------------------- away and back


def test_away_by_a_command_is_in_force_everywhere_at_once(unit: Unit) -> None:
    """Glenn is marked away beside a running system: its next letter goes to the deputy, and he is marked back."""
    today = london_date(now())
    until = (today + timedelta(days=5)).isoformat()
    with unit.opened() as running:
        code, said, _ = unit.terminal("away", "glenn_sample", "--to", until, "--as", "alex_example")
        assert (0, True) == (code, "Jamie Sample hears" in said)
        assert looks(running)
        assert running.rulebook.partnership.person("glenn_sample").is_away(today)
        assert running.rulebook.digest == running.rulebook.as_filed.digest
        assert 0 == unit.terminal("back", "glenn_sample", "--as", "glenn_sample")[0]
        assert looks(running)
        assert not running.rulebook.partnership.person("glenn_sample").is_away(today)
    assert "Nobody is marked away.\n" == unit.terminal("away")[1]


def test_who_covers_is_named_and_shown(unit: Unit) -> None:
    """A cover for this time, and all who are away in a list."""
    until = (london_date(now()) + timedelta(days=5)).isoformat()
    unit.terminal("away", "glenn_sample", "--to", until, "--cover", "billie_example", "--as", "alex_example")
    code, said, _ = unit.terminal("away")
    assert (0, True) == (code, "Glenn Sample is away from" in said and "Billie Example hears" in said)
    lines = unit.terminal.data("partnership", "history")
    assert [("partnership_file_taken", "system"), ("marked_away", "alex_example")] == [
        (line["kind"], line["actor"]["person"]) for line in lines
    ]
    assert "Alex Example" in {one["name"] for one in lines[-1]["named"]}


def test_every_reason_against_an_absence_is_named_at_once(unit: Unit) -> None:
    """The wrong way round, over already, covered by oneself, signed by nobody; nothing is written."""
    words = ("glenn_sample", "--from", "2020-01-05", "--to", "2020-01-01", "--cover", "glenn_sample", "--as", "nobody")
    code, _, said = unit.terminal("away", *words)
    assert 1 == code
    for reason in ("signer is not in", "is before the first", "has passed", "nobody covers for themselves"):
        assert reason in said
    code, _, said = unit.terminal("away", "somebody", "--to", "2020-01-01", "--as", "alex_example")
    assert (1, True) == (code, "Who is away: choose one of" in said)
    code, _, said = unit.terminal("back", "glenn_sample", "--as", "harper_sample")
    assert (1, True, True) == (code, "may not take this step" in said, "is not marked away on" in said)
    assert 1 == len(unit.terminal.data("partnership", "history"))


# --------------------------------------------------------------------------- the partnership's own chain


def test_the_partnerships_chain_is_proved_like_a_reviews(unit: Unit) -> None:
    """The file as used is found by the digest of the lines; a changed word in it is named, and keys turn as before."""
    with unit.opened() as installation:
        line = installation.records.events(unit.reference)[-1]
        assert line.edition == unit.terminal.data("partnership", "history")[-1]["facts"]["digest"]
    assert 0 == unit.terminal("ledger", "verify")[0]
    assert 0 == unit.terminal("key", "rotate", "--yes")[0]
    assert 0 == unit.terminal("ledger", "rebuild")[0]
    assert 0 == unit.terminal("ledger", "verify")[0]
    with unit.opened() as installation, installation.records.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER ledger_no_update"))
        connection.execute(
            text("UPDATE ledger SET body = replace(body, 'sha256', 'sha257') WHERE reference = :chain"),
            {"chain": PARTNERSHIP},
        )
    code, said, _ = unit.terminal("ledger", "verify")
    assert (1, True) == (code, PARTNERSHIP in said)


# --------------------------------------------------------------------------- proof, and authenticators


def test_a_step_of_which_proof_is_demanded_is_refused_at_the_command_line(unit: Unit) -> None:
    """Declared, minuted, with a paper: each says how to prove it, and nothing is recorded; another step is taken."""
    unit.data["proof"] = [{"step": "record_return"}]
    unit.save()
    form = unit.terminal.form("record_return", agency=TRUST, purpose="information")
    for how in ((), ("--minuted", "SP/2026/11"), ("--proved", "EX-1")):
        code, _, err = unit.terminal(
            "do", unit.reference, "record_return", "--form", form, "--as", "alex_example", *how
        )
        assert (1, True) == (code, "sign in yourself at the people's pages" in err)
    form = unit.terminal.form("record_meeting")
    assert 0 == unit.terminal("do", unit.reference, "record_meeting", "--form", form, "--as", "alex_example")[0]


def test_an_authenticator_whose_device_is_lost_is_taken_away(unit: Unit) -> None:
    """By the unit alone, recorded with who did; where there is none, that is said."""
    lost = ("authenticator-lost", "glenn_sample", "--as")
    code, _, err = unit.terminal(*lost, "alex_example")
    assert (1, True) == (code, "nobody of this id has an authenticator" in err)
    with unit.opened() as installation:
        authenticators.begin(installation.records, "glenn_sample", now())
    code, _, err = unit.terminal(*lost, "harper_sample")
    assert (1, True) == (code, "may not take this step" in err)
    code, out, _ = unit.terminal(*lost, "alex_example")
    assert (0, True) == (code, "a code goes to their mailbox" in out)
    assert "Authenticator taken away by Alex Example" in unit.terminal("partnership", "history")[1]
