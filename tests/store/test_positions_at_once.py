"""The last positions on a proposed decision come at the same moment, on both databases: one decision, one chain."""

from __future__ import annotations

import threading
from datetime import timedelta

from benchmarks.transitions import FIRST

from flows.demo.answers import answer, signer
from safeguarding.dates.london import london_date
from safeguarding.errors import TransitionRefused
from safeguarding.review.proof import signed_in
from safeguarding.review.states import State
from safeguarding.stages import STEPS
from tasks.record.records import Records

UP_TO_IT = (
    "assess_notification",
    "decide_notification",
    "send_notification",
    "open_rapid_review",
    "conclude_rapid_review",
    "propose_review_decision",
)


def test_three_who_sign_at_once_make_one_decision(records: Records) -> None:
    """Whoever is last has the decision in their transaction; nobody is refused, and nothing is decided twice."""
    now = FIRST
    raw = answer("open_referral", None, london_date(now))
    review = records.open(raw, signer(STEPS["open_referral"].by), now).review
    for step in UP_TO_IT:
        now += timedelta(hours=1)
        raw = answer(step, review, london_date(now))
        review = records.attempt(review.reference, step, raw, signer(STEPS[step].by), now).review
    start, refused, seen = threading.Barrier(3), list[str](), review.version

    def sign(person: str) -> None:
        start.wait()
        try:
            actor = signed_in(person, "code")
            records.attempt(review.reference, "sign_position", {"position": "agree"}, actor, now, seen)
        except TransitionRefused as why:
            refused.append(str(why))

    people = ("glenn_sample", "harper_sample", "indy_sample")
    threads = [threading.Thread(target=sign, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kinds = [line.kind for line in records.events(review.reference)]
    assert ([], 3, 1, "decided") == (refused, kinds.count("position_signed"), kinds.count("decided"), kinds[-1])
    assert State.COMMISSIONING is records.read(review.reference).state
    assert [] == list(records.verify())
