"""A run that never ends holds up nothing else: no card, no sweep and no other run waits for it for good."""

import asyncio
import threading
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from flows.server import worker as workers
from flows.server.worker import InProcessWorker


@pytest.fixture
def anyio_backend() -> str:
    """The loop that Prefect's workers run on."""
    return "asyncio"


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Runs hang until this is set. Prefect's own engine cannot be made to hang at will."""
    let_go = threading.Event()

    async def engine(*_: Any) -> None:
        while not let_go.is_set():
            await asyncio.sleep(0.01)

    async def flow_of(*_: Any) -> str:
        return "a flow"

    monkeypatch.setattr(workers, "_engine", engine)
    monkeypatch.setattr(InProcessWorker, "_flow_of", flow_of)
    monkeypatch.setattr(workers, "check_logs", bool)  # Prefect's logs are set up where a system starts, not here.
    monkeypatch.setattr(workers, "HELD_BACK_FOR", 0.2)
    monkeypatch.setattr(workers, "GIVEN_UP_AFTER", 1.0)
    return let_go


def run() -> Any:
    """A run as Prefect hands it to a worker."""
    return SimpleNamespace(id=uuid4())


@pytest.mark.anyio
async def test_what_hangs_is_given_up_and_looked_after(hanging: threading.Event) -> None:
    """A run hangs: after a moment the cards are kept beside it, in the end it is left for whoever mends."""
    worker, one = InProcessWorker("reviews"), run()
    working = asyncio.create_task(worker.run(one, workers.NothingToSet()))
    await asyncio.sleep(0.05)
    assert worker.soon_done
    assert {one.id} == worker.busy
    await asyncio.sleep(0.3)
    assert not worker.soon_done
    assert {one.id} == worker.busy  # Nobody else takes it up meanwhile.

    await asyncio.wait_for(working, 5)

    assert not worker.busy
    assert {one.id} == worker.left
    hanging.set()


@pytest.mark.anyio
async def test_what_is_under_way_at_the_stop_is_finished(hanging: threading.Event) -> None:
    """The worker is told to stop in the middle of a run: it waits until that has ended, and leaves nothing half-way."""
    worker, one = InProcessWorker("reviews"), run()
    working = asyncio.create_task(worker.run(one, workers.NothingToSet()))
    await asyncio.sleep(0.05)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    finishing = asyncio.create_task(worker.finish())
    await asyncio.sleep(0.2)
    assert not finishing.done()

    hanging.set()

    await asyncio.wait_for(finishing, 5)
    assert not worker.busy
    assert not worker.left
