"""
Sealed text: free words about a person, encrypted with a key of that one review.

A review's key is stored beside the record, wrapped with the master key, which is not. Destroying the review's
key is erasure: the words are gone, while the ledger that holds their ciphertext still verifies to the letter.
"""

import hashlib
import hmac
import os
import secrets
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from safeguarding.errors import SafeguardingError

KEY_BYTES = 32
NONCE_BYTES = 12
KEY_FILE = "master.key"
ERASED = "[erased]"
SEALED = "[sealed]"


class MasterKeyMissing(SafeguardingError):
    """The record exists and the key that opens it is not where it should be."""

    code = "master-key-missing"

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The record's master key is not at {where}. Put the file back from your safe copy, or give the key "
            "as SAFEGUARDING_SECRET_MASTER_KEY. A new key would not open what is sealed.",
            where,
        )


class MasterKeyWrong(SafeguardingError):
    """A master key was given, and it is not the one that this record was made with, or not a key at all."""

    code = "master-key-wrong"

    def __init__(self, why: str = "it is not the key that this record was made with") -> None:
        super().__init__(f"The master key does not open this record: {why}.", why)


class SealBroken(SafeguardingError):
    """A sealed text does not open with its review's key: it was changed, or moved from another line."""

    code = "seal-broken"

    def __init__(self, reference: str, sequence: int, name: str) -> None:
        super().__init__(
            f"{reference}: sealed text '{name}' of line {sequence} does not open. Run `safeguarding ledger verify`.",
            reference,
            sequence,
            name,
        )


class ReviewKey:
    """The key of one review. Every text is bound to its place: reference, line and field."""

    def __init__(self, reference: str, key: bytes) -> None:
        self._reference = reference
        self._cipher = AESGCM(key)

    def seal(self, sequence: int, name: str, words: str) -> str:
        """The text as ciphertext, in base64: a fresh nonce, then what was encrypted."""
        nonce = os.urandom(NONCE_BYTES)
        return b64encode(nonce + self._cipher.encrypt(nonce, words.encode(), self._place(sequence, name))).decode()

    def unseal(self, sequence: int, name: str, ciphertext: str) -> str:
        """The text again. Raises SealBroken if it is not what was sealed at this place."""
        raw = b64decode(ciphertext)
        try:
            return self._cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], self._place(sequence, name)).decode()
        except InvalidTag as broken:
            raise SealBroken(self._reference, sequence, name) from broken

    def _place(self, sequence: int, name: str) -> bytes:
        return f"{self._reference}|{sequence}|{name}".encode()


class Keyring:
    """The master key, in memory: wraps the keys of reviews and seals the ends of chains."""

    def __init__(self, master: bytes) -> None:
        if len(master) != KEY_BYTES:
            raise MasterKeyWrong(f"a master key has {KEY_BYTES} bytes and this one has {len(master)}")
        self._wrap = AESGCM(_derived(master, b"safeguarding: wrap the keys of reviews"))
        self._heads = _derived(master, b"safeguarding: seal the heads of the ledger")
        self._parts = _derived(master, b"safeguarding: what the seal of the record is the sum of")
        self._whole = _derived(master, b"safeguarding: seal the record as a whole")
        self._pages = _derived(master, b"safeguarding: who is signed in at the pages")

    @classmethod
    def of(cls, words: str) -> "Keyring":
        """From the text of a key file or a secret. Raises MasterKeyWrong if it is not a key."""
        try:
            return cls(urlsafe_b64decode(words.strip().encode()))
        except (NotBase64, ValueError) as broken:
            raise MasterKeyWrong("it is not 32 bytes in base64") from broken

    @classmethod
    def load(cls, home: Path, secret: str | None = None) -> "Keyring":
        """The master key: the secret if one is given, else the file in `home`. Raises MasterKeyMissing."""
        if secret:
            return cls.of(secret)
        try:
            return cls.of((home / KEY_FILE).read_text(encoding="ascii"))
        except FileNotFoundError as missing:
            raise MasterKeyMissing(str(home / KEY_FILE)) from missing

    @classmethod
    def make(cls, home: Path) -> "Keyring":
        """
        A new master key, written to `home` for its owner alone to read. Only for a new record.

        Where another process was quicker, its key is taken instead.
        """
        home.mkdir(parents=True, exist_ok=True)
        fresh = home / f".{KEY_FILE}.{os.getpid()}.{secrets.token_hex(4)}"
        cls.write_new(fresh)
        try:
            # A link appears whole or not at all, so nobody ever reads half a key.
            os.link(fresh, home / KEY_FILE)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        return cls.load(home)

    @classmethod
    def write_new(cls, file: Path) -> "Keyring":
        """A new master key, written to a file that is not there yet, for its owner alone. Raises FileExistsError."""
        words = urlsafe_b64encode(os.urandom(KEY_BYTES))
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as lines:
            lines.write(words + b"\n")
            lines.flush()
            os.fsync(lines.fileno())
        return cls.of(words.decode())

    @property
    def fingerprint(self) -> str:
        """What the record keeps to know its own key by; it opens nothing."""
        return hmac.new(self._heads, b"fingerprint", hashlib.sha256).hexdigest()

    def new_key(self, reference: str) -> tuple[ReviewKey, str]:
        """A random key for a review, and the same wrapped for the record."""
        key = os.urandom(KEY_BYTES)
        return ReviewKey(reference, key), self.wrap(reference, key)

    def wrap(self, name: str, key: bytes) -> str:
        """A key as the record may hold it, bound to the name of what it is the key of."""
        nonce = os.urandom(NONCE_BYTES)
        return b64encode(nonce + self._wrap.encrypt(nonce, key, name.encode())).decode()

    def unwrapped(self, name: str, wrapped: str) -> bytes:
        """The key again. Raises MasterKeyWrong if it was wrapped with another master key, or for another name."""
        try:
            raw = b64decode(wrapped)
            return self._wrap.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError) as broken:
            raise MasterKeyWrong from broken

    def unwrap(self, reference: str, wrapped: str) -> ReviewKey:
        """A review's key. Raises MasterKeyWrong if it was wrapped with another master key."""
        return ReviewKey(reference, self.unwrapped(reference, wrapped))

    def seal_head(self, reference: str, sequence: int, line_hash: str) -> str:
        """What proves that a chain was ended here by a holder of the master key."""
        head = f"{reference}|{sequence}|{line_hash}".encode()
        return b64encode(hmac.digest(self._heads, head, "sha256")).decode()

    def part(self, words: str) -> int:
        """What the sum over the record has for one thing in it: a number that nobody without the key can make."""
        return int.from_bytes(hmac.digest(self._parts, words.encode(), "sha256"))

    def veiled(self, purpose: str, words: str) -> str:
        """What the record keeps of a code, a token or an address in its place, as 64 hexadecimal digits."""
        return hmac.new(self._pages, f"{purpose}|{words}".encode(), hashlib.sha256).hexdigest()

    def seal_record(self, words: str) -> str:
        """What proves that the record as a whole was as these words say, to a holder of the master key."""
        return b64encode(hmac.digest(self._whole, words.encode(), "sha256")).decode()


def _derived(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(master)
