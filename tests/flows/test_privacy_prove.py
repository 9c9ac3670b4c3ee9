"""`safeguarding privacy prove` on the demo: what its search sees, and that it leaves nothing behind."""

import signal
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from driver.page import Manager, System, free_port, surroundings
from driver.proving import COMMAND, DOORS, asked, forget_prefect, proved
from driver.speed import patience

from flows.privacy import commands, report
from flows.privacy.canaries import Canaries, Canary, Known
from flows.privacy.files import search_files, under
from safeguarding.review.events import Attestation

# --------------------------------------------------------------------------- what the search sees


@pytest.mark.parametrize(
    "written",
    [
        "{}",
        '{{"note": "{}"}}',
        pytest.param(str.upper, id="capitals"),
        pytest.param(str.lower, id="small letters"),
        pytest.param(lambda word: b64encode(f"a{word} and more".encode()).decode(), id="base64"),
        pytest.param(lambda word: b64encode(f"of {word}".encode()).decode(), id="base64, elsewhere"),
        pytest.param(lambda word: b64encode(f"said {word}.".lower().encode()).decode(), id="base64 of small letters"),
        pytest.param(lambda word: "".join(f"%{ord(one):02X}" for one in word), id="each letter as in an address"),
        pytest.param(lambda word: quote(f"a name {word}"), id="an address"),
        pytest.param(lambda word: "".join(f"\\u{ord(one):04x}" for one in word), id="each letter as in JSON"),
        pytest.param(lambda word: "\\x" + word.encode().hex(), id="hex"),
        pytest.param(lambda word: word.encode("utf-16-be").decode("latin-1"), id="two bytes each"),
    ],
)
def test_a_canary_is_known_in_every_spelling(written: Any) -> None:
    """And it is that one canary, not another of the same proof."""
    canaries = Canaries()
    words = [canaries.new("a door", f"way {number}") for number in range(50)]
    said = written.format(words[7]) if isinstance(written, str) else written(words[7])

    assert ["way 7"] == [one.way for one in canaries.within(b"before " + said.encode("latin-1") + b" after")]
    assert [] == canaries.within(b"nothing of the kind")


def test_a_canary_whose_end_was_cut_off_is_found(tmp_path: Path) -> None:
    """A column may be shorter than what was typed; and a word may lie across the pieces in which a file is read."""
    canaries = Canaries()
    word = canaries.new("a door", "a way")
    assert ["the end of the word was cut off"] == [one.way for one in canaries.within(word[:-1].encode())]

    (tmp_path / "large").write_bytes(b"x" * (16 * 2**20 - 3) + word.encode())
    looked = search_files(under([tmp_path]), "a folder", Known(word, "a door", "a way"), None)

    assert [Canary(word, "a door", "a way")] == [trace.canary for trace in looked.traces]


def test_where_nothing_runs_it_says_what_to_do(tmp_path: Path) -> None:
    """A record that is there, and no server."""
    set_up = {"SAFEGUARDING_HOME": str(tmp_path), "SAFEGUARDING_PREFECT_PORT": str(free_port())}
    subprocess.run([COMMAND, "simulation"], env=surroundings() | set_up, check=True, capture_output=True)

    said = asked(set_up)

    assert (1, "") == (said.returncode, said.stdout)
    assert "no server answers" in said.stderr and "Start it" in said.stderr
    assert "Traceback" not in said.stderr


# --------------------------------------------------------------------------- on the demo, SQLite


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system of its own: all that it has is searched again and again, and here that is little."""
    with System(tmp_path_factory.mktemp("proved") / "home") as running:
        yield running.start()


@pytest.mark.prefect
def test_beside_the_demo_the_whole_is_proved(system: System, manager: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Every door, also answers that are accepted; nothing is found, and nothing of it stays but two closed reviews.

    Commands that are refused are proved beside the real record.
    """
    forget_prefect(monkeypatch)
    monkeypatch.setattr(commands, "plant", lambda _: None)
    before = {run["id"] for run in manager.runs(states=ANY)}

    proof = proved(system.installation)

    found = report.as_data(proof)
    assert proof.holds, "\n".join(report.words(proof))
    assert ([], [], []) == (found["found"], found["blind"], found["not_taken_away"])
    assert found["whole"] and {*DOORS, "on purpose"} == set(found["doors"])
    assert found["doors"]["short forms"]["ways"] > 60 and found["sealed"] > 15
    assert found["doors"]["the people's pages"]["ways"] > 12
    assert 8 == len(found["on_purpose"]) and [] == found["left_out"]
    new = [row for row in system.installation.records.list() if row.reference in found["taken_away"]["reviews"]]
    assert 2 == len(new) and not any(row.open for row in new)
    by = set()
    for row in new:
        told = system.installation.records.events(row.reference, unseal=True)
        by |= {event.actor.attestation for event in told}
        assert found["stem"] not in str([event.sealed for event in told])
        assert [] == manager.runs(row.reference, states=ANY)
    assert Attestation.BY_NAME in by, "no form of the people's pages was taken"
    # A sweep comes at each quarter of an hour, and until it begins it has a name of Prefect's own.
    since = [run for run in manager.runs(states=ANY) if run["id"] not in before]
    left = [run for run in since if not run["auto_scheduled"] and "sweep" not in run["name"].lower()]
    assert [] == [run["name"] for run in left if not {"card", "duty"} & set(run["tags"])]


ANY = ("SCHEDULED", "PENDING", "RUNNING", "PAUSED", "CANCELLING", "COMPLETED", "FAILED", "CRASHED", "CANCELLED")


def begun_since(manager: Manager, earlier: set[str]) -> list[Any]:
    """The forms that were sent since."""
    return [run for run in manager.runs("form", states=ANY) if run["id"] not in earlier]


@pytest.mark.prefect
def test_stopped_half_way_it_takes_away_what_it_planted(system: System, manager: Manager, tmp_path: Path) -> None:
    """Told to end, as by Ctrl-C, while canaries are planted: its runs and files are gone, its reviews closed."""
    opened = len(system.installation.records.list())
    earlier = {run["id"] for run in manager.runs("form", states=ANY)}
    process = subprocess.Popen(
        [COMMAND, "privacy", "prove"],
        env=surroundings() | system.environment | {"TMPDIR": str(tmp_path)},  # Others prove elsewhere meanwhile.
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + patience(60)
    while len(begun := begun_since(manager, earlier)) < 15 and time.monotonic() < until:
        time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=patience(120))

    assert 15 <= len(begun) and (130, "Stopped.") == (process.returncode, err.strip())
    assert [] == [*tmp_path.glob("safeguarding-privacy-*")]
    assert not {run["id"] for run in begun} & {run["id"] for run in manager.runs("form", states=ANY)}
    assert [] == [row.reference for row in system.installation.records.list()[opened:] if row.open]
    assert [] == [path.name for path in system.home.rglob("leak-on-purpose*")]
