"""
Making the bundle of a review: one moment of the record, on pages and as its lines, in one zip; noted before it is made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Row

from safeguarding.dates.london import london_date, say_moment
from safeguarding.errors import NoSuchReview, SafeguardingError
from safeguarding.law.person import Person
from safeguarding.review.fold import fold
from safeguarding.review.whole_record import reads_whole
from safeguarding.shown.bundle.decision_record import decision_page
from safeguarding.shown.bundle.index import BundleFile, Making, cover_page, index_page
from safeguarding.shown.bundle.letters_sent import letters_page
from safeguarding.shown.bundle.papers import papers_page
from safeguarding.shown.bundle.sealed_list import sealed_digests, sealed_page
from safeguarding.shown.bundle.verifying import verifying_page, verifying_text
from safeguarding.shown.bundle.whole_review import review_page
from safeguarding.shown.bundle.workings import workings_page
from safeguarding.shown.decisions import decisions_of
from safeguarding.shown.letters_sent import LetterSent
from tasks.bundle import zipped
from tasks.bundle.password import Password, closed
from tasks.bundle.verify import BEGINS, BETWEEN, DAILY, ENDS, LINES, NOW, SIGNED, SUMS
from tasks.pdf.setting import OnPaper, pdf
from tasks.record import heads
from tasks.record.installation import Installation
from tasks.record.reading import NAMED_AT_THE_MACHINE, PROOFS
from tasks.store import ledger
from tasks.store.letters_sent import sent_of
from tasks.store.readings import WordsRead
from tasks.store.sealing import Keyring
from tasks.store.tables import notice_facts

MadeFor = Literal[
    "request of a coroner",
    "inspection",
    "order of a court",
    "request of the national Panel",
    "request of a partner",
    "our own audit",
]
"""Why a bundle is made, in words that nobody typed: it is kept in the list of who read what."""
FORMAT = "safeguarding bundle 1"
IN_ONE = "bundle.pdf"
"""Every page of a bundle in one file, to be printed or heard."""


class NotForThem(SafeguardingError):
    """Somebody asked for a bundle who may not read the whole record of the review."""

    code = "not-for-them"

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"No bundle of {reference} was made: it is for whoever may read the whole record of it. That is the "
            "business manager and unit, the partners and their deputies, the chair, and whoever was appointed to the "
            "review, by their id in the partnership's file. `safeguarding next` shows who takes which step.",
            reference,
        )


class NothingToSignWith(SafeguardingError):
    """The record has no seal, so nobody could check what was made of it."""

    code = "nothing-to-sign-with"

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"No bundle of {reference} was made: the seal of this record is gone, so nothing can be signed. "
            "`safeguarding ledger verify` says what is wrong.",
            reference,
        )


class AskedForBundle(NamedTuple):
    """Who asks for a bundle, how that is known, and why."""

    person: Person
    proof: str
    made_for: MadeFor


class InspectionBundle(NamedTuple):
    """A bundle as it was made: the zip, its SHA-256, how many files and lines it holds."""

    content: bytes
    sha256: str
    files: int
    lines: int


class _Moment(NamedTuple):
    """One moment of the record: the lines of a review, what was sent of it, the signed ends of all chains."""

    rows: Sequence[Row[Any]]
    letters: Sequence[LetterSent]
    heads: dict[str, Any]
    daily: dict[str, Any] | None
    """The signed ends of the last day of which there is a file."""


def make_file(
    installation: Installation,
    reference: str,
    person: str,
    made_for: MadeFor,
    file: Path,
    now: datetime,
    password: Password | None = None,
) -> InspectionBundle:
    """
    Write the bundle of a review to a file, whole or not at all, for a person by the id that they gave; closed with a
    password where one is given.

    Raises what `make` does, FileThere where something lies at `file` already, and OSError.
    """
    installation.records.read(reference)  # Raises NoSuchReview.
    known = installation.rulebook.on(london_date(now)).partnership.known(person)
    if known is None:
        raise NotForThem(reference)
    zipped.must_be_free(file)
    made = make(installation, reference, AskedForBundle(known, NAMED_AT_THE_MACHINE, made_for), now, password)
    zipped.put(file, made.content)
    return made


def make(
    installation: Installation, reference: str, asked: AskedForBundle, now: datetime, password: Password | None = None
) -> InspectionBundle:
    """
    The bundle of a review, closed with a password where one is given. That it is made is noted first.

    Raises NoSuchReview, NotForThem, NothingToSignWith, PdfNotMade, and HeadsUnreadable where the last day's heads were
    changed.
    """
    records, person = installation.records, asked.person
    partnership = installation.rulebook.on(london_date(now)).partnership
    if not reads_whole(person, records.read(reference), partnership):
        raise NotForThem(reference)
    kept = heads.latest(installation.settings.home)
    daily = heads.read(kept) if kept is not None else None
    moment = records.with_keys(lambda connection, keys: _moment(connection, keys, reference, daily, now))
    how = ", closed with a password" if password is not None else ""
    what = f"the bundle for an inspection ({asked.made_for}){how}, sealed words left sealed,"
    records.note_reading(WordsRead(person.id, person.name, asked.proof, reference, what, []), now.astimezone(UTC))
    files = _whole(installation, moment, asked, now)
    said = {
        "format": FORMAT,
        "reference": reference,
        "at": now.astimezone(UTC).isoformat(),
        "for": asked.made_for,
        "files": {one.name: _digest(one.content) for one in files},
        "public_key": moment.heads["public_key"],
    }
    signed = records.with_keys(lambda connection, keys: heads.signed(connection, keys, said))
    if signed is None:
        raise NothingToSignWith(reference)
    files.append(BundleFile(SIGNED, "", _as_json(signed)))
    content = zipped.packed(f"{reference}-bundle", {one.name: one.content for one in files}, now)
    if password is not None:
        content = closed(content, password, now)
    return InspectionBundle(content, _digest(content), len(files), len(moment.rows))


def _moment(
    connection: Connection, keys: Keyring, reference: str, daily: dict[str, Any] | None, now: datetime
) -> _Moment:
    rows = ledger.after(connection, reference, 0)
    if not rows:
        raise NoSuchReview(reference)
    ends = heads.taken(connection, keys, now)
    if ends is None:
        raise NothingToSignWith(reference)
    letters = sent_of(connection, [notice_facts.c.reference == reference])
    return _Moment(rows, letters, ends, daily)


# --------------------------------------------------------------------------- its files


def _whole(installation: Installation, moment: _Moment, asked: AskedForBundle, now: datetime) -> list[BundleFile]:
    """Every file but the signed one: what is read, what is proved by, then the index and the sums over all of them."""
    review = fold(ledger.as_event(row) for row in moment.rows)
    who = f"{asked.person.name} (known by {PROOFS.get(asked.proof, asked.proof)})"
    simulation = installation.records.identity().simulation
    made = Making(review, now, who, asked.made_for, moment.rows[-1].hash, simulation)
    pages = _pages(installation, moment, now)
    files = [_in_one(made, pages, installation.rulebook.partnership.name), *pages, *_proofs(moment)]
    index = index_page(made, {one: _digest(one.content) for one in files})
    files.insert(0, BundleFile("index.html", "this list", index.encode()))
    sums = "".join(f"{_digest(one.content)}  {one.name}\n" for one in files)
    return [*files, BundleFile(SUMS, "", sums.encode())]


def _pages(installation: Installation, moment: _Moment, now: datetime) -> list[BundleFile]:
    """What people read."""
    rulebook, today = installation.rulebook, london_date(now)
    events = [ledger.as_event(row) for row in moment.rows]
    review = fold(events)
    ciphers = {row.sequence: json.loads(row.sealed) if row.sealed else {} for row in moment.rows}
    sealed = {event.sequence: sealed_digests(event, ciphers[event.sequence]) for event in events}
    by_line = {event.sequence: event for event in events}
    all_sealed = [one for line in sealed.values() for one in line]
    found = [("review.html", "the review, readable", review_page(review, events, rulebook, today))]
    for one in reversed(decisions_of(events, review, rulebook.partnership)):
        page = decision_page(review, one, by_line[one.line], rulebook.partnership, sealed[one.line])
        found.append((f"decisions/line-{one.line:03d}.html", f"the record of a decision: {one.title}", page))
    papers = papers_page(review.reference, events, rulebook.partnership)
    sent = letters_page(review.reference, moment.letters, rulebook.partnership)
    found += [
        ("dates.html", "how each date was worked out", workings_page(review, events, rulebook, today)),
        ("letters.html", "what was sent to whom, and whether it arrived", sent),
        ("papers.html", "the papers that the record names", papers),
        ("sealed.html", "what is sealed, by its digests", sealed_page(review.reference, all_sealed)),
        ("VERIFY.html", "how to verify", verifying_page()),
        ("VERIFY.md", "the same as plain text", verifying_text()),
    ]
    return [BundleFile(name, what, content.encode()) for name, what, content in found]


def _in_one(made: Making, pages: Sequence[BundleFile], partnership: str) -> BundleFile:
    """All pages as one PDF, after a cover and the list of them."""
    parts = [cover_page(made), *(one.content.decode() for one in pages if one.name.endswith(".html"))]
    what = OnPaper(parts, partnership, made.review.reference, made.simulation, "What is in it")
    return BundleFile(IN_ONE, "all pages in one PDF, to print or to hear", pdf(what, made.at))


def _proofs(moment: _Moment) -> list[BundleFile]:
    """What proves it: the lines as they were hashed, the signed ends of all chains, what checks them."""
    chain = "".join(f"{BEGINS}{row.hash}{BETWEEN}{ledger.hashed_text(row._asdict())}{ENDS}\n" for row in moment.rows)
    program = (resources.files("tasks.bundle") / "verify.py").read_bytes()
    found = [
        BundleFile("verify.py", "checks all of this; plain Python", program),
        BundleFile(LINES, "the lines of the record, exactly as they were hashed", chain.encode()),
        BundleFile(NOW, f"the ends of all chains, signed, {_when(moment.heads)}", _as_json(moment.heads)),
    ]
    if moment.daily is not None:
        what = f"the signed digest of the last day that has one, {_when(moment.daily)}"
        found.append(BundleFile(DAILY, what, _as_json(moment.daily)))
    return found


def _when(said: dict[str, Any]) -> str:
    return say_moment(datetime.fromisoformat(said["at"]))


def _as_json(said: dict[str, Any]) -> bytes:
    return (json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
