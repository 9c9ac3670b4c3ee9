"""
The page in a real browser: its own login lets a manager in, and a page of another origin neither reads nor decides.
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = [pytest.mark.prefect, pytest.mark.browser]

UNTOUCHED = "CSPR-2026-002"
WAITING = "/runs?tag=card&state=Suspended&type=span&seconds=-63072000"
"""As in the conftest."""

NO_DRAWING_CARD = "Unable to auto-detect a suitable renderer"

ATTACK = """<!doctype html><title>Prizes</title><iframe id=frame src="%(page)s/runs"></iframe>
<form id=form method=post enctype="text/plain" target=taken action="%(page)s/api/flow_runs/%(run)s/resume">
<input name='{"run_input": {"step": {}}, "x": "' value='"}'></form><iframe name=taken></iframe>"""

TRIED = """async ({page, run, login}) => {
  const said = {};
  const tried = async (name, path, how) => {
    try { const r = await fetch(page + path, how); said[name] = r.type + " " + r.status + " " + await r.text(); }
    catch (e) { said[name] = "failed"; }
  };
  const json = {"Content-Type": "application/json"};
  const known = {...json, "Authorization": "Basic " + btoa(login)};
  for (const [kind, headers] of [["without", json], ["with", known]]) {
    await tried("read " + kind, "/api/flow_runs/filter", {method: "POST", headers, body: "{}"});
    await tried("decide " + kind, "/api/flow_runs/" + run + "/resume", {method: "POST", headers, body: "{}"});
  }
  await tried("settings", "/ui-settings", {});
  await tried("plain", "/api/flow_runs/" + run + "/resume",
    {method: "POST", mode: "no-cors", body: '{"run_input": {}}', credentials: "include"});
  said.socket = await new Promise(done => {
    const socket = new WebSocket(page.replace("http", "ws") + "/api/events/out", ["prefect"]);
    socket.onopen = () => done("opened");
    socket.onerror = () => done("failed");
  });
  return said;
}"""


class Elsewhere(BaseHTTPRequestHandler):
    """Any page of somebody else."""

    def do_GET(self) -> None:
        """The page that the server holds, whatever is asked for."""
        body = self.server.page.encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[ThreadingHTTPServer]:
    """A server of somebody else on this machine, at another port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def card_of(manager: Any) -> str:
    """The id of the card of a review that nobody touches."""
    wanted = {"state": {"type": {"any_": ["PAUSED"]}}, "tags": {"all_": ["card", UNTOUCHED]}}
    (run,) = manager.asks("/flow_runs/filter", flow_runs=wanted)
    return str(run["id"])


def logged_in(chromium: Browser, demo: Any) -> BrowserContext:
    """A browser in which a manager has the page open, logged in by its own dialog."""
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{demo.url}/runs")
    page.get_by_placeholder("admin:pass").fill(demo.login)
    page.get_by_role("button", name="Login").click()
    expect(page.locator(".p-context-nav-item", has_text="Deployments")).to_be_visible()
    return context


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_page_of_another_origin_neither_reads_nor_decides(
    manager: Any, demo: Any, chromium: Browser, elsewhere: ThreadingHTTPServer, name: str
) -> None:
    """
    By script with and without the login, as a plain form, in a frame, over a socket, in a browser in which a manager is
    logged in: nothing can be read, the card waits, and the review has not moved.
    """
    run, version = card_of(manager), demo.records.read(UNTOUCHED).changed
    elsewhere.page = ATTACK % {"page": demo.url, "run": run}  # type: ignore[attr-defined]
    context = logged_in(chromium, demo)
    theirs = context.new_page()
    theirs.goto(f"http://{name}:{elsewhere.server_port}/")

    with theirs.expect_response(lambda answer: answer.url.endswith("/resume")) as posted:
        theirs.evaluate("document.getElementById('form').submit()")
    assert 403 == posted.value.status
    said = theirs.evaluate(TRIED, {"page": demo.url, "run": run, "login": demo.login})

    assert dict.fromkeys(said, "failed") == said
    assert {"read with", "decide with", "plain", "socket", "settings"} < said.keys()
    assert [] == [frame.url for frame in theirs.frames if frame.url.startswith(demo.url)]
    assert "PAUSED" == manager.asks(f"/flow_runs/{run}")["state"]["type"]
    assert version == demo.records.read(UNTOUCHED).changed
    context.close()


