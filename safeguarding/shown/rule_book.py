"""
The rule book as a document: every duty of the law with its sources, to be printed, reviewed and signed by a lawyer.

One page of HTML that loads nothing from anywhere. The second part lists what a person with a browser must open next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from html import escape

from safeguarding.dates.counting import Direction, Kind, Unit
from safeguarding.errors import LawNotFound
from safeguarding.law.citation import Citation, Confidence, Level, TextRead
from safeguarding.law.milestones import MILESTONES
from safeguarding.law.roles import NAMED_BY_THE_LAW, ROLES
from safeguarding.law.rule import Edition, Rule
from safeguarding.law.rulebook import Rulebook, conventions
from safeguarding.shown.decision_tables import decision_tables
from safeguarding.shown.rule_book_style import STYLE
from safeguarding.values import Frozen

Copies = dict[TextRead, int]
"""The copies that were read, each with its number in the document."""

A_PROVISION = re.compile(r"/(?:section|regulation|schedule)/")
"""Where in an address of the publisher of legislation the instrument ends."""

TRACKS = (
    ("children", "Child safeguarding practice reviews"),
    ("adults", "Safeguarding adults reviews"),
    ("both", "On either track"),
)


def _say(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def rule_book(rulebook: Rulebook, day: date) -> str:
    """The whole document by the editions in force on a day. Everything in it is escaped; nothing is fetched."""
    law = [rule for rule in rulebook.rules_here if rule.level is not Level.LOCAL]
    copies = _copies(law)
    parts = [*_front(rulebook, law, day), *_held_back(law), *_copies_read(copies)]
    for track, title in TRACKS:
        parts.append(f"<h2>{escape(title)}</h2>")
        parts += [_rule(rule, rulebook, copies, day) for rule in law if rule.track == track]
    parts += decision_tables(rulebook, _sign)
    parts += _to_open(law, day)
    title = escape(f"Rule book of {rulebook.partnership.name}, {_say(day)}")
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="en-GB"><head>{head}<style>{STYLE}</style></head><body>\n{body}\n</body></html>\n'
    )


# --------------------------------------------------------------------------- the front


def _front(rulebook: Rulebook, law: list[Rule], day: date) -> Iterator[str]:
    yield "<h1>The rule book: duties, dates and their sources</h1>"
    yield (
        f'<p class="lead">{escape(rulebook.partnership.name)} · the editions in force on {_say(day)} · '
        f"rulebook {escape(rulebook.digest)}</p>"
    )
    yield (
        f"<p>{len(law)} duties of Acts, regulations, guidance and practice, as this system counts them. For legal "
        "review: please read each against its source and sign it, or say what is wrong. The partnership's own dates "
        "are not here; they bind nobody else. No source has been opened at its publisher for this product unless it "
        "says so; «read» means that a copy was read, which is named.</p>"
    )
    tags = "".join(f"<dt>{tag.value}</dt><dd>{escape(tag.words)}</dd>" for tag in Confidence)
    yield f'<dl class="tags">{tags}</dl>'
    choices = dict.fromkeys(line for rule in law for line in conventions(rule, rulebook.partnership.choices))
    yield "<h3>Conventions of counting</h3>"
    always = (
        "A working day is Monday to Friday, without the bank holidays of England and Wales.",
        "Months and years end on the day of the same number, or on the last day of a shorter month; a minimum is "
        "rounded up. A day that is no working day is not moved on.",
        "What is done on the last day itself is in time. No trial, inquest or other review stops a clock of the law.",
    )
    yield f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in (*always, *choices))}</ul>"


def _held_back(law: list[Rule]) -> Iterator[str]:
    notes = dict.fromkeys(
        f"{edition.name_words}, {edition.dated(_say)}. {edition.note}"
        for rule in law
        for edition in rule.editions
        if not edition.in_force
    )
    if notes:
        yield f"<h3>Editions that are held back</h3><ul>{''.join(f'<li>{escape(note)}</li>' for note in notes)}</ul>"


def _copies(law: list[Rule]) -> Copies:
    read = (one.read for rule in law for edition in rule.editions for one in edition.citations if one.read)
    return {copy: number for number, copy in enumerate(dict.fromkeys(read), start=1)}


def _copies_read(copies: Copies) -> Iterator[str]:
    """Who read which copy on which day: the numbers that the rules refer to."""
    rows = "".join(
        f"<tr><td>{number}</td><td>{escape(copy.where)}</td><td>{escape(copy.state)}</td>"
        f"<td>{_say(copy.day)}</td><td>{escape(copy.by)}</td></tr>"
        for copy, number in copies.items()
    )
    head = "<tr><th></th><th>Copy that was read</th><th>Its state</th><th>Read on</th><th>By</th></tr>"
    table = f'<table class="citations copies"><thead>{head}</thead><tbody>{rows}</tbody></table>'
    yield f'<div class="together"><h3>Copies that were read</h3>{table}</div>'


# --------------------------------------------------------------------------- one rule


def _rule(rule: Rule, rulebook: Rulebook, copies: Copies, day: date) -> str:
    try:
        edition = rule.edition_on(day)
    except LawNotFound:
        return _section(rule, "<p>No edition is in force on this day.</p>")
    counts = rule.counts_in(edition)
    number = f"{counts.words[:1].upper()}{counts.words[1:]}"
    facts = [
        ("Number", f"<strong>{escape(number)}</strong>{_counted(rule)}"),
        ("Level, tag", f"{escape(rule.level_words)}; {_tag(edition.length_tag)} {escape(_checked(edition))}"),
        ("Owed by", escape(rule.duty_holder) + _recipients(rule, rulebook)),
        ("Met here", escape(rule.met_here)) if rule.met_here else ("Reminded here", escape(ROLES[rule.owner])),
        ("Edition", escape(f"{edition.name}, from {_say(edition.from_day)}")),
    ]
    table = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in facts)
    body = [
        f"<p>{escape(rule.description)}</p>",
        f'<table class="facts">{table}</table>',
        _citations(edition, copies),
        f'<p class="note">{escape(edition.note)}</p>' if edition.note else "",
        _list("If it cannot be met", rule.advice),
        _list("Unchecked", _unchecked(rule, edition)),
        _list("What changes, and when", _changes(rule, edition, day)),
        _sign(rule.id),
    ]
    return _section(rule, "".join(body))


def _checked(edition: Edition) -> str:
    """How far the number is checked; and to whom it goes, where that is checked less far."""
    beside = f"; to whom it goes in part: {edition.recipients_caution}" if edition.recipients_caution else ""
    return edition.length_tag.words + beside


def _section(rule: Rule, body: str) -> str:
    kind = ' <span class="kind">shown, not clocked</span>' if rule.track_only else ""
    return f'<section><h3><span class="id">{escape(rule.id)}</span> {escape(rule.title)}{kind}</h3>{body}</section>'


def _counted(rule: Rule) -> str:
    """From which event it is counted, and how, after the number."""
    if rule.counts.unit is Unit.NONE or rule.anchor is None:
        return ""
    way = "counted back from" if rule.counts.direction is Direction.BACKWARD else "counted from the day on which"
    zero = "that day is day zero" if rule.counts.day_one == "next_day" else "that day is day one"
    strict = "; strict clear days" if rule.counts.strict_clear_days else ""
    kind = "; a minimum" if rule.counts.kind is Kind.MINIMUM else ""
    return escape(f", {way} {MILESTONES[rule.anchor]}; {zero}{strict}{kind}")


def recipients_named(rule: Rule, rulebook: Rulebook) -> list[str]:
    """To whom a duty is owed, each as it is spoken of."""
    known = ROLES | NAMED_BY_THE_LAW | {one.id: one.name for one in rulebook.partnership.recipients}
    return [known.get(name, name) for name in rule.recipients]


def _recipients(rule: Rule, rulebook: Rulebook) -> str:
    names = ", ".join(recipients_named(rule, rulebook))
    return f" <span class='grey'>to</span> {escape(names)}" if names else ""


def _tag(tag: Confidence) -> str:
    return f'<span class="tag {"sure" if tag is Confidence.V else "unsure"}">{tag.value}</span>'


def _citations(edition: Edition, copies: Copies) -> str:
    rows = "".join(_citation(one, copies) for one in edition.citations)
    head = "<tr><th>Sets</th><th>Source</th><th>Its words</th><th>Read</th></tr>"
    return f'<table class="citations"><thead>{head}</thead><tbody>{rows}</tbody></table>'


def _citation(one: Citation, copies: Copies) -> str:
    source = [f"<strong>{escape(one.name)}</strong>", f'<span class="grey">{escape(one.level.words)}</span>']
    if one.since is not None:
        by = f", {one.since_by}" if one.since_by else ""
        source.append(escape(f"in force {_say(one.since)}{by}"))
    if one.restated_by:
        source.append(escape(f"as restated by {one.restated_by}"))
    if one.address:
        source.append(f'<a href="{escape(one.address)}">{escape(one.address)}</a>')
    words = (
        f"<q>{escape(one.quote)}</q> <span class='grey'>({escape(one.quote_from or '')})</span>" if one.quote else "–"
    )
    note = f'<div class="grey">{escape(one.note)}</div>' if one.note else ""
    read = escape("; ".join(filter(None, (one.confidence.words, one.read_words))))
    if one.read is not None:
        read = f"copy {copies[one.read]}, read {_say(one.read.day)}"
    return (
        f"<tr><td>{'<br>'.join(part.value for part in one.sets)}</td><td>{'<br>'.join(source)}</td>"
        f"<td>{words}{note}</td>"
        f"<td>{_tag(one.confidence)} {read}</td></tr>"
    )


def _list(title: str, lines: Iterable[str]) -> str:
    found = "".join(f"<li>{escape(line)}</li>" for line in dict.fromkeys(lines))
    return f"<h4>{title}</h4><ul>{found}</ul>" if found else ""


def _unchecked(rule: Rule, edition: Edition) -> Iterator[str]:
    for one in edition.citations:
        if one.confidence is not Confidence.V:
            yield f"{one.name} ({one.sets_words}): {one.confidence.words}."
    copied = [one.name for one in edition.citations if one.confidence is Confidence.V and not edition.checked]
    if copied:
        yield f"Not compared with the publisher's text in force today: {'; '.join(dict.fromkeys(copied))}."
    if rule.counts.unit is Unit.AS_SOON_AS_POSSIBLE:
        yield "That «as soon as possible» is counted as the same working day is this product's reading."


def _changes(rule: Rule, edition: Edition, day: date) -> Iterator[str]:
    ends = rule.edition_ends(edition)
    if ends is not None:
        yield f"{edition.name} ends with {_say(ends)}."
    for later in rule.editions:
        if later.in_force and later.from_day > day:
            yield f"From {_say(later.from_day)}, {later.name}: {rule.counts_in(later).words}."
    for held in rule.editions:
        if not held.in_force:
            yield f"Held back: {held.name_words}, {held.dated(_say)}. It may change this."
    earlier = [one for one in rule.editions if one.in_force and one.from_day < edition.from_day]
    for one in earlier:
        yield f"Before, from {_say(one.from_day)}: {one.name}, {rule.counts_in(one).words} ({one.name_words})."


def _sign(rule: str) -> str:
    boxes = "<span>☐ right as stated</span><span>☐ to be changed:</span>"
    lines = "<span>Name</span><span>Signature</span><span>Date</span>"
    return f'<div class="sign" aria-label="{escape(rule)}"><div>{boxes}</div><div class="lines">{lines}</div></div>'


# --------------------------------------------------------------------------- what to open next


class ToOpen(Frozen):
    """One text that somebody with a browser must open, and the rules that hang on it."""

    instrument: str
    address: str | None
    provisions: tuple[str, ...]
    rules: tuple[str, ...]
    why: tuple[str, ...]
    held_back: bool


def to_open(law: Iterable[Rule], day: date) -> tuple[ToOpen, ...]:
    """Every text that is not read at its publisher, by the editions of a day and those held back: most needed first."""
    found: dict[str, list[tuple[Rule, Citation, bool]]] = {}
    for rule in law:
        for edition in rule.editions:
            held = not edition.in_force
            try:
                applied = edition == rule.edition_on(day)
            except LawNotFound:
                applied = False
            for one in edition.citations if (held or applied) and not edition.checked else ():
                if one.confidence is not Confidence.D:
                    found.setdefault(one.instrument, []).append((rule, one, held))
    made = [_text(instrument, cited) for instrument, cited in found.items()]
    return tuple(sorted(made, key=lambda text: (-len(text.rules), not text.held_back, text.instrument)))


def _text(instrument: str, cited: list[tuple[Rule, Citation, bool]]) -> ToOpen:
    why: dict[str, None] = {}
    for _, one, held in cited:
        if held and one.read is not None:
            why["held back: read as not in force yet. When does it begin, and with these words?"] = None
        elif held:
            why["held back: nothing of it has been read"] = None
        elif one.confidence is Confidence.V:
            why["read in another copy: has it been amended since?" if one.read else "is it as it was read?"] = None
        else:
            why[one.confidence.words] = None
    addresses = {one.address for _, one, _ in cited if one.address}
    return ToOpen(
        instrument=instrument,
        address=_whole(addresses),
        provisions=tuple(dict.fromkeys(one.provision for _, one, _ in cited if one.provision)),
        rules=tuple(dict.fromkeys(rule.id for rule, _, _ in cited)),
        why=tuple(why),
        held_back=any(held for _, _, held in cited),
    )


def _whole(addresses: set[str]) -> str | None:
    """Where to open it: the one address, or of several provisions the instrument, whose page says what was amended."""
    if len(addresses) < 2:
        return next(iter(addresses), None)
    return min((A_PROVISION.split(address)[0] for address in addresses), key=len)


def _to_open(law: list[Rule], day: date) -> Iterator[str]:
    yield '<h2 class="page">To be opened next</h2>'
    yield (
        "<p>What a person with a browser has still to open, the text on which most duties hang first. Whoever reads "
        "one writes into the rule's file what it says, on which day and in which copy it was read.</p>"
    )
    rows = []
    for number, text in enumerate(to_open(law, day), start=1):
        link = f'<br><a href="{escape(text.address)}">{escape(text.address)}</a>' if text.address else ""
        looked_for = "; ".join(text.provisions) or "whatever it says of the duties named"
        rows.append(
            f"<tr><td>{number}</td><td><strong>{escape(text.instrument)}</strong>{link}</td>"
            f"<td>{escape(looked_for)}</td><td>{escape('; '.join(text.why))}</td>"
            f"<td><strong>{len(text.rules)}</strong>: {escape(', '.join(text.rules))}</td></tr>"
        )
    head = "<tr><th></th><th>Open</th><th>Look for</th><th>Why</th><th>What hangs on it</th></tr>"
    yield f'<table class="citations next"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table>'
