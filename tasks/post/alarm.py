"""
A word to the business manager past the outbox, where the outbox or what fills it stands still: over mail, and
over Teams where mail does not take it.

It holds no reference and nothing from the record: only what stands still, and since when.
"""

from __future__ import annotations

from datetime import datetime
from html import escape

from safeguarding.dates.london import london_date
from safeguarding.errors import NoticeUndeliverable
from safeguarding.law.partnership import Partnership
from safeguarding.notices.recipients import ways_of
from tasks.post import sending
from tasks.post.deliver import Postbox
from tasks.post.letters import Letter

SUBJECT = "Safeguarding reviews: somebody must look"
MARK = "alarm"


def raise_alarm(partnership: Partnership, post: Postbox, words: str, moment: datetime) -> int:
    """Tell whoever holds the role, each over the first channel that takes it; how many were reached."""
    advice = "`safeguarding health` says more. Until it is mended nobody is reminded of a date."
    letter = Letter(SUBJECT, f"**{words}**\n\n{advice}", f"<p><b>{escape(words)}</b></p><p>{escape(advice)}</p>")
    partnership = partnership.on(london_date(moment))
    return sum(_told(person.id, partnership, post, letter, moment) for person in partnership.covering())


def _told(person: str, partnership: Partnership, post: Postbox, letter: Letter, moment: datetime) -> bool:
    email, teams = ways_of(person, partnership)
    try:
        if email and post.mail_url:
            sending.by_email(post.mail_url, (post.sender_name, post.sender), email, letter, MARK, moment)
            return True
    except NoticeUndeliverable:
        pass  # The other channel is left.
    try:
        workflow = post.secret(teams) if teams else None
        if workflow:
            sending.by_teams(workflow, letter)
            return True
    except NoticeUndeliverable:
        pass
    return False
