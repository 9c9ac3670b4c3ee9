"""The letters of the night after an import: one to the unit about all of it, one to each who hears of what is unmet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from driver.moving import OF_2018, OF_ADULTS
from sqlalchemy import select

from safeguarding.dates.london import london_date
from safeguarding.notices.notice import LONGEST_FACT, LONGEST_LISTS
from safeguarding.review.events import Actor
from safeguarding.shown.letters_sent import about_words
from tasks.post.letters import write_letter
from tasks.record import sweep
from tasks.record.new_reviews import MovesIn
from tasks.record.records import Records
from tasks.store import outbox
from tasks.store.letters_sent import letters_of
from tasks.store.tables import notice_facts, notices

ENTERED = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""A Wednesday."""
TODAY = london_date(ENTERED)
SOURCE = "moving-in.xlsx"
ACTOR = Actor(person="alex_example")


def ago(days: int) -> str:
    """The day so many days before the entry."""
    return (TODAY - timedelta(days=days)).isoformat()


def carried(number: int, track: str = "adults", **besides: Any) -> dict[str, Any]:
    """The answers by which a review comes in: at action follow-up, unless something else is said."""
    return {
        "track": track,
        "began_on": ago(900),
        "guidance": OF_ADULTS if track == "adults" else OF_2018,
        "stands_at": "action follow-up",
        "earlier_reference": f"OLD {number:03d}",
        "summary": "Known.",
    } | besides


def action(owner: str = "casey_lead", due: str = ago(40), agency: str = "police") -> dict[str, str]:
    """An action that is owed, and late."""
    return {"agency": agency, "owner": owner, "due_on": due, "what": "Train the desk."}


def taken_in(records: Records, forms: Sequence[dict[str, Any]], source: str = SOURCE) -> list[str]:
    """These reviews, taken over from a file: their references."""
    many = [MovesIn(form, source, f"moved-in:{source}:{number}") for number, form in enumerate(forms)]
    return [one.review.reference for one in records.take_over(many, ACTOR, ENTERED)]


def night(records: Records, days: int = 1) -> None:
    """So many nights pass, each with a sweep."""
    for day in range(1, days + 1):
        assert () == sweep.sweep(records.engine, records.rulebook, ENTERED + timedelta(days=day)).faults


def letters(records: Records) -> list[Any]:
    """Every letter, with what it says."""
    about = select(notices.c.occasion, notices.c.person, notices.c.channel, notice_facts.c.context, notice_facts.c.key)
    with records.engine.connect() as connection:
        return list(connection.execute(about.join_from(notices, notice_facts, outbox.SAID)))


def counted(records: Records) -> Counter[tuple[str, str]]:
    """How many letters each person had, by occasion; over several ways they are several."""
    return Counter((row.occasion, row.person) for row in letters(records))


def test_the_unit_has_one_letter_about_all_that_came_in(records: Records) -> None:
    """Twelve open reviews and a closed one: one letter, a line for each open one, with what is owed by which day."""
    forms = [carried(number, "adults" if number % 2 else "children", open_duties=[action()]) for number in range(12)]
    forms.append(carried(12, stands_at="closed", closed_on=ago(300)))
    references = taken_in(records, forms)
    assert [] == letters(records)
    night(records)
    (said,) = [row for row in letters(records) if row.person == "role:business_unit"]
    assert "taken_over" == said.occasion and "Wed 25 Nov 2026" == said.context["taken_over_on"]
    lines = said.context["taken_in"].splitlines()
    assert sorted(references[:12]) == sorted(line.split(" · ")[0] for line in lines)
    assert all("A01" in line and "overdue by" in line and "waits for Exampleshire Police" in line for line in lines)
    letter = write_letter("taken_over", said.context)
    assert letter.subject == "All reviews · taken over on Wed 25 Nov 2026: what is now owed"
    assert SOURCE not in letter.html, "what somebody called a file stands in no letter"
    assert 12 == letter.html.count("<li>")


def test_whoever_owes_much_hears_once_and_of_all_of_it(records: Records) -> None:
    """Twenty late actions of one owner in ten reviews: one letter by each way, not twenty; and never again of them."""
    references = taken_in(records, [carried(number, open_duties=[action(), action()]) for number in range(10)])
    night(records)
    theirs = [row for row in letters(records) if row.person == "casey_lead"]
    assert ["taken_over"] == [row.occasion for row in theirs]
    lines = theirs[0].context["unmet"].splitlines()
    assert 20 == len(lines)
    assert {(one, action) for one in references for action in ("A01", "A02")} == {
        (line.split(" · ")[0], "A01" if "A01" in line else "A02") for line in lines
    }
    assert "Your reviews · taken over" in write_letter("taken_over", theirs[0].context).subject
    night(records)
    assert theirs == [row for row in letters(records) if row.person == "casey_lead"]
    records.rebuild()
    night(records)
    assert theirs == [row for row in letters(records) if row.person == "casey_lead"]
    assert () == tuple(records.verify())


