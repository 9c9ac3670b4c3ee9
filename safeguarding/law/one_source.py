"""
The short form of an edition that has one source: `citation`, `confidence` and `quote`, as local dates are written.

A partnership's own date comes from one procedure, so its file names it once. It is read into the list of citations.
"""

from __future__ import annotations

from typing import Any

SHORT = {"citation", "confidence", "length_confidence", "quote"}
NAMES = {"title": "instrument", "paragraph": "provision", "href": "address", "seen_in": "restated_by"}
"""The keys of the short form and what they are in a citation."""
OWN_CHOICE = "No source: chosen for this product"


def in_full(rule: Any) -> Any:
    """A rule's data with every short edition written out. What is not in the short form stays as it is."""
    if not isinstance(rule, dict) or not isinstance(rule.get("editions"), list | tuple):
        return rule
    return {**rule, "editions": [_edition(edition, rule) for edition in rule["editions"]]}


def _edition(edition: Any, rule: dict[str, Any]) -> Any:
    if not isinstance(edition, dict) or "citations" in edition or not isinstance(edition.get("citation"), dict):
        return edition
    long = {key: value for key, value in edition.items() if key not in SHORT}
    return {**long, "citations": _citations(edition, rule)}


def _citations(edition: dict[str, Any], rule: dict[str, Any]) -> list[dict[str, Any]]:
    given = edition["citation"]
    level = rule.get("level")
    one = {NAMES.get(key, key): value for key, value in given.items()}
    one |= {"level": level, "sets": ["duty", "time"]}
    if "confidence" in edition:
        one["confidence"] = edition["confidence"]
    if edition.get("quote") is not None:
        one |= {"quote": edition["quote"], "quote_from": given.get("seen_in") or given.get("title")}
    tag = edition.get("length_confidence") or edition.get("confidence")
    time_level = rule.get("time_level") or level
    if tag == edition.get("confidence") and time_level == level:
        return [one]
    time = {"instrument": one.get("instrument"), "level": time_level, "confidence": tag, "sets": ["time"]}
    if tag == "D":
        time["instrument"] = OWN_CHOICE
    return [{**one, "sets": ["duty"]}, time]
