"""
Ten agencies are asked in the page and two are silent: chased, escalated, on the board, and the stage released.

The notification was sent eight working days ago, so the summaries are due today (on a day off: on the next working
day), and each morning since is swept as the morning it was, by the command of whoever watches (the demo's record takes
other times than now). Then the day of the notification turns out to be wrong: put right in the page, it makes both
overdue there and then.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import expect

from flows.demo import stories
from flows.demo.answers import answer
from flows.demo.post_catcher import Catcher
from safeguarding.dates.london import LONDON, london_date
from safeguarding.dates.working_days import add_working_days
from safeguarding.notices.recipients import ways_of
from safeguarding.shown.agency_answers import requests_of
from safeguarding.stages import STEPS
from tasks.store import outbox
from tasks.store.tables import notice_facts, notices

pytestmark = [pytest.mark.prefect, pytest.mark.browser]

SENT = 8
"""Working days ago, as recorded: the summaries are due today, on working day 8 of the rapid review."""
REALLY_SENT = 12
"""Working days ago, as it turns out: they were due four days ago."""

RULE = "local.c.agency_summary_return"
OWED = "Agency summary for the rapid review"
SILENT = ("education", "housing")
ASKED = (
    *("childrens_social_care", "police", "integrated_care_board", "hospital_trust", "mental_health_trust"),
    *("general_practice", "ambulance_service", "probation_service", *SILENT),
)
NAMES = "Schools and early years, Housing"


class Mornings:
    """The mornings that have passed since: each swept as it was, its letters caught apart from the demo's."""

    def __init__(self, manager: Any, catcher: Catcher) -> None:
        self.calendar, self.home, self.catcher = manager.demo.records.rulebook.calendar, manager.demo.home, catcher
        self.today = london_date(datetime.now(UTC))
        self.due_on = add_working_days(self.today - timedelta(days=1), 1, self.calendar)
        self.late = REALLY_SENT - SENT - (0 if self.due_on == self.today else 1)

    def ago(self, days: int, hour: int = 9, minute: int = 5) -> datetime:
        """A moment in London so many working days before the summaries are due."""
        day = add_working_days(self.due_on, -days, self.calendar)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)

    def passes(self, days: int) -> None:
        """`safeguarding watch --at` that morning: what is owed then is written, and what may leave leaves."""
        given = {"HOME": str(self.home), "SECRET_MAIL_URL": self.catcher.mail_url}
        given |= {f"SECRET_{name.upper()}": self.catcher.teams_url(name) for name in ("unit", "partners", "hospital")}
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SAFEGUARDING_")}
        done = subprocess.run(
            [sys.executable, "-m", "flows.cli", "watch", "--at", self.ago(days).isoformat()],
            env=kept | {f"SAFEGUARDING_{name}": value for name, value in given.items()},
            capture_output=True,
            text=True,
            check=False,
        )
        assert 0 == done.returncode, done.stdout + done.stderr


@pytest.fixture
def mornings(manager: Any, tmp_path: Path) -> Iterator[Mornings]:
    """The mornings, with a post office of their own."""
    catcher = Catcher(tmp_path / "caught")
    with ThreadPoolExecutor(1) as apart:  # The browser's own loop runs in this thread.
        apart.submit(catcher.start).result()
    try:
        yield Mornings(manager, catcher)
    finally:
        catcher.stop()


def subjects(folder: Path, address: str, words: str) -> list[str]:
    """The subjects of the letters to an address that speak of something, oldest first."""
    read = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("mail/*.eml"))]
    mine = [letter for letter in read if letter["To"] == address]
    return [str(letter["Subject"]) for letter in mine if words in letter.get_body(("plain",)).get_content()]


def notified(manager: Any, mornings: Mornings) -> str:
    """A child review of which the national Panel was notified eight working days ago; its reference."""
    reference = None
    for told in stories.to_rapid_review(SENT)[:-1]:
        moment = mornings.ago(told.days_ago, 10, 0)
        reference = stories.take(manager.demo.records, reference, told, moment)
    assert reference is not None
    return reference


def at_the_door(manager: Any, flow: str, door: str) -> None:
    """The page of a deployment, with its Run pressed. How a manager finds it in the list is another test's."""
    found = manager.asks(f"/deployments/name/{quote(flow)}/{quote(door)}")["id"]
    manager.page.goto(f"{manager.demo.url}/deployments/deployment/{found}")
    manager.page.get_by_role("button", name="Run", exact=True).click()


def sweeps(manager: Any, until: Callable[..., Any]) -> tuple[str, str]:
    """Start the sweep in the page, by its Quick run; the id of the run, and the name of its end."""
    page = manager.page
    at_the_door(manager, "Watch", "Sweep")
    with page.expect_response(lambda answer: answer.url.endswith("/create_flow_run")) as made:
        page.get_by_text("Quick run", exact=True).click()
    run = made.value.json()["id"]

    def over() -> str | None:
        state = manager.asks(f"/flow_runs/{run}")["state"]
        return state["name"] if state["type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") else None

    return run, until(over, 60, "the sweep has ended")


