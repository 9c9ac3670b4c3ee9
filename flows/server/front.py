"""
The front: one ASGI application of ours before Prefect's own server, which runs as it was shipped.

Its routes, and nothing else of Prefect, are what differs here: a form is checked before it is sent, an answer that the
server turns away is said in words, the page has a style of ours and names for its controls at the end of its own, and
is told one of the server's settings; and the second page, which calls an analytics host, is closed and not offered.
Whatever is posted is mended of characters that no database can keep. Who is let in at all is the gate's business.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

from flows.server.asgi import (
    Answer,
    Application,
    Receive,
    Scope,
    Send,
    TooLarge,
    answer,
    nothing,
    sent,
    whole,
    with_body,
    without,
)
from flows.server.before_submit import TOO_LARGE, UNFIT, checked
from flows.server.mend_text import mend

STYLE = resources.files("flows.server").joinpath("page.css").read_bytes()
"""What is laid over the style of Prefect's page."""
NAMES = resources.files("flows.server").joinpath("page.js").read_bytes()
"""What names the controls of Prefect's page that have no name, at the end of its own script."""

JSON = [(b"content-type", b"application/json")]
SECOND_PAGE = re.compile(r"^/v2(/|$)")
PAGES = "/ui-settings"
OPENED = re.compile(r"^/api/deployments/[0-9a-f-]{36}/create_flow_run$")
STYLE_SHEET = re.compile(r"^/assets/index-[^/]+\.css$")
SCRIPT = re.compile(r"^/assets/index-[\w-]{8}\.js$")
"""The page's first script, by whose end ours is found; the others, which are large, a browser keeps."""
SETTINGS = "/api/admin/settings"
TOLD = {"PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": False}
"""The one setting of the server that the page needs; it would be told all of them."""
NONE_OF_THEM = ("/api/automations/filter", "/api/block_documents/filter")
"""What the page of events asks for: there are none, for nobody is let make one."""
CHECK = "/api/ui/schemas/validate"
RESUME = re.compile(r"^/api/flow_runs/[0-9a-f-]{36}/resume$")
OF_A_DIALOG = re.compile(r"^/api/flow_runs/[0-9a-f-]{36}/input/[\w-]+-(schema|description)$")
LOOKED_FOR, EACH = 3.0, 0.05
"""Seconds for which the form or the words of a dialog are looked for, and between two looks."""
GONE = "This card is not there any more: look for the review in the list. Nothing was recorded."
SENDS = {"POST", "PATCH", "PUT"}
LARGEST_ANSWER = 2_000_000
"""Bytes of a form that is checked or sent: thirty texts of the longest kind, in any alphabet."""
NO_JSON = "Only JSON is taken here. Nothing was changed."
TURNED_AWAY = "An answer is missing or does not fit. Nothing was recorded: look at each question, then submit again."


