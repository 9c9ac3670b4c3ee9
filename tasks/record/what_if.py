"""
What if, asked of the record: the other open reviews are looked at too, for meetings on the same day.
"""

from __future__ import annotations

from datetime import date

from safeguarding.questions.supposed import Supposed
from safeguarding.questions.what_if import WhatIf, what_if
from tasks.record.installation import Installation


def suppose(installation: Installation, reference: str, supposed: list[Supposed], today: date) -> WhatIf:
    """What a review's dates would be. The other open reviews are looked at for meetings on the same day."""
    records = installation.records
    review = records.read(reference)
    rows = records.list(open_only=True)
    others = [records.read(row.reference) for row in rows if row.reference != reference]
    return what_if(review, supposed, installation.rulebook, today, others)
