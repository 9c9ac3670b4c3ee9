"""
The rulebook: every duty, the calendar and the partnership's choices, read and checked as one.

`config.load()` makes it; everything else asks it which clocks a milestone starts, settles or ends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any, Self

from safeguarding.dates.counting import Counts, Direction, Kind, Unit
from safeguarding.dates.working_days import Calendar
from safeguarding.errors import LawNotFound
from safeguarding.law.milestones import MILESTONES
from safeguarding.law.partnership import MOST_DAYS, Choices, Partnership
from safeguarding.law.period import TrackName
from safeguarding.law.rule import Edition, Rule
from safeguarding.law.serving import serves
from safeguarding.values import Frozen


class Rulebook(Frozen):
    """The law and the local procedure of one partnership. Frozen: a change makes another, with another digest."""

    rules: tuple[Rule, ...]
    given_way: tuple[Rule, ...] = ()
    """Rules whose clock starts no more, since the partnership has a step of its own; older rows name them."""
    former: tuple[Rule, ...] = ()
    """Steps that an earlier file had and this one has not: no part of the digest, known for the rows that name them."""
    calendar: Calendar
    partnership: Partnership

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values, checked again: the digest and the look-ups of the old one do not come along."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate({**given, **(update or {})})

    @cached_property
    def _views(self) -> dict[date | TrackName, Rulebook]:
        return {}

    def on(self, day: date) -> Rulebook:
        """The same rulebook, of the same digest, with the partnership as it stands on a day (London)."""
        return self._seen(day, self.partnership.on(day))

    def for_track(self, track: TrackName) -> Rulebook:
        """The same rulebook, of the same digest, with the people of one track in the roles that they hold there."""
        return self._seen(track, self.partnership.for_track(track))

    def _seen(self, key: date | TrackName, view: Partnership) -> Rulebook:
        if view is self.partnership:
            return self
        known = self._views.get(key)
        if known is None or known.partnership is not view:
            if len(self._views) > MOST_DAYS:
                self._views.clear()
            known = self._views[key] = self.with_staff(view)
        return known

    def with_staff(self, partnership: Partnership) -> Rulebook:
        """The same rulebook, of the same digest, with its people as they stand on a day or beside their file."""
        given = {name: getattr(self, name) for name in Rulebook.model_fields}
        return WithStaff.model_construct(**{**given, "partnership": partnership, "is_of": self})

    def with_former(self, former: tuple[Rule, ...]) -> Rulebook:
        """The same rulebook, of the same digest, that knows steps of earlier files as well. None of them starts."""
        if former == self.former:
            return self
        given = {name: getattr(self, name) for name in Rulebook.model_fields}
        return WithStaff.model_construct(**{**given, "former": former, "is_of": self})

    @property
    def as_filed(self) -> Rulebook:
        """The rulebook as its files have it."""
        return self

    @property
    def label(self) -> str:
        """The rulebook's name on a line of the ledger or a page: the partnership and the digest."""
        return f"{self.partnership.name}, rulebook {self.digest}"

    @cached_property
    def digest(self) -> str:
        """Twelve characters that change when any rule, holiday, person or choice does."""
        return hashlib.sha256(self.model_dump_json(by_alias=True, exclude={"former"}).encode()).hexdigest()[:12]

    @cached_property
    def _by_name(self) -> dict[str, Rule]:
        # Of one that gave way, or that is gone from the file, the row is counted as it was.
        known = (*self.former, *self.rules, *self.given_way)
        return {rule.name: rule for rule in known} | {rule.id: rule for rule in known}

    @cached_property
    def _by_milestone(self) -> dict[tuple[str, str, str], tuple[Rule, ...]]:
        found: dict[tuple[str, str, str], list[Rule]] = {}
        for rule in self.rules:
            uses = [("starts", rule.starts), ("settled_by", rule.settled_by), *(("ends", name) for name in rule.ends)]
            for track in ("children", "adults") if rule.track == "both" else (rule.track,):
                for use, milestone in uses:
                    if milestone is not None and not rule.track_only:
                        found.setdefault((use, milestone, track), []).append(rule)
        return {key: tuple(rules) for key, rules in found.items()}

    @cached_property
    def _closes(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for rule in self._by_name.values():
            for milestone in (*rule.ends, *([rule.settled_by] if rule.settled_by else ())):
                found.setdefault(milestone, set()).add(rule.id)
        return {milestone: frozenset(rules) for milestone, rules in found.items()}

    def leaves_alone(self, milestone: str, rule_id: str) -> bool:
        """Whether a milestone neither settles nor ends the rows of a rule, on any track; of a rule that is known."""
        return rule_id in self._by_name and rule_id not in self._closes.get(milestone, ())

    @cached_property
    def rules_here(self) -> tuple[Rule, ...]:
        """The rules of the reviews that the partnership runs. The others stay known, for reviews that it ran once."""
        return tuple(rule for rule in self.rules if rule.track == "both" or rule.track in self.partnership.tracks)

    def milestone_words(self, name: str) -> str:
        """How a milestone is spoken of: the program's, or one of the partnership's own."""
        return self.partnership.milestone_words(name)

    def rule(self, id_or_name: str) -> Rule:
        """A rule by its id («C05», in any case) or its name. Raises LawNotFound."""
        if found := self._by_name.get(id_or_name):
            return found
        asked = id_or_name.strip()
        for key in (asked, asked.lower(), asked.upper()):
            if key in self._by_name:
                return self._by_name[key]
        raise LawNotFound(asked)

    def knows(self, rule_id: str) -> bool:
        """Whether the rule of a row is known at all."""
        return rule_id in self._by_name

    def counts_still(self, rule_id: str) -> bool:
        """Whether the rule of a row is one of today's, and no step of an earlier file."""
        return self.knows(rule_id) and all(rule.id != rule_id for rule in self.former)

    def unchecked(self) -> tuple[tuple[Rule, Edition], ...]:
        """Every edition that nobody has read in the live instrument for this product: the release check's list."""
        return tuple((rule, edition) for rule in self.rules for edition in rule.editions if not edition.checked)

    @cached_property
    def _bounds(self) -> dict[str, str | None]:
        return {}

    def bound(self, rule: Rule) -> str | None:
        """The id of the rule of the law that a step of ours serves and cannot outlast: named by it, or found."""
        if rule.id not in self._bounds:
            found = None if rule.no_later_than else serves(rule, self.rules)
            self._bounds[rule.id] = rule.no_later_than or (found.id if found else None)
        return self._bounds[rule.id]

    def started_by(self, milestone: str, track: str) -> tuple[Rule, ...]:
        """The duties whose clock a milestone starts on a track; never a `track_only` one."""
        return self._by_milestone.get(("starts", milestone, str(track)), ())

    def settled_by(self, milestone: str, track: str) -> tuple[Rule, ...]:
        """The duties that a milestone settles on a track."""
        return self._by_milestone.get(("settled_by", milestone, str(track)), ())

    def ended_by(self, milestone: str, track: str) -> tuple[Rule, ...]:
        """The duties that are no longer owed after a milestone, without having been met."""
        return self._by_milestone.get(("ends", milestone, str(track)), ())


class WithStaff(Rulebook):
    """A rulebook whose partnership stands as on one day or one track, or with what the record knows beside the file."""

    is_of: Rulebook

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy of the rulebook as filed with other values, of another digest; its people stand as they do here."""
        other = self.as_filed.model_copy(update={"former": self.former, **(update or {})}, deep=deep)
        given = update is not None and "partnership" in update
        return other if given else other.with_staff(self.partnership)  # type: ignore[return-value]

    @property
    def as_filed(self) -> Rulebook:
        """The rulebook as its files have it."""
        return self.is_of.as_filed

    @property
    def digest(self) -> str:
        """The digest of the rulebook as its files have it."""
        return self.is_of.digest


def chosen(rule: Rule, choices: Choices) -> Rule:
    """
    The rule as this partnership counts it, within what the law leaves open.

    The anchor where a rule offers several; strict clear days before publication; and, if the partnership counts
    the anchor's own day as day one, that for forward maxima, which can only make them earlier.
    """
    counts, update = rule.counts, {}
    if rule.starts_options:
        update["starts"] = choices.rapid_review_anchor.value
    moved: dict[str, object] = {}
    if counts.kind is Kind.GATE and counts.direction is Direction.BACKWARD and choices.strict_clear_days.value:
        moved["strict_clear_days"] = True
    if choices.day_zero.value == "included" and _day_zero_matters(counts):
        moved["day_one"] = "same_day"
    if moved:
        update["counts"] = counts.model_copy(update=moved)  # type: ignore[assignment]
    return rule.model_copy(update=update) if update else rule


def _day_zero_matters(counts: Counts) -> bool:
    counted = counts.unit in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS) and counts.length > 0
    return counted and counts.direction is Direction.FORWARD and counts.kind is Kind.MAXIMUM


def conventions(rule: Rule, choices: Choices) -> tuple[str, ...]:
    """The partnership's choices that touch a rule, in words, each with where it is written down."""
    lines = []
    if rule.starts_options:
        words = MILESTONES[choices.rapid_review_anchor.value]
        lines.append(
            f"The rapid review is counted from the day {words} (choice: {choices.rapid_review_anchor.source})."
        )
    if rule.counts.kind is Kind.GATE and rule.counts.direction is Direction.BACKWARD:
        kind = "strict clear days" if choices.strict_clear_days.value else "not strict clear days"
        lines.append(
            f"The days before a planned day are counted as {kind} (choice: {choices.strict_clear_days.source})."
        )
    if _day_zero_matters(rule.counts):
        itself = f"{choices.day_zero.value} (choice: {choices.day_zero.source})"
        lines.append(f"The day from which a time is counted is itself {itself}.")
    return tuple(lines)
