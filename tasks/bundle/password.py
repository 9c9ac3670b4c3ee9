"""
The password that closes a bundle: what it must be, and the zip that it closes. It is kept, logged and repeated nowhere.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime

from safeguarding.errors import SafeguardingError
from tasks.bundle.zipped import OWN_EYES, stamp_of

SHORTEST, LONGEST = 12, 99
"""Letters of a password; more than the longest 7-Zip takes from nobody."""
FEWEST = 5
"""Different signs in a password."""
INSIDE = "bundle.zip"
"""What lies in a closed bundle. The names in a zip can be read without the password: this one says nothing."""


class PasswordUnfit(SafeguardingError):
    """A password closes no bundle: everything that is wrong with it. It is not repeated."""

    code = "password-unfit"

    def __init__(self, wrong: tuple[str, ...]) -> None:
        self.wrong = wrong
        super().__init__(f"No bundle was made. {' '.join(wrong)}", wrong)


@dataclass(frozen=True, slots=True)
class Password:
    """A password that closes a bundle. Raises PasswordUnfit, everything at once, where it cannot be one."""

    words: str = field(repr=False)

    def __post_init__(self) -> None:
        """Nothing unfit is ever held."""
        if wrong := unfit(self.words):
            raise PasswordUnfit(tuple(wrong))


def twice(given: str, again: str) -> Password:
    """A password as it was typed twice. Raises PasswordUnfit, everything that is wrong with it at once."""
    if wrong := [*unfit(given), *differs(given, again)]:
        raise PasswordUnfit(tuple(wrong))
    return Password(given)


def unfit(given: str) -> list[str]:
    """What is wrong with a password, in sentences that do not repeat it."""
    found = []
    if len(given) < SHORTEST:
        found.append(f"The password is too short: it needs at least {SHORTEST} letters; four words in a row are easy.")
    if len(given) > LONGEST:
        found.append(f"The password is too long: 7-Zip takes at most {LONGEST} letters.")
    if given and len(set(given)) < FEWEST:
        found.append(f"The password repeats the same signs: it needs at least {FEWEST} different ones.")
    if given != given.strip():
        found.append("The password begins or ends with a space, which is lost when it is told on the telephone.")
    if not (given.isascii() and given.isprintable()):
        found.append(
            "The password has a sign that is not on every keyboard: programs read such a sign differently, and the "
            "bundle would not open. Take letters from a to z, figures and common signs."
        )
    return found


def differs(given: str, again: str) -> list[str]:
    """What is said where a password was not typed the same twice."""
    return [] if given == again else ["The two passwords are not the same."]


def closed(content: bytes, password: Password, now: datetime) -> bytes:
    """
    The zip in another that only the password opens: AES with 256 bits, as WinZip introduced it and 7-Zip reads it.

    A zip in a zip, since a password hides what files hold and not what they are called.
    """
    import pyzipper  # With all its ciphers it is large, and most bundles are not closed.

    made = io.BytesIO()
    with pyzipper.AESZipFile(made, "w", compression=pyzipper.ZIP_STORED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password.words.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        entry = archive.zipinfo_cls(INSIDE, stamp_of(now))
        entry.external_attr = OWN_EYES
        archive.writestr(entry, content)
    return made.getvalue()