class Front:
    """Around Prefect's application. `with_record`: forms are tried against the record of this process's settings."""

    def __init__(self, application: Application, *, with_record: bool) -> None:
        self._application, self._with_record = application, with_record

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        path, method = scope["path"], scope["method"]
        if method in SENDS and not _is_json(scope):
            try:
                scope, receive = with_body(scope, receive, await sent(receive, 0))
            except TooLarge:  # Prefect says a fault of its own of bytes that are no text.
                await answer(send, _refused({"detail": NO_JSON, "exception_message": NO_JSON}, 415))
                return
        if SECOND_PAGE.match(path):
            await answer(send, Answer(404, [], b"There is one page here."))
        elif path == PAGES:
            await answer(send, _one_page(await self._whole(_unconditional(scope), receive)))
        elif STYLE_SHEET.match(path):
            await answer(send, _with(await self._whole(_unconditional(scope), receive), STYLE))
        elif SCRIPT.match(path):
            await answer(send, _with(await self._whole(_unconditional(scope), receive), b"\n" + NAMES))
        elif method == "GET" and path == SETTINGS:
            await answer(send, Answer(200, JSON, json.dumps(TOLD).encode()))
        elif method == "GET" and OF_A_DIALOG.match(path):
            await self._of_a_dialog(scope, send)
        elif method == "POST" and path in NONE_OF_THEM:
            await answer(send, Answer(200, JSON, b"[]"))
        elif method == "POST" and path == CHECK:
            await self._check(scope, receive, send)
        elif method == "POST" and RESUME.match(path):
            scope, receive, body = await _mended(scope, receive, LARGEST_ANSWER)
            if body is None:
                details = {"type": "reject_details", "reason": TOO_LARGE}
                await answer(send, _refused({"status": "REJECT", "details": details}))
                return
            said = await self._whole(_unconditional(scope), receive)
            gone = said.status >= 500 and await self._is_gone(scope)
            await answer(send, Answer(404, JSON, json.dumps({"detail": GONE}).encode()) if gone else _in_words(said))
        elif method in SENDS and _is_json(scope):
            scope, receive, body = await _mended(scope, receive, LARGEST_ANSWER if OPENED.match(path) else None)
            if body is None:
                await answer(send, _refused({"detail": TOO_LARGE}, 413))
                return
            await self._application(scope, receive, send)
        else:
            await self._application(scope, receive, send)

    async def _of_a_dialog(self, scope: Scope, send: Send) -> None:
        """
        The form or the words of a dialog, which the page asks for once, when Resume is pressed.

        Prefect cannot change either: one is erased and the next put in its place, and in between there is none. The
        page would show a dialog without it until somebody opens it anew.
        """
        clock = asyncio.get_running_loop().time
        give_up = clock() + LOOKED_FOR
        while (said := await self._whole(scope, nothing)).status == 404 and clock() < give_up:
            await asyncio.sleep(EACH)
        await answer(send, said)

    async def _check(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Check a form of ours. Any other is Prefect's to check when it is sent, by the form that it keeps itself: here
        anybody may send one along, whose pattern keeps Prefect busy for hours.
        """
        scope, again, body = await _mended(scope, receive, LARGEST_ANSWER)
        if body is None:
            await answer(send, _refused({"valid": False, "errors": [TOO_LARGE]}))
            return
        try:
            asked = json.loads(body)
            schema, values = dict(asked["schema"]), dict(asked["values"])
        except (ValueError, TypeError, KeyError):
            await self._application(scope, again, send)
            return
        except RecursionError:
            await answer(send, _refused({"valid": False, "errors": [UNFIT]}))
            return
        said = await asyncio.to_thread(checked, schema, values, with_record=self._with_record)
        fits = {"valid": True, "errors": []}
        await answer(send, Answer(200, JSON, json.dumps(fits if said is None else said).encode()))

    async def _is_gone(self, scope: Scope) -> bool:
        """Whether there is no such run: for one to be resumed Prefect has no words, and for one looked at it has."""
        path = scope["path"].removesuffix("/resume")
        asked = {**scope, "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b""}
        return (await self._whole(*with_body(asked, nothing, b""))).status == 404

    async def _whole(self, scope: Scope, receive: Receive) -> Answer:
        return await whole(self._application, scope, receive)


def _one_page(given: Answer) -> Answer:
    """What the page is told of itself, without the second one, to which it would lead from a banner and its menu."""
    try:
        said = json.loads(given.body)
        said = {**said, "available_uis": ["v1"], "v2_base_url": None} if "available_uis" in said else said
    except (ValueError, TypeError):
        return given
    return Answer(given.status, given.headers, json.dumps(said).encode())


def _with(given: Answer, ours: bytes) -> Answer:
    """The page's style or script with ours at its end; asked for anew each time, since its name says only Prefect's."""
    if given.status != 200:
        return given
    kept = [(name, value) for name, value in given.headers if name.lower() not in (b"etag", b"last-modified")]
    return Answer(200, [*kept, (b"cache-control", b"no-cache")], given.body + ours)


def _in_words(given: Answer) -> Answer:
    """What Prefect turned away, without the schema's words and without what was typed."""
    try:
        said = json.loads(given.body)
        turned_away = said["status"] == "REJECT" and str(said["details"]["reason"]).startswith("Reason:")
    except (ValueError, TypeError, KeyError):
        return given
    if not turned_away:
        return given
    said["details"]["reason"] = TURNED_AWAY
    return Answer(given.status, given.headers, json.dumps(said).encode())


def _unconditional(scope: Scope) -> Scope:
    """The request for the whole thing as it is: neither packed, nor in part, nor only if it has changed."""
    left_out = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
    return {**scope, "headers": without(scope["headers"], left_out)}


async def _mended(scope: Scope, receive: Receive, largest: int | None = None) -> tuple[Scope, Receive, bytes | None]:
    """The request with its body read, mended, and given again; no body where it is larger than may be."""
    try:
        body = mend(await sent(receive, largest))
    except TooLarge:
        return scope, receive, None
    return *with_body(scope, receive, body), body


def _refused(said: Mapping[str, Any], status: int = 200) -> Answer:
    return Answer(status, JSON, json.dumps(said).encode())


def _is_json(scope: Mapping[str, Any]) -> bool:
    """Whether it is read as JSON: what says of itself nothing is, too."""
    kind = dict(scope["headers"]).get(b"content-type", b"")
    return not kind or b"json" in kind
