"""
One mailbox: the address that a letter goes to, read once and strictly, and from then on the same to the last letter.

What is not exactly one mailbox is refused here, in words, so that no mail program and no server ever has to guess who
was meant. The form is RFC 5321 and 5322's, without their quotes, comments and lists; no network is asked.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Annotated

import email_validator
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator

from safeguarding.as_typed import mixes_letters, with_straight_apostrophes

_OF_A_HOUSE = frozenset({"local", "localhost", "test"})
"""Names that no public server has, and that a mail server inside an office may: it is asked, and says so itself."""

email_validator.SPECIAL_USE_DOMAIN_NAMES[:] = [
    name for name in email_validator.SPECIAL_USE_DOMAIN_NAMES if name not in _OF_A_HOUSE
]

_SEPARATORS = (",", ";", "|")
_MARKS = {"<": "a name and angle brackets", "(": "a remark in brackets", '"': "quotation marks"}


def read_mailbox(given: str, *, of_this_machine: bool = False) -> str:
    """
    The one mailbox that a text names, as it is told to a mail server: ASCII, the part after the @ in small letters and
    in the form that mail carries (`bücher.example` is `xn--bcher-kva.example`). Spaces around it are left
    out, and Word's curly apostrophe is the keyboard's.

    `of_this_machine` takes a server without a dot too, such as `localhost`. Raises ValueError, in words that follow the
    name of a key and repeat nothing of the text.
    """
    return _read(given, of_this_machine)


@lru_cache(maxsize=1024)  # A sender reads the same addresses for one letter after the other.
def _read(given: str, of_this_machine: bool) -> str:
    text = with_straight_apostrophes(given.strip())
    if (why := _plainly_none(text)) is not None:
        raise ValueError(why)
    try:
        found = validate_email(
            text,
            check_deliverability=False,
            allow_smtputf8=False,
            strict=True,
            globally_deliverable=not of_this_machine,
        )
    except EmailNotValidError as error:
        raise ValueError(f"is no address of one mailbox: {_in_our_words(text, str(error))}") from None
    local, server = found.local_part, text.rpartition("@")[2]
    if not any(sign.isalnum() for sign in local):
        raise ValueError("is no address of one mailbox: before the @ it has neither a letter nor a figure")
    if script := next(filter(None, map(mixes_letters, server.split("."))), None):
        raise ValueError(
            f"is no address of one mailbox: after the @ {script} letters stand among Latin ones that look the same: "
            "type it"
        )
    if unicodedata.normalize("NFC", server).lower() not in (found.domain, found.ascii_domain):
        raise ValueError("is no address of one mailbox: what stands after the @ has letters of another kind; type it")
    return f"{local}@{found.ascii_domain}"


def _plainly_none(text: str) -> str | None:
    """What is most often wrong, said as a reader of the file would say it."""
    if not text:
        return "is empty: give one address, or leave the key out"
    unseen = next((sign for sign in text if unicodedata.category(sign)[0] in "CZ" and sign != " "), None)
    if unseen is not None:
        name = unicodedata.name(unseen, f"U+{ord(unseen):04X}").lower()
        return f"holds a sign that cannot be seen ({name}): type the address anew"
    if text.lower().startswith("mailto:"):
        return "begins with 'mailto:': give the address without it"
    if text.startswith(("'", "\u2018")) or "'@" in text:
        return "keeps the quotation marks of another program: give the address without them"
    if text.count("@") > 1 and any(sign in text for sign in (*_SEPARATORS, " ")):
        return "holds more than one address: give one, and a person or a shared mailbox of their own to each other"
    for sign, what in _MARKS.items():
        if sign in text:
            return f"holds {what}: give the address alone, such as sian.o'brien@council.example"
    return None


def _in_our_words(text: str, theirs: str) -> str:
    before, at, after = text.rpartition("@")
    if not at:
        return "it has no @"
    if not before or not after:
        return f"nothing stands {'before' if not before else 'after'} the @"
    if " " in text:
        return "it has a space in it"
    if not before.isascii():
        return "before the @ it has a letter that mail servers do not take, such as one with an accent"
    return f"{theirs[:1].lower()}{theirs[1:]}".replace("@-sign", "@").rstrip(".")


Mailbox = Annotated[str, AfterValidator(read_mailbox)]
"""The address of exactly one mailbox, as `read_mailbox` makes it."""
