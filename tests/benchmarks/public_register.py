"""
The public register over five hundred publications: read of the record, made into a site, and written to a folder.

Each publication has an approved summary and an approved recommendation, as the largest register would have them. Under
2 s is aimed at for all of it. Printed are the median seconds of making and of writing it, and how much was written.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from driver.tables import laid

from benchmarks.review_page import taken
from config import load
from flows.demo.answers import answer, signer
from safeguarding.review.events import Actor
from safeguarding.stages import STEPS
from tasks.public_site.folder import write_site
from tasks.public_site.making import files_of
from tasks.record.records import Records, open_record

AT = datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
PUBLICATIONS = 500
TIMES = 5
AIM = 2.0
"""Seconds."""
SUMMARY = (
    "Agencies each knew a part and nobody had the whole.\n\nWhat follows is how they will now put it together. " * 8
)
ADVICE = "One agency leads, and tells the others within a day what it has heard and what it has done. " * 3
THEMES = ("neglect", "information_sharing", "domestic_abuse", "professional_curiosity")


def published(records: Records, count: int) -> None:
    """So many reviews, alternately of children and of adults, carried in as published over the last years."""
    for number in range(count):
        track = ("children", "adults")[number % 2]
        on = date(2026, 11, 20) - timedelta(days=5 * number % 2600)
        guidance = "Care Act 2014 and its statutory guidance" if track == "adults" else "Working Together 2018"
        began = {"track": track, "began_on": on - timedelta(days=400), "published_on": on, "open_duties": []}
        raw = {**answer("carry_in", None, AT.date()), "guidance": guidance, **began}
        reference = records.open(raw, signer(STEPS["carry_in"].by), AT, by="carry_in").review.reference
        _with_words(records, reference, number)


def _with_words(records: Records, reference: str, number: int) -> None:
    def take(step: str, person: str, **changes: object) -> None:
        raw = answer(step, records.read(reference), AT.date(), **changes)
        records.attempt(reference, step, raw, Actor(person=person), AT)

    themes = [THEMES[number % 4], THEMES[(number + 1) % 4]]
    take("record_recommendation", "alex_example", findings=[], themes=themes)
    take("write_wording", "alex_example", item="summary", wording=SUMMARY)
    take("write_wording", "alex_example", item="R01", wording=ADVICE)
    take("approve_wordings", "glenn_sample", wordings=["W01", "W02"])


def measure(records: Records, folder: Path, times: int) -> None:
    """Print the table."""
    made = taken(lambda: files_of(records, AT.date()), times)
    files = files_of(records, AT.date())
    written = taken(lambda: write_site(folder, files), times)
    reading, writing = (statistics.median(one.seconds for one in took) for took in (made, written))
    cpu = statistics.median(one.cpu for one in made) + statistics.median(one.cpu for one in written)
    over = "" if reading + writing < AIM else "   OVER THE AIM"
    size = sum(map(len, files.values())) / 1e6
    took = f"made in {reading:.2f} s, written in {writing:.2f} s, {cpu:.2f} s CPU{over}"
    print(f"{len(files)} files, {size:.1f} MB: {took}", flush=True)


def main() -> None:
    """Build the record, then measure."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--publications", type=int, default=PUBLICATIONS)
    asked.add_argument("--times", type=int, default=TIMES)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as home:
        began = time.perf_counter()
        records = open_record(laid(Path(home) / "record.sqlite3"), Path(home), load(), AT, simulation=True)
        published(records, given.publications)
        print(f"{given.publications} publications, recorded in {time.perf_counter() - began:.0f} s", flush=True)
        measure(records, Path(home) / "site", given.times)
        records.engine.dispose()


if __name__ == "__main__":
    main()
