"""
The sender: takes the notices that are due from the outbox and delivers each, once, to one person.

A notice is claimed before it is sent, for a while only, so two senders never hold one at the same time and a
sender that dies gives its claims back. It ends as delivered, failed with a reason that somebody is shown, or
withdrawn because the work was done before the reminder left. One window stays open: a sender that dies after the
server took a letter and before that is noted will send that letter again when its claim runs out: one letter for
each sender that is killed, in a window of about a millisecond (measured by `make bench`, without the note
beside the record, which is written sooner).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Protocol, get_args
from uuid import uuid4

from jinja2 import TemplateError
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Update,
    and_,
    bindparam,
    literal_column,
    or_,
    update,
)

from safeguarding.dates.london import london_date
from safeguarding.errors import LawNotFound, NoticeUndeliverable
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.notice import WORKING_MORNING, Channel, Occasion
from safeguarding.notices.owed import date_facts
from safeguarding.notices.quiet_hours import next_morning
from safeguarding.notices.recipients import ways_of
from tasks.post import came_back, no_longer, outage, retry_after, sending
from tasks.post.enclosures import dates_of
from tasks.post.faults import setting_wrong
from tasks.post.kept_line import KeptLine
from tasks.post.leads import Leads, WordingOf, nowhere, unworded
from tasks.post.letters import SHIPPED, Letter, Templates, write_letter
from tasks.post.sent_log import LEFT_ALREADY, Departures
from tasks.post.undeliverable import escalation, still_waiting
from tasks.store import outbox
from tasks.store.session import reading, writing
from tasks.store.tables import notices

GAPS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""How long the sender waits after each failure; the last again and again, as long as the letter matters."""
TO_MEND_GAP = timedelta(minutes=15)
"""The longest wait where a setting is wrong: it may lie in a file, and be mended at any moment."""
MATTERS_FOR = timedelta(days=30)
"""How long a letter is tried that nothing else ends: reminders end with their duty, digests with their day."""
TELL_AT = 7
"""The attempt (9 hours) at which the business manager hears of one letter that a server keeps putting off."""

LEASE = timedelta(minutes=10)
"""How long a sender may hold what it has claimed."""

BATCH = 20

# Written out and not bound, so that the database sees that its index of what has not ended serves.
_PENDING: ColumnElement[str] = literal_column("'pending'")
_CLAIMED: ColumnElement[str] = literal_column("'claimed'")
_FAILED: ColumnElement[str] = literal_column("'failed'")
CHANNELS: tuple[Channel, ...] = get_args(Channel)

_KEEPS_AN_HOUR = (Occasion.REMINDER, Occasion.DUE_MISSED, Occasion.DIGEST, Occasion.WEEKLY_SUMMARY)
"""What keeps its hour in the demo too: the ladder and the digests are about the hour."""
_HURRY = (
    update(notices)
    .where(
        notices.c.status == _PENDING,
        notices.c.attempts == 0,
        notices.c.occasion.not_in([one.value for one in _KEEPS_AN_HOUR]),
        notices.c.next_attempt_at > bindparam("began"),
    )
    .values(next_attempt_at=bindparam("began"))
)
"""The letters of steps that wait for a working morning: they need not, where nobody is disturbed."""
_DUE = (
    outbox.FULL.where(
        # Said first and in the index's own words: SQLite does not find its index of what is open from the rest.
        notices.c.status.in_([_PENDING, _CLAIMED]),
        or_(
            # What is put off during a call is past its beginning, so a call always comes to an end.
            and_(notices.c.status == _PENDING, notices.c.next_attempt_at <= bindparam("began")),
            and_(notices.c.status == _CLAIMED, notices.c.claimed_until <= bindparam("began")),
        ),
    )
    .order_by(notices.c.next_attempt_at, notices.c.id)
    .limit(BATCH)
    .with_for_update(of=notices, skip_locked=True)
)
"""What is due, and what a sender that died has left."""


class Postbox(Protocol):
    """Where messages leave from: the part of the settings that the sender needs."""

    @property
    def mail_url(self) -> str | None:
        """The mail server as an Apprise URL (`mailtos://user:password@host`), or None if none is set."""

    @property
    def sender(self) -> str:
        """The address that letters come from."""

    @property
    def sender_name(self) -> str:
        """The name that letters come from."""

    @property
    def at_once(self) -> bool:
        """Whether what nobody really reads, such as the demo's post, leaves at any hour."""

    def secret(self, name: str) -> str | None:
        """The secret of this name (a person's Teams workflow), or None if it is not set."""


