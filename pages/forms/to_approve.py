"""
The words of the wordings that wait, beside the form of their approval: nobody approves what they have not read.

That they are read is noted before they are opened, as with every sealed word.
"""

from __future__ import annotations

from pages.forms.beside import KnownBlock
from pages.forms.work import FormAtWork
from pages.may_see import may_read
from pages.running import Running
from pages.visits import Visit
from safeguarding.review.review import SUMMARY
from safeguarding.review.wordings import WORDING, to_approve
from safeguarding.shown.sealed_words import sealed_texts
from safeguarding.stages.beside.wordings import APPROVE_WORDINGS
from tasks.record.reading import read_words
from tasks.store.readings import WordsRead

TITLE = "The wordings that wait, as they would be shared"
WHAT = "the wordings that wait to be approved,"
"""What is noted as read, in words that stand before «of» and the review."""


def waiting_block(work: FormAtWork, visit: Visit, running: Running) -> list[KnownBlock]:
    """Each wording that waits with its words; nothing beside any other form, and nothing that is not theirs to read."""
    review, person = work.review, visit.person
    if work.step.name != APPROVE_WORDINGS.name or review is None or person is None or visit.signed_in is None:
        return []
    lines = {one.line: one for one in to_approve(review.wordings)}
    texts = [
        (text.line, text.name)
        for event in work.events
        if event.sequence in lines
        for text in sealed_texts(event)
        if text.name == WORDING and may_read(person, text, review, visit.partnership)
    ]
    if not texts:
        return []
    noted = WordsRead(person.id, person.name, visit.signed_in.proof, review.reference, WHAT, texts)
    opened = read_words(running.records, noted, running.clock())
    pairs = [(_called(lines[line].id, lines[line].item), words) for (line, _), words in opened.items()]
    return [KnownBlock(TITLE, ["That you read them is noted."], pairs)]


def _called(number: str, item: str) -> str:
    return f"{number}, of {'the review as a whole' if item == SUMMARY else item}"
