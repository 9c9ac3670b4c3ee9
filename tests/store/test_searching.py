"""Sealed words are looked through on either database: noted before one is opened, in memory alone, for whoever may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from benchmarks.transitions import FIRST
from sqlalchemy import update

from flows.demo.answers import answer, signer
from safeguarding.law.partnership import Partnership
from safeguarding.law.period import Away
from safeguarding.law.rulebook import Rulebook
from safeguarding.law.themes import OwnTheme
from safeguarding.review.events import Actor
from safeguarding.search.finding import as_they_see, found
from safeguarding.search.known import SearchedReview
from safeguarding.search.wanted import SearchWanted
from safeguarding.stages import STEPS
from tasks.record import searching
from tasks.record.erasing import erase_text
from tasks.record.reading import who_read
from tasks.record.records import Records
from tasks.record.searching import WHAT, LookedThrough, Looker, OpenWords, TooMuchSealed, look_through
from tasks.store import queries
from tasks.store.readings import ReadingsWanted
from tasks.store.session import reading
from tasks.store.tables import metadata, review_keys

Walk = Callable[..., str]
Meddle = Callable[..., None]
LATER = FIRST + timedelta(days=200)
WORD = "Wrenathorpe"
"""A word of nobody."""


def open_one(records: Records, summary: str, **changes: str) -> str:
    """A referral whose summary holds a word."""
    raw = answer("open_referral", None, FIRST.date(), summary=summary, **changes)
    return records.open(raw, signer(STEPS["open_referral"].by), FIRST).review.reference


def looker_of(records: Records, person: str) -> tuple[Looker, list[SearchedReview]]:
    """Somebody who looks, and the reviews."""
    partnership = records.rulebook.partnership
    with reading(records.engine) as connection:
        whom = queries.whom_they_concern(connection)
    who = partnership.person(person)
    there = OpenWords().of(records, records.list(), records.rulebook)
    return Looker(who, "code", partnership, whom), [as_they_see(one, who, partnership) for one in there]


def looks(records: Records, words: str, person: str = "alex_example", **besides: Any) -> LookedThrough:
    """Somebody looks through sealed words."""
    looker, there = looker_of(records, person)
    return look_through(records, looker, there, SearchWanted(words=words, **besides), LATER)


def noted(records: Records) -> list[tuple[str, str, str, str, int]]:
    """Who is on record, by which proof, of which review, for what, and for how many texts."""
    there = [one.reading for one in who_read(records, ReadingsWanted())[0]]
    return [(one.person, one.proof, one.reference, one.what, len(one.texts)) for one in there]


def everything_in(records: Records) -> str:
    """Every column of every table, as text."""
    with records.engine.connect() as connection:
        return "".join(str(connection.execute(table.select()).all()) for table in metadata.sorted_tables)


def test_sealed_words_are_found_and_it_is_noted(records: Records, walked: Walk) -> None:
    """Which review, by which text of which line; each that was looked through is noted, and what was looked for not."""
    mine, other = open_one(records, f"Of {WORD} and of others."), walked(2)
    through = looks(records, WORD.upper())
    (one,) = through.found
    assert (mine, [("sealed words: What is known so far", 1)]) == (one.head.reference, [tuple(why) for why in one.why])
    assert (2, 0, 0, []) == (through.reviews, through.erased, through.not_theirs, list(through.broken))
    texts = {reference: sum(len(event.sealed) for event in records.events(reference)) for reference in (mine, other)}
    assert through.texts == sum(texts.values())
    assert {("alex_example", "code", ref, WHAT, count) for ref, count in texts.items()} == {*noted(records)}
    assert WORD not in everything_in(records)
    assert [] == list(records.verify())


def test_nothing_is_noted_by_looking_in_what_is_open(records: Records, walked: Walk) -> None:
    """The history is read by whoever sees the review."""
    walked(2)
    _, there = looker_of(records, "alex_example")
    assert found(there, SearchWanted(words="referred"), records.rulebook.partnership)
    assert [] == noted(records)


def test_it_is_noted_before_anything_is_opened(records: Records, walked: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the first text is opened, its reading stands; of the review after it none does yet."""
    references = [open_one(records, WORD), open_one(records, WORD)]
    events, seen = records.events, []

    def watched(reference: str, unseal: bool = False, **how: Any) -> Any:
        if unseal:
            seen.append((reference, [one[2] for one in noted(records)]))
        return events(reference, unseal, **how)

    monkeypatch.setattr(records, "events", watched)
    assert 2 == len(looks(records, WORD).found)
    assert [(one, [*reversed(references[: n + 1])]) for n, one in enumerate(references)] == seen


def test_all_that_is_looked_for_stands_in_one_line(records: Records, walked: Walk) -> None:
    """A sealed word beside an open one of the same line is found; beside a word of no line it is not."""
    open_one(records, f"Of {WORD}.")
    assert 1 == len(looks(records, f"{WORD} referred").found)
    assert 0 == len(looks(records, f"{WORD} published").found)
    assert 1 == len(looks(records, f'"of {WORD}"').found)


def test_a_reference_before_the_words_narrows_it_to_that_review(records: Records, walked: Walk) -> None:
    """Only its sealed words are opened; with the reference alone, none are."""
    first, second = open_one(records, WORD), open_one(records, WORD)
    through = looks(records, f"{second.lower()} {WORD}")
    assert ([second], [second]) == ([one.head.reference for one in through.found], [one[2] for one in noted(records)])
    assert (0, 1) == (looks(records, first).reviews, len(noted(records)))