@contextmanager
def no_sweep_of_its_own(manager: Any) -> Iterator[None]:
    """The demo's own comes at each quarter of an hour: what it would tell together is to be told morning by morning."""
    name, _, words = (manager.demo.home / "service.login").read_text().strip().partition(":")
    sweep = manager.asks(f"/deployments/name/{quote('Watch')}/{quote('Sweep')}")["id"]
    with httpx.Client(base_url=f"{manager.demo.url}/api/deployments/{sweep}", auth=(name, words)) as service:
        service.post("/pause_deployment").raise_for_status()
        try:
            yield
        finally:
            service.post("/resume_deployment").raise_for_status()


def custom_run(manager: Any, kind: type[Any]) -> Any:
    """The form behind Run."""
    manager.page.get_by_text("Custom run", exact=True).click()
    manager.page.get_by_role("heading", name="Parameters").wait_for()
    question = manager.page.locator(".schema-form-property").filter(has_text="Form").first
    return kind(manager.page, question.locator(".schema-form-properties").first)


def returned(manager: Any, kind: type[Any], reference: str, agency: str, what: str, on: date) -> None:
    """A return, recorded in the page by its short form."""
    at_the_door(manager, "Record a return", "Record a return")
    form = custom_run(manager, kind)
    given = {"Review": reference, "Agency": agency, "For": "information", "What came": what, "On": on}
    if what == "returned":
        given |= {"Does it tell of the child's daily life, or of what the adult wanted?": "yes"}
    form.fill({**given, "Signed by": "alex_example"})
    assert f"Completed: Recorded in {reference}." == manager.submits()


def corrected(manager: Any, kind: type[Any], reference: str, sent_on: date) -> None:
    """The day of the notification, put right in the page by its short form."""
    at_the_door(manager, "Correct a date", "Correct a date")
    form = custom_run(manager, kind)
    given = {"Review": reference, "Which date": "notification_sent", "The right date": sent_on}
    form.fill({**given, "Why it was wrong, and how we know": "The receipt says so.", "Signed by": "alex_example"})
    assert f"Completed: Recorded in {reference}." == manager.submits()


def written(demo: Any, reference: str, agency: str, occasion: str) -> list[Any]:
    """The letters in the outbox that tell of an agency's summary on this occasion."""
    told = outbox.FULL.where(
        notice_facts.c.reference == reference,
        notices.c.occasion == occasion,
        notices.c.channel == "email",
        notices.c.key.startswith(f"{reference}:{RULE}:{agency}:"),
    )
    with demo.records.engine.connect() as connection:
        return list(connection.execute(told))


def told_of_the_miss(demo: Any, reference: str, agency: str) -> list[Any]:
    """Those that say that it is missed."""
    return written(demo, reference, agency, "due_missed")


def escalated(demo: Any, reference: str, agency: str, director: str) -> str | None:
    """What became of the one letter to a director: delivered, or held to a working morning; None while it is sent."""
    (letter,) = (row for row in told_of_the_miss(demo, reference, agency) if row.person == director)
    if letter.status == "pending" and letter.next_attempt_at > datetime.now(UTC):
        return "held"
    return "delivered" if letter.status == "delivered" else None


