"""
Editions of the law and of the local procedure: what each says of every rule, and what changed between two of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from safeguarding.dates.counting import Unit
from safeguarding.dates.working_days import say
from safeguarding.errors import LawNotFound, SafeguardingError
from safeguarding.law.rule import Edition, Rule
from safeguarding.law.rulebook import Rulebook
from safeguarding.values import Frozen


class EditionNotFound(SafeguardingError):
    """No edition has the name asked for, or more than one could be meant."""

    code = "edition-not-found"

    def __init__(self, asked: str, known: tuple[str, ...]) -> None:
        super().__init__(f"No one edition is called '{asked}'. The rulebook has: {', '.join(known)}.", asked, known)


def named(asked: str, rulebook: Rulebook) -> str:
    """An edition's name from what was asked: «WT2018», «wt2018» or «2018». Raises EditionNotFound."""
    known = tuple(dict.fromkeys(edition.name for rule in rulebook.rules for edition in rule.editions))
    wanted = asked.strip().casefold()
    exact = [name for name in known if name.casefold() == wanted]
    ending = [name for name in known if wanted and name.casefold().endswith(wanted)]
    found = exact or ending
    if len(found) != 1:
        raise EditionNotFound(asked, known)
    return found[0]


def edition_called(rule: Rule, name: str) -> Edition | None:
    """The rule's edition of a name, or None."""
    return next((edition for edition in rule.editions if edition.name == name), None)


# --------------------------------------------------------------------------- the list


class RuleListed(Frozen):
    """A rule on one line of the list, by the edition in force on a day."""

    rule: str
    title: str
    edition: str
    in_force_from: date | None
    counts: str
    source: str
    level: str
    confidence: str
    confidence_words: str
    checked: bool
    held_back: tuple[str, ...]


def listed(rulebook: Rulebook, day: date) -> list[RuleListed]:
    """Every rule by the edition in force on a day; one that had none then says so."""
    return [_entry(rule, day) for rule in rulebook.rules_here]


def _entry(rule: Rule, day: date) -> RuleListed:
    try:
        edition: Edition | None = rule.edition_on(day)
    except LawNotFound:
        edition = None
    tag = "" if edition is None else edition.length_tag.value
    if edition is not None and edition.length_tag is not edition.confidence:
        tag += f" (duty {edition.confidence.value})"
    return RuleListed(
        rule=rule.id,
        title=rule.title,
        edition="none in force" if edition is None else edition.name,
        in_force_from=None if edition is None else edition.from_day,
        counts="" if edition is None else rule.counts_in(edition).words,
        source="" if edition is None else edition.words,
        level=rule.level_words,
        confidence=tag,
        confidence_words="" if edition is None else edition.caution or edition.length_tag.words,
        checked=edition is not None and edition.checked,
        held_back=tuple(other.name for other in rule.awaiting_on(day)),
    )


# --------------------------------------------------------------------------- the difference

Verdict = Literal["same", "length changes", "text changes", "new", "withdrawn", "goes on", "held back"]


class RuleChange(Frozen):
    """What becomes of one rule between two editions, in sentences a lawyer can review."""

    rule: str
    title: str
    verdict: Verdict
    length_before: str | None
    length_after: str | None
    citation_changes: bool
    confidence_changes: bool
    sentences: tuple[str, ...]


class Difference(Frozen):
    """Two editions compared, rule by rule."""

    before: str
    after: str
    changes: tuple[RuleChange, ...]
    untouched: tuple[str, ...]
    """The rules that have neither edition: other instruments govern them."""

    def of(self, verdict: Verdict) -> tuple[str, ...]:
        """The rules of which this is true."""
        return tuple(change.rule for change in self.changes if change.verdict == verdict)

    @property
    def summary(self) -> tuple[str, ...]:
        """The whole in a few lines."""
        lines = [f"{self.before} compared with {self.after}: {len(self.changes)} rules have an edition of either."]
        asked: tuple[tuple[str, Verdict], ...] = (
            ("Lengths that change", "length changes"),
            ("New", "new"),
            ("Withdrawn", "withdrawn"),
            (f"Not touched ({self.before} goes on applying)", "goes on"),
            (f"Held back ({self.after} is not applied to them)", "held back"),
            ("Same length, other text", "text changes"),
            ("The same in both", "same"),
        )
        lines += [f"{words}: {', '.join(self.of(verdict)) or 'none'}." for words, verdict in asked]
        tags = [change.rule for change in self.changes if change.confidence_changes]
        lines.append(f"How far the text is checked changes for: {', '.join(tags) or 'none'}.")
        return tuple(lines)


def difference(before: str, after: str, rulebook: Rulebook) -> Difference:
    """Two editions compared by their names (`named` finds them), in the order of the rulebook."""
    changes, untouched = [], []
    for rule in rulebook.rules:
        old, new = edition_called(rule, before), edition_called(rule, after)
        if old is None and new is None:
            untouched.append(rule.id)
        else:
            changes.append(_change(rule, old, new, before, after))
    return Difference(before=before, after=after, changes=tuple(changes), untouched=tuple(untouched))


