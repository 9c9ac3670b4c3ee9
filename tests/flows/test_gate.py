"""The gate, tried against an application that says what it was asked: whence, with which login, and how often."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from driver.behind import Behind

from flows.server import asgi, login, permitted
from flows.server.doorkeeper import Doorkeeper, Unknown
from flows.server.gate import FROM_ELSEWHERE, NOT_HERE, Addresses, Gate
from flows.server.guesses import FORGOTTEN_AFTER, FREE, LONGEST_WAIT, REMEMBERED, Guesses
from flows.server.login import KeptLogin
from flows.server.permitted import Who

SERVICE = "service:a-word-of-our-own-processes"
LOGIN = "unit:words of the unit itself"
PAGE = "http://127.0.0.1:4200"
PUBLIC = "https://reviews.example.org"
RUNS = "/api/flow_runs/filter"
RESUME = "/api/flow_runs/00000000-0000-0000-0000-000000000001/resume"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with a login."""
    folder = tmp_path_factory.mktemp("home")
    login.keep(folder, LOGIN)
    return folder


def as_basic(given: str | None) -> dict[str, str]:
    """The header of a login."""
    return {} if given is None else {"authorization": asgi.basic(given)[1].decode()}


def ask(
    home: Path, method: str, path: str, *, given: str | None = LOGIN, behind: Behind | None = None, **how: Any
) -> httpx.Response:
    """Ask through the gate, with a login."""
    addresses = Addresses.of("127.0.0.1", 4200, PUBLIC, "http://127.0.0.1:4100/api")
    headers = {**as_basic(given), **how.pop("headers", {})}

    async def once() -> httpx.Response:
        gate = Gate(behind or Behind(), addresses, Doorkeeper(KeptLogin(home), SERVICE), SERVICE)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=gate), base_url=PAGE) as client:
            return await client.request(method, path, headers=headers, **how)

    return asyncio.run(once())


# --------------------------------------------------------------------------- whence


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:4200", 200),
        ("localhost:4200", 200),
        ("LOCALHOST:4200", 200),
        ("[::1]:4200", 200),
        ("reviews.example.org", 200),
        ("reviews.example.org:443", 200),
        ("127.0.0.1:4100", 200),
        ("127.0.0.1", 403),
        ("127.0.0.1:4201", 403),
        ("evil.example:4200", 403),
        ("127.0.0.1.evil.example:4200", 403),
        ("reviews.example.org.evil.example", 403),
        ("127.0.0.1:4200@evil.example", 403),
    ],
)
def test_only_its_own_addresses_are_answered(home: Path, host: str, status: int) -> None:
    """
    A name of somebody else that leads to this machine is not the page's, nor for its files. The inner side of a proxy
    is what our own processes ask.
    """
    for path in ("/api/health", "/runs", RUNS):
        said = ask(home, "POST" if path == RUNS else "GET", path, headers={"host": host})
        assert status == said.status_code
        assert (status == 200) or NOT_HERE == said.json()["detail"]


