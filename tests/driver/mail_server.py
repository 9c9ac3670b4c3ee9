"""A real mail server on this machine, in a thread of its own, for as long as a test needs it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def listening(speaks: Callable[[asyncio.AbstractEventLoop], asyncio.Protocol]) -> Iterator[int]:
    """The port at which it listens; `speaks` makes what answers a line that is opened."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: speaks(loop), "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield server.sockets[0].getsockname()[1]

    asyncio.run_coroutine_threadsafe(close(server), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


async def close(server: asyncio.Server) -> None:
    """Take no line any more, and end those that are open."""
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)