def _change(rule: Rule, old: Edition | None, new: Edition | None, before: str, after: str) -> RuleChange:
    was, now = _length(rule, old), _length(rule, new)
    verdict: Verdict = "same"
    if new is None:
        verdict, lines = _without(rule, old, after)
    elif not new.in_force:
        verdict, lines = "held back", list(_held_back(rule, new))
    elif old is None:
        verdict, lines = "new", [f"New: there is no {before} edition.", *_introduced(rule, new)]
    else:
        lines = list(_compared(rule, old, new))
        if was != now:
            verdict = "length changes"
        elif _text(old) != _text(new):
            verdict = "text changes"
    both = old is not None and new is not None and new.in_force
    return RuleChange(
        rule=rule.id,
        title=rule.title,
        verdict=verdict,
        length_before=was,
        length_after=now if new is not None and new.in_force else None,
        citation_changes=both and old.citations != new.citations,  # type: ignore[union-attr]
        confidence_changes=both and _tags(old) != _tags(new),
        sentences=tuple(lines),
    )


def _length(rule: Rule, edition: Edition | None) -> str | None:
    return None if edition is None else rule.counts_in(edition).words


def _tags(edition: Edition | None) -> tuple[str, str] | None:
    return None if edition is None else (edition.confidence.words, edition.length_tag.words)


def _text(edition: Edition) -> tuple[object, ...]:
    return (edition.citations, edition.note, _tags(edition))


def _compared(rule: Rule, old: Edition, new: Edition) -> Iterator[str]:
    was, now = _length(rule, old), _length(rule, new)
    if was == now:
        yield f"The same length: {now}." if rule.counts.unit is not Unit.NONE else "No date in either."
    else:
        yield f"THE LENGTH CHANGES: it was {was}, and is {now}."
    yield f"For a clock that starts on or after {say(new.from_day)}; an earlier one keeps {old.name}."
    if old.words == new.words:
        yield f"The same citation: {new.words}."
    else:
        yield f"The citation changes. It was: {old.words}."
        yield f"It is: {new.words}."
    if _quoted(old) != _quoted(new):
        yield f"Words quoted: {_quoted(old)} before, {_quoted(new)} now."
    if _tags(old) == _tags(new):
        yield f"Checked as far as before: {new.caution or new.length_tag.words}."
    else:
        yield f"How far it is checked changes: before, {_checked(old)}; now, {_checked(new)}."
    if new.note:
        yield f"Note: {new.note}"


def _quoted(edition: Edition) -> str:
    return "; ".join(f"«{one.quote}»" for one in edition.citations if one.quote) or "none"


def _checked(edition: Edition) -> str:
    duty = "" if edition.length_tag is edition.confidence else f" (the duty itself: {edition.confidence.words})"
    return f"{edition.length_tag.words}{duty}"


def _introduced(rule: Rule, new: Edition) -> Iterator[str]:
    yield f"{_capital(_length(rule, new) or '')}, for a clock that starts on or after {say(new.from_day)}."
    yield f"Citation: {new.words}."
    yield f"How far it is checked: {_checked(new)}."
    if new.note:
        yield f"Note: {new.note}"


def _without(rule: Rule, old: Edition | None, after: str) -> tuple[Verdict, list[str]]:
    """A rule that the later edition does not mention: gone with the last day of its own, or going on without one."""
    if old is None:
        return "same", []
    what, ends = f"{_length(rule, old)} ({old.words})", rule.edition_ends(old)
    if ends is None:
        return "goes on", [f"There is no {after} edition, and {old.name} has no last day: it goes on applying, {what}."]
    return "withdrawn", [f"Withdrawn: there is no {after} edition. It was {what}.", f"Its last day is {say(ends)}."]


def _held_back(rule: Rule, new: Edition) -> Iterator[str]:
    yield f"Held back: {new.name} is {new.dated(say)} and is not applied. {new.note}".rstrip()
    applied = [edition for edition in rule.editions if edition.in_force]
    if applied:
        yield f"Applied meanwhile: {applied[-1].name}, {_length(rule, applied[-1])}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def held_back(name: str, rulebook: Rulebook) -> tuple[str, ...]:
    """The rules whose edition of this name is held back because its text has not been read."""
    found = ((rule.id, edition_called(rule, name)) for rule in rulebook.rules)
    return tuple(rule for rule, edition in found if edition is not None and not edition.in_force)


def takes_effect(name: str, rulebook: Rulebook) -> date | None:
    """The first day on which any rule has an edition of this name in force, or None if it is held back everywhere."""
    found = (edition_called(rule, name) for rule in rulebook.rules)
    return min((edition.from_day for edition in found if edition is not None and edition.in_force), default=None)
