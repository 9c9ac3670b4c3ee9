"""Whatever is in a draft: the aid never fails, shows only words of the draft, and finds a day however it is written."""

from __future__ import annotations

from datetime import date

from driver.tries import tries
from hypothesis import given
from hypothesis import strategies as st

from safeguarding.anonymity.dates_written import MONTHS
from safeguarding.anonymity.details import DetailKind
from safeguarding.anonymity.draft import cleaned, draft_of_text
from safeguarding.anonymity.identifiers import Identifiers
from safeguarding.anonymity.looking_over import look_over, looked_over, with_sealed

PIECES = st.sampled_from(
    [
        "St ",
        "aged ",
        "3 ",
        "March",
        "/",
        "-",
        ".",
        "2025",
        " of ",
        "'",
        "Road",
        "LS6 2AB",
        "@",
        "\f",
        "\n",
        "07700 900",
        "\u00ad",
        "on the ",
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join))


def ordinal(day: int) -> str:
    """3rd, 11th."""
    last = {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{'th' if 10 < day < 20 else last}"


FORMS = (
    lambda day, month: f"{day.day} {month} {day.year}",
    lambda day, month: f"{ordinal(day.day)} {month} {day.year}",
    lambda day, month: f"the {ordinal(day.day)} of {month}, {day.year}",
    lambda day, month: f"{month} {day.day}, {day.year}",
    lambda day, month: f"{month} {ordinal(day.day)} {day.year}",
    lambda day, month: f"{day.day} {month[:3]} {day.year}",
    lambda day, month: f"{day.day} {month[:3]}{'.' if month != 'May' else ''} {day.year}",
    lambda day, month: f"{day.day:02}-{month[:3]}-{day.year}",
    lambda day, month: f"{day:%A} {day.day} {month} {day.year}",
    lambda day, month: f"{day:%a}, {ordinal(day.day)} {month} {day.year}",
    lambda day, _: f"{day:%d/%m/%Y}",
    lambda day, _: f"{day.day}/{day.month}/{day.year}",
    lambda day, _: f"{day.day}.{day.month}.{day.year % 100:02}",
    lambda day, _: f"{day:%d-%m-%y}",
    lambda day, _: day.isoformat(),
    lambda day, month: f"{day.day} {month.upper()} {day.year}",
    lambda day, month: f"{day.day} {month.lower()} {day.year}",
)
"""How a day may be written."""


@tries(200)
@given(text=TEXTS, sealed=TEXTS)
def test_it_never_fails_and_shows_only_words_of_the_draft(text: str, sealed: str) -> None:
    """Whatever both hold: each detail stands there, in the order of the draft."""
    known = with_sealed(Identifiers(), [sealed])
    for one in looked_over(text, known):
        assert one.words and "".join(one.words.split()) in "".join(cleaned(text).split())
    look_over(draft_of_text(text), known)


@tries(200)
@given(day=st.dates(date(1950, 1, 1), date(2049, 12, 31)), form=st.sampled_from(FORMS), capital=st.booleans())
def test_every_way_to_write_a_day_is_found_and_known(day: date, form: object, capital: bool) -> None:
    """In the middle of a sentence; and as a day of the record, whichever way it is written there."""
    month = MONTHS[day.month - 1].capitalize()
    written = form(day, month)  # type: ignore[operator]
    text = f"{'She' if capital else 'and she'} was seen on {written} at home"
    found = [
        one for one in looked_over(text, Identifiers(days={day: ("the day of it",)})) if one.kind is DetailKind.DATE
    ]
    assert found, text
    if day.year >= 1950 and (len(written) > 8 or day.year >= 2000):
        assert "A day of this review's record: the day of it." in [one.why for one in found], (text, found)


@tries(200)
@given(day=st.dates(date(2020, 1, 1), date(2029, 12, 31)), form=st.sampled_from(FORMS))
def test_a_day_in_sealed_words_is_known_in_the_draft(day: date, form: object) -> None:
    """Written one way there and another way here; a day that is not there is not known."""
    month = MONTHS[day.month - 1].capitalize()
    written = form(day, month)  # type: ignore[operator]
    known = with_sealed(Identifiers(), [f"Mother rang on {day.day} {month} {day.year} at night."])
    (one,) = [one for one in looked_over(f"she was seen on {written} at home", known) if one.kind is DetailKind.DATE]
    assert "It stands in the sealed words of this review too." == one.why
