"""The bundle for an inspection, as a stranger has it: unpacked, verified without our package; and meddled with."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from base64 import b64encode
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from driver.canary import CANARY
from driver.decided import STEPS_TAKEN, decided_with_a_dissent
from driver.printed import tags_in, words_in
from driver.terminal import Terminal

from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date, now
from safeguarding.review.events import Actor, Attestation
from safeguarding.shown.bundle.whole_review import review_page
from safeguarding.stages import STEPS
from tasks.record import heads
from tasks.record.installation import Installation, open_installation
from tasks.record.reading import who_read
from tasks.store.ledger import canonical
from tasks.store.readings import ReadingsWanted

FOR = ("--reason", "request of a coroner")
MAKER = ("--as", "alex_example", *FOR)


@pytest.fixture
def unpacked(terminal: Terminal, decided: Installation, reference: str, tmp_path: Path) -> Path:
    """The folder of a bundle, as whoever got the zip unpacks it."""
    code, out, err = terminal("bundle", reference, str(tmp_path / "bundle.zip"), *MAKER)
    assert (0, "") == (code, err), out
    assert hashlib.sha256((tmp_path / "bundle.zip").read_bytes()).hexdigest() in out
    zipfile.ZipFile(tmp_path / "bundle.zip").extractall(tmp_path / "out")
    return tmp_path / "out" / f"{reference}-bundle"


def verified(folder: Path, *kept: Path) -> tuple[int, str]:
    """What verify.py says in a Python that has nothing of ours, and how it ends."""
    words = [sys.executable, "-I", "-S", "verify.py", *map(str, kept)]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, env={}, timeout=60, check=False)
    assert "" == done.stderr
    return done.returncode, done.stdout


def kept_heads(decided: Installation, file: Path) -> Path:
    """A file of heads as somebody else has kept it."""
    said = decided.records.with_keys(lambda connection, keys: heads.taken(connection, keys, now()))
    assert said is not None
    return heads.write(file, said)


def summed(folder: Path) -> None:
    """The sums made again, as whoever meddles would."""
    there = sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in ("SHA256SUMS", "bundle.json"))
    sums = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder).as_posix()}\n" for p in there]
    (folder / "SHA256SUMS").write_text("".join(sums))


def lines_of(folder: Path) -> list[dict[str, Any]]:
    """The lines of the extract."""
    return [json.loads(line) for line in (folder / "ledger.jsonl").read_text().split("\n")[:-1]]


def write_lines(folder: Path, lines: list[dict[str, Any]]) -> None:
    """The extract with other lines, and the sums that fit it."""
    texts = [f'{{"hash":"{one["hash"]}","hashed":{canonical(one["hashed"])}}}\n' for one in lines]
    (folder / "ledger.jsonl").write_text("".join(texts))
    summed(folder)


def hashed_again(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines with hashes that fit each other, numbered from one."""
    before, found = "", []
    for number, line in enumerate(lines, 1):
        hashed = line["hashed"] | {"sequence": number, "previous_hash": before}
        before = hashlib.sha256(canonical(hashed).encode()).hexdigest()
        found.append({"hash": before, "hashed": hashed})
    return found


def test_a_stranger_verifies_it(decided: Installation, unpacked: Path, tmp_path: Path) -> None:
    """With sha256sum; with verify.py alone; against heads that a partner kept; one line by hand, as its page says."""
    assert 0 == subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=unpacked, check=False).returncode
    code, said = verified(unpacked)
    assert (0, True) == (code, said.endswith("It holds.\n")), said
    for words in ("heads.json: line 7 ", "heads-of-the-day.json: line 6 ", "7 lines of the record"):
        assert words in said, said
    code, said = verified(unpacked, kept_heads(decided, tmp_path / "kept.json"))
    assert (0, True) == (code, "kept.json: line" in said), said

    by_hand = re.search(r"^    (sed -n 3p .*)$", (unpacked / "VERIFY.md").read_text(), re.M)
    assert by_hand is not None
    digest = subprocess.run(["sh", "-c", by_hand[1]], cwd=unpacked, capture_output=True, text=True, check=True).stdout
    assert lines_of(unpacked)[2]["hash"] == digest.split()[0] == lines_of(unpacked)[3]["hashed"]["previous_hash"]


