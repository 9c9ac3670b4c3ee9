"""
A nursery of processes that are born to be killed: each sweeps and sends without end, from a record and a post office.

Started by `test_killed.py` with the address of the record and a file of what it needs. Everything slow (imports, the
rulebook) is done once here; each line on the standard input (a moment, then how many) forks so many workers. A worker
opens its own connection, prints its id as it begins to work, and works until it is shot. `END` in the place of the
number lets one worker make one full round and print `done`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from safeguarding.law.rulebook import Rulebook
from tasks.post import sending
from tasks.post.deliver import deliver_pending
from tasks.record.sweep import sweep
from tasks.store.session import connect


@dataclass
class Box:
    """Where messages leave from: the catcher's addresses, as plain values that a file can carry."""

    mail_url: str
    secrets: dict[str, str]
    sender: str = "reviews@testshire.example"
    sender_name: str = "Testshire Safeguarding Partnership"
    at_once: bool = False

    def secret(self, name: str) -> str | None:
        """A Teams workflow."""
        return self.secrets.get(name)


def live(url: str, rulebook: Rulebook, box: Box, now: datetime, once: bool) -> None:
    """Sweep and send: once, or a second later again and again until somebody shoots."""
    engine = connect(url)
    os.write(1, f"works {os.getpid()}\n".encode())  # in one piece: two workers may speak at once
    while True:
        sweep(engine, rulebook, now)
        deliver_pending(engine, rulebook, box, now, "killed worker")
        if once:
            return
        now += timedelta(seconds=1)


def main() -> None:
    """Answer orders until the input ends."""
    url = sys.argv[1]
    given, mail_url, secrets = json.loads(Path(sys.argv[2]).read_text())
    rulebook = Rulebook.model_validate(given)
    box = Box(mail_url, secrets)
    sending.load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for order in sys.stdin:
        moment, number = order.split()
        for _ in range(1 if number == "END" else int(number)):
            if os.fork() == 0:
                live(url, rulebook, box, datetime.fromisoformat(moment), number == "END")
                os.write(1, b"done\n")
                os._exit(0)


if __name__ == "__main__":
    main()