def test_ten_agencies_are_asked_and_two_are_silent(manager: Any, mornings: Mornings, until: Callable[..., Any]) -> None:
    """
    Ten agencies are asked on one form. Seven answer, one has nothing, schools and housing are silent.

    Only those two are chased, on three mornings before the day. The notification turns out to have been sent four days
    earlier: the step that puts it right tells their leads and directors, and the sweep in the page shows that as task
    runs with names. The board shows them, the stage is held; schools send theirs, and housing is gone on without, for a
    reason.
    """
    demo, today, page = manager.demo, mornings.today, manager.page
    reference = notified(manager, mornings)
    sweeps(manager, until)

    card = manager.opens(reference)
    card.resume()
    asking = STEPS["open_rapid_review"]
    form = card.choose(asking.button)
    given = answer("open_rapid_review", demo.records.read(reference), mornings.ago(SENT - 1).date())
    form.answer(asking.form, given | {"agencies": list(ASKED)})
    form.fill({"Signed by": "alex_example"})
    with no_sweep_of_its_own(manager):
        card.submit()
        until(lambda: demo.records.read(reference).requests, 20, "ten agencies are asked; the card goes on waiting")
        assert set(ASKED) == {request.agency for request in demo.records.read(reference).requests}
        due = {r.due_on for r in requests_of(demo.records.read(reference), demo.records.rulebook)}
        assert {mornings.due_on} == due
        until(lambda: subjects(demo.home / "caught", "lane@housing.example", reference), 40, "housing is asked")

        returned(manager, type(form), reference, "police", "nil return", mornings.ago(6).date())
        for agency in set(ASKED) - {"police", *SILENT}:
            raw = {"agency": agency, "purpose": "information", "outcome": "returned", "on": mornings.ago(6).date()}
            told = stories.StoryStep("record_return", 0, raw)
            stories.take(demo.records, reference, told, datetime.now(UTC))

        words = f"{OWED}: "
        folders = (mornings.catcher.folder, demo.home / "caught")

        def chased(agency: str) -> int:
            """How many letters its lead had."""
            return sum(row.status == "delivered" for row in written(demo, reference, agency, "reminder"))

        with demo.stands_still():  # Its own post would keep until tomorrow what leaves on a morning of last week.
            for letters, days in enumerate((5, 3, 1), 1):
                mornings.passes(days)
                assert dict.fromkeys(SILENT, letters) == {agency: chased(agency) for agency in SILENT}
        assert dict.fromkeys(SILENT, 3) == {agency: chased(agency) for agency in ASKED if chased(agency)}
    for agency in SILENT:
        letters = [subject for folder in folders for subject in subjects(folder, str(_lead(manager, agency)), words)]
        # Of this review: another of the demo's may be overdue today.
        assert not any("OVERDUE" in subject for subject in letters if subject.startswith(reference))
        assert [] == told_of_the_miss(demo, reference, agency)
        for folder in folders:
            assert [] == subjects(folder, str(_email(manager, _people(manager, agency)[1])), reference)

    corrected(manager, type(form), reference, mornings.ago(REALLY_SENT).date())
    for agency in SILENT:
        told_now = [row.person for row in told_of_the_miss(demo, reference, agency)]
        assert [1, 1] == [told_now.count(person) for person in _people(manager, agency)]
    _, ended = sweeps(manager, until)
    assert ended in ("Completed", "Some not delivered")
    # A sweep shows what was told since the one before, and the demo's own may have come between.
    escalations = {"task_runs": {"name": {"like_": f"escalate {reference} {OWED}"}}}
    shown_in = until(lambda: manager.asks("/task_runs/filter", **escalations), 20, "a sweep shows whom it told")
    page.goto(f"{demo.url}/runs/flow-run/{shown_in[0]['flow_run_id']}")
    page.get_by_text("Task Runs", exact=True).first.click()
    for name in NAMES.split(", "):
        said = f"escalate {reference} {OWED} ({name}): overdue by {mornings.late} working days → "
        expect(page.get_by_text(re.compile(re.escape(said) + ".*director")).first).to_be_visible()
    for agency in SILENT:
        _, director = _people(manager, agency)
        became = until(lambda a=agency, d=director: escalated(demo, reference, a, d), 40, f"{agency}'s director hears")
        written_to = subjects(demo.home / "caught", str(_email(manager, director)), words)
        letters = [subject for subject in written_to if subject.startswith(reference)]
        # A date of the partnership's own leaves in working hours: out of them nothing has, and it is put off.
        assert (1 if became == "delivered" else 0) == len(letters)
        assert all("OVERDUE" in subject for subject in letters)

    card = manager.opens(reference)
    assert f"In the way: no return yet from {NAMES}." in card.resume()
    with page.expect_popup() as opened:
        card.dialog.get_by_role("link", name="Deadline board").click()
    opened.value.get_by_placeholder("Search").fill(reference)
    for name in NAMES.split(", "):
        row = opened.value.locator("tbody tr").filter(has_text=reference).filter(has_text=f"{OWED}: {name}")
        expect(row.first).to_contain_text(f"OVERDUE by {mornings.late} working days")
    opened.value.close()

    returned(manager, type(form), reference, "education", "returned", today)
    card = manager.opens(reference)
    assert "In the way: no return yet from Housing." in card.resume()
    closing = STEPS["conclude_rapid_review"]
    form = card.choose(closing.button)
    given = answer("conclude_rapid_review", demo.records.read(reference), today)
    without = given.pop("without")
    assert ["housing"] == [missing["agency"] for missing in without]
    form.answer(closing.form, given)
    missing = form.question("Agencies still missing")
    missing.get_by_role("button", name=re.compile("Add")).click()
    type(form)(page, missing.locator(".schema-form-properties").first).fill(
        {"Agency": "housing", "Why the review goes on without it": "Its files are being moved."}
    )
    form.fill({"Signed by": "alex_example"})
    card.submit()
    card.comes_to("Completed")
    assert manager.sees_next(reference, "Decision").startswith(f"{reference} · Decision")
    states = {r.agency: r.state(today) for r in requests_of(demo.records.read(reference), demo.records.rulebook)}
    assert ("nil return", "returned", "excused") == tuple(states[a] for a in ("police", "education", "housing"))


def _lead(manager: Any, agency: str) -> str | None:
    return _email(manager, _people(manager, agency)[0])


def _email(manager: Any, person: str) -> str | None:
    return ways_of(person, manager.demo.records.rulebook.partnership)[0]


def _people(manager: Any, agency: str) -> tuple[str, str]:
    """Its lead and its director."""
    (found,) = (a for a in manager.demo.records.rulebook.partnership.agencies if a.id == agency)
    return found.lead, found.director
