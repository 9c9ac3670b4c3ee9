"""
What people type, judged before it is kept or shown: what a reference is, and how much an answer may hold.

What is wrong is said by its kind and by how many, never by repeating it: a refusal is shown, logged and recorded.
"""

from __future__ import annotations

import re
from typing import Any

LONGEST_REFERENCE = 60
"""Characters of the reference of a minute, a letter or a system."""
LONGEST_SIGNER = 60
"""Characters of the id of a person."""
LONGEST_NAME = 80
"""Characters of the name of a question; those of our forms have about thirty."""
MOST_ANSWERS = 1_000
"""Answers on one form, those inside answers included."""
DEEPEST = 8
"""Answers inside answers; our forms have three."""
LONGEST_ANSWERS = 600_000
"""Characters of all answers to a form together: thirty texts of the longest kind."""

REFERENCE_WORDS = (
    f"letters, figures, spaces and . , / - _ only, at most {LONGEST_REFERENCE}, and no sentence: such as SP/2026/11, "
    "item 4"
)
"""What a reference is, in the words of a refusal."""

REFERENCE = r"^[\w ./,-]*$"
"""The signs that a reference is made of."""
_SIGNS, _APART, _OF_LETTERS = re.compile(REFERENCE), re.compile(r"[\s,_]"), re.compile(r"\b[^\W\d]+\b")
_PLAIN_WORDS = 4
"""Words of letters alone in one reference: with more it is a sentence."""


def is_reference(text: str) -> bool:
    """Whether this is the reference of something, and not a sentence or a name of two words."""
    text = text.strip()
    if not text or len(text) > LONGEST_REFERENCE or not _SIGNS.fullmatch(text) or "\n" in text:
        return False
    if not any(sign.isdecimal() for sign in text):
        return not _APART.search(text)
    return len(_OF_LETTERS.findall(text.replace("_", " "))) <= _PLAIN_WORDS


def too_much(raw: Any) -> list[str]:
    """Why an answer is too large to be looked at, in words; nothing if it is not. Walks no deeper than it may."""
    count = length = 0
    layer, depth = [raw], 0
    while layer:
        if depth > DEEPEST:
            return [f"the form: answers stand inside answers, more than {DEEPEST} deep"]
        below: list[Any] = []
        for value in layer:
            if isinstance(value, str):
                length += len(value)
            elif isinstance(value, dict):
                if max(map(len, map(str, value)), default=0) > LONGEST_NAME:
                    return [f"the form: the name of a question is longer than {LONGEST_NAME} characters"]
                below += value.values()
            elif isinstance(value, list | tuple):
                below += value
        count += len(below)
        if count > MOST_ANSWERS:
            return [f"the form: it holds more than {MOST_ANSWERS} answers"]
        if length > LONGEST_ANSWERS:
            return [f"the form: its answers are longer than {LONGEST_ANSWERS} characters together"]
        layer, depth = below, depth + 1
    return []
