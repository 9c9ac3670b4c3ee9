"""
The words that somebody approves at the command line: shown first, noted before that, approved by a word.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flows.cli.form_file import SignedAnswers
from flows.cli.place import NotConfirmed, Place
from safeguarding.dates.london import london_date
from safeguarding.review.choices import key_of
from tasks.anonymity.looking import WhoLooksOver
from tasks.anonymity.wordings import WordingsRead, read_waiting
from tasks.record.installation import Installation
from tasks.record.reading import NAMED_AT_THE_MACHINE

WORD = "approve"
"""What is typed by whoever approves."""
NOBODY_READS = (
    "Nothing was approved: nobody approves words that they have not read, and here nobody is shown any. Give the "
    "command at a terminal, with the answers in a file, or approve at the review's page: `/reviews/{}/do/{}`."
)


def read_first(
    reference: str, step: str, signed: SignedAnswers, moment: datetime, installation: Installation, here: Place
) -> None:
    """
    Show the words that a step approves to whoever takes it, and ask whether they approve.

    What is refused anyway is shown to nobody. Raises NotConfirmed where nobody can be asked, or somebody says no.
    """
    records, actor = installation.records, signed.actor
    partnership = installation.rulebook.on(london_date(moment)).partnership
    person = partnership.known(actor.person)
    if records.unmet(reference, step, signed.answers, actor, moment) or person is None:
        return
    review = records.read(reference)
    if not here.shows_and_asks:
        raise NotConfirmed(NOBODY_READS.format(review.reference, step))
    who = WhoLooksOver(person, NAMED_AT_THE_MACHINE, partnership)
    found = read_waiting(records, review, who, moment, _chosen(signed.answers))
    here.say("\n".join(_lines(found)))
    numbers = ", ".join(one.wording.id for one in found.read)
    here.confirm(f"Type {WORD} to approve {numbers}:", WORD, "Nothing was approved.")


def _chosen(answers: dict[str, Any]) -> set[str]:
    return {key_of(str(one)) for one in answers.get("wordings", ())}


def _lines(found: WordingsRead) -> Iterable[str]:
    yield "That you read these is noted."
    for one in found.read:
        yield f"\n{one.called}:\n  {one.words}"
    yield ""
    yield from found.said
    yield from (f"  {words}: {why}" for one in found.read for words, why in one.pointing)
