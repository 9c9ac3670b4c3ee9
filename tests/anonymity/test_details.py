"""What the aid finds in a text by how it is written, and what it leaves alone."""

from __future__ import annotations

import pytest
from driver.drafts import OF_SYSTEMS

from safeguarding.anonymity.details import DetailKind, Strength
from safeguarding.anonymity.draft import draft_of_text
from safeguarding.anonymity.looking_over import look_over, looked_over

K, S = DetailKind, Strength

PLANTED = [
    ("She died on 3 March 2025 at home.", "3 March 2025", K.DATE, S.EXACT),
    ("It was the 3rd of March, a day of rain.", "3rd of March", K.DATE, S.EXACT),
    ("On March 3rd, 2025 they met.", "March 3rd, 2025", K.DATE, S.EXACT),
    ("Seen on 03/03/2025 and again.", "03/03/2025", K.DATE, S.EXACT),
    ("Seen on 3.3.25 and again.", "3.3.25", K.DATE, S.EXACT),
    ("Seen on 2025-03-03 and again.", "2025-03-03", K.DATE, S.EXACT),
    ("They rang on Monday 3rd and nobody came.", "Monday 3rd", K.DATE, S.EXACT),
    ("They rang on the 14th and nobody came.", "on the 14th", K.DATE, S.EXACT),
    ("It was the twenty-first of May.", "the twenty-first of May", K.DATE, S.EXACT),
    ("He was found on Christmas Day.", "Christmas Day", K.DATE, S.EXACT),
    ("It happened on her fourth birthday.", "her fourth birthday", K.DATE, S.EXACT),
    ("They moved in March 2024.", "March 2024", K.DATE, S.MAY_BE),
    ("They went there on Mondays until then.", "on Mondays", K.DATE, S.MAY_BE),
    ("They moved before the New Year again.", "New Year", K.DATE, S.MAY_BE),
    ("They moved in summer 2024.", "summer 2024", K.DATE, S.MAY_BE),
    ("Between 3 and 5 March it rained.", "3 and 5 March", K.DATE, S.EXACT),
    ("Seen 2/11 and again.", "2/11", K.DATE, S.MAY_BE),
    ("A call at 14:32 was not answered.", "14:32", K.TIME, S.EXACT),
    ("A call at 2.30pm was not answered.", "2.30pm", K.TIME, S.EXACT),
    ("A call at half past three was not answered.", "half past three", K.TIME, S.EXACT),
    ("The baby, aged 7 weeks, was seen.", "aged 7 weeks", K.AGE, S.EXACT),
    ("The 7-year-old was seen.", "7-year-old", K.AGE, S.EXACT),
    ("He was seven months old then.", "seven months old", K.AGE, S.EXACT),
    ("She was 4 years and 2 months then.", "4 years and 2 months", K.AGE, S.EXACT),
    ("Her brother (11) was unhurt.", "brother (11)", K.AGE, S.EXACT),
    ("He was seven and a half months old then.", "seven and a half months old", K.AGE, S.EXACT),
    ("The baby was seven and a half months.", "seven and a half months", K.AGE, S.EXACT),
    ("The mother was 19 and lived alone.", "The mother was 19", K.AGE, S.EXACT),
    ("At 16 he left school.", "At 16", K.AGE, S.EXACT),
    ("He had worked there since he was nineteen.", "since he was nineteen", K.AGE, S.EXACT),
    ("His father is in his forties.", "in his forties", K.AGE, S.MAY_BE),
    ("He was in Year 2 then.", "Year 2", K.AGE, S.MAY_BE),
    ("Services for those aged 11 to 18 changed.", "aged 11", K.AGE, S.MAY_BE),
    ("They lived at LS6 2AB for a year.", "LS6 2AB", K.PLACE, S.EXACT),
    ("They lived at 24 Marsh Lane for a year.", "24 Marsh Lane", K.PLACE, S.EXACT),
    ("They lived in Station Road for a year.", "Station Road", K.PLACE, S.EXACT),
    ("They lived in Church Lane for a year.", "Church Lane", K.PLACE, S.EXACT),
    ("They lived in High Street for a year.", "High Street", K.PLACE, S.EXACT),
    ("He went to St Mary's Catholic Primary School then.", "St Mary's Catholic Primary School", K.PLACE, S.EXACT),
    ("He was taken to Wetherby Royal Infirmary at once.", "Wetherby Royal Infirmary", K.PLACE, S.EXACT),
    ("He was held at HMP Wrenfield then.", "HMP Wrenfield", K.PLACE, S.EXACT),
    ("The family moved to Ormskirk again.", "Ormskirk", K.PLACE, S.MAY_BE),
    ("His number is 943 476 5919 there.", "943 476 5919", K.NUMBER, S.EXACT),
    ("Ring 07700 900123 at night.", "07700 900123", K.NUMBER, S.EXACT),
    ("Write to z.quist@surgery.example.org at once.", "z.quist@surgery.example.org", K.NUMBER, S.EXACT),
    ("He wrote as @kier_99 there.", "@kier_99", K.NUMBER, S.EXACT),
    ("The car, AB12 CDE, was seen.", "AB12 CDE", K.NUMBER, S.EXACT),
    ("See CSPR-2026-003 for more.", "CSPR-2026-003", K.NUMBER, S.EXACT),
    ("Crime number 12/34567/24 was closed.", "Crime number 12/34567/24", K.NUMBER, S.EXACT),
    ("It is told at www.wrenfield-news.com at length.", "www.wrenfield-news.com", K.NUMBER, S.EXACT),
    ("The child of Polish parents.", "Polish", K.RARE, S.MAY_BE),
    ("He was born with Down's syndrome.", "Down's syndrome", K.RARE, S.MAY_BE),
    ("She is the youngest of five siblings.", "the youngest of five siblings", K.RARE, S.MAY_BE),
    ("His twin was unhurt.", "twin", K.RARE, S.MAY_BE),
    ("A ligature was found.", "ligature", K.RARE, S.MAY_BE),
    ("She worked as a dinner lady there.", "worked as a dinner lady", K.RARE, S.MAY_BE),
    ("His aunt, Mrs Thrupp, rang.", "Mrs Thrupp", K.NAME, S.EXACT),
    ("Seen by Dr P. at the surgery.", "Dr P.", K.NAME, S.MAY_BE),
    ("Seen by Sgt B at the station.", "Sgt B", K.NAME, S.MAY_BE),
    ("Seen by PC 4512 at the door.", "PC 4512", K.NUMBER, S.EXACT),
    ("Later the mother told Bartholomew to leave.", "Bartholomew", K.NAME, S.MAY_BE),
    ("Kieran was seen at home.", "Kieran", K.NAME, S.MAY_BE),
]
"""A sentence, and what of it is found as which kind, how strongly."""

