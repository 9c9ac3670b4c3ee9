"""
From Resume to the next card, on the real system with its embedded default: what a manager waits for.

Adult reviews are carried from stage to stage by the calls that the page makes when Submit is pressed; every third
answer is refused. Printed: the median and the 95th percentile of the time until the next card (or the same one again)
waits, and how many answers met a server error.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from driver.page import Manager, System

PRESSES = 50
PATH = (
    "accept_referral",
    "complete_screening",
    "decide_adult_review",
    "commission_adult_review",
    "begin_drafting",
    "submit_draft",
    "accept_findings",
)
"""The steps of an adult review that end a stage."""
ADULT = {"track": "adults", "agency": "hospital_trust", "concern": "death of an adult, abuse or neglect suspected"}


def presses(manager: Manager, count: int) -> tuple[dict[bool, list[float]], list[str]]:
    """Answer cards one after the other; the seconds of each by whether it was refused, and every server error."""
    times: dict[bool, list[float]] = {False: [], True: []}
    errors, reference, left = [], "", list[str]()
    for press in range(count):
        if not left:
            reference, left = manager.referred(**ADULT), list(PATH)
        run, refused = manager.card(reference), press % 3 == 2
        day = manager.today + timedelta(days=400 if refused else 0)
        form = manager.form(run, left[0], manager.read(reference), day)
        began = time.monotonic()
        response = manager.resume(run, form)
        if response.status_code >= 500:
            errors.append(f"press {press}: {response.status_code} {response.text[:200]}")
            continue
        seen = manager.outcome(run, began)
        if seen.over:
            manager.next_card(reference, run)
        times[refused].append(time.monotonic() - began)
        left = left if refused else left[1:]
        assert refused is ("Refused last time" in seen.words), seen.words
        assert f"__v{manager.read(reference).changed}__" in str(manager.asked(manager.card(reference)))
    return times, errors


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--presses", type=int, default=PRESSES)
    asked = parser.parse_args()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{asked.presses} answers in a row, one after the other. Load average as it began: {load}")
    with tempfile.TemporaryDirectory() as folder, System(Path(folder) / "home") as system:
        system.start()
        with Manager(system, looks_every=0.02) as manager:
            times, errors = presses(manager, asked.presses)
    for refused, words in ((False, "Resume to the next card"), (True, "Resume to the same card, refused")):
        cuts = statistics.quantiles(times[refused], n=20)
        middle = statistics.median(times[refused])
        print(f"{words:<34} {middle:>6.2f} s median {cuts[18]:>6.2f} s at 95 %   {len(times[refused])} answers")
    print(f"server errors                      {len(errors)}")
    print("\n".join(errors))


if __name__ == "__main__":
    main()