def test_the_index_names_every_file_with_its_digest(unpacked: Path) -> None:
    """And each page is plain: no script, nothing from elsewhere; what stays sealed is said."""
    index = (unpacked / "index.html").read_text()
    for path in (p for p in unpacked.rglob("*") if p.is_file()):
        name = path.relative_to(unpacked).as_posix()
        if name not in ("index.html", "SHA256SUMS", "bundle.json"):
            assert f'href="{name}"' in index and hashlib.sha256(path.read_bytes()).hexdigest() in index, name
        if path.suffix == ".html":
            page = path.read_text().lower()
            assert [] == [word for word in ("<script", "src=", "http://", "onload") if word in page], name
    assert "Sealed words stay sealed" in index and "for: request of a coroner" in index


def change(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One line says something else."""
    lines[3]["hashed"]["title"] = "Nothing happened"
    return lines


def without_the_last(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The decision was never taken."""
    return lines[:-1]


MEDDLED = {
    "changed": (change, "Line 4 of the record does not say what it said when it was written."),
    "removed": (lambda lines: lines[:2] + lines[3:], "Line 3 of the record is not there"),
    "truncated": (without_the_last, "the end is missing"),
    "re-hashed": (lambda lines: hashed_again(change(lines)), "it was written again"),
    "removed and re-hashed": (lambda lines: hashed_again(lines[:2] + lines[3:]), "the end is missing"),
}


@pytest.mark.parametrize("how", MEDDLED)
def test_what_was_done_to_a_line_is_found(unpacked: Path, how: str) -> None:
    """The sums were made to fit: the chain, or the signed heads, tell all the same."""
    meddle, words = MEDDLED[how]
    write_lines(unpacked, meddle(lines_of(unpacked)))
    code, said = verified(unpacked)
    assert (1, True) == (code, words in said), said


@pytest.mark.parametrize("text", ["[]", "{}", '{"heads": [], "files": 3}', "no JSON", ""])
@pytest.mark.parametrize("name", ["heads.json", "bundle.json", "ledger.jsonl", "SHA256SUMS"])
def test_whatever_stands_in_a_file_is_said_in_words(unpacked: Path, name: str, text: str) -> None:
    """A file that holds something else altogether: found, and never by a traceback."""
    (unpacked / name).write_text(f"{text}\n")
    code, said = verified(unpacked)
    assert (1, True) == (code, said.endswith("NOT AS IT WAS MADE.\n")), said


def signed_by(key: Ed25519PrivateKey, said: dict[str, Any]) -> str:
    """Something signed by another key than the record's."""
    public = b64encode(key.public_key().public_bytes_raw()).decode()
    said = {name: value for name, value in said.items() if name != "signature"} | {"public_key": public}
    return json.dumps(said | {"signature": b64encode(key.sign(canonical(said).encode())).decode()})


def test_a_bundle_that_was_written_again_throughout_is_found_by_heads_from_elsewhere(
    decided: Installation, unpacked: Path, reference: str, tmp_path: Path
) -> None:
    """New hashes, new heads, new sums and a key of one's own: it holds by itself, and not against what has left."""
    kept, key = kept_heads(decided, tmp_path / "kept.json"), Ed25519PrivateKey.generate()
    lines = hashed_again(change(lines_of(unpacked)))
    said = json.loads((unpacked / "heads.json").read_text())
    said["heads"][reference] = [len(lines), lines[-1]["hash"]]
    said["root"] = hashlib.sha256(canonical(said["heads"]).encode()).hexdigest()
    (unpacked / "heads.json").write_text(signed_by(key, said))
    (unpacked / "heads-of-the-day.json").unlink()
    write_lines(unpacked, lines)
    about = json.loads((unpacked / "bundle.json").read_text())
    names = [path for path in unpacked.rglob("*") if path.is_file() and path.name != "bundle.json"]
    about["files"] = {p.relative_to(unpacked).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in names}
    (unpacked / "bundle.json").write_text(signed_by(key, about))
    assert 0 == verified(unpacked)[0]
    code, said_of_it = verified(unpacked, kept)
    assert (1, True, True) == (code, "with another key" in said_of_it, "it was written again" in said_of_it)


@pytest.mark.parametrize("name", ["review.html", "verify.py", "bundle.json", "heads.json"])
def test_a_file_that_was_changed_or_taken_out_is_found(unpacked: Path, name: str) -> None:
    """A page that was edited with the sums made to fit, and a file that is gone."""
    if name != "verify.py":
        (unpacked / name).write_text((unpacked / name).read_text().replace("a", "e", 1))
        summed(unpacked)
        assert 1 == verified(unpacked)[0]
        (unpacked / name).unlink()
        summed(unpacked)
        assert 1 == verified(unpacked)[0]
        return
    (unpacked / name).write_text((unpacked / name).read_text() + "# more\n")
    code, said = verified(unpacked)
    assert (1, True) == (code, "verify.py was changed." in said)


def test_the_questions_of_an_officer_are_answered(decided: Installation, unpacked: Path, reference: str) -> None:
    """Who decided, when, on whose authority, who dissented, which dates were counted how, what was sent to whom."""
    lines = decided.records.events(reference)
    line = next(one for one in reversed(lines) if one.kind == "decided")
    page = (unpacked / "decisions" / f"line-{line.sequence:03d}.html").read_text()
    deputy = decided.rulebook.partnership.person("kelly_sample")
    for words in (
        "Decided on",
        "Signed by",
        "<td>Dissents</td>",
        deputy.name,
        "deputy of a delegated safeguarding partner",
        f"on the authority of: {deputy.authority}",
        "Police: Reasons",
    ):
        assert words in page, words
    sealed = lines_of(unpacked)[line.sequence - 1]["hashed"]["sealed"]
    assert hashlib.sha256(json.loads(sealed)["positions.police.reasons"].encode()).hexdigest() in page
    assert "Working day 15 is" in (unpacked / "dates.html").read_text()
    sent = (unpacked / "letters.html").read_text()
    assert "Delivered on" in sent and "NOT delivered after 1 try: no such mailbox" in sent
    review = (unpacked / "review.html").read_text()
    assert "Police: Dissents" in review and "whether it was late" in review


def test_everything_that_is_read_is_in_one_pdf_too(unpacked: Path, reference: str) -> None:
    """After a cover that says of what it is and a list of its parts: each page of the bundle, from its title on."""
    made = (unpacked / "bundle.pdf").read_bytes()
    said = words_in(made)
    titles = [re.findall("<h1>(.*?)</h1>", path.read_text())[0] for path in unpacked.rglob("*.html")]
    assert 8 < len(titles)
    assert [] == [title for title in map(unescape, titles) if title not in said]
    assert len(titles) == tags_in(made)["H1"] - 1, "the index is not in it, and its cover and its list are"
    for words in ("for: request of a coroner", "What is in it", "Sealed words stay sealed", f"{reference} · made on"):
        assert words in said, words
    assert f"{hashlib.sha256(made).hexdigest()}  bundle.pdf\n" in (unpacked / "SHA256SUMS").read_text()


def test_each_paper_that_the_record_names_is_listed(
    terminal: Terminal, decided: Installation, reference: str, tmp_path: Path
) -> None:
    """The Panel's receipt with its question, line and recorder; the minutes by which a step was signed."""
    minuted = Actor(person="alex_example", attestation=Attestation.MINUTED, minute="SP/2026/11, item 4")
    raw = answer("record_meeting", decided.records.read(reference), london_date(now()))
    decided.records.attempt(reference, "record_meeting", raw, minuted, now())
    assert 0 == terminal("bundle", reference, str(tmp_path / "bundle.zip"), *MAKER)[0]
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        page = bundle.read(f"{reference}-bundle/papers.html").decode()
    cells = [tuple(re.findall("<td>(.*?)</td>", row)) for row in re.findall("<tr>(.*?)</tr>", page)]
    named = {(line, what, said, who) for line, _, what, said, who in filter(None, cells)}
    assert {
        ("4", "Reference on the receipt", "EX-NOT-1", "Alex Example"),
        ("8", "The minutes in which this was decided", "SP/2026/11, item 4", "Alex Example"),
    } == named
    assert "The record stores no papers" in page


def test_which_agency_was_late_is_on_its_page(terminal: Terminal, decided: Installation) -> None:
    """Asked and silent until long after the day that it was owed by: late, each of them; not on the first day."""
    raw, moment = answer("open_referral", None, london_date(now())), now()
    other = decided.records.open(raw, signer(STEPS["open_referral"].by), moment).review.reference
    for step in STEPS_TAKEN[:4]:
        made = answer(step, decided.records.read(other), london_date(moment))
        decided.records.attempt(other, step, made, signer(STEPS[step].by), moment)
    review, events = decided.records.read(other), decided.records.events(other)
    today = london_date(moment)
    assert 0 == review_page(review, events, decided.rulebook, today).count("<td>LATE</td>")
    late = review_page(review, events, decided.rulebook, today + timedelta(days=60)).count("<td>LATE</td>")
    assert len(review.requests) == late > 1


def test_no_sealed_word_is_in_it(decided: Installation, unpacked: Path, reference: str) -> None:
    """The canary, typed as summary, rationale and reasons, is in the record, and in no file of the bundle."""
    words = [word for event in decided.records.events(reference, unseal=True) for word in event.sealed.values()]
    assert 2 < sum(CANARY in word for word in words)
    for path in (p for p in unpacked.rglob("*") if p.is_file()):
        found = words_in(path.read_bytes()) if path.suffix == ".pdf" else path.read_text()
        assert [] == [word for word in words if len(word) > 20 and word in found] and CANARY not in found, path.name


def test_the_making_is_a_reading_on_record(
    terminal: Terminal, decided: Installation, unpacked: Path, reference: str
) -> None:
    """Who made it, of which review and for what; that no sealed word was opened; and the record holds."""
    (line,) = terminal.data("readings", reference)
    assert ("Alex Example", reference, "no sealed word") == (line["who"], line["reference"], line["texts"])
    assert "request of a coroner" in line["what"]
    assert 0 == who_read(decided.records, ReadingsWanted(reference, opened=True))[1], "no sealed word was read"
    assert 0 == terminal("ledger", "verify")[0]


@pytest.mark.parametrize("person", ["jules_lead", "nobody_known", CANARY])
def test_only_who_may_read_all_of_it_makes_one(
    terminal: Terminal, decided: Installation, reference: str, tmp_path: Path, person: str
) -> None:
    """An agency's lead, and whoever is not in the file, are refused in words; nothing is written or noted."""
    code, _, err = terminal("bundle", reference, str(tmp_path / "b.zip"), "--as", person, *FOR)
    assert (1, True) == (code, "it is for whoever may read the whole record" in err)
    assert not (tmp_path / "b.zip").exists() and [] == terminal.data("readings", reference)


def test_it_takes_the_place_of_nothing(
    terminal: Terminal, decided: Installation, reference: str, tmp_path: Path
) -> None:
    """A file that is there stays as it is; no folder, no such review, no reason of the list: in words, none noted."""
    there = tmp_path / "there.zip"
    there.write_text("mine")
    code, _, err = terminal("bundle", reference, str(there), *MAKER)
    assert (1, "mine", True) == (code, there.read_text(), "is there already" in err)
    (tmp_path / "link.zip").symlink_to(tmp_path / "gone")
    assert 1 == terminal("bundle", reference, str(tmp_path / "link.zip"), *MAKER)[0]
    assert 1 == terminal("bundle", reference, str(tmp_path / "no" / "b.zip"), *MAKER)[0]
    assert 1 == terminal("bundle", "CSPR-1999-001", str(tmp_path / "b.zip"), *MAKER)[0]
    words = ("bundle", reference, str(tmp_path / "b.zip"), "--as", "alex_example", "--reason", CANARY)
    assert 2 == terminal(*words)[0]
    assert [] == terminal.data("readings", reference)
    assert [] == [*tmp_path.glob(".*part")] and not (tmp_path / "b.zip").exists()


def test_it_is_made_from_either_kind_of_database(
    terminal: Terminal, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite and PostgreSQL: as many lines, and it verifies."""
    monkeypatch.setenv("SAFEGUARDING_DATABASE_URL", url)
    with open_installation(now()) as made:
        reference = decided_with_a_dissent(made, terminal.home)
        lines = len(made.records.events(reference))
    code, out, err = terminal("bundle", reference, str(tmp_path / "bundle.zip"), *MAKER)
    assert (0, "", True) == (code, err, f"{lines} lines of the record" in out)
    zipfile.ZipFile(tmp_path / "bundle.zip").extractall(tmp_path / "out")
    code, said = verified(tmp_path / "out" / f"{reference}-bundle")
    assert (0, True, True) == (code, said.endswith("It holds.\n"), f"{lines} lines of the record" in said), said
    assert ["Alex Example"] == [one["who"] for one in terminal.data("readings", reference)]