def test_a_single_thing_keeps_the_letter_of_its_own(records: Records) -> None:
    """One late action each of two people, in one file: a letter about it, with the rule and its advice."""
    taken_in(records, [carried(0, open_duties=[action()]), carried(1, open_duties=[action("jules_lead")])])
    night(records)
    assert 1 == counted(records)["due_missed", "casey_lead"] == counted(records)["due_missed", "jules_lead"]


def test_one_review_alone_has_the_letter_about_it(records: Records) -> None:
    """A file with one open review: the unit's letter is that of a review that was entered late, law and ours apart."""
    taken_in(records, [carried(0, open_duties=[action()])])
    night(records)
    assert 1 == counted(records)["entered_late", "role:business_unit"]


def test_two_files_are_two_letters(records: Records) -> None:
    """Taken in on one day: each lists its own reviews, and none of the other's."""
    first = taken_in(records, [carried(number) for number in range(2)], "first.xlsx")
    second = taken_in(records, [carried(number) for number in range(3)], "second.xlsx")
    night(records, 3)
    said = [row.context["taken_in"].splitlines() for row in letters(records)]
    listed = [sorted(line.split(":")[0].split(" · ")[0] for line in lines) for lines in said]
    assert sorted([first, second]) == sorted(listed)


def test_a_letter_about_hundreds_is_no_longer_than_one_can_be(records: Records) -> None:
    """Of seventy the most urgent are listed and the others counted; of one with many duties as many as fit."""
    many = [carried(number, open_duties=[action(due=ago(number))]) for number in range(69)]
    many.append(carried(69, open_duties=[action(due=ago(100)) for _ in range(30)]))
    references = taken_in(records, many)
    night(records)
    (said,) = [row for row in letters(records) if row.person == "role:business_unit"]
    lines = said.context["taken_in"].splitlines()
    assert LONGEST_LISTS["taken_in"] == len(lines) and lines[0].startswith(references[69])
    assert lines[0].endswith("more") and all(len(line) <= LONGEST_FACT for line in lines)
    assert "and 21 more, at the pages" == lines[-1]


@pytest.mark.parametrize("days", [2, 40])
def test_what_comes_later_is_told_by_its_ladder(records: Records, days: int) -> None:
    """An action that is not late yet has its own reminders when they fall due; its owner hears of each rung once."""
    due = (TODAY + timedelta(days=20)).isoformat()
    taken_in(records, [carried(number, open_duties=[action(due=due)]) for number in range(3)])
    night(records, days)
    mine = Counter(row.key for row in letters(records) if row.person == "casey_lead")
    assert all(number == 1 for number in mine.values())
    assert (days > 20) == any(row.occasion == "due_missed" for row in letters(records))


def test_passed_days_of_the_law_are_told_at_once_and_once_to_each(records: Records) -> None:
    """Three rapid reviews whose days are over: whomever a missed day calls has one letter of all three."""
    rapid = {"guidance": "another, said in the summary", "stands_at": "rapid review"}
    references = taken_in(
        records, [carried(n, "children", **rapid, began_on=ago(80), notified_on=ago(60)) for n in range(3)]
    )
    night(records)
    told = [row for row in letters(records) if "unmet" in row.context]
    assert {"alex_example", "glenn_sample", "harper_sample", "indy_sample"} <= {row.person for row in told}
    assert {"at once"} == {row.context["urgency"] for row in told}
    for row in told:
        assert references == sorted({line.split(" · ")[0] for line in row.context["unmet"].splitlines()})
    assert {1} == {*Counter((row.person, row.channel) for row in letters(records)).values()}
    night(records, 30)
    assert told == [row for row in letters(records) if "unmet" in row.context]


def test_each_review_says_of_the_one_letter_what_it_says_of_it(records: Records) -> None:
    """Among the letters of a review stand those about all of them, with its own lines: who was told of it, and how."""
    first, second = taken_in(records, [carried(0, open_duties=[action(), action()]), carried(1)])
    night(records)
    engine = records.engine
    assert [("taken_over", "casey_lead"), ("taken_over", "role:business_unit")] == sorted(
        (one.occasion, one.person) for one in letters_of(engine, first)
    )
    (unit,) = letters_of(engine, second)
    assert ("role:business_unit", second) == (unit.person, unit.reference)
    assert "nothing is owed now" in about_words(unit.about) and "A01" not in about_words(unit.about)
    owner = next(one for one in letters_of(engine, first) if one.person == "casey_lead")
    assert 2 == about_words(owner.about).count("overdue by") and "A02" in about_words(owner.about)
