"""
The desk: what a card needs of the record, and the one place where the two are joined.

Cards, short forms and the sweep know reviews only through `Desk`, so they can be tried against a desk of paper
and the record can change without touching them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from flows.dialog import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """
    What the card of one open stage shows. References and pseudonyms only: Prefect keeps it in clear.

    `stage` is the name of the stage's flow; `entry` counts how often the review has entered the stage, so a
    reopened stage has a card of its own; `version` is the last version of the review that changed anything: a form
    that stands open outlives a refusal.
    """

    reference: str
    stage: str
    entry: int
    version: int
    name: str
    tags: tuple[str, ...]
    description: str
    choices: tuple[Choice, ...]


class Desk(Protocol):
    """
    The record as the doors see it. Every method may block (it is called in a thread) and is safe to call twice.
    """

    def face(self, reference: str) -> Face | None:
        """The face of the review's open stage; None when the review is closed. Raises NoSuchReview."""

    def faces(self) -> list[Face]:
        """The faces of all open reviews."""

    def versions(self) -> dict[str, int]:
        """The number of the last line of every open review: what has moved since shows in them."""

    def attempt(self, reference: str, command: str, fields: dict[str, Any], made_on: int, token: str) -> None:
        """
        Take the step in one transaction, as the person named in the fields.

        `made_on` is the version of the review that the form was drawn from; `token` names this submission, the same
        however often it is tried. Raises TransitionRefused, having recorded the refusal, with every reason.
        """

    def unmet(self, reference: str | None, command: str, fields: dict[str, Any], made_on: int | None) -> list[str]:
        """
        Everything that refuses this step now, in words; nothing is taken. None of it repeats what was typed.

        A refusal is recorded once: not again while its reasons only become fewer, as they do when a form is mended.
        """

    def submit(self, command: str, reference: str | None, fields: dict[str, Any], token: str) -> str:
        """Take a step that has a form of its own (open a referral, record a return): the reference it concerns."""


_current: list[Desk] = []


def use(desk: Desk) -> None:
    """The desk of this process."""
    _current[:] = [desk]


def current() -> Desk:
    """The desk of this process; unless it was given one, that of the record its settings name."""
    if not _current:
        # A process of a stock worker begins with the flow itself: nobody gave it a desk.
        from flows.record_desk import RecordDesk
        from flows.wiring import open_house

        use(RecordDesk(open_house()))
    return _current[0]
