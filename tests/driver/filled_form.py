"""A referral form as somebody outside the unit fills it in, in a word processor."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime

from docx import Document

from safeguarding.law.partnership import Partnership
from safeguarding.review.states import Track
from safeguarding.shown.referral_form import TITLES, referral_form
from tasks.word.document import word_file

WHEN = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
CHILD = {
    "Agency or organisation": "Exampleshire Police",
    "Name and role": "Casey Example, detective sergeant",
    "How you are reached": "01234 567890",
    "Name of the child": "Ottoline Sample, called Otto",
    "Date of birth": "3 March 2019",
    "What is referred": "Serious harm, abuse or neglect known or suspected.",
    "What happened, and when": "On 27 November Otto was found hurt at home.\nThe ambulance was called at 16:20.",
    "What a day was like": "Otto walked to school alone.",
    "Enquiries and proceedings": "Section 47 enquiry open.",
}
"""What a police officer writes on a child's form, by how each question begins."""


def filled_form(partnership: Partnership, track: Track, written: Mapping[str, str]) -> bytes:
    """The form of a track, as Word saves it, with these answers beside their questions."""
    made = Document(io.BytesIO(word_file(referral_form(partnership, track), "E", TITLES[track], WHEN)))
    left = dict(written)
    for table in made.tables:
        for row in table.rows:
            for begins in [begins for begins in left if row.cells[0].text.startswith(begins)]:
                for cell, words in zip(row.cells[1:], left.pop(begins).split("|"), strict=False):
                    cell.text = words
    assert not left, left
    there = io.BytesIO()
    made.save(there)
    return there.getvalue()
