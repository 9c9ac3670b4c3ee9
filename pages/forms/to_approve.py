"""
The words of the wordings that wait, beside the form of their approval: nobody approves what they have not read.

Beside them stands what the anonymisation aid found in them. That they are read is noted before they are opened, as with
every sealed word.
"""

from __future__ import annotations

from pages.forms.beside import KnownBlock
from pages.forms.work import FormAtWork
from pages.running import Running
from pages.visits import Visit
from safeguarding.review.whole_record import reads_whole
from tasks.anonymity.looking import WhoLooksOver
from tasks.anonymity.wordings import read_waiting

TITLE = "The wordings that wait, as they would be shared"
AID = "What of them may point at somebody"
NOTED = "That you read them is noted."


def waiting_block(work: FormAtWork, visit: Visit, running: Running) -> list[KnownBlock]:
    """Each wording that waits with its words; nothing beside any other form, and nothing that is not theirs to read."""
    review, person = work.review, visit.person
    if not work.step.reads_first or review is None or person is None or visit.signed_in is None:
        return []
    if not reads_whole(person, review, visit.partnership):
        return []
    who = WhoLooksOver(person, visit.signed_in.proof, visit.partnership)
    found = read_waiting(running.records, review, who, running.clock())
    if not found.read:
        return []
    return [
        KnownBlock(TITLE, [NOTED], [(one.called, one.words) for one in found.read]),
        KnownBlock(AID, found.said, [pair for one in found.read for pair in one.pointing]),
    ]
