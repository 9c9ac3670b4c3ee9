"""
A post office of one's own: a real mail server and a real Teams endpoint on this machine, for the demo and the tests.

Every letter and every card that arrives is written to a folder (`mail/*.eml`, `teams/*.json`) and counted, so a
manager who tries the system sees exactly what the partners would have had. It listens on 127.0.0.1 only, and it
can be told to behave as badly as a real server does: refuse a person, ask to be tried later, be slow.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import ssl
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from flows.demo import DemoNotInstalled

try:
    from aiosmtpd.smtp import SMTP, Envelope, Session
except ModuleNotFoundError:
    raise DemoNotInstalled from None

HOST = "127.0.0.1"
LARGEST_CARD = 28_000
"""Bytes. Teams refuses a larger message; a catcher that took it would hide the fault."""

_WORKFLOW = re.compile(r"^/workflows/([\w-]+)/triggers/manual/paths/invoke\?")


class Caught(NamedTuple):
    """How many messages have been caught, over all the runs that used the folder."""

    mail: int
    teams: int


@dataclass
class Temper:
    """How the two servers behave. Empty: they take everything at once. May be changed while they run."""

    mail_answers: dict[str, str] = field(default_factory=dict)
    """Address -> what the mail server says to it («550 5.1.1 no such mailbox», «451 4.7.1 try again later»)."""
    teams_answers: dict[str, int] = field(default_factory=dict)
    """Workflow id -> HTTP status; 202 unless said."""
    retry_after: int | str | None = None
    """Seconds or an HTTP date: sent as `Retry-After` with any answer of Teams that is not a success."""
    slow: float = 0.0
    """Seconds before either server answers a message."""


class Catcher:
    """The two servers and their folder. A context manager: they run inside the `with`."""

    def __init__(self, folder: Path, *, mail_port: int = 0, teams_port: int = 0) -> None:
        self.folder = folder
        self.temper = Temper()
        self.mail_port = mail_port
        self.teams_port = teams_port
        self._lock = threading.Lock()
        self._running: list[_Mail | _Teams] = []

    @property
    def mail_url(self) -> str:
        """The Apprise address of the mail server, without a recipient."""
        return f"mailto://{HOST}:{self.mail_port}?mode=insecure"

    def teams_url(self, workflow: str) -> str:
        """The Apprise address of one person's Teams workflow. Its certificate is self-signed: `verify=no`."""
        return f"workflow://{HOST}:{self.teams_port}/{workflow}/no-secret-here/?image=no&verify=no"

    def start(self) -> None:
        """Begin to listen. Raises OSError if a port that was asked for is taken."""
        for name in ("mail", "teams"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        try:
            mail = _Mail(self, self.mail_port)
            self._running.append(mail)
            self.mail_port = mail.port
            teams = _Teams(self, self.teams_port)
            self._running.append(teams)
            self.teams_port = teams.port
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop listening; what was caught stays in the folder."""
        while self._running:
            self._running.pop().stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.stop()

    @property
    def caught(self) -> Caught:
        """The count so far."""
        return Caught(len(self.letters()), len(self.cards()))

    def letters(self) -> list[Path]:
        """The mail caught, oldest first."""
        return sorted((self.folder / "mail").glob("*.eml"))

    def cards(self) -> list[Path]:
        """The Teams messages caught, oldest first."""
        return sorted((self.folder / "teams").glob("*.json"))

    def keep(self, kind: str, whom: str, ending: str, content: bytes) -> None:
        """Write one message, whole or not at all, numbered after the last."""
        safe = re.sub(r"[^\w.@-]", "_", whom)[:60]
        with self._lock:
            folder = self.folder / kind
            number = max((int(path.name[:6]) for path in folder.glob(f"[0-9]*{ending}")), default=0) + 1
            draft = folder / f".{number:06d}.part"
            draft.write_bytes(content)
            draft.rename(folder / f"{number:06d} {safe}{ending}")


# --------------------------------------------------------------------------- mail


class _Postmaster:
    """What the mail server does with a recipient and with a letter."""

    def __init__(self, catcher: Catcher) -> None:
        self.catcher = catcher

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:
        answer = self.catcher.temper.mail_answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:
        if self.catcher.temper.slow:
            await asyncio.sleep(self.catcher.temper.slow)
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        self.catcher.keep("mail", ",".join(envelope.rcpt_tos), ".eml", content)
        return "250 OK: kept in the folder"


class _Mail:
    """The mail server, on an event loop in a thread of its own."""

    def __init__(self, catcher: Catcher, port: int) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="catcher-mail", daemon=True)
        postmaster = _Postmaster(catcher)
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # It notes down every address.
        self.thread.start()
        # Begun in that thread: the caller's may have a loop that runs already, and no second one may run there.
        listening = self.loop.create_server(
            lambda: SMTP(postmaster, hostname="catcher.example", loop=self.loop), HOST, port
        )
        try:
            self.server = asyncio.run_coroutine_threadsafe(listening, self.loop).result(timeout=10)
        except OSError:
            self._end()
            raise
        self.port: int = self.server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self.loop).result(timeout=10)
        self._end()

    def _end(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(timeout=10)
        self.loop.close()

    async def _close(self) -> None:
        self.server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # let the transports of the cancelled conversations close


# --------------------------------------------------------------------------- Teams


class _Teams:
    """The Teams endpoint: HTTPS, as Power Automate's workflows are."""

    def __init__(self, catcher: Catcher, port: int) -> None:
        self.server = _Endpoint((HOST, port), catcher)
        self.port: int = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, name="catcher-teams", daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(timeout=10)


class _Endpoint(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], catcher: Catcher) -> None:
        self.catcher = catcher
        super().__init__(address, _Answer)
        # The handshake is made by the thread that answers: a caller that never finishes it blocks nobody else.
        self.socket = _tls().wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up or distrusts the certificate is not news."""


class _Answer(BaseHTTPRequestHandler):
    server: _Endpoint
    timeout = 30

    def do_POST(self) -> None:
        temper = self.server.catcher.temper
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if temper.slow:
            time.sleep(temper.slow)
        found = _WORKFLOW.match(self.path)
        status = 404 if found is None else temper.teams_answers.get(found[1], 202)
        if status < 300 and found is not None:
            status = self._take(found[1], body)
        self.send_response(status)
        if status >= 300 and temper.retry_after is not None:
            self.send_header("Retry-After", str(temper.retry_after))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _take(self, workflow: str, body: bytes) -> int:
        """Keep the card as Teams would show it. The signature in the address is a secret: it is not kept."""
        if len(body) > LARGEST_CARD:
            return 413
        try:
            card = json.loads(body)
        except ValueError:
            return 400
        kept = json.dumps({"workflow": workflow, "message": card}, indent=2, ensure_ascii=False)
        self.server.catcher.keep("teams", workflow, ".json", kept.encode())
        return 202

    def log_message(self, format: str, *args: Any) -> None:
        """The folder is the log."""


def _tls() -> ssl.SSLContext:
    """A certificate for 127.0.0.1, made now, signed by itself and kept nowhere."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2000, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 12, 31, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(HOST))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        pem = Path(folder) / "catcher.pem"
        pem.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context.load_cert_chain(pem)
    return context
