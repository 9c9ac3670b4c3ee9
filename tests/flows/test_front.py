"""The front: what differs from Prefect's own server, tried against an application that says what it was asked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import prefect
import pytest
from driver.behind import Behind

from flows.server.before_submit import TOO_LARGE
from flows.server.front import NO_JSON, STYLE, TURNED_AWAY, Front

OPEN = "/api/deployments/00000000-0000-0000-0000-000000000001/create_flow_run"
RUN = "00000000-0000-0000-0000-000000000001"
RESUME = f"/api/flow_runs/{RUN}/resume"


def ask(behind: Behind, method: str, path: str, **how: Any) -> httpx.Response:
    """Ask the front one question."""
    import asyncio

    async def once() -> httpx.Response:
        transport = httpx.ASGITransport(app=Front(behind, with_record=False))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, **how)

    return asyncio.run(once())


def test_the_second_page_is_closed() -> None:
    """It would call an analytics host: nothing of it is asked for, whatever lies under it."""
    behind = Behind()
    assert [404, 404] == [ask(behind, "GET", path).status_code for path in ("/v2/", "/v2/runs/1")]
    assert [] == behind.asked
    assert 200 == ask(behind, "GET", "/v2beyond").status_code


def test_our_style_is_the_end_of_the_pages_own() -> None:
    """Whole, never from a reader's store and never in part, though the name says only Prefect's version."""
    behind = Behind(b".theirs{}", headers=((b"etag", b'"theirs"'), (b"content-length", b"9")))
    said = ask(behind, "GET", "/assets/index-abc123.css", headers={"If-None-Match": '"theirs"', "Range": "bytes=0-3"})

    assert b".theirs{}" + STYLE == said.content
    assert "etag" not in said.headers
    assert str(len(said.content)) == said.headers["content-length"]
    assert not {b"if-none-match", b"range", b"accept-encoding"} & set(behind.asked[0][2])


def test_the_page_is_not_told_of_the_second_one() -> None:
    """It would offer it in a banner and in its menu, and there is none; the rest it is told as it is."""
    told = {"api_url": "/api", "available_uis": ["v1", "v2"], "default_ui": "v1", "v2_base_url": "/v2"}
    said = ask(Behind(json.dumps(told).encode()), "GET", "/ui-settings").json()
    assert {**told, "available_uis": ["v1"], "v2_base_url": None} == said
    assert {"other": 1} == ask(Behind(b'{"other": 1}'), "GET", "/ui-settings").json()


def test_of_the_servers_settings_the_page_is_told_one() -> None:
    """Not where the database is, nor what it is called; and that nobody has made an automation or a block."""
    behind = Behind(b'{"home": "/var/lib"}')
    told = ask(behind, "GET", "/api/admin/settings").json()
    none = [ask(behind, "POST", f"/api/{kind}/filter", json={}).json() for kind in ("automations", "block_documents")]
    assert ({"PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": False}, [[], []], []) == (told, none, behind.asked)


def test_a_style_sheet_that_is_not_there_stays_so() -> None:
    """Nothing is put under an error."""
    assert (404, b"none") == (lambda r: (r.status_code, r.content))(
        ask(Behind(b"none", 404), "GET", "/assets/index-abc123.css")
    )


def test_what_no_database_can_keep_is_mended_on_its_way() -> None:
    """Half an emoji in a form reaches Prefect as a sign; anything else reaches it byte for byte."""
    behind = Behind()
    ask(behind, "POST", "/api/anything", content=b'{"a": "x\\ud83d"}', headers={"content-type": "application/json"})
    ask(behind, "PATCH", "/api/anything", content=b'{ "a" :1 }', headers={"content-type": "application/json"})
    assert [{"a": "x�"}, {"a": 1}] == [json.loads(body) for _, body, _ in behind.asked]
    assert b'{ "a" :1 }' == behind.asked[1][1]


@pytest.mark.parametrize("path", ["/api/task_runs/history", RESUME, "/api/ui/schemas/validate"])
def test_what_is_no_json_goes_no_further(path: str) -> None:
    """Prefect answers bytes that are no text with a fault of its own; a request that sends nothing says no kind."""
    behind = Behind()
    said = ask(behind, "POST", path, content=b"\x80", headers={"content-type": "text/plain"})
    assert (415, NO_JSON, []) == (said.status_code, said.json()["detail"], behind.asked)
    assert 200 == ask(behind, "POST", "/api/flow_runs/00000000-0000-0000-0000-000000000001/set_state").status_code


class DrawnLater(Behind):
    """An application that has what it is asked for at the third time."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Not there twice, then there."""
        self.status = 200 if len(self.asked) == 2 else 404
        await super().__call__(scope, receive, send)


