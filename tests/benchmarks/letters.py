"""
How many letters a second leave for a mail server on this machine, beside a line that only sends them.

The mail server is a real one, in a process of its own, that puts each letter into a file. Ours claims each notice
before its letter is sent, writes the letter by its template, gives it to the one mailbox it is for and records that it
was taken, before the next one leaves; each of these is there when the sender is killed. The floor gives the very same
letters to the same server over one line, and remembers nothing. Then the digests of a Monday morning: written and
delivered, for as many readers as asked. Last, how long the window is in which a sender that is killed has sent a
letter and not recorded it.
"""

from __future__ import annotations

import argparse
import asyncio
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from itertools import islice
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import Engine, delete, event, select, update

import config
from benchmarks import paired
from benchmarks.paired import Way
from benchmarks.sweep import A_REVIEW, NOW, fill
from safeguarding.law.rulebook import Rulebook
from tasks.post import sending
from tasks.post.deliver import deliver_pending
from tasks.record.digests import write_digests
from tasks.record.sweep import sweep
from tasks.store.migrations import migrate
from tasks.store.session import connect, writing
from tasks.store.tables import notices

LETTERS, ROUNDS, DIGESTS = 600, 7, 5_000
HOST = "127.0.0.1"
OUR_END = b"\n--- the end of a letter\n"


# --------------------------------------------------------------------------- a mail server in its own process


