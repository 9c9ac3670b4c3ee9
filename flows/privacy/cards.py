"""Canaries through the cards: answers tried, refused, wrong in shape, cut short and accepted, of an invented review."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

from flows.cards.dialog import STEP, submission
from flows.privacy.checks import CHECK
from flows.privacy.filling import as_offered, filled
from flows.privacy.planting import NEVER, Planting
from flows.privacy.running_system import Json, version_of

DOOR = "cards"
LOOK_EVERY = 0.2
"""Seconds."""

WRONG: dict[str, Callable[[Json, int, str], Any]] = {
    "words in the place of a step": lambda _, __, word: {STEP: word},
    "a question that no form has": lambda _, __, word: {word: word},
    "a question of no step": lambda _, __, word: {STEP: {word: word}},
    "a form drawn long ago": lambda _, __, word: {STEP: {f"decide_review__v0__{word.lower()}": word}},
    "a list in the place of a form": lambda _, __, word: [word],
    "none of the choices": lambda step, v, word: {STEP: {**step, f"assess_notification__v{v}__incident": word}},
    "not a day": lambda step, v, word: {STEP: {**step, f"assess_notification__v{v}__aware_on": word}},
}


def plant(planting: Planting) -> None:
    """On a card that is not there: nothing is touched."""
    word = planting.canaries.new(DOOR, "an answer on a card that is gone")
    planting.system.resume({"id": str(uuid.uuid4())}, {STEP: {"decide_review__v1__rationale": word}})
    word = planting.canaries.new(DOOR, "something beside the answer")
    body = {"run_input": {STEP: word}, word: word}
    planting.system.send(planting.system.page, f"/flow_runs/{uuid.uuid4()}/resume", body)


def plant_on(planting: Planting, reference: str) -> None:
    """On the cards of an invented review, which is closed by the last answer."""
    system = planting.system
    for way, spoil in WRONG.items():
        card = system.waited_for_card(reference)
        drawn, version = system.drawn(card), version_of(system.drawn(card))
        answers = filled("assess_notification", planting.read(reference), planting.today)
        step = _as_drawn(drawn, "assess_notification", answers)[STEP]
        _answered(planting, card, spoil(step, version, planting.canaries.new(DOOR, f"wrong: {way}")))
    card = system.waited_for_card(reference)
    late = _answer(planting, reference, card, "close_not_serious", "tried, not sent", decided_on=NEVER)
    system.send(system.page, CHECK, {"schema": system.drawn(card), "values": late})
    late = _answer(planting, reference, card, "close_not_serious", "refused", decided_on=NEVER)
    _answered(planting, card, late)
    for step in ("assess_notification", "decide_notification", "send_notification"):
        card = system.waited_for_card(reference, planting.read(reference).changed)
        way = f"accepted: {step.replace('_', ' ')}"
        if not _answered(planting, card, _answer(planting, reference, card, step, way)):
            planting.left_out.append(f"{DOOR}: {way}: Prefect turned it away")
    _cut_short(planting, reference, "withdraw_notification")


def _answered(planting: Planting, card: Json, sent: Any) -> bool:
    """Press Submit, and wait for what comes of it; whether the answer was taken to be looked at."""
    if not planting.system.resume(card, sent):
        return False
    planting.system.answered(card)
    return True


def _cut_short(planting: Planting, reference: str, step: str) -> None:
    """An answer whose run is cancelled before it is taken: the record has it, and Prefect nothing of it."""
    system, before = planting.system, planting.read(reference).changed
    card = system.waited_for_card(reference, before)
    if not system.resume(card, _answer(planting, reference, card, step, "accepted, cancelled as it was taken")):
        return
    system.cut_short(card, "CANCELLED")
    system.sweep()
    until = time.monotonic() + 60.0
    while planting.read(reference).changed == before and time.monotonic() < until:
        time.sleep(LOOK_EVERY)


def _answer(planting: Planting, reference: str, card: Json, step: str, way: str, **changes: Any) -> Json:
    """An answer to one of the steps of a card, with canaries in all that is sealed."""
    answers = planting.as_signed(step, planting.read(reference), DOOR, way, **changes)
    return _as_drawn(planting.system.drawn(card), step, answers)


def _as_drawn(drawn: Json, step: str, answers: Json) -> Json:
    sent = submission(step, version_of(drawn), answers)
    return {STEP: as_offered(sent[STEP], drawn["definitions"][step], drawn["definitions"])}
