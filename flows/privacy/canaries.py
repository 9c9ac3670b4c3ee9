"""
Canaries: invented words that occur nowhere else, one for each door and way, so that a find names the door it came by.

All canaries of one proof begin with the same stem. The stem is searched for, in every spelling; only where it is found
is it asked whose word it is. They are plain letters, so that an address, JSON or HTML spells them as they are.
"""

from __future__ import annotations

import secrets
from base64 import b64encode, urlsafe_b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

CONSONANTS, VOWELS = "bdfghjklmnprstvz", "aeiou"
IN_THE_STEM, IN_ITS_END = 6, 2
"""Syllables."""


@dataclass(frozen=True, slots=True)
class Canary:
    """One word, and where it was planted."""

    word: str
    door: str
    way: str
    kept_openly: bool = False
    """Whether the record itself keeps such an answer in clear: the reference of a minute is no free text."""

    @property
    def named(self) -> str:
        """The door and the way, for a person."""
        return f"{self.door}: {self.way}"


def _invented(syllables: int) -> str:
    return "".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(syllables))


class Needle:
    """A word of plain letters in every spelling in which it is looked for; knows it among bytes."""

    def __init__(self, word: str) -> None:
        self.word = word
        self._any_case = tuple(dict.fromkeys(spelt for case in (word, word.lower()) for spelt in _in_any_case(case)))
        self._exact = tuple(dict.fromkeys(pattern for case in (word, word.lower()) for pattern in _coded(case)))

    def within(self, data: bytes, small: bytes | None = None) -> bool:
        """Whether it stands in the data in any spelling; `small` is the data in small letters, if somebody has it."""
        small = data.lower() if small is None else small
        return any(one in small for one in self._any_case) or any(one in data for one in self._exact)


def _in_any_case(word: str) -> Iterator[bytes]:
    """As it is, as an address or JSON may spell each letter, as bytes are shown in hex, and in two bytes each."""
    yield word.lower().encode()
    yield "".join(f"%{ord(letter):02x}" for letter in word).encode()
    yield "".join(f"\\u{ord(letter):04x}" for letter in word).encode()
    yield word.encode().hex().encode()
    yield word.lower().encode("utf-16-le")[:-1]


def _coded(word: str) -> Iterator[bytes]:
    """In base64, wherever in a longer text it begins: of what it shares with its neighbours nothing is compared."""
    for before in range(3):
        for coded in (b64encode, urlsafe_b64encode):
            whole = coded(b"\0" * before + word.encode())
            first = (before * 8 + 5) // 6
            yield whole[first : (before + len(word)) * 8 // 6]


class Sought(Protocol):
    """Whatever is looked for."""

    def within(self, data: bytes) -> Sequence[Canary]:
        """What of it stands in the data."""


class Known:
    """One word that stands somewhere anyway: a search that does not find it is blind there."""

    def __init__(self, word: str, door: str, way: str) -> None:
        self._canary, self._needle = Canary(word, door, way), Needle(word)

    def within(self, data: bytes) -> Sequence[Canary]:
        """The word, if it stands in the data."""
        return [self._canary] if self._needle.within(data) else []


class Canaries:
    """The canaries of one proof."""

    def __init__(self) -> None:
        self.stem = _invented(IN_THE_STEM).capitalize()
        self._stem = Needle(self.stem)
        self._all: dict[str, Canary] = {}

    def __iter__(self) -> Iterator[Canary]:
        return iter(list(self._all.values()))

    def __len__(self) -> int:
        return len(self._all)

    def new(self, door: str, way: str, *, kept_openly: bool = False) -> str:
        """A word that nobody has typed yet, to be planted there."""
        word = self.stem + _invented(IN_ITS_END)
        while word in self._all:
            word = self.stem + _invented(IN_ITS_END)
        self._all[word] = Canary(word, door, way, kept_openly)
        return word

    def forget(self, word: str) -> None:
        """This one was planted nowhere: there was no question for it."""
        self._all.pop(word, None)

    def within(self, data: bytes) -> list[Canary]:
        """Whose words stand in the data; where the end of one was cut off, one of an unknown door."""
        small = data.lower()
        if not self._stem.within(data, small):
            return []
        found = [canary for canary in self if Needle(canary.word).within(data, small)]
        return found or [Canary(self.stem, "some door", "the end of the word was cut off")]

    def of_doors(self) -> dict[str, tuple[int, int]]:
        """For each door, in the order of planting, how many canaries went through it and in how many ways."""
        words = Counter(canary.door for canary in self)
        ways = Counter(door for door, _ in {(canary.door, canary.way) for canary in self})
        return {door: (count, ways[door]) for door, count in words.items()}
