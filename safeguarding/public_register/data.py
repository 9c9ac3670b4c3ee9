"""
The public register as JSON, for programs. `docs/public-register.schema.json` says what stands where.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from safeguarding.dates.london import london_date
from safeguarding.public_register.changes import PublicChanges
from safeguarding.public_register.entry import PublicEntry
from safeguarding.public_register.page import KINDS, Issue

FORMAT = 1
"""Goes up only where something is renamed, removed or comes to mean something else."""


def as_data(entries: Sequence[PublicEntry], issue: Issue, changes: PublicChanges) -> str:
    """The whole register as JSON."""
    whole = {
        "format": FORMAT,
        "partnership": issue.partnership,
        "as_of": issue.as_of.isoformat(),
        **({"simulation": True} if issue.simulation else {}),
        "reviews": [_one(one, london_date(changes.of[one.slug])) for one in entries],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _one(one: PublicEntry, changed_on: date) -> dict[str, Any]:
    return {
        "id": one.slug,
        "page": f"{one.slug}.html",
        "reference": one.reference,
        "kind": KINDS[one.track][0],
        "spoken_of_as": one.pseudonym,
        "what": one.what,
        "published_on": one.published_on.isoformat(),
        "changed_on": changed_on.isoformat(),
        "past_12_months": one.past_12_months,
        "archived": one.in_archive,
        "public_until": one.public_until.isoformat() if one.public_until else None,
        "reviewer": one.reviewer or None,
        "report": one.report_at or None,
        "themes": list(one.themes),
        "summary": one.summary or None,
        "recommendations": [made.words for made in one.recommendations],
        "not_implemented": [made.words for made in one.recommendations if made.refused],
    }
