"""Canaries through the check of a form, which the page asks for before it sends anything: it keeps nothing."""

from __future__ import annotations

from typing import Any

from flows.cards.dialog import STEP
from flows.privacy.planting import FAR_TOO_LONG, NEVER, STRANGER, Planting
from safeguarding.stages import STEPS

DOOR = "form check"
CHECK = "/ui/schemas/validate"


def plant(planting: Planting) -> None:
    """Every form tried on, good and bad, and what is no form at all."""
    forms = planting.system.forms()

    def tried(schema: Any, values: Any) -> None:
        planting.system.send(planting.system.page, CHECK, {"schema": schema, "values": values})

    def new(way: str) -> str:
        return planting.canaries.new(DOOR, way)

    for step, deployment in forms.items():
        reference = STRANGER if STEPS[step].sources else None
        word = new(f"tried on: {step.replace('_', ' ')}")
        tried(deployment["parameter_openapi_schema"], {"form": planting.everywhere(deployment, step, word, reference)})
    opening = forms["open_referral"]
    schema = opening["parameter_openapi_schema"]
    for way, changes in (("a day that lies ahead", {"received_on": NEVER}), ("something missing", {"agency": None})):
        tried(schema, {"form": planting.everywhere(opening, "open_referral", new(way), None, **changes)})
    word = new("a strange schema")
    tried({"title": word, "properties": {STEP: {"pattern": word, "$ref": word}}}, {STEP: {word: word}})
    word = new("values that are none")
    tried(schema, [word])
    tried(schema, {"form": {"summary": f"{new('too large to be read')} " + "x" * FAR_TOO_LONG}})
    broken = f'{{"schema": {{"properties": {{"step": 1}}}}, "values": {{"step": "{new("broken JSON")}'
    planting.system.page.post(CHECK, content=broken, headers={"content-type": "application/json"})
