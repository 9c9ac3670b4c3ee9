"""
The system as it runs: Prefect's server, the cards, the short forms, the sweep, the postman and the people's pages, in
one command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import config
from config.settings import PREFIX, Settings
from flows.server import child, login, prefect_settings, samples, server_process
from flows.server.child import Forked
from flows.server.pages_process import PagesProcess
from flows.server.postman import Postman
from safeguarding.dates.london import now
from safeguarding.errors import RulebookInvalid
from tasks.post.deliver import Postbox
from tasks.post.letters import Templates, refuse_unfit
from tasks.record.installation import Installation, open_installation
from tasks.store import heap, private_files

if TYPE_CHECKING:
    from flows.server.rebuild import Registered

AT_ONCE = partial(print, flush=True)
"""Where the output is a journal or a file, Python would keep «Ready» back until the end."""


SHARED = ("flows.server.doors", "flows.server.front", "flows.server.proved", "fastapi", "uvicorn", "jinja2")
"""What two of the three processes need, or all: the server, the pages and the command itself."""
OF_SERVER = ("flows.server.gate", "flows.server.doorkeeper", "prefect.server.api.server")
OF_PAGES = ("pages.application",)
"""What one of them needs besides."""


@dataclass(frozen=True, slots=True)
class Beforehand:
    """The processes that wait to be told what they are; None where none could be forked."""

    server: Forked | None = None
    pages: Forked | None = None


NOTHING = Beforehand()


@contextmanager
def beforehand(settings: Settings) -> Iterator[Beforehand]:
    """
    Import what takes longest and fork what will need it, before a record is opened; they end with this block.

    Where the partnership's file has faults nothing is made or begun: whoever opens the record says which.
    """
    heap.keep_in_one_place()
    if not (child.can_fork() and _is_in_order(settings)):
        yield NOTHING
        return
    settings.make_home()
    prefect_settings.prepare(prefect_home(settings), settings.prefect_port, settings.home)
    child.bring(SHARED)
    if not child.can_fork():  # Some release of a library begins a thread when it is imported.
        yield NOTHING
        return
    server = child.fork("reviews-prefect", OF_SERVER)
    try:
        pages = child.fork("reviews-pages", OF_PAGES)
        try:
            yield Beforehand(server, pages)
        finally:
            pages.dismiss()
    finally:
        server.dismiss()


def _is_in_order(settings: Settings) -> bool:
    """Whether the partnership's file has no faults, as far as it says by itself."""
    try:
        config.load(settings.partnership)
    except RulebookInvalid:
        return False
    return True


def prefect_home(settings: Settings) -> Path:
    """Where Prefect keeps its own files. They may be deleted any day: the record brings every card back."""
    return settings.home / "prefect"


def up(settings: Settings, say: Callable[[str], object] = AT_ONCE, *, at_a_terminal: bool = False) -> int:
    """
    Run on the partnership's own record until Ctrl-C; the exit code.

    Where there is no login for the page yet, one is made and shown to a person at a terminal; a log is told none.
    Raises NoLogin, SampleSecrets.
    """
    samples.refuse(settings)
    if not at_a_terminal and not login.present(settings.home):
        raise login.NoLogin(settings.home)
    with beforehand(settings) as begun, open_installation(now(), settings) as installation:
        if first := login.make_first(settings.home):
            say(f"The login of the page, shown this once: {first}")
            say("Write it down now. Nobody can read it again; `safeguarding login` makes another.")
        say(f"{installation.rulebook.label}; record in {settings.home}.")
        if installation.refused:
            say("The partnership's file is not taken up; the one before it stays in force:")
            for fault in installation.refused:
                say(f"  {fault}")
        if installation.rulebook.partnership.example:
            say("This is the invented partnership: set SAFEGUARDING_CONFIG to your own folder.")
        if settings.mail_url is None:
            say("No mail server is set (SAFEGUARDING_SECRET_MAIL_URL): every letter will be shown as undelivered.")
        elif settings.pages_address is None:
            say(
                "Nobody knows where people reach their pages (SAFEGUARDING_PAGES_ADDRESS): letters will not lead there."
            )
        return run(installation, None, say, begun=begun)


def run(
    installation: Installation,
    post: Postbox | None,
    say: Callable[[str], object],
    *,
    demo: bool = False,
    begun: Beforehand = NOTHING,
) -> int:
    """
    Run everything on this record, with this post, until Ctrl-C. Raises NoLogin, FilesOpenToOthers and more.

    `demo`: the people's pages offer the invented people by name. `begun` are the processes that wait for their order.
    """
    settings = installation.settings
    refuse_unfit(Templates(own=settings.own_templates))
    private_files.close(settings.home)
    if not login.present(settings.home):
        raise login.NoLogin(settings.home)
    prefect_settings.prepare(prefect_home(settings), settings.prefect_port, settings.home)
    postman = Postman(installation, post)

    def open_doors() -> server_process.RunsFlows:
        # Imported here, while the server starts and once Prefect's settings are in place.
        from flows.cards.desk import Desk, use_desk
        from flows.server import doors

        use_desk(Desk(installation, postman.call, post))
        return doors.Doors()

    pages = pages_beside(settings, post, demo=demo, waiting=begun.pages)
    if pages.taken():
        say(f"Something already answers at {pages.url}: stop it, or choose another port (SAFEGUARDING_PAGES_PORT).")
        return 1

    def said(words: str) -> None:
        if words.startswith("Ready"):
            there = pages.answers()
            say(f"Pages:   {pages.url} (begin here)" if there else f"The pages did NOT start: see {pages.log}.")
        say(words)

    pages.start()
    postman.start()
    heap.keep_giving_back()
    try:
        return server_process.run(
            prefect_home(settings),
            settings.prefect_port,
            settings.as_environment(),
            open_doors,
            settings.cards_page(),
            said,
            begun.server,
        )
    finally:
        postman.stop()
        pages.stop()


def pages_beside(
    settings: Settings, post: Postbox | None, *, demo: bool, waiting: Forked | None = None
) -> PagesProcess:
    """The people's pages on this record. Their letters leave by the same post: the demo's is caught like all others."""
    environment = settings.as_environment()
    if post is not None and post.mail_url is not None:
        theirs = settings.model_copy(update={"sender": post.sender, "sender_name": post.sender_name})
        environment = {**theirs.as_environment(), f"{PREFIX}SECRET_{settings.mail.upper()}": post.mail_url}
    log_file = settings.home / "pages.log"
    return PagesProcess(settings.port_of_pages, settings.pages_url, log_file, environment, demo=demo, waiting=waiting)


def rebuild(installation: Installation, pool: str | None = None) -> Registered:
    """Bring back every card and schedule in the server that is running; on this work pool, if one is named."""
    settings = installation.settings
    samples.refuse(settings)
    prefect_settings.prepare(prefect_home(settings), prefect_settings.port_of(settings), settings.home)

    from flows.server import rebuild

    return rebuild.rebuild(installation, pool)
