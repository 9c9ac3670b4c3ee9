"""
Everything that can be made of a record under a partnership's file: each card, page, notice, calendar and export.

Three invented reviews stand behind it: a rapid review whose agencies are late, a panel that was asked again, and an
action plan that is overdue. What cannot be made raises; what was made is read again as its reader would read it.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from icalendar import Calendar as Diary

import config
from config.settings import Settings
from flows.artifacts import deadline_board, plan, working
from flows.artifacts.delivery_and_agencies import league_table
from flows.beside_the_stages import short_forms
from flows.cards import dialog
from flows.cards.desk import Desk
from flows.demo import stories
from flows.demo.stories import StoryStep
from safeguarding.dates.london import london_date, london_moment
from safeguarding.dates.working_days import add_working_days
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.digest import Look, OpenReview, digests
from safeguarding.notices.notice import NoticeDraft, Occasion
from safeguarding.notices.owed import Owed
from safeguarding.notices.rung_notices import missed_set
from safeguarding.notices.step_notices import notices_for
from safeguarding.notices.wordings_waiting import WordingsWaiting
from safeguarding.questions.explain_date import explained
from safeguarding.questions.plan import plan_of
from safeguarding.review.concerned import Concerned
from safeguarding.review.events import Event
from safeguarding.review.fold import fold
from safeguarding.review.review import Review
from safeguarding.shown import calendar_file, diary, plan_picture
from safeguarding.shown.rule_book import rule_book
from tasks.post.addresses import read_mail_server
from tasks.post.letters import write_letter
from tasks.post.mail import MailService
from tasks.post.sending import load
from tasks.post.teams import card as teams_card
from tasks.record.installation import Installation
from tasks.record.records import Records, open_record
from tasks.store import agency_requests

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""A Monday morning, with no holiday near."""
POSTED = MailService(
    read_mail_server("mailtos://unit:secret@mail.example.org"),
    ("The unit", "unit@council.example"),
    "alex@council.example",
    "1",
    AT,
    asset=load(),
)
"""What makes a letter of words; nothing is sent."""
TOLD: Sequence[tuple[StoryStep, ...]] = (stories.RAPID_REVIEW_TO_PLAN, stories.MONITORING_LATE, stories.STORIES[-1])


class Record:
    """Reviews in a record of their own, as their stories tell them."""

    def __init__(
        self, home: Path, told: Sequence[tuple[StoryStep, ...]] = TOLD, rulebook: Rulebook | None = None
    ) -> None:
        self.home, rulebook = home, rulebook or config.load()
        self.records = open_record(f"sqlite:///{home / 'record.sqlite3'}", home, rulebook, AT, simulation=True)
        for story in told:
            reference = None
            for step in story:
                day = add_working_days(london_date(AT), -step.days_ago, rulebook.calendar)
                reference = stories.take(self.records, reference, step, london_moment(day, AT.time()))

    def close(self) -> None:
        """Let go of the database. Whatever is asked afterwards opens it again."""
        self.records.engine.dispose()

    @cached_property
    def events(self) -> dict[str, list[Event]]:
        """The lines of each review."""
        return {row.reference: list(self.records.events(row.reference)) for row in self.records.list()}

    @cached_property
    def grown(self) -> list[tuple[Event, Review | None, Review]]:
        """Each line, with the review before and after it."""
        found = []
        for lines in self.events.values():
            before = None
            for line in lines:
                after = fold([line], before)
                found.append((line, before, after))
                before = after
        return found

    @cached_property
    def reviews(self) -> list[Review]:
        """Each review as it stands."""
        return [fold(lines) for lines in self.events.values()]

    def under(self, rulebook: Rulebook) -> Installation:
        """The same record under another partnership's file."""
        records = Records(self.records.engine, rulebook, self.records._keys)
        return Installation(Settings(home=self.home), rulebook, records)


def everything(record: Record, rulebook: Rulebook, *, forms: bool = True) -> None:
    """Make all of it under this rulebook; with `forms`, the short forms too, which show people and agencies only."""
    installation = record.under(rulebook)
    cards(installation, forms=forms)
    pages(installation, record)
    for review in record.reviews:
        calendars(review, rulebook)
    letters(step_notices(record.grown, rulebook))
    letters(time_notices(record.reviews, rulebook))
    readable(rulebook.model_dump_json(), *rule_book(rulebook, london_date(AT)).splitlines())


