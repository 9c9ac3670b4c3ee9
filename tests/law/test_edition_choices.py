"""Editions compared, and a review moved to another one: shown first, chosen with a reason, and never silently."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from flows.demo.answers import answer, signer
from safeguarding.duties.edition_moves import moves, offer
from safeguarding.errors import TransitionRefused
from safeguarding.law.editions_compared import EditionNotFound, difference, held_back, listed, named, takes_effect
from safeguarding.law.rule import Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.lifecycle import Identity, attempt
from safeguarding.review.events import Event
from safeguarding.review.fold import fold
from safeguarding.review.review import Duty, Review
from safeguarding.stages import STEPS


def with_editions(rule: Rule, *changed: dict[str, Any]) -> Rule:
    """The rule with these editions in place of those of the same name, or after the last."""
    given = {edition.name: edition.model_dump(by_alias=True) for edition in rule.editions}
    for change in changed:
        given[change["name"]] = {**given.get(change["name"], {}), **change}
    return Rule.model_validate({**rule.model_dump(by_alias=True), "editions": list(given.values())})


def cited(quote: str) -> list[dict[str, Any]]:
    """The one source of an edition that somebody has read."""
    book = "Working Together to Safeguard Children 2026"
    read = {"instrument": book, "level": "guidance", "confidence": "V", "sets": ["duty", "time"]}
    return [{**read, "quote": quote, "quote_from": "its chapter 5"}]


READ = {"name": "WT2026", "from": "2026-03-19", "in_force": True, "checked": True}


@pytest.fixture(scope="session")
def read_2026(rulebook: Rulebook) -> Rulebook:
    """Somebody has read the 2026 text: ten working days for the rapid review, one working day less for summaries."""
    local = {
        "name": "EX2",
        "from": "2026-03-16",
        "length": 7,
        "citations": [
            {"instrument": "Exampleshire procedure, second version", "level": "local", "confidence": "V"},
        ],
    }
    changed = {
        "C05": with_editions(
            rulebook.rule("C05"), {**READ, "length": 10, "citations": cited("within 10 working days")}
        ),
        "local.c.agency_summary_return": with_editions(rulebook.rule("local.c.agency_summary_return"), local),
    }
    return rulebook.model_copy(update={"rules": tuple(changed.get(rule.id, rule) for rule in rulebook.rules)})


class Walk:
    """A child review notified on a day, its agencies asked the day after."""

    def __init__(self, rulebook: Rulebook, notified: date) -> None:
        self.rulebook = rulebook
        self.events: list[Event] = []
        for step in ("open_referral", "assess_notification", "decide_notification", "send_notification"):
            self.take(step, notified)
        self.take("open_rapid_review", notified)

    @property
    def review(self) -> Review:
        """As the ledger has it."""
        return fold(self.events)

    def take(self, step: str, on: date, **changes: Any) -> Walk:
        """Take a step with the example's answers."""
        review = fold(self.events) if self.events else None
        now = datetime(on.year, on.month, on.day, 10, tzinfo=UTC)
        raw = answer(step, review, on, **changes)
        identity = None if review else Identity("CSPR-2026-001", "Child A")
        self.events.append(attempt(review, step, raw, signer(STEPS[step].by), now, self.rulebook, None, identity))
        return self

    def rows(self, rule: str) -> list[Duty]:
        """Every row of a rule, oldest first."""
        return [duty for duty in self.review.duties if duty.rule == rule]


# --------------------------------------------------------------------------- compared


@pytest.mark.parametrize("asked", ["2018", "WT2018", " wt2018 "])
def test_an_edition_is_found_by_its_year_or_its_name(asked: str, rulebook: Rulebook) -> None:
    """«2018» is Working Together 2018, and not the regulations of that year, whose name does not end so."""
    assert "WT2018" == named(asked, rulebook)


@pytest.mark.parametrize("asked", ["2019", "WT", "", "EX9"])
def test_an_edition_that_nobody_has_is_an_error_that_lists_them(asked: str, rulebook: Rulebook) -> None:
    """No law is guessed from a year."""
    with pytest.raises(EditionNotFound, match=r"The rulebook has: .*WT2018, WT2023, WT2026"):
        named(asked, rulebook)


def test_2018_and_2023_in_plain_english(rulebook: Rulebook) -> None:
    """No length changed; the care leaver's duty is new; of one rule the later text is checked further, of one less."""
    found = difference("WT2018", "WT2023", rulebook)

    assert () == found.of("length changes") + found.of("withdrawn") + found.of("held back")
    assert ("C04", "C29b") == found.of("new")
    assert ("C01", "C17") == tuple(c.rule for c in found.changes if c.confidence_changes)
    assert {"A01", "C10", "C16", "C18", "C19", "N02"} <= set(found.untouched)
    sentences = next(change.sentences for change in found.changes if change.rule == "C02")
    assert "The same length: within 5 working days." in sentences
    sentences = next(change.sentences for change in found.changes if change.rule == "C17")
    assert any("own page" in line and "text not yet checked" in line for line in sentences)
    assert "Lengths that change: none." in found.summary