HARMLESS = [
    "The Children Act 2004 and Working Together 2023 say so.",
    "Section 3 may apply, as paragraph 12 says.",
    "The Multi-Agency Safeguarding Hub (MASH) closed it.",
    "In all, 12 of 40 staff had been trained; 3 to 5 is usual.",
    "We will polish the wording, and march on.",
    "Child A and her mother were seen by the Health Visitor.",
    "See www.gov.uk and https://www.legislation.gov.uk/ukpga/2004/31 for the law.",
    "Practitioners may feel that they are on their own.",
    "Strategy Discussions, Section 47 Enquiries and Core Groups were held as Working Together asks.",
    "Learning Point 3: Think Family. Harmful Practices such as FGM were considered in Supervision.",
    "The Review Team used the Significant Incident Learning Process, and asked CAFCASS and NHS England.",
    "The ratio was 2 to 1, at £12,500 a year.",
    "We follow the principle of No Surprises.",
    "No Surprises is the rule: tell partners early.",
    "The score was 19 percent, and Mr A and Mrs B agreed.",
    "At 16 sites staff were asked; at 16 of them they knew.",
    "The review was 4 months long, and 3/4 of staff came, 2/3 of them trained; 1/2 said so.",
    "At 10 meetings of the panel nobody asked.",
    "The group was 12 strong, and attendance was 90 per cent.",
    "We said that it took two and a half months to reply.",
]


@pytest.mark.parametrize(("text", "words", "kind", "strength"), PLANTED, ids=[one[1] for one in PLANTED])
def test_what_is_planted_is_found(text: str, words: str, kind: DetailKind, strength: Strength) -> None:
    """Each with the very words of the draft and a few around them."""
    found = [(one.words, one.kind, one.strength) for one in looked_over(text)]
    assert (words, kind, strength) in found, found
    (one,) = [one for one in looked_over(text) if one.words == words and one.kind == kind]
    assert f"{one.before}{one.words}{one.after}" == text and one.why


@pytest.mark.parametrize("text", HARMLESS)
def test_what_points_at_nobody_is_left_alone(text: str) -> None:
    """Words of the law, of bodies that are everywhere, of counting."""
    assert [] == [one.words for one in looked_over(text)]


def test_a_draft_about_systems_gives_few() -> None:
    """Two pages that name nobody: a reader is not buried."""
    assert len(look_over(draft_of_text(OF_SYSTEMS)).details) <= 3


def test_signs_that_nobody_sees_hide_nothing() -> None:
    """A soft hyphen, a space of no width, a fixed space and a long dash in the middle of it."""
    for text in (
        "on 3\u00a0March\u00a02025",
        "on 3 Mar\u00adch 2025",
        "on 3\u200b \u200bMarch 2025",
        "on 03\u201303\u20132025",
    ):
        assert [DetailKind.DATE] == [one.kind for one in looked_over(text)], text


def test_what_lies_inside_another_is_said_once() -> None:
    """The name of a school holds a saint: one line, not two."""
    assert ["St Mary's Primary School"] == [one.words for one in looked_over("He went to St Mary's Primary School.")]


def test_a_number_of_a_paragraph_is_weaker_than_a_day() -> None:
    """2.3.14 at the beginning of a line, or behind «paragraph»."""
    for text in ("2.3.14 The school was told.", "As paragraph 2.3.14 says, it was told."):
        assert [("2.3.14", Strength.MAY_BE)] == [(one.words, one.strength) for one in looked_over(text)]


def test_places_of_a_text_are_told_by_line_and_form_feed() -> None:
    """A day that goes over the end of a line is found; so is a page that begins within a stretch of lines."""
    draft = draft_of_text("Nothing here.\n\nShe died on 3\nMarch 2025 at home.\f\nHe was aged 7.\n")
    found = [(one.page, one.number, one.words) for one in look_over(draft).details]
    assert [(1, 3, "3 March 2025"), (2, 5, "aged 7")] == [(page, line, words) for page, line, words in found]
    assert ["none", "form feeds"] == [draft_of_text("x").pages_by, draft.pages_by]
