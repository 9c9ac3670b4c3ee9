"""
The running system as whoever plants canaries asks it: by its page's login where that is known, and by what our own
processes say. Every run that is begun here is remembered, to be waited for and taken away.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from config.settings import Settings
from flows.demo.demo import LOGIN
from flows.server import prefect_settings
from safeguarding.dates.london import now
from safeguarding.errors import SafeguardingError

Json = dict[str, Any]

ANSWERS_WITHIN = 30.0
ENDS_WITHIN = 120.0
DRAWN_WITHIN = 60.0
"""Seconds."""
SOON = timedelta(minutes=5)
"""What is to begin later than so was put off."""
FINISHED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
AT_ONCE = 200
FORMS, SWEEP = "flows.beside_the_stages.", "flows.watch.watch"


class NothingRuns(SafeguardingError):
    """The proof was asked for where no system runs, or one that is not this record's."""

    code = "nothing-runs"

    def __init__(self, address: str, why: str) -> None:
        super().__init__(
            f"The proof goes through a running system, and {why} at {address}. Start it (`safeguarding demo` or "
            "`safeguarding up`) and do this again beside it, with the same settings.",
            address,
        )


class TooSlow(SafeguardingError):
    """Something that was begun in the running system did not come to its end in time."""

    code = "too-slow"

    def __init__(self, what: str, seconds: float) -> None:
        super().__init__(
            f"The running system did not finish in {seconds:.0f} seconds: {what}. What was planted is taken away; look "
            "at `safeguarding health`, then do this again.",
            what,
        )


