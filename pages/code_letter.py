"""
The letters about signing in: the code, and what became of an authenticator. Sent at once and past the outbox, where a
code would be kept.
"""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import NamedTuple

from safeguarding.errors import NoticeUndeliverable
from tasks.post import sending
from tasks.post.deliver import Postbox
from tasks.post.letters import Letter

MARK = "sign-in"


class Words(NamedTuple):
    """What a letter about an authenticator says: its subject, and its lines."""

    subject: str
    lines: tuple[str, ...]


NOT_YOU = (
    "If that was not you, tell the partnership's business unit at once: they take it away, and a mailed code works."
)
LOCKED = Words(
    "your sign-in is locked for an hour",
    (
        "Ten wrong codes were typed for your authenticator within an hour, so none of its codes is taken for an hour. "
        "Nobody was let in.",
        "In a browser in which you have signed in before you can sign in as ever.",
        "If you did not type them, tell the partnership's business unit.",
    ),
)
SET_UP = Words(
    "an authenticator signs you in",
    (
        "An authenticator was set up for you. From now on its code is asked for when you sign in, and none is mailed.",
        NOT_YOU,
    ),
)
REMOVED = Words(
    "your authenticator was taken away",
    (
        "Your authenticator is asked for no more. When you sign in, a code goes to this mailbox again.",
        "If you know nothing of it, tell the partnership's business unit at once.",
    ),
)


def send(post: Postbox, address: str, letter: Letter, now: datetime) -> None:
    """Send one to a mailbox. Raises NoticeUndeliverable, in words that hold neither address nor code."""
    server = post.mail_url
    if server is None:
        raise NoticeUndeliverable("no mail server is set", False)
    sending.by_email(server, (post.sender_name, post.sender), address, letter, MARK, now)


def letter(code: str, partnership: str) -> Letter:
    """The letter with a code. It is not in the subject, which is read on locked screens."""
    shown = f"{code[:3]} {code[3:]}"
    lines = (
        "It is good for ten minutes, once, in the browser that asked for it.",
        "Nobody will ever ask you for it. If you did not ask for a code, you need do nothing: nobody was let in. If it "
        "happens again, tell the partnership's business unit.",
    )
    head = '<p>Your code is:</p><p style="font-size: 28px; font-weight: bold; letter-spacing: 2px">'
    return Letter(
        f"{partnership}: your code to sign in",
        f"Your code is:\n\n**{shown}**\n\n" + "\n\n".join(lines),
        _page(partnership, f"{head}{shown}</p>", lines),
    )


def told(words: Words, partnership: str) -> Letter:
    """The letter of what became of an authenticator."""
    return Letter(f"{partnership}: {words.subject}", "\n\n".join(words.lines), _page(partnership, "", words.lines))


def _page(partnership: str, head: str, lines: tuple[str, ...]) -> str:
    html = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f"<html><body><p><b>{escape(partnership)}</b></p>{head}{html}</body></html>"