@dataclass(slots=True)
class Delivered:
    """What became of the notices that one call to the sender took."""

    delivered: int = 0
    retried: int = 0
    failed: int = 0
    withdrawn: int = 0
    held: int = 0
    """Put off to the next working morning, or to when its Teams workflow is ready again."""
    released: int = 0
    """Given back untried, because the claim was about to run out."""
    reasons: list[str] = field(default_factory=list)
    """The reason of each failure, with the reference. No address and no secret."""

    def and_then(self, more: Delivered) -> Delivered:
        """This and what another call took."""
        both = {name: getattr(self, name) + getattr(more, name) for name in (own.name for own in fields(self))}
        return Delivered(**both)


def deliver_pending(
    engine: Engine,
    rulebook: Rulebook,
    settings: Postbox,
    now: datetime,
    sender_id: str,
    *,
    leads: Leads | None = None,
    wordings: WordingOf = unworded,
    templates: Templates = SHIPPED,
    departures: Departures | None = None,
    channel: Channel | None = None,
) -> Delivered:
    """
    Deliver everything that is due, over all channels or over one.

    Safe to call from several processes at once, and again after a crash.

    `now` is the moment of the call; what is recorded later adds the seconds that have passed since. `leads` gives
    the addresses to which a letter leads its reader, `wordings` what an action says as it may be
    shared. `departures` is where this machine notes what has left.
    """
    sender = _Sender(engine, rulebook, settings, now, sender_id)
    sender.templates, sender.departures, sender.channel = templates, departures, channel
    sender.leads, sender.wordings = leads or sender.leads, wordings
    with sender.line:
        while batch := sender.claim():
            sender.work_off(batch)
    sender.note_outages()
    return sender.done


# --------------------------------------------------------------------------- one call