class RunningSystem:
    """Prefect's interface of the running system, behind our gate. Close it."""

    def __init__(self, address: str, login: str, service: httpx.Client, page: httpx.Client | None) -> None:
        self.address, self.login, self.service = address.rstrip("/"), login, service
        self.page = page or service
        self.as_a_page = page is not None
        """Whether the login of the page is known; if not, our own processes' word is used, which is let do more."""
        self.runs: list[str] = []
        self._lock = threading.Lock()

    @classmethod
    def of(cls, settings: Settings) -> RunningSystem:
        """The system that runs on this record. Raises NothingRuns."""
        address, said = prefect_settings.where(settings)
        with contextlib.ExitStack() as closing:
            try:
                service = closing.enter_context(_client(address, said))
                service.get("/health").raise_for_status()
                answer = service.post("/deployments/filter", json={"limit": 1})
            except (httpx.HTTPError, httpx.InvalidURL):
                raise NothingRuns(address, "no server answers") from None
            if answer.is_error:
                raise NothingRuns(address, "another record's system answers, which does not know this one,")
            if not answer.json():
                raise NothingRuns(address, "there is no form yet")
            closing.pop_all()
        return cls(address, said or "", service, _page(address, settings))

    def close(self) -> None:
        """Let go of the connections."""
        self.service.close()
        self.page.close()

    # ----------------------------------------------------------------------- asking

    def deployments(self) -> dict[str, Json]:
        """Every deployment by its entrypoint; the cards of the stages among them."""
        found = self.service.post("/deployments/filter", json={"limit": AT_ONCE}).raise_for_status().json()
        return {str(one["entrypoint"]): one for one in found}

    def forms(self) -> dict[str, Json]:
        """The deployments of the short forms by their steps."""
        return {name.removeprefix(FORMS): one for name, one in self.deployments().items() if name.startswith(FORMS)}

    def send(self, client: httpx.Client, path: str, body: Any) -> httpx.Response:
        """Send something as a browser would write it: half of a cut character too."""
        return client.post(path, content=json.dumps(body), headers={"content-type": "application/json"})

    def press_run(self, deployment: Mapping[str, Any], sent: Json, client: httpx.Client | None = None) -> Json | None:
        """Press Run on a deployment, as the page unless another is named; the run, or None where it was refused."""
        body = {"state": {"type": "SCHEDULED"}, **sent}
        answer = self.send(client or self.page, f"/deployments/{deployment['id']}/create_flow_run", body)
        if answer.is_error:
            return None
        run: Json = answer.json()
        with self._lock:
            self.runs.append(str(run["id"]))
        return run

    def run(self, number: str) -> Json:
        """A run as it stands."""
        return self.service.get(f"/flow_runs/{number}").raise_for_status().json()  # type: ignore[no-any-return]

    def cut_short(self, run: Mapping[str, Any], state: str) -> None:
        """Put a run into a state in which nobody works on it, as Cancel or the death of its process does."""
        self.service.post(f"/flow_runs/{run['id']}/set_state", json={"state": {"type": state}, "force": True})

    def tagged(self, *tags: str) -> Sequence[Json]:
        """Every run with all these tags."""
        wanted = {"flow_runs": {"tags": {"all_": list(tags)}}, "limit": AT_ONCE}
        return self.service.post("/flow_runs/filter", json=wanted).raise_for_status().json()  # type: ignore[no-any-return]

    # ----------------------------------------------------------------------- cards

    def card(self, reference: str, version: int) -> Json | None:
        """The card of a review that waits, drawn from this version of it or a later one; None if none does yet."""
        for run in self.tagged("card", reference):
            key = run["state"]["state_details"].get("pause_key")
            if run["state"]["type"] == "PAUSED" and str(run["labels"].get("safeguarding.words")).startswith(f"{key}/"):
                try:
                    return run if version_of(self.drawn(run)) >= version else None
                except httpx.HTTPStatusError as error:
                    if error.response.status_code != httpx.codes.NOT_FOUND:
                        raise
                    return None  # It went on since it was listed, and is drawn anew.
        return None

    def waited_for_card(self, reference: str, version: int = 0) -> Json:
        """The same, waited for. Raises TooSlow."""
        until = time.monotonic() + DRAWN_WITHIN
        while (found := self.card(reference, version)) is None:
            if time.monotonic() > until:
                raise TooSlow(f"the card of {reference}", DRAWN_WITHIN)
            time.sleep(0.2)
        return found

    def drawn(self, run: Mapping[str, Any]) -> Json:
        """The form of a card that waits, as the page draws it."""
        key = run["state"]["state_details"]["pause_key"]
        return self.service.get(f"/flow_runs/{run['id']}/input/suspended-{key}-schema").raise_for_status().json()  # type: ignore[no-any-return]

    def resume(self, run: Mapping[str, Any], sent: Any) -> bool:
        """Press Submit on a card; whether the answer was taken to be looked at."""
        answer = self.send(self.page, f"/flow_runs/{run['id']}/resume", {"run_input": sent})
        return answer.is_success and answer.json().get("status") == "ACCEPT"

    def answered(self, run: Mapping[str, Any]) -> None:
        """Wait until a card that was answered is over or waits again. Raises TooSlow."""
        key, until = run["state"]["state_details"]["pause_key"], time.monotonic() + ENDS_WITHIN
        while True:
            state = self.run(str(run["id"]))["state"]
            waits = state["type"] == "PAUSED" and state["state_details"].get("pause_key") != key
            if waits or state["type"] in FINISHED:
                return
            if time.monotonic() > until:
                raise TooSlow(str(run["name"]), ENDS_WITHIN)
            time.sleep(0.2)

    # ----------------------------------------------------------------------- waiting and taking away

    def wait(self, runs: Iterable[str] | None = None, *, put_off_too: bool = False) -> None:
        """
        Wait until these runs are over, or all that were begun here. Raises TooSlow.

        Of those that were put off only where it is said so: a system in parts ends them with its next sweep.
        """
        left, until = list(self.runs if runs is None else runs), time.monotonic() + ENDS_WITHIN
        while left:
            # One is asked after at a time: a hundred at once would take the server the time that they need to end.
            if self._over(left[0], put_off_too):
                left.pop(0)
                until = time.monotonic() + ENDS_WITHIN
                continue
            if time.monotonic() > until:
                still = [one for one in left if not self._over(one, put_off_too)]
                if len(still) == len(left):
                    raise TooSlow(f"{len(still)} runs in Prefect", ENDS_WITHIN)
                # A stock worker takes seconds for each, in an order of its own: what goes on is waited for.
                left, until = still, time.monotonic() + ENDS_WITHIN
            time.sleep(0.3)

    def _over(self, number: str, put_off_too: bool) -> bool:
        answer = self.service.get(f"/flow_runs/{number}")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return True
        run = answer.raise_for_status().json()
        if run["state"]["type"] == "SCHEDULED" and datetime.fromisoformat(run["expected_start_time"]) > now() + SOON:
            return not put_off_too
        return run["state"]["type"] in FINISHED

    def sweep(self) -> None:
        """Ask for a sweep, and wait for one that was not turned away because another runs. Raises TooSlow."""
        deployment = self.deployments()[SWEEP]
        for _ in range(20):
            run = self.press_run(deployment, {})
            if run is None:
                raise TooSlow("a sweep, which it would not begin", 0)
            self.wait([run["id"]])
            if self.run(run["id"])["state"]["type"] != "CANCELLED":
                return
        raise TooSlow("a sweep", ENDS_WITHIN)

    def runs_of(self, reference: str) -> list[str]:
        """The runs of a review: its cards, forms and duties."""
        return [str(run["id"]) for run in self.tagged(reference)]

    def take_away(self, numbers: Iterable[str]) -> int:
        """
        Delete these runs with all that Prefect keeps of them; how many were there.

        A server that is busy answers one of them late: it is asked again once all the others are gone. Raises
        TransportError where it does not answer then either.
        """
        gone, late = 0, []
        for number in dict.fromkeys(numbers):
            try:
                gone += self.service.delete(f"/flow_runs/{number}").is_success
            except httpx.TransportError:
                late.append(number)
        return gone + sum(self.service.delete(f"/flow_runs/{number}").is_success for number in late)


def version_of(drawn: Mapping[str, Any]) -> int:
    """From which version of the review a card's form was drawn: it stands in the names of its questions."""
    names = (name for form in drawn["definitions"].values() for name in form.get("properties", {}))
    return next((int(name.split("__v")[1].split("__")[0]) for name in names if "__v" in name), 0)


def _client(address: str, login: str | None) -> httpx.Client:
    name, _, words = (login or "").partition(":")
    return httpx.Client(base_url=address, timeout=ANSWERS_WITHIN, auth=(name, words) if words else None)


def _page(address: str, settings: Settings) -> httpx.Client | None:
    """A client that asks as the page in a browser does, where its login is known in clear, as the demo's is."""
    try:
        login = (settings.home / LOGIN).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    page = _client(address, login)
    found = urlsplit(address)
    page.headers.update({"origin": f"{found.scheme}://{found.netloc}", "sec-fetch-site": "same-origin"})
    if page.get("/admin/version").is_error:  # It was changed since.
        page.close()
        return None
    return page