def test_a_name_that_leads_here_shows_no_page(demo: Any, chromium: Browser) -> None:
    """Somebody's name is made to point at this machine, so that the browser takes page and API for one origin."""
    browser = chromium.browser_type.launch(
        executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
        args=["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP evil.example 127.0.0.1"],
    )
    page = browser.new_page()
    answer = page.goto(f"http://evil.example:{demo.url.rpartition(':')[2]}/runs")
    read = page.evaluate("fetch('/api/health').then(r => r.status)")
    browser.close()
    assert (403, 403) == (answer.status if answer else None, read)


# --------------------------------------------------------------------------- the page's own login


def test_a_manager_logs_in_on_the_page_itself(demo: Any, chromium: Browser) -> None:
    """Nothing is shown before. A wrong login says so and stays there; the one that was printed opens the page."""
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{demo.url}/runs")
    field = page.get_by_placeholder("admin:pass")
    field.fill("unit:the words of somebody else")
    with page.expect_response(lambda answer: answer.url.endswith("/admin/version")) as tried:
        page.get_by_role("button", name="Login").click()
    assert (401, "This is not the login of this page.") == (tried.value.status, tried.value.json()["detail"])
    expect(page.get_by_text("Authentication failed.").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert 0 == page.get_by_role("link", name=re.compile("CSPR-")).count()

    field.fill(demo.login)
    page.get_by_role("button", name="Login").click()
    expect(page.locator(".p-context-nav-item", has_text="Deployments")).to_be_visible()
    page.goto(f"{demo.url}{WAITING}")
    expect(page.get_by_role("link", name=re.compile(f"^{UNTOUCHED} · ")).first).to_be_visible()
    context.close()


PLACES = ("/dashboard", WAITING, "/flows", "/deployments", "/work-pools", "/work-pools/work-pool/reviews", "/events")
PLACES += ("/artifacts/key/deadline-board", "/settings")


def test_no_place_of_the_page_is_broken_by_what_is_closed(manager: Any, demo: Any) -> None:
    """
    What the unit looks at asks for nothing that is refused, and the rules for what the page may load stop nothing of
    it: the list of cards, one of them with its form, the graph of a sweep, the events. What no login may do is not in
    the menu.
    """
    page: Page = manager.page
    refused: list[str] = []
    stopped: list[str] = []
    page.on("response", lambda answer: refused.append(answer.url) if answer.status in (401, 403, 500) else None)
    # A machine without a drawing card says so; whatever else goes wrong is the rules' doing.
    page.on("pageerror", lambda error: stopped.append(str(error)) if NO_DRAWING_CARD not in str(error) else None)
    page.on("console", lambda said: stopped.append(said.text) if "Content Security Policy" in said.text else None)
    for place in PLACES:
        page.goto(f"{demo.url}{place}")
        page.wait_for_load_state("networkidle")
    card = manager.opens(UNTOUCHED)
    card.resume()
    swept = manager.asks("/flow_runs/filter", deployments={"name": {"any_": ["Sweep"]}}, limit=1)
    page.goto(f"{demo.url}/runs/flow-run/{swept[0]['id']}")
    expect(page.get_by_role("button", name="Recenter graph")).to_be_visible()
    page.wait_for_load_state("networkidle")
    menu = page.locator(".p-context-nav-item:visible").all_inner_texts()
    assert ([], []) == (refused, stopped)
    assert ["Dashboard", "Runs", "Flows", "Deployments", "Work Pools", "Event Feed", "Settings"] == menu
