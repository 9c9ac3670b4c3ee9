"""
Whether a partnership's partners, quorum and deciders hold together, and leave what the law gives to the three of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from safeguarding.law.partners import JOINT, STATUTORY, TRACKS, Quorum, WhoDecides
from safeguarding.law.period import TrackName


def how_it_decides(it: WhoDecides) -> Iterator[tuple[str, str]]:
    """Every fault of the keys `tracks`, `partners`, `decides` and `quorum`, each with its key and what to write."""
    for track, times in Counter(it.tracks).items():
        if times > 1:
            yield "tracks", f"names {track} {times} times"
    yield from _partners(it)
    if "children" in it.tracks and it.decides.children != "partners":
        yield "decides.children", f"is '{it.decides.children}': {JOINT}. Leave it out, or write partners"
    for said, where in ((it.quorum, "quorum"), *((getattr(it.quorum, t), f"quorum.{t}") for t in TRACKS)):
        if said is not None:
            yield from _known(said, where, it)
    for track in it.tracks:
        yield from _quorum(it, track)


def _partners(it: WhoDecides) -> Iterator[tuple[str, str]]:
    for name, times in Counter(partner.id for partner in it.partners).items():
        if times > 1:
            yield f"partners[{name}].id", f"is given {times} times"
    for partner in it.partners:
        where = f"partners[{partner.id}]"
        if partner.id in STATUTORY and partner.kind != partner.id:
            yield f"{where}.kind", f"is '{partner.kind}', and '{partner.id}' is the id of the {_said(partner.id)}"
        if partner.statutory and partner.vote is False:
            yield f"{where}.vote", f"is no: a statutory partner has a vote. {JOINT[:1].upper()}{JOINT[1:]}"
        if not partner.statutory and partner.vote is None:
            yield f"{where}.vote", "is missing: yes, or no where its position is recorded and not counted"
        if partner.statutory and set(it.tracks) - set(partner.tracks):
            yield f"{where}.tracks", "leaves out a track: a statutory partner is one on each that the partnership runs"


def _known(said: Quorum, where: str, it: WhoDecides) -> Iterator[tuple[str, str]]:
    partners = [partner.id for partner in it.partners]
    for name in said.present or ():
        if name not in partners:
            yield f"{where}.present", f"'{name}' is not a partner: {', '.join(partners)}"


def _quorum(it: WhoDecides, track: TrackName) -> Iterator[tuple[str, str]]:
    """The quorum of one track: nobody statutory left out about a child, and no more to agree than have a vote."""
    here, own = it.arrangement(track), getattr(it.quorum, track)
    if here.decider != "partners":
        if own is not None:
            yield f"quorum.{track}", f"is asked of nobody: 'decides' gives it to {_said(here.decider)}. Take one away"
        return
    where = f"quorum.{track}" if own is not None and own.present is not None else "quorum"
    left_out = [partner.id for partner in here.partners if partner.statutory and partner.id not in here.present]
    if track == "children" and left_out:
        yield f"{where}.present", f"leaves out {' and '.join(left_out)}: {JOINT}. Name every one of them"
    where = f"quorum.{track}" if own is not None and own.agree is not None else "quorum"
    if here.agree > len(here.voting):
        names = ", ".join(partner.id for partner in here.voting)
        yield f"{where}.agree", f"is {here.agree}, and {len(here.voting)} have a vote on the {track}' track: {names}"


def _said(word: str) -> str:
    return word.replace("_", " ")
