"""What a rule, an edition or a partnership once worked out of itself is not said of a copy with other values."""

from __future__ import annotations

from safeguarding.law.citation import Confidence, Level
from safeguarding.law.rulebook import Rulebook
from safeguarding.notices.recipients import Appointed, people_of, ways_of


def test_a_copied_edition_cites_its_own_sources(rulebook: Rulebook) -> None:
    """The words, the caution and the source of the time were asked for; then the edition is copied with another."""
    edition = rulebook.rule("C05").editions[-1]
    before = (edition.words, edition.name_words, edition.caution, edition.duty, edition.number)
    unread = edition.duty.model_copy(update={"instrument": "Another book", "confidence": Confidence.K})
    other = edition.model_copy(update={"citations": (unread,)})
    assert "Another book" in other.words and "Another book" in other.name_words
    assert "not yet checked" in other.caution
    assert other.duty == other.number == unread
    assert before == (edition.words, edition.name_words, edition.caution, edition.duty, edition.number)


def test_a_copied_rule_counts_and_speaks_by_its_own_values(rulebook: Rulebook) -> None:
    """A rule is asked how it counts and at which level; a copy with another unit and level answers for itself."""
    rule = rulebook.rule("C05")
    edition = rule.editions[-1].model_copy(update={"length": 3})
    assert rule.counts_in(edition).length == 3
    days = rule.counts.model_copy(update={"strict_clear_days": not rule.counts.strict_clear_days})
    other = rule.model_copy(update={"counts": days, "time_level": Level.LOCAL})
    assert other.counts_in(edition).strict_clear_days is not rule.counts_in(edition).strict_clear_days
    assert "partnership's own" in other.level_words and "partnership's own" not in rule.level_words


def test_a_copied_partnership_knows_its_own_people(rulebook: Rulebook) -> None:
    """Whoever is left out of a copy is nobody there: no id, no role, no name."""
    partnership = rulebook.partnership
    gone = partnership.people[0]
    assert gone.id in partnership.ids and partnership.known(gone.id) == gone
    other = partnership.model_copy(update={"people": partnership.people[1:]})
    assert gone.id not in other.ids and other.known(gone.id) is None
    assert all(gone not in other.holders(role) for role in gone.roles)


def test_who_hears_is_asked_of_each_file_anew(rulebook: Rulebook) -> None:
    """Who hears for a role, and where somebody is reached, is kept with the file that said it, and with no other."""
    partnership, role = rulebook.partnership, "business_manager"
    (gone, *_) = partnership.holders(role)
    assert (
        gone.id in {one.id for one in people_of(role, [], rulebook)} and ways_of(gone.id, partnership)[0] == gone.email
    )
    left = tuple(person for person in partnership.people if person.id != gone.id)
    other = rulebook.model_copy(update={"partnership": partnership.model_copy(update={"people": left})})
    assert gone.id not in {one.id for one in people_of(role, [], other)}
    assert ways_of(gone.id, other.partnership) == (None, None)
    assert gone.id in {one.id for one in people_of(role, [], rulebook)}


def test_who_hears_is_kept_apart_by_what_was_asked(rulebook: Rulebook) -> None:
    """The leads of one agency are not those of another; and of a reviewer who was appointed nobody else hears."""
    first, second = (agency.id for agency in rulebook.partnership.agencies[:2])
    leads = [people_of("agency_lead", [one], rulebook) for one in (first, second)]
    assert leads[0] != leads[1] and set(people_of("agency_lead", [second, first], rulebook)) == {*leads[0], *leads[1]}
    everybody = people_of("lead_reviewer", [], rulebook, Appointed())
    (one, *_) = rulebook.partnership.holders("lead_reviewer")
    assert [one.id] == [who.id for who in people_of("lead_reviewer", [], rulebook, Appointed(reviewer=one.id))]
    assert everybody == people_of("lead_reviewer", [], rulebook, Appointed())