def test_2026_is_held_back_and_says_why(rulebook: Rulebook) -> None:
    """Every rule of it is shown with the reason and with the edition that is applied meanwhile."""
    found = difference("WT2023", "WT2026", rulebook)

    assert {change.rule for change in found.changes} == set(found.of("held back")) == set(held_back("WT2026", rulebook))
    for change in found.changes:
        assert change.length_after is None
        assert "has not been read" in change.sentences[0]
        assert change.sentences[1].startswith("Applied meanwhile: WT2023")
    assert takes_effect("WT2026", rulebook) is None


def test_a_length_that_changes_is_said_first_and_loudest(read_2026: Rulebook) -> None:
    """Ten instead of fifteen; and for whom."""
    change = next(c for c in difference("WT2023", "WT2026", read_2026).changes if c.rule == "C05")

    assert "length changes" == change.verdict
    assert ("within 15 working days", "within 10 working days") == (change.length_before, change.length_after)
    assert "THE LENGTH CHANGES: it was within 15 working days, and is within 10 working days." == change.sentences[0]
    assert "For a clock that starts on or after Thu 19 Mar 2026; an earlier one keeps WT2023." == change.sentences[1]


def test_local_versions_are_compared_like_the_law(read_2026: Rulebook) -> None:
    """A partnership's second procedure changes one rule and withdraws nothing that goes on applying."""
    found = difference("EX1", "EX2", read_2026)
    changed = next(c for c in found.changes if c.rule == "local.c.agency_summary_return")

    assert ("length changes", "within 8 working days", "within 7 working days") == (
        changed.verdict,
        changed.length_before,
        changed.length_after,
    )
    kept = next(c for c in found.changes if c.rule == "local.c.partner_signoff")
    words = "There is no EX2 edition, and EX1 has no last day: it goes on applying, within 14 working days"
    assert ("goes on", True) == (kept.verdict, kept.sentences[-1].startswith(words))
    assert () == found.of("withdrawn")


def test_the_list_has_every_rule_with_its_edition_and_what_is_held_back(rulebook: Rulebook) -> None:
    """One line a rule: the edition in force on the day, and none before there was one."""
    today = {entry.rule: entry for entry in listed(rulebook, date(2026, 11, 23))}
    assert {rule.id for rule in rulebook.rules} == set(today)
    assert ("WT2023", "within 15 working days", ("WT2026",), False) == (
        today["C05"].edition,
        today["C05"].counts,
        today["C05"].held_back,
        today["C05"].checked,
    )
    earlier = {entry.rule: entry for entry in listed(rulebook, date(2020, 1, 1))}
    assert ("WT2018", "none in force") == (earlier["C05"].edition, earlier["C04"].edition)


# --------------------------------------------------------------------------- moved


def test_a_review_keeps_the_edition_of_its_day_until_the_partners_choose(read_2026: Rulebook) -> None:
    """Notified on the 10th of March; the new text took effect on the 19th. Nothing moves by itself."""
    walk = Walk(read_2026, date(2026, 3, 10))
    (c05,) = walk.rows("C05")
    assert ("WT2023", date(2026, 3, 31)) == (c05.edition, c05.due_on)

    (move,) = moves(walk.review, "WT2026", read_2026)
    assert (date(2026, 3, 31), date(2026, 3, 24)) == (move.due_was, move.due_now)
    assert "WT2026 has taken effect" in offer(walk.review, read_2026, date(2026, 3, 20))
    assert "" == offer(walk.review, read_2026, date(2026, 3, 15))


def test_the_choice_supersedes_the_row_with_the_reason_and_keeps_the_old_one(read_2026: Rulebook) -> None:
    """A line of the ledger like any other: old date, new date, edition; the reason is sealed."""
    walk = Walk(read_2026, date(2026, 3, 10)).take("move_to_edition", date(2026, 3, 20), edition="WT2026", rule="C05")

    old, new = walk.rows("C05")
    assert ("superseded", "WT2023", date(2026, 3, 31)) == (old.ended, old.edition, old.due_on)
    assert "moved from edition WT2023 to WT2026; the partners' reason is sealed" == old.why
    assert ("", "WT2026", date(2026, 3, 24), old.anchored_on) == (new.ended, new.edition, new.due_on, new.anchored_on)
    line = walk.events[-1]
    assert {"reason"} == set(line.sealed)
    assert ("2026-03-31", "2026-03-24") == (line.facts["moved"][0]["due_was"], line.facts["moved"][0]["due_now"])
    assert () == moves(walk.review, "WT2026", read_2026)


