"""The sheet from which the national notification form is filled in: what the record holds, and room for the rest."""

from __future__ import annotations

import io

from docx import Document
from driver.filling import Filler

from safeguarding.shown.blocks import blocks_of
from safeguarding.shown.notification_sheet import notification_sheet

ASSESSED, DECIDED, OF_A_DEATH, ADULT = "CSPR-2026-008", "CSPR-2026-007", "CSPR-2026-004", "SAR-2026-001"


def rows_of(page: str) -> dict[str, list[str]]:
    """Every row of every table by its first cell."""
    rows = [row for block in blocks_of(page) if block["kind"] == "table" for row in block["rows"]]
    return {row[0].replace("\u200b", ""): row[1:] for row in rows}


def test_every_limb_has_its_answer_and_room_for_the_reason(manager: Filler, installation, clock) -> None:
    """Decided limb by limb it has the answers; before, those of the assessment; the rest is said to be open."""
    rulebook, today = installation.rulebook, clock.at.date()
    decided = notification_sheet(installation.records.read(DECIDED), rulebook, today)
    rows = rows_of(decided)
    assert ["yes", ""] == rows["Was the person under 18?"] and ["no", ""] == rows["Has the child died?"]
    assert ["yes", ""] == rows["Did it happen in this area?"]
    assert ["Wed 11 Nov 2026", ""] == rows["Local authority became aware on"]
    assert "Children Act 2004 s.16C(1)(a)" in decided and "Notify the national Panel (C01)" in decided
    assert "met on Tue 17 Nov 2026" in decided and "Tue 17 Nov 2026, EX-NOT-1" in decided
    before = rows_of(notification_sheet(installation.records.read(ASSESSED), rulebook, today))
    assert ["yes", ""] == before["Was the person under 18?"]
    assert ["not answered yet", ""] == before["Is abuse or neglect known or suspected?"]
    death = notification_sheet(installation.records.read(OF_A_DEATH), rulebook, today)
    assert ["yes", ""] == rows_of(death)["Was the child looked after by this local authority?"]
    assert "Secretary of State" in death


def test_it_is_taken_from_the_page_and_holds_no_sealed_word(manager: Filler, installation) -> None:
    """A link under the referral gives it as Word; of an adult, and before anybody assessed it, there is none."""
    assert "national notification" in manager.visitor.get(f"/reviews/{ASSESSED}").text
    file = manager.visitor.get(f"/reviews/{ASSESSED}/notification.docx")
    assert f'filename="{ASSESSED}-notification-2026-11-30.docx"' in file.headers["content-disposition"]
    made = Document(io.BytesIO(file.content))
    said = "\n".join(one.text for one in made.paragraphs) + "\n".join(
        cell.text for table in made.tables for row in table.rows for cell in row.cells
    )
    assert "invented pupil" not in said and "What the national form asks besides" in said
    assert 404 == manager.visitor.get(f"/reviews/{ADULT}/notification.docx").status_code
    assert "national notification" not in manager.visitor.get(f"/reviews/{ADULT}").text
