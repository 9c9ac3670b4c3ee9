"""
The page of one review: where it stands, what is owed, who has to do with it, what was decided and done. For good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from pages.can_be_done import AsksWhatNow, WhatNow
from pages.history import history_of
from pages.positions import why_not
from pages.running import Running
from pages.seen import Seen
from pages.settling import another_for, form_for
from pages.visits import Posted, Visit, Visits
from pages.words import NOTHING_OPENED, OPENS, Opened, WordsThere, opened, words_there
from safeguarding.dates.standing import Standing, standing
from safeguarding.dates.working_days import say
from safeguarding.duties.older_law import carried_in_words
from safeguarding.duties.suspension import left_words, suspended_words
from safeguarding.errors import LawNotFound, SafeguardingError
from safeguarding.law.guidance import guidance_words
from safeguarding.law.own_document import documents_for
from safeguarding.law.partnership import Partnership
from safeguarding.law.roles import ROLES
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.owed import due_in_words
from safeguarding.questions import plan as back_plan
from safeguarding.questions.plan_lines import Plan
from safeguarding.review.events import Event
from safeguarding.review.review import Duty, Review
from safeguarding.review.states import Stage, Track
from safeguarding.review.who_sees import unit_of
from safeguarding.review.whole_record import reads_whole
from safeguarding.review.words import agency_name, subject_words
from safeguarding.shown.actions import action_facts
from safeguarding.shown.agency_answers import requests_of
from safeguarding.shown.decisions import decisions_of
from safeguarding.shown.dissemination import shared_with
from safeguarding.shown.history.told import told
from safeguarding.shown.learning import learning_of
from safeguarding.shown.linked import linked
from safeguarding.shown.plan_picture import draw
from safeguarding.shown.publication import publication_of
from safeguarding.shown.quality import quality_of
from safeguarding.shown.where_it_stands import stages_of, where_it_stands
from safeguarding.shown.wordings import wordings_listed
from tasks.record.reading import read_words, who_read
from tasks.record.shareable import shareable_of
from tasks.store.readings import ReadingsWanted, WordsRead

NEAR_PUBLICATION = frozenset({Stage.PANEL, Stage.PUBLICATION, Stage.ACTION_FOLLOW_UP})
"""The stages in which there may be a draft to look over before it is published."""
ASKED_FOR = {"information": "Information", "report": "Its report", "accuracy": "To check the draft"}
GRADES = ("none yet", "asserted", "a document", "data", "an audit")


class OwedLine(NamedTuple):
    """One date of a review, as its page shows it."""

    what: str
    rule: str
    law: bool
    due: str
    standing: Standing
    working: str
    """Where its working is."""
    note: str = ""
    form: str = ""
    """Where whoever reads can record what meets it; empty where that is not theirs."""


class ReviewPage:
    """The page of one review, and the picture of its plan."""

    def __init__(self, running: Running, visits: Visits, seen: Seen, what_now: AsksWhatNow) -> None:
        self._running, self._visits, self._seen, self._what_now = running, visits, seen, what_now

    def routes(self) -> APIRouter:
        """Where they are."""
        router = APIRouter()
        router.add_api_route("/reviews/{reference}", self.review, methods=["GET"])
        router.add_api_route("/reviews/{reference}/plan.svg", self.plan, methods=["GET"])
        router.add_api_route("/reviews/{reference}/words", self.review, methods=["GET"])
        router.add_api_route("/reviews/{reference}/words", self.open_words, methods=["POST"])
        return router

    def review(self, request: Request, reference: str, kept: str = "") -> Response:
        """The page, every sealed word left sealed."""
        visit, person = self._visits.signed_in(request)
        review, events = self._seen.review(visit, reference)
        return self._page(visit, review, events, words_there(visit, person, review, events), NOTHING_OPENED, kept)

    def open_words(self, request: Request, reference: str, form: Posted) -> Response:
        """One set of sealed words is opened by a press: noted first, and then shown in its place on the page."""
        visit, person = self._visits.signed_in(request)
        review, events = self._seen.review(visit, reference)
        self._visits.sent(visit, form)
        there = words_there(visit, person, review, events)
        wanted = there.get(form.get("words", ""))
        if wanted is None or visit.signed_in is None:
            raise self._seen.no_such_words(visit)
        texts = [(text.line, text.name) for text in wanted.texts]
        reading = WordsRead(person.id, person.name, visit.signed_in.proof, review.reference, wanted.what, texts)
        words = read_words(self._running.records, reading, self._running.clock())
        return self._page(visit, review, events, there, opened(wanted, words, visit))

    def _page(
        self,
        visit: Visit,
        review: Review,
        events: Sequence[Event],
        there: Mapping[str, WordsThere],
        shown: Opened,
        kept: str = "",
    ) -> Response:
        rulebook, today = self._running.rulebook(), self._running.today()
        now = self._what_now(visit, review)
        running = dates_owed(review, rulebook, today, now)
        opened_words = ReadingsWanted(review.reference, opened=True)
        reads = visit.person is not None and review.track in unit_of(visit.person, visit.partnership)
        return self._visits.page(
            visit,
            "review",
            at="review",
            review=review,
            stands=where_it_stands(review, rulebook, today),
            purpose=guidance_words(review.track.value, review.stage.value, visit.partnership.guidance),
            documents=documents_for(review.track.value, {review.stage.value}, visit.partnership.documents),
            stages=[(stage.named(review.track), how) for stage, how in stages_of(review)],
            of_law=[one for one in running if one.law],
            of_ours=[one for one in running if not one.law],
            ended=dates_ended(review, rulebook),
            agencies=answers_of(review, rulebook, today),
            actions=actions_of(review, events, rulebook, today),
            acts_on={one.id: one.recommendation for one in review.actions if one.recommendation},
            answers_lesson={one.id: one.lesson for one in review.actions if one.lesson},
            another=another_for(review, now),
            action_facts={one.id: action_facts(one, review, rulebook) for one in review.actions},
            learning=learning_of(review, rulebook).groups,
            quality=quality_of(review),
            wordings=wordings_listed(review, visit.partnership),
            shared=shareable_of(self._running.records, review),
            publication=publication_of(review, rulebook, self._running.clock()),
            told=shared_with(review, rulebook, today),
            decisions=decisions_of(events, review, visit.partnership),
            referral=referral_of(events, review, rulebook),
            notification=review.track is Track.CHILDREN and "awareness_recorded" in review.facts,
            words=there,
            opened=shown,
            times_read=who_read(self._running.records, opened_words, limit=0)[1] if reads else None,
            people=people_of_review(review, visit.partnership),
            meetings=[(meeting.meeting.replace("_", " "), meeting.on) for meeting in reversed(review.meetings)],
            linked=[one.words for one in linked(review)],
            carried_in=carried_in_words(review),
            plan=self._plan(review, rulebook),
            history=history_of(review, events, rulebook),
            card=self._card(visit, review),
            unmet=why_not(visit, review, events, self._running),
            answered=len(review.proposal.standing) if review.proposal else 0,
            now=now,
            kept=kept,
            near_publication=review.stage in NEAR_PUBLICATION,
            bundle=visit.person is not None and reads_whole(visit.person, review, visit.partnership),
        )

    def plan(self, request: Request, reference: str) -> Response:
        """The plan as a picture, which the page says in words below it."""
        visit, _ = self._visits.signed_in(request)
        review, _ = self._seen.review(visit, reference)
        rulebook = self._running.rulebook()
        plan = self._plan(review, rulebook)
        if plan is None:
            raise self._seen.none(visit)
        return Response(draw(plan, rulebook.calendar), media_type="image/svg+xml")

    def _plan(self, review: Review, rulebook: Rulebook) -> Plan | None:
        try:
            plan = back_plan.plan_of(review, rulebook, self._running.today())
        except SafeguardingError:  # Beyond the bank holidays no day is told; the page is there all the same.
            return None
        return plan if plan.lines else None

    def _card(self, visit: Visit, review: Review) -> str:
        """Where the unit moves the review on in Prefect; nothing for others, who have no login there."""
        unit = visit.person is not None and {"business_manager", "business_unit"} & set(visit.person.roles)
        return self._running.settings.card_page(review.reference) if unit and review.open else ""


# --------------------------------------------------------------------------- dates


def dates_owed(review: Review, rulebook: Rulebook, today: date, now: WhatNow | None = None) -> list[OwedLine]:
    """
    Everything that is owed, the law's dates first, each by its day; then what stands still. None is left out.

    `now` is what whoever reads can do: each date leads to the form that meets it, where there is one that is theirs.
    """
    lines = [
        _owed_line(duty, review, rulebook, today)._replace(form=_form_of(duty, review, rulebook, now))
        for duty in review.running()
    ]
    return sorted(lines, key=lambda line: not line.law) + [
        _suspended_line(duty, review, rulebook) for duty in review.suspended()
    ]


def _form_of(duty: Duty, review: Review, rulebook: Rulebook, now: WhatNow | None) -> str:
    found = form_for(review, duty.rule, duty.subject, now, rulebook) if now is not None else ""
    return "" if found == f"/reviews/{review.reference}" else found


def _owed_line(duty: Duty, review: Review, rulebook: Rulebook, today: date) -> OwedLine:
    try:
        rule = rulebook.rule(duty.rule)
    except LawNotFound:  # The rulebook has lost the rule: the date is owed all the same.
        stands = standing(duty.due_on, today, rulebook.calendar)
        return OwedLine(duty.rule, duty.rule, False, say(duty.due_on), stands, working_of(review, duty))
    caution = rule.edition_of(duty.edition, duty.anchored_on).caution if rule.statutory else ""
    return OwedLine(
        what_is_owed(duty, rulebook),
        "" if duty.rule.startswith("local.") else duty.rule,
        rule.date_is_law,
        due_in_words(duty, rule, rulebook.calendar),
        standing(duty.due_on, today, rulebook.calendar, kind=rule.counts.kind),
        working_of(review, duty),
        f"{caution[:1].upper()}{caution[1:]}." if caution else "",
    )


def _suspended_line(duty: Duty, review: Review, rulebook: Rulebook) -> OwedLine:
    stop = duty.stops[-1]
    stands = Standing("suspended", stop.left, f"{suspended_words(stop)}; {left_words(stop)}")
    return OwedLine(what_is_owed(duty, rulebook), "", False, "not counted", stands, working_of(review, duty))


def dates_ended(review: Review, rulebook: Rulebook) -> list[tuple[str, str, str]]:
    """The dates that were met or fell away, the latest first: what, how it ended, where its working is."""
    latest = {duty.key: duty for duty in review.duties if duty.ended != "superseded"}
    over = sorted((duty for duty in latest.values() if duty.ended), key=lambda duty: duty.ended_at, reverse=True)
    return [(what_is_owed(duty, rulebook), _how_it_ended(duty), working_of(review, duty)) for duty in over]


def _how_it_ended(duty: Duty) -> str:
    on = f" {say(duty.ended_on)}" if duty.ended_on else ""
    if duty.ended == "cancelled":
        return f"fell away{on}"
    late = ", late" if duty.ended_on and duty.ended_on > duty.due_on else ""
    return f"met{on}{late} (due {say(duty.due_on)})"


def what_is_owed(duty: Duty, rulebook: Rulebook) -> str:
    """A duty by its title, and whose it is."""
    try:
        title = rulebook.rule(duty.rule).title
    except LawNotFound:
        title = duty.rule
    return f"{title}: {subject_words(duty.subject, rulebook.partnership)}" if duty.subject else title


def working_of(review: Review, duty: Duty) -> str:
    """Where the working of a date is."""
    subject = f"/{quote(duty.subject, safe='')}" if duty.subject else ""
    return f"/reviews/{review.reference}/dates/{quote(duty.rule, safe='')}{subject}"


# --------------------------------------------------------------------------- who and what


def answers_of(review: Review, rulebook: Rulebook, today: date) -> list[tuple[str, str, str, str]]:
    """Each agency with what it was asked for, how it answered, and its state in one word."""
    return [
        (
            agency_name(asked.agency, rulebook.partnership),
            ASKED_FOR[asked.purpose],
            f"{asked.words(today)[:1].upper()}{asked.words(today)[1:]} (asked {say(asked.asked_on)})",
            asked.state(today).replace(" ", "-"),
        )
        for asked in requests_of(review, rulebook)
    ]


def actions_of(
    review: Review, events: Sequence[Event], rulebook: Rulebook, today: date
) -> list[tuple[str, str, str, str, Standing | None, str]]:
    """Each action: its number, agency, owner, status with the grade of its evidence, how it stands, its day."""
    partnership = rulebook.partnership
    found = []
    for action in review.actions:
        owner = partnership.ever(action.owner)
        stands = None if action.done else standing(action.due_on, today, rulebook.calendar)
        status = action.status.replace("_", " ")
        evidence = f"; evidence: {GRADES[action.grade]}" if 0 < action.grade < len(GRADES) else ""
        name = owner.name if owner else review.names.get(action.owner, action.owner)
        agency = agency_name(action.agency, partnership)
        found.append((action.id, agency, name, f"{status}{evidence}", stands, say(action.due_on)))
    return found


def referral_of(events: Sequence[Event], review: Review, rulebook: Rulebook) -> list[str]:
    """What was referred, when and by whom, in the sentences of the lines by which the review was opened."""
    return [told(event, review, rulebook).sentence for event in events if event.kind in OPENS]


def people_of_review(review: Review, partnership: Partnership) -> list[tuple[str, Sequence[str]]]:
    """Who has to do with the review, by what they are to it; roles that nobody holds are left out."""
    there = partnership.for_track(review.track.value)
    appointed = [("Chair of the review panel", review.chair), ("Lead reviewer", review.reviewer)]
    rows = [(words, [_name(person, review, partnership)]) for words, person in appointed if person]
    for role in ("delegated_partner", "business_manager", "family_liaison"):
        names = [person.name for person in there.holders(role)]
        rows.append((f"{ROLES[role][:1].upper()}{ROLES[role][1:]}", names))
    asked = dict.fromkeys(request.agency for request in review.requests)
    leads = [f"{lead} ({agency_name(agency, partnership)})" for agency in asked for lead in _leads(agency, there)]
    rows.append(("Agency safeguarding leads", leads))
    return [(words, names) for words, names in rows if names]


def _leads(agency: str, partnership: Partnership) -> list[str]:
    found = [one.lead for one in partnership.taken_over_by(agency) if one.lead]
    return [person.name for lead in found if (person := partnership.known(lead)) is not None]


def _name(person: str, review: Review, partnership: Partnership) -> str:
    known = partnership.ever(person)
    return known.name if known else review.names.get(person, person)
