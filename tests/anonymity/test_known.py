"""What the record knows of a review is told as known where the draft has it, and no sealed word that it has not."""

from __future__ import annotations

from datetime import date

from safeguarding.anonymity.details import DetailKind, Strength
from safeguarding.anonymity.draft import draft_of_text
from safeguarding.anonymity.identifiers import Identifiers, names_in_sealed, open_identifiers
from safeguarding.anonymity.looking_over import look_over, looked_over, with_sealed
from safeguarding.law.rulebook import Rulebook
from safeguarding.review.review import Review

SEALED = (
    "Peregrine was found by his aunt Ottoline at 24 Marsh Lane on 3 March 2025.",
    "Will was aged 7. He told Rose that he liked Wrenfield. Nobody told the School.",
)


def words_known(text: str, known: Identifiers) -> list[str]:
    """What of a text is known to the record."""
    return [one.words for one in looked_over(text, known) if one.strength is Strength.KNOWN]


def test_days_of_the_record_and_near_ones_are_known() -> None:
    """The day itself, without its year too, and days within a week, with what happened; not those further off."""
    known = Identifiers(days={date(2026, 3, 10): ("the partners decided",)})
    said = {
        "on 10 March 2026": "A day of this review's record: the partners decided.",
        "on 10 March": "A day of this review's record: the partners decided.",
        "on 8 March 2026": "2 days before a day of this review's record: the partners decided.",
        "on 17/03/2026": "7 days after a day of this review's record: the partners decided.",
    }
    assert said == {text: looked_over(text, known)[0].why for text in said}
    for text in ("on 18 March 2026", "on 2 March 2026", "on 10 March 2025"):
        assert Strength.EXACT == looked_over(text, known)[0].strength, text


def test_names_in_sealed_words_are_known_where_the_draft_has_them() -> None:
    """With a capital, whatever its accents or possessive; words of every report are none, nor one written small."""
    known = with_sealed(Identifiers(), SEALED)
    assert ["Peregrine", "Wrenfield"] == words_known("Later Peregrine's teacher in Wrenfield told the School.", known)
    assert ["Ottoline"] == words_known(
        "She rang OTTOLINE, who rose and will come.".replace("OTTOLINE", "Ottoline"), known
    )
    assert ["P\u00e9regrine"] == words_known("P\u00e9regrine was seen.", known)


def test_a_place_a_day_and_an_age_in_sealed_words_are_known() -> None:
    """However the day is written there and here."""
    known = with_sealed(Identifiers(), SEALED)
    assert ["24 Marsh Lane", "03.03.25"] == words_known(
        "She lived at 24 Marsh Lane until 03.03.25 and was aged 8.", known
    )
    assert ["aged 7"] == words_known("the boy was aged 7", known)


def test_no_sealed_word_is_shown_that_the_draft_has_not() -> None:
    """Not in why, not around it, not in the text of what is known."""
    known = with_sealed(Identifiers(), SEALED)
    found = looked_over("Peregrine went to Leeds on 4 March 2025, aged 9, with a twin.", known)
    said = f"{found} {known!r} {known}"
    assert "Peregrine" in said
    for word in ("Ottoline", "Marsh", "Wrenfield", "Rose"):
        assert word not in said


def test_what_a_name_is_in_sealed_words() -> None:
    """A capital within a sentence; at its beginning where the word is written small nowhere."""
    assert {"peregrine", "ottoline", "marsh", "rose", "wrenfield"} <= names_in_sealed(SEALED)
    assert not names_in_sealed(SEALED) & {"he", "nobody", "school", "march", "lane"} - {"lane"}


def test_names_that_are_given_besides(rulebook: Rulebook) -> None:
    """The whole of each in any case, its parts with a capital; they are never shown where the draft has them not."""
    review = Review.model_construct(marks=(), requests=(), actions=())
    known = open_identifiers(review, (), rulebook.partnership, ["Rose Will-Quist", "Zebedee"])
    found = words_known("Zebedee saw Quist, and rose will quist saw a rose; Rose Will-Quist left.", known)
    assert ["Zebedee", "Quist", "rose will quist", "Rose Will-Quist"] == found


def test_people_agencies_and_the_area_of_the_partnership(rulebook: Rulebook) -> None:
    """A person by their name or the end of it, an agency whose name is its own, the area's word; not «Police» alone."""
    review = Review.model_construct(marks=(), requests=(), actions=())
    known = open_identifiers(review, (), rulebook.partnership)
    text = "Glenn Sample of Exampleshire Police and Mrs Specimen asked the Police and Housing in Exampleshire."
    found = [(one.words, one.kind) for one in looked_over(text, known) if one.strength is Strength.KNOWN]
    assert [
        ("Glenn Sample", DetailKind.NAME),
        ("Exampleshire Police", DetailKind.AGENCY),
        ("Mrs Specimen", DetailKind.NAME),
        ("Exampleshire", DetailKind.AGENCY),
    ] == found


def test_the_areas_own_word_in_the_name_of_a_place_is_told_once(rulebook: Rulebook) -> None:
    """As the place, which is known by it; by itself it stands as before."""
    known = open_identifiers(Review.model_construct(marks=(), requests=(), actions=()), (), rulebook.partnership)
    found = [(one.words, one.strength) for one in looked_over("They met Exampleshire County Council.", known)]
    assert [("Exampleshire County Council", Strength.KNOWN)] == found


def test_a_known_name_in_that_of_a_school_is_told_beside_it() -> None:
    """Neither hides the other."""
    known = with_sealed(Identifiers(), SEALED)
    found = [(one.words, one.strength) for one in looked_over("He went to Peregrine Primary School.", known)]
    assert [("Peregrine Primary School", Strength.EXACT), ("Peregrine", Strength.KNOWN)] == found


def test_a_summary_counts_by_kind() -> None:
    """How many are known, exact and may be."""
    known = with_sealed(Identifiers(), SEALED)
    found = look_over(draft_of_text("Peregrine was aged 9.\n\nLater Zebedee told Peregrine."), known)
    assert [(DetailKind.NAME, 2, 0, 1), (DetailKind.AGE, 0, 1, 0)] == found.by_kind
