"""
The answer to a what-if question as a page in Prefect.
"""

from __future__ import annotations

from safeguarding.questions.what_if import WhatIf
from safeguarding.shown.escaped import escaped


def key(reference: str) -> str:
    """The page of the last answer about a review."""
    return f"what-if-{reference.lower()}"


def page(found: WhatIf) -> str:
    """The answer as a page: what was supposed, what does not fit, every date side by side."""
    head = f"**First clash:** {escaped(found.first_clash.words)}" if found.first_clash else "**No clash found.**"
    parts = [
        f"# {found.reference} · what if",
        "\n".join(["Nothing is written.", "", *(f"- {escaped(reading.words)}" for reading in found.readings)]),
        head,
    ]
    if len(found.clashes) > 1:
        parts.append("\n".join(f"- {escaped(clash.words)}" for clash in found.clashes))
    rows = (_row(line.cells, line.moved) for line in found.lines)
    parts.append("\n".join(["| What | As it is | As it would be |", "| --- | --- | --- |", *rows]))
    return "\n\n".join([*parts, *(f"*{escaped(line.words)}*" for line in found.stretch)])


def _row(cells: tuple[str, str, str], moved: bool) -> str:
    what, as_it_is, then = map(escaped, cells)
    return f"| **{what}** | {as_it_is} | **{then}** |" if moved else f"| {what} | {as_it_is} | {then} |"
