"""A proof as it is told: in words for whoever asked for it, and as data."""

from __future__ import annotations

from typing import Any

from flows.privacy.leaks import ON_PURPOSE
from flows.privacy.prove import Proof

NOTHING = "Nothing that was typed was found outside the sealed record."
UNUSED = (
    "bytes of Prefect's database file that no row uses, until the file was written anew, "
    "as the running system does every quarter of an hour"
)
SHOWN = 40
"""Finds that are told one by one."""


def words(proof: Proof) -> list[str]:
    """What was planted, searched, found and removed."""
    real = "a real one: no way was tried that writes a line in it"
    record = "an invented one, so answers were accepted too" if proof.whole else real
    lines = [f"The record is {record}.", "", *_on_purpose(proof)]
    if proof.searched is not None:
        lines += ["", *_planted(proof), "", *_searched(proof), "", *_found(proof)]
    if proof.left_out:
        lines += ["", "Left out:", *(f"  {one}." for one in proof.left_out)]
    lines += ["", f"Taken away: {'; '.join(proof.taken.words)}."]
    return lines + [f"  NOT taken away: {one}." for one in proof.taken.left]


def _on_purpose(proof: Proof) -> list[str]:
    if proof.blind:
        kinds = ", ".join(leak.kind for leak in proof.blind)
        lines = [f"The search is BLIND: a leak on purpose was not found ({kinds}). Nothing else was planted."]
    else:
        lines = ["The search sees: each leak on purpose was found, and then taken away."]
    return lines + [f"  {leak.kind}: {where}" for leak, where in proof.seen]


def _planted(proof: Proof) -> list[str]:
    doors = {door: count for door, count in proof.canaries.of_doors().items() if door != ON_PURPOSE}
    total = sum(words for words, _ in doors.values())
    lines = [f"Planted: {total} canaries, each a word of its own that begins with {proof.canaries.stem}."]
    lines += [f"  {door}: {count} in {ways} ways" for door, (count, ways) in doors.items()]
    if proof.nothing_taken:
        return [*lines, "NOT ONE answer was accepted: of accepted answers nothing is proved."]
    belong = f"{proof.sealed} of them stand in the record, sealed, where they belong."
    return [*lines, belong] if proof.whole else lines


def _searched(proof: Proof) -> list[str]:
    if proof.searched is None:
        return []
    after = f"after a sweep and {proof.seconds:.0f} seconds"
    lines = [f"Searched {after}, in plain, base64, URL, JSON, hex and UTF-16 spelling, in any case:"]
    lines += [f"  {one.words}" for one in proof.searched.looked if one.counted]
    lines += [f"  NOT searched: {one}" for one in proof.searched.could_not]
    lines += [f"  Not searched: {one}" for one in proof.searched.elsewhere]
    if proof.in_unused_bytes:
        lines.append(f"  {len(proof.in_unused_bytes)} stood in {UNUSED}.")
    return lines


def _found(proof: Proof) -> list[str]:
    traces = list(dict.fromkeys(trace.words for trace in proof.traces))
    if not traces:
        return [NOTHING]
    more = [f"  and {len(traces) - SHOWN} more"] if len(traces) > SHOWN else []
    return [f"FOUND, where nothing may be, {len(traces)} times:", *(f"  {one}" for one in traces[:SHOWN]), *more]


def as_data(proof: Proof) -> dict[str, Any]:
    """The same for programs."""
    searched = proof.searched
    return {
        "holds": proof.holds,
        "whole": proof.whole,
        "stem": proof.canaries.stem,
        "sealed": proof.sealed,
        "on_purpose": [{"kind": leak.kind, "found_in": where} for leak, where in proof.seen],
        "blind": [leak.kind for leak in proof.blind],
        "doors": {door: {"canaries": count, "ways": ways} for door, (count, ways) in proof.canaries.of_doors().items()},
        "ways": sorted({canary.named for canary in proof.canaries}),
        "searched": {one.place: one.counted for one in searched.looked} if searched else {},
        "could_not_search": [*searched.could_not, *searched.elsewhere] if searched else [],
        "found": [{"door": trace.canary.door, "way": trace.canary.way, "where": trace.where} for trace in proof.traces],
        "in_unused_bytes": [trace.canary.named for trace in proof.in_unused_bytes],
        "left_out": proof.left_out,
        "taken_away": {"runs": proof.taken.runs, "pages": proof.taken.pages, "reviews": proof.taken.reviews},
        "not_taken_away": proof.taken.left,
    }