class _Postmaster:
    """Takes every letter, puts it behind the others with the moment at which it was held whole."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("ab", buffering=0)

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        self._file.write(b"%.6f\n%b%b" % (time.time(), content, OUR_END))
        return "250 OK"


def serve(file: Path) -> None:
    """Be the mail server, until the input ends. Says its port first."""

    async def listen() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(_Postmaster(file), hostname="mail.example", loop=loop), HOST, 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await loop.run_in_executor(None, sys.stdin.read)
        server.close()

    asyncio.run(listen())


@dataclass
class MailServer:
    """The server as the sender sees it, and what it has taken."""

    port: int
    file: Path

    @property
    def url(self) -> str:
        """Its address."""
        return f"mailto://{HOST}:{self.port}?mode=insecure"

    def taken(self) -> list[tuple[float, bytes]]:
        """Every letter with the moment at which it was taken."""
        parts = self.file.read_bytes().split(OUR_END)[:-1]
        return [(float(moment), letter) for moment, _, letter in (part.partition(b"\n") for part in parts)]


@contextmanager
def mail_server(folder: Path) -> Iterator[MailServer]:
    """A mail server that ends with the block."""
    file = folder / "taken"
    file.touch()
    begin = [sys.executable, "-W", "ignore", "-m", "benchmarks.letters", "--serve", str(file)]
    process = subprocess.Popen(begin, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield MailServer(int(process.stdout.readline()), file)
    finally:
        process.communicate("")


# --------------------------------------------------------------------------- ours


@dataclass(frozen=True)
class Postbox:
    """Letters only: no Teams workflow is set."""

    mail_url: str | None
    sender: str = "reviews@exampleshire.example"
    sender_name: str = "Exampleshire Safeguarding Partnership"
    at_once: bool = False

    def secret(self, _: str) -> str | None:
        """None."""
        return None


def outbox_with(rulebook: Rulebook, folder: Path, count: int) -> Engine:
    """A record with so many letters that are due, of real rungs."""
    engine = connect(f"sqlite:///{folder / 'letters.db'}")
    migrate(engine)
    fill(engine, rulebook, count * A_REVIEW, count)
    sweep(engine, rulebook, NOW)
    with writing(engine) as connection:
        email = select(notices.c.id).where(notices.c.channel == "email").order_by(notices.c.id)
        kept = list(islice(connection.execute(email).scalars(), count))
        connection.execute(delete(notices).where(notices.c.id.not_in(kept)))
    return engine


def ours(engine: Engine, rulebook: Rulebook, server: MailServer, count: int) -> Way:
    """Deliver all that is due."""

    def ready() -> Callable[[], object]:
        with writing(engine) as connection:
            connection.execute(update(notices).values(status="pending", attempts=0, next_attempt_at=NOW))

        def work() -> None:
            done = deliver_pending(engine, rulebook, Postbox(server.url), NOW, "benchmark")
            if done.delivered != count:
                raise SystemExit(f"{done} of {count} letters")

        return work

    return Way("ours", ready)


def floor(server: MailServer, letters: list[tuple[str, bytes]]) -> Way:
    """The same letters over one line."""

    def ready() -> Callable[[], object]:
        line = smtplib.SMTP(HOST, server.port, timeout=10)
        line.ehlo()

        def work() -> None:
            for whom, letter in letters:
                line.sendmail("reviews@exampleshire.example", [whom], letter)
            line.quit()

        return work

    return Way("floor", ready)


def letters(rulebook: Rulebook, folder: Path, count: int, rounds: int) -> None:
    """Print how many leave, beside the floor, and the window."""
    engine = outbox_with(rulebook, folder, count)
    with mail_server(folder) as server:
        way = ours(engine, rulebook, server, count)
        way.ready()()
        written = [(str(message_from_bytes(one)["To"]), one) for _, one in server.taken()]
        found = paired.alternate([way, floor(server, written)], rounds)
        took, least = paired.middle(found["ours"]), paired.middle(found["floor"])
        print(
            f"{count:,} letters of reminders: ours {count / took.seconds:,.0f} a second, "
            f"{1000 * took.cpu / count:.2f} ms of CPU each; the floor {count / least.seconds:,.0f} a second, "
            f"{1000 * least.cpu / count:.2f} ms"
        )
        print(paired.HEADING)
        print(paired.compared(found, "ours", "floor").line(), flush=True)
        print(_window(engine, way, server, count))
    engine.dispose()


def _window(engine: Engine, way: Way, server: MailServer, count: int) -> str:
    """Milliseconds from the moment the mail server held each letter whole to the commit that says so."""
    recorded: list[float] = []
    work = way.ready()
    event.listen(engine, "commit", lambda _: recorded.append(time.time()))
    work()
    taken = [moment for moment, _ in server.taken()[-count:]]
    windows = sorted(recorded[bisect_left(recorded, moment)] - moment for moment in taken)
    return (
        "The window in which a sender that is killed has sent a letter and not recorded it: "
        f"{1000 * statistics.median(windows):.1f} ms (median), {1000 * windows[-1]:.1f} ms (longest of {len(windows)})"
    )


def many_readers(rulebook: Rulebook, count: int) -> Rulebook:
    """The same partnership with so many people more who have a digest every morning."""
    partnership = rulebook.partnership
    one = partnership.holders("business_unit")[0] if partnership.holders("business_unit") else partnership.covering()[0]
    more = [
        one.model_copy(
            update={"id": f"reader_{number}", "email": f"reader{number}@exampleshire.example", "digest": "daily"}
            | {"roles": ("business_unit",), "wants": "email"}
        )
        for number in range(count)
    ]
    people = (*(known.model_copy(update={"digest": "none"}) for known in partnership.people), *more)
    return rulebook.model_copy(update={"partnership": partnership.model_copy(update={"people": people})})


def digests(rulebook: Rulebook, folder: Path, count: int) -> None:
    """Print how long the digests of a Monday take, from none written to all taken by the server."""
    monday, book = NOW + timedelta(days=20), many_readers(rulebook, count)
    engine = connect(f"sqlite:///{folder / 'digests.db'}")
    migrate(engine)
    fill(engine, rulebook, 200 * A_REVIEW, 100)
    with mail_server(folder) as server:
        sending.load()  # what is loaded once
        written = paired.timed(lambda: write_digests(engine, book, monday))
        sent = paired.timed(lambda: deliver_pending(engine, book, Postbox(server.url), monday, "benchmark"))
        if len({str(message_from_bytes(one)["To"]) for _, one in server.taken()}) != count:
            raise SystemExit(f"not everybody of {count} has theirs")
    engine.dispose()
    print(
        f"{count:,} digests of a Monday: written in {written.seconds:.1f} s ({written.cpu:.1f} s of CPU), delivered in "
        f"{sent.seconds:.1f} s ({sent.cpu:.1f} s of CPU): {count / (written.seconds + sent.seconds):,.0f} a second"
    )


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=LETTERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--digests", type=int, default=DIGESTS)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve is not None:
        serve(asked.serve)
        return
    rulebook = config.load()
    print(f"Letters, and a floor. {paired.machine()}")
    with tempfile.TemporaryDirectory() as folder:
        letters(rulebook, Path(folder), asked.letters, asked.rounds)
    with tempfile.TemporaryDirectory() as folder:
        digests(rulebook, Path(folder), asked.digests)


if __name__ == "__main__":
    main()
