"""At the command line nobody approves words that they have not read: they are shown, noted first, and asked about."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from driver.taught import child_review, share
from driver.terminal import Terminal

from safeguarding.dates.london import london_date, now
from safeguarding.review.learnt import Wording
from tasks.anonymity.wordings import WHAT
from tasks.record.installation import open_installation
from tasks.record.reading import who_read
from tasks.store.readings import ReadingsWanted

SHARED = "Every school asks after Peregrine."


@pytest.fixture
def waiting(terminal: Terminal) -> tuple[str, list[str]]:
    """A review with a wording that waits to be approved, and the command that approves it."""
    with open_installation(now()) as made:
        reference, _ = child_review(made.records, now() - timedelta(days=200))
        share(made.records, reference, now(), approved=False, R01=SHARED)
    form = terminal.home / "approval.json"
    form.write_text(json.dumps({"wordings": ["W01"], "approved_on": london_date(now()).isoformat()}))
    return reference, ["do", reference, "approve_wordings", "--form", str(form), "--as"]


def wording(reference: str) -> Wording:
    """How it stands."""
    with open_installation(now()) as made:
        return made.records.read(reference).wordings[0]


def read(reference: str) -> list[tuple[str, str]]:
    """Who read the wordings that wait, and how that is known."""
    with open_installation(now()) as made:
        noted, _ = who_read(made.records, ReadingsWanted(reference))
    return [(one.reading.person, one.reading.proof) for one in noted if one.reading.what == WHAT]


def test_the_words_are_shown_noted_and_asked_about(terminal: Terminal, waiting) -> None:
    """Glenn reads the wording and what may point at somebody in it, types «approve», and it may be shared."""
    reference, command = waiting
    code, said = terminal.seen(*command, "glenn_sample", answering=[("to approve W01:", "approve\n")])
    assert 0 == code, said
    assert SHARED in said and "W01: Peregrine" in said and "it decides nothing" in said
    assert said.index(SHARED) < said.index("to approve W01:") < said.index("Wordings approved")
    assert "glenn_sample" == wording(reference).approved_by
    assert [("glenn_sample", "named")] == read(reference)


def test_whoever_does_not_say_so_approves_nothing(terminal: Terminal, waiting) -> None:
    """Another word is typed: nothing is approved, and that it was read is noted all the same."""
    reference, command = waiting
    code, said = terminal.seen(*command, "glenn_sample", answering=[("to approve W01:", "no\n")])
    assert 1 == code and "Nothing was approved." in said
    assert "" == wording(reference).approved_by and [("glenn_sample", "named")] == read(reference)


def test_where_nobody_reads_nothing_is_approved(terminal: Terminal, waiting) -> None:
    """From a script no words are shown to anybody: refused, with where it can be done, and nothing is opened."""
    reference, command = waiting
    code, said, err = terminal(*command, "glenn_sample")
    assert (1, "") == (code, said) and f"/reviews/{reference}/do/approve_wordings" in err
    assert SHARED not in err and "" == wording(reference).approved_by and [] == read(reference)


def test_what_is_refused_anyway_is_shown_to_nobody(terminal: Terminal, waiting) -> None:
    """Whoever wrote it is refused before a word is opened."""
    reference, command = waiting
    with open_installation(now()) as made:
        wrote = made.records.read(reference).wordings[0].by
    code, said = terminal.seen(*command, wrote)
    assert 1 == code and "approved by somebody else" in said and SHARED not in said
    assert [] == read(reference)