class _Sender:
    """One call of the sender: its claims, and the seconds that have passed since it began."""

    def __init__(self, engine: Engine, rulebook: Rulebook, settings: Postbox, now: datetime, name: str) -> None:
        self.engine, self.rulebook, self.settings = engine, rulebook, settings
        self.leads: Leads = nowhere
        self.wordings: WordingOf = unworded
        self.templates = SHIPPED
        self.departures: Departures | None = None
        self.channel: Channel | None = None
        self.name = f"{name[:40]} {uuid4().hex[:12]}"  # Two processes given one name are still two senders.
        self.began, self.started = now, time.monotonic()
        self.at_once = settings.at_once
        """Whether nobody is disturbed: the demo's letters are caught, and whoever tries it waits for no Monday."""
        self.done = Delivered()
        self.left_alone: dict[str, datetime] = {}
        """The Teams workflows that asked for it, by the names of their secrets, and until when."""
        self.to_mend: dict[str, NoticeUndeliverable] = {}
        """What is wrong with a setting, by the place whose letters wait for it: one answer serves for all of them."""
        self.down: frozenset[str] = frozenset()
        """The channels of which an outage is noted."""
        self.letters: dict[tuple[Any, ...], Letter] = {}
        """The letters of this batch, by their occasion and facts."""
        self.line = KeptLine()
        """The line to the mail server, from one letter to the next."""
        self.returned: dict[int, datetime] = {}
        """What came back after it had left, and when that was said: it may leave again."""

    @property
    def now(self) -> datetime:
        return self.began + timedelta(seconds=time.monotonic() - self.started)

    def claim(self) -> Sequence[Row[Any]]:
        """Take a batch of what is due, and of what a sender that died has left."""
        now = self.now
        with writing(self.engine) as connection:
            if self.at_once:
                connection.execute(_HURRY, {"began": self.began})
            due = _DUE if self.channel is None else _DUE.where(notices.c.channel == self.channel)
            rows = connection.execute(due, {"began": self.began}).all()
            if rows:
                connection.execute(
                    update(notices)
                    .where(notices.c.id.in_([row.id for row in rows]))
                    .values(
                        status="claimed",
                        claimed_by=self.name,
                        claimed_until=now + LEASE,
                        attempts=notices.c.attempts + 1,
                    )
                )
        return rows

    def work_off(self, rows: Sequence[Row[Any]]) -> None:
        """Deliver a batch, and give back what cannot be sent while the claim still holds."""
        until = time.monotonic() + LEASE.total_seconds() - sending.LONGEST
        stopped = self._stopped(rows)
        with reading(self.engine) as connection:
            self.down = outage.known(connection)
            self.returned = came_back.known(connection)
        self._ask_who_is_left_alone(rows)
        self.letters.clear()
        for row in rows:
            if row.id in stopped:
                self.done.withdrawn += self._end(row, "withdrawn", stopped[row.id])
            elif time.monotonic() > until:
                self.done.released += self._put_off(row, self.now)
            elif (moment := self._held_until(row)) is not None:
                self.done.held += self._put_off(row, moment)
            else:
                self._deliver(row)

    def _stopped(self, rows: Sequence[Row[Any]]) -> dict[int, str]:
        """The letters of a batch that nobody needs any more, with the reason."""
        with reading(self.engine) as connection:
            return no_longer.stopped(connection, rows, self.rulebook.partnership, london_date(self.now))

    def _held_until(self, row: Row[Any]) -> datetime | None:
        """The moment that a notice must wait for: the end of what its workflow asked, and a reminder's morning."""
        moment = self.now
        if row.channel == "teams":
            _, workflow = ways_of(row.person, self.rulebook.partnership)
            moment = max(moment, self.left_alone.get(workflow or "", moment))
        hurried = self.at_once and row.occasion not in _KEEPS_AN_HOUR
        if row.context.get("urgency") == WORKING_MORNING and not hurried:
            moment = next_morning(moment, self.rulebook.partnership, self.rulebook.calendar)
        return moment if moment > self.now else None

    def _ask_who_is_left_alone(self, rows: Sequence[Row[Any]]) -> None:
        if any(row.channel == "teams" for row in rows):
            with reading(self.engine) as connection:
                self.left_alone |= retry_after.left_alone(connection)

    def _leave_alone(self, row: Row[Any], until: datetime) -> None:
        """Let every letter to the workflow of this one wait."""
        _, workflow = ways_of(row.person, self.rulebook.partnership)
        if row.channel == "teams" and workflow is not None:
            self.left_alone[workflow] = until
            with writing(self.engine) as connection:
                retry_after.leave_alone(connection, workflow, until)

    def _deliver(self, row: Row[Any]) -> None:
        if self.departures is not None and self.departures.holds(row, self.returned.get(row.id)):
            self.done.delivered += self._end(row, "delivered", LEFT_ALREADY)
            return
        try:
            self._hand_over(row)
        except NoticeUndeliverable as fault:
            self._not_delivered(row, fault)
        except TemplateError:
            why = f"the template of '{row.occasion}' cannot be filled in: `safeguarding check` says why"
            self._not_delivered(row, NoticeUndeliverable(why, True))
        else:
            if self.departures is not None:
                self.departures.note(row, self.returned.get(row.id))
            self.done.delivered += self._end(row, "delivered", None)
            self._answers_again(row.channel)

    def _hand_over(self, row: Row[Any]) -> None:
        """Write the letter and give it to the world. Raises NoticeUndeliverable, TemplateError."""
        facts = dict(row.context) | self.leads(row.reference, row.person)._asdict()
        if action := facts.get("action"):
            facts["wording"] = self.wordings(row.reference, action)
        letter = self._written(row.occasion, facts | self._dated(facts))
        place = self._place(row)
        if (wrong := self.to_mend.get(place)) is not None:
            raise wrong
        try:
            if row.channel == "email":
                sender = (self.settings.sender_name, self.settings.sender)
                address, server = self._email(row.person), self._mail_server()
                dates = dates_of(self.engine, row, self.rulebook)
                sending.by_email(server, sender, address, letter, f"{row.id}", self.now, dates, self.line)
            else:
                sending.by_teams(self._workflow(row.person), letter)
        except NoticeUndeliverable as fault:
            if fault.to_mend:
                self.to_mend[place] = fault
            raise

    def _written(self, occasion: str, facts: dict[str, str]) -> Letter:
        """The letter of these facts: written once for all of a batch who are told the same."""
        same = (occasion, *sorted(facts.items()))
        if same not in self.letters:
            self.letters[same] = write_letter(occasion, facts, self.templates, self.rulebook.partnership.name)
        return self.letters[same]

    def _place(self, row: Row[Any]) -> str:
        """The mail server, or the workflow of a letter: what a setting of ours leads to."""
        return "email" if row.channel == "email" else f"teams {ways_of(row.person, self.rulebook.partnership)[1]}"

    def _answers_again(self, channel: str) -> None:
        """A letter has left: what waits over this channel need not wait any longer."""
        if channel in self.down:
            self.down -= {channel}
            outage.over(self.engine, channel, self.began)

    def note_outages(self) -> None:
        """Note what is down, so that somebody hears of it, once."""
        if self.done.retried:
            wrong = {place.partition(" ")[0] for place in self.to_mend}
            outage.noted(self.engine, self.rulebook, wrong, self.now)

    def _dated(self, facts: dict[str, str]) -> dict[str, str]:
        """The standing of the date as it is now, not as it was when the notice was written."""
        try:
            kind = self.rulebook.rule(facts["rule"]).counts.kind
        except (KeyError, LawNotFound):
            return {}
        return date_facts(date.fromisoformat(facts["due_on"]), london_date(self.now), self.rulebook.calendar, kind)

    def _mail_server(self) -> str:
        if self.settings.mail_url:
            return self.settings.mail_url
        raise setting_wrong("no mail server is set")

    def _email(self, person: str) -> str:
        address, _ = ways_of(person, self.rulebook.partnership)
        if address:
            return address
        raise NoticeUndeliverable(f"the partnership's file has no email address for them{self._left(person)}", False)

    def _left(self, person: str) -> str:
        """That somebody is not, or no longer, of the partnership on this day: no letter goes to where they were."""
        known, before = self.rulebook.partnership.known(person), self.rulebook.partnership.ever(person)
        return ": they hold no role on this day" if known is None and before is not None else ""

    def _workflow(self, person: str) -> str:
        _, name = ways_of(person, self.rulebook.partnership)
        if name is None:
            raise NoticeUndeliverable(
                f"the partnership's file has no Teams workflow for them{self._left(person)}", False
            )
        workflow = self.settings.secret(name)
        if not workflow:
            raise setting_wrong(f"the secret {name} (a Teams workflow) is not set")
        return workflow

    # ----------------------------------------------------------------------- what is recorded

    def _not_delivered(self, row: Row[Any], fault: NoticeUndeliverable) -> None:
        attempts = row.attempts + 1
        asked = retry_after.wait(fault.retry_after, self.now)
        if asked:
            self._leave_alone(row, self.now + asked)
        if fault.retryable and (fault.to_mend or self.now - row.not_before < MATTERS_FOR):
            gap = GAPS[min(attempts, len(GAPS)) - 1]
            gap = max(min(gap, TO_MEND_GAP) if fault.to_mend else gap, asked)
            self.done.retried += self._put_off(row, self.now + gap, fault.why, tried=True)
            if attempts == TELL_AT and row.channel not in self.down:
                self._tell_of_waiting(row, fault)
            return
        self.done.failed += 1
        self.done.reasons.append(f"{row.reference}: {row.occasion} by {row.channel}: {fault.why}")
        with writing(self.engine) as connection:
            if _record(connection, row, self.name, {"status": "failed", "reason": fault.why}):
                drafts = escalation(row, fault.why, self.rulebook.partnership, self.now)
                outbox.write(connection, drafts, self.now)

    def _tell_of_waiting(self, row: Row[Any], fault: NoticeUndeliverable) -> None:
        """The business manager hears of one letter that does not get through while others do."""
        with writing(self.engine) as connection:
            drafts = still_waiting(row, f"waiting:{row.id}", fault.why, 1, self.rulebook.partnership, self.now)
            outbox.write(connection, drafts, self.now)

    def _put_off(self, row: Row[Any], until: datetime, why: str | None = None, tried: bool = False) -> int:
        values = {"status": "pending", "next_attempt_at": until, "attempts": row.attempts + int(tried)}
        return self._write(row, values | ({"reason": why} if why else {}))

    def _end(self, row: Row[Any], status: str, why: str | None) -> int:
        delivered_at = self.now if status == "delivered" else None
        return self._write(row, {"status": status, "reason": why, "delivered_at": delivered_at})

    def _write(self, row: Row[Any], values: dict[str, Any]) -> int:
        with writing(self.engine) as connection:
            return _record(connection, row, self.name, values)


def _record(connection: Connection, row: Row[Any], sender: str, values: dict[str, Any]) -> int:
    """Write the outcome of a notice, if the claim on it is still this sender's. 1 if it was, else 0."""
    given = {f"new_{name}": value for name, value in values.items()}
    query = _outcome(tuple(values))
    return connection.execute(query, {"of_id": row.id, "of_sender": sender, **given}).rowcount


@cache
def _outcome(names: tuple[str, ...]) -> Update:
    """The statement that writes these columns of a notice and gives the claim back. Built once: it runs for each."""
    mine = (
        notices.c.id == bindparam("of_id"),
        notices.c.claimed_by == bindparam("of_sender"),
        notices.c.status == _CLAIMED,
    )
    values = {name: bindparam(f"new_{name}", type_=notices.c[name].type) for name in names}
    return update(notices).where(*mine).values(values | {"claimed_by": None, "claimed_until": None})
