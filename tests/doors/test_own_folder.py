"""The partnership's own folder: what lies in it goes before what is shipped, and `check` names its faults."""

import shutil
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes, policy
from importlib.resources import files
from pathlib import Path

import pytest
from driver.terminal import Terminal

from flows.demo.post_catcher import Catcher

MONDAY = "2026-11-30T10:00"
DAY = date(2026, 11, 30)


@pytest.fixture
def folder(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own, set as it is set in an installation, with a place for templates."""
    mine = terminal.home / "ours"
    shutil.copytree(str(files("config").joinpath("partnership")), mine)
    (mine / "templates").mkdir()
    monkeypatch.setenv("SAFEGUARDING_CONFIG", str(mine))
    return mine


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[Catcher]:
    """A real mail server on this machine."""
    with Catcher(tmp_path / "caught") as caught:
        yield caught


def test_a_letter_in_the_partnerships_own_words(
    folder: Path, catcher: Catcher, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    One occasion and one shared part are theirs; the letter has both, and every other letter is the shipped one.
    """
    (folder / "templates" / "referral_received.md.j2").write_text(
        '{{ reference }} · somebody was referred\n\nDear colleague of Exampleshire\n\n{% include "_about.md.j2" %}'
    )
    (folder / "templates" / "_about.md.j2").write_text("Ask the unit in Example Street.")
    monkeypatch.setenv("SAFEGUARDING_SECRET_MAIL_URL", catcher.mail_url)
    for workflow in ("unit", "partners"):
        monkeypatch.setenv(f"SAFEGUARDING_SECRET_{workflow.upper()}", catcher.teams_url(workflow))
    assert 0 == terminal("check")[0]
    assert 0 == terminal("simulation")[0]
    form = terminal.form("open_referral", today=DAY)
    code, _, err = terminal("open", "--form", form, "--as", "alex_example", "--at", MONDAY)
    assert 0 == code, err
    assert 0 == terminal("watch", "--at", MONDAY)[0]
    letters = [message_from_bytes(one.read_bytes(), policy=policy.default) for one in catcher.letters()]
    theirs = [letter for letter in letters if "somebody was referred" in letter["subject"]]
    assert theirs and len(theirs) < len(letters)
    for letter in letters:
        said = letter.get_body(("plain",)).get_content()
        assert (letter in theirs) == ("Dear colleague of Exampleshire" in said)
    assert all("Ask the unit in Example Street." in one.get_body(("html",)).get_content() for one in theirs)


def test_every_fault_of_the_templates_is_named_with_its_line(folder: Path, terminal: Terminal) -> None:
    """A field that does not exist, a way out of the folder, an unknown occasion, a name that no letter has."""
    outside = folder.parent / "secret.md.j2"
    outside.write_text("Canary Road 7")
    spoilt = {
        "reminder.md.j2": "{{ reference }} · due\n\nDear reader\n\n{{ family_name }}",
        "digest.md.j2": '{{ reference }} · today\n\n{% include "../secret.md.j2" %}',
        "due_missed.md.j2": "{{ reference }} · missed\n\n{% if due %}no end",
        "stage_opened.md.j2": "\n{{ reference }} {{ pseudonym }}\n\nHello",
        "birthday.md.j2": "{{ reference }}\n\nHello",
        "reminder.md": "{{ reference }}\n\nHello",
    }
    for name, text in spoilt.items():
        (folder / "templates" / name).write_text(text)
    (folder / "templates" / "decision_made.md.j2").symlink_to(outside)
    (folder / "templates" / "README.txt").write_text("Who wrote these.")
    code, out, _ = terminal("check")
    said = [line.strip().removeprefix(f"{folder}/templates/") for line in out.splitlines()]
    assert (1, "7 faults:") == (code, said[0])
    for begins, ends in (
        ("reminder.md.j2: family_name: not a field that a message may carry", "[line 5]"),
        ("digest.md.j2: template: may include only a file of its own folder", "[line 3]"),
        ("due_missed.md.j2: template: cannot be read", "[line 3]"),
        ("stage_opened.md.j2: pseudonym: not allowed in a subject line", "[line 2]"),
        ("birthday.md.j2: file: no occasion of this name", ""),
        ("reminder.md: file: is no template", ""),
        ("decision_made.md.j2: file: lies outside of the folder itself", ""),
    ):
        assert [line for line in said if line.startswith(begins) and line.endswith(ends)], begins
    assert "Canary" not in out


def test_nothing_is_started_with_a_template_that_cannot_be_filled(folder: Path, terminal: Terminal) -> None:
    """Whoever starts the system hears it there, and not when a statutory date has been missed."""
    (folder / "templates" / "due_missed.md.j2").write_text("{{ reference }} · missed\n\n{{ family_name }}")
    code, shown = terminal.seen("up", SAFEGUARDING_CONFIG=str(folder))
    assert 1 == code
    assert "1 fault in the templates of letters, and nothing was started:" in shown
    assert f"{folder}/templates/due_missed.md.j2: family_name: not a field" in " ".join(shown.split())
