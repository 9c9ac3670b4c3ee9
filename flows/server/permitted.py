"""
What may be asked of Prefect's server, and by whom: everything that is not named here is refused, in words.

A person's login has the page of the unit: it looks, answers a card (Resume) and sends a short form (Quick run). Our own
processes have what registering, running and sweeping take. Neither can make anything that runs a command, sends
something to an address or says something else than the program does: no automation, no block, no variable, no job
variable, no pull step.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from flows.server import too_much

ID = r"[0-9a-fA-F-]{32,36}"
WORD = r"[^/]{1,200}"
FLOWS = re.compile(
    r"flows\.(action_follow_up|beside_the_stages|commissioning|decision|letter_came_back|mark_away|mark_back"
    r"|name_agency|panel|publication|rapid_review|referral|timed_duty|watch|what_if)\.[a-z_]+"
)
"""Every entrypoint of this program: nothing else is deployed, and nothing else is run."""
SWEEP = "flows.watch.watch"
FORMS = re.compile(
    r"flows\.(beside_the_stages|letter_came_back|mark_away|mark_back|name_agency|what_if)\.[a-z_]+|flows\.watch\.watch"
)
"""What a person may ask for: short forms, what-if and a sweep. Cards and timed duties come from the record."""
LOCKED: dict[str, Any] = {
    "job_configuration": {"name": None},  # Prefect takes no empty one; a run is named by its own name
    "variables": {"type": "object", "properties": {}, "additionalProperties": False},
}
"""The template of a work pool with nothing to set: no command, no environment, neither in the pool nor with a run."""


class Who(Enum):
    """Whose request it is."""

    PERSON = "person"
    SERVICE = "service"


def _routes(*routes: str) -> re.Pattern[str]:
    """Paths below `/api`, in which `{id}` and `{word}` stand for one part."""
    escaped = (re.escape(one).replace(r"\{id\}", ID).replace(r"\{word\}", WORD) for one in routes)
    return re.compile(f"/api({'|'.join(escaped)})")


def _all_of(kinds: Iterable[str], *ends: str) -> list[str]:
    return [f"/{kind}/{end}" for kind in kinds for end in ends]


OPEN = _routes("/health", "/ready")
"""Whether a server lives anybody may ask."""

_LOOKED_AT = _routes(
    "/version",
    "/hello",
    "/admin/version",
    "/flows/{id}",
    "/flows/name/{word}",
    "/deployments/{id}",
    "/deployments/name/{word}/{word}",
    "/deployments/{id}/schedules",
    "/deployments/{id}/work_queue_check",
    "/flow_runs/{id}",
    "/flow_runs/{id}/graph",
    "/flow_runs/{id}/graph-v2",
    "/flow_runs/{id}/input/{word}",
    "/flow_runs/{id}/logs/download",
    "/flow_run_states/",
    "/flow_run_states/{id}",
    "/task_runs/{id}",
    "/task_run_states/",
    "/task_run_states/{id}",
    "/ui/task_runs/{id}",
    "/artifacts/{id}",
    "/artifacts/{word}/latest",
    "/events/filter/next",
    "/automations/related-to/{word}",
    "/work_pools/{word}",
    "/work_pools/{word}/queues/{word}",
    "/work_queues/{id}",
    "/work_queues/{id}/status",
    "/work_queues/name/{word}",
)
_ASKED_FOR = _routes(
    *_all_of(("flows", "deployments", "flow_runs", "task_runs"), "filter", "count", "paginate"),
    *_all_of(("flow_runs", "task_runs"), "history"),
    *_all_of(("artifacts", "artifacts/latest"), "filter", "count"),
    *_all_of(("work_pools",), "filter", "count"),
    "/flow_runs/lateness",
    "/logs/filter",
    "/events/filter",
    "/events/count-by/{word}",
    "/saved_searches/filter",
    "/work_queues/filter",
    "/work_queues/{id}/concurrency_status",
    "/work_pools/{word}/concurrency_status",
    "/work_pools/{word}/queues/filter",
    "/work_pools/{word}/workers/filter",
    "/ui/flow_runs/count-task-runs",
    "/ui/flow_runs/history",
    "/ui/flows/count-deployments",
    "/ui/flows/next-runs",
    "/ui/schemas/validate",
    "/ui/task_runs/count",
    "/ui/task_runs/dashboard/counts",
)
"""Questions that Prefect takes as a POST: nothing is changed by them."""

CHECK = "/api/ui/schemas/validate"
RESUME = _routes("/flow_runs/{id}/resume")
RUN = re.compile(rf"/api/deployments/({ID})/create_flow_run")

_PERSON: dict[str, list[re.Pattern[str]]] = {
    "GET": [_LOOKED_AT, _routes("/admin/settings")],
    "POST": [_ASKED_FOR, _routes("/automations/filter", "/block_documents/filter"), RESUME, RUN],
}
_SERVICE: dict[str, list[re.Pattern[str]]] = {
    "GET": [
        _LOOKED_AT,
        _routes(
            "/csrf-token",
            "/block_types/slug/{word}",
            "/block_types/slug/{word}/block_documents",
            "/v2/concurrency_limits/{word}",
        ),
    ],
    "POST": [
        _ASKED_FOR,
        RESUME,
        RUN,
        _routes(
            "/flows/",
            "/deployments/",
            "/deployments/get_scheduled_flow_runs",
            "/deployments/{id}/schedules",
            "/deployments/{id}/schedule",
            "/deployments/{id}/pause_deployment",
            "/deployments/{id}/resume_deployment",
            "/flow_runs/{id}/set_state",
            "/flow_runs/{id}/input",
            "/flow_runs/{id}/input/filter",
            "/task_runs/",
            "/task_runs/{id}/set_state",
            "/logs/",
            "/events",
            "/artifacts/",
            "/work_pools/",
            "/work_pools/{word}/get_scheduled_flow_runs",
            "/work_pools/{word}/workers/heartbeat",
            "/v2/concurrency_limits/filter",
            "/v2/concurrency_limits/increment",
            "/v2/concurrency_limits/decrement",
            "/v2/concurrency_limits/increment-with-lease",
            "/v2/concurrency_limits/decrement-with-lease",
            "/v2/concurrency_limits/leases/{word}/renew",
        ),
    ],
    "PATCH": [
        _routes(
            "/flow_runs/{id}",
            "/flow_runs/{id}/labels",
            "/task_runs/{id}",
            "/artifacts/{id}",
            "/deployments/{id}",
            "/deployments/{id}/schedules/{id}",
            "/work_pools/{word}",
        )
    ],
    "DELETE": [
        _routes(
            "/flow_runs/{id}",
            "/flow_runs/{id}/input/{word}",
            "/artifacts/{id}",
            "/deployments/{id}",
            "/deployments/{id}/schedules/{id}",
            "/work_pools/{word}/workers/{word}",
            "/automations/owned-by/{word}",  # `prefect deploy` asks for it. There are none: nobody may make one.
        )
    ],
}
SOCKETS = _routes("/events/in", "/events/out", "/logs/out", "/work_pools/{word}/workers/connect")
"""For our own processes alone: the page uses none."""

LISTED = {Who.PERSON: _PERSON, Who.SERVICE: _SERVICE}


def listed(who: Who, method: str, path: str) -> bool:
    """Whether this may be asked at all."""
    return any(route.fullmatch(path) for route in LISTED[who].get(method, ()))


# --------------------------------------------------------------------------- what may stand in a request

_LOADED = {
    "POST": _routes("/deployments/", "/work_pools/"),
    "PATCH": _routes("/deployments/{id}", "/flow_runs/{id}", "/work_pools/{word}"),
}
_SENT_WITH_A_RUN = {
    "state",
    "name",
    "parameters",
    "enforce_parameter_schema",
    "tags",
    "idempotency_key",
    "work_queue_name",
}
"""What Prefect's page sends with a run; its form and its moment alone are passed on."""
_EMPTY = {"context", "labels", "parent_task_run_id", "empirical_policy"}
"""What Prefect's page may send with a run, and says nothing."""
KIND, AS_IT_STANDS = "__prefect_kind", ("none", "json")
"""How Prefect marks a value that it is to work out, and the marks of one that stands as it is."""
DEEPEST = 64
"""Levels of what is sent; a form of ours has eight."""
_NEVER = ("job_variables", "pull_steps", "storage_document_id", "infrastructure_document_id", "path")
"""What would say how or whence something is run."""