# --------------------------------------------------------------------------- each kind


def cards(installation: Installation, *, forms: bool = True) -> None:
    """The card of every review and its dialog; every short form."""
    faces = Desk(installation).faces()
    assert {} == faces.undrawn
    for face in faces.drawn:
        readable(face.name, *face.tags, face.description)
        readable(json.dumps(dialog.schema(face.choices, face.version, face.reference), ensure_ascii=False))
    if not forms:
        return
    for form in short_forms(installation.rulebook):
        readable(json.dumps(form.schema().model_dump(mode="json"), ensure_ascii=False))


def pages(installation: Installation, record: Record) -> None:
    """The board, the league of agencies, the plan and the working of every review."""
    references = list(record.events)
    league = agency_requests.agency_league(record.records.engine, installation.rulebook, london_date(AT))
    drawn = [
        deadline_board.drawn(installation),
        league_table(league),
        *plan.drawn(installation, references),
        *working.drawn(installation, references),
    ]
    for page in drawn:
        readable(str(page))
        assert "No plan can be made" not in str(page)


def calendars(review: Review, rulebook: Rulebook) -> None:
    """A review's dates and its plan as calendar files, its plan as a picture, each date explained."""
    made = plan_of(review, rulebook, london_date(AT))
    entries = diary.entries(review, rulebook)
    for text in (
        calendar_file.write(entries, "record", rulebook.partnership.name),
        calendar_file.write(diary.planned(made, AT), "record", made.title),
    ):
        readable(text)
        assert 1 == len([part for part in Diary.from_ical(text).walk() if part.name == "VCALENDAR"])
    ET.fromstring(plan_picture.draw(made, rulebook.calendar))
    for duty in review.duties:
        readable(explained(review, (), duty, rulebook, london_date(AT)).model_dump_json())


def step_notices(grown: Iterable[tuple[Event, Review | None, Review]], rulebook: Rulebook) -> list[NoticeDraft]:
    """What each line tells people."""
    return [draft for line, before, after in grown for draft in notices_for(line, before, after, rulebook)]


def time_notices(reviews: Sequence[Review], rulebook: Rulebook) -> list[NoticeDraft]:
    """Every rung of every running duty, before its day and after it; the digest and the summary of a morning."""
    owed = [Owed.of(duty, review) for review in reviews for duty in review.running()]
    found = [
        draft
        for one in owed
        for rung in rulebook.partnership.ladder
        if rung.fits(rulebook.rule(one.rule))
        for days in (-1, 3)
        for draft in missed_set(one, [rung], rulebook, london_moment(one.due_on, AT.time()) + timedelta(days=days))
    ]
    stand = [OpenReview(r.reference, r.track, r.stage, r.state) for r in reviews if r.open]
    waiting = [WordingsWaiting(Concerned.by(r), {"W01": frozenset({"alex_example"})}) for r in reviews if r.open]
    look = Look(owed, stand, 1, waiting, "proof")
    return found + [
        draft
        for occasion in (Occasion.DIGEST, Occasion.WEEKLY_SUMMARY)
        for draft in digests(look, occasion, rulebook, AT)
    ]


SAID: set[object] = set()
"""What was made into a letter before: the same words make the same letter."""


def letters(drafts: Iterable[NoticeDraft]) -> None:
    """Each notice as a letter that goes over the line, and as a card for Teams; the same words once."""
    different = {(draft.occasion, tuple(sorted(draft.context.items()))): draft for draft in drafts}
    for said, draft in different.items():
        if said in SAID:
            continue
        letter = write_letter(draft.occasion.value, draft.context)
        assert letter.subject.isprintable()
        POSTED._letter(letter.subject, letter.html, ())
        readable(letter.html, json.dumps(teams_card(letter.subject, letter.markdown), ensure_ascii=False))
        SAID.add(said)


def readable(*texts: str) -> None:
    """Each can be written as UTF-8, which half a character cannot."""
    for text in texts:
        text.encode()
