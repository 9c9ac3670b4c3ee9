"""
One timed duty as data: what starts it, what settles it, how it is counted, who owes it, and by which law.

A duty has editions, because the law that governs a review is the law in force on the day its clock started.
An edition carries its citations; each says what it sets, at which level, and how far it has been checked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from safeguarding.dates.counting import LONGEST, UNCOUNTED, Counts, Kind, Unit, due
from safeguarding.dates.working_days import Calendar, next_working_day, say_window
from safeguarding.errors import HorizonPassed, LawNotFound
from safeguarding.law.citation import STATUTORY, Citation, Confidence, Level, Sets, strongest
from safeguarding.law.one_source import in_full
from safeguarding.law.remedy import Remedy, in_words
from safeguarding.values import ID, Key, Name, Remembering, Text, Tidy

RULE_ID = r"^([CAN]\d\d[a-z]?|local\.[cax]\.[a-z0-9_]+)$"
"""How the id of a rule is written: of the law's, or of a step of a partnership's own by its track."""


class Edition(Remembering):
    """One edition of a duty: in force from a day, with its own length and every source of it."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    name: Tidy = Field(min_length=1, max_length=60)
    formerly: tuple[Key, ...] = ()
    """Names that rows of older records give it: the same law, once filed under another instrument."""
    from_day: date = Field(alias="from")
    to_day: date | None = Field(default=None, alias="to")
    """The last day in force. None: until the next edition that is in force begins."""
    length: int | None = Field(default=None, ge=0, le=LONGEST)
    earliest: int | None = Field(default=None, ge=1, le=LONGEST)
    """The first day of a window of which `length` is the last: «working days 2 to 10». A local step's alone."""
    citations: tuple[Citation, ...] = Field(min_length=1)
    in_force: bool = True
    day_seen: bool = True
    """False: no day of commencement was seen, and `from` is the day on which it was read as not yet in force."""
    checked: bool = False
    """Whether somebody has read the live instrument for this product. False fails the release check."""
    note: Text = ""

    def dated(self, say: Callable[[date], str]) -> str:
        """Its day in words; of coming law without one, when that was last looked up."""
        return ("dated " if self.day_seen else "without a day of commencement on ") + say(self.from_day)

    def citing(self, what: Sets) -> tuple[Citation, ...]:
        """The citations that set one thing, in the order of the file."""
        return tuple(one for one in self.citations if what in one.sets)

    @cached_property
    def duty(self) -> Citation:
        """The strongest source of the duty itself; where none is named, of the rest."""
        return strongest(self.citing(Sets.DUTY) or self.citations)  # type: ignore[return-value]

    @cached_property
    def number(self) -> Citation:
        """The strongest source of the time; where no source sets one, of the duty."""
        return strongest(self.citing(Sets.TIME)) or self.duty

    @cached_property
    def is_of_section_16f(self) -> bool:
        """Whether section 16F of the Children Act 2004, or the regulations made under it, impose the duty."""
        return any(
            (one.instrument == "Children Act 2004" and (one.provision or "").startswith("s.16F"))
            or one.instrument.endswith("(S.I. 2018/789)")
            for one in self.citing(Sets.DUTY)
        )

    @property
    def confidence(self) -> Confidence:
        """How far the source of the duty has been checked."""
        return self.duty.confidence

    @property
    def length_tag(self) -> Confidence:
        """How far the number itself is checked: the tag that is shown with a date."""
        return self.number.confidence

    @cached_property
    def words(self) -> str:
        """Its sources as one line, each with what it sets where they set different things."""
        if len({one.sets for one in self.citations}) == 1:
            return "; ".join(one.words for one in self.citations)
        return "; ".join(f"{one.words} [{one.sets_words}]" for one in self.citations)

    @cached_property
    def name_words(self) -> str:
        """The instruments and provisions alone, for a place that is short."""
        return "; ".join(dict.fromkeys(one.name for one in self.citations))

    @property
    def recipients_caution(self) -> str:
        """What a screen must add of whom it is owed to, where that is checked less far than the rest; or nothing."""
        tags = [one.confidence for one in self.citing(Sets.RECIPIENTS) if not one.confidence.may_be_called_law]
        return tags[0].words if tags and tags[0] not in (self.confidence, self.length_tag) else ""

    @cached_property
    def caution(self) -> str:
        """What a screen must add to this edition, or nothing."""
        parts = [self.confidence.words] if not self.confidence.may_be_called_law else []
        if not self.length_tag.may_be_called_law and self.length_tag is not self.confidence:
            parts.append(f"the length is {self.length_tag.words}")
        if self.recipients_caution:
            parts.append(f"to whom it goes is in part {self.recipients_caution}")
        return "; ".join(parts)


