"""
A letter that a server took and that came back later: reported by whoever finds the report in the sender's mailbox.

The notice is open again: it stands in the delivery report and in `health` as not delivered, the business manager hears
of it over another channel, and sent again it leaves although it left before. Reported twice it is known already.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, update

from safeguarding.dates.london import say_moment
from safeguarding.errors import SafeguardingError
from safeguarding.law.partnership import Partnership
from tasks.post.smtp_line import MARK
from tasks.post.undeliverable import returned
from tasks.store import heartbeat, outbox
from tasks.store.session import reading, writing
from tasks.store.tables import notice_facts, notices

_RETURNED = "came back: "
_NUMBER = re.compile(rf"^{MARK}:[ \t]*(\w+)", re.I | re.M)
_DATE = re.compile(r"^Date:[ \t]*(.+)$", re.I | re.M)
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b", re.A)
_WHY = {
    "1": "the address is not known there",
    "2": "the mailbox is full, closed or takes no letters",
    "3": "the server there cannot take letters now",
    "4": "the server there could not be reached",
    "6": "the server there could not read it",
    "7": "the server there lets no such letter in",
}
"""The middle number of an enhanced status code (RFC 3463), in words."""


class NoReport(SafeguardingError):
    """A file that does not say that a letter of this system came back."""

    code = "no-report"

    def __init__(self, why: str) -> None:
        super().__init__(f"The file {why}. Nothing was changed.", why)


@dataclass(frozen=True, slots=True)
class Report:
    """What says that a letter came back: the number of its notice, and what the report adds."""

    number: int
    status: str = ""
    """The enhanced status code, such as `5.1.1`, or nothing."""
    sent_at: datetime | None = None
    """When the letter that it is about was sent; None where only the number is known."""

    @property
    def why(self) -> str:
        """The reason as it is kept and shown: no word of the report itself."""
        found = _STATUS.fullmatch(self.status)
        words = _WHY.get(found[2], "no reason that is known here") if found else ""
        return f"the letter came back: {words} ({self.status})" if words else "the letter came back"


@dataclass(frozen=True, slots=True)
class ReportTaken:
    """What became of one report."""

    number: int
    outcome: str
    """`open again`, `known already`, `not sent`, `withdrawn` or `unknown`."""
    words: str

    @property
    def taken(self) -> bool:
        """Whether the record now says that it came back."""
        return self.outcome in ("open again", "known already")


# --------------------------------------------------------------------------- the report of a mail server


def read_report(raw: bytes) -> Report:
    """
    What a mail server's report (RFC 3464, saved as a file) says. Raises NoReport, in words, for anything else.
    """
    try:
        return _read(email.message_from_bytes(raw))
    except RecursionError:
        raise NoReport("is no report of a mail server: it holds too much inside itself") from None


def _read(letter: Message) -> Report:
    if letter.get(MARK):
        raise NoReport("is the letter itself, and no report that it came back")
    actions = {str(block.get("Action", "")).strip().lower() for block in _said_of_each(letter)} - {""}
    if actions and "failed" not in actions:
        raise NoReport("does not say that the letter came back: it was delayed, or passed on")
    heads = [head for head in _heads(letter) if _NUMBER.search(head)]
    if not heads:
        raise NoReport("holds no head of a letter that this system sent: give the number of the notice")
    number = _NUMBER.search(heads[0])[1]  # type: ignore[index]  # it was just found
    if not (number.isascii() and number.isdecimal() and 0 < len(number) < 10):
        raise NoReport("is about a word past the outbox, which has no number: look at `safeguarding health`")
    status = next((found[0] for one in _statuses(letter) if (found := _STATUS.search(one))), "")
    return Report(int(number), status, _sent_at(heads[0]))


def _said_of_each(letter: Message) -> Iterator[Message]:
    """What the report says of each recipient, and of the whole."""
    for part in letter.walk():
        if part.get_content_type() == "message/delivery-status" and isinstance(part.get_payload(), list):
            yield from (block for block in part.get_payload() if isinstance(block, Message))


def _statuses(letter: Message) -> Iterator[str]:
    for block in _said_of_each(letter):
        yield str(block.get("Status", ""))


def _heads(letter: Message) -> Iterator[str]:
    """Every text in which the head of our letter may stand: the letter that came along, its head, words around it."""
    for part in letter.walk():
        yield "\n".join(f"{name}: {value}" for name, value in part.items())
        if not part.is_multipart():
            held = part.get_payload(decode=True)
            yield held.decode("utf-8", "replace").replace("\r\n", "\n") if isinstance(held, bytes) else ""


def _sent_at(head: str) -> datetime | None:
    found = _DATE.search(head)
    try:
        moment = parsedate_to_datetime(found[1]) if found else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


# --------------------------------------------------------------------------- in the record


def known(connection: Connection) -> dict[int, datetime]:
    """The numbers of the letters that came back, and when that was last reported."""
    found = heartbeat.all_that_begin(connection, _RETURNED)
    return {int(name.removeprefix(_RETURNED)): moment for name, moment in found.items()}


def report(engine: Engine, reports: Iterable[Report], partnership: Partnership, now: datetime) -> list[ReportTaken]:
    """
    Open again what came back, and owe the business manager a word of each; what became of each report.

    Safe to repeat, and at the same time as a sender.
    """
    with writing(engine) as connection:
        before = known(connection)
        return [_report(connection, one, before.get(one.number), partnership, now) for one in reports]


def _report(
    connection: Connection, it: Report, before: datetime | None, partnership: Partnership, now: datetime
) -> ReportTaken:
    row = connection.execute(outbox.FULL.where(notices.c.id == it.number)).first()
    if row is None:
        return ReportTaken(it.number, "unknown", f"{it.number}: there is no message of this number")
    what = f"{it.number} ({row.reference}, for {row.person})"
    earlier = before is not None and it.sent_at is not None and it.sent_at <= before
    if row.status == "failed" or earlier:
        return ReportTaken(it.number, "known already", f"{what}: that it did not arrive is known already")
    if row.status == "withdrawn":
        return ReportTaken(it.number, "withdrawn", f"{what}: it was taken off: {row.reason}")
    if row.status != "delivered":
        return ReportTaken(it.number, "not sent", f"{what}: it has not left yet")
    mine = (notices.c.id == it.number, notices.c.status == "delivered")
    changed = connection.execute(update(notices).where(*mine).values(status="failed", reason=it.why)).rowcount
    if not changed:
        return ReportTaken(it.number, "known already", f"{what}: that it did not arrive is known already")
    heartbeat.beat(connection, f"{_RETURNED}{it.number}", now)
    outbox.write(connection, returned(row, it.why, partnership, now), now)
    return ReportTaken(it.number, "open again", f"{what}: open again, and the business manager is told: {it.why}")


# --------------------------------------------------------------------------- which letter it was


def sent_about(engine: Engine, reference: str, most: int = 200) -> list[dict[str, Any]]:
    """What has left about a review, the latest first: to find the number of a letter whose report does not say it."""
    query = outbox.FULL.where(notices.c.status == "delivered").order_by(notices.c.id.desc())
    with reading(engine) as connection:
        rows = connection.execute(query.where(notice_facts.c.reference == reference).limit(most)).all()
    return [_cells(row) for row in rows]


def _cells(row: Row[Any]) -> dict[str, Any]:
    return {
        "Number": row.id,
        "Message": row.occasion.replace("_", " "),
        "For": row.person,
        "By": "Microsoft Teams" if row.channel == "teams" else row.channel,
        "Left": say_moment(row.delivered_at, weekday=True) if row.delivered_at else "",
    }
