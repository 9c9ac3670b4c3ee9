"""Canaries in requests that are turned away, or that nobody asked for: addresses, headers, logins, broken bodies."""

from __future__ import annotations

import contextlib
import socket
from urllib.parse import urlsplit

import httpx

from flows.privacy.planting import Planting
from flows.privacy.running_system import SWEEP, Json
from flows.server import asgi

DOOR = "requests"
WITHIN = 10.0
"""Seconds for a request that is written by hand."""
JSON = {"content-type": "application/json"}
NOT_LISTED = (
    ("POST", "/automations/", "an automation"),
    ("POST", "/variables/", "a variable"),
    ("POST", "/block_documents/", "a block"),
    ("PUT", "/deployments/", "a method that nobody uses"),
)
"""What neither the page nor our own processes may ask."""


def plant(planting: Planting) -> None:
    """One request for each part of one in which words can stand."""
    address = urlsplit(planting.system.address)
    root = f"{address.scheme}://{address.netloc}"

    def new(way: str) -> str:
        return planting.canaries.new(DOOR, way)

    with httpx.Client(base_url=root, timeout=WITHIN) as stranger:
        for method, path, login in (("GET", "/", False), ("GET", "/api/", True), ("POST", "/api/flow_runs/", True)):
            word = new(f"an address: {method} {path}")
            client = planting.system.page if login else stranger
            client.request(method, f"{root}{path}{word}", params={word: word})
        stranger.get("/api/flow_runs/filter", params={"name": new("a question without a login")})
        # One login alone: each further wrong one would have the unit wait for its page.
        wrong = f"{new('a wrong login')}and-some-more"
        stranger.post("/api/flow_runs/filter", json={}, auth=("unit", wrong))
        stranger.get("/", headers={"host": new("a host that is not ours")})
        stranger.post("/api/flow_runs/filter", json={}, headers={"origin": f"https://{new('another page')}.example"})
    _with_a_login(planting)
    for method, path, what in NOT_LISTED:
        word = new(f"what nobody may ask: {what}")
        planting.system.page.request(method, path, json={"name": word, "value": word, "data": {word: word}})
    if address.scheme == "http":
        _by_hand(planting, address.hostname or "127.0.0.1", address.port or 80)
    else:
        planting.left_out.append("requests written by hand and cut off: the address is asked over TLS")


def _with_a_login(planting: Planting) -> None:
    """Requests of somebody who is let in."""
    system = planting.system

    def new(way: str) -> str:
        return planting.canaries.new(DOOR, way)

    headers = {name: new(f"a header: {name}") for name in ("user-agent", "cookie", "x-note", "x-forwarded-for")}
    system.page.post("/flow_runs/filter", json={}, headers=headers)
    word = new("a question that Prefect itself refuses")
    system.page.post("/flow_runs/filter", json={"flow_runs": {"tags": {"all_": word}, word: word}, "limit": word})
    word = new("a search for a name")
    system.page.post("/flow_runs/filter", json={"flow_runs": {"name": {"like_": word}, "tags": {"all_": [word]}}})
    cards = [one for name, one in system.deployments().items() if ".beside_the_stages." not in name]
    card = next(one for one in cards if str(one["entrypoint"]).startswith("flows.decision."))
    if system.as_a_page:
        word = new("a card that somebody runs by hand")
        system.press_run(card, {"parameters": {"reference": word}, "tags": [word]})
        word = new("a sweep with words in it")
        system.press_run(system.deployments()[SWEEP], {"parameters": {word: word}, "tags": [word]})
        word = new("a sweep put off for ever")
        later = {"type": "SCHEDULED", "state_details": {"scheduled_time": "9999-12-31T23:59:59Z"}}
        for_ever = {"parameters": {word: word}, "enforce_parameter_schema": False, "state": later}
        system.press_run(system.deployments()[SWEEP], for_ever)
    word = new("a run with a command in it")
    system.press_run(card, {"parameters": {}, "job_variables": {"command": word}, "name": word})
    bodies = {"broken JSON": '{"parameters": {"form": "WORD', "a list": '["WORD"]', "no JSON at all": "WORD"}
    for way, body in bodies.items():
        sent = body.replace("WORD", new(way))
        system.page.post(f"/deployments/{card['id']}/create_flow_run", content=sent, headers=JSON)


def _by_hand(planting: Planting, host: str, port: int) -> None:
    """What no client sends: a request that is none, and one that ends half-way through its form."""
    word = planting.canaries.new(DOOR, "what is no request")
    _sent(host, port, f"{word} {word}\r\n\r\n")
    word = planting.canaries.new(DOOR, "an address that goes on for ever")
    _sent(host, port, f"GET /{word}{'x' * 70_000} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n")
    opening: Json = planting.system.forms()["open_referral"]
    said = asgi.basic(planting.system.login)[1].decode()
    word = planting.canaries.new(DOOR, "a form that breaks off half-way")
    path = f"{urlsplit(planting.system.address).path}/deployments/{opening['id']}/create_flow_run"
    head = f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: {said}\r\nContent-Type: application/json\r\n"
    _sent(host, port, f'{head}Content-Length: 90000\r\n\r\n{{"parameters": {{"form": {{"summary": "{word}')


def _sent(host: str, port: int, text: str) -> None:
    with contextlib.suppress(OSError), socket.create_connection((host, port), WITHIN) as line:
        line.sendall(text.encode())
        line.settimeout(1.0)
        line.recv(4096)