class Rule(Remembering):
    """A timed duty of the statutory reference, or a local step of the partnership (`level: local`)."""

    id: Key = Field(pattern=RULE_ID)
    name: Key = Field(pattern=ID)
    title: Tidy = Field(min_length=1, max_length=80)
    description: Text = Field(min_length=1)
    track: Literal["children", "adults", "both"]
    stage: Literal["referral", "rapid_review", "decision", "commissioning", "panel", "publication", "action_follow_up"]
    starts: Key | None = None
    starts_options: tuple[Key, ...] = ()
    """The anchors between which a partnership may choose (`choices.rapid_review_anchor`)."""
    settled_by: Key | None = None
    ends: tuple[Key, ...] = ()
    """Milestones after which it is no longer owed. It is then cancelled, which is not the same as met."""
    per_subject: bool = False
    """One clock for each agency or action."""
    counts_from: Key | None = None
    """The milestone whose day is counted from, where it is not the one that opens the duty."""
    counts: Counts
    duty_holder: Name
    """Who owes it in law, in words."""
    owner: Key
    """The role that does the work and is reminded of it."""
    recipients: tuple[Key, ...] = ()
    """To whom the duty is owed, as its sources name them. Who is reminded here is the owner."""
    level: Level
    """What imposes the duty."""
    time_level: Level | None = None
    """What sets the number, where that is not what imposes the duty: an Act's duty may have guidance's days."""
    on_miss: tuple[Remedy, ...] = ()
    track_only: bool = False
    """Shown and cited, but no clock of a review runs for it."""
    met_here: Text = ""
    """Of what has no clock: the step or question at which somebody meets it, or that it is only told."""
    bars_closing: bool = False
    """Owed to somebody outside, whatever becomes of the review: while its clock runs no step closes the review."""
    outlives_closing: bool = False
    """Owed whatever becomes of the review: closing neither ends it nor asks what becomes of it."""
    may_be_met_before: bool = False
    """Whether what meets it may have been done before the day it is counted from: it is chased from then, not owed."""
    no_later_than: Key | None = None
    editions: tuple[Edition, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _one_source_in_full(cls, data: Any) -> Any:
        """An edition with one source may give it in the short form."""
        return in_full(data)

    @model_validator(mode="before")
    @classmethod
    def _length_of_the_last_edition_in_force(cls, data: Any) -> Any:
        """`counts` shows the current length; each edition states its own, with its own citation."""
        if not (isinstance(data, dict) and isinstance(data.get("counts"), dict) and "length" not in data["counts"]):
            return data
        given = data.get("editions")
        if not isinstance(given, list | tuple):
            return data
        editions = [e for e in given if isinstance(e, dict) and e.get("in_force", True)]
        last = next((e for e in reversed(editions) if isinstance(e.get("length"), int)), None)
        if last is None:
            return data
        counts = {**data["counts"], "length": last["length"]}
        return {**data, "counts": counts if last.get("earliest") is None else {**counts, "earliest": last["earliest"]}}

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problems = []
        if not self.track_only and (self.starts is None or self.settled_by is None):
            problems.append("a duty with a clock needs 'starts' and 'settled_by'")
        if self.counts.unit is Unit.NONE and not self.track_only:
            problems.append("a duty counted as 'none' has no clock, so it is 'track_only: true'")
        if self.starts_options and self.starts not in self.starts_options:
            problems.append(f"'starts' ({self.starts}) is not one of 'starts_options'")
        if (self.level is Level.LOCAL) != self.id.startswith("local."):
            problems.append("a local rule has level 'local' and an id that begins with 'local.', and only it")
        if self.counts.earliest is not None and self.counts.earliest not in {e.earliest for e in self.editions}:
            problems.append("'earliest' stands beside the 'length' of an edition, and not under 'counts'")
        if self.level is not Level.LOCAL and any(edition.earliest is not None for edition in self.editions):
            problems.append("a window ('earliest') belongs to a local rule")
        if self.no_later_than and self.level is not Level.LOCAL:
            problems.append("'no_later_than' belongs to a local rule")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @model_validator(mode="after")
    def _editions_in_order(self) -> Self:
        problems = []
        for before, after in zip(self.editions, self.editions[1:], strict=False):
            if after.from_day <= (before.to_day or before.from_day):
                problems.append(f"edition {after.name} begins before {before.name} is over")
        for edition in self.editions:
            if edition.to_day and edition.to_day < edition.from_day:
                problems.append(f"edition {edition.name} ends before it begins")
            if self.counts.unit in UNCOUNTED and edition.length is not None:
                problems.append(
                    f"edition {edition.name} gives a length, which '{self.counts.unit.value}' does not take"
                )
            if edition.earliest is not None and edition.earliest > (edition.length or 0):
                problems.append(f"edition {edition.name}: its window begins after it ends")
            if self.counts.unit not in UNCOUNTED and edition.length is None and edition.in_force:
                problems.append(
                    f"edition {edition.name} gives no length: each edition repeats it with its own citation"
                )
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @cached_property
    def statutory(self) -> bool:
        """Whether an Act, regulations or statutory or Panel guidance impose it: it cannot be suspended."""
        return self.level in STATUTORY

    @property
    def said_id(self) -> str:
        """The id as it is said to a reader: nothing for a step of our own, whose key says nothing."""
        return "" if self.level is Level.LOCAL else self.id

    @property
    def named(self) -> str:
        """The title, and its id where that is said."""
        return f"{self.title} ({self.said_id})" if self.said_id else self.title

    @cached_property
    def number_level(self) -> Level:
        """The level of the number that is shown, which is the duty's unless another source sets the time."""
        return self.time_level or self.level

    @cached_property
    def date_is_law(self) -> bool:
        """
        Whether the date itself is an Act's, regulations' or guidance's.

        A statutory duty whose day this product or the partnership chose is still owed, but to let that day pass is
        no breach of the section, and nobody is told that it is.
        """
        return self.number_level in STATUTORY

    @property
    def is_nobodys_to_extend(self) -> bool:
        """
        Whether nobody here gives it more time, though its very day was chosen here.

        An Act, regulations or guidance impose it, and it is owed at once, or to somebody outside whatever becomes of
        the review: parents who are to be told of a death, the national Panel by the day that its request names.
        """
        return self.statutory and (self.counts.unit is Unit.AS_SOON_AS_POSSIBLE or self.bars_closing)

    @cached_property
    def level_words(self) -> str:
        """The level of the number in words, and of the duty where that is another."""
        if self.number_level is self.level:
            return self.level.words
        return f"duty: {self.level.words}; time: {self.number_level.words}"

    @cached_property
    def advice(self) -> tuple[str, ...]:
        """What to do when it cannot be met, in sentences that say whose advice each is."""
        return tuple(in_words(self.on_miss, self.level is Level.LOCAL))

    @property
    def anchor(self) -> str | None:
        """The milestone whose day is counted from."""
        return self.counts_from or self.starts

    def edition_on(self, day: date) -> Edition:
        """The edition in force on a day. Raises LawNotFound if none was: no law is guessed."""
        for edition in reversed(self.editions):
            if edition.in_force and edition.from_day <= day and (edition.to_day is None or day <= edition.to_day):
                return edition
        begins = min((e.from_day for e in self.editions if e.in_force), default=None)
        raise LawNotFound(self.id, day, self.title, begins)

    def edition_of(self, name: str, anchored_on: date) -> Edition:
        """
        The edition by which a clock is counted: the one its row names, or if the rule has lost it that of its day.

        A row may name a later edition than its day's, where the partners moved the review to it. Raises LawNotFound.
        """
        for edition in self.editions:
            if name == edition.name or name in edition.formerly:
                return edition
        return self.edition_on(anchored_on)

    def counts_in(self, edition: Edition) -> Counts:
        """The count as one edition has it."""
        if edition.length is None or (edition.length, edition.earliest) == (self.counts.length, self.counts.earliest):
            return self.counts
        asked = (edition.length, edition.earliest)
        if asked not in self._other_counts:
            update = {"length": edition.length, "earliest": edition.earliest}
            self._other_counts[asked] = self.counts.model_copy(update=update)
        return self._other_counts[asked]

    @cached_property
    def _other_counts(self) -> dict[tuple[int, int | None], Counts]:
        """The counts of editions with another length than the present one."""
        return {}

    def awaiting_on(self, day: date) -> tuple[Edition, ...]:
        """Editions dated on or before the day that are held back, because their text has not been read."""
        return tuple(e for e in self.editions if not e.in_force and e.from_day <= day)

    def counts_on(self, day: date) -> Counts:
        """The count as the edition in force on a day has it. Raises LawNotFound if none was."""
        return self.counts_in(self.edition_on(day))

    def due_on(
        self, anchor: date, calendar: Calendar, opened: date | None = None, edition: Edition | None = None
    ) -> date:
        """
        The day on which it is due, by the edition in force on the anchor's day unless another is given.

        `opened` is the day the duty itself opened, where that is later than the day counted from: an agency asked
        on working day 9 for what was planned for working day 8 has until the working day after it was asked.
        """
        day = due(anchor, self.counts_on(anchor) if edition is None else self.counts_in(edition), calendar)
        if opened is not None and opened >= day and self.counts.kind is not Kind.MINIMUM and opened > anchor:
            return next_working_day(opened, calendar)
        return day

    def opens_on(self, anchored_on: date, due_on: date, edition: Edition, calendar: Calendar) -> date | None:
        """The first day of its window, where an edition has one: not after its last, nor beyond the bank holidays."""
        if edition.earliest is None and self.counts.earliest is None:
            return None
        counts = self.counts_in(edition).opening()
        if counts is None:
            return None
        try:
            return min(due(anchored_on, counts, calendar), due_on)
        except HorizonPassed:
            return None

    def due_words(self, anchored_on: date, due_on: date, edition: str, calendar: Calendar) -> str:
        """The day on which a row of it is due, or its window, as people write it."""
        try:
            first = self.opens_on(anchored_on, due_on, self.edition_of(edition, anchored_on), calendar)
        except LawNotFound:
            first = None
        return say_window(first, due_on)

    def edition_ends(self, edition: Edition) -> date | None:
        """The last day of an edition: its own, or the day before the next one in force begins."""
        later = [e.from_day for e in self.editions if e.in_force and e.from_day > edition.from_day]
        return edition.to_day or (min(later) - timedelta(days=1) if later else None)
