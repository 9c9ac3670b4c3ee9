"""A review in a partnership that is shaped otherwise than the example: its own agencies, people and partners answer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import config
from flows.demo.answers import answer
from safeguarding.dates.london import LONDON
from safeguarding.review.as_arranged import as_arranged, signers, track_taken
from safeguarding.review.events import Actor, Event
from safeguarding.review.review import Review
from safeguarding.stages import STEPS
from tasks.record.records import Records, open_record
from tasks.store import outbox
from tasks.store.tables import notice_facts, notices

FOLDERS = Path(__file__).parents[1] / "partnerships"
"""
Partnerships as they really are, with invented names, each a folder as `SAFEGUARDING_CONFIG` takes it. `skerneside`:
education sits beside the three about children, through three head teachers and without a vote; two assistant directors
are the council's delegates, one a track. `two_councils`: four votes, and education's. `chair_decides`: the independent
chair decides about adults. `moorshire` and `downland` have timetables of their own. `one_file.yaml` is the first as its
published arrangements give it, in one file and with every gap.
"""
ADULT = {"track": "adults", "concern": "death of an adult, abuse or neglect suspected"}
AN_AGENCY = {"open_referral", "add_action"}
TO_THE_END = {
    "children": (
        *("assess_notification", "decide_notification", "send_notification", "open_rapid_review"),
        *("conclude_rapid_review", "decide_review", "commission_review", "begin_drafting", "submit_draft"),
        *("sign_report", "send_report", "publish", "add_action", "agree_action_plan", "update_action", "close_review"),
    ),
    "adults": (
        *("accept_referral", "complete_screening", "decide_adult_review", "commission_adult_review"),
        *("begin_drafting", "submit_draft", "accept_findings", "decide_publication"),
        *("add_action", "agree_action_plan", "update_action", "close_review"),
    ),
}
"""The steps of a review from the referral to its closing, one track each."""


class OwnShape:
    """One review of a partnership whose folder lies under `tests/partnerships`."""

    def __init__(self, records: Records, track: str, day: date = date(2026, 3, 2)) -> None:
        self.records = records
        self.at = datetime.combine(day, time(10), LONDON)
        adult = ADULT if track == "adults" else {}
        raw = self._answered("open_referral", None, **adult)
        manager = records.rulebook.partnership.holders("business_manager")[0]
        opened = records.open(raw, Actor(person=manager.id), self.at)
        self.reference = opened.review.reference

    @property
    def review(self) -> Review:
        """The review as the record has it."""
        return self.records.read(self.reference)

    @property
    def last(self) -> Event:
        """The last line of its ledger."""
        return self.records.events(self.reference)[-1]

    def who(self, step: str) -> tuple[str, ...]:
        """Who may sign a step of it, in the order of the file."""
        book = self.records.rulebook.for_track(self.review.track.value)
        arranged = as_arranged(STEPS[step], track_taken(STEPS[step], self.review), book.partnership)
        return tuple(person.id for person in signers(arranged, self.review, book))

    def positions(self, said: str = "agree", **others: dict[str, Any]) -> dict[str, Any]:
        """The same position of every partner of its track, and these of some."""
        there = self.records.rulebook.for_track(self.review.track.value).partnership
        found = {}
        for partner in there.arrangement(self.review.track.value).partners:
            spoke = [p.id for p in there.holders("delegated_partner") if p.partner == partner.id]
            found[partner.id] = {"person": spoke[0], "position": said}
        return {**found, **others}

    def take(self, step: str, /, *, by: str | None = None, **changes: Any) -> OwnShape:
        """Take a step two days later, signed by the first who may; refused if it is refused."""
        self.at += timedelta(days=1 if step == "send_report" else 2)
        if step == "publish":
            self.at += timedelta(days=30)
        raw = self._answered(step, self.review, **changes)
        actor = Actor(person=by or self._first(step))
        self.records.attempt(self.reference, step, raw, actor, self.at)
        return self

    def _first(self, step: str) -> str:
        """The first who may sign a step; of those who verify an action the first whom nothing binds to it."""
        who, partnership = self.who(step), self.records.rulebook.partnership
        if step != "update_action":
            return who[0]
        action = self.review.actions[0]
        theirs = {action.added_by, action.owner}
        free = (one for one in who if one not in theirs and not partnership.person(one).serves(action.agency))
        return next(one for one in free if "agency_lead" not in partnership.person(one).roles)

    def until(self, step: str) -> OwnShape:
        """Take every step before this one."""
        every = TO_THE_END[self.review.track.value]
        for one in every[: every.index(step)]:
            self.take(one)
        return self

    def told(self, occasion: str | None = None) -> set[str]:
        """The people who have a notice of this occasion, or of any, in the outbox."""
        query = outbox.FULL.where(notice_facts.c.reference == self.reference)
        with self.records.engine.connect() as connection:
            rows = connection.execute(query if occasion is None else query.where(notices.c.occasion == occasion)).all()
        return {row.person for row in rows}

    def letters(self, occasion: str) -> list[Any]:
        """What the notices of this occasion say, in the order of writing."""
        query = outbox.FULL.where(notice_facts.c.reference == self.reference, notices.c.occasion == occasion)
        with self.records.engine.connect() as connection:
            return [row.context for row in connection.execute(query.order_by(notices.c.id))]

    def _answered(self, step: str, review: Review | None, /, **changes: Any) -> dict[str, Any]:
        """The invented answers with this partnership's own agencies and people in the place of the example's."""
        partnership = self.records.rulebook.partnership
        agencies = [agency.id for agency in partnership.agencies]
        raw = answer(step, review, self.at.date(), **{name: one for name, one in changes.items() if name == "track"})
        own: dict[str, Any] = {}
        if "agencies" in raw:
            own["agencies"] = agencies[:2]
        if step in AN_AGENCY:
            own["agency"] = agencies[0]
        if "owner" in raw:
            own["owner"] = partnership.agencies[0].lead
        for asked, role in (("chair", "review_panel_chair"), ("reviewer_in_file", "lead_reviewer")):
            if asked in raw:
                own[asked] = next((person.id for person in partnership.holders(role)), None)
        if "positions" in raw:
            own["positions"] = self.positions()
        return {**raw, **own, **changes}


def record_of(folder: Path, home: Path) -> Records:
    """An empty record of a partnership's folder, marked as a simulation."""
    begun = datetime(2026, 1, 5, 9, 0, tzinfo=LONDON)
    return open_record(f"sqlite:///{home / 'record.sqlite3'}", home, config.load(folder), begun, simulation=True)