def looked_into(who: Who, method: str, path: str) -> bool:
    """Whether it hangs on what is sent."""
    if RUN.fullmatch(path) or RESUME.fullmatch(path):
        return True
    if who is Who.PERSON and _is_question(method, path):
        return True
    return method in _LOADED and bool(_LOADED[method].fullmatch(path))


def _is_question(method: str, path: str) -> bool:
    """Forms are checked by the front, which bounds them."""
    return method == "POST" and bool(_ASKED_FOR.fullmatch(path)) and path != CHECK


def faults(who: Who, method: str, path: str, sent: Mapping[str, Any]) -> list[str]:
    """Everything in a request that may not be sent, in words; none of them repeats a value."""
    found = [f"{name} is given" for name in _NEVER if sent.get(name)]
    if _worked_out(sent):
        found.append("a template or a variable stands in the place of an answer")
    if _is_question(method, path):
        return [*found, *too_much.faults(path, sent)]
    if RESUME.fullmatch(path):
        return [*found, *(["something that no form has is given"] if set(sent) - {"run_input"} else [])]
    if RUN.fullmatch(path):
        return [*found, *(_of_a_persons_run(sent) if who is Who.PERSON else [])]
    if path.startswith("/api/deployments/"):
        entrypoint = sent.get("entrypoint")
        new = method == "POST"
        if (new or entrypoint is not None) and not (isinstance(entrypoint, str) and FLOWS.fullmatch(entrypoint)):
            found.append("entrypoint is no flow of this program")
    elif path.startswith("/api/work_pools/"):
        template = sent.get("base_job_template")
        if (method == "POST" or template is not None) and template != LOCKED:
            found.append("base_job_template leaves something to set")
    return found


