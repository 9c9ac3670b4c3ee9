"""
Once a day, with the first sweep after two in the morning: the record is proved, and the heads of its chains are kept.

What is found is told to the business manager over every channel they have, fails the sweep, and shows in `health` until
a proof holds again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from safeguarding.dates.london import london_clock, london_date
from safeguarding.errors import Damage
from safeguarding.law.partnership import Partnership
from safeguarding.notices.notice import AT_ONCE, Channel, NoticeDraft, Occasion
from safeguarding.notices.recipients import ways_of
from tasks.record import heads, proving
from tasks.record.health import HOLDS, PROOF
from tasks.record.installation import Installation
from tasks.store import heartbeat, outbox
from tasks.store.session import reading, writing

AFTER = time(2, 0)
"""In London: the day's steps are done, and the clocks change at one."""

OF_THE_DAY = "proof of the day"
ALL_OF_IT = "The record"


def prove_tonight(installation: Installation, moment: datetime) -> tuple[str, ...]:
    """Prove the record if it has not been proved today, and say what was found, in words. Safe to call at any time."""
    if london_clock(moment) < AFTER:
        return ()
    today = london_date(moment)
    engine = installation.records.engine
    with reading(engine) as connection:
        if (heartbeat.last(connection, OF_THE_DAY) or (None, ""))[1] == today.isoformat():
            return ()
    with writing(engine) as connection:
        if not heartbeat.once(connection, OF_THE_DAY, moment, today.isoformat()):
            return ()
    found = prove_and_note(installation, moment)
    keep_heads(installation, moment)
    if found:
        with writing(engine) as connection:
            outbox.write(connection, _notices(found, installation.rulebook.partnership, moment), moment)
    return tuple(str(one) for one in found)


def prove_and_note(installation: Installation, moment: datetime) -> Sequence[Damage]:
    """
    Prove the record, and remember whether it held.

    Where the rules or the partnership's file changed, the reminders are laid again by the new ones once all else holds.
    """
    records = installation.records
    found = records.verify()
    with reading(records.engine) as connection:
        laid = proving.reminders_are_laid(connection, installation.rulebook)
    if not laid and not found:
        records.rebuild()
    with writing(records.engine) as connection:
        note = HOLDS if not found else f"{len(found)} found"
        heartbeat.beat(connection, PROOF, moment, note)
        if not found:
            heartbeat.beat(connection, proving.RULES, moment, installation.rulebook.digest)
    return found


def keep_heads(installation: Installation, moment: datetime) -> str:
    """Keep the heads of this moment in the home folder, and say them in a line; nothing where there is no seal."""
    said = installation.records.with_keys(lambda connection, keys: heads.taken(connection, keys, moment))
    if said is None:
        return ""
    heads.keep(installation.settings.home, said)
    return heads.in_a_line(said)


def _notices(found: Sequence[Damage], partnership: Partnership, moment: datetime) -> list[NoticeDraft]:
    """To the business manager, over every channel they can be reached by."""
    words = f"{len(found)} found. The first: {found[0]}"
    facts = {
        "reference": ALL_OF_IT,
        "stage": "proof of the night",
        "urgency": AT_ONCE,
        "found": words if len(words) <= 400 else f"{words[:398]} …",
    }
    drafts = []
    partnership = partnership.on(london_date(moment))
    for person in partnership.covering():
        email, teams = ways_of(person.id, partnership)
        ways: list[Channel] = [*(["email"] if email else []), *(["teams"] if teams else [])]  # type: ignore[list-item]
        drafts += [
            NoticeDraft(
                reference=ALL_OF_IT,
                occasion=Occasion.RECORD_CHANGED,
                person=person.id,
                channel=way,
                key=f"record_changed:{london_date(moment).isoformat()}",
                not_before=moment,
                context=facts,
            )
            for way in ways
        ]
    return drafts
