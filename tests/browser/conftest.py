"""
The real demo in a process of its own, a real chromium with a manager at it, and what she would look at afterwards.

One demo serves every test of this folder; each test works on a review of its own. Everything on the page is found by
its words and pressed with a real mouse, so a page that looks right and cannot be used fails here.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

import pytest
from driver.alone import SERVES_WITHIN, Alone, People
from driver.speed import patience
from playwright.sync_api import Browser, Locator, Page, Request, expect, sync_playwright
from pydantic import BaseModel

from safeguarding.law.rulebook import Rulebook
from tasks.record.records import Records, open_record

WAITING = "/runs?tag=card&state=Suspended&type=span&seconds=-63072000"
"""The list of everything that waits for somebody, however long it has waited."""

REFUSAL = ".p-label__message:has-text('Refused, and nothing was changed')"
"""Where the page says what refuses a form."""

EXPECTED_WITHIN = 15_000
"""Milliseconds on a machine that does nothing else; the page's own default is five seconds."""
STEP_TIME = 20_000
"""Milliseconds in which a submitted step must show. It takes about a second; the machine may be busy."""
HOUSE = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-software-rasterizer"]
"""As root in a container; and without a drawing card the idle graph of a run would take the processor for itself."""

READY_WITHIN = 150.0
STOPS_WITHIN = 60.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo as it runs: where to look, its folder, and its record opened beside it for reading."""

    url: str
    home: Path
    records: Records
    running: subprocess.Popen[bytes]

    @property
    def login(self) -> str:
        """What it printed, `name:words`."""
        return (self.home / "demo-login").read_text().strip()

    @property
    def says_it(self) -> dict[str, str]:
        """The same as a header, for a question beside the page."""
        return {"Authorization": f"Basic {b64encode(self.login.encode()).decode()}"}

    def stop(self) -> None:
        """End it; what has ended stays so."""
        self.records.engine.dispose()
        _end(self.running)

    @contextmanager
    def stands_still(self) -> Iterator[None]:
        """Its post and its sweeps do nothing meanwhile; never stopped while it writes, so that others may."""
        self.running.send_signal(signal.SIGSTOP)
        while self._is_written():
            self.running.send_signal(signal.SIGCONT)
            time.sleep(0.2)
            self.running.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.running.send_signal(signal.SIGCONT)

    def _is_written(self) -> bool:
        """Whether somebody is in the middle of writing into the record."""
        beside = sqlite3.connect(self.home / "record.sqlite3", timeout=0.5, isolation_level=None)
        try:
            beside.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        finally:
            beside.close()
        return False

    def letters(self, reference: str) -> list[str]:
        """The subjects of the caught letters about a review."""
        found = [message_from_bytes(p.read_bytes(), policy=policy.default) for p in self.caught("mail/*.eml")]
        return [letter["Subject"] for letter in found if reference in letter["Subject"]]

    def caught(self, pattern: str) -> list[Path]:
        """The messages that left so far."""
        return sorted((self.home / "caught").glob(pattern))

    def files_with(self, words: str) -> list[str]:
        """Every file of the demo whose bytes hold these words: databases, logs, messages, the record itself."""
        return [
            str(path.relative_to(self.home))
            for path in self.home.rglob("*")
            if path.is_file() and words.encode() in _bytes(path)
        ]

    def columns_with(self, words: str) -> list[str]:
        """Every column of Prefect's database that holds these words."""
        return [
            f"{table}.{column}"
            for table, column, value in _cells(self.home / "prefect" / "prefect.db")
            if words in value
        ]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:  # a log folded away between the listing and the look
        return b""


def _cells(database: Path) -> Iterator[tuple[str, str, str]]:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)
    try:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = connection.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in rows.description]
            for row in rows:
                for name, value in zip(names, row, strict=True):
                    yield table, name, value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    finally:
        connection.close()


@pytest.fixture(name="until")
def _until() -> Callable[[Callable[[], Any], float, str], Any]:
    """`until(met, within, what)`: wait for what the page or the demo does in its own time."""
    return until