def test_keeping_the_edition_is_a_choice_with_a_reason_and_is_not_asked_again(read_2026: Rulebook) -> None:
    """No date moves; the line says what was not chosen, the card's offer goes, the list says when it was settled."""
    walk = Walk(read_2026, date(2026, 3, 10))
    rows = walk.review.duties
    walk.take(
        "move_to_edition",
        date(2026, 3, 20),
        edition="WT2026",
        rule="C05",
        choice="keep the edition it has",
        reason="So.",
    )

    assert rows == walk.review.duties
    line = walk.events[-1]
    assert ({"reason"}, ["C05"]) == (set(line.sealed), [kept["rule"] for kept in line.facts["kept"]])
    assert "WT2026" not in offer(walk.review, read_2026, date(2026, 3, 20))
    (move,) = moves(walk.review, "WT2026", read_2026)
    assert move.words.endswith("(on Fri 20 Mar 2026 the partners chose to keep WT2023)")

    walk.take("move_to_edition", date(2026, 3, 24), edition="WT2026", rule="C05")
    assert "WT2026" == walk.rows("C05")[-1].edition, "they may think again"


def test_each_agency_is_moved_on_its_own_row(read_2026: Rulebook) -> None:
    """The second local version gives agencies a day less; all four rows move, and nothing else does."""
    walk = Walk(read_2026, date(2026, 3, 10)).take("move_to_edition", date(2026, 3, 20), edition="EX2")

    rows = walk.rows("local.c.agency_summary_return")
    assert 8 == len(rows)
    assert {(date(2026, 3, 20), "superseded"), (date(2026, 3, 19), "")} == {(row.due_on, row.ended) for row in rows}
    assert 1 == len(walk.rows("C05"))


def test_a_moved_clock_may_go_back_to_the_edition_of_its_own_day(read_2026: Rulebook) -> None:
    """The partners think again: the first date returns, as a third row."""
    walk = Walk(read_2026, date(2026, 3, 10)).take("move_to_edition", date(2026, 3, 20), edition="WT2026")
    walk.take("move_to_edition", date(2026, 3, 23), edition="WT2023", rule="C05")

    assert ["2026-03-31", "2026-03-24", "2026-03-31"] == [row.due_on.isoformat() for row in walk.rows("C05")]
    assert "WT2023" == walk.rows("C05")[-1].edition


def test_a_corrected_anchor_keeps_the_edition_that_was_chosen(read_2026: Rulebook) -> None:
    """The authority knew, and the notification went, a day earlier than recorded: the edition chosen counts it."""
    walk = Walk(read_2026, date(2026, 3, 10)).take("move_to_edition", date(2026, 3, 20), edition="WT2026")
    walk.take("correct_date", date(2026, 3, 23), what="became_aware", correct_on=date(2026, 3, 9))
    walk.take("correct_date", date(2026, 3, 23), what="notification_sent", correct_on=date(2026, 3, 9))

    assert ("WT2026", date(2026, 3, 23)) == (walk.rows("C05")[-1].edition, walk.rows("C05")[-1].due_on)


@pytest.mark.parametrize(
    ("book", "changes", "reason"),
    [
        ("rulebook", {"edition": "WT2026"}, "Edition: choose one of"),
        ("rulebook", {"edition": "WT2018"}, "nothing runs that WT2018 could count differently"),
        ("read_2026", {"edition": "WT2026", "rule": "local.c.partner_signoff"}, "nothing of local.c.partner_signoff"),
        ("read_2026", {"edition": "WT2026", "decided_on": date(2026, 3, 18)}, "takes effect on Thu 19 Mar 2026"),
        ("read_2026", {"edition": "WT2026", "reason": ""}, "Why this review moves, or does not: is needed"),
        ("read_2026", {"edition": "WT2099"}, "Edition: choose one of"),
    ],
    ids=["held back", "an earlier one", "a duty it does not count", "before it takes effect", "no reason", "unknown"],
)
def test_a_move_that_cannot_be_made_says_why(
    book: str, changes: dict[str, Any], reason: str, request: pytest.FixtureRequest
) -> None:
    """Nothing is changed, and the reason is in words."""
    walk = Walk(request.getfixturevalue(book), date(2026, 3, 10))
    with pytest.raises(TransitionRefused, match=reason):
        walk.take("move_to_edition", date(2026, 3, 20), **changes)


def test_the_business_unit_does_not_choose_the_law(read_2026: Rulebook) -> None:
    """It is a decision of the partners."""
    assert {"delegated_partner", "lead_partner"} == STEPS["move_to_edition"].by