@pytest.mark.parametrize("part", ["schema", "description"])
def test_a_dialog_that_is_drawn_anew_is_waited_for(part: str) -> None:
    """Resume is pressed between the words that were and those that are: the page, which asks once, hears the new."""
    behind = DrawnLater(b'"what is owed"')
    said = ask(behind, "GET", f"/api/flow_runs/{RUN}/input/suspended-v7-1764590000000-{part}")
    assert (200, "what is owed", 3) == (said.status_code, said.json(), len(behind.asked))


def test_what_is_no_part_of_a_dialog_is_not_waited_for() -> None:
    """Whatever else is not there is said to be so at once; and what never comes, in the end."""
    behind = DrawnLater()
    assert 404 == ask(behind, "GET", f"/api/flow_runs/{RUN}/input/suspended-v7-1764590000000-response").status_code
    assert 1 == len(behind.asked)
    never = Behind(status=404)
    assert 404 == ask(never, "GET", f"/api/flow_runs/{RUN}/input/suspended-v7-1764590000000-schema").status_code


def test_an_answer_that_is_turned_away_is_said_in_words() -> None:
    """Prefect would repeat the schema and what was typed."""
    reason = "Reason: Validation failed for field 'step'. Failure reason: {'a': 'Jane Doe'} is not valid"
    rejected = json.dumps({"status": "REJECT", "details": {"reason": reason}}).encode()
    assert TURNED_AWAY == ask(Behind(rejected), "POST", RESUME, json={}).json()["details"]["reason"]


@pytest.mark.parametrize(
    "answer",
    [
        {"status": "ACCEPT", "details": {}},
        {"status": "ABORT", "details": {"reason": "Cannot resume a flow run that is not paused."}},
        {"status": "REJECT", "details": {"reason": "Something else"}},
        ["nothing of the kind"],
    ],
)
def test_any_other_answer_is_passed_on(answer: Any) -> None:
    """An acceptance, an abortion, a refusal for another reason, and what Prefect may say one day."""
    assert answer == ask(Behind(json.dumps(answer).encode()), "POST", RESUME, json={}).json()


def test_a_form_that_is_none_of_ours_is_checked_when_it_is_sent() -> None:
    """By the form that Prefect keeps, not by one that comes along with it: a pattern could keep it busy for hours."""
    behind = Behind(b'{"theirs": true}')
    endless = {
        "schema": {"properties": {"a": {"type": "string", "pattern": "(a+)+$"}}},
        "values": {"a": "a" * 60 + "!"},
    }
    said = ask(behind, "POST", "/api/ui/schemas/validate", json=endless).json()
    assert ({"valid": True, "errors": []}, []) == (said, behind.asked)
    assert {"theirs": True} == ask(behind, "POST", "/api/ui/schemas/validate", content=b"{").json()


def test_every_name_in_our_style_is_one_of_the_page() -> None:
    """What Prefect calls otherwise in its next release would fall back to Prefect's own look, and nobody would hear."""
    ours = re.sub(r"/\*.*?\*/", "", STYLE.decode(), flags=re.DOTALL)
    named = {name for rule in re.findall(r"([^{}]+){", ours) for name in re.findall(r"\.([a-z][\w-]*)", rule)}
    shipped = (file for file in Path(prefect.__ui_static_path__).rglob("*") if file.suffix in (".js", ".css"))
    known = set(re.findall(r"[a-z][\w-]*", " ".join(file.read_text() for file in shipped)))
    assert named
    assert set() == named - known


@pytest.mark.parametrize("path", ["/api/ui/schemas/validate", RESUME, OPEN])
def test_a_form_that_is_too_large_goes_no_further(path: str) -> None:
    """Checked, sent to a card, sent as a form of its own: it is said in words, and Prefect never hears of it."""
    behind = Behind()
    said = ask(behind, "POST", path, json={"signed_by": "x" * 5_000_000})
    assert (TOO_LARGE in said.text, []) == (True, behind.asked)
    ask(behind, "POST", path, json={"signed_by": "x"})
    assert 1 == len(behind.asked)


def test_a_body_of_brackets_is_answered() -> None:
    """A hundred thousand lists in each other, whoever would read them."""
    behind = Behind(b"{}")
    deep = b"[" * 100_000 + b"]" * 100_000
    said = ask(behind, "POST", "/api/ui/schemas/validate", content=deep)
    assert 200 == said.status_code