def until(met: Callable[[], Any], within: float, what: str) -> Any:
    """Wait until this is true, and give what made it so."""
    give_up = time.monotonic() + patience(within)
    while not (found := met()):
        if time.monotonic() > give_up:
            raise AssertionError(f"not within {within:.0f} s: {what}")
        time.sleep(0.1)
    return found


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


# --------------------------------------------------------------------------- the page


class Form:
    """The questions in one box of the page. Boxes may hold boxes."""

    def __init__(self, page: Page, questions: Locator) -> None:
        self._page, self._questions = page, questions

    def question(self, title: str) -> Locator:
        """The question with this title, of this box and not of a box within it."""
        words = re.compile(rf"^\s*{re.escape(title)}\s*(\(Optional\))?\s*$")
        header = self._page.locator(":scope > .p-label__header .schema-form-property__label", has_text=words)
        return self._questions.locator(":scope > .schema-form-property").filter(has=header)

    def inside(self, title: str) -> Form:
        """The box under a question."""
        return Form(self._page, self.question(title).locator(".schema-form-properties").first)

    def answer(self, form: type[BaseModel], answers: Mapping[str, Any]) -> None:
        """Answer by the names that the record gives the questions, found by their titles on the page."""
        # «What is still owed» is asked where a step closes the review: left open here, the refusal names it too.
        self.fill(titled(form, {name: given for name, given in answers.items() if name != "still_owed"}))

    def fill(self, answers: Mapping[str, Any]) -> None:
        """Answer these questions: a box by a mapping, a date by a date, several of a list by a list."""
        for title, given in answers.items():
            if isinstance(given, Mapping):
                self.inside(title).fill(given)
            elif isinstance(given, date):
                self._pick(self.question(title), given)
            elif isinstance(given, list):
                self._choose(self.question(title), *given)
            elif self.question(title).locator("textarea").count():
                self.question(title).locator("textarea").fill(given)
            else:
                self._choose(self.question(title), given)

    def _choose(self, question: Locator, *wanted: str) -> None:
        """Press the box, then the answer: by its words, or by the key that stands behind a name in brackets."""
        question.locator(".p-select-button, .p-combobox").first.click()
        shown = self._page.locator(".p-pop-over-content .p-select-option")
        for one in wanted:
            whole = re.compile(rf"^\s*({re.escape(one)}|.*\({re.escape(one)}\))\s*$")
            shown.filter(has_text=whole).first.click()
        if len(wanted) > 1:
            question.locator(".schema-form-property__label").first.click()  # a list stays open for more
        expect(shown).to_have_count(0)

    def _pick(self, question: Locator, day: date) -> None:
        question.locator(".p-date-button").click()
        calendar = self._page.locator(".p-pop-over-content")
        calendar.locator("input[type=date]").fill(day.isoformat())
        calendar.get_by_role("button", name="Apply").click()
        expect(calendar).to_have_count(0)


