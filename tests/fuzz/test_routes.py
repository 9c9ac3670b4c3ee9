"""
Whatever is asked of the running page, by whomever: no 500, no traceback, nothing half-written, every card still waits.

A few hundred requests as they stand; `FUZZ=100000 pytest tests/fuzz/test_routes.py` sends so many.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
import pytest
from driver.page import Manager, System
from driver.speed import patience
from driver.tries import tries
from driver.whole import faults
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

pytestmark = [pytest.mark.prefect, pytest.mark.random]

FEW = 300
THE_PAGE = ["/", "/v2/", "/ui-settings", "/docs", "/redoc", "/openapi.json", "/assets/index-x.css", "/runs", "/api"]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE")
KINDS = ("application/json", "text/plain", "application/x-www-form-urlencoded", "")
WHO = ("the page", "nobody", "somebody who guesses")

ODD = st.text(max_size=12) | st.sampled_from(["..", "%00", "%2e%2e", "'", "\\", "{}", "0", "-1", "null", "a" * 300])
NAMES = st.sampled_from(
    [
        "parameters",
        "state",
        "type",
        "name",
        "tags",
        "run_input",
        "schema",
        "values",
        "limit",
        "offset",
        "sort",
        "flow_runs",
        "deployments",
        "id",
        "any_",
        "all_",
        "job_variables",
        "entrypoint",
        "labels",
        "enforce_parameter_schema",
        "__prefect_kind",
    ]
)
VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | ODD
SENT: st.SearchStrategy[Any] = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ODD | NAMES, inner, max_size=4),
    max_leaves=8,
)
BODIES = st.none() | SENT.map(lambda sent: json.dumps(sent).encode()) | st.binary(max_size=60) | st.just(b"[" * 20_000)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system that nobody else uses."""
    with System(tmp_path_factory.mktemp("routes") / "home") as running:
        yield running.start()


@cache
def routes() -> list[str]:
    """Every path of Prefect's API, and those of the page."""
    from prefect.server.api.server import create_api_app

    return [*THE_PAGE, *(f"/api{path}" for path in sorted(create_api_app().openapi()["paths"]))]


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """One request: a route with its places filled in, sometimes mangled, with any body, query, kind and login."""
    path = draw(st.sampled_from(routes()))
    places = iter(draw(st.lists(ODD | st.uuids().map(str), min_size=4, max_size=4)))
    path = re.sub(r"\{[^}]*\}", lambda named: next(places, named.group()), path)
    if draw(st.integers(0, 9)) == 0:
        cut = draw(st.integers(0, len(path)))
        path = path[:cut] + draw(ODD) + path[cut:]
    return {
        "method": draw(st.sampled_from(METHODS)),
        "path": path,
        "query": draw(st.dictionaries(ODD, ODD, max_size=2)),
        "body": draw(BODIES),
        "kind": draw(st.sampled_from(KINDS)),
        "who": draw(st.sampled_from((*WHO[:1] * 6, *WHO[1:]))),
    }


def request_of(client: httpx.Client, asked: dict[str, Any]) -> httpx.Request | None:
    """The request as it goes over the wire; None for one that no client can send."""
    kind = {"content-type": asked["kind"]} if asked["kind"] else {}
    try:
        return client.build_request(
            asked["method"], asked["path"], params=asked["query"], content=asked["body"], headers=kind
        )
    except (httpx.InvalidURL, UnicodeEncodeError, ValueError):
        return None


def test_whatever_is_asked_is_answered_and_nothing_is_harmed(own: System) -> None:
    """Any route, method, query, body and login: no answer is a fault of the server or tells a secret."""
    routes()
    lines = len(own.installation.records.list())
    logins = dict(zip(WHO, (own.login, None, ("unit", "guessed")), strict=True))
    with httpx.Client(base_url=own.url, timeout=patience(30)) as client, Manager(own) as manager:

        @tries(FEW, suppress_health_check=list(HealthCheck))
        @given(asked=requests())
        def asks(asked: dict[str, Any]) -> None:
            request = request_of(client, asked)
            if request is None or request.url.host != "127.0.0.1":
                return
            said = client.send(request, auth=logins[asked["who"]])
            assert said.status_code < 500, f"{said.status_code} {said.text[:300]}"
            assert "Traceback" not in said.text and str(own.home) not in said.text

        asks()
        assert lines == len(own.installation.records.list())
        assert [] == faults(own, manager, 90.0)
