"""
Why a server did not take a message, in words that hold no address and no secret: they are shown to people and kept.

Each says too whether trying again may help. What a server refuses for good ends there and the business manager
hears; whatever somebody can mend meanwhile (a certificate, a server that is down) is tried again, and what is wrong
with a setting (a sign-in, an address) is kept until it is mended.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

from safeguarding.errors import NoticeUndeliverable

_SIGN_IN = frozenset({530, 534, 535, 538})
_TRY_LATER = frozenset({408, 425, 429})
_BROKEN: tuple[tuple[type[OSError], str], ...] = (
    (ssl.SSLCertVerificationError, "the server's certificate could not be trusted"),
    (TimeoutError, "the server did not answer within {seconds:g} seconds"),
    (ssl.SSLError, "no secure connection could be made to the server"),
    (ConnectionRefusedError, "the server refused the connection"),
    (socket.gaierror, "the server's name is not known"),
)


def unreachable(error: BaseException, seconds: float) -> NoticeUndeliverable:
    """Why no answer came, from what broke the conversation; `seconds` is how long each answer was waited for."""
    for kind, words in _BROKEN:
        if any(isinstance(beneath, kind) for beneath in _beneath(error)):
            return NoticeUndeliverable(words.format(seconds=seconds), True)
    return NoticeUndeliverable("the server could not be reached, or hung up", True)


def _beneath(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those that it was made from, hidden or not: libraries wrap what the socket said."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def setting_wrong(why: str) -> NoticeUndeliverable:
    """A setting is missing or wrong: everything over its channel waits until somebody mends it."""
    return NoticeUndeliverable(why, True, to_mend=True)


def not_signed_in(code: int) -> NoticeUndeliverable:
    """The mail server does not know who sends."""
    return setting_wrong(f"the mail server did not accept our sign-in (answer {code})")


def mail_refused(code: int) -> NoticeUndeliverable:
    """What a mail server's number for a letter or its address means: four hundred is «later», five hundred is «no»."""
    if code in _SIGN_IN:
        return not_signed_in(code)
    if code >= 500:
        return NoticeUndeliverable(f"the mail server refused the address or the letter (answer {code})", False)
    return NoticeUndeliverable(f"the mail server asked to be tried later (answer {code})", True)


def sender_refused(code: int) -> NoticeUndeliverable:
    """What a server's number for our sender means; 552 is about the size of the letter (RFC 1870)."""
    if code < 500 or code in _SIGN_IN or code == 552:
        return mail_refused(code)
    return setting_wrong(f"the mail server takes no letters from our sender (answer {code})")


def card_refused(code: int, retry_after: str) -> NoticeUndeliverable:
    """What a workflow's number for a card means; `retry_after` is how long it asks to be left alone, or empty."""
    if code >= 500 or code in _TRY_LATER:
        return NoticeUndeliverable(f"Teams could not take the card now (answer {code})", True, retry_after)
    return NoticeUndeliverable(f"Teams refused the card: its workflow may be gone (answer {code})", False)
