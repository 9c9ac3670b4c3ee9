"""A small partnership, a record with nothing in it on each database, and a post office that really listens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from driver.tables import engine_on
from sqlalchemy import Engine, select

from flows.demo.post_catcher import Catcher
from safeguarding.dates.working_days import Calendar
from safeguarding.law.partnership import Partnership
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.ladder import Ladders
from safeguarding.review.events import Actor, AgencyAsked, DutyEnded, DutyStarted, Event
from safeguarding.review.fold import fold
from safeguarding.review.review import Review
from tasks.store import outbox, projections
from tasks.store.session import connect, reading, writing
from tasks.store.tables import deadlines, notices, rungs

ACTOR = Actor(person="manager")

PARTNERSHIP = {
    "name": "Testshire Safeguarding Partnership",
    "example": True,
    "working_morning": "09:00",
    "quiet_hours": {"from": "18:00", "to": "08:00"},
    "choices": {
        "rapid_review_anchor": {"value": "notification_sent", "source": "test"},
        "strict_clear_days": {"value": False, "source": "test"},
        "day_zero": {"value": "excluded", "source": "test"},
    },
    "people": [
        {
            "id": "manager",
            "name": "Mo Manager",
            "email": "manager@testshire.example",
            "roles": ["business_manager"],
            "wants": "both",
            "teams": "unit",
        },
        {
            "id": "council",
            "name": "Chris Council",
            "email": "council@testshire.example",
            "roles": ["delegated_partner"],
            "partner": "local_authority",
        },
        {
            "id": "police",
            "name": "Pip Police",
            "roles": ["delegated_partner"],
            "partner": "police",
            "wants": "teams",
            "teams": "police_teams",
        },
        {"id": "chair", "name": "Cat Chair", "email": "chair@testshire.example", "roles": ["review_panel_chair"]},
        {
            "id": "dcs",
            "name": "Dee Director",
            "email": "dcs@testshire.example",
            "roles": ["local_authority_dcs"],
        },
        {"id": "nurse", "name": "Nic Nurse", "email": "nurse@hospital.example", "roles": ["agency_lead"]},
        {"id": "boss", "name": "Bo Boss", "email": "boss@hospital.example", "roles": ["agency_director"]},
        {"id": "head", "name": "Hal Head", "roles": ["agency_lead"]},
    ],
    "agencies": [
        {"id": "hospital", "name": "Testshire Hospital", "lead": "nurse", "director": "boss"},
        {"id": "school", "name": "Testshire School", "lead": "head", "director": "boss"},
    ],
    "channels": [{"role": "business_unit", "email": "unit@testshire.example", "teams": "unit"}],
    "ladder": [
        {"id": "half_used", "when": {"share": 0.5}, "to": ["owner"]},
        {"id": "day_before", "when": {"working_days_left": 1}, "to": ["owner"]},
        {
            "id": "statutory_missed",
            "when": {"missed": True},
            "applies_to": "statutory",
            "to": ["owner", "delegated_partner"],
            "decides": "The delegated partners record the reason.",
        },
        {
            "id": "one_day_late",
            "when": {"working_days_late": 1},
            "to": ["owner", "agency_lead"],
            "decides": "The business manager may extend a local date, and only a local one.",
        },
        {"id": "three_days_late", "when": {"working_days_late": 3}, "to": ["agency_director", "review_panel_chair"]},
    ],
}


def rule(**given: Any) -> Rule:
    """A rule with what every rule needs filled in."""
    base = {
        "description": "A duty made for a test.",
        "track": "children",
        "stage": "rapid_review",
        "duty_holder": "the safeguarding partners",
        "owner": "business_manager",
        "counts": {"unit": "working_days"},
    }
    edition = {
        "name": "WT2023",
        "from": "2018-07-04",
        "length": given.pop("length"),
        "citation": {"title": "Working Together to Safeguard Children"},
        "confidence": given.pop("confidence", "V2"),
    }
    return Rule.model_validate(base | given | {"editions": [edition]})


CALENDAR = Calendar(
    name="england-and-wales",
    source="for a test",
    taken_on=date(2026, 1, 1),
    first=date(2026, 1, 1),
    last=date(2027, 12, 31),
    holidays={date(2026, 12, 25): "Christmas Day", date(2026, 12, 28): "Boxing Day", date(2027, 1, 1): "New Year"},
)

RULES = (
    rule(
        id="C05",
        name="rapid_review_report",
        title="Rapid review to the national Panel",
        level="guidance",
        length=15,
        starts="notification_sent",
        settled_by="rapid_review_sent",
        on_miss=("Send it at once and tell the national Panel why it is late.",),
    ),
    rule(
        id="local.c.agency_summary",
        name="agency_summary",
        title="Agency summary",
        level="local",
        length=8,
        starts="agency_request_sent",
        settled_by="agency_returned",
        per_subject=True,
        owner="agency_lead",
        confidence="D",
    ),
)


@pytest.fixture
def rulebook(rulebook_once: Rulebook) -> Rulebook:
    """Two rules, one statutory and one local, and eight people of whom one cannot be reached."""
    return rulebook_once


@pytest.fixture(scope="session")
def rulebook_once() -> Rulebook:
    """The same, for properties that hypothesis tries many times."""
    return Rulebook(rules=RULES, calendar=CALENDAR, partnership=Partnership.model_validate(PARTNERSHIP))


@pytest.fixture
def both(url: str) -> Iterator[Engine]:
    """A migrated record with nothing in it, once on each database."""
    engine = connect(url)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    """A migrated record with nothing in it, on SQLite."""
    engine = engine_on(tmp_path / "record.db")
    yield engine
    engine.dispose()


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[Catcher]:
    """The mail server and the Teams endpoint, really listening."""
    with Catcher(tmp_path / "caught") as catcher:
        yield catcher


@dataclass
class Box:
    """Settings that point at the catcher, and the secrets that the partnership's file names."""

    catcher: Catcher
    mail_url: str | None = None
    sender: str = "reviews@testshire.example"
    sender_name: str = "Testshire Safeguarding Partnership"
    at_once: bool = False
    secrets: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.mail_url = self.catcher.mail_url
        self.secrets = {name: self.catcher.teams_url(name) for name in ("unit", "police_teams")}

    def secret(self, name: str) -> str | None:
        """A secret by its name."""
        return self.secrets.get(name)


