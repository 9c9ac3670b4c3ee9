"""
The post of a simulation: takes letters in this process, and fails as mail does, a tenth of the time.

Whether an attempt fails depends on the seed, the place, the subject and the moment alone, so a run can be repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any, Literal

from safeguarding.dates.london import london_date
from safeguarding.errors import NoticeUndeliverable
from simulation.simulated_diary import Posted
from tasks.post import deliver
from tasks.post.letters import Letter, write_letter
from tasks.record.records import Records

TRY_LATER = 0.06
"""How often a letter is put off although the server answers."""

REFUSED = 0.01
"""How often a letter is refused for good."""

Outcome = Literal["taken", "try later", "refused"]


@dataclass(slots=True)
class PostRoom:
    """A mail server and a Teams endpoint that never were, with the diary of everything handed to them."""

    seed: int
    gone: Sequence[tuple[datetime, datetime]] = ()
    """The spans in which no server answers at all."""
    moment: datetime = datetime(1, 1, 1, tzinfo=UTC)
    """The time in the simulated world; whoever runs the world sets it."""
    posted: list[Posted] = field(default_factory=list)

    mail_url: str = "mailto://post.example"
    sender: str = "reviews@exampleshire.example"
    sender_name: str = "Exampleshire Safeguarding Partnership"
    at_once: bool = False

    def secret(self, name: str) -> str:
        """The address of the Teams workflow of this name."""
        return f"workflow://post.example:443/{name}/signed"

    def by_email(self, _server: str, _sender: tuple[str, str], address: str, letter: Letter, mark: str) -> None:
        """Take an email, or raise NoticeUndeliverable."""
        self._hand_over("email", address, letter, mark)

    def by_teams(self, workflow: str, letter: Letter, mark: str) -> None:
        """Take a Teams card, or raise NoticeUndeliverable."""
        self._hand_over("teams", workflow.split("/")[-2], letter, mark)

    def _hand_over(self, channel: Literal["email", "teams"], place: str, letter: Letter, mark: str) -> None:
        outcome, why = self._outcome(channel, place, letter.subject)
        self.posted.append(Posted(self.moment, channel, place, int(mark), letter.subject, outcome))
        if outcome != "taken":
            raise NoticeUndeliverable(why, outcome == "try later")

    def _outcome(self, channel: str, place: str, subject: str) -> tuple[Outcome, str]:
        if any(start <= self.moment < end for start, end in self.gone):
            return "try later", "the server could not be reached, or hung up"
        chance = Random(f"{self.seed}|{channel}|{place}|{subject}|{self.moment}").random()
        if chance < REFUSED:
            return "refused", "the server refused the address or the letter"
        if chance < REFUSED + TRY_LATER:
            return "try later", "the server asked to be tried later"
        return "taken", ""


class _Sender(deliver._Sender):
    """The system's own sender with this room in the place of the network: everything but the last hand's breadth."""

    room: PostRoom

    def _hand_over(self, row: Any) -> None:
        facts = dict(row.context)
        letter = write_letter(row.occasion, facts | self._dated(facts), self.templates)
        if row.channel == "email":
            self.room.by_email(self._mail_server(), ("", ""), self._email(row.person), letter, f"{row.id}")
        else:
            self.room.by_teams(self._workflow(row.person), letter, f"{row.id}")


def send(records: Records, room: PostRoom, moment: datetime, name: str) -> deliver.Delivered:
    """One round of one sender: everything that is due at this moment."""
    sender = _Sender(records.engine, records.rulebook.on(london_date(moment)), room, moment, name)
    sender.room = room
    while batch := sender.claim():
        sender.work_off(batch)
    sender.note_outages()
    return sender.done