@pytest.mark.parametrize(
    "whence",
    [
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "http://localhost:4201"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://127.0.0.1:4200"},
        {"origin": "http://127.0.0.1:4200.evil.example"},
        {"referer": "http://evil.example/page"},
        {"referer": "nonsense"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": PAGE, "sec-fetch-site": "cross-site"},
    ],
)
def test_a_page_of_another_origin_is_refused(home: Path, whence: dict[str, str]) -> None:
    """Reading and writing, with the right login too: it is said in words, and Prefect hears of nothing."""
    behind = Behind()
    for method, path in (("POST", RESUME), ("POST", RUNS), ("GET", "/api/version"), ("OPTIONS", RESUME)):
        said = ask(home, method, path, behind=behind, headers=whence)
        assert (403, FROM_ELSEWHERE) == (said.status_code, said.json()["detail"])
        assert not [name for name in said.headers if name.startswith("access-control-")]
    assert [] == behind.asked


@pytest.mark.parametrize(
    "whence",
    [
        {},
        {"origin": PAGE, "sec-fetch-site": "same-origin"},
        {"origin": "http://localhost:4200"},
        {"origin": PUBLIC, "sec-fetch-site": "same-origin"},
        {"referer": f"{PAGE}/runs/flow-run/1"},
        {"sec-fetch-site": "none"},
    ],
)
def test_the_page_itself_is_let_through(home: Path, whence: dict[str, str]) -> None:
    """At any of its addresses; a script says nothing of whence it comes."""
    assert 200 == ask(home, "POST", RESUME, json={}, headers=whence).status_code


def test_every_answer_is_for_the_page_alone(home: Path) -> None:
    """Prefect would let any origin read: nothing of that leaves. No other page frames this one; nothing is stored."""
    theirs = ((b"access-control-allow-origin", b"*"), (b"cache-control", b"public"), (b"x-frame-options", b"ALLOW"))
    for path, stored in ((RUNS, "no-store"), ("/index.html", "public")):
        method, behind = "POST" if path == RUNS else "GET", Behind(headers=theirs)
        said = ask(home, method, path, behind=behind, headers={"origin": PAGE})
        assert "access-control-allow-origin" not in said.headers
        assert stored == said.headers["cache-control"]
        assert "frame-ancestors 'none'" in said.headers["content-security-policy"]
        assert ("DENY", "nosniff", "no-referrer") == tuple(
            said.headers[name] for name in ("x-frame-options", "x-content-type-options", "referrer-policy")
        )


# --------------------------------------------------------------------------- who


def test_what_a_person_typed_goes_no_further(home: Path) -> None:
    """Behind the gate Prefect hears the word of our own processes."""
    behind = Behind()
    assert 200 == ask(home, "POST", RUNS, behind=behind, json={}).status_code
    assert [asgi.basic(SERVICE)[1]] == [headers[b"authorization"] for _, _, headers in behind.asked]


@pytest.mark.parametrize("given", [None, "unit:something else", "", "unit", f"{LOGIN} ", SERVICE + "x"])
def test_nobody_is_let_in_without_the_login(home: Path, given: str | None) -> None:
    """Nothing asks a browser to show its own box for a login; whether the server lives anybody may ask."""
    behind = Behind()
    said = ask(home, "POST", RUNS, given=given, behind=behind, json={})
    assert 401 == said.status_code
    assert "login" in said.json()["detail"]
    assert "www-authenticate" not in said.headers
    assert [] == behind.asked
    assert 200 == ask(home, "GET", "/api/health", given=given).status_code


def test_our_own_processes_word_opens_no_page(home: Path) -> None:
    """It could do more than a person may: a browser that says it is told that it is not the login."""
    assert 200 == ask(home, "POST", "/api/flows/", given=SERVICE, json={}).status_code
    assert 401 == ask(home, "POST", "/api/flows/", given=SERVICE, json={}, headers={"origin": PAGE}).status_code


def test_a_changed_login_counts_at_once(tmp_path: Path) -> None:
    """The one before lets nobody in any more, though it was right a moment ago."""
    login.keep(tmp_path, LOGIN)
    other = "unit:quite another set of words"

    async def tried() -> list[Who | Unknown]:
        doorkeeper = Doorkeeper(KeptLogin(tmp_path), SERVICE)
        before = await doorkeeper.who(LOGIN, ["a"], from_a_page=True)
        login.keep(tmp_path, other)
        return [before, *[await doorkeeper.who(one, ["a"], from_a_page=True) for one in (LOGIN, other)]]

    before, old, new = asyncio.run(tried())
    assert (Who.PERSON, True, Who.PERSON) == (before, isinstance(old, Unknown), new)


# --------------------------------------------------------------------------- how often


class Clock:
    """A clock that stands until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def guessed(home: Path, clock: Clock, *tries: tuple[str, Sequence[str]]) -> list[Who | Unknown]:
    """What each of these logins, from these addresses, is told."""

    async def each() -> list[Who | Unknown]:
        doorkeeper = Doorkeeper(KeptLogin(home), SERVICE, Guesses(clock))
        return [await doorkeeper.who(given, whence, from_a_page=True) for given, whence in tries]

    return asyncio.run(each())


def test_guesses_are_slowed_and_nobody_is_locked_out(home: Path) -> None:
    """
    After five the next has to wait, the right one as well, from that address alone; a page that goes on asking with one
    wrong login makes no new guess. Once the wait is over the right one opens.
    """
    clock = Clock()

    async def story() -> None:
        keeper = Doorkeeper(KeptLogin(home), SERVICE, Guesses(clock))
        for number in range(FREE):
            said = [await keeper.who(f"unit:guess number {number}", ["a"], from_a_page=True) for _ in range(20)]
            assert all(isinstance(one, Unknown) for one in said)
        waiting = await keeper.who(LOGIN, ["a"], from_a_page=True)
        assert isinstance(waiting, Unknown)
        assert ("Too many wrong logins", 1.0) == (waiting.words[:21], waiting.wait)
        clock.now += 1.0
        assert Who.PERSON == await keeper.who(LOGIN, ["a"], from_a_page=True)

    asyncio.run(story())
    assert [Who.PERSON] == guessed(home, clock, (LOGIN, ["b"]))


def test_whoever_is_in_stays_in_while_others_guess(home: Path) -> None:
    """From the same address: a proxy here speaks for many."""
    wrong = [(f"unit:guess number {number}", ["a"]) for number in range(FREE + 3)]
    assert Who.PERSON == guessed(home, Clock(), (LOGIN, ["a"]), *wrong, (LOGIN, ["a"]))[-1]


def test_guesses_at_once_are_looked_at_one_by_one(home: Path) -> None:
    """Fifty in the same moment are no fifty tries: what comes after the first few is told to wait."""

    async def at_once() -> list[Who | Unknown]:
        keeper = Doorkeeper(KeptLogin(home), SERVICE, Guesses(Clock()))
        return await asyncio.gather(
            *(keeper.who(f"unit:guess number {number}", ["a"], from_a_page=True) for number in range(50))
        )

    words = [one.words for one in asyncio.run(at_once()) if isinstance(one, Unknown)]
    assert (50, FREE) == (len(words), len([one for one in words if "Too many" not in one]))


def test_the_wait_grows_to_a_bound_and_is_forgotten() -> None:
    """Twice as long each time, five minutes at most; a quarter of an hour without a guess begins anew."""
    clock = Clock()
    guesses, waits = Guesses(clock), []
    for _ in range(20):
        guesses.wrong(["a"])
        waits.append(guesses.wait(["a"]))
        clock.now += waits[-1]
    assert [0.0] * (FREE - 1) + [1.0, 2.0, 4.0, 8.0] == waits[: FREE + 3]
    assert LONGEST_WAIT == waits[-1]
    clock.now += FORGOTTEN_AFTER + 1
    assert 0.0 == guesses.wait(["a"])


def test_no_more_addresses_are_remembered_than_so_many() -> None:
    """Whoever has many fills no memory."""
    guesses = Guesses(Clock())
    for number in range(REMEMBERED * 2):
        guesses.wrong([f"address {number}"])
    assert REMEMBERED == len(guesses)


def test_behind_a_proxy_each_manager_has_an_address(home: Path) -> None:
    """What the proxy on this machine says last is believed; what a browser put before it is not."""
    gate = Gate(Behind(), Addresses.of("127.0.0.1", 4200, PUBLIC, PAGE), Doorkeeper(KeptLogin(home), SERVICE), SERVICE)

    def whence(peer: str, named: str) -> Sequence[str]:
        return gate.whence({"client": (peer, 1), "headers": [(b"x-forwarded-for", named.encode())]})

    assert (["10.0.0.7"], ["10.0.0.8"]) == (whence("127.0.0.1", "1.1.1.1, 10.0.0.7"), whence("10.0.0.8", "1.1.1.1"))


# --------------------------------------------------------------------------- what is sent


def test_what_was_looked_at_is_what_is_passed_on(home: Path) -> None:
    """Of a name given twice the reader behind might take the other; a name and tags typed with a run would stay."""
    deployment = "00000000-0000-0000-0000-000000000001"
    behind = Behind(json.dumps({"entrypoint": "flows.beside_the_stages.open_referral"}).encode())
    twice = (
        b'{"job_variables": {"env": {}}, "job_variables": {}, "name": "Jane", "tags": ["Jane"], "parameters": {"a": 1}}'
    )

    ask(home, "POST", f"/api/deployments/{deployment}/create_flow_run", behind=behind, content=twice)

    _, (_, body, _) = behind.asked
    assert {"state": {"type": "SCHEDULED"}, "parameters": {"a": 1}} == json.loads(body)


@pytest.mark.parametrize(
    "sent",
    [
        b"[1]",
        b"{",
        b"1",
        b'{"state": {"type": "PAUSED"}}',
        b'{"job_variables": {"env": {"A": "B"}}}',
        b"[" * 100_000,
    ],
)
def test_a_run_that_is_no_form_is_refused(home: Path, sent: bytes) -> None:
    """Nothing of it reaches Prefect, and it is no fault of the server."""
    behind = Behind(json.dumps({"entrypoint": "flows.beside_the_stages.open_referral"}).encode())
    path = "/api/deployments/00000000-0000-0000-0000-000000000001/create_flow_run"
    assert ask(home, "POST", path, behind=behind, content=sent).status_code in (403, 422)
    assert [] == behind.asked


@pytest.mark.parametrize("kind", ["jinja", "workspace_variable", 7])
def test_an_answer_is_not_worked_out(home: Path, kind: Any) -> None:
    """A template would run in the server, and could go on for ever; a value that stands as it is is passed on."""
    deep = [{"form": {"why": {"__prefect_kind": kind, "template": "{% for x in range(9) %}{% endfor %}"}}}]
    behind = Behind()
    assert 403 == ask(home, "POST", RESUME, behind=behind, json={"run_input": {"step": deep}}).status_code
    assert 403 == ask(home, "POST", RESUME, behind=behind, json={"run_input": {}, "state": {}}).status_code
    assert [] == behind.asked
    plain = {"run_input": {"a": {"__prefect_kind": "none", "value": 1}}}
    assert 200 == ask(home, "POST", RESUME, json=plain).status_code
    nested = b'{"run_input":' + b'{"a":' * 900 + b"1" + b"}" * 901
    assert 422 == ask(home, "POST", RESUME, content=nested).status_code


def test_what_the_page_sends_with_a_form_is_taken(home: Path) -> None:
    """By Custom run, as Prefect's page writes it; of all of it the form goes on, and the moment if there is one."""
    details = {"scheduled_time": None, "cache_expiration": None}
    sent = {
        "name": "mu5-bundushathur",
        "tags": ["form"],
        "state": {"type": "SCHEDULED", "message": "", "state_details": details},
        "empirical_policy": {"retries": None, "retry_delay": None, "pause_keys": [], "resuming": False},
        "work_queue_name": "default",
        "job_variables": {},
        "enforce_parameter_schema": True,
        "parameters": {"form": {}},
    }
    behind = Behind(json.dumps({"entrypoint": "flows.beside_the_stages.open_referral"}).encode())
    path = "/api/deployments/00000000-0000-0000-0000-000000000001/create_flow_run"
    assert 200 == ask(home, "POST", path, behind=behind, json=sent).status_code
    passed_on = {"state": {"type": "SCHEDULED"}, "parameters": {"form": {}}, "enforce_parameter_schema": True}
    assert passed_on == json.loads(behind.asked[-1][1])


def test_only_forms_are_run_by_hand(home: Path) -> None:
    """Not a card, and not a timed duty: the record asks for those."""
    path = "/api/deployments/00000000-0000-0000-0000-000000000001/create_flow_run"
    for entrypoint, status in (
        ("flows.decision.decision", 403),
        ("flows.timed_duty.timed_duty", 403),
        ("flows.watch.watch", 200),
        ("flows.what_if.what_if", 200),
    ):
        behind = Behind(json.dumps({"entrypoint": entrypoint}).encode())
        assert (entrypoint, status) == (entrypoint, ask(home, "POST", path, behind=behind, json={}).status_code)


def test_a_sweep_takes_nothing_that_is_typed(home: Path) -> None:
    """It has no form, so nothing would erase it; and put off for ever it would stay for ever."""
    path = "/api/deployments/00000000-0000-0000-0000-000000000001/create_flow_run"
    behind = Behind(json.dumps({"entrypoint": "flows.watch.watch"}).encode())
    later = {"type": "SCHEDULED", "state_details": {"scheduled_time": "9999-12-31T23:59:59Z"}}
    sent = {"parameters": {"X": "Jane Doe"}, "enforce_parameter_schema": False, "state": later}
    assert 200 == ask(home, "POST", path, behind=behind, json=sent).status_code
    assert {"state": {"type": "SCHEDULED"}, "parameters": {}} == json.loads(behind.asked[-1][1])


TOO_FAR = {"flow_runs": {"start_time": {"after_": "0001-01-01T00:00:00+14:00"}}}
AT_ONCE = {"flow_runs": {"id": {"any_": ["00000000-0000-0000-0000-000000000001"] * 40_000}}}
STEPS = {"history_start": "2000-01-01T00:00:00Z", "history_end": "2026-01-01T00:00:00Z", "history_interval_seconds": 1}


@pytest.mark.parametrize(
    ("path", "asked", "words"),
    [
        (RUNS, {"offset": 9223372036854775808}, "number"),
        ("/api/flow_runs/paginate", {"page": 99999999999999999999}, "number"),
        (RUNS, TOO_FAR, "moment"),
        ("/api/logs/filter", {"logs": {"timestamp": {"before_": "9999-12-31T23:59:59-14:00"}}}, "moment"),
        (RUNS, {"flow_runs": {"name": {"like_": "%" * 60_000}}}, "text"),
        (RUNS, AT_ONCE, "values"),
        ("/api/flow_runs/history", STEPS, "steps"),
        ("/api/ui/flow_runs/history", {"offset": 1e30}, "number"),
    ],
    ids=["number", "page", "before the calendar", "after it", "pattern", "ids", "history", "fraction"],
)
def test_a_question_that_asks_for_too_much_is_refused(home: Path, path: str, asked: Any, words: str) -> None:
    """Prefect would fault on it, or keep everybody waiting; our own processes ask for what they need."""
    behind = Behind()
    said = ask(home, "POST", path, behind=behind, json=asked)
    assert (403, True, []) == (said.status_code, words in said.json()["detail"], behind.asked)
    assert 200 == ask(home, "POST", path, given=SERVICE, behind=behind, json=asked).status_code


def test_what_the_page_asks_is_passed_on(home: Path) -> None:
    """A list of runs, a history by the hour over a week, a question that says nothing."""
    week = {"history_start": "2026-11-20T00:00:00.000Z", "history_end": "2026-11-27T00:00:00.000Z"}
    runs = {"sort": "START_TIME_DESC", "offset": 0, "limit": 200, "flow_runs": {"tags": {"all_": ["card"]}}}
    by_the_hour = {**week, "history_interval_seconds": 3600}
    for path, asked in ((RUNS, runs), ("/api/flow_runs/history", by_the_hour), (RUNS, {})):
        behind = Behind()
        assert 200 == ask(home, "POST", path, behind=behind, json=asked).status_code
        assert asked == json.loads(behind.asked[-1][1])


def test_a_path_written_otherwise_is_another_path(home: Path) -> None:
    """A slash more, a dot, other letters, another method: none of them is on the list."""
    behind = Behind()
    for method, path in (
        ("POST", "/api/flow_runs/filter/"),
        ("POST", "/api//flow_runs/filter"),
        ("POST", "/api/Flow_runs/filter"),
        ("HEAD", "/api/version"),
        ("PUT", RUNS),
        ("DELETE", "/api/flow_runs/00000000-0000-0000-0000-000000000001"),
        ("GET", "/api/openapi.json"),
        ("GET", "/api/artifacts/a%2Fb/latest"),
    ):
        assert (path, 403) == (path, ask(home, method, path, behind=behind).status_code)
    assert [] == behind.asked


# --------------------------------------------------------------------------- sockets


@pytest.mark.parametrize(
    ("path", "headers", "passed"),
    [
        ("/api/events/in", {}, True),
        ("/api/events/in", {"origin": PAGE}, False),
        ("/api/events/out", {"origin": "http://evil.example"}, False),
        ("/api/events/in", {"host": "evil.example"}, False),
        ("/api/task_runs/subscriptions/scheduled", {}, False),
    ],
)
def test_a_socket_is_for_our_own_processes(home: Path, path: str, headers: dict[str, str], passed: bool) -> None:
    """The page uses none. A browser says whence it comes, and is refused before Prefect hears of it."""
    heard: list[str] = []

    async def behind(scope: Any, _: Any, __: Any) -> None:
        heard.append(scope["path"])

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    said: list[Any] = []

    async def send(message: Any) -> None:
        said.append(message)

    given = {"host": "127.0.0.1:4200", **headers}
    scope = {"type": "websocket", "path": path, "headers": [(k.encode(), v.encode()) for k, v in given.items()]}
    addresses = Addresses.of("127.0.0.1", 4200, None, PAGE)
    asyncio.run(Gate(behind, addresses, Doorkeeper(KeptLogin(home), SERVICE), SERVICE)(scope, receive, send))
    assert (passed, not passed) == (bool(heard), [one["type"] for one in said] == ["websocket.close"])


def test_every_flow_of_this_program_is_known_to_the_list(rulebook: Any) -> None:
    """What is registered may be registered and run; a name that only looks like one of ours may not."""
    from flows.server.registration import deployments

    entrypoints = {one.entrypoint for one in deployments(rulebook)}
    assert [] == [one for one in entrypoints if permitted.strange(one)]
    assert permitted.strange("flows.watch.watch", None, {"env": {}})
    assert permitted.strange("os.system") and permitted.strange("flows.watch.watch.x") and permitted.strange(None)
