"""
Whether what a rule cites of an Act or of regulations is there, and says what the rule says of it.

The register lists each provision that was read, with its parts and the people whom it names. A provision that nobody
read is not cited, words are quoted from the provision that they stand under, and whose duty it is agrees with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from config.addresses import A_PROVISION
from config.sources import INSTRUMENTS, Provision, Sources
from safeguarding.errors import Fault
from safeguarding.law.citation import NUMBERED, Citation, Confidence, Level, Sets
from safeguarding.law.remedy import Remedy
from safeguarding.law.rule import Edition, Rule

Placed = list[tuple[str, Rule]]

ITS_OWN = {"s.": "the section", "reg.": "the regulation", "art.": "the article", "Sch.": "the paragraph"}
"""What a provision is called by words quoted from itself, by how it begins."""

AN_INSTRUMENT = re.compile(
    r"(?:[A-Z(][\w'’()-]*,? (?:(?:and|of|to|for) )?)+(?:Act|Regulations|Order) \d{4}"
    r"|S\.I\. \d{4}/\d+|Working Together(?: to Safeguard Children)?,? (\d{4})"
)
"""An Act, regulations or an edition of guidance by name, of guidance with its year."""

AMENDED_BY = re.compile(r",? as (?:inserted|amended|substituted) by .*")
"""What follows says which Act put the words there, and not where else they stand."""


def faults_of_provisions(placed: Placed, sources: Sources) -> Iterator[Fault]:
    """Every citation of the law that the register does not bear out, under its file and key."""
    for file, rule in placed:
        if rule.level is Level.LOCAL:
            continue
        for number, remedy in enumerate(rule.on_miss):
            yield from (Fault(file, f"on_miss[{number}].source", words) for words in _of_advice(remedy, sources))
        for edition in rule.editions:
            for place, one in enumerate(edition.citations):
                for key, problem in (*_of_citation(one, sources), *_of_words(one)):
                    yield Fault(file, f"editions[{edition.name}].citations[{place}].{key}", problem)
            if edition.in_force:
                yield from (Fault(file, key, problem) for key, problem in _of_people(rule, edition, sources))


def _of_citation(one: Citation, sources: Sources) -> Iterator[tuple[str, str]]:
    """A provision of an Act or of regulations that was not read, so that nobody knows that it is there."""
    if one.level not in NUMBERED or one.provision is None or A_PROVISION.fullmatch(one.provision) is None:
        return
    known = sources.provisions_of(one.instrument)
    if known is None:
        yield "instrument", f"is not one of config/{INSTRUMENTS}, which says what of it was read: '{one.instrument}'"
    elif problem := not_there(one.provision, known):
        yield "provision", problem


def not_there(provision: str, known: Mapping[str, Provision]) -> str:
    """Why this is none of the provisions that were read, in words; nothing if it is one."""
    base = _base(provision)
    if base not in known:
        read = ", ".join(dict.fromkeys(_base(name) for name in known)) or "none"
        return (
            f"'{base}' is none of the provisions that were read ({read}): read it, and write it down in "
            f"config/{INSTRUMENTS}, or cite the right one"
        )
    parts = known[base].parts
    beyond = [part for part in re.findall(r"\((\d+)\)", provision[len(base) :]) if parts is not None]
    wrong = [part for part in beyond if not 1 <= int(part) <= (parts or 0)]
    if wrong:
        has = "no numbered parts" if not parts else f"{parts} numbered parts"
        return f"{base}({wrong[0]}) is not there: {base} has {has}"
    return ""


def _base(provision: str) -> str:
    """The section, regulation or paragraph itself, without its parts."""
    found = re.match(r"(?:s\.|reg\.|art\.)\d+[A-Z]*|Sch\.\d+[A-Z]* para \d+[A-Z]*", provision)
    return found.group() if found else provision


def _of_words(one: Citation) -> Iterator[tuple[str, str]]:
    """Words that stand in another text than the one they are quoted under."""
    where = one.quote_from or ""
    if not where:
        return
    others = [found.group() for found in AN_INSTRUMENT.finditer(AMENDED_BY.sub("", where)) if not _is_of(found, one)]
    if others:
        yield "quote_from", f"says that the words stand in {others[0]}, and the citation is of {one.name}"
        return
    if one.level not in NUMBERED:
        if where.startswith(tuple(ITS_OWN.values())) or A_PROVISION.match(where):
            yield "quote_from", f"says «{where}», and {one.name} has none: in which text do the words stand?"
        return
    own = next((words for begins, words in ITS_OWN.items() if (one.provision or "").startswith(begins)), "")
    if one.confidence is Confidence.V and not where.startswith(own) and _base(where) != _base(one.provision or ""):
        yield "quote_from", f"says «{where}»: words under {one.name}, read there, stand in {own} itself or nowhere"


def _is_of(found: re.Match[str], one: Citation) -> bool:
    """Whether an instrument that is named is the one that is cited, or whoever restates it."""
    named, edition = found.group(), found.group(1)
    if edition is not None:
        return one.instrument.startswith("Working Together") and edition in one.instrument
    return named in one.instrument or one.instrument in named or named in (one.restated_by or "")


def _of_advice(remedy: Remedy, sources: Sources) -> Iterator[str]:
    """Advice that says it was read in the law, and does not say where, or names what is not there."""
    if not remedy.tag.may_be_called_law:
        return
    if remedy.source is None:
        tag = remedy.tag.value
        yield f"is missing: tag {tag} says that the law says it. In which provision? Without one, no tag"
        return
    if remedy.tag is not Confidence.V:
        return
    for one in sources.instruments.values():
        short = re.search(r"S\.I\. \d{4}/\d+", one.instrument)
        for name in (one.instrument, *([short.group()] if short else [])):
            if remedy.source.startswith(f"{name} "):
                known = sources.provisions_of(one.instrument) or {}
                yield from filter(None, [not_there(remedy.source.removeprefix(f"{name} "), known)])
                return
    yield f"'{remedy.source}' names no instrument of config/{INSTRUMENTS}: such as S.I. 2018/789 reg.14(3)"


def _of_people(rule: Rule, edition: Edition, sources: Sources) -> Iterator[tuple[str, str]]:
    """A duty holder, or somebody to whom something is owed, other than the provision that sets it says."""
    for one in edition.citing(Sets.DUTY):
        owed_by = _read_of(one, sources).owed_by
        if owed_by and not rule.duty_holder.startswith(owed_by):
            yield "duty_holder", f"is '{rule.duty_holder}', and {one.name} puts the duty on {' or '.join(owed_by)}"
    named_by = edition.citing(Sets.RECIPIENTS)
    for one in named_by:
        if missing := [name for name in _read_of(one, sources).to if name not in rule.recipients]:
            yield "recipients", f"lacks {' and '.join(missing)}, whom {one.name} names"
    # Where no source is cited for whom it is owed to, those of the duty are asked.
    read = [(one, _read_of(one, sources).to) for one in named_by or edition.citing(Sets.DUTY)]
    if read and all(named for _, named in read):
        beyond = [name for name in rule.recipients if not any(name in named for _, named in read)]
        if beyond:
            names = "; ".join(one.name for one, _ in read)
            yield "recipients", f"has {' and '.join(beyond)}, whom {names} does not name: which source does?"


def _read_of(one: Citation, sources: Sources) -> Provision:
    """What was noted of the provision that is cited: of the longest that it begins with."""
    provision = one.provision or ""
    known = (sources.provisions_of(one.instrument) or {}) if one.level in NUMBERED else {}
    names = [name for name in known if provision.startswith(name) and _base(name) == _base(provision)]
    return known[max(names, key=len)] if names else Provision()