def titled(form: type[BaseModel], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers by the names of the record, as answers by the titles of the screen. What is not answered is left out."""
    words: dict[str, Any] = {}
    for name, given in answers.items():
        info = form.model_fields[name]
        inner = _box(info.annotation)
        if given is not None and given != []:
            words[str(info.title)] = titled(inner, given) if inner and isinstance(given, Mapping) else given
    return words


def _box(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((box for part in get_args(annotation) if (box := _box(part))), None)


class Card:
    """The page of one card."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name

    @property
    def dialog(self) -> Locator:
        """What Resume opens."""
        return self.page.locator(".p-modal__card")

    def resume(self) -> str:
        """Press Resume; the words above the form."""
        self.page.get_by_role("button", name="Resume", exact=True).click()
        self.dialog.get_by_text("What happens now?", exact=True).wait_for()
        # Prefect draws the words apart from the form.
        expect(self.dialog.locator(".p-modal__body > .markdown-renderer")).not_to_be_empty()
        return self.words()

    def words(self) -> str:
        """All the words of the dialog."""
        return self.dialog.locator(".p-modal__body").inner_text()

    def choose(self, step: str) -> Form:
        """Press the button of a step; its form."""
        button = self.dialog.get_by_role("button", name=step, exact=True)
        button.click()
        expect(button).to_have_attribute("aria-selected", "true")
        whole = self.dialog.locator(".schema-form-property-any-of-input, .schema-form-property").filter(
            has=self.page.get_by_text("What happens now?", exact=True)
        )
        return Form(self.page, whole.first.locator(".schema-form-properties").first)

    def submit(self) -> None:
        """Press Submit, and see the page take it."""
        with self.page.expect_response(lambda answer: answer.url.endswith("/resume")) as taken:
            self.dialog.get_by_role("button", name="Submit").click()
        assert "ACCEPT" == taken.value.json()["status"]
        expect(self.dialog).to_have_count(0)

    def is_refused(self) -> str:
        """Press Submit, and see the dialog stay as it is with everything typed; the words that refuse it."""
        with self.page.expect_response(lambda answer: answer.url.endswith("/validate")) as tried:
            self.dialog.get_by_role("button", name="Submit").click()
        assert tried.value.json()["valid"] is False
        return self.dialog.locator(REFUSAL).inner_text()

    def comes_to(self, state: str) -> None:
        """Wait until the card shows this state, looking again as a manager would."""
        badge = self.page.locator(".page-heading-flow-run .state-badge")
        expect(badge).to_have_text(state, timeout=patience(STEP_TIME))


class Manager:
    """A business manager at the page of the demo."""

    def __init__(self, page: Page, demo: Demo) -> None:
        self.page, self.demo = page, demo

    def asks(self, path: str, **sent: Any) -> Any:
        """Ask the server beside the page, with the login that the page has; its answer."""
        how = {"method": "POST", "data": sent} if sent else {}
        return self.page.request.fetch(f"{self.demo.url}/api{path}", headers=self.demo.says_it, **how).json()

    def waiting(self, reference: str = "") -> list[str]:
        """The names of the cards that wait now, of one review or of all, as the list has them."""
        self.page.goto(f"{self.demo.url}{WAITING}")
        self.page.get_by_text(re.compile(r"^\s*\d+ runs?\s*$")).first.wait_for()
        names = self.page.locator("a[href*='/runs/flow-run/']").all_inner_texts()
        return [name for name in names if name.startswith(reference)]

    def opens(self, reference: str) -> Card:
        """Wait for the one card of a review in the list, which looks again only when it is asked for, and open it."""
        until(lambda: self.waiting(reference), 20, f"the card of {reference}")
        link = self.page.get_by_role("link", name=re.compile(rf"^{reference} · "))
        name = link.inner_text()
        link.click()
        self.page.get_by_role("button", name="Resume", exact=True).wait_for()
        return Card(self.page, name)

    def sees_next(self, reference: str, stage: str) -> str:
        """Wait until the one card of a review is that of this stage; its name."""
        met = re.compile(rf"^{reference} · {stage}( · |$)")

        def there() -> list[str]:
            # Of one look: a card whose name changes a moment later, since a letter left, is looked for once more.
            waiting = self.waiting(reference)
            return waiting if any(met.match(name) for name in waiting) else []

        (name,) = until(there, 20, f"{reference} waits at {stage}")
        return name

    def runs(self, door: str) -> Form:
        """Open a short form from the list of deployments: its name, Run, and the form."""
        self.page.goto(f"{self.demo.url}/deployments")
        self.page.get_by_placeholder("Search deployments").fill(door)
        row = self.page.locator("tr", has_text=door).first
        row.locator("a[href*='/deployments/deployment/']").first.click()
        self.page.get_by_role("button", name="Run", exact=True).click()
        self.page.get_by_text("Custom run", exact=True).click()
        self.page.get_by_role("heading", name="Parameters").wait_for()
        question = self.page.locator(".schema-form-property").filter(has_text="Form").first
        return Form(self.page, question.locator(".schema-form-properties").first)

    def is_refused(self) -> str:
        """Press Submit of a short form, and see it stay with everything typed; the words that refuse it."""
        with self.page.expect_response(lambda answer: answer.url.endswith("/validate")) as tried:
            self.page.get_by_role("button", name="Submit", exact=True).click()
        assert tried.value.json()["valid"] is False
        return self.page.locator(REFUSAL).inner_text()

    def submits(self) -> str:
        """Submit a short form; the words of the state that its run comes to."""
        with self.page.expect_response(lambda answer: answer.url.endswith("/create_flow_run")) as made:
            self.page.get_by_role("button", name="Submit", exact=True).click()
        assert made.value.ok, made.value.text()
        run = made.value.json()["id"]

        def over() -> Any:
            state = self.asks(f"/flow_runs/{run}")["state"]
            return state if state["type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") else None

        state = until(over, 20, "the form was taken")
        return f"{state['name']}: {state['message']}"


# --------------------------------------------------------------------------- the fixtures


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Iterator[Demo]:
    """The demo as `make demo` runs it, with a home and a port of its own."""
    home, port = tmp_path_factory.mktemp("demo") / "home", _free_port()
    said = home.parent / "said.log"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SAFEGUARDING_", "PREFECT_"))}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "flows.cli", "demo", "--home", str(home), "--port", str(port)]
    with said.open("wb") as out:
        running = subprocess.Popen(command, cwd=HOUSE, env=kept, stdout=out, stderr=subprocess.STDOUT)
    try:
        until(lambda: "Ready:" in said.read_text() or running.poll() is not None, READY_WITHIN, "the demo is ready")
        assert running.poll() is None, said.read_text()
        records = open_record(f"sqlite:///{home / 'record.sqlite3'}", home, rulebook, datetime.now(UTC))
        yield Demo(f"http://127.0.0.1:{port}", home, records, running)
        records.engine.dispose()
    finally:
        _end(running)


def _end(running: subprocess.Popen[bytes]) -> None:
    running.send_signal(signal.SIGTERM)
    try:
        running.wait(patience(STOPS_WITHIN))
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()


@pytest.fixture
def here(demo: Demo) -> str:
    """Where the demo said that its pages are: beside Prefect's."""
    said = (demo.home.parent / "said.log").read_text()
    found = re.search(r"^Pages: +(http://\S+) \(begin here\)$", said, re.M)
    assert found, said
    assert said.index("Pages:") < said.index("Ready:"), "the address of the pages is printed first"
    return found.group(1)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's own browser, for one file: while it is there no other event loop can run in this thread."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def asked() -> list[str]:
    """The hosts that the page asked for anything, in order."""
    return []


@pytest.fixture
def manager(chromium: Browser, demo: Demo, asked: list[str]) -> Iterator[Manager]:
    """A manager at a window of the size of a laptop's. Whatever it shows, it asks nobody but this machine."""

    def note(request: Request) -> None:
        asked.append(urlsplit(request.url).hostname or urlsplit(request.url).scheme)

    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", timezone_id="Europe/London")
    context.set_default_timeout(patience(20_000))
    expect.set_options(timeout=patience(EXPECTED_WITHIN))
    context.on("request", note)
    # As Prefect's page keeps it once somebody has logged in: the dialog itself is another test's.
    kept = f"localStorage.setItem('prefect-password', {b64encode(demo.login.encode()).decode()!r})"
    context.add_init_script(f"if (location.origin === {demo.url!r}) {kept}")
    yield Manager(context.new_page(), demo)
    context.close()
    assert {"127.0.0.1", "data", "blob"} >= set(asked)


@pytest.fixture
def people(chromium: Browser, rulebook: Rulebook) -> Iterator[Callable[[str, dict[str, int]], People]]:
    """`people(here, size)`: those who come to the pages at an address."""
    made: list[People] = []
    expect.set_options(timeout=patience(EXPECTED_WITHIN))

    def at(here: str, size: dict[str, int]) -> People:
        made.append(People(chromium, here, rulebook, size, {}, set()))
        return made[-1]

    yield at
    for one in made:
        one.go_home()


@pytest.fixture
def alone(tmp_path: Path, until: Callable[..., Any]) -> Iterator[Alone]:
    """The pages by themselves."""
    there = Alone(tmp_path)
    there.start()
    try:
        until(lambda: there.server is not None and there.server.started, SERVES_WITHIN, "the pages are there")
        yield there
    finally:
        if there.server is not None:
            there.server.should_exit = True
        there.join()