def _of_a_persons_run(sent: Mapping[str, Any]) -> list[str]:
    found = [f"{name} is given" for name in sorted(_EMPTY) if _says_something(sent.get(name))]
    if set(sent) - _SENT_WITH_A_RUN - _EMPTY - set(_NEVER):
        found.append("something that no form has is given")
    state = sent.get("state")
    if state is not None and not (isinstance(state, Mapping) and state.get("type") == "SCHEDULED"):
        found.append("it is to begin in another state than scheduled")
    return found


def _worked_out(given: Any, depth: int = 0) -> bool:
    """
    Whether Prefect would make an answer of it, by a template or a variable, and not take it as it stands.

    Raises RecursionError for answers inside answers beyond any form's, which some Pythons would still read.
    """
    if depth > DEEPEST:
        raise RecursionError
    if isinstance(given, Mapping):
        if given.get(KIND, "none") not in AS_IT_STANDS:
            return True
        return any(_worked_out(inner, depth + 1) for inner in given.values())
    return isinstance(given, list) and any(_worked_out(inner, depth + 1) for inner in given)


def _says_something(given: Any) -> bool:
    return any(given.values()) if isinstance(given, Mapping) else bool(given)


def a_persons_run(sent: Mapping[str, Any], *, sweep: bool = False) -> dict[str, Any]:
    """
    What is passed on of a run that a person asks for: its form and its moment. A name typed beside it would stay; and
    of a sweep, which has no form, whatever is typed, if it does not begin now.
    """
    if sweep:
        return {"state": {"type": "SCHEDULED"}, "parameters": {}}
    details = (sent.get("state") or {}).get("state_details") or {}
    moment = details.get("scheduled_time") if isinstance(details, Mapping) else None
    state = {"type": "SCHEDULED", **({"state_details": {"scheduled_time": moment}} if isinstance(moment, str) else {})}
    return {"state": state, **{name: sent[name] for name in ("parameters", "enforce_parameter_schema") if name in sent}}


def strange(entrypoint: str | None, *given: Any) -> bool:
    """Whether a deployment is none of this program's, or anything says how or whence it is run."""
    return not FLOWS.fullmatch(entrypoint or "") or any(given)