@pytest.fixture
def box(catcher: Catcher) -> Box:
    """Everything is set: the mail server, and a Teams workflow for whoever names one."""
    return Box(catcher)


class Casework:
    """A record in which reviews open, are owed things and settle them, without the steps that would do so."""

    def __init__(self, engine: Engine, rulebook: Rulebook) -> None:
        self.engine, self.ladder = engine, Ladders(rulebook)
        self.reviews: dict[str, Review] = {}

    def opens(
        self, reference: str, *duties: DutyStarted, asks: tuple[str, ...] = (), pseudonym: str = "Child F"
    ) -> None:
        """A review in its rapid review, with these duties running and these agencies asked."""
        event = self._event(
            1,
            "referral_received",
            to="rapid_review",
            duties=duties,
            entries=tuple(AgencyAsked(agency=a, purpose="information", on=date(2026, 11, 27)) for a in asks),
            facts={"reference": reference, "track": "children", "pseudonym": pseudonym},
        )
        self._write(reference, event)

    def settles(self, reference: str, rule: str, subject: str = "") -> None:
        """The duty was met."""
        ended = DutyEnded(change="settled", rule=rule, subject=subject, on=date(2026, 12, 1), why="done")
        self._write(reference, self._event(self.reviews[reference].version + 1, "done", duties=(ended,)))

    def sent(self) -> list[Any]:
        """Every notice of the outbox."""
        with reading(self.engine) as connection:
            return list(connection.execute(outbox.FULL.order_by(notices.c.id)))

    def rungs(self) -> list[Any]:
        """Every rung that has fired."""
        with reading(self.engine) as connection:
            return list(connection.execute(select(rungs).order_by(rungs.c.fires_at)))

    def climbing(self) -> dict[tuple[str, str], datetime]:
        """The duties that have a rung to come, and when it fires."""
        query = select(deadlines.c.reference, deadlines.c.rule, deadlines.c.next_rung_at)
        with reading(self.engine) as connection:
            found = connection.execute(query.where(deadlines.c.next_rung_at.is_not(None)))
            return {(reference, rule): moment for reference, rule, moment in found}

    def _event(self, sequence: int, kind: str, **given: Any) -> Event:
        at = datetime(2026, 11, 27, 10, tzinfo=UTC) + timedelta(minutes=sequence)
        return Event(sequence=sequence, at=at, actor=ACTOR, kind=kind, title=kind, edition="test", **given)

    def _write(self, reference: str, event: Event) -> None:
        before = self.reviews.get(reference)
        after = fold((event,), before)
        with writing(self.engine) as connection:
            projections.write(connection, before, after, "0" * 64, self.ladder, {})
        self.reviews[reference] = after


def owes(rule: str, due_on: date, subject: str = "", anchored_on: date = date(2026, 11, 27)) -> DutyStarted:
    """A duty that runs from the 27th of November 2026."""
    return DutyStarted(
        rule=rule,
        subject=subject,
        anchor="notification_sent",
        anchored_on=anchored_on,
        due_on=due_on,
        edition="WT2023",
        calendar=CALENDAR.digest,
    )


def rapid_review() -> DutyStarted:
    """The worked example: notified on Friday 27 November 2026, due on Friday 18 December."""
    return owes("C05", date(2026, 12, 18))


def summary(agency: str) -> DutyStarted:
    """An agency's summary, due on Wednesday 9 December 2026."""
    return owes("local.c.agency_summary", date(2026, 12, 9), subject=agency)


@pytest.fixture
def casework(sqlite: Engine, rulebook: Rulebook) -> Casework:
    """Casework on SQLite."""
    return Casework(sqlite, rulebook)


@pytest.fixture
def fresh_casework(tmp_path: Path, rulebook_once: Rulebook) -> Callable[[], Casework]:
    """Casework on a record of its own, as often as hypothesis asks for one. Whoever asks disposes of it."""

    def made() -> Casework:
        return Casework(engine_on(tmp_path / f"{uuid4().hex}.db"), rulebook_once)

    return made


@pytest.fixture
def casework_on_both(both: Engine, rulebook: Rulebook) -> Casework:
    """Casework on each database."""
    return Casework(both, rulebook)


@pytest.fixture
def london() -> Callable[..., datetime]:
    """A moment by the clock in London."""
    from safeguarding.dates.london import LONDON

    return lambda *parts: datetime(*parts, tzinfo=LONDON)


@pytest.fixture
def duties() -> dict[str, Callable[..., DutyStarted]]:
    """The duties of the worked example, by name."""
    return {"rapid_review": rapid_review, "summary": summary}
