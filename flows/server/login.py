"""
The login of the page: one name with words of the partnership's own, kept only as what scrypt makes of them.

Our own processes never use it (`service_login`), so nobody has to keep it in clear.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

from config.settings import secret
from safeguarding.errors import SafeguardingError
from tasks.store import private_files

FILE, SECRET = "login", "page_login"
"""The file in the home folder; and the secret that goes before it, where several machines share one login."""
COST, BLOCK, LANES = 2**14, 8, 1
"""Of scrypt: 16 MB and about a twentieth of a second for each try."""
SHORTEST = 16
"""Signs of the words after the name."""
LONGEST = 200
VARIED = 6
"""How many different signs."""
CONSONANTS, VOWELS = "bdfghjklmnprstvz", "aeiou"
MADE_OF = 7
"""Words of four letters: 88 bits."""
SAMPLES = ("a-long-login-of-your-own", "a long login of your own", "some-long-words", "your-long-words-here")
"""What stands in our own documents and files, and in whoever copied them."""


class NoLogin(SafeguardingError):
    """The page was to be served, and there is no login for it."""

    code = "no-login"

    def __init__(self, home: Path) -> None:
        super().__init__(
            f"There is no login for the page yet, so it is not started: whoever reached it could decide in anybody's "
            f"name. `safeguarding login` at a terminal makes one, for the home folder {home}.",
            home,
        )


class LoginDamaged(SafeguardingError):
    """What is kept of the login cannot be read. Never says what it holds."""

    code = "login-damaged"

    def __init__(self, where: str) -> None:
        super().__init__(f"The login kept in {where} cannot be read: make another (`safeguarding login`).", where)


class LoginWeak(SafeguardingError):
    """A login was chosen that can be guessed, or that Prefect's page cannot send. Never repeats it."""

    code = "login-weak"

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.unmet = faults
        super().__init__(f"This login is not taken: {'; '.join(faults)}.", faults)


@dataclass(frozen=True, slots=True)
class Login:
    """What is kept of a login: the name, and what scrypt made of name and words."""

    name: str
    salt: bytes
    proof: bytes

    @classmethod
    def of(cls, given: str) -> Login:
        """From what a person types, `name:words`. Raises LoginWeak, naming everything that is wrong with it."""
        if faults := _faults(given):
            raise LoginWeak(faults)
        salt = secrets.token_bytes(16)
        return cls(given.partition(":")[0], salt, _proof(given, salt))

    @classmethod
    def read(cls, line: str) -> Login:
        """From the line that is kept. Raises ValueError."""
        name, kind, cost, salt, proof = line.strip().split(":")
        if (kind, cost) != ("scrypt", f"{COST},{BLOCK},{LANES}"):
            raise ValueError(kind)
        return cls(name, b64decode(salt, validate=True), b64decode(proof, validate=True))

    def __str__(self) -> str:
        """The line that is kept."""
        parts = (b64encode(self.salt).decode(), b64encode(self.proof).decode())
        return ":".join((self.name, "scrypt", f"{COST},{BLOCK},{LANES}", *parts))

    def opens(self, given: str) -> bool:
        """Whether this is the login. Takes as long for every answer."""
        return hmac.compare_digest(_proof(given, self.salt), self.proof)


def _proof(given: str, salt: bytes) -> bytes:
    return hashlib.scrypt(given.encode(), salt=salt, n=COST, r=BLOCK, p=LANES, dklen=32)


def _faults(given: str) -> tuple[str, ...]:
    name, colon, words = given.partition(":")
    if not colon:
        return ("it is a name, a colon and the words: unit:several words of your own",)
    wrong = {
        "its name has 1 to 32 letters or numbers": not 0 < len(name) <= 32 or not name.isalnum(),
        "the name service belongs to our own processes": name.lower() == "service",
        "the page can send plain letters, numbers and signs only": not (given.isascii() and given.isprintable()),
        f"its words are shorter than {SHORTEST} signs": len(words) < SHORTEST,
        f"it is longer than {LONGEST} signs": len(given) > LONGEST,
        "its words repeat a few signs": len(set(words)) < VARIED,
        "it stands in our documents, where everybody reads it": any(one in words.lower() for one in SAMPLES),
    }
    return tuple(fault for fault, holds in wrong.items() if holds)


def invented(name: str = "unit") -> str:
    """A login of random words that can be read out and typed: `unit:bado-kilu-...`."""
    words = ("".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(2)) for _ in range(MADE_OF))
    return f"{name}:{'-'.join(words)}"


# --------------------------------------------------------------------------- where it is kept


class KeptLogin:
    """The login of a home folder, read anew when it has changed: a new one counts at once, and the old one no more."""

    def __init__(self, home: Path) -> None:
        self._file, self._home = home / FILE, home
        self._seen: tuple[int, int] | None = None
        self._login: Login | None = None

    def now(self) -> Login:
        """The login as it stands. Raises NoLogin or LoginDamaged."""
        stands = self._stamp()
        if self._login is None or stands != self._seen:
            self._login, self._seen = self._read(), stands
        return self._login

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self._file.stat()
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_ino)

    def _read(self) -> Login:
        given, where = secret(SECRET), f"the secret {SECRET}"
        if given is None:
            where = str(self._file)
            try:
                given = self._file.read_text(encoding="utf-8")
            except FileNotFoundError:
                raise NoLogin(self._home) from None
            except NotADirectoryError:  # Of the home folder itself other words are said.
                raise
            except (OSError, UnicodeError):
                raise LoginDamaged(where) from None
        try:
            return Login.read(given)
        except ValueError:
            raise LoginDamaged(where) from None


def present(home: Path) -> bool:
    """Whether a login is kept for this home folder. Raises LoginDamaged."""
    try:
        KeptLogin(home).now()
    except NoLogin:
        return False
    return True


def keep(home: Path, given: str) -> None:
    """From now on this is the login. Raises LoginWeak."""
    private_files.replace(home / FILE, str(Login.of(given)))


def make_first(home: Path) -> str | None:
    """An invented login where there is none, to be shown once; None where there is one already."""
    if present(home):
        return None
    given = invented()
    return given if private_files.write_once(home / FILE, str(Login.of(given))) else None
