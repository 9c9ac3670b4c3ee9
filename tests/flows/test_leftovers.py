"""What a killed worker left under way is freed once it has been so for longer than any form takes."""

import asyncio
from datetime import datetime, timedelta

import pytest
from driver.page import Json, Manager
from prefect.client.orchestration import PrefectClient

from flows.cards import interrupted, short_form
from flows.cards.interrupted import LEFT_AFTER

pytestmark = pytest.mark.prefect


def left(manager: Manager, parameters: Json) -> Json:
    """A form that a worker claimed before it was killed."""
    sent = {"state": {"type": "PENDING"}, "parameters": parameters, "enforce_parameter_schema": False}
    claimed = manager.ask(manager.deployment("open_referral"), sent, as_service=True)
    run: Json = claimed.raise_for_status().json()
    return run


def freed(manager: Manager, moment: datetime) -> int:
    """Free what is left as of this moment."""

    async def free() -> int:
        async with PrefectClient(
            api=f"{manager.system.url}/api", auth_string=":".join(manager.system.service)
        ) as client:
            return await interrupted.free(client, moment, (short_form.TAG,))

    return asyncio.run(free())


def test_a_form_whose_worker_died_is_run_again(manager: Manager) -> None:
    """Its answers are still there, so nothing had been done: somebody else runs it, and then they are erased."""
    form = manager.short_form(manager.deployment("open_referral"), "open_referral", None)
    run = left(manager, form)

    assert 0 == freed(manager, manager.now)
    assert 1 == freed(manager, manager.now + LEFT_AFTER + timedelta(minutes=1))

    ended = manager.finished(run)
    assert ("Completed", {}) == (ended["state"]["name"], ended["parameters"])


def test_a_form_that_was_cut_short_is_marked(manager: Manager) -> None:
    """Its answers are erased already: whether it was recorded the record says, and the form can be filled in again."""
    run = left(manager, {"form": {}})
    manager.service.patch(f"/flow_runs/{run['id']}", json={"parameters": {}}).raise_for_status()

    assert 1 == freed(manager, manager.now + LEFT_AFTER + timedelta(minutes=1))

    assert "Interrupted" == manager.finished(run)["state"]["name"]
