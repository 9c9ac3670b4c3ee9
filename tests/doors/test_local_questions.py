"""What a partnership asks besides on the form of a step: asked at every door, kept with the step, shown with it."""

import json
import shutil
from importlib.resources import files
from pathlib import Path

import pytest
from driver.terminal import Terminal

import config
from flows.cards.dialog import StepOffered, schema
from flows.demo.answers import answer
from safeguarding.dates.london import london_date, now
from safeguarding.errors import RulebookInvalid
from safeguarding.shown.card import signed_form
from safeguarding.stages import STEPS
from tasks.record.installation import open_installation

QUESTIONS = """
questions:
  - id: school_told
    step: open_referral
    track: children
    title: Was the school told?
    help: Procedure 4 of Exampleshire asks it.
    kind: yes_no
    required: yes
    sealed: no
  - id: enquiry_ended
    step: open_referral
    track: adults
    title: When did the enquiry end?
    kind: date
    required: yes
    sealed: no
  - {id: siblings, step: open_referral, track: children, title: Brothers and sisters, kind: text}
  - {id: area, step: open_referral, title: Area, kind: choice, choices: [North, "South, by the sea"], required: yes}
  - {id: room, step: record_meeting, title: Which room, kind: choice, choices: [Town hall, Online], sealed: no}
"""
BESIDES = {"local_school_told": "not known", "local_siblings": "Canary Ray and Canary Jo", "local_area": "North"}


@pytest.fixture
def folder(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with questions of one's own, in a file of their own."""
    mine = terminal.home / "ours"
    shutil.copytree(str(files("config").joinpath("partnership")), mine)
    (mine / "questions.yaml").write_text(QUESTIONS)
    monkeypatch.setenv("SAFEGUARDING_CONFIG", str(mine))
    return mine


def opened(terminal: Terminal, **besides: str) -> tuple[int, str]:
    """Open the example's referral of a child with these answers besides."""
    form = terminal.home / "referral.json"
    given = answer("open_referral", None, london_date(now())) | besides
    form.write_text(json.dumps(given, default=str, indent=1))
    code, out, err = terminal("open", "--form", str(form), "--as", "alex_example")
    return code, out + err


def test_asked_kept_and_shown(folder: Path, terminal: Terminal) -> None:
    """
    A referral answers what is asked of its track; the answers stand in its line under the words of the question, sealed
    ones for whoever may read them. Renamed and taken away, the line says what was asked then, and the ledger verifies.
    """
    code, said = opened(terminal, **BESIDES)
    assert 0 == code, said
    reference = said.split()[0]
    plain, unsealed = (terminal("show", reference, *more)[1] for more in ((), ("--unseal",)))
    assert "Was the school told?: not known" in plain and "Brothers and sisters: [sealed]" in plain
    assert "Canary" not in plain and "Area: [sealed]" in plain
    assert "Brothers and sisters: Canary Ray and Canary Jo" in unsealed and "Area: North" in unsealed
    assert "local_siblings" not in unsealed

    fewer = QUESTIONS.replace("Was the school told?", "School").split("  - id: enquiry_ended")[0]
    (folder / "questions.yaml").write_text(fewer)
    assert plain == terminal("show", reference)[1]
    code, out, _ = terminal("ledger", "verify")
    assert 0 == code, out
    assert 0 == terminal("ledger", "rebuild")[0]


def test_what_is_needed_or_wrong_is_named_in_words(folder: Path, terminal: Terminal) -> None:
    """Everything at once, with the line of the form; the other track's question is not asked; nothing is repeated."""
    wrong = {"local_school_told": "perhaps Canary", "local_area": "Canary Wharf", "local_enquiry_ended": "2026-11-01"}
    code, said = opened(terminal, **wrong)
    assert 1 == code
    assert "Was the school told?: choose one of the answers offered: 'yes', 'no' or 'not known' [line" in said
    assert "Area: choose one of the answers offered:" in said and "Canary" not in said
    code, said = opened(terminal, **{**BESIDES, "local_enquiry_ended": "2026-11-01"})
    assert (1, True) == (code, "When did the enquiry end?: is not asked in a review of children [line" in said), said
    code, said = opened(terminal)
    assert 1 == code and "Was the school told?: is needed" in said and "Area: is needed" in said
    assert "enquiry" not in said and "Brothers" not in said


def test_every_door_asks_it(folder: Path, terminal: Terminal) -> None:
    """On the short form that opens a referral, on a review's card and in `next`; and not in a review of the others."""
    rulebook = config.load(folder)
    form = signed_form(STEPS["open_referral"], None, rulebook)
    drawn = schema([StepOffered(command="open_referral", title="Open", form=form)], 0)["definitions"]["open_referral"]
    shown = {name.rsplit("__", 1)[-1]: field for name, field in drawn["properties"].items()}
    assert ["North", "South, by the sea"] == shown["local_area"]["enum"]
    assert "Procedure 4 of Exampleshire asks it." == shown["local_school_told"]["description"]
    needed = {name.rsplit("__", 1)[-1] for name in drawn["required"]}
    assert {"local_area"} == {name for name in needed if name.startswith("local_")}, "the track is not known yet"

    reference = opened(terminal, **BESIDES)[1].split()[0]
    assert "local_room: Which room" in terminal("next", reference, "--step", "record_meeting")[1]
    asked = terminal("next", reference, "--step", "open_referral")[1]
    assert "local_school_told: Was the school told?" in asked and "local_enquiry_ended" not in asked
    with open_installation(now(), make=False) as installation:
        review = installation.records.read(reference)
        assert "local_room" in signed_form(STEPS["record_meeting"], review, installation.rulebook).model_fields


def test_every_fault_of_a_question_is_named(folder: Path) -> None:
    """No such step, another track's, a choice of nothing, free text that is open, an id twice: file, key and line."""
    (folder / "questions.yaml").write_text(
        """questions:
  - {id: a, step: open_referal, title: A, kind: text}
  - {id: b, step: conclude_rapid_review, track: adults, title: B, kind: text}
  - {id: b, step: recompute_dates, title: B, kind: text, required: yes}
"""
    )
    said = faults(folder)
    assert "questions.yaml: questions[a].step: 'open_referal' is not a step: perhaps open_referral" in said
    assert "questions[b].track: 'conclude_rapid_review' is no step of a review of adults" in said
    assert "questions[b].required: 'recompute_dates' is taken by a command too" in said
    assert "questions[b].id: is given 2 times" in said and "[line 2]" in said
    (folder / "questions.yaml").write_text(
        """questions:
  - {id: c, step: open_referral, title: C, kind: choice, choices: [One]}
  - {id: d, step: open_referral, title: D, kind: text, sealed: no}
  - {id: e, step: open_referral, title: E, kind: number}
"""
    )
    said = faults(folder)
    assert "questions[c]: 'choices' must hold two different answers at least" in said
    assert "questions[d]: 'sealed: no' is not for free text: it may speak of a person" in said
    assert "questions[e].kind: " in said and "[line 4]" in said


def faults(folder: Path) -> str:
    """What is wrong with a folder, a line each."""
    with pytest.raises(RulebookInvalid) as invalid:
        config.load(folder)
    return "\n".join(map(str, invalid.value.faults))
