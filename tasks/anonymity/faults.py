"""
Why a draft cannot be looked over, in words that say what to do and nothing of what stands in it.
"""

from __future__ import annotations

from typing import Literal

from safeguarding.errors import SafeguardingError

WhyUnreadable = Literal[
    "empty",
    "too large",
    "too large inside",
    "damaged",
    "closed",
    "no Word file",
    "old Word",
    "PDF",
    "other",
    "not UTF-8",
    "too many words",
    "not there",
]
LARGEST = 20_000_000
"""Bytes of a draft as it is given."""
MOST_LETTERS = 1_500_000
"""Letters that are looked over at once: about five hundred pages."""

_WORDS: dict[WhyUnreadable, str] = {
    "empty": "The file holds nothing. Choose the draft again.",
    "too large": (
        f"The file is larger than {LARGEST // 1_000_000} million bytes. Take its pictures out, or save "
        "its text alone as .txt."
    ),
    "too large inside": (
        "The file holds far more than its size says, and was not unpacked. Save it anew in Word as .docx."
    ),
    "damaged": (
        "The file is damaged, or no Word file though it begins as one. Open it in Word and save it anew as .docx."
    ),
    "closed": (
        "The file is closed with a password, or protected by a label. Open it in Word and save it without one as "
        ".docx: it is kept nowhere here."
    ),
    "no Word file": (
        "The file is a zip or of another program, and no Word file. Save the draft as .docx or as plain text."
    ),
    "old Word": (
        "The file is of an older Word (.doc), or is a Word file closed with a password. Open it in Word and save it, "
        "without a password, as «Word document (*.docx)»."
    ),
    "PDF": (
        "The file is a PDF, from which words come out broken. Give the Word file that it was made of; if there is "
        "none, open the PDF in Word and save it as .docx."
    ),
    "other": ("The file is no Word file and no plain text. Save the draft as .docx, or as plain text in UTF-8."),
    "not UTF-8": ("The text is not written in UTF-8. Save it so (Notepad: Save as, Encoding UTF-8), or as .docx."),
    "too many words": (
        f"The draft has more than {MOST_LETTERS:,} letters, about five hundred pages. Look it over in parts."
    ),
    "not there": (
        "There is no file at that place, or it may not be read. Look whether its name is typed as it is written."
    ),
}


class DraftUnreadable(SafeguardingError):
    """A draft cannot be read. It names what kind of file it is and never its words or its name."""

    code = "draft-unreadable"

    def __init__(self, why: WhyUnreadable) -> None:
        self.why = why
        super().__init__(f"Nothing was looked over. {_WORDS[why]}", why)