@pytest.mark.parametrize("person", ["casey_lead", "robin_example", "pat_specimen"])
def test_whoever_may_not_read_all_looks_in_none(records: Records, walked: Walk, person: str) -> None:
    """An agency's lead, the learning group, a reviewer who was not appointed: nothing is opened or noted."""
    open_one(records, WORD)
    looker, _ = looker_of(records, person)
    assert not looker.reads_any
    through = looks(records, WORD, person)
    assert ([], 0, 1, []) == (list(through.found), through.texts, through.not_theirs, noted(records))


def test_erased_texts_are_passed_over(records: Records, walked: Walk) -> None:
    """They are counted; the other review is looked through."""
    erased, there = open_one(records, WORD, concern="learning request"), open_one(records, WORD)
    raw = answer("close_not_serious", records.read(erased), FIRST.date())
    records.attempt(erased, "close_not_serious", raw, signer(STEPS["close_not_serious"].by), FIRST + timedelta(days=1))
    count = sum(len(event.sealed) for event in records.events(erased))
    erase_text(records, erased, Actor(person="alex_example"), "morgan_specimen", LATER, "order of a court")
    through = looks(records, WORD)
    assert [there] == [one.head.reference for one in through.found] == [one[2] for one in noted(records)]
    assert (1, count) == (through.reviews, through.erased)


def test_a_key_that_is_gone_meanwhile_gives_no_word(records: Records, walked: Walk) -> None:
    """Destroyed by whatever means: the texts are counted as erased, and «erased» is no word of theirs."""
    reference = open_one(records, WORD)
    with records.engine.begin() as connection:
        connection.execute(update(review_keys).values(wrapped=None))
    through = looks(records, "erased")
    assert ([], 0, len(records.events(reference)[0].sealed)) == (list(through.found), through.texts, through.erased)


def test_a_text_that_does_not_open_stops_no_other(records: Records, walked: Walk, meddle: Meddle) -> None:
    """It is said of which review; that it was asked for is noted all the same."""
    spoilt, there = open_one(records, WORD), open_one(records, WORD)
    meddle(
        'UPDATE ledger SET sealed = replace(sealed, \'"summary":"\', \'"summary":"AAAA\') '
        f"WHERE reference = '{spoilt}'"
    )
    through = looks(records, WORD)
    assert ([there], [spoilt]) == ([one.head.reference for one in through.found], list(through.broken))
    assert {spoilt, there} == {one[2] for one in noted(records)}


@pytest.mark.parametrize(("reviews", "texts"), [(1, 5_000), (100, 3)])
def test_more_than_is_looked_through_at_once(
    records: Records, walked: Walk, monkeypatch: pytest.MonkeyPatch, reviews: int, texts: int
) -> None:
    """It is said how many there are; nothing is noted, nothing opened; narrowed, it is looked through."""
    monkeypatch.setattr(searching, "MOST_REVIEWS", reviews)
    monkeypatch.setattr(searching, "MOST_TEXTS", texts)
    first = open_one(records, WORD)
    walked(3)
    with pytest.raises(TooMuchSealed, match="No sealed word was looked through"):
        looks(records, WORD)
    assert [] == noted(records)
    assert 1 == len(looks(records, f"{first} {WORD}").found)


def test_what_is_kept_is_never_older_than_the_record(records: Records, walked: Walk) -> None:
    """A line more in one review: that review alone is read again; where an agency has another name, all are."""
    first, _ = walked(5), walked(5)
    kept = OpenWords()
    before = kept.of(records, records.list(), records.rulebook)
    assert all(
        one is same for one, same in zip(before, kept.of(records, records.list(), records.rulebook), strict=True)
    )
    raw = answer("record_meeting", records.read(first), FIRST.date())
    records.attempt(first, "record_meeting", raw, signer(STEPS["record_meeting"].by), LATER)
    after = kept.of(records, records.list(), records.rulebook)
    assert [False, True] == [one is same for one, same in zip(before, after, strict=True)]
    assert "Meeting recorded" == after[0].lines[-1].title
    away = Away.model_validate({"from": FIRST.date(), "to": FIRST.date()})
    assert after == kept.of(records, records.list(), renamed(records, "people", "alex_example", away=(away,)))
    other = kept.of(records, records.list(), renamed(records, "agencies", "police", name="Elsewhere Police"))
    assert not [one for one in other if one is after[0] or one is after[1]]
    assert "Elsewhere Police" in str(other) and "Elsewhere Police" not in str(after)
    own = OwnTheme.model_validate({"id": "own.cold_homes", "words": "Cold homes"})
    told = [kept.of(records, records.list(), with_themes(records, one)) for one in ((own,), ())]
    assert all(one is not again for one, again in zip(*told, strict=True)), "a theme of ours has other words"


def with_themes(records: Records, themes: tuple[OwnTheme, ...]) -> Rulebook:
    """The rulebook with these themes of the partnership's own."""
    changed = records.rulebook.partnership.model_copy(update={"themes": themes})
    return records.rulebook.model_copy(update={"partnership": changed})


def renamed(records: Records, kind: str, which: str, **changes: Any) -> Rulebook:
    """The rulebook with something else in its partnership."""
    partnership = records.rulebook.partnership
    there = [one.model_copy(update=changes) if one.id == which else one for one in getattr(partnership, kind)]
    fields = {name: getattr(partnership, name) for name in Partnership.model_fields}
    changed = Partnership.model_construct(**{**fields, kind: tuple(there)})
    return records.rulebook.model_copy(update={"partnership": changed})
