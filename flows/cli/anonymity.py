"""
The command that looks a draft over before it is published: what of it may point at somebody, page by page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from flows.cli.place import Here
from flows.cli.said import Said
from flows.cli.typed import ActingPerson, At
from safeguarding.anonymity.said import (
    DETAILS,
    KEPT_NOWHERE,
    MOST_SHOWN,
    draft_page,
    grouped,
    head_of,
    lines_of,
    most_of,
    rows_of,
    summary_of,
)
from safeguarding.dates.london import london_date, now
from safeguarding.errors import SafeguardingError
from tasks.anonymity.looking import NotToLookOver, OverLooked, WhoLooksOver, look_draft_over
from tasks.anonymity.reading_draft import bytes_at, draft_of, names_of
from tasks.bundle import zipped
from tasks.export.tables import RegisterMade
from tasks.export.workbook import workbook_of
from tasks.pdf.setting import OnPaper, pdf
from tasks.record.installation import Installation
from tasks.record.reading import NAMED_AT_THE_MACHINE


class NoSuchForm(SafeguardingError):
    """A file was named whose ending says none of the forms that the list can have."""

    code = "no-such-form"

    def __init__(self) -> None:
        super().__init__("Nothing was looked over: name a file that ends in .xlsx, .pdf or .html for the list.")


def look_over(
    reference: str,
    draft: Annotated[Path, Parameter(metavar="DRAFT")],
    /,
    *,
    person: ActingPerson,
    also: Annotated[Path | None, Parameter(metavar="NAMES.txt")] = None,
    file: Annotated[Path | None, Parameter(metavar="FILE")] = None,
    at: At = None,
    here: Here,
) -> Said:
    """
    What in a draft may point at somebody, page by page, before it is published: it decides nothing and changes nothing.

    ```
    safeguarding anonymity CSPR-2026-006 docs/forms/draft.txt --as alex_example --demo
    ```

    It opens the sealed words of the review in memory to know what would point at somebody; that is noted.

    Parameters
    ----------
    reference
        The review.
    draft
        The draft: a Word file (.docx), or plain text.
    person
        Who looks it over: somebody who may read the whole record of the review, by their id.
    also
        A file of names to look for besides, one a line. It is read and not kept.
    file
        Where to write the list: .xlsx, .pdf or .html; nothing may be there yet. It holds words of the draft.
    """
    made = _form_of(file)
    read = draft_of(bytes_at(draft))
    names = names_of(bytes_at(also)) if also is not None else ()
    if file is not None:
        zipped.must_be_free(file)
    installation = here.installation()
    moment = installation.at(at, now())
    partnership = installation.rulebook.on(london_date(moment)).partnership
    review = installation.records.read(reference)
    known = partnership.known(person)
    if known is None:
        raise NotToLookOver(review.reference)
    who = WhoLooksOver(known, NAMED_AT_THE_MACHINE, partnership)
    with here.waiting("Looking the draft over"):
        looked = look_draft_over(installation.records, review.reference, who, read, names, moment)
        if file is not None and made is not None:
            zipped.put(file, made(installation, looked, review.reference, moment))
    return Said(_in_words(looked, file), _as_data(looked))


def _form_of(file: Path | None) -> Callable[..., bytes] | None:
    """How the list is written, by the ending of its file. Raises NoSuchForm."""
    if file is None:
        return None
    if file.suffix.lower() not in FORMS:
        raise NoSuchForm
    return FORMS[file.suffix.lower()]


def _workbook(installation: Installation, looked: OverLooked, reference: str, moment: Any) -> bytes:
    return workbook_of([RegisterMade(DETAILS, rows_of(lines_of(looked.found)))])


def _html(installation: Installation, looked: OverLooked, reference: str, moment: Any) -> bytes:
    return draft_page(looked.found, reference, looked.of_sealed).encode()


def _pdf(installation: Installation, looked: OverLooked, reference: str, moment: Any) -> bytes:
    page = draft_page(looked.found, reference, looked.of_sealed)
    simulation = installation.records.identity().simulation
    return pdf(OnPaper([page], installation.rulebook.partnership.name, reference, simulation), moment)


FORMS: Mapping[str, Callable[..., bytes]] = {".xlsx": _workbook, ".pdf": _pdf, ".html": _html}
"""How the list can be written, by the ending of its file."""


def _in_words(looked: OverLooked, file: Path | None) -> list[str]:
    words = [*head_of(looked.found), *([looked.of_sealed] if looked.of_sealed else []), KEPT_NOWHERE, ""]
    heads = [
        f"{kind}: {known} known to the record, {exact} exact, {may_be} may be"
        for kind, known, exact, may_be in summary_of(looked.found)
    ]
    lines, more = most_of(lines_of(looked.found), MOST_SHOWN)
    words += [*heads, *([more] if more else [])]
    if file is not None:
        return [
            *words,
            "",
            f"{file}: the list, for your eyes only: it holds words of the draft. Delete it when it is done.",
        ]
    for heading, some in grouped(lines):
        words += ["", heading]
        for one in some:
            place = f"{one.where}: " if one.where else ""
            words += [f"  {place}{one.shown}", f"    {one.kind}; {one.strength.words}. {one.why}"]
    return words


def _as_data(looked: OverLooked) -> dict[str, Any]:
    lines = [row._asdict() for row in rows_of(lines_of(looked.found))]
    summary = [dict(zip(("kind", "known", "exact", "may_be"), row, strict=True)) for row in summary_of(looked.found)]
    return {"said": head_of(looked.found), "sealed": looked.of_sealed, "summary": summary, "details": lines}
