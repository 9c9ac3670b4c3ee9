"""Canaries through the short forms, as the page sends them: refused, accepted, too long, put off, cut short."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flows.privacy.filling import as_offered
from flows.privacy.leaks import WHAT_IF
from flows.privacy.planting import BROKEN, FAR_TOO_LONG, NEVER, STRANGER, TOO_LONG, Planting
from flows.privacy.running_system import Json
from safeguarding.dates.london import now
from safeguarding.stages import STEPS

DOOR = "short forms"
OPENING = "open_referral"
CUT_SHORT = ("CANCELLED", "CRASHED")
OF_THE_UNIT = ("flows.mark_away.", "flows.mark_back.", "flows.letter_came_back.")
"""The forms that concern no review."""

SPOILT: dict[str, Callable[[Json, str], Any]] = {
    "refused: a day that lies ahead": lambda form, _: {**form, "received_on": NEVER},
    "refused, with a broken sign": lambda form, word: {**form, "received_on": NEVER, "summary": f"{word} {BROKEN}"},
    "refused: none of the choices": lambda form, word: {**form, "track": word},
    "refused: not a day": lambda form, word: {**form, "received_on": word},
    "refused: a question that no form has": lambda form, word: {**form, word: word},
    "refused: a stranger signs": lambda form, word: {**form, "signed_by": word},
    "refused: a sentence for the minute's reference": lambda form, word: {
        **form,
        "received_on": NEVER,
        "attested": "minuted",
        "minute_reference": f"{word} said so",
    },
    "refused: words in the place of a form": lambda _, word: word,
    "refused: a list in the place of a form": lambda _, word: [word],
    "refused: longer than a question takes": lambda form, word: {**form, "summary": f"{word} " + "x" * TOO_LONG},
    "too large to be read": lambda form, word: {**form, "summary": f"{word} " + "x" * FAR_TOO_LONG},
}
"""A form that opens a review, spoilt so that none is opened, no line written and no reference used."""


def plant(planting: Planting) -> None:
    """Through every form, in every way that leaves nothing in the record."""
    forms = planting.system.forms()
    opening = forms[OPENING]

    def form(way: str, **changes: Any) -> tuple[Json, str]:
        word = planting.canaries.new(DOOR, way)
        return planting.everywhere(opening, OPENING, word, None, **changes), word

    for way, spoil in SPOILT.items():
        send(planting, opening, spoil(*form(way)))
    for step, deployment in forms.items():
        if STEPS[step].sources:
            word = planting.canaries.new(DOOR, f"refused: {step.replace('_', ' ')} of a review that is not there")
            send(planting, deployment, planting.everywhere(deployment, step, word, STRANGER))
    word = planting.canaries.new(DOOR, "refused: carry in, of a review that begins in years to come")
    send(planting, forms["carry_in"], planting.everywhere(forms["carry_in"], "carry_in", word, None, began_on=NEVER))
    word = planting.canaries.new(DOOR, "refused: what if, of words")
    question = {"reference": word, "event_1": word, "agency_or_action": word}
    send(planting, planting.system.deployments()[WHAT_IF], question)
    for entrypoint, deployment in planting.system.deployments().items():
        if entrypoint.startswith(OF_THE_UNIT):
            word = planting.canaries.new(DOOR, f"refused: {entrypoint.rpartition('.')[2].replace('_', ' ')}")
            asked = deployment["parameter_openapi_schema"]["properties"]["form"]
            send(planting, deployment, dict.fromkeys(_questions(asked, deployment), word))
    word = planting.canaries.new(DOOR, "parameters that no form has")
    _press(planting, forms["record_return"], {word: word, "form": {"reference": word}})
    put_off(planting, opening, form("put off to tomorrow")[0])
    for state in CUT_SHORT:
        cut_short(planting, opening, form(f"{state.lower()} as it began", received_on=NEVER)[0], state)
    _beside_the_form(planting, opening)


def _questions(asked: Json, deployment: Json) -> list[str]:
    """The questions of a form as it is drawn."""
    if "$ref" in asked:
        asked = deployment["parameter_openapi_schema"]["definitions"][str(asked["$ref"]).rsplit("/", 1)[-1]]
    return list(asked["properties"])


def send(planting: Planting, deployment: Json, form: Any) -> Json | None:
    """Send what stands in the place of a form; the run, or None where it was turned away."""
    return _press(planting, deployment, {"form": form})


def _press(planting: Planting, deployment: Json, parameters: Json, **more: Any) -> Json | None:
    sent = {"parameters": parameters, "enforce_parameter_schema": False, **more}
    return planting.system.press_run(deployment, sent)


def put_off(planting: Planting, deployment: Json, form: Json) -> None:
    """«Start: Later», which is refused within seconds and kept nowhere."""
    later = (now() + timedelta(days=1)).isoformat()
    state = {"type": "SCHEDULED", "state_details": {"scheduled_time": later}}
    _press(planting, deployment, {"form": form}, state=state)


def cut_short(planting: Planting, deployment: Json, form: Json, state: str) -> None:
    """A form whose run is cancelled, or whose process dies, as it begins or before."""
    run = send(planting, deployment, form)
    if run is not None:
        planting.system.cut_short(run, state)


def _beside_the_form(planting: Planting, opening: Json) -> None:
    """Names, tags and labels that a script sends with a form: no page does, and nothing of them may be kept."""
    if not planting.system.as_a_page:
        planting.left_out.append(
            "names, tags and labels sent beside a form: the page's login is kept only as a proof, so forms were sent "
            "with the word of our own processes (service.login), which may name runs"
        )
        return
    for what in ("name", "tags", "idempotency_key", "work_queue_name", "labels", "job_variables", "context"):
        word = planting.canaries.new(DOOR, f"a run's {what} beside the form")
        given: Any = {"tags": [word], "labels": {word: word}, "job_variables": {word: word}, "context": {word: word}}
        form = planting.everywhere(opening, OPENING, word, None, received_on=NEVER)
        _press(planting, opening, {"form": form}, **{what: given.get(what, word)})


# --------------------------------------------------------------------------- where reviews may be opened


def opened(planting: Planting) -> str:
    """Open an invented review by its form, with canaries in all its text; its reference."""
    deployment = planting.system.forms()[OPENING]
    answers = planting.as_signed(OPENING, None, DOOR, "accepted: open referral", concern="learning request")
    run = planting.system.press_run(deployment, {"parameters": {"form": _as_drawn(deployment, answers)}})
    planting.system.wait([] if run is None else [run["id"]])
    name = str(planting.system.run(run["id"])["name"]) if run is not None else ""
    return name.split(" · ")[0]


def plant_on(planting: Planting, reference: str) -> None:
    """Every other form, sent to an invented review: some are accepted and some refused, with lines that say so."""
    forms = planting.system.forms()
    review = planting.read(reference)
    for step, deployment in forms.items():
        if STEPS[step].sources:
            way = f"sent to a review: {step.replace('_', ' ')}"
            answers = {**planting.as_signed(step, review, DOOR, way), "reference": reference}
            if planting.system.press_run(deployment, {"parameters": {"form": _as_drawn(deployment, answers)}}) is None:
                planting.left_out.append(f"{DOOR}: {way}: Prefect turned it away before it began")
    meeting = forms["record_meeting"]
    for state in CUT_SHORT:
        answers = planting.as_signed("record_meeting", review, DOOR, f"accepted or not, {state.lower()} as it began")
        cut_short(planting, meeting, {**_as_drawn(meeting, answers), "reference": reference}, state)
    answers = planting.as_signed("record_meeting", review, DOOR, "of a review, put off to tomorrow")
    put_off(planting, meeting, {**_as_drawn(meeting, answers), "reference": reference})


def _as_drawn(deployment: Json, answers: Json) -> Json:
    drawn = deployment["parameter_openapi_schema"]
    form: Json = as_offered(answers, drawn["properties"]["form"], drawn["definitions"])
    return form
